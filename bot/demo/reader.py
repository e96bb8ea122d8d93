"""Somebody who has a phone, but not one on the page: they read what stands on its screen, and tap.

They go by what a button does (its data, as `bot.screens` writes it) and by where it stands, so that they find their way
in every language and in any wording, and know nothing that is not on the screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.demo.chats import Phone
from bot.demo.messages import Shown
from bot.screens import DONE

PATIENCE: Final = 15.0
"""Seconds after which somebody whose tap has changed nothing tries once more."""

TICKED: Final = "☑"


@dataclass(frozen=True, slots=True)
class Screen:
    """A message with buttons. `place` is the same for all of one question; `keys` maps what each button does to its
    data, from the top down; `ticked` are those with a tick. A button that stands by itself (`!asked.7`) does `!asked`.
    """

    message_id: int
    place: str
    keys: Mapping[str, str]
    ticked: frozenset[str]

    @property
    def options(self) -> list[str]:
        """The answers, without the ways past the question."""
        return [code for code in self.keys if not code.startswith("~")]


def read_screen(shown: Shown) -> Screen | None:
    """What can be tapped under a message of the bot; None where there is nothing."""
    labels = {data: label for row in shown.buttons for label, data in row if data}
    if not labels or not shown.from_bot:
        return None
    keys = {_read_code(data): data for data in labels}
    ticked = frozenset(code for code, data in keys.items() if labels[data].startswith(TICKED))
    first = next(iter(labels))
    place = first if first.startswith("!") else ".".join(first.split(".", 2)[:2])
    return Screen(shown.message_id, place, keys, ticked)


def _read_code(data: str) -> str:
    return data.partition(".")[0] if data.startswith("!") else data.split(".", 2)[-1]


class Reader:
    """One person. They take as long as somebody does who reads, times `pace`."""

    def __init__(self, phone: Phone, dice: Random, pace: float) -> None:
        self.phone = phone
        self.dice = dice
        self._pace = pace
        self._answered: set[str] = set()
        self._latest = ""

    async def think(self, least: float, most: float) -> None:
        """Let some seconds go by."""
        await asyncio.sleep(self.dice.uniform(least, most) * self._pace)

    def find(self, *codes: str) -> Screen | None:
        """The lowest screen that was not answered yet, with one of these buttons (any, where none is named)."""
        for shown in reversed(self.phone.messages):
            screen = read_screen(shown)
            if screen is None or screen.place in self._answered:
                continue
            if not codes or any(code in screen.keys for code in codes):
                return screen
        return None

    async def wait_for(self, *codes: str) -> Screen:
        """Such a screen, whenever it comes."""
        while (screen := self.find(*codes)) is None:
            await self.phone.change()
        return screen

    async def next(self) -> Screen:
        """What comes after a tap. Where nothing does, they go back to what they tapped."""
        while (screen := self.find()) is None:
            if not await self._change():
                self._answered.discard(self._latest)
        return screen

    def tap(self, screen: Screen, code: str) -> None:
        """Tap a button; the screen is done with."""
        self._answered.add(screen.place)
        self._latest = screen.place
        self.phone.tap_data(screen.message_id, screen.keys[code])

    async def tick(self, screen: Screen, codes: Iterable[str]) -> None:
        """Tick these, each once the one before is seen to be ticked, and say so."""
        for code in codes:
            await self.think(0.1, 0.6)
            self.phone.tap_data(screen.message_id, screen.keys[code])
            while not self._is_ticked(screen, code) and await self._change():
                pass
        await self.think(0.1, 0.6)
        self.tap(screen, DONE)

    async def walk(self, answer: Callable[[Screen], Awaitable[None]], *ends: str) -> Screen:
        """Answer one screen after the other until one has a button of `ends`; gives that."""
        while True:
            screen = await self.next()
            if any(code in screen.keys for code in ends):
                return screen
            await answer(screen)

    def _is_ticked(self, screen: Screen, code: str) -> bool:
        """Or the screen has moved on."""
        shown = next((one for one in self.phone.messages if one.message_id == screen.message_id), None)
        now = read_screen(shown) if shown else None
        return now is None or now.place != screen.place or code in now.ticked

    async def _change(self) -> bool:
        """Wait until something changes on the phone; False where nothing does for long."""
        try:
            await asyncio.wait_for(self.phone.change(), PATIENCE)
        except TimeoutError:
            return False
        return True
