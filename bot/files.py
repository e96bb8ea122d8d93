"""Files that go into a chat, drawn when they are sent: an outbox row holds what is to be drawn, never the drawing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from bot import mine, picture, sounds, way
from bot.cash import page as money
from bot.report import sheet
from bot.rounds import page
from bot.telegram import File
from bot.turn import Turn
from storage.people import Person


@dataclass(frozen=True, slots=True)
class Drawer:
    """`read` finds what is needed, on the database's thread and within one snapshot (None: it is gone by now); `make`
    turns that into a file, on a thread of its own, so that a long drawing holds up nobody."""

    read: Callable[[Turn, Person, Mapping[str, Any]], Any]
    make: Callable[[Any], File]


class ReadFor(Protocol):
    """Runs something with a turn that only reads, for the person whom the file is for."""

    def __call__(self, work: Callable[[Turn, Person], Any], /) -> Awaitable[Any]: ...


async def draw(wanted: Mapping[str, Any], read_for: ReadFor) -> File | None:
    """Draw what an outbox row asks for; None where what it is about is gone."""
    drawer = DRAWERS[wanted["draw"]]
    found = await read_for(partial(_read, drawer, wanted))
    return None if found is None else await asyncio.to_thread(drawer.make, found)


def _read(drawer: Drawer, wanted: Mapping[str, Any], turn: Turn, person: Person) -> Any:
    return drawer.read(turn, person, wanted)


DRAWERS: Final[Mapping[str, Drawer]] = {
    "mine": Drawer(mine.read, mine.make),
    "money": Drawer(money.read, money.make),
    "qr": Drawer(picture.read, picture.make),
    "report": Drawer(sheet.read, sheet.make),
    "result": Drawer(page.read, page.make),
    "voice": Drawer(sounds.read, sounds.make),
    "way": Drawer(way.read, way.make),
}
"""By the name that an outbox row calls them."""
