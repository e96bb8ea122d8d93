"""The others: two dozen invented clients without a phone on the page, so that a round has somebody to ask.

They come in by invitations of the programme and play the real bot through Telegram's stand-in, as anybody does. Most
agree to everything and answer all they are asked; some do not, so that every reason not to ask has somebody. Time on
the demo's clock means nothing to them: they read and tap at a person's pace.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from aiohttp import web

from bot.demo.messages import Json
from bot.demo.reader import Reader, Screen
from bot.demo.telegram import Standin
from bot.init import read_master_key
from bot.invite import make_invitation
from bot.programme import FILE_NAME
from bot.screens import BACK, DONE, SKIP, STOP
from bot.settings import load_programme
from storage.database import connect, transact
from storage.keys import Keyring
from storage.store import Store

NAMES: Final = (
    *("Aye", "Bopha", "Chit", "Dao", "Ei", "Hla", "Htet", "Kanya", "Khin", "Lwin", "Malai", "Min"),
    *("Moe", "Nanda", "Noy", "Oo", "Phyu", "Rith", "San", "Su", "Thida", "Tin", "Win", "Zaw"),
)

SEED: Final = 2018
"""They are the same people in every demonstration."""

Invite: TypeAlias = Callable[[int], Sequence[str]]
LANGUAGES: Final = ("en", "my")

ENOUGH: Final = 60
"""Screens after which even the most patient has had enough."""

SKIPS: Final = 0.07
"""How many of the questions they skip."""

AVOIDED: Final = frozenset({"today", "week", "person", "write", "contact", "less", "leave", "change", "nothing"})
"""What would bring something to a caseworker's phone, or lead away from what is asked."""


class Kind(StrEnum):
    """What somebody will do."""

    WHOLE = "answers everything"
    HALF = "stops half way"
    LATER = "says not now"
    NEVER = "never opens it"
    GONE = "has deleted their account, which Telegram tells only whoever writes to them"
    UNASKED = "is not to be written to first"
    PAUSED = "has paused"
    MINOR = "is under 18"


KINDS: Final = (
    *(Kind.WHOLE, Kind.WHOLE, Kind.HALF, Kind.WHOLE, Kind.UNASKED, Kind.WHOLE, Kind.WHOLE, Kind.LATER),
    *(Kind.WHOLE, Kind.WHOLE, Kind.MINOR, Kind.WHOLE, Kind.WHOLE, Kind.NEVER, Kind.WHOLE, Kind.WHOLE),
    *(Kind.PAUSED, Kind.WHOLE, Kind.WHOLE, Kind.GONE, Kind.WHOLE, Kind.WHOLE, Kind.HALF, Kind.WHOLE),
)


class Doing(StrEnum):
    """Where somebody is, as the page counts it."""

    COMING = "coming"
    IN = "in"
    ASKED = "asked"
    ANSWERING = "answering"
    DONE = "done"


class Other:
    """One of them. ``changed`` is called whenever they do something else."""

    def __init__(self, reader: Reader, language: str, kind: Kind, changed: Callable[[], None]) -> None:
        self.kind = kind
        self.doing = Doing.COMING
        self._reader = reader
        self._language = language
        self._changed = changed

    @property
    def chat(self) -> int:
        """Their chat's id."""
        return self._reader.phone.chat_id

    async def live(self, start: str) -> None:
        """Come in by an invitation, and heed whatever is asked, for ever."""
        self._reader.phone.start(start)
        await self._come_in()
        self._become(Doing.IN)
        if self.kind is Kind.GONE:
            self._reader.phone.deactivate()
            return
        while True:
            line = await self._reader.wait_for("!asked")
            self._become(Doing.ASKED)
            if self.kind is Kind.NEVER:
                return
            await self._reader.think(2, 9)
            self._become(Doing.ANSWERING)
            self._reader.tap(line, "!asked")
            await self._reply()
            self._become(Doing.DONE)

    async def _come_in(self) -> None:
        await self._reader.walk(self._enrol, "close")
        await self._follow("more", "contact", "hours", "any")
        if self.kind is Kind.PAUSED:
            await self._follow("more", "contact", "pause", "month")
        await self._put_away()

    async def _enrol(self, screen: Screen) -> None:
        await self._reader.think(0.1, 0.6)
        if DONE in screen.keys:
            struck_out = {"first"} if self.kind is Kind.UNASKED else set()
            await self._reader.tick(screen, [code for code in screen.options if code not in struck_out])
        else:
            age = "minor" if self.kind is Kind.MINOR else "adult"
            self._reader.tap(screen, _first(screen, self._language, "yes", age, "next", "stays", "on", SKIP))

    async def _follow(self, *codes: str) -> None:
        """Tap one after the other, as far as they are there, and go back to the menu."""
        for code in codes:
            screen = await self._reader.next()
            if code not in screen.keys:
                break
            await self._reader.think(0.1, 0.6)
            self._reader.tap(screen, code)
        await self._reader.walk(self._go_back, "close")

    async def _go_back(self, screen: Screen) -> None:
        await self._reader.think(0.1, 0.6)
        self._reader.tap(screen, _first(screen, STOP, "done", "back", "on", SKIP, BACK))

    async def _put_away(self) -> None:
        screen = await self._reader.walk(self._go_back, "close")
        self._reader.tap(screen, "close")

    async def _reply(self) -> None:
        """Answer what comes, each in their own way, until the menu stands there."""
        most = self._reader.dice.randint(5, 12) if self.kind is Kind.HALF else ENOUGH
        for _number in range(most):
            screen = await self._reader.next()
            if "close" in screen.keys:
                break
            await self._reader.think(0.2, 0.9)
            await self._answer(screen)
        await self._put_away()

    async def _answer(self, screen: Screen) -> None:
        reader, dice = self._reader, self._reader.dice
        calm = [code for code in screen.options if code not in AVOIDED] or screen.options
        if "start" in calm:
            reader.tap(screen, "no" if self.kind is Kind.LATER and "no" in calm else "start")
        elif DONE in screen.keys:
            two = [calm[int(dice.triangular(0, len(calm), 0))] for _number in range(2)]
            await reader.tick(screen, dict.fromkeys(two))
        elif not calm or (SKIP in screen.keys and dice.random() < SKIPS):
            reader.tap(screen, _first(screen, SKIP, STOP))
        else:
            # They have been with the same programme: they lean to the same two answers, so that there are figures.
            lean = Random("".join(calm)).randrange(max(1, len(calm) - 1))  # noqa: S311 - the same for all
            reader.tap(screen, calm[min(lean + dice.randrange(2), len(calm) - 1)])

    def _become(self, doing: Doing) -> None:
        self.doing = doing
        self._changed()


def _first(screen: Screen, *codes: str) -> str:
    """The first of these ways that is open; else the first button."""
    return next((code for code in codes if code in screen.keys), next(iter(screen.keys)))


class Others:
    """All of them. ``invite`` makes so many invitations, and ``tell`` gets ``{"of": …, "coming": …, …}``, how many do
    what, whenever that has changed."""

    def __init__(self, standin: Standin, invite: Invite, tell: Callable[[Json], None]) -> None:
        self.all: list[Other] = []
        self._standin = standin
        self._invite = invite
        self._tell = tell
        self._starts: Sequence[str] = ()
        self._invited = asyncio.Event()
        self._inviting = asyncio.Lock()

    @property
    def chats(self) -> frozenset[int]:
        """Whose chats are theirs."""
        return frozenset(other.chat for other in self.all)

    async def live(self) -> None:
        """Live, for ever, once they are let in."""
        await self._invited.wait()
        async with asyncio.TaskGroup() as group:
            for other, start in zip(self.all, self._starts, strict=True):
                group.create_task(other.live(start))
        await asyncio.Event().wait()

    async def let_in(self, pace: float = 1.0) -> None:
        """Invite them, who take `pace` times as long for everything as somebody does who reads; nothing where they are
        in already. Raises sqlite3.Error while there is nothing to come to."""
        async with self._inviting:
            if not self.all:
                self._starts = await asyncio.to_thread(self._invite, len(NAMES))
                self.all = [self._make(number, pace) for number in range(len(NAMES))]
                self._invited.set()
                self._count()

    def routes(self) -> list[web.RouteDef]:
        """The page's button: POST ``{"quick": how many times as fast as a person}``."""
        return [web.post("/demo/others", self._press)]

    async def _press(self, request: web.Request) -> web.Response:
        try:
            pace = 1 / max(1.0, float((await request.json())["quick"]))
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest(text="quick was expected\n") from None
        try:
            await self.let_in(pace)
        except sqlite3.Error:
            return web.json_response({"error": "The bot is only just starting. Try again in a moment."}, status=409)
        return web.json_response({})

    def _make(self, number: int, pace: float) -> Other:
        language = LANGUAGES[number % len(LANGUAGES)]
        phone = self._standin.person(NAMES[number], language)
        reader = Reader(phone, Random(SEED + number), pace)  # noqa: S311 - not for secrets
        return Other(reader, language, KINDS[number], self._count)

    def _count(self) -> None:
        doing = Counter(other.doing for other in self.all)
        self._tell({"of": len(self.all), **{each: doing[each] for each in Doing}})


def invite_clients(home: Path, now: datetime, number: int) -> list[str]:
    """So many invitations for clients, shared out among the programme's places; the payloads of their links."""
    programme = load_programme(home / FILE_NAME)
    keyring = Keyring(read_master_key(home))

    def make(connection: sqlite3.Connection) -> list[str]:
        store = Store(connection, keyring, now)
        places = programme.places or (None,)
        # Two by two, since every other one speaks another language.
        made = [make_invitation(store, programme, "client", places[n // 2 % len(places)]) for n in range(number)]
        store.flush()
        return [invitation.start for invitation in made]

    with closing(connect(home / "firstsay.db")) as connection:
        return transact(connection, make)
