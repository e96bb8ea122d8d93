"""A link as a picture (QR), drawn only when it is sent, for another phone's camera to read off this one's screen."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from bot.screens import caption
from bot.telegram import File
from bot.turn import Turn, slot_of
from conversations.text import _
from storage.people import Person

SLOT: Final = "picture"
DOTS: Final = 16
"""Dots along each side of a module: a multiple of JPEG's 8, so that Telegram's compression blurs no edge."""

QUIET: Final = 6
"""Modules of white around it; the standard (ISO/IEC 18004) asks for 4, and a dark theme is hard on cheap cameras."""


def show(turn: Turn, person: Person, link: str) -> None:
    """Put the picture into this person's chat; it tells nothing about who the link is for."""
    words = turn.word(_("For the camera of one phone. It works once."), person)
    wanted = {"kind": "photo", "draw": "qr", "link": link}
    turn.show_file(person, slot_of(person.id, SLOT), wanted, caption(words, []))


def read(turn: Turn, person: Person, wanted: Mapping[str, Any]) -> str:
    """The link."""
    return str(wanted["link"])


def make(link: str) -> File:
    """The picture: black on white, with as much error correction as fits into its size."""
    import segno  # a tenth of a second to import, and few processes ever draw one

    drawn = BytesIO()
    segno.make_qr(link, error="m").save(drawn, kind="png", scale=DOTS, border=QUIET)
    return File("photo", "link.png", drawn.getvalue(), "image/png")
