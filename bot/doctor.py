"""`firstsay doctor`: everything the bot needs, looked at and told one line each; nothing is changed.

The one exception: a home that has no database yet gets an empty one, as every other command would make it.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

import aiohttp
from rich.console import Console
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.errors import OperatorError
from bot.home import Home, InUseError, only_one, open_home
from bot.init import read_master_key
from bot.invite import missing_for_clients
from bot.logs import describe_exception
from bot.request import AiohttpRequest, proxy_for
from bot.settings import Environment, load_environment, load_programme
from conversations.instruments import INSTRUMENTS, NEEDS
from storage import people
from storage.database import connect
from storage.keys import Keyring, WrongKeyError
from storage.schema import HEAD, revision_of
from storage.store import Store
from translations.catalogs import CatalogError, load, missing
from translations.languages import LANGUAGES

TELEGRAM_SECONDS: Final = 5.0
CLOCK_OFF: Final = timedelta(seconds=30)
"""How wrong this machine's clock may be: invitations expire and safe hours begin by it."""

VERIFIED_FOR: Final = timedelta(days=90)
"""After this a crisis number should be called again."""

STUCK_SECONDS: Final = 600
"""A message that should have gone longer ago than this is stuck."""

SCARCE: Final = 1_000_000_000
FULL: Final = 100_000_000
"""Bytes free on the disk under which it is told, and under which it is to be mended."""


class Level(StrEnum):
    """How a check came out; only `mend` changes the exit code."""

    OK = "ok"
    NOTE = "note"
    MEND = "mend"


STYLES: Final = {Level.OK: "green", Level.NOTE: "yellow", Level.MEND: "bold red"}


class Check(NamedTuple):
    """One line: how it came out, what was looked at, and what was found or how to mend it."""

    level: Level
    name: str
    text: str


def run_doctor() -> int:
    """Print every check as it is made. Exit code: 1 if anything is to be mended."""
    console = Console(highlight=False, soft_wrap=True)
    found = {level: 0 for level in Level}
    for check in examine(datetime.now(UTC)):
        console.print(f"{check.level:<4} ", style=STYLES[check.level], end="")
        console.print(f" {check.name:<9} {check.text}", markup=False)
        found[check.level] += 1
    mend, note = found[Level.MEND], found[Level.NOTE]
    console.print(f"{mend} to mend, {note} to note." if mend or note else "All is well.")
    return 1 if mend else 0


def examine(now: datetime) -> Iterator[Check]:
    """Every check in turn; one that cannot be made without another is left out. `now` is aware, UTC."""
    try:
        environment = load_environment()
    except OperatorError as error:
        yield Check(Level.MEND, "settings", str(error))
        return
    yield from _guarded("home", lambda: look_at_home(environment))
    yield from _guarded("disk", lambda: look_at_disk(environment))
    try:
        programme = load_programme(environment.programme_file)
        yield Check(Level.OK, "settings", f"{environment.programme_file.name} and the variables can be read")
        keyring = Keyring(read_master_key(environment.home))
        yield Check(Level.OK, "key", "the key file is a key, and only its owner can read it")
        if not environment.database_file.exists():
            open_home()
    except OperatorError as error:
        yield Check(Level.MEND, "key" if "programme" in locals() else "settings", str(error))
        return
    home = Home(environment, programme, keyring, environment.database_file)
    yield from _guarded("urgent", lambda: look_at_urgent(home))
    for language in programme.languages:
        yield from _guarded("words", lambda language=language: look_at_words(language))
    yield from look_at_telegram(home, now)
    yield from _guarded("database", lambda: look_at_database(home, now))
    yield look_at_process(environment.home)
