from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.telegram import Standin
from tests.delivery.office import Calls, Clock, Office, open_office
from tests.player import Stage


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The bot's clock, and short waits between tries."""
    clock = Clock()
    for module in ("delivery", "intake", "voices", "schedule"):
        monkeypatch.setattr(f"bot.{module}.now", clock)
    monkeypatch.setattr("bot.delivery.FIRST_WAIT", 0.01)
    monkeypatch.setattr("bot.delivery.LONGEST_WAIT", 0.02)
    monkeypatch.setattr("bot.intake.FIRST_WAIT", 0.01)
    monkeypatch.setattr("bot.intake.LONGEST_WAIT", 0.02)
    return clock


@pytest.fixture
async def standin(clock: Clock) -> AsyncIterator[Standin]:
    async with Standin(now=clock) as standin:
        yield standin


@pytest.fixture
def calls(standin: Standin) -> Calls:
    return Calls(standin)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with nobody in it."""
    path = tmp_path / "firstsay.db"
    Stage(path=path).connection.close()
    return path


@pytest.fixture
async def office(path: Path, standin: Standin, clock: Clock) -> AsyncIterator[Office]:
    async with open_office(path, standin.url, clock) as office:
        yield office
