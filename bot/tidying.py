"""Tidying a chat: what was said in it is taken from it again, as far as Telegram allows.

Telegram deletes messages of both sides for 48 hours (https://core.telegram.org/bots/api#deletemessages). What is older
can only be changed, and only if it is ours: it becomes a neutral dot.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.turn import Turn, slot_of
from storage.people import Person
from storage.store import Row

FOLD_AFTER: Final = timedelta(hours=12)
"""When somebody has not touched a chat for so long, what stands in it is folded away."""

SWEEP_AFTER: Final = timedelta(hours=40)
"""What stands in a chat for so long is taken away even if the chat is in use, while it still can be."""

DELETABLE: Final = timedelta(hours=48)

LOOKED_THROUGH: Final = 10_000
"""People whose chats are looked through in one sweep (some 50 ms), while everybody else waits."""


def chats_at_rest(turn: Turn, after: int) -> list[int]:
    """Whose chats are to be folded away now, among the next people (`LOOKED_THROUGH`) from after that one on."""
    return _find(turn, "at_rest", FOLD_AFTER, after)


def chats_to_sweep(turn: Turn, after: int) -> list[int]:
    """In whose chats something stands that could soon not be deleted any more, among the same."""
    return _find(turn, "soon_too_old", SWEEP_AFTER, after)


def _find(turn: Turn, query: str, ago: timedelta, after: int) -> list[int]:
    before, oldest = _ago(turn, ago), _ago(turn, DELETABLE)
    rows = turn.store.rows("messages", query, before=before, oldest=oldest, after=after, most=LOOKED_THROUGH)
    return [row["person_id"] for row in rows]


def sweep_old(turn: Turn, person: int) -> None:
    """Take away what could soon not be deleted any more, while the chat is in use."""
    owner, before = turn.scene(person).person, _ago(turn, SWEEP_AFTER)
    _sweep(turn, owner, [row for row in _loose(turn, owner) if row["at"] < before])


def sweep_rest(turn: Turn, person: Person) -> None:
    """Take away everything but the living message, which has a way of its own, and a line that announces something."""
    _sweep(turn, person, _loose(turn, person))


def clear_chat(turn: Turn, person: Person) -> int:
    """Take everything away that can be; how many messages of theirs are too old for that."""
    rows = _loose(turn, person, beside=("living",))
    _sweep(turn, person, rows)
    return sum(_is_stuck(turn, row) for row in rows)


def _loose(turn: Turn, person: Person, beside: tuple[str, ...] = ("living", "push", "ask")) -> list[Row]:
    """What stands in a chat, but for these slots, and for voice notes whose sound is not kept yet."""
    store = turn.store
    staying = {slot_of(person.id, name) for name in beside}
    rows = store.rows("slots", "of_person", person_id=person.id)
    standing = {row["message_id"] for row in rows if row["id"] in staying}
    standing |= {row["message_id"] for row in store.rows("voices", "not_kept", person_id=person.id)}
    found = store.rows("messages", "of_person", person_id=person.id)
    return [row for row in found if row["message_id"] not in standing]


def _sweep(turn: Turn, person: Person, rows: list[Row]) -> None:
    gone = [row["message_id"] for row in rows if not _is_stuck(turn, row)]
    if gone:
        turn.sweep(person, gone)
    for row in turn.store.rows("slots", "of_person", person_id=person.id):
        if row["message_id"] in gone:
            turn.store.later("slots", "empty", id=row["id"])


def _is_stuck(turn: Turn, row: Row) -> bool:
    """Whether nothing can be done about a message any more: theirs, and too old."""
    return not row["ours"] and row["at"] <= _ago(turn, DELETABLE)


def _ago(turn: Turn, how_long: timedelta) -> int:
    return turn.store.at - int(how_long.total_seconds())
