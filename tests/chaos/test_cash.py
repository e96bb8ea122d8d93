"""Kill -9 while clients note what their money went for and staff note what was sent: each line and each step is there
once, and adds up."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field

import pytest

from bot.cash import transfers
from bot.demo.telegram import Standin
from bot.turn import Turn
from conversations import acts
from storage import people
from storage.database import connect, transact
from storage.store import Store
from tests.chaos.clients import Client, Screen, Token, read_screen
from tests.chaos.conftest import MakeBot
from tests.chaos.home import Home
from tests.chaos.lives import Bot, wait_until
from tests.chaos.run import Plan
from tests.player import MONDAY, PROGRAMME

POINTS = ("transaction", "committed", "sent", "fetched", "marking", "recovering")
ONCE = {"recovering"}
LIFE_SECONDS = 6.0

Note = tuple[str, int, str]
"""A line as its writer said it: kind, amount, words."""


@dataclass(slots=True, eq=False)
class Writer(Client):
    """A client who says whether money came, and notes one line after the other, none like another."""

    noted: list[Note] = field(default_factory=list)
    came: dict[str, str] = field(default_factory=dict)
    """What was said of a transfer, by its id."""
    _typed: Note = ("", 0, "")
    _about: str = ""

    def answer(self, screen: Screen, code: str = "") -> None:
        """What comes next, by the buttons; now and then another thing."""
        buttons, waits = set(screen.buttons), [each for each in screen.buttons if each.startswith("came.")]
        if self.dice.random() < 0.05:
            self.phone.send("/menu")
            self.left = screen.token
        elif "undo" in buttons or {"other", "done"} <= buttons:
            amount = self.dice.randrange(1, 10**6)
            self._typed = ("spent", amount, f"{self.words} {spelled(self.taps)}")
            self.phone.send(f"{amount} {self._typed[2]}")
            self.answered.add(screen.token)
            self.taps += 1
        elif {"yes", "change"} <= buttons:
            self.noted.append(self._typed)
            self._twice(screen, "yes")
        elif waits:
            self._about = waits[0].removeprefix("came.")
            self._twice(screen, waits[0])
        elif {"all", "part", "notyet"} <= buttons:
            self.came[self._about] = "received"
            self._twice(screen, "all")
        else:
            likes = [code for code in ("spending", "money", "done", "skip", "close") if code in buttons]
            self._twice(screen, likes[0] if likes else self.dice.choice([*buttons]))

    def _twice(self, screen: Screen, code: str) -> None:
        """A tap, and sometimes the same once more."""
        self.tap(screen, code)
        if self.nervous and self.dice.random() < 0.3:
            self.tap(screen, code)


@dataclass(slots=True, eq=False)
class Marker(Client):
    """A lead who notes every transfer as sent; the other one may have been quicker."""

    marked: set[str] = field(default_factory=set)
    _tapped: tuple[Token, frozenset[str]] | None = None

    def screen(self, _phone: object = None) -> Screen | None:
        """What is to be answered now: also the same question, once it is drawn anew since the other one was quicker."""
        shown = (read_screen(message) for message in reversed(self.phone.messages) if message.from_bot)
        screen = next((each for each in shown if each is not None), None)
        return None if screen is None or (screen.token, frozenset(screen.buttons)) == self._tapped else screen

    def tap(self, screen: Screen, code: str) -> None:
        """Tap, and wait until something else stands there."""
        self._tapped = (screen.token, frozenset(screen.buttons))
        self.phone.tap_data(screen.message.message_id, screen.buttons[code])

    def answer(self, screen: Screen, code: str = "") -> None:
        """One after the other that is not marked yet; then looking on."""
        buttons = set(screen.buttons)
        open_ = sorted(code for code in buttons if code.isdecimal() and code not in self.marked)
        if "sent" in buttons:
            self.tap(screen, "sent")
        elif "all" in buttons:
            self.tap(screen, "all")
        elif "nobody" in buttons:
            self.tap(screen, "nobody")
        elif {"pay", "close"} <= buttons and open_:
            self.marked.add(open_[0])
            self.tap(screen, open_[0])
        else:
            likes = ("today", "hand", "payments", "more", "again", "close")
            self.tap(screen, next(code for code in likes if code in buttons))


def spelled(number: int) -> str:
    """A number in letters, so that it is not read as an amount."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def plan(home: Home, clients: list[Client]) -> None:
    """Three transfers for each client, the first of them today."""

    def work(connection: sqlite3.Connection) -> None:
        store = Store(connection, home.keyring, MONDAY)
        turn = Turn(store, PROGRAMME, {})
        for client in clients:
            person = people.find_by_chats(store, [client.phone.chat_id])[client.phone.chat_id]
            wanted = acts.PlanTransfers(person.id, "2026-11-02", 3, None, 300_000, "MMK")
            assert "series" in transfers.make_plan(turn, None, wanted)
        store.flush()

    with closing(connect(home.database)) as connection:
        transact(connection, work)


def entries(home: Home) -> dict[int, list[Note]]:
    """Every line of each client, by chat, in the order in which they were begun."""

    def read(store: Store) -> dict[int, list[Note]]:
        found: dict[int, list[Note]] = {}
        for person in people.find_by_role(store, "client"):
            rows = store.connection.execute(
                "SELECT * FROM entries WHERE person_id = ? ORDER BY id", (person.id,)
            ).fetchall()
            bodies = [json.loads(person.box.open(row["body"], f"entries.body:{row['id']}")) for row in rows]
            assert [row["line_id"] for row in rows] == [row["id"] for row in rows]
            found[person.chat] = [
                (row["kind"], body["amount"], body["words"]["text"]) for row, body in zip(rows, bodies, strict=True)
            ]
        return found

    return home.read(read)


def steps(home: Home) -> tuple[Counter[str], Counter[str]]:
    """How many transfers are in which state, and how often each step was taken with any of them, at most."""

    def read(store: Store) -> tuple[Counter[str], Counter[str]]:
        states = store.connection.execute("SELECT state FROM transfers").fetchall()
        most = store.connection.execute(
            "SELECT step, max(times) AS times FROM (SELECT step, transfer_id, count(*) AS times FROM transfer_steps"
            " GROUP BY step, transfer_id) GROUP BY step"
        ).fetchall()
        return Counter(row["state"] for row in states), Counter({row["step"]: row["times"] for row in most})

    return home.read(read)


def make_plans(kills: int, dice: random.Random) -> list[Plan]:
    """Each point in turn, and every third time any moment."""
    plans = []
    for number in range(kills):
        if number % 3 == 2:
            plans.append(Plan(after=dice.uniform(0.5, 1.2), careful=0.0))
            continue
        point = POINTS[(number - number // 3) % len(POINTS)]
        plans.append(Plan(kill=point, nth=1 if point in ONCE else dice.randint(2, 12), careful=0.0))
    return plans


async def play(bot: Bot, standin: Standin, home: Home, kills: int, seed: int, clients: int = 10) -> dict[str, object]:
    """Everybody goes on while the bot dies and dies; then it lives, and all comes to rest. Figures come back."""
    dice, deaths = random.Random(seed), Counter[str]()
    writers = [
        Writer(phone, random.Random(seed + n), pace=0.03, nervous=n % 3 == 0, words=f"rice {spelled(n)}")
        for n, phone in enumerate(standin.person(f"Client {n}", "en") for n in range(clients))
    ]
    markers = [Marker(standin.person(f"Lead {n}", "en"), random.Random(seed - n), 0.03) for n in (1, 2)]
    home.admit(standin.person("Worker", "en", opened=True), [writer.phone for writer in writers])
    for marker in markers:
        home.admit_lead(marker.phone)
    plan(home, [*writers])
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for one in (*writers, *markers):
            group.create_task(one.live(enough))
        for each in make_plans(kills, dice):
            await bot.start(each, wait=False)
            with suppress(TimeoutError):
                await bot.death(LIFE_SECONDS)
            deaths[each.kill or "any time" if not bot.alive else "from outside"] += 1
            await bot.kill()
            assert bot.process is not None and bot.process.returncode == -9, bot.said()[-2000:]
        await bot.start()
        await wait_until(lambda: all(writer.noted for writer in writers), "somebody noted nothing", 60)
        await wait_until(lambda: any(writer.came for writer in writers), "nothing came", 60)
        enough.set()
    await wait_until(lambda: not standin.updates.pending, "an update was never taken")
    assert await bot.stop() == 0, bot.said()[-2000:]
    check(home, writers)
    return {"by": dict(deaths), "lines": sum(len(writer.noted) for writer in writers), "steps": steps(home)}


def check(home: Home, writers: list[Writer]) -> None:
    """Every line once, as it was said, in its order; every step once, and as many as there are states."""
    assert home.letters() == Counter()
    found = entries(home)
    for writer in writers:
        assert found[writer.phone.chat_id] == writer.noted
    states, most = steps(home)
    assert set(most.values()) == {1}, most
    assert states.total() == 3 * len(writers)
    assert states["received"] == sum(len(writer.came) for writer in writers)


async def test_whatever_kills_it_no_line_and_no_step_is_lost_or_doubled(
    home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    figures = await play(make_bot("polling"), standin, home, kills=4, seed=5, clients=8)
    print(f"\n{figures}")


@pytest.mark.long
async def test_two_hundred_times(home: Home, standin: Standin, make_bot: MakeBot) -> None:
    seed = random.randrange(1_000_000)
    print(f"\nseed {seed}")
    print(await play(make_bot("polling"), standin, home, kills=200, seed=seed, clients=20))
