"""What scripts read: one function for each question in `conversations.looks`, within the turn's transaction."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any, Final

from bot import feedback
from bot.cash.hands import MONEY, hands_of
from bot.readiness import missing_for_clients
from bot.turn import Scene, Turn
from conversations import looks
from conversations.instruments import INSTRUMENTS, NEEDS
from conversations.script import Json
from storage import people, sessions
from storage.people import Person
from storage.sessions import Session
from storage.store import Row
from translations.languages import LANGUAGES

HIDDEN_UNDER: Final = 5
TALK_LINES: Final = 6


@singledispatch
def read(query: object, turn: Turn, scene: Scene) -> Json:
    """Answer a query for the person of the scene."""
    raise TypeError(f"nobody knows how to read {type(query).__name__}")


@read.register
def _(query: looks.LookAround, turn: Turn, scene: Scene) -> Json:
    programme, person = turn.programme, scene.person
    hours = programme.answering_hours
    opens = hours.next_opening(turn.now)
    caseworker = caseworker_of(turn, person)
    granted = sorted(granted_to(turn, person))
    reads_by = turn.store.at + programme.alerts.read_days * 86_400
    return looks.Around(
        organisation=programme.organisation,
        languages=[[code, LANGUAGES[code].name] for code in programme.languages],
        zone=programme.time_zone,
        now=turn.store.at,
        open=hours.open_at(turn.now),
        opens_at=int(opens.timestamp()) if opens else None,
        numbers=numbers_for(turn, person),
        role=person.role,
        name=person.name,
        language=turn.language_of(person),
        adult=person.adult,
        caseworker=caseworker.shown if caseworker else None,
        reads_by=reads_by,
        purposes=[purpose for purpose in granted if not purpose.startswith("tell:")],
        roles=[purpose for purpose in granted if purpose.startswith("tell:")],
        urgency={item.code: programme.urgent.get(item.code, item.urgency) for item in NEEDS.items},
    )


@read.register
def _(query: looks.LookOwn, turn: Turn, scene: Scene) -> Json:
    person = scene.person
    quiet_until = person.quiet_until if (person.quiet_until or 0) > turn.store.at else None
    left = person.left_at is not None
    return looks.Own(left=left, tidy=person.tidy, quiet_until=quiet_until, erase_at=person.erase_at)


def numbers_for(turn: Turn, person: Person) -> list[looks.Line]:
    """The programme's verified numbers: those answered in this person's language, or else all."""
    language = turn.language_of(person)
    every = list(turn.programme.crisis)
    spoken = [line for line in every if line.language == language] or every
    return [looks.Line(label=line.label, number=line.number) for line in spoken]


def caseworker_of(turn: Turn, person: Person) -> Person | None:
    """The caseworker of this client, if there is one."""
    if person.caseworker is None:
        return None
    return turn.scene(person.caseworker).person


@read.register
def _(query: looks.LookRatings, turn: Turn, scene: Scene) -> Json:
    rows = newest_ratings(turn, scene.person, query.instrument)
    return {row["item"]: [row["status"], row["value"]] for row in rows}


@read.register
def _(query: looks.LookFirsts, turn: Turn, scene: Scene) -> Json:
    return list(firsts(turn, scene.person, query.instrument))


def newest_ratings(turn: Turn, person: Person, instrument: str) -> list[Row]:
    """The newest rating of every item, in the order given; without what hangs on it (`.meaning`, `.wish`)."""
    version = INSTRUMENTS[instrument].version
    rows = turn.store.rows("responses", "newest", person_id=person.id, instrument=instrument, version=version)
    return [row for row in rows if "." not in row["item"]]


def firsts(turn: Turn, person: Person, instrument: str) -> list[looks.First]:
    """A person's 4s in the order rated, each with the newest words about it since that rating."""
    words: dict[str, tuple[int, dict[str, Any]]] = {}
    for row in turn.store.rows("responses", "words", person_id=person.id, instrument=instrument):
        content = json.loads(person.box.open(row["words"], f"responses.words:{row['id']}"))
        words[row["item"].removesuffix(".meaning")] = (row["id"], content)
    found = []
    for row in newest_ratings(turn, person, instrument):
        if row["value"] == 4:
            at, said = words.get(row["item"], (0, {}))
            said = said if at > row["id"] else {}
            found.append(looks.First(item=row["item"], text=said.get("text", ""), voice=said.get("voice")))
    return found


@read.register
def _(query: looks.LookStart, turn: Turn, scene: Scene) -> Json:
    return int(turn.store.value("sittings", "count", instrument=query.instrument)) % query.blocks


@read.register
def _(query: looks.LookParked, turn: Turn, scene: Scene) -> Json:
    left = sessions.load_some(turn.store, scene.person, [stub.id for stub in reversed(scene.stubs)])
    return [looks.Parked(session=s.id, script=s.script, place=(s.shown or {}).get("place")) for s in left]


@read.register
def _(query: looks.LookAlert, turn: Turn, scene: Scene) -> Json:
    row = turn.store.row("alerts", "one", id=query.alert)
    return None if row is None or not concerns(turn, row, scene.person) else alert_state(turn, row, scene.person)


@read.register
def _(query: looks.LookAlerts, turn: Turn, scene: Scene) -> Json:
    if scene.person.role == "client":
        rows = turn.store.rows("alerts", "of_client", client_id=scene.person.id)
    else:
        told = turn.store.rows("alerts", "of_staff", staff_id=scene.person.id)
        rows = [row for row in told if concerns(turn, row, scene.person)]
    return [alert_state(turn, row, scene.person) for row in rows]


def concerns(turn: Turn, alert: Row, person: Person) -> bool:
    """Whether an alert is this person's own, or one they were told of."""
    return person.id == alert["client_id"] or any(staff.id == person.id for staff in told_of(turn, alert))


def told_of(turn: Turn, alert: Row) -> list[Person]:
    """Who was told of an alert and may know of it now."""
    copies = turn.store.rows("alert_copies", "of_alert", alert_id=alert["id"])
    staff = [turn.scene(copy["staff_id"]).person for copy in copies]
    if alert["kind"] != MONEY:
        return staff
    client = turn.scene(alert["client_id"]).person
    hands = hands_of(turn, client, alert_body(alert, client))
    return [person for person in staff if person.id not in hands]


def alert_state(turn: Turn, row: Row, reader: Person) -> looks.AlertState:
    """An alert as its client, or a caseworker who was told, may see it."""
    client = turn.scene(row["client_id"]).person
    body = alert_body(row, client)
    by = turn.scene(row["claimed_by"]).person if row["claimed_by"] else None
    seen_by = turn.scene(row["seen_by"]).person if row["seen_by"] else None
    talk = None
    if by is not None:
        talk = turn.store.row("talks", "between", client_id=client.id, staff_id=by.id)
    return looks.AlertState(
        alert=row["id"],
        code=client.code,
        kind=row["kind"],
        level=row["level"],
        items=body["items"],
        state=row["state"],
        told=[person.shown for person in told_of(turn, row)],
        seen_by=seen_by.shown if seen_by else None,
        seen_at=row["seen_at"],
        mine=row["claimed_by"] == reader.id,
        by=by.shown if by else None,
        due_at=row["due_at"],
        opens_at=opening_after(turn, row["raised_at"]),
        talk=talk["id"] if talk else None,
        waiting=talk is not None and is_waiting(turn, talk["id"], reader),
        words=body.get("words") is not None,
    )


def opening_after(turn: Turn, at: int) -> int | None:
    """When the programme opens next after a moment out of hours; None in hours, or where it never opens."""
    hours, moment = turn.programme.answering_hours, datetime.fromtimestamp(at, UTC)
    opens = None if hours.open_at(moment) else hours.next_opening(moment)
    return int(opens.timestamp()) if opens else None


def is_waiting(turn: Turn, talk: int, reader: Person) -> bool:
    """Whether the other side of a talk wrote last."""
    latest = turn.store.rows("lines", "latest", talk_id=talk, most=1)
    return bool(latest) and latest[0]["sender_id"] != reader.id


def alert_body(row: Row, client: Person) -> dict[str, Any]:
    """What the client sent with an alert: {"items", "how", "when"}."""
    body: dict[str, Any] = json.loads(client.box.open(row["body"], f"alerts.body:{row['id']}"))
    return body


@read.register
def _(query: looks.LookDetails, turn: Turn, scene: Scene) -> Json:
    client = turn.find(query.client)
    if client is None:
        return None
    alert = turn.store.row("alerts", "one", id=query.alert) if query.alert is not None else None
    if not may_read(turn, scene.person, client, alert):
        return None
    body: dict[str, Any] = alert_body(alert, client) if alert is not None else {"items": [], "how": "", "when": ""}
    when = body["when"]
    is_money = alert is not None and alert["kind"] == MONEY
    kept = not is_money and "plan" in granted_to(turn, client)
    words = body.get("words") or {}
    return looks.Details(
        client=client.id,
        code=client.code,
        name=client.name,
        level=alert["level"] if alert is not None else "",
        items=body["items"],
        how=body["how"],
        when=when if isinstance(when, str) else when.get("text", ""),
        shared=kept,
        firsts=firsts(turn, client, NEEDS.name) if kept else [],
        words=words.get("text", ""),
        voice=words.get("voice"),
    )


def subject_of(turn: Turn, session: Session) -> Person | None:
    """Whom a screen of the staff is about, by what its script was started with; None where it is about nobody."""
    given = session.arguments
    client = given.get("client")
    if "alert" in given:
        row = turn.store.row("alerts", "one", id=given["alert"])
        client = None if row is None else row["client_id"]
    elif "talk" in given:
        row = turn.store.row("talks", "one", id=given["talk"])
        client = None if row is None else row["client_id"]
    elif "transfer" in given:
        row = turn.store.row("transfers", "one", id=given["transfer"])
        client = None if row is None else row["person_id"]
    elif "feedback" in given:
        row = turn.store.row("feedback", "one", id=given["feedback"])
        client = None if row is None else row["person_id"]
    return None if client is None else turn.find(client)


def granted_to(turn: Turn, client: Person) -> set[str]:
    """The purposes and roles this client agrees to now."""
    return {row["purpose"] for row in turn.store.rows("consents", "granted", person_id=client.id)}


def may_read(turn: Turn, staff: Person, client: Person, alert: Row | None) -> bool:
    """A caseworker reads their own clients' words; others only those of an alert they were told of."""
    if staff.role not in ("caseworker", "lead"):
        return False
    if alert is not None:
        is_open = alert["state"] not in ("closed", "withdrawn")
        return is_open and alert["client_id"] == client.id and concerns(turn, alert, staff)
    return client.caseworker == staff.id and "plan" in granted_to(turn, client)


@read.register
def _(query: looks.LookTalk, turn: Turn, scene: Scene) -> Json:
    row = turn.store.row("talks", "one", id=query.talk)
    if row is None or scene.person.id not in (row["client_id"], row["staff_id"]):
        return None
    client = turn.scene(row["client_id"]).person
    talk = talk_of(turn, row, scene.person)
    latest = turn.store.rows("lines", "latest", talk_id=row["id"], most=TALK_LINES)
    talk["lines"] = [_line(line, client, scene.person) for line in reversed(latest)]
    return talk


@read.register
def _(query: looks.LookTalks, turn: Turn, scene: Scene) -> Json:
    rows = turn.store.rows("talks", "open_of", person_id=scene.person.id)
    return [talk_of(turn, row, scene.person) for row in rows]


def talk_of(turn: Turn, row: Row, reader: Person) -> looks.Talk:
    """Who one is talking with: staff see the client's code (and chosen name), a client the caseworker's name."""
    other = turn.scene(row["staff_id"] if reader.id == row["client_id"] else row["client_id"]).person
    shown = f"{other.code} ({other.name})" if other.role == "client" and other.name else other.shown
    return looks.Talk(talk=row["id"], other=shown, open=row["closed_at"] is None, lines=[])


def _line(row: Row, client: Person, reader: Person) -> looks.TalkLine:
    said = json.loads(client.box.open(row["body"], f"lines.body:{row['id']}"))
    return looks.TalkLine(
        mine=row["sender_id"] == reader.id, text=said.get("text", ""), voice=said.get("voice"), at=row["at"]
    )


@read.register
def _(query: looks.LookClients, turn: Turn, scene: Scene) -> Json:
    rows = []
    for client in people.find_clients_of(turn.store, scene.person.id):
        if "plan" in granted_to(turn, client):
            fours = sum(row["value"] == 4 for row in newest_ratings(turn, client, NEEDS.name))
            rows.append([client.id, client.code, fours])
    return rows


@read.register
def _(query: looks.LookLeads, turn: Turn, scene: Scene) -> Json:
    return feedback.leads_for(turn, scene.person)


@read.register
def _(query: looks.LookInbox, turn: Turn, scene: Scene) -> Json:
    return feedback.inbox(turn, scene.person, query.page)


@read.register
def _(query: looks.LookFeedback, turn: Turn, scene: Scene) -> Json:
    return feedback.show(turn, scene.person, query.feedback)


@read.register
def _(query: looks.LookEnrolment, turn: Turn, scene: Scene) -> Json:
    enrolled = sum(client.adult is True for client in people.find_by_role(turn.store, "client"))
    return {"enrolled": shown_figure(enrolled), "caseworkers": len(people.reachable(turn.store, "caseworker"))}


@read.register
def _(query: looks.LookInviting, turn: Turn, scene: Scene) -> Json:
    missing = missing_for_clients(turn.store, turn.programme)
    return looks.Inviting(missing=missing, places=list(turn.programme.places))


def shown_figure(figure: int) -> int | None:
    """A figure of people, or None where it is small enough to point at someone."""
    return figure if figure == 0 or figure >= HIDDEN_UNDER else None
