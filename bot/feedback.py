"""Words to the leads: sealed under the key of whoever gave them, and opened to nobody who is not a lead.

The path for complaints that name someone, also a lead, is not this one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from bot import talks
from bot.gate import Purpose
from bot.turn import Scene, Turn
from conversations.looks import Feedback, Inbox, Leads
from conversations.script import Json
from storage import people
from storage.people import Person
from storage.store import Row

PAGE: Final = 5
"""How many stand on one screen of a lead."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says, and the act of theirs that says it (session and number)."""

    words: Json
    named: bool
    session: int
    number: int


def give(turn: Turn, scene: Scene, given: Given) -> list[str]:
    """Keep it and let the leads know that there is something new; the names of those who can be reached."""
    store, person = turn.store, scene.person
    if person.role == "stranger":
        until = store.at + int(_kept_for(turn).total_seconds())
        turn.change(scene, replace(person, expires_at=max(person.expires_at or 0, until)))
    id_ = store.new_id()
    store.later(
        "feedback",
        "insert",
        id=id_,
        person_id=person.id,
        session_id=given.session,
        number=given.number,
        named=int(given.named and person.role == "client"),
        body=person.box.seal(json.dumps(given.words).encode(), f"feedback.body:{id_}"),
        at=store.at,
    )
    leads = people.reachable(store, "lead")
    is_first = not store.rows("feedback", "unread_of", person_id=person.id, id=id_)
    for lead in leads if is_first else ():  # nobody lights up their phones again and again
        turn.push(lead, talks.BLAND, "wrote", id_, Purpose.LINE, subject=scene.person)
    _redraw(turn, leads)
    return [lead.shown for lead in leads]


def _redraw(turn: Turn, leads: Iterable[Person]) -> None:
    """What leads see of how many there are."""
    for lead in leads:
        for script in ("overview", "written"):
            turn.nudge(lead.id, script, silent=True)


def _kept_for(turn: Turn) -> timedelta:
    """For so long the words of someone without an invitation are kept, and they themselves with them."""
    return max(timedelta(days=turn.programme.retention.words_days), people.STRANGERS_KEPT)


def leads_for(turn: Turn, person: Person) -> Leads:
    """Who reads what this person writes."""
    names = [lead.shown for lead in people.reachable(turn.store, "lead")]
    return Leads(names=names, days=_kept_for(turn).days, can_answer=_can_be_answered(person))


def _can_be_answered(person: Person) -> bool:
    return person.role == "client" and person.left_at is None and person.blocked_at is None


def kept_of(turn: Turn, person: Person) -> list[list[Any]]:
    """Everything this person told the leads: [[at, text, voice id, whether with their code], …]."""
    rows = turn.store.rows("feedback", "of_person", person_id=person.id)
    said = [(row, _said(row, person)) for row in rows]
    return [[row["at"], words.get("text", ""), words.get("voice"), bool(row["named"])] for row, words in said]


def _said(row: Row, giver: Person) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(giver.box.open(row["body"], f"feedback.body:{row['id']}"))
    return said


# --- to a lead -------------------------------------------------------------------------------------------------


def inbox(turn: Turn, reader: Person, page: int) -> Inbox:
    """One page of what was written."""
    if reader.role != "lead":
        return Inbox(rows=[], new=0, more=False)
    rows = turn.store.rows("feedback", "page", most=PAGE + 1, skip=page * PAGE)
    listed = [(row["id"], row["at"], row["read_at"] is None) for row in rows[:PAGE]]
    return Inbox(rows=listed, new=turn.store.value("feedback", "unread"), more=len(rows) > PAGE)


def find(turn: Turn, reader: Person, feedback: int) -> tuple[Row, Person] | None:
    """One of them and who gave it; None for everybody who is not a lead."""
    row = turn.store.row("feedback", "one", id=feedback) if reader.role == "lead" else None
    giver = turn.find(row["person_id"]) if row is not None else None
    return None if row is None or giver is None else (row, giver)


def show(turn: Turn, reader: Person, feedback: int) -> Feedback | None:
    """One of them as a lead reads it."""
    found = find(turn, reader, feedback)
    if found is None:
        return None
    row, giver = found
    said = _said(row, giver)
    voice = turn.store.row("voices", "one", id=said["voice"]) if "voice" in said else None
    return Feedback(
        at=row["at"],
        code=giver.code if row["named"] else None,
        text=said.get("text", ""),
        voice=said.get("voice"),
        seconds=said.get("seconds", 0),
        sound=voice["state"] if voice is not None else "",
        can_answer=bool(row["named"]) and _can_be_answered(giver),
    )


def open_one(turn: Turn, reader: Person, feedback: int) -> Person | None:
    """The first lead to open it is noted. Back: who gave it."""
    found = find(turn, reader, feedback)
    if found is None:
        return None
    turn.store.now_or_not("feedback", "read", id=feedback, staff_id=reader.id, now=turn.store.at)
    _redraw(turn, people.reachable(turn.store, "lead"))
    return found[1]


def answer(turn: Turn, reader: Person, feedback: int) -> int | None:
    """A talk between this lead and a client who gave their code for it."""
    found, shown = find(turn, reader, feedback), show(turn, reader, feedback)
    if found is None or shown is None or not shown["can_answer"]:
        return None
    return talks.open_talk(turn, found[1].id, reader.id, None)


def may_hear(turn: Turn, listener: Person, giver: Person, voice: int) -> bool:
    """Whether this is a voice note to the leads, and one of them wants to hear it."""
    return listener.role == "lead" and any(each[2] == voice for each in kept_of(turn, giver))
