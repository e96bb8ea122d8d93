"""Whatever happens, no log and no byte of the database holds a client's word, a name, a chat id or the token."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.demo.chats import Phone
from bot.demo.telegram import Standin
from bot.screens import DONE
from tests.chaos.clients import Client, Screen, datas, read_screen
from tests.chaos.conftest import WAYS, MakeBot
from tests.chaos.home import Home
from tests.chaos.lives import run_command, wait_until
from tests.chaos.run import Plan
from tests.chaos.test_poison import inject, malformed

WORDS = "zq-word-zq"
NAME = "Zq-Name-Zq"
POISON = "zq-poison-zq"
TOKEN = "7000000001:zq-token-zq_zq-token-zq_zq-token"
FORWARD = ("en", "yes", "adult", "next", "plan", "stays", "on", DONE)
"""What leads through the way in; the first of these that is there, and not yet ticked."""


@pytest.fixture
async def standin() -> AsyncIterator[Standin]:
    async with Standin(TOKEN, webhook_delay=0.05) as standin:
        yield standin


async def come_in(phone: Phone, payload: str) -> None:
    """Through the invitation to the menu, with a name."""
    before: Screen | None = None

    def next_screen(phone: Phone) -> Screen | None:
        screen = read_screen(phone.last)
        return screen if screen and (before is None or screen.message.raw != before.message.raw) else None

    phone.start(payload)
    while True:
        before = await phone.until(next_screen, 10)
        if "needs" in before.buttons:
            return
        ticked = {code for code, label in labels(before) if label.startswith("☑")}
        ways = [code for code in FORWARD if code in before.buttons and code not in ticked]
        if ways:
            phone.tap_data(before.message.message_id, before.buttons[ways[0]])
        else:
            phone.send(NAME)


def labels(screen: Screen) -> Iterator[tuple[str, str]]:
    """Code and label of every button."""
    shown = {data: label for row in screen.message.buttons for label, data in row if data}
    return ((code, shown[data]) for code, data in screen.buttons.items())


async def desk(worker: Phone, enough: asyncio.Event) -> None:
    """A caseworker who takes every alert, opens its details and writes a line."""
    tapped: set[str] = set()
    while not enough.is_set():
        for message in worker.messages:
            for data in [each for each in datas(message) if each not in tapped and message.from_bot]:
                tapped.add(data)
                if data.startswith(("!take.", "!alert.", "!talk.")):
                    worker.tap_data(message.message_id, data)
                if data.startswith("!talk."):
                    worker.send(f"{WORDS} from the desk")
        changes: list[asyncio.Future[Any]] = [worker.change(), asyncio.ensure_future(enough.wait())]
        await asyncio.wait(changes, return_when=asyncio.FIRST_COMPLETED)
        for change in changes:
            change.cancel()


def hurt(standin: Standin, someone: Phone) -> None:
    """Everything that Telegram, a client or a bug of ours can do."""
    standin.fail("sendMessage", 429, retry_after=1)
    standin.fail("editMessageText", 500, description=f"{WORDS} {someone.chat_id}")
    standin.fail("deleteMessage", 400, description=f"Bad Request: {WORDS} {someone.chat_id}")
    standin.fail("answerCallbackQuery", 400, description=f"Bad Request: query of {someone.chat_id} is too old")
    standin.drop("sendMessage")
    standin.drop("editMessageText", times=2)
    if not standin.account.webhook:
        standin.fail("getUpdates", 502, body=f"<html>{WORDS} {TOKEN}</html>".encode())
        standin.drop("getUpdates")
    for body in malformed(someone):
        inject(standin, json.loads(json.dumps(body).replace('"text"', f'"{WORDS}"')), someone.chat_id)
    someone.send(f"{POISON} {WORDS}")
    someone.voice(f"OggS {WORDS}".encode())
    someone.photo(caption=WORDS)
    someone.edit(someone.send(WORDS).message_id, f"{WORDS} again")
    someone.block()
    someone.unblock()


def search(home: Path, secrets: dict[str, str]) -> list[str]:
    """Which secrets stand in which file of a home."""
    files = [file for file in home.rglob("*") if file.is_file() and file.suffix != ".toml"]
    return [
        f"{what} in {file.name}"
        for file in files
        for what, text in secrets.items()
        if text.encode() in file.read_bytes()
    ]


def numbers_in(database: Path) -> set[int]:
    """Every whole number in every table."""
    found: set[int] = set()
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                found.update(value for value in row if isinstance(value, int))
    return found


@pytest.mark.parametrize("way", WAYS)
async def test_no_log_and_no_byte_of_the_database_gives_anyone_away(
    way: str, home: Home, standin: Standin, make_bot: MakeBot
) -> None:
    bot = make_bot(way)
    worker, guest = standin.person(NAME, "en", opened=True), standin.person(NAME, "en")
    phones = [standin.person(NAME, "en") for _ in range(4)]
    home.admit(worker, phones, names=[NAME] * len(phones))
    code, printed, _errors = await run_command("invite", "client", "--anyway", "--json", variables=bot.variables)
    assert code == 0
    payload = json.loads(printed)["start"]
    clients = [Client(phone, random.Random(number), 0.02, words=WORDS) for number, phone in enumerate(phones)]
    enough = asyncio.Event()
    await bot.start(Plan(raising=POISON, loud=True))
    async with asyncio.TaskGroup() as group:
        group.create_task(desk(worker, enough))
        for client in clients:
            group.create_task(client.live(enough))
        await come_in(guest, payload)
        hurt(standin, phones[0])
        await wait_until(lambda: not len(standin.faults), "not every fault has struck")
        await wait_until(lambda: home.letters()["RuntimeError"] == 1, "the raising turn was not set aside")
        taps = sum(client.taps for client in clients)
        await wait_until(lambda: sum(client.taps for client in clients) > taps + 100, "nobody answers", timeout=40)
        enough.set()
    assert any(WORDS in kept.words for said in home.responses().values() for kept in said)
    secrets = {"a word": WORDS, "a name": NAME, "the token": TOKEN.partition(":")[2], "an invitation": payload}
    chats = {phone.chat_id for phone in standin.chats.phones.values()}
    secrets |= {f"chat {number}": str(chat) for number, chat in enumerate(chats)}
    assert home.database.with_name(f"{home.database.name}-wal").stat().st_size > 0
    assert search(home.path, secrets) == []
    assert numbers_in(home.database).isdisjoint(chats)
    assert await bot.stop() == 0
    assert search(home.path, secrets) == []
    said = bot.said()
    assert {what for what, text in secrets.items() if text in said} == set()
    for expected in ("DEBUG", "WARNING", "a turn failed", "RuntimeError at", "aiosqlite said something"):
        assert expected in said
