"""Kill -9, whenever and wherever: nothing a client said is lost, nothing is there twice, every alert arrives."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain

import pytest

from bot.demo.messages import Json
from bot.demo.telegram import Standin
from tests.chaos.clients import Client, find_alerts
from tests.chaos.conftest import WAYS, MakeBot
from tests.chaos.home import Content, Home, content_of
from tests.chaos.lives import Bot, wait_until
from tests.chaos.run import POINTS, Plan

CLIENTS = 20
NERVOUS = 5
LIFE_SECONDS = 15.0
"""By then a point was passed as often as it takes, with 20 clients answering; else it is killed from outside."""

ONCE = ("starting", "recovering", "attempted")
"""Points that are passed at the start of a life only."""


@dataclass
class Watch:
    """What the stand-in carried out, and what stood in doubt at each death."""

    sent: Counter[Content] = field(default_factory=Counter)
    doubted: Counter[Content] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)

    def note(self, method: str, values: Json, answer: Json) -> None:
        """After each method."""
        if method == "sendMessage" and answer["ok"]:
            self.sent[content_of(int(values["chat_id"]), values)] += 1

    @property
    def repeats(self) -> Counter[Content]:
        """How often each message was sent once too often."""
        return Counter({content: times - 1 for content, times in self.sent.items() if times > 1})


def make_plans(way: str, kills: int, dice: random.Random) -> list[Plan]:
    """Each point in turn, and every fourth time any moment; updates are taken one at a time in half of the lives."""
    points = [point for point in POINTS if point != ("answering" if way == "polling" else "polling")]
    plans = []
    for number in range(kills):
        if number % 4 == 3:
            plans.append(Plan(after=dice.uniform(0.2, 2.5), careful=dice.choice([None, 0.0])))
            continue
        point = points[(number - number // 4) % len(points)]
        nth = 1 if point in ONCE else dice.randint(2, 25)
        plans.append(Plan(kill=point, nth=nth, careful=None if point == "attempted" else dice.choice([None, 0.0])))
    return plans


async def kill_again_and_again(bot: Bot, home: Home, plans: list[Plan], watch: Watch) -> None:
    """One life after another, each ending by its plan."""
    for plan in plans:
        await bot.start(plan, wait=False)
        with suppress(TimeoutError):
            await bot.death(LIFE_SECONDS)
        cause = plan.kill or "any time" if not bot.alive else "from outside"
        await bot.kill()
        assert bot.process is not None and bot.process.returncode == -9, bot.said()[-2000:]
        watch.deaths[cause] += 1
        watch.doubted += home.in_doubt()


async def play(bot: Bot, standin: Standin, home: Home, kills: int, seed: int, way: str) -> tuple[list[Client], Watch]:
    """Twenty clients answer while the bot dies and dies; then it lives, and all comes to rest."""
    dice, watch = random.Random(seed), Watch()
    standin.after.append(watch.note)
    worker = standin.person("Worker", "en", opened=True)
    clients = [
        Client(standin.person(f"Client {number}", "en"), random.Random(seed + number), nervous=number < NERVOUS)
        for number in range(CLIENTS)
    ]
    home.admit(worker, [client.phone for client in clients])
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client.live(enough))
        await kill_again_and_again(bot, home, make_plans(way, kills, dice), watch)
        await bot.start()
        enough.set()
    await wait_until(lambda: not standin.updates.pending, "an update was never taken")
    await wait_until(lambda: set(chain(*home.alerts().values())) <= set(find_alerts(worker)), "an alert never came")
    assert await bot.stop() == 0, bot.said()[-2000:]
    return clients, watch


def check(home: Home, standin: Standin, clients: list[Client], watch: Watch) -> None:
    """Recorded exactly once, in order; delivered at least once; repeated only where in doubt."""
    assert home.letters() == Counter()
    responses, alerts, exported = home.responses(), home.alerts(), home.exported()
    for client in clients:
        assert responses[client.phone.chat_id] == client.said
        rated = [(kept.item, kept.status, kept.value) for kept in client.said if "." not in kept.item]
        assert exported[client.phone.chat_id] == rated
        assert len(alerts[client.phone.chat_id]) == client.sent
    worker = next(iter(standin.chats.phones.values()))
    assert set(find_alerts(worker)) == set(chain(*alerts.values()))
    assert not {"leased", "queued", "uncertain", "failed"} & set(home.outbox())
    calm = {client.phone.chat_id for client in clients if not client.nervous} | {worker.chat_id}
    unexplained = {c: n for c, n in watch.repeats.items() if c[0] in calm and n > watch.doubted[c]}
    assert unexplained == {}


def report(way: str, bot: Bot, clients: list[Client], watch: Watch) -> None:
    """Figures, for whoever runs with -s."""
    figures = {
        "way": way,
        "kills": sum(watch.deaths.values()),
        "by": dict(watch.deaths),
        "taps": sum(client.taps for client in clients),
        "answers": sum(len(client.said) for client in clients),
        "alerts": sum(client.sent for client in clients),
        "messages": sum(watch.sent.values()),
        "repeated": sum(watch.repeats.values()),
        "start-up seconds, median": round(statistics.median(bot.starts), 2),
    }
    print(f"\n{json.dumps(figures)}")


@pytest.mark.parametrize("way", WAYS)
async def test_whatever_kills_it_every_answer_is_kept_once_and_every_alert_arrives(
    way: str, home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    bot = make_bot(way)
    clients, watch = await play(bot, standin, home, kills=14, seed=1, way=way)
    report(way, bot, clients, watch)
    check(home, standin, clients, watch)


async def wait_for_taps(clients: list[Client], taps: int) -> None:
    """Wait until they have tapped so often, all together."""
    await wait_until(lambda: sum(client.taps for client in clients) > taps, "nobody answers")


@pytest.mark.parametrize("way", WAYS)
async def test_a_stop_in_the_middle_of_everything_loses_and_repeats_nothing(
    way: str, home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    bot, watch = make_bot(way), Watch()
    standin.after.append(watch.note)
    worker = standin.person("Worker", "en", opened=True)
    clients = [Client(standin.person(f"Client {n}", "en"), random.Random(n), pace=0.01) for n in range(8)]
    home.admit(worker, [client.phone for client in clients])
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client.live(enough))
        for stops in range(1, 4):
            await bot.start()
            await wait_for_taps(clients, 50 * stops)
            assert await bot.stop() == 0, bot.said()[-2000:]
        await bot.start()
        enough.set()
    await wait_until(lambda: not standin.updates.pending, "an update was never taken")
    assert await bot.stop() == 0
    check(home, standin, clients, watch)
    assert watch.repeats == Counter()


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
async def test_five_hundred_times(way: str, home: Home, standin: Standin, make_bot: MakeBot) -> None:
    bot = make_bot(way)
    seed = random.randrange(1_000_000)
    print(f"\nseed {seed}")
    clients, watch = await play(bot, standin, home, kills=250, seed=seed, way=way)
    report(way, bot, clients, watch)
    check(home, standin, clients, watch)
