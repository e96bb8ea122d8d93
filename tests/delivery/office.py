"""The outbox at work: a real database, the real delivery, and the stand-in for Telegram over HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.delivery import Delivery
from bot.demo.chats import Phone
from bot.demo.messages import Json
from bot.demo.telegram import TOKEN, Standin
from bot.gate import Purpose
from bot.intake import Intake
from bot.pace import Pace
from bot.programme import Programme
from bot.request import AiohttpRequest
from bot.screens import message
from bot.telegram import Telegram
from bot.turn import REPLY, Turn, slot_of
from bot.turns import Taken, Turns
from storage import people
from storage.database import Connection, open_database
from storage.keys import Keyring
from storage.people import Person
from storage.store import Store
from tests.player import MASTER, MONDAY, PROGRAMME

T = TypeVar("T")


class Clock:
    """The time as everything in the bot sees it; it moves only when it is told to."""

    def __init__(self) -> None:
        self.time = MONDAY

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **how_far: float) -> None:
        self.time += timedelta(**how_far)


class Office:
    """One process: its connection, its delivery, its intake. Another office on the same file is the next life."""

    def __init__(
        self, database: Connection, request: AiohttpRequest, url: str, clock: Clock, pace: Pace | None = None
    ) -> None:
        self.database = database
        self.clock = clock
        self.programme: Programme = PROGRAMME
        self.keyring = Keyring(MASTER)
        self.pace = pace or Pace(10_000, 10_000, asyncio.get_running_loop().time)
        self.delivery = Delivery(database, Telegram(url, TOKEN, request), self.keyring, self.programme, self.pace)
        self.turns = Turns(self.keyring, self.programme)
        self.intake = Intake(database, self.turns, self.delivery, self.keyring)

    # --- what is kept ----------------------------------------------------------------------------------------

    async def transact(self, work: Callable[[Store], T]) -> T:
        """One transaction of the process."""

        def inside(connection: sqlite3.Connection) -> T:
            store = Store(connection, self.keyring, self.clock())
            result = work(store)
            store.flush()
            return result

        return await self.database.transact(inside)

    async def admit(self, phone: Phone, role: str = "client", hours: str = "any") -> Person:
        """Let somebody in, who agreed to be written to first."""

        def work(store: Store) -> Person:
            admitted = people.admit(store, people.add_stranger(store, phone.chat_id, "en"), role, None)
            person = replace(admitted, hours=hours, adult=True, name="Somebody", first=True)
            people.save(store, person)
            return person

        return await self.transact(work)

    async def person(self, phone: Phone) -> Person:
        """Somebody as the store has them now."""
        return (await self.transact(lambda store: people.find_by_chats(store, [phone.chat_id])))[phone.chat_id]

    async def outbox(self) -> list[tuple[str, str]]:
        """State and reason of every row, in order."""
        rows = await self.query("SELECT state, reason FROM outbox ORDER BY id")
        return [(row["state"], row["reason"]) for row in rows]

    async def states(self) -> Counter[str]:
        """How many rows are in which state."""
        return Counter(state for state, _reason in await self.outbox())

    async def slot(self, person: Person, name: str = "living") -> int | None:
        """The message that stands in a slot, as the store has it."""
        rows = await self.query("SELECT message_id FROM slots WHERE id = ?", slot_of(person.id, name))
        return rows[0][0] if rows else None

    async def query(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return await self.database.read(lambda connection: list(connection.execute(sql, values)))

    # --- what is sent ----------------------------------------------------------------------------------------

    async def write(self, work: Callable[[Turn], None]) -> Taken:
        """A transaction that wants something sent, and does not tell the delivery yet."""

        def inside(store: Store) -> Taken:
            turn = Turn(store, self.programme, {})
            work(turn)
            return Taken(sendings=turn.sendings)

        return await self.transact(inside)

    async def turn(self, work: Callable[[Turn], None]) -> None:
        """A transaction that wants something sent; after its commit the delivery has it."""
        self.delivery.put(await self.write(work))

    async def show(self, person: Person, text: str, *, slot: str = "living", **settings: Any) -> None:
        """Let a slot show some words."""
        await self.turn(showing(person, text, slot=slot, **settings))

    async def settled(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until nothing is under way, and note it."""
        async with asyncio.timeout(timeout):
            while self.delivery._tasks:
                await asyncio.wait({*self.delivery._tasks})
        await self.delivery.note_marks()
        assert self.delivery.idle


def showing(
    person: Person, text: str, *, slot: str = "living", purpose: Purpose = Purpose.ANSWER, **settings: Any
) -> Callable[[Turn], None]:
    """What a turn does to show some words."""
    settings = {"lane": REPLY} | settings
    return lambda turn: turn.show(person, slot_of(person.id, slot), message(text, []), purpose, **settings)


@asynccontextmanager
async def open_office(path: Path, url: str, clock: Clock, pace: Pace | None = None) -> AsyncIterator[Office]:
    """A process from its start to its end; what it did not finish stays as it is, as after a crash."""
    request = AiohttpRequest()
    await request.initialize()
    database = await open_database(path)
    office = Office(database, request, url, clock, pace)
    try:
        yield office
    finally:
        for task in [*office.delivery._tasks]:
            task.cancel()
        await asyncio.gather(*office.delivery._tasks, return_exceptions=True)
        await database.close()
        await request.shutdown()


class Calls:
    """What the bot asked of the stand-in, in order: method, chat, text; and how many at once in one chat."""

    def __init__(self, standin: Standin) -> None:
        self.made: list[tuple[str, int, str]] = []
        self.times: list[float] = []
        self.most_at_once: Counter[int] = Counter()
        self._at_once: Counter[int] = Counter()
        standin.before.append(self._begin)
        standin.after.append(self._end)

    def _begin(self, method: str, values: Json) -> None:
        chat = values.get("chat_id", 0)
        self.made.append((method, chat, values.get("text", "")))
        self.times.append(asyncio.get_running_loop().time())
        self._at_once[chat] += 1
        self.most_at_once[chat] = max(self.most_at_once[chat], self._at_once[chat])

    def _end(self, _method: str, values: Json, _answer: Json) -> None:
        self._at_once[values.get("chat_id", 0)] -= 1

    def methods(self, chat: int | None = None) -> list[str]:
        """The methods that were called, in all or for one chat."""
        return [method for method, whose, _text in self.made if chat in (None, whose)]

    def texts(self, methods: Iterable[str] = ("sendMessage", "editMessageText")) -> list[str]:
        """The texts that were sent or put in place of another."""
        return [text for method, _chat, text in self.made if method in methods]

    def clear(self) -> None:
        self.made.clear()
        self.times.clear()


class Gate:
    """Holds calls about one chat until it is opened."""

    def __init__(self, standin: Standin, phone: Phone) -> None:
        self._chat = phone.chat_id
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        standin.before.append(self._hold)

    async def _hold(self, _method: str, values: Json) -> None:
        if values.get("chat_id") == self._chat:
            self.reached.set()
            await self.opened.wait()


def screen(phone: Phone) -> list[str]:
    """What the bot has on this phone now."""
    return [shown.text for shown in phone.messages if shown.from_bot]
