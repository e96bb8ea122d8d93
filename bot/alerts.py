"""Alerts: who is told of a wish, who takes it, and what the client is told of that.

An alert goes to the roles its client agreed to, one rung after another, in the client's order. Nobody on the
staff's side can add a rung or turn a No around.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from bot import talks
from bot.cash.hands import MONEY, SAFE, hands_of, ladder
from bot.gate import Purpose
from bot.looks import alert_body, alert_state, concerns, granted_to, may_read, told_of
from bot.screens import Payload, button, message
from bot.turn import ANY, URGENT, Turn, slot_of
from conversations.caseworker.desk import HOW, LEVELS
from conversations.client.wish import WHEN, named
from conversations.instruments import NEEDS
from conversations.looks import AlertState, moment
from conversations.script import Json
from conversations.text import Text, Verbatim, Words, _
from storage import people
from storage.people import Person
from storage.store import Row

RUNGS: Final = ("caseworker", "team", "lead")
NO_MORE: Final = _("The client has changed who may see this. There is nothing to do here for you.")
NOT_YOURS: Final = _("This is for others to look at. There is nothing to do here for you.")

WEEK: Final = timedelta(days=3)
"""How long a wish for "this week" may wait unseen before the next role is told."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client sends. `kind` is need, person, minor or money; `when` a code or {"text": own words}; `words` what
    they want done, as {"text"} or {"voice"}; `money` what trouble it is (as `bot.cash.trouble` has it)."""

    kind: str
    level: str
    items: tuple[tuple[str, str], ...]
    how: str
    when: Json
    words: Json = None
    money: Mapping[str, Json] = field(default_factory=dict)


def open_alert(turn: Turn, client: Person, wish: Wish, session: int, number: int) -> int:
    """Record a wish and tell the first rung that can be reached. Returns the alert's id."""
    store = turn.store
    alert = store.new_id()
    rungs = rungs_of(turn, client, wish.kind)
    body = {"items": list(wish.items), "how": wish.how, "when": wish.when, "rungs": rungs, "words": wish.words}
    body |= wish.money
    store.later(
        "alerts",
        "insert",
        id=alert,
        client_id=client.id,
        session_id=session,
        number=number,
        kind=wish.kind,
        level=wish.level,
        rung=-1,
        body=seal_body(client, alert, body),
        raised_at=store.at,
        due_at=None,
    )
    row = store.row("alerts", "one", id=alert)
    if row is not None:
        climb(turn, row, above=-1)
    return alert


def seal_body(client: Person, alert: int, body: dict[str, Any]) -> bytes:
    """What the client sent with an alert, as it is kept; the inverse of `looks.alert_body`."""
    return client.box.seal(json.dumps(body).encode(), f"alerts.body:{alert}")


def rungs_of(turn: Turn, client: Person, kind: str) -> list[str]:
    """The roles this client agreed to. "I need a person" names on its own screen who will be told, and so does leave to
    speak of money."""
    if kind == MONEY:
        return [SAFE]
    agreed = granted_to(turn, client)
    rungs = [role for role in RUNGS if f"tell:{role}" in agreed]
    return rungs or ([] if kind == "need" else list(RUNGS))


def climb(turn: Turn, alert: Row, above: int) -> bool:
    """Tell the first rung higher than `above` in which somebody can be reached; whether there was one."""
    client = turn.scene(alert["client_id"]).person
    known = {copy["staff_id"] for copy in turn.store.rows("alert_copies", "of_alert", alert_id=alert["id"])}
    for rung, (role, members) in enumerate(rungs_to(turn, client, alert)):
        staff = [person for person in members if person.id not in known]
        if rung > above and staff:
            due = due_at(turn, alert["level"])
            turn.store.later("alerts", "climb", id=alert["id"], rung=rung, due_at=due, state=alert["state"])
            tell(turn, alert["id"], staff, role)
            return True
    return False


def rungs_to(turn: Turn, client: Person, alert: Row) -> Iterator[tuple[str, list[Person]]]:
    """Each rung of an alert with those who can be reached on it now."""
    body = alert_body(alert, client)
    if alert["kind"] == MONEY:
        hands = hands_of(turn, client, body)
        for staff in ladder(turn, client, body["transfer"]):
            yield SAFE, [each for each in staff if each.id not in hands]
    else:
        yield from ((role, members(turn, client, role)) for role in body["rungs"])


def members(turn: Turn, client: Person, rung: str) -> list[Person]:
    """Who stands on a rung and can be reached now."""
    if rung == "caseworker":
        own = [turn.scene(client.caseworker).person] if client.caseworker is not None else []
        return [person for person in own if person.is_reachable]
    if rung == "team":  # another caseworker: whoever struck out their own one does not meet them here
        return [person for person in people.reachable(turn.store, "caseworker") if person.id != client.caseworker]
    return people.reachable(turn.store, "lead")


def due_at(turn: Turn, level: str) -> int:
    """When an alert is overdue (epoch seconds): for today an hour of answering time, by default."""
    if level != "today":
        return int((turn.now + WEEK).timestamp())
    wait = timedelta(minutes=turn.programme.alerts.today_minutes)
    return int(turn.programme.answering_hours.after(turn.now, wait).timestamp())


def tell(turn: Turn, alert: int, staff: list[Person], role: str) -> None:
    """Give each of them their copy of the alert."""
    for person in staff:
        turn.store.later("alert_copies", "insert", alert_id=alert, staff_id=person.id, role=role, at=turn.store.at)
    draw_copies(turn, alert, fresh={person.id for person in staff})


def told(turn: Turn, alert: int) -> list[str]:
    """The names of those who were told."""
    row = turn.store.row("alerts", "one", id=alert)
    return [] if row is None else [person.shown for person in told_of(turn, row)]


def draw_copies(turn: Turn, alert: int, fresh: Collection[int] = ()) -> None:
    """Draw an alert anew on the phones of everybody who was told; those in `fresh` get it as a new message."""
    row = turn.store.row("alerts", "one", id=alert)
    if row is None:
        return
    client = turn.scene(row["client_id"]).person
    for staff in told_of(turn, row):
        payload = draw_alert(turn, row, client, staff)
        is_new = staff.id in fresh
        turn.show(
            staff,
            slot_of(staff.id, f"alert.{alert}"),
            payload,
            Purpose.ALERT if is_new else Purpose.EDIT,
            lane=URGENT,
            subject=client,
        )
        turn.nudge(staff.id, "alert", alert, silent=True)
        turn.nudge(staff.id, "desk", silent=True)


def draw_alert(turn: Turn, row: Row, client: Person, staff: Person) -> Payload:
    """An alert as staff see it: code, level, categories and the wish; none of the client's words."""
    state = alert_state(turn, row, staff)
    body = alert_body(row, client)
    sent = _("Sent: %(time)s", time=moment(row["raised_at"], turn.programme.time_zone))
    soon = named_level(turn, state)
    lines: list[Words] = [headline(row, client, soon), *about(body, soon), *wish_lines(body), sent]
    lines.append(where_it_stands(state, row))
    if state["state"] in ("closed", "withdrawn"):
        return message("\n".join(turn.word(line, staff) for line in lines), [])
    language = turn.language_of(staff)
    rows = []
    if state["by"] is None:
        rows.append([button(_("I'll take it"), f"!take.{row['id']}", language)])
    if state["mine"]:
        label = _("Write to %(code)s", code=Verbatim(client.code))
        rows.append([button(label, f"!talk.{state['talk']}", language)])
    if state["by"] is None or state["mine"]:
        rows.append([button(_("Show details"), f"!alert.{row['id']}", language)])
    if state["mine"]:
        rows.append([button(_("Done"), f"!done.{row['id']}", language)])
    return message("\n".join(turn.word(line, staff) for line in lines), rows)


def named_level(turn: Turn, state: AlertState) -> Mapping[str, Text]:
    """Levels as the client read them: out of hours "today" was the next opening."""
    return {**LEVELS, "today": named("today", state["opens_at"], turn.programme.time_zone)}


def headline(row: Row, client: Person, levels: Mapping[str, Text]) -> Text:
    """Code and level; of a minor only that a person is needed, and of money no more than that."""
    if row["kind"] == MONEY:
        return _("%(code)s says that something about their money is not right.", code=Verbatim(client.code))
    if row["kind"] == "minor":
        return _("%(code)s is under 18 and has just come. Please meet them.", code=Verbatim(client.code))
    return _("%(code)s wants contact: %(level)s", code=Verbatim(client.code), level=levels[row["level"]])


def about(body: dict[str, Any], named: Mapping[str, Text]) -> list[Words]:
    """The categories of the needs, each once with its most urgent level (they come first)."""
    levels: dict[str, str] = {}
    for item, level in body["items"]:
        levels.setdefault(NEEDS.item(item).category, level)
    return [
        _("• %(need)s: %(level)s", need=NEEDS.categories[category], level=named[level])
        for category, level in levels.items()
    ]


def wish_lines(body: dict[str, Any]) -> list[Words]:
    """How and when, as far as the client tapped it; what they wrote stands behind Show details."""
    lines: list[Words] = []
    if body["how"] in HOW:
        lines.append(_("How: %(how)s", how=HOW[body["how"]]))
    if isinstance(body["when"], str) and body["when"] in WHEN:
        lines.append(_("Safe: %(when)s", when=WHEN[body["when"]]))
    elif body["when"]:
        lines.append(_("Safe: see the details"))
    if body.get("words") is not None:
        lines.append(_("What they want: see the details"))
    return lines


def where_it_stands(state: AlertState, row: Row) -> Words:
    """Who has it, for those who were told."""
    if state["state"] == "withdrawn":
        return _("The client took this back. Nothing to do.")
    if state["state"] == "closed":
        return _("Closed.")
    if state["mine"]:
        return (
            _("The client says that this is no longer needed.") if row["close_asked_at"] else _("You have taken this.")
        )
    if state["by"]:
        return _("%(name)s has taken this.", name=Verbatim(state["by"]))
    if state["seen_by"]:
        return _("%(name)s has looked at this. Nobody has taken it.", name=Verbatim(state["seen_by"]))
    return _("Nobody has taken this yet.")


def claim(turn: Turn, staff: Person, alert: int) -> Json:
    """Take an alert; of several who try, one wins."""
    row = turn.store.row("alerts", "one", id=alert)
    if row is None or not concerns(turn, row, staff) or staff.id == row["client_id"]:
        return {"outcome": "not for you", "by": None}
    if turn.store.now_or_not("alerts", "claim", id=alert, staff_id=staff.id, now=turn.store.at):
        talks.open_talk(turn, row["client_id"], staff.id, alert)
        changed(turn, alert, row["client_id"])
        return {"outcome": "yours", "by": staff.shown}
    if row["state"] in ("closed", "withdrawn"):
        return {"outcome": "closed", "by": None}
    by = turn.scene(row["claimed_by"]).person
    return {"outcome": "already yours" if by.id == staff.id else "taken", "by": by.shown}


def read(turn: Turn, staff: Person, alert: int) -> Json:
    """Open an alert's details: recorded, and relayed to the client as seen."""
    row = turn.store.row("alerts", "one", id=alert)
    if row is None or row["state"] in ("closed", "withdrawn"):
        return None
    if row["claimed_by"] not in (None, staff.id):
        return None
    client = turn.scene(row["client_id"]).person
    if not may_read(turn, staff, client, row):
        return None
    note_reading(turn, staff, client, "alert")
    if turn.store.now_or_not("alerts", "see", id=alert, staff_id=staff.id, now=turn.store.at):
        changed(turn, alert, client.id)
    return {"client": client.id}


def note_reading(turn: Turn, staff: Person, client: Person, what: str) -> None:
    """Staff reading a client's words is itself recorded."""
    store = turn.store
    store.later("readings", "insert", id=store.new_id(), staff_id=staff.id, client_id=client.id, what=what, at=store.at)


def close(turn: Turn, staff: Person, alert: int) -> str:
    """Close an alert one has taken."""
    row = turn.store.row("alerts", "one", id=alert)
    if row is not None and turn.store.now_or_not("alerts", "close", id=alert, staff_id=staff.id, now=turn.store.at):
        changed(turn, alert, row["client_id"])
        return "closed"
    is_closed = row is not None and row["state"] == "closed" and concerns(turn, row, staff)
    return "already closed" if is_closed else "not yours"


def take_back(turn: Turn, client: Person, alert: int) -> str:
    """The client takes an alert back, as long as nobody has seen it."""
    if turn.store.now_or_not("alerts", "withdraw", id=alert, client_id=client.id, now=turn.store.at):
        draw_copies(turn, alert)
        return "taken back"
    row = turn.store.row("alerts", "one", id=alert)
    return "closed" if row is None or row["state"] in ("closed", "withdrawn") else "seen"


def ask_to_close(turn: Turn, client: Person, alert: int) -> str:
    """The client asks whoever has it to close it; someone who has only looked may close it by taking it."""
    row = turn.store.row("alerts", "one", id=alert)
    if row is None or row["client_id"] != client.id or row["state"] in ("closed", "withdrawn"):
        return "closed"
    turn.store.now_or_not("alerts", "ask_to_close", id=alert, client_id=client.id, now=turn.store.at)
    draw_copies(turn, alert)
    return "asked"


def strike(turn: Turn, client: Person, role: str) -> bool:
    """The client no longer wants this role to be told: what is open is taken from it at once, and goes to the next.
    Whether something is over by that, because nobody is left."""
    is_over = False
    for row in turn.store.rows("alerts", "of_client", client_id=client.id):
        body = alert_body(row, client)
        if role not in body["rungs"]:
            continue
        body["rungs"] = [rung for rung in body["rungs"] if rung != role]
        copies = turn.store.rows("alert_copies", "of_alert", alert_id=row["id"])
        told_rungs = [body["rungs"].index(copy["role"]) for copy in copies if copy["role"] in body["rungs"]]
        values = {"body": seal_body(client, row["id"], body), "rung": max(told_rungs, default=-1)}
        turn.store.later("alerts", "reword", id=row["id"], **values)
        for copy in copies:
            if copy["role"] == role:
                take_from(turn, row["id"], client, turn.scene(copy["staff_id"]).person, NO_MORE)
        is_over |= not body["rungs"]
        settle(turn, row["id"], client.id)
    return is_over


def keep_from_hands(turn: Turn, client: Person) -> None:
    """Money has gone through somebody's hands: what was told of it before is not for them any more."""
    for row in turn.store.rows("alerts", "every_of_client", client_id=client.id):
        hands = hands_of(turn, client, alert_body(row, client)) if row["kind"] == MONEY else set()
        copies = turn.store.rows("alert_copies", "of_alert", alert_id=row["id"])
        theirs = [copy["staff_id"] for copy in copies if copy["staff_id"] in hands]
        for staff in theirs:
            take_from(turn, row["id"], client, turn.scene(staff).person, NOT_YOURS)
        if theirs and row["state"] not in ("closed", "withdrawn"):
            settle(turn, row["id"], client.id)


def take_from(turn: Turn, alert: int, client: Person, staff: Person, why: Words) -> None:
    """One of those who were told may see an alert no more, and the talk that came of it ends; if they had looked at it
    or taken it, nobody has."""
    turn.store.now_or_not("alerts", "release", id=alert, staff_id=staff.id)
    turn.store.now_or_not("alerts", "unsee", id=alert, staff_id=staff.id)
    talk = turn.store.row("talks", "between", client_id=client.id, staff_id=staff.id)
    if talk is not None:
        talks.end(turn, client, talk["id"])
    turn.store.now_or_not("alert_copies", "remove", alert_id=alert, staff_id=staff.id)
    turn.show(staff, slot_of(staff.id, f"alert.{alert}"), message(turn.word(why, staff), []), Purpose.EDIT)
    turn.nudge(staff.id, ANY, silent=True)


def settle(turn: Turn, alert: int, client: int) -> None:
    """After some were struck out: the next role is told, or, where nobody is left, the alert is over."""
    row = turn.store.row("alerts", "one", id=alert)
    if row is None:
        return
    if not alert_body(row, turn.scene(client).person)["rungs"]:
        turn.store.now_or_not("alerts", "end", id=alert, now=turn.store.at)
    elif not turn.store.rows("alert_copies", "of_alert", alert_id=alert):
        climb(turn, row, above=-1)
    elif row["state"] == "open" and row["due_at"] is None:
        values = {"rung": row["rung"], "due_at": due_at(turn, row["level"]), "state": "open"}
        turn.store.later("alerts", "climb", id=alert, **values)
    draw_copies(turn, alert)
    turn.nudge(client, "sent", alert, silent=True)


def changed(turn: Turn, alert: int, client: int) -> None:
    """An alert has changed: staff's copies are drawn anew, and the client hears of it."""
    draw_copies(turn, alert)
    turn.nudge(client, "sent", alert)


def unreached(turn: Turn) -> list[int]:
    """Alerts that nobody could be told of, or only people who have since blocked the bot."""
    return [row["id"] for row in turn.store.rows("alerts", "unreached")]


def route_unreached(turn: Turn, alert: int) -> None:
    """Try once more to tell somebody."""
    row = turn.store.row("alerts", "one", id=alert)
    if row is not None and climb(turn, row, above=-1):
        turn.nudge(row["client_id"], "sent", alert)


def overdue(turn: Turn) -> list[int]:
    """Alerts that nobody has seen in time."""
    return [row["id"] for row in turn.store.rows("alerts", "due", now=turn.store.at)]


def climb_overdue(turn: Turn, alert: int) -> None:
    """An alert that nobody has seen in time goes to the next rung; from the last one the client is told the truth."""
    row = turn.store.row("alerts", "one", id=alert)
    if row is None:
        return
    if not climb(turn, row, above=row["rung"]):
        turn.store.later("alerts", "climb", id=alert, rung=row["rung"], due_at=None, state="unanswered")
    changed(turn, alert, row["client_id"])
