"""The demo's time: it goes forward only, and the bot's own clock goes with it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web

import bot
from bot.demo.clock import DemoClock
from bot.demo.home import demo_hours
from bot.demo.telegram import Standin
from tests.demo.conftest import Clock

YANGON = "Asia/Yangon"  # six and a half hours before UTC


def test_it_begins_in_the_evening_when_nobody_answers(clock: Clock) -> None:
    demo = DemoClock(demo_hours(YANGON), clock)
    assert demo.now() == datetime(2026, 11, 23, 16, 10, tzinfo=UTC)  # 22:40 in Yangon
    told = demo.describe()
    assert (told["open"], told["zone"]) == (False, YANGON)
    assert told["opens_at"] == datetime(2026, 11, 24, 2, 30, tzinfo=UTC).timestamp()


def test_it_goes_forward_only_also_late_in_the_evening(clock: Clock) -> None:
    clock.time = datetime(2026, 11, 23, 16, 11, tzinfo=UTC)
    demo = DemoClock(demo_hours(YANGON), clock)
    assert demo.now() == datetime(2026, 11, 24, 16, 10, tzinfo=UTC)


def test_time_passes_by_the_hour_by_the_week_to_the_morning_and_to_the_evening(clock: Clock) -> None:
    demo, moves = DemoClock(demo_hours("UTC"), clock), list[timedelta]()
    demo.moved.append(lambda: moves.append(demo.ahead))
    for what, hour, minute in (("hour", 23, 40), ("morning", 9, 0), ("morning", 9, 0), ("evening", 22, 40)):
        assert demo.let_pass(what)
        assert (demo.now().hour, demo.now().minute) == (hour, minute)
    assert demo.now().date().day == 25
    assert demo.let_pass("week") and demo.now().isoformat() == "2026-12-02T22:40:00+00:00"
    assert moves == sorted(moves) and len(moves) == 5
    clock.forward(minutes=5)
    assert demo.now().minute == 45  # and it runs


def test_it_does_not_go_where_nobody_can_follow(clock: Clock) -> None:
    demo = DemoClock(demo_hours("UTC"), clock)
    assert not demo.let_pass("yesterday")
    while demo.let_pass("evening"):
        pass
    assert timedelta(days=55) < demo.ahead < timedelta(days=62)


async def test_the_page_moves_it_and_is_told(clock: Clock, http: aiohttp.ClientSession) -> None:
    demo = DemoClock(demo_hours("UTC"), clock)
    app = web.Application()
    app.add_routes(demo.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = "http://127.0.0.1:{1}/demo/time".format(*runner.addresses[0])
        async with http.post(url, json={"pass": "morning"}) as response:
            assert await response.json() == demo.describe()
            assert demo.hours.open_at(demo.now())
        async with http.get(url) as response:
            assert await response.json() == demo.describe()
        for body, status in ((b"", 400), (b"[]", 400), (b'{"pass": "yesterday"}', 409)):
            async with http.post(url, data=body) as response:
                assert response.status == status
    finally:
        await runner.cleanup()


async def test_what_is_sent_to_the_bot_carries_the_demos_time(clock: Clock) -> None:
    demo = DemoClock(demo_hours("UTC"), clock)
    async with Standin(now=demo.now) as standin:
        phone = standin.person("Thiri", "en")
        demo.let_pass("hour")
        assert phone.send("hello").at == int(demo.now().timestamp())


SHOW = """
import sys, threading, time, bot.__main__, bot.clock, bot.demo.leash
from datetime import UTC, datetime
def show():
    for _ in range(2):
        print(round((bot.clock.now() - datetime.now(UTC)).total_seconds()), flush=True)
        while _ == 0 and bot.clock.now() - datetime.now(UTC) < bot.demo.leash.timedelta(hours=2):
            time.sleep(0.01)
bot.__main__.main = show
bot.demo.leash.main()
"""


async def test_the_bot_goes_by_the_clock_on_its_leash_from_its_first_moment() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SHOW),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(bot.__file__).parent.parent,
    )
    assert process.stdin and process.stdout
    async with asyncio.timeout(20):
        process.stdin.write(b"3600\n")
        assert await process.stdout.readline() == b"3600\n"
        process.stdin.write(b"10800\n")
        assert await process.stdout.readline() == b"10800\n"
        await process.wait()


def test_nothing_begins_on_a_leash_that_nobody_holds() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_nothing_but_a_demos_leash_moves_the_clock() -> None:
    source = Path(bot.__file__).parent
    moves = [
        file.relative_to(source).as_posix() for file in source.rglob("*.py") if "go_ahead" in file.read_text("utf-8")
    ]
    assert sorted(moves) == ["clock.py", "demo/leash.py"]
