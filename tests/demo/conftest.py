from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, async_playwright, expect

from bot.demo.feed import Feed
from bot.demo.keeper import State
from bot.demo.site import page_app
from bot.demo.telegram import TOKEN, Standin
from tests.demo.browsing import ALONE, CHROMIUM, Stage

PATIENCE = 15_000
"""Milliseconds that the page may take for anything, on a machine that has other things to do."""


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    width, height = getattr(request, "param", (1440, 900))
    context = await browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    async with Standin() as standin:
        stage = Stage(standin, page, Feed(standin, run="one"))
        stage.feed.become(State.RUNNING)
        runner = web.AppRunner(
            page_app(standin, stage.feed, stage.invite, stage.routes()), access_log=None, shutdown_timeout=1.0
        )
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = "http://127.0.0.1:{1}/".format(*runner.addresses[0])
        stage.watch(url)
        await page.goto(url)
        await expect(page.locator(".bot-state")).to_have_text("The bot is running.")
        yield stage
        await context.close()
        standin.closing.set()
        await runner.cleanup()
    assert stage.troubles == []
