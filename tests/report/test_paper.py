"""The paper, replayed: its 117 clients tap through everything on the real bot, and the real command reports."""

from __future__ import annotations

import asyncio
import statistics
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from sqlite3 import Connection

import pytest

from bot.clock import now
from bot.demo.chats import Phone
from bot.demo.telegram import Standin
from bot.invite import make_invitation
from bot.programme import Programme
from bot.report.census import CATEGORY, NEED, ROWS, Question, take_census
from bot.report.disclosure import Count, percent
from bot.report.figures import make_report
from bot.screens import DONE, SKIP
from storage.database import connect, transact
from storage.store import Store
from tests.chaos.clients import Screen, read_screen
from tests.chaos.home import Home
from tests.chaos.lives import Bot, run_command
from tests.report.paper import CATEGORIES, CLIENTS, FIRST, PERCENT, TOP, invent

FORWARD = ("needs", "en", "yes", "adult", "next", "plan", "figures", DONE, "stays", "on", SKIP)
"""What leads on; the first of these that is there and not yet ticked, or else the first button."""
PATIENCE = 50.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
async def standin() -> AsyncIterator[Standin]:
    async with Standin() as standin:
        yield standin


@pytest.fixture
async def bot(home: Home, standin: Standin) -> AsyncIterator[Bot]:
    bot = Bot(home, standin)
    yield bot
    await bot.kill()


def invite(home: Home, number: int) -> list[str]:
    """So many invitations for clients, as the command makes one."""

    def work(connection: Connection) -> list[str]:
        store = Store(connection, home.keyring, now())
        made = [make_invitation(store, Programme(), "client").start for _ in range(number)]
        store.flush()
        return made

    with closing(connect(home.database)) as connection:
        return transact(connection, work)


async def rate_everything(phone: Phone, start: str, firsts: frozenset[str]) -> int:
    """From the link to the last of the 21, by taps alone; how many there were."""
    phone.start(start)
    taps, rated, before = 0, set[str](), ""
    while len(rated) < len(PERCENT):
        screen = await phone.until(partial(_after, before), PATIENCE)
        before = str(screen.message.raw)
        code = _answer(screen, firsts)
        if screen.asks_rating:
            rated.add(screen.item)
        phone.tap_data(screen.message.message_id, screen.buttons[code])
        taps += 1
    await phone.until(partial(_after, before), PATIENCE)
    return taps


def _after(before: str, phone: Phone) -> Screen | None:
    screen = read_screen(phone.last)
    return screen if screen is not None and str(screen.message.raw) != before else None


def _answer(screen: Screen, firsts: frozenset[str]) -> str:
    if screen.asks_rating:
        return "4" if screen.item in firsts else str(1 + len(screen.item) % 3)
    ticked = set(_ticked(screen))
    return next((code for code in FORWARD if code in screen.buttons and code not in ticked), next(iter(screen.buttons)))


def _ticked(screen: Screen) -> Iterator[str]:
    shown = {data: label for row in screen.message.buttons for label, data in row if data}
    return (code for code, data in screen.buttons.items() if shown[data].startswith("☑"))


async def test_the_117_clients_of_the_paper(home: Home, standin: Standin, bot: Bot) -> None:
    given = invent()
    starts = invite(home, CLIENTS)
    await bot.start()
    phones = [standin.person("Client", "en") for _ in given]
    async with asyncio.timeout(2 * PATIENCE):
        people = zip(phones, starts, given, strict=True)
        taps = await asyncio.gather(*(rate_everything(phone, start, firsts) for phone, start, firsts in people))
    assert min(taps) > 21 + 10
    check_the_figures(home)
    await check_the_command(bot)
    assert await bot.stop() == 0


def check_the_figures(home: Home) -> None:
    """What is counted is what the paper says, all of it."""
    said = [person.said for person in home.read(take_census).values()]
    assert len(said) == CLIENTS
    yes = Counter({row: sum(each >> bit & 1 for each in said) for bit, row in enumerate(ROWS)})
    for code, printed in PERCENT.items():
        assert percent(Count(CLIENTS, yes[Question(NEED, code)])) == str(printed), code
    for code, clients in CATEGORIES.items():
        assert yes[Question(CATEGORY, code)] == clients
    assert [percent(Count(CLIENTS, yes[Question(CATEGORY, code)])) for code in ("economic", "legal")] == ["75", "72"]
    fours = [sum(each >> bit & 1 for bit, row in enumerate(ROWS) if row.kind == NEED) for each in said]
    assert sum(fours) == 646
    assert round(statistics.mean(fours), 2) == 5.52
    assert statistics.median(fours) == 5


async def check_the_command(bot: Bot) -> None:
    """What the lead is told: the paper's figures, but for the one under 5, and the ties of its top ten."""
    code, printed, errors = await run_command("report", variables=bot.variables)
    assert (code, errors) == (0, "")
    assert f"{CLIENTS} clients" in printed
    assert "5.5 fours each" in printed
    assert "646" not in printed, "with it, the hidden need could be worked out"
    told = bot.home.read(lambda store: make_report(store, Programme()))
    assert tuple(line.code for line in told.needs[:10]) == TOP
    assert [(line.code, line.place) for line in told.needs if line.tied][:2] == [("debt", 7), ("housing", 7)]
    shown = {line.code: (line.figure.yes, int(line.figure.percent)) for line in told.needs if line.figure is not None}
    assert shown == {code: (FIRST[code], PERCENT[code]) for code in FIRST if code != "culture_religion"}
    lines = [line.split() for line in printed.splitlines()]
    for line in (
        "1. Finding a job 63 54",
        "=7. Paying back debts 36 31",
        "=7. A place to stay 36 31",
        "1. Work and money 88 75",
        "2. Legal matters and papers 84 72",
        "Money for customs or religion not shown",
    ):
        assert line.split() in lines, printed
