"""Erasing someone: their key is destroyed and their rows go, and what others' phones still show about them is emptied.

Everything about a person hangs on their row and goes with it (ON DELETE CASCADE), also what still waits to be sent.
Left is their id in `erased`, so that a restore of older data erases them again, and for a day someone nobody knows,
through whom their chat is cleared. What was paid stays in the books: an amount and a day, of nobody and by nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.gate import Purpose
from bot.screens import message
from bot.turn import ANY, Scene, Turn
from conversations.script import Json
from conversations.text import _
from storage import people
from storage.people import Person

FAREWELL_KEPT: Final = timedelta(days=1)
"""For so long the way to an erased person's chat is kept, to clear it."""

TRUNCATE: Final = "truncate"
"""The mark that something was erased and still stands in the write-ahead log."""

EMPTIED: Final = _("A client has erased everything about them. There is nothing to do here any more.")


def erase(turn: Turn, scene: Scene) -> None:
    """Erase the person of the scene; whoever holds the phone is somebody new from now on."""
    store, person = turn.store, scene.person
    standing = [row["message_id"] for row in store.rows("messages", "of_person", person_id=person.id)]
    standing += [row["message_id"] for row in store.rows("slots", "of_person", person_id=person.id)]
    _empty_screens(turn, person)
    _forget_letters(turn, person)
    for table in ("people", "identities", "invitations"):
        store.now_or_not(table, "erase", person_id=person.id)
    for table, query in people.UNNAMED:
        store.now_or_not(table, query)
    store.later("erased", "note", person_id=person.id, at=store.at)
    store.later("marks", "put", name=TRUNCATE, value=1)
    unknown = people.add_stranger(store, person.chat, person.language, kept=FAREWELL_KEPT)
    turn.exchange(scene, unknown)
    turn.sweep(unknown, sorted(set(standing)), of=person.id)


def due(turn: Turn) -> list[int]:
    """Those who wished it for a later day, and have not thought better of it."""
    return [row["id"] for row in turn.store.rows("people", "erase_due", now=turn.store.at)]


def erase_due(turn: Turn, person: int) -> None:
    """Erase somebody on the day that they chose; nothing is said to them then."""
    erase(turn, turn.scene(person))


def _empty_screens(turn: Turn, person: Person) -> None:
    """What stands about them on others' phones; open screens are drawn anew, and find nothing."""
    for row in turn.store.rows("slots", "about", subject_id=person.id):
        other, name = turn.scene(row["person_id"]).person, row["id"].partition(".")[2]
        if name.startswith("alert."):
            turn.show(other, row["id"], message(turn.word(EMPTIED, other), []), Purpose.EDIT)
        elif name != "living":
            turn.clear(other, row["id"])
    for role in ("caseworker", "lead"):
        for staff in people.find_by_role(turn.store, role):
            turn.nudge(staff.id, ANY, silent=True)


def _forget_letters(turn: Turn, person: Person) -> None:
    """Messages of theirs that could not be handled; whose they are stands only inside."""
    store = turn.store
    for row in store.rows("letters", "all"):
        update = json.loads(store.keyring.programme.open(row["body"], f"letters.body:{row['id']}"))
        if person.chat in _numbers(update):
            store.later("letters", "erase", id=row["id"])


def _numbers(content: Json) -> Iterator[int]:
    """Every number in it, wherever it stands: what could not be handled may have any shape."""
    if isinstance(content, dict | list):
        for inside in content.values() if isinstance(content, dict) else content:
            yield from _numbers(inside)
    elif isinstance(content, int):
        yield content
