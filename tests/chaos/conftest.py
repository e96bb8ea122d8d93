from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.demo.telegram import Standin
from tests.chaos.home import Home
from tests.chaos.lives import Bot

WAYS = ("polling", "webhook")
MakeBot = Callable[[str], Bot]


@pytest.fixture
async def standin() -> AsyncIterator[Standin]:
    async with Standin(webhook_delay=0.05) as standin:
        yield standin


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
async def make_bot(home: Home, standin: Standin) -> AsyncIterator[MakeBot]:
    """A bot of this home, by polling or webhook; killed at the end, if it is not dead yet."""
    made: list[Bot] = []

    def make(way: str) -> Bot:
        made.append(Bot(home, standin, webhook=way == "webhook"))
        return made[-1]

    yield make
    for bot in made:
        await bot.kill()
