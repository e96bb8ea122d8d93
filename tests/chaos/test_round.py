"""Kill -9 in the middle of a round: everybody is asked once, but for what was in doubt, which is counted."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.demo.chats import Phone
from bot.demo.messages import Json
from bot.demo.telegram import Standin
from bot.talks import BLAND
from storage import people
from storage.database import connect, transact
from storage.store import Store
from tests.chaos.conftest import MakeBot
from tests.chaos.home import Home
from tests.chaos.lives import Bot, wait_until
from tests.chaos.run import OF_ROUNDS, Plan
from tests.rounds.running import run_round
from translations.wording import word

POINTS = ("sent", *OF_ROUNDS, "marking", "recovering")
LIFE_SECONDS = 6.0


@dataclass
class Watch:
    """How often each chat was sent the line of a round, and what ended each life."""

    sent: Counter[int] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)
    _line: str = word(BLAND, "en")

    def note(self, method: str, values: Json, answer: Json) -> None:
        """After each method."""
        if method == "sendMessage" and answer["ok"] and values["text"] == self._line:
            self.sent[int(values["chat_id"])] += 1


def begin(home: Home) -> None:
    """Clients may be written to at any hour, and a round with everybody has begun."""

    def work(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE people SET hours = 'any', first = 1")
        run_round(Store(connection, home.keyring, datetime.now(UTC)))

    with closing(connect(home.database)) as connection:
        transact(connection, work)


def doubts(home: Home) -> dict[int, tuple[str, int]]:
    """State and doubts of each client's asking, by chat."""

    def read(store: Store) -> dict[int, tuple[str, int]]:
        chats = {person.id: person.chat for person in people.find_by_role(store, "client")}
        rows = store.connection.execute("SELECT person_id, state, doubts FROM askings").fetchall()
        return {chats[row["person_id"]]: (row["state"], row["doubts"]) for row in rows}

    return home.read(read)


def make_plans(kills: int, clients: int, dice: random.Random) -> list[Plan]:
    """Each point in turn, and every third time any moment. What is `sent` is counted anew in each life."""
    plans = []
    for number in range(kills):
        if number % 3 == 2:
            plans.append(Plan(after=dice.uniform(0.8, 1.6)))
            continue
        point = POINTS[(number - number // 3) % len(POINTS)]
        most = {"sent": max(2, clients // kills), "marking": 2, "asked": 2, "piece": 2}.get(point, 1)
        plans.append(Plan(kill=point, nth=dice.randint(1, most)))
    return plans


async def play(bot: Bot, standin: Standin, home: Home, clients: int, kills: int, seed: int) -> Watch:
    """One life after another dies in the round; the last one ends it."""
    watch, dice = Watch(), random.Random(seed)
    standin.after.append(watch.note)
    phones = [standin.person(f"Client {number}", "en", opened=True) for number in range(clients)]
    home.admit(standin.person("Worker", "en", opened=True), phones)
    begin(home)
    for plan in make_plans(kills, clients, dice):
        await bot.start(plan, wait=False)
        with suppress(TimeoutError):
            await bot.death(LIFE_SECONDS)
        watch.deaths[plan.kill or "any time" if not bot.alive else "from outside"] += 1
        await bot.kill()
        assert bot.process is not None and bot.process.returncode == -9, bot.said()[-2000:]
    await bot.start()
    await wait_until(lambda: len(watch.sent) == clients, "somebody was never asked", 60)
    assert await bot.stop() == 0, bot.said()[-2000:]
    check(home, phones, watch)
    return watch


def check(home: Home, phones: list[Phone], watch: Watch) -> None:
    """Everybody has one asking, which was sent; what they got more than once was in doubt so often at least."""
    counted = doubts(home)
    assert set(counted) == {phone.chat_id for phone in phones}
    assert {state for state, _doubts in counted.values()} == {"sent"}
    unexplained = {
        chat: (watch.sent[chat], times) for chat, (_state, times) in counted.items() if watch.sent[chat] > 1 + times
    }
    assert unexplained == {}
    assert not {"leased", "uncertain", "failed"} & set(home.outbox())


def report(watch: Watch, home: Home) -> None:
    """Figures, for whoever runs with -s."""
    figures = {
        "by": dict(watch.deaths),
        "clients": len(watch.sent),
        "messages": watch.sent.total(),
        "repeated": watch.sent.total() - len(watch.sent),
        "in doubt": sum(times for _state, times in doubts(home).values()),
    }
    print(f"\n{json.dumps(figures)}")


async def test_whatever_kills_it_in_a_round_everybody_is_asked_once_or_it_was_in_doubt(
    home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    watch = await play(make_bot("polling"), standin, home, clients=400, kills=6, seed=3)
    report(watch, home)
    assert watch.sent.total() > 400, "none of it happened in the middle of anything"


async def test_a_stop_in_the_middle_of_a_round_repeats_nothing(home: Home, standin: Standin, make_bot: MakeBot) -> None:
    bot, watch = make_bot("polling"), Watch()
    standin.after.append(watch.note)
    phones = [standin.person(f"Client {number}", "en", opened=True) for number in range(900)]
    home.admit(standin.person("Worker", "en", opened=True), phones)
    begin(home)
    for part in (1, 2):
        await bot.start()
        await wait_until(lambda part=part: len(watch.sent) > part * 250, "nobody is asked")  # type: ignore[misc]
        assert await bot.stop() == 0, bot.said()[-2000:]
        assert len(watch.sent) < len(phones), "it was over before it was stopped"
    await bot.start()
    await wait_until(lambda: len(watch.sent) == len(phones), "somebody was never asked")
    assert await bot.stop() == 0
    check(home, phones, watch)
    assert watch.sent.total() == len(phones)
    assert {times for _state, times in doubts(home).values()} == {0}


@pytest.mark.long
async def test_a_hundred_times(home: Home, standin: Standin, make_bot: MakeBot) -> None:
    seed = random.randrange(1_000_000)
    print(f"\nseed {seed}")
    watch = await play(make_bot("polling"), standin, home, clients=4_000, kills=100, seed=seed)
    report(watch, home)
