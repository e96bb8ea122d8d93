"""The sound of a voice note, for whoever may hear it: opened only when it is sent, and kept in no row of the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.feedback import find, may_hear, show
from bot.screens import caption
from bot.telegram import File
from bot.turn import Turn, slot_of
from storage.people import Person

SLOT: Final = "sound"


def play(turn: Turn, lead: Person, feedback: int) -> Person | None:
    """Put the sound of a voice note to the leads under the screen of one of them. Back: who gave it, or None."""
    found, shown = find(turn, lead, feedback), show(turn, lead, feedback)
    if found is None or shown is None or shown["sound"] != "kept":
        return None
    _row, giver = found
    wanted = {"kind": "voice", "draw": "voice", "voice": shown["voice"]}
    turn.show_file(lead, slot_of(lead.id, SLOT), wanted, caption("·", []), subject=giver)
    return giver


def read(turn: Turn, listener: Person, wanted: Mapping[str, Any]) -> bytes | None:
    """The sound of the note named under "voice". Whether it is for this listener is asked here once more."""
    row = turn.store.row("voices", "one", id=wanted["voice"])
    giver = turn.find(row["person_id"]) if row is not None else None
    if row is None or giver is None or row["sound"] is None or not may_hear(turn, listener, giver, row["id"]):
        return None
    return giver.box.open(row["sound"], f"voices.sound:{row['id']}")


def make(sound: bytes) -> File:
    """As Telegram plays it: what it gave us, unchanged (https://core.telegram.org/bots/api#sendvoice)."""
    return File("voice", "voice.ogg", sound, "audio/ogg")
