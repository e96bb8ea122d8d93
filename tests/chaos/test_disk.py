"""A full disk, for real: what cannot be kept is not acknowledged, and it goes on by itself when there is room."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.demo.telegram import Standin
from tests.chaos.clients import Client
from tests.chaos.conftest import WAYS
from tests.chaos.home import Home
from tests.chaos.lives import Bot, wait_until

SIZE = 8 * 1024 * 1024
CLIENTS = 8
BALLAST = "ballast"
COMPLAINT = "the database takes nothing now; nothing is acknowledged"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(place)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(ballast: Path) -> None:
    """Take all the room there is, to the last block."""
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)


def has_room(disk: Path) -> bool:
    """Whether one more block could be written."""
    return os.statvfs(disk).f_bavail > 0


def kept(home: Home) -> int:
    """How many answers are in the store."""
    return sum(map(len, home.responses().values()))


async def fill_and_make_room(bot: Bot, standin: Standin, clients: list[Client], disk: Path) -> None:
    """The disk is full while everybody answers, and then it is not."""
    complaints, chats = bot.said().count(COMPLAINT), {client.phone.chat_id for client in clients}
    fill(disk / BALLAST)
    await wait_until(lambda: bot.said().count(COMPLAINT) > complaints, "the disk is not full")
    await wait_until(
        lambda: {update.chat_id for update in standin.updates.pending.values()} >= chats,
        "an update was acknowledged on a full disk",
    )
    # Everybody waits now: what they said last is still Telegram's to give again, and all before it is kept.
    found = bot.home.responses()
    assert all(found[client.phone.chat_id] in (client.said, client.said[:-1]) for client in clients)
    assert bot.alive and not has_room(disk)
    answers = kept(bot.home)
    (disk / BALLAST).unlink()
    await wait_until(lambda: kept(bot.home) > answers + CLIENTS, "it did not go on by itself", timeout=40)


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_is_acknowledged_that_is_not_kept_and_it_goes_on_by_itself(
    way: str, disk: Path, standin: Standin
) -> None:
    home = Home(disk / "home")
    bot = Bot(home, standin, webhook=way == "webhook", log=disk.with_name("bot.log"))
    phones = [standin.person(f"Client {number}", "en") for number in range(CLIENTS)]
    home.admit(standin.person("Worker", "en", opened=True), phones)
    clients = [Client(phone, random.Random(number), pace=0.02) for number, phone in enumerate(phones)]
    enough = asyncio.Event()
    try:
        await bot.start()
        async with asyncio.TaskGroup() as group:
            for client in clients:
                group.create_task(client.live(enough))
            await wait_until(lambda: kept(home) > 20, "nobody answers")
            await fill_and_make_room(bot, standin, clients, disk)
            await fill_and_make_room(bot, standin, clients, disk)
            enough.set()
        await wait_until(lambda: not standin.updates.pending, "an update was never taken")
        assert bot.alive and "a bug stopped it" not in bot.said()
        assert home.responses() == {client.phone.chat_id: client.said for client in clients}
        fill(disk / BALLAST)
        assert await bot.stop() == 0
    finally:
        await bot.kill()


async def test_a_start_without_room_is_told_in_one_line(disk: Path, standin: Standin) -> None:
    home = Home(disk / "home")
    bot = Bot(home, standin, log=disk.with_name("bot.log"))
    try:
        await bot.start()
        assert await bot.stop() == 0
        fill(disk / BALLAST)
        await bot.start(wait=False)
        assert await bot.death(10) == 2
        assert len(bot.said().splitlines()) == 1 and "SQLITE_" in bot.said()
    finally:
        await bot.kill()
