"""The others: two dozen invented clients who play the real bot, each in their own way."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from bot.demo import reader as reading
from bot.demo.chats import Phone
from bot.demo.clock import DemoClock
from bot.demo.home import create_demo_home, demo_environment, demo_hours
from bot.demo.keeper import Keeper, State
from bot.demo.messages import Json
from bot.demo.others import NAMES, Kind, Others, invite_clients
from bot.demo.reader import Reader, read_screen
from bot.demo.story import tell_round, tell_story
from bot.demo.telegram import TOKEN, Standin
from bot.demo.window import Window
from bot.init import read_master_key
from bot.programme import FILE_NAME
from bot.rounds import plans
from bot.settings import load_programme
from bot.turn import Turn
from conversations.instruments import CHECKIN
from conversations.looks import Draft
from storage.database import connect, transact
from storage.keys import Keyring
from storage.store import Store

CHECKIN_NOW: Final = Draft(
    instrument=CHECKIN.name,
    version=CHECKIN.version,
    audience=["everyone", ""],
    at=None,
    repeat="once",
    times=None,
    last=False,
    window_hours=72,
)

SECONDS: Final = 60
"""That all of them may take for something, on a machine that has other things to do."""


async def until(test: Callable[[], object]) -> None:
    """Wait until that is so."""
    async with asyncio.timeout(SECONDS):
        while not test():  # noqa: ASYNC110 - what is told is only noted
            await asyncio.sleep(0.01)


# One of them, and a bot that is played by the test.


@pytest.fixture
def phone(standin: Standin) -> Phone:
    return standin.person("Aye", "en", opened=True)


async def show(standin: Standin, phone: Phone, *buttons: tuple[str, str], message: int | None = None) -> int:
    """Send a message with these buttons (label and data), or change one to them."""
    rows = {"inline_keyboard": [[{"text": label, "callback_data": data}] for label, data in buttons]}
    method = "editMessageText" if message else "sendMessage"
    values = {"chat_id": phone.chat_id, "text": f"{buttons}", "reply_markup": rows}
    answer = await standin.execute(method, values | ({"message_id": message} if message else {}))
    assert answer["ok"], answer
    return int(answer["result"]["message_id"])


def taps(standin: Standin) -> list[str]:
    """What was tapped and waits for the bot."""
    return [update.body["callback_query"]["data"] for update in standin.updates.pending.values()]


async def test_a_screen_is_read_by_what_its_buttons_do(standin: Standin, phone: Phone) -> None:
    await show(standin, phone, ("Open", "!asked.7"))
    await show(standin, phone, ("☑ ဟုတ်", "k.3.go.5"), ("☐ No", "k.3.no"), ("Done", "k.3.~d"))
    notice, question = (read_screen(shown) for shown in phone.messages)
    assert notice and question
    assert (notice.place, dict(notice.keys)) == ("!asked.7", {"!asked": "!asked.7"})
    assert (question.place, question.options, set(question.ticked)) == ("k.3", ["go.5", "no"], {"go.5"})
    assert read_screen(phone.send("hello")) is None


async def test_the_lowest_screen_that_was_not_answered_is_the_one_to_answer(standin: Standin, phone: Phone) -> None:
    person = Reader(phone, Random(1), pace=0)
    await show(standin, phone, ("Open", "!asked.7"))
    await show(standin, phone, ("Yes", "k.3.yes"))
    screen = await person.next()
    assert screen.place == "k.3"
    person.tap(screen, "yes")
    assert (await person.next()).place == "!asked.7"
    assert person.find("no") is None
    assert taps(standin) == ["k.3.yes"]


async def test_a_tap_that_changes_nothing_is_made_again(
    standin: Standin, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.02)
    person = Reader(phone, Random(1), pace=0)
    await show(standin, phone, ("Yes", "k.3.yes"))
    person.tap(await person.next(), "yes")
    async with asyncio.timeout(5):
        assert (await person.next()).place == "k.3"


async def test_each_tick_waits_until_the_one_before_is_seen(standin: Standin, phone: Phone) -> None:
    person = Reader(phone, Random(1), pace=0)
    message = await show(standin, phone, ("☐ A", "k.3.a"), ("☐ B", "k.3.b"), ("Done", "k.3.~d"))
    ticking = asyncio.create_task(person.tick(await person.next(), ["a", "b"]))
    await until(lambda: taps(standin))
    phone.note("toast")  # something else changes
    for _turn in range(5):
        await asyncio.sleep(0)
    assert taps(standin) == ["k.3.a"]
    await show(standin, phone, ("☑ A", "k.3.a"), ("☐ B", "k.3.b"), ("Done", "k.3.~d"), message=message)
    await until(lambda: len(taps(standin)) == 2)
    await show(standin, phone, ("☑ A", "k.3.a"), ("☑ B", "k.3.b"), ("Done", "k.3.~d"), message=message)
    await ticking
    assert taps(standin) == ["k.3.a", "k.3.b", "k.3.~d"]


# All of them, and the real bot.


class Demo:
    """A demo without a page."""

    def __init__(self, home: Path, standin: Standin, clock: DemoClock) -> None:
        create_demo_home(home, "UTC", date(2026, 11, 23))
        self.home = home
        self.clock = clock
        self.told: list[Json] = []
        self.running = asyncio.Event()
        self.environment = demo_environment(home, TOKEN, standin.url)
        self.keeper = Keeper(self.environment, lambda _line: None, self._show, ahead=lambda: clock.ahead)
        self.window = Window(home)
        self.others = Others(standin, lambda n: invite_clients(home, clock.now(), n), self.told.append)
        clock.moved.append(self.keeper.pass_on_time)
        standin.before.append(lambda method, _values: self.keeper.note_alive() if method == "getUpdates" else None)

    def write(self, work: Callable[[Turn], Any]) -> Any:
        """What another process does in this home, as a command would."""
        programme, keyring = load_programme(self.home / FILE_NAME), Keyring(read_master_key(self.home))

        def make(connection: sqlite3.Connection) -> Any:
            turn = Turn(Store(connection, keyring, self.clock.now()), programme, {})
            done = work(turn)
            turn.store.flush()
            return done

        with closing(connect(self.home / "firstsay.db")) as connection:
            return transact(connection, make)

    def asked(self) -> dict[tuple[str, str], int]:
        """How many were left where by the round, and why."""
        return dict(Counter((row["state"], row["reason"]) for row in self.rows("askings")))

    def rows(self, table: str) -> list[Any]:
        """Open cells of a table's rows."""
        return [row["cells"] for one in self.window.look()["tables"] if one["name"] == table for row in one["rows"]]

    def _show(self, state: State) -> None:
        if state is State.RUNNING:
            self.running.set()


@asynccontextmanager
async def demo_in(home: Path) -> AsyncIterator[Demo]:
    clock = DemoClock(demo_hours("UTC"))
    async with Standin(now=clock.now) as standin:
        demo = Demo(home, standin, clock)
        tasks = [asyncio.create_task(demo.keeper.keep()), asyncio.create_task(demo.others.live())]
        try:
            async with asyncio.timeout(SECONDS):
                await demo.running.wait()
            yield demo
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            demo.window.close()


async def test_they_come_in_by_themselves_and_answer_a_round_each_in_their_own_way(tmp_path: Path) -> None:
    async with demo_in(tmp_path / "home") as demo:
        await asyncio.gather(demo.others.let_in(0), demo.others.let_in(0))  # twice, and they come once
        await until(lambda: demo.told[-1]["in"] == len(NAMES))
        people = demo.rows("people")
        assert len(people) == len(NAMES)
        assert Counter(row["adult"] for row in people) == {1: 23, 0: 1}
        assert Counter(row["first"] for row in people) == {1: 22, 0: 2}  # nothing is asked of whoever is under 18
        assert Counter(row["hours"] for row in people) == {"any": 23, "": 1}
        assert sum("quiet_until" in row for row in people) == 1
        assert len(Counter((row["language"], row["place"]) for row in people)) == 4
        assert tell_story(demo.window)["client"] is not None
        assert tell_story(demo.window, demo.others.chats)["client"] is None  # nobody's story moves on to them
        assert tell_round(demo.window) == {"plan": None}

        demo.clock.let_pass("hour")  # whoever did something just now is not interrupted
        demo.write(lambda turn: plans.make_plan(turn, None, CHECKIN_NOW))
        await until(lambda: tell_round(demo.window)["opened"] > 3)
        demo.keeper.kill()
        await until(lambda: tell_round(demo.window)["answered"] > 8)
        await until(lambda: not demo.told[-1]["answering"] and demo.told[-1]["done"] > 12)
        whole, half = (sum(other.kind is kind for other in demo.others.all) for kind in (Kind.WHOLE, Kind.HALF))
        assert (whole, half, demo.asked()) == (
            16,
            2,
            {
                ("answered", ""): whole,
                ("opened", ""): half,
                ("declined", ""): 1,
                ("sent", ""): 1,
                ("blocked", "blocked"): 1,
                ("unsent", "first"): 1,
                ("unsent", "minor"): 1,
                ("unsent", "paused"): 1,
            },
        )
        assert demo.rows("alerts") == [] or {row["kind"] for row in demo.rows("alerts")} == {"minor"}
        assert demo.told[-1] == {"of": 24, "coming": 0, "in": 4, "asked": 1, "answering": 0, "done": 19}
