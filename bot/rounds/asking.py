"""Who is asked in a round: everybody it is for is gathered, asked in their own safe hours, reminded once, then left.

All of it goes in small pieces, each a transaction of its own, so that nobody's answer waits behind a round.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from bot import looks
from bot.forms import languages_of
from bot.rounds.budget import Verdict, Wanted, weigh
from bot.talks import BLAND
from bot.turn import ROUND, Scene, Turn, slot_of
from conversations.looks import Asking, LookAsking
from conversations.script import Json
from storage import people
from storage.people import Person
from storage.store import Row

GATHERED: Final = 500
"""Clients who are gathered in one piece."""

CLOSED: Final = 200
"""Askings that are closed in one piece."""


def gather(turn: Turn) -> bool:
    """Go on gathering the clients of rounds that have begun; whether there was anything to do."""
    rounds = turn.store.rows("rounds", "gathering")
    if not rounds:
        return False
    _gather_some(turn, rounds[0])
    return True


def _gather_some(turn: Turn, round_: Row) -> None:
    store = turn.store
    by, which = json.loads(round_["audience"])
    languages = languages_of(turn, round_["instrument"], round_["version"])
    wanted = Wanted(round_["instrument"], round_["closes_at"], languages)
    rows = store.rows(
        "askings", "candidates", round_id=round_["id"], reached=round_["reached"], by=by, which=which, most=GATHERED
    )
    for row in rows:
        verdict = weigh(row, wanted, turn.programme, turn.now)
        store.later(
            "askings",
            "insert",
            id=store.new_id(),
            round_id=round_["id"],
            person_id=row["person_id"],
            state="waiting" if verdict.at is not None else "unsent",
            reason=verdict.reason,
            due_at=verdict.at or store.at,
        )
    reached = rows[-1]["person_id"] if len(rows) == GATHERED else -1
    store.later("rounds", "reach", id=round_["id"], reached=reached)


def ask(turn: Turn, most: int) -> bool:
    """Ask whose time has come, at most so many; whether there was anybody."""
    rows = turn.store.rows("askings", "due", now=turn.store.at, most=most)
    languages: dict[tuple[str, int], Collection[str]] = {}
    now: list[Row] = []
    for row in rows:
        key = (row["instrument"], row["version"])
        if key not in languages:
            languages[key] = languages_of(turn, *key)
        reminder = row["state"] == "sent"
        wanted = Wanted(row["instrument"], row["closes_at"], languages[key], reminder)
        verdict = weigh(row, wanted, turn.programme, turn.now)
        if verdict.send:
            now.append(row)
        else:
            _put_off(turn, row, verdict)
    known = people.find_by_ids(turn.store, [row["person_id"] for row in now]) if now else {}
    for row in now:
        _note(turn, row)
        turn.ask(known[row["person_id"]], BLAND, row["id"], row["closes_at"])
    return bool(rows)


def _note(turn: Turn, row: Row) -> None:
    store = turn.store
    if row["state"] == "sent":
        store.later("askings", "remind", id=row["id"], now=store.at, due_at=row["closes_at"])
    else:
        after = timedelta(days=turn.programme.asking.reminder_days)
        store.later("askings", "queue", id=row["id"], due_at=store.at + int(after.total_seconds()))


def _put_off(turn: Turn, row: Row, verdict: Verdict) -> None:
    """Later, or not in this round; somebody who was asked is not reminded then."""
    if row["state"] == "sent":
        due_at = row["closes_at"] if verdict.at is None else verdict.at
        turn.store.later("askings", "put_off", id=row["id"], due_at=due_at)
    elif verdict.at is None:
        turn.store.later("askings", "leave_out", id=row["id"], reason=verdict.reason)
    else:
        turn.store.later("askings", "wait", id=row["id"], reason=verdict.reason, due_at=verdict.at)


def close(turn: Turn, round_: int) -> bool:
    """Take lines away that nobody opened in a round that is over, some at a time; whether there were any."""
    rows = turn.store.rows("askings", "to_close", round_id=round_, most=CLOSED)
    known = people.find_by_ids(turn.store, [row["person_id"] for row in rows if row["state"] == "sent"])
    for row in rows:
        turn.store.later("askings", "close", id=row["id"], now=turn.store.at)
        person = known.get(row["person_id"])
        if person is not None:
            turn.clear(person, slot_of(person.id, "ask"), lane=ROUND)
    return bool(rows)


def withdraw(turn: Turn, person: Person, reason: str) -> None:
    """A client does not want to be asked any more: nothing more goes to them, and the line that stands goes away."""
    turn.store.now_or_not("askings", "withdraw", person_id=person.id, reason=reason)
    turn.clear(person, slot_of(person.id, "ask"))


def open_asking(turn: Turn, person: Person, asking: int) -> Json:
    """A client opens what a round asks. Back: as `OpenAsking` says."""
    row = turn.store.row("askings", "one", id=asking)
    if row is None or row["person_id"] != person.id or row["round_state"] != "running":
        return None
    if row["state"] in ("answered", "declined", "blocked"):
        return None
    turn.store.now_or_not("askings", "open", id=asking, person_id=person.id, now=turn.store.at)
    return {"instrument": row["instrument"], "version": row["version"], "last": bool(row["last"])}


def finish(turn: Turn, person: Person, asking: int, state: str) -> None:
    """A client has answered it, or does not want to now."""
    turn.store.later("askings", "finish", id=asking, person_id=person.id, state=state, now=turn.store.at)


@looks.read.register
def _look_asking(query: LookAsking, turn: Turn, scene: Scene) -> Json:
    rows = turn.store.rows("askings", "offered", person_id=scene.person.id)
    if not rows or scene.person.left_at is not None:
        return None
    row = rows[0]
    return Asking(asking=row["id"], instrument=row["instrument"], begun=row["state"] == "opened")
