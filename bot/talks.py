"""Talking through the bot: lines between a client and a caseworker, sealed under the client's key."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.gate import Purpose
from bot.turn import Turn
from conversations.script import Json
from conversations.text import Verbatim, _
from storage.people import Person
from storage.store import Row

QUIET_FOR: int = 120
"""Seconds after which someone is taken to have looked away from an open talk, and gets a line that says so."""


def open_talk(turn: Turn, client: int, staff: int, alert: int | None) -> int:
    """The open talk between these two, made if there is none; it is about that alert from now on."""
    known = turn.store.row("talks", "between", client_id=client, staff_id=staff)
    if known is not None:
        if alert is not None:
            turn.store.later("talks", "turn_to", id=known["id"], alert_id=alert)
        return int(known["id"])
    talk = turn.store.new_id()
    turn.store.later(
        "talks", "insert", id=talk, client_id=client, staff_id=staff, alert_id=alert, opened_at=turn.store.at
    )
    return talk


@dataclass(frozen=True, slots=True)
class Line:
    """What someone writes in a talk, and the act of theirs that says it (session and number)."""

    talk: int
    words: Json
    session: int
    number: int


def send_line(turn: Turn, sender: Person, said: Line) -> str:
    """Keep a line and let the other side know."""
    row = turn.store.row("talks", "one", id=said.talk)
    if row is None or sender.id not in (row["client_id"], row["staff_id"]) or row["closed_at"] is not None:
        return "ended"
    client = turn.scene(row["client_id"]).person
    line = turn.store.new_id()
    turn.store.later(
        "lines",
        "insert",
        id=line,
        talk_id=said.talk,
        sender_id=sender.id,
        session_id=said.session,
        number=said.number,
        body=client.box.seal(json.dumps(said.words).encode(), f"lines.body:{line}"),
        at=turn.store.at,
    )
    other = other_side(turn, row, sender)
    turn.nudge(other.id, "talk", said.talk)
    if other.id == client.id and row["alert_id"] is not None:
        turn.nudge(client.id, "sent", row["alert_id"], silent=True)
    asked = _is_asked_for(turn, row)
    if other.blocked_at is not None or (other.left_at is not None and not asked):
        return "away"
    return "kept" if other.role == "client" and not other.first and not asked else "sent"


def end(turn: Turn, person: Person, talk: int) -> None:
    """Close a talk; the other side sees it when they look."""
    row = turn.store.row("talks", "one", id=talk)
    if row is not None and person.id in (row["client_id"], row["staff_id"]):
        turn.store.now_or_not("talks", "close", id=talk, now=turn.store.at)
        turn.nudge(other_side(turn, row, person).id, "talk", talk)


def other_side(turn: Turn, talk: Row, person: Person) -> Person:
    """The other person of a talk."""
    return turn.scene(talk["staff_id"] if person.id == talk["client_id"] else talk["client_id"]).person


def announce(turn: Turn, person: Person, talk: int) -> None:
    """One line that something was written: bland to a client, by code to staff."""
    row = turn.store.row("talks", "one", id=talk)
    if row is None or row["closed_at"] is not None:
        return
    if person.role == "client":
        turn.push(person, BLAND, "talk", talk, Purpose.NEWS if _is_asked_for(turn, row) else Purpose.LINE)
    else:
        client = other_side(turn, row, person)
        line = _("%(code)s wrote to you.", code=Verbatim(client.code))
        turn.push(person, line, "talk", talk, Purpose.LINE, subject=client)


def _is_asked_for(turn: Turn, talk: Row) -> bool:
    """Whether the client's wish for contact, which opened this talk, still stands."""
    alert = turn.store.row("alerts", "one", id=talk["alert_id"]) if talk["alert_id"] is not None else None
    return alert is not None and alert["state"] not in ("closed", "withdrawn")


BLAND = _("Hello. There is something new for you when you have time.")
"""All that the bot ever says unasked to a client."""
