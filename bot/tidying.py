"""Tidying a chat: what was said in it is taken from it again, as far as Telegram allows.

Telegram deletes messages of both sides for 48 hours (https://core.telegram.org/bots/api#deletemessages). What is older
can only be changed, and only if it is ours: it becomes a neutral dot.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.turn import Turn, slot_of
from storage.people import Person

DELETABLE: Final = timedelta(hours=48)


def sweep_but(turn: Turn, person: Person, living: int | None) -> None:
    """Take away whatever else stands in a chat; the living message has a way of its own."""
    rows = turn.store.rows("messages", "of_person", person_id=person.id)
    gone = [row["message_id"] for row in rows if row["message_id"] != living]
    if gone:
        turn.sweep(person, gone)
    for row in turn.store.rows("slots", "of_person", person_id=person.id):
        if row["message_id"] in gone:
            turn.store.later("slots", "empty", id=row["id"])


def clear_chat(turn: Turn, person: Person) -> int:
    """Take everything away that can be; how many messages of theirs are too old for that."""
    living = turn.store.row("slots", "one", id=slot_of(person.id, "living"))
    rows = turn.store.rows("messages", "of_person", person_id=person.id)
    oldest = turn.store.at - int(DELETABLE.total_seconds())
    sweep_but(turn, person, None if living is None else living["message_id"])
    return sum(row["at"] <= oldest and not row["ours"] for row in rows)
