from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import aiohttp
import pytest

from bot.demo.telegram import TOKEN, Standin


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **how_far: float) -> None:
        self.time += timedelta(**how_far)


class Call(Protocol):
    async def __call__(self, method: str, /, **values: Any) -> Any: ...


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def standin(clock: Clock) -> AsyncIterator[Standin]:
    async with Standin(now=clock, webhook_delay=0.01) as standin:
        yield standin


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(standin: Standin, http: aiohttp.ClientSession) -> Call:
    """Call a method as a JSON body; gives the result, or the whole answer when it is a refusal."""

    async def call(method: str, /, **values: Any) -> Any:
        async with http.post(f"{standin.url}/bot{TOKEN}/{method}", json=values) as response:
            answer = await response.json()
            assert response.status == (200 if answer["ok"] else answer["error_code"])
            return answer["result"] if answer["ok"] else answer

    return call
