"""Clients who answer by what their phone shows them, and remember what they said."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.demo.chats import Phone
from bot.demo.messages import Shown
from bot.screens import BACK, SKIP, STOP, read_token
from conversations.instruments import NEEDS
from tests.chaos.home import Kept

PATIENCE = 40.0
"""Seconds after which a client who gets no answer has been failed."""

ITEMS = {item.label.wordings["en"]: item.code for item in NEEDS.items}
MEANING = NEEDS.meaning.wordings["en"]
LEVELS = ("none", "talk", "week", "today")
SEND = "Shall I send it?"

LIKING: dict[str, float] = dict.fromkeys("1234", 3.0) | {
    "needs": 9,
    "go": 9,
    "on": 9,
    "yes": 9,
    "help": 6,
    "done": 3,
    "firsts": 1,
}
LIKING |= {"language": 0, "back": 0, "more": 0, STOP: 0.3}
"""How much a button is liked; 1 where nothing is said. English stays English, an alert sent stays sent, and
nobody erases what is to be found afterwards."""

COMMANDS = ("/menu", "/help")

Token = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Screen:
    """The newest message of the bot that asks for something."""

    message: Shown
    token: Token
    buttons: dict[str, str]
    """Data by code."""

    @property
    def item(self) -> str:
        """The code of the need that it is about; empty where it is about none."""
        for entity in self.message.entities:
            title = self.message.text[entity["offset"] : entity["offset"] + entity["length"]]
            return ITEMS.get(title, "")
        return ""

    @property
    def asks_meaning(self) -> bool:
        return bool(self.item) and MEANING in self.message.text

    @property
    def asks_wish(self) -> bool:
        return bool(self.item) and {"talk", "none"} <= set(self.buttons)

    @property
    def asks_rating(self) -> bool:
        return bool(self.item) and set("1234") <= set(self.buttons)

    @property
    def sends(self) -> bool:
        return SEND in self.message.text

    def means(self, code: str) -> Kept | None:
        """What the store must hold once this button is tapped; None where it holds nothing of it."""
        suffix = ".meaning" if self.asks_meaning else ".wish" if self.asks_wish else ""
        if code in (BACK, STOP) or not (self.asks_rating or suffix):
            return None
        if code == SKIP:
            return Kept(self.item + suffix, "skipped", None, "")
        value = LEVELS.index(code) if self.asks_wish else int(code)
        return Kept(self.item + suffix, "answered", value, "")


@dataclass(slots=True, eq=False)
class Client:
    """One client. A nervous one taps twice, and taps what is long gone."""

    phone: Phone
    dice: random.Random
    pace: float = 0.1
    """Mean seconds between an answer and the next."""
    nervous: bool = False
    words: str = "this would help"
    said: list[Kept] = field(default_factory=list)
    """What the store must hold of this client, in order."""
    sent: int = 0
    """Alerts that this client has raised."""
    taps: int = 0
    newest: int = 0
    """The newest message that asked for something."""
    answered: set[Token] = field(default_factory=set)
    left: Token | None = None
    """The question that was on the screen at the last tap; one may come back to it after Stop or a command."""

    def screen(self, _phone: object = None) -> Screen | None:
        """What is to be answered now; None while the answer to the last tap is on its way.

        What stands above a message that was there already, but for a moment is the last, is nothing to be answered.
        """
        for message in reversed(self.phone.messages):
            if message.from_bot and (screen := read_screen(message)):
                if message.message_id < self.newest:
                    return None
                self.newest = message.message_id
                return None if self.is_over(screen.token) else screen
        return None

    def is_over(self, token: Token) -> bool:
        """Whether this question has had its answer."""
        return token in self.answered or token == self.left

    async def next_screen(self, timeout: float = PATIENCE) -> Screen:  # noqa: ASYNC109
        """Wait for the next question."""
        return await self.phone.until(self.screen, timeout)

    async def live(self, enough: asyncio.Event) -> None:
        """Answer and answer until it is enough; ends with a question on the screen, nothing under way."""
        self.phone.send("/menu")
        while True:
            screen = await self.next_screen()
            if enough.is_set():
                return
            await asyncio.sleep(self.dice.expovariate(1 / self.pace))
            self.answer(screen)

    def answer(self, screen: Screen, code: str = "") -> None:
        """Answer by a tap or, where they are asked for, in own words; or ask for something else instead."""
        if not code and self.dice.random() < 0.1:
            self.phone.send(self.dice.choice(COMMANDS))
            self.left = screen.token
            return
        if not code and screen.asks_meaning and self.dice.random() < 0.5:
            words = f"{self.words}, number {len(self.said)}"
            self.phone.send(words)
            self.said.append(Kept(f"{screen.item}.meaning", "answered", None, words))
            self.answered.add(screen.token)
            self.left = screen.token
            self.taps += 1
            return
        self.tap(screen, code or self.choose(screen))
        if self.nervous and self.dice.random() < 0.3:
            self.tap(screen, self.choose(screen))

    def tap(self, screen: Screen, code: str) -> None:
        """Tap a button; what counts is the first tap on a question."""
        self.phone.tap_data(screen.message.message_id, screen.buttons[code])
        self.taps += 1
        if self.is_over(screen.token):
            return
        self.left = screen.token
        if code == STOP:
            return
        self.answered.add(screen.token)
        kept = screen.means(code)
        self.said += [kept] if kept else []
        self.sent += screen.sends and code == "yes"

    def choose(self, screen: Screen) -> str:
        codes = list(screen.buttons)
        weights = [LIKING.get(code.partition(".")[0], 1) for code in codes]
        return self.dice.choices(codes, weights)[0]


def read_screen(message: Shown) -> Screen | None:
    """A message as a question; None for one without buttons that answer."""
    buttons: dict[str, str] = {}
    token: Token | None = None
    for data in datas(message):
        read = read_token(data)
        if read is not None:
            token = read[:2]
            buttons[read[2]] = data
    return Screen(message, token, buttons) if token else None


def datas(message: Shown) -> Iterator[str]:
    """The data of every button."""
    return (data for row in message.buttons for _label, data in row if data)


def find_alerts(phone: Phone) -> dict[int, int]:
    """How many messages this caseworker was ever shown of each alert, by the alert's id."""
    found: dict[int, set[int]] = {}
    for event in phone.history:
        if event.kind != "message":
            continue
        for data in datas(event.message):
            if data.startswith("!take."):
                found.setdefault(int(data.removeprefix("!take.")), set()).add(event.message.message_id)
    return {alert: len(messages) for alert, messages in found.items()}
