"""What surrounds the bot, as `firstsay doctor` looks at it: the home, the disk, the clock, Telegram."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

import aiohttp
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.home import InUseError, only_one
from bot.request import AiohttpRequest, proxy_for
from bot.settings import Environment
from storage.database import connect
from storage.store import QUERIES

TELEGRAM_SECONDS: Final = 5.0
"""How long Telegram may take for each of two answers: who we are, and what time it is."""

CLOCK_OFF: Final = 30
"""Seconds by which this machine's clock may be wrong: invitations expire and safe hours begin by it."""

FIRST_YEAR: Final = 2026
"""A clock that shows an earlier year has never been set."""

SCARCE, FULL = 1_000_000_000, 100_000_000
"""Free bytes under which the disk is told of, and under which it is to be mended."""


class Level(StrEnum):
    """How a check came out. Only `mend` changes the exit code."""

    OK = "ok"
    NOTE = "note"
    MEND = "mend"


class Check(NamedTuple):
    """One line: how it came out, what was looked at, and what was found or how to mend it."""

    level: Level
    name: str
    text: str


Checks = Iterator[Check]


def look_at_home(environment: Environment) -> Checks:
    """Nobody else on this machine can look into the home, or at a database that lies elsewhere."""
    home, database = environment.home, environment.database_file
    if not home.is_dir():
        yield Check(Level.MEND, "home", f"{home} is not there; make it with: firstsay init")
        return
    for path, mode in [(home, "700"), *([(database, "600")] if home not in database.parents else [])]:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Check(Level.MEND, "home", f"others on this machine can look into it; run: chmod {mode} {path}")
            return
    yield Check(Level.OK, "home", f"{home} is for its owner only")


def look_at_disk(environment: Environment) -> Checks:
    """There is room for what clients say."""
    folder = environment.database_file.parent
    free = shutil.disk_usage(folder if folder.is_dir() else Path.cwd()).free
    room = f"{free / 1_000_000:,.0f} MB free"
    if free < SCARCE:
        yield Check(Level.MEND if free < FULL else Level.NOTE, "disk", f"only {room}; make room before it is full")
    else:
        yield Check(Level.OK, "disk", room)


def look_at_process(environment: Environment) -> Checks:
    """Whether the bot runs now; either is fine."""
    if environment.home.is_dir():
        try:
            with only_one(environment.home):
                yield Check(Level.OK, "process", "firstsay run is not running here now")
        except InUseError:
            yield Check(Level.OK, "process", "firstsay run is running here now")


def check_clock(now: datetime, ahead: float | None, newest: int | None) -> Check:
    """Against Telegram's clock, or else by good sense.

    `ahead`: seconds by which this one is ahead of Telegram's; `newest`: epoch seconds of the last thing that was kept.
    """
    if ahead is not None and abs(ahead) <= CLOCK_OFF:
        return Check(Level.OK, "clock", "agrees with Telegram's")
    if ahead is not None:
        way = "ahead of" if ahead > 0 else "behind"
        line = f"is {abs(ahead):.0f} seconds {way} Telegram's; let the machine set it (NTP)"
        return Check(Level.MEND, "clock", line)
    shown = f"shows {now:%Y-%m-%d %H:%M} UTC"
    if now.year < FIRST_YEAR or (newest is not None and newest > now.timestamp() + CLOCK_OFF):
        return Check(Level.MEND, "clock", f"{shown}, which has been; let the machine set it (NTP)")
    return Check(Level.OK, "clock", f"{shown}; not compared with Telegram's")


class Asked(NamedTuple):
    """Who Telegram says we are (or what went wrong), and how far our clock is ahead of its own (seconds)."""

    check: Check
    ahead: float | None


def look_at_telegram(environment: Environment, now: datetime) -> Checks:
    """The token, and the clock by which Telegram goes."""
    if environment.token is None:
        yield Check(Level.NOTE, "token", "FIRSTSAY_TOKEN is not set, so Telegram was not asked")
        yield check_clock(now, None, _newest(environment))
        return
    asked = asyncio.run(_ask(environment, environment.require_token()))
    yield asked.check
    yield check_clock(datetime.now(UTC), asked.ahead, _newest(environment))


async def _ask(environment: Environment, token: str) -> Asked:
    check, ahead = await asyncio.gather(_try_token(environment, token), _compare_clocks(environment))
    return Asked(check, ahead)


async def _try_token(environment: Environment, token: str) -> Check:
    request = AiohttpRequest(proxy=proxy_for(environment.api_url))
    bot = Bot(token, base_url=f"{environment.api_url}/bot", request=request, get_updates_request=request)
    try:
        await request.initialize()
        async with asyncio.timeout(TELEGRAM_SECONDS):
            username = (await bot.get_me()).username
        return Check(Level.OK, "token", f"Telegram knows it: @{username}")
    except InvalidToken:
        line = "Telegram refuses FIRSTSAY_TOKEN; get the right one from @BotFather"
    except (TelegramError, TimeoutError):
        line = f"no answer from {environment.api_url} in {TELEGRAM_SECONDS:.0f} seconds; look at network and proxy"
    finally:
        await request.shutdown()
    return Check(Level.MEND, "token", line)


async def _compare_clocks(environment: Environment) -> float | None:
    """Seconds by which this clock is ahead of the server's `Date`, from an address without the token; or None."""
    limit = aiohttp.ClientTimeout(total=TELEGRAM_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=limit, proxy=proxy_for(environment.api_url)) as session:
            before = datetime.now(UTC)
            async with session.head(f"{environment.api_url}/", allow_redirects=False) as answer:
                middle = before + (datetime.now(UTC) - before) / 2
                return (middle - parsedate_to_datetime(answer.headers["Date"])).total_seconds()
    except (aiohttp.ClientError, OSError, KeyError, ValueError, TypeError):
        return None


def _newest(environment: Environment) -> int | None:
    """When the last update was kept (epoch seconds), if there is a database that can say so."""
    if not environment.database_file.exists():
        return None
    try:
        with closing(connect(environment.database_file, read_only=True)) as connection:
            row = QUERIES["updates"].newest(connection)
            return None if row is None or row[0] is None else int(row[0])
    except sqlite3.Error:
        return None
