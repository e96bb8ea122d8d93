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


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_is_acknowledged_that_is_not_kept_and_it_goes_on_by_itself(
    way: str, disk: Path, standin: Standin
) -> None:
    home = Home(disk / "home")
    bot = Bot(home, standin, webhook=way == "webhook", log=disk.with_name("bot.log"))
    phones = [standin.person(f"Client {number}", "en") for number in range(CLIENTS)]
    home.admit(standin.person("Worker", "en", opened=True), phones)
    clients = [Client(phone, random.Random(number), pace=0.02) for number, phone in enumerate(phones)]
    enough, ballast, chats = asyncio.Event(), disk / "ballast", {phone.chat_id for phone in phones}

    def kept() -> int:
        return sum(map(len, home.responses().values()))

    try:
        await bot.start()
        async with asyncio.TaskGroup() as group:
            for client in clients:
                group.create_task(client.live(enough))
            await wait_until(lambda: kept() > 20, "nobody answers")
            for times in (1, 2):
                fill(ballast)
                await wait_until(lambda n=times: bot.said().count(COMPLAINT) >= n, "the disk is not full")
                await wait_until(
                    lambda: {update.chat_id for update in standin.updates.pending.values()} >= chats,
                    "an update was acknowledged on a full disk",
                )
                # Everybody waits now: what they said last is still Telegram's to give again, all before is kept.
                found = home.responses()
                assert all(found[c.phone.chat_id] in (c.said, c.said[:-1]) for c in clients)
                assert bot.alive and not has_room(disk)
                answers = kept()
                ballast.unlink()
                await wait_until(lambda n=answers: kept() > n + CLIENTS, "it did not go on by itself", timeout=40)
            enough.set()
        await wait_until(lambda: not standin.updates.pending, "an update was never taken")
        assert bot.alive and "a bug stopped it" not in bot.said()
        assert home.responses() == {client.phone.chat_id: client.said for client in clients}
        assert await bot.stop() == 0
    finally:
        await bot.kill()
