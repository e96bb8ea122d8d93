"""Killing the bot in mid-answer: what is told of it is what was measured."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.demo.home import create_demo_home
from bot.demo.keeper import Keeper
from bot.demo.kill import Kill
from bot.demo.messages import Json
from bot.demo.telegram import TOKEN, Standin
from bot.demo.window import Window

BOT = """
import json, os, time, urllib.request
def call(method, **values):
    body, kind = json.dumps(values).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(os.environ["BOT"] + method, body, kind)
    return json.load(urllib.request.urlopen(request))["result"]
offset = 0
while True:
    for update in call("getUpdates", offset=offset, timeout=5):
        time.sleep(float(os.environ["SLOWLY"]))
        call("sendMessage", chat_id=update["message"]["from"]["id"], text="heard")
        offset = update["update_id"] + 1
"""
"""A bot that keeps nothing: it answers each message after a while."""


class Stage:
    def __init__(self, standin: Standin, home: Path) -> None:
        self.told: list[Json] = []
        self.standin = standin
        environment = {**os.environ, "BOT": f"{standin.url}/bot{TOKEN}/", "SLOWLY": "0.2"}
        command = (sys.executable, "-c", BOT)
        self.keeper = Keeper(environment, lambda _line: None, lambda _state: None, command)
        self.unseen: set[int] = set()
        self.kill = Kill(
            self.keeper, standin, Window(home), self.told.append, lambda chat_id: chat_id not in self.unseen
        )

    @property
    def steps(self) -> list[str]:
        return [step["what"] for step in self.told[-1]["steps"]]

    async def until(self, state: str) -> None:
        async with asyncio.timeout(10):
            while not self.told or self.told[-1]["state"] != state:  # noqa: ASYNC110 - what is told is only noted
                await asyncio.sleep(0.01)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    create_demo_home(tmp_path / "home", "UTC", date(2026, 11, 23))
    async with Standin() as standin:
        yield Stage(standin, tmp_path / "home")


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[None]:
    keeping = asyncio.create_task(stage.keeper.keep())
    await stage.standin.called("getUpdates", timeout=10)
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])


def step(stage: Stage, what: str) -> Any:
    return next(step for step in stage.told[-1]["steps"] if step["what"] == what)


async def test_it_is_killed_while_it_answers_and_the_answer_comes_after_all(stage: Stage) -> None:
    phone = stage.standin.person("Thiri", "en")
    async with running(stage):
        assert stage.keeper.process
        before = stage.keeper.process.pid
        stage.kill.arm()
        await stage.until("armed")
        phone.send("hello")
        await stage.until("over")
    assert stage.steps == ["handed", "killed", "dead", "started", "again", "answered", "counted"]
    assert step(stage, "killed")["process"] == before != step(stage, "started")["process"]
    assert step(stage, "dead") == {**step(stage, "dead"), "end": "SIGKILL", "kept": False, "shown": 0}
    assert step(stage, "counted")["noted"] == 0  # this bot keeps nothing, and it is not claimed that it did
    moments = [each["ms"] for each in stage.told[-1]["steps"]]
    assert moments == sorted(moments) and moments[1] < 200 <= moments[-1]


async def test_it_can_be_killed_at_once_or_not_at_all(stage: Stage) -> None:
    async with running(stage):
        stage.kill.arm()
        await stage.until("armed")
        stage.kill.disarm()
        await stage.until("idle")
        stage.standin.person("Thiri", "en").send("hello")
        await stage.standin.called("sendMessage")
        assert stage.told[-1]["state"] == "idle"
        stage.kill.arm()
        stage.kill.strike()
        await stage.until("over")
    assert stage.steps == ["killed", "dead", "started", "asks"]


async def test_it_waits_for_somebody_who_is_seen_on_the_page(stage: Stage) -> None:
    other, phone = stage.standin.person("Other", "en"), stage.standin.person("Thiri", "en")
    stage.unseen.add(other.chat_id)
    async with running(stage):
        stage.kill.arm()
        await stage.until("armed")
        other.send("hello")
        await other.sees("heard")
        assert stage.told[-1]["state"] == "armed"
        phone.send("hello")
        await stage.until("over")
    assert stage.steps[-1] == "counted" and len(other.messages) == 2


async def test_a_bot_that_is_not_there_is_not_said_to_have_been_killed(stage: Stage) -> None:
    stage.kill.strike()
    await stage.until("over")
    assert stage.steps == ["absent"]


async def test_what_does_not_come_is_told_as_such(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.demo.kill.PATIENCE", 0.1)
    async with running(stage):
        stage.kill.strike()
        await stage.until("over")
    assert stage.steps[-1] == "late"
