"""Updates that are malformed, that make a turn raise, or that take the process down: nobody else is stopped."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from operator import gt
from typing import Any

import aiohttp
import pytest

from bot.demo.chats import Phone
from bot.demo.messages import Json
from bot.demo.telegram import Standin
from bot.demo.updates import Update
from bot.demo.webhook import SECRET_HEADER
from tests.chaos.clients import Client
from tests.chaos.conftest import WAYS, MakeBot
from tests.chaos.home import Home
from tests.chaos.lives import SECRET, Bot, wait_until
from tests.chaos.run import Plan

MARK = "zq-marked-zq"
MOST_DEATHS = 3
HUGE = 10**30

both_ways = pytest.mark.parametrize("way", WAYS)


def inject(standin: Standin, body: Json, chat: int = 0) -> None:
    """Put an update in line whatever it looks like, also of a kind that nobody asked for."""
    updates = standin.updates
    update = Update(updates.number, standin.clock(), chat, {"update_id": updates.number, **body})
    updates.number += 1
    updates.pending[update.number] = update
    if updates.forward:
        updates.forward(update)
    updates.end_poll("")


def malformed(phone: Phone) -> Iterator[Json]:
    """Shapes that Telegram never sends, from a chat that the bot knows."""
    no_objects: list[Any] = [None, [], "text", 7, {}]
    wrong: list[Any] = [None, [], "text", {}, 1.5, True]
    texts: list[Any] = [None, [], {}, 7, "", "\x00", "\ud800", "x" * 500_000]
    good: Json = {"message_id": 5_000_001, "from": phone.user, "chat": phone.chat, "date": 1_700_000_000, "text": "hi"}
    tap: Json = {"id": "1", "from": phone.user, "message": good, "chat_instance": "1", "data": "x"}
    voice: Json = {"file_id": "f", "duration": 1, "file_size": 9}
    for kind in ("message", "edited_message"):
        yield from ({kind: shape} for shape in no_objects)
        for field in ("message_id", "chat", "date"):
            yield {kind: without(good, field)}
            yield from ({kind: {**good, field: value}} for value in wrong)
    yield from ({"message": {**good, "from": value}} for value in (*wrong, {"language_code": 7}))
    yield from ({"message": {**good, "text": value}} for value in texts)
    yield from ({"message": {**good, "chat": {**phone.chat, "id": value}}} for value in wrong)
    for field in voice:
        yield from ({"message": {**without(good, "text"), "voice": {**voice, field: v}}} for v in (*wrong, HUGE))
    yield {"message": without(good, "text") | {"voice": None}}
    yield from ({"callback_query": shape} for shape in no_objects)
    for field in ("id", "from", "message", "data"):
        yield {"callback_query": without(tap, field)}
        yield from ({"callback_query": {**tap, field: value}} for value in (*wrong, "\ud800", HUGE))
    yield from ({"my_chat_member": shape} for shape in (*no_objects, {"chat": phone.chat}))
    yield from ({kind: {"anything": []}} for kind in ("poll_answer", "business_message", "never_heard_of"))
    yield {}


def without(shape: Json, field: str) -> Json:
    """The same without one field."""
    return {name: value for name, value in shape.items() if name != field}


@asynccontextmanager
async def others(home: Home, standin: Standin, someone: Phone) -> AsyncIterator[list[Client]]:
    """Six clients who answer all the while; in the end each of their answers is there, and they were never stopped."""
    phones = [standin.person(f"Client {number}", "en") for number in range(6)]
    home.admit(standin.person("Worker", "en", opened=True), [*phones, someone])
    clients = [Client(phone, random.Random(number), pace=0.05) for number, phone in enumerate(phones)]
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client.live(enough))
        yield clients
        taps = [client.taps for client in clients]
        await wait_until(lambda: all(map(gt, [c.taps for c in clients], taps)), "somebody was stopped")
        enough.set()
    await wait_until(lambda: not standin.updates.pending, "an update was never taken")
    responses = home.responses()
    assert [responses[client.phone.chat_id] for client in clients] == [client.said for client in clients]


async def lives_until_calm(bot: Bot, standin: Standin, plan: Plan) -> int:
    """Start it again whenever it dies, until nothing waits for it any more; how often it died."""
    deaths = 0
    await bot.start(plan)
    while deaths <= 2 * MOST_DEATHS:
        calm = asyncio.create_task(wait_until(lambda: not standin.updates.pending, "", timeout=60))
        death = asyncio.create_task(bot.death(60))
        await asyncio.wait({calm, death}, return_when=asyncio.FIRST_COMPLETED)
        calm.cancel()
        death.cancel()
        await asyncio.gather(calm, death, return_exceptions=True)
        if bot.alive:
            return deaths
        deaths += 1
        await bot.start(plan)
    return deaths


@both_ways
async def test_malformed_updates_stop_nobody(way: str, home: Home, standin: Standin, make_bot: MakeBot) -> None:
    bot, someone = make_bot(way), standin.person("Someone", "en")
    async with others(home, standin, someone):
        await bot.start()
        for body in malformed(someone):
            inject(standin, body, someone.chat_id)
        await wait_until(lambda: not standin.updates.pending or not bot.alive, "malformed updates stand in the line")
        assert bot.alive, bot.said()
        someone.send("/menu")
        await someone.sees("What would you like to do?")
    assert set(home.letters()) <= {"UnreadableError", "UnicodeEncodeError"}
    assert home.letters()["UnreadableError"] > 50
    assert await bot.stop() == 0


@both_ways
async def test_a_turn_that_always_raises_is_set_aside_at_once(
    way: str, home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    bot, someone = make_bot(way), standin.person("Someone", "en")
    async with others(home, standin, someone):
        await bot.start(Plan(raising=MARK))
        someone.send("/menu")
        await someone.sees("What would you like to do?")
        someone.send(f"please {MARK}")
        await wait_until(lambda: home.letters() == Counter({"RuntimeError": 1}), "it was not set aside")
        someone.send("/help")
        await someone.sees("You can reach a person.")
    assert home.letters() == Counter({"RuntimeError": 1})
    assert await bot.stop() == 0


@both_ways
async def test_an_update_that_kills_the_process_does_so_three_times_at_most(
    way: str, home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    bot, someone = make_bot(way), standin.person("Someone", "en")
    async with others(home, standin, someone):
        someone.send(f"please {MARK}")
        someone.send("/menu")
        deaths = await lives_until_calm(bot, standin, Plan(deadly=MARK))
        assert 1 < deaths <= MOST_DEATHS
        await someone.sees("What would you like to do?")
    assert home.letters() == Counter({"killed the process": 1})
    assert await bot.stop() == 0


async def test_a_deadly_update_is_found_also_where_others_come_first_each_time(
    home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    """A webhook's updates come in any order: the deadly one may be far from the first after a start."""
    bot, phones = make_bot("webhook"), [standin.person(f"Client {number}", "en") for number in range(2)]
    home.admit(standin.person("Worker", "en", opened=True), phones)
    headers = {SECRET_HEADER: SECRET}
    number, deaths = 1, 0

    async def post(session: aiohttp.ClientSession, update_id: int, phone: Phone, text: str) -> int:
        message = {"message_id": update_id, "from": phone.user, "chat": phone.chat, "date": 0, "text": text}
        body = {"update_id": update_id, "message": message}
        async with session.post(bot.address, json=body, headers=headers) as answer:
            return answer.status

    async with aiohttp.ClientSession() as session:
        while True:
            await bot.start(Plan(deadly=MARK))
            for _ in range(3):
                number += 1
                assert await post(session, number, phones[0], "/menu") == 200
            try:
                assert await post(session, 1, phones[1], MARK) == 200
                break
            except aiohttp.ClientError:
                assert await bot.death(5) == -9
                deaths += 1
                assert deaths <= MOST_DEATHS
    assert deaths == MOST_DEATHS
    assert home.letters() == Counter({"killed the process": 1})
    assert await bot.stop() == 0
