"""An errand: what a command does in the database of its home, also while the bot runs."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import typer

from bot.clock import now
from bot.dialogue import follow_nudges
from bot.errors import OperatorError
from bot.home import Home
from bot.turn import Turn
from conversations.looks import Here
from conversations.text import Words
from storage.database import connect, transact
from storage.store import Store
from translations.languages import LANGUAGES, SOURCE
from translations.wording import word

T = TypeVar("T")


def read(home: Home, work: Callable[[Turn], T]) -> T:
    """Do what changes nothing."""
    with closing(connect(home.database)) as connection:
        return work(Turn(Store(connection, home.keyring, now()), home.programme, {}))


def write(home: Home, work: Callable[[Turn], T]) -> T:
    """In one transaction; nothing of it stands where `work` raises. What is to be sent or taken away is left to the
    process that runs."""

    def change(connection: sqlite3.Connection) -> T:
        turn = Turn(Store(connection, home.keyring, now()), home.programme, {})
        done = work(turn)
        turn.nudges = list(dict.fromkeys(turn.nudges))  # a sheet of many rows says the same of a list many times
        follow_nudges(turn)
        for sending in turn.sendings:
            turn.store.later("outbox", "later", id=sending.id, reason="", not_before=sending.not_before)
        turn.store.flush()
        return done

    with closing(connect(home.database)) as connection:
        return transact(connection, change)


def clock(turn: Turn) -> Here:
    """The programme and the hour, as sentences need them."""
    languages = [[code, LANGUAGES[code].name] for code in turn.programme.languages]
    return Here(languages=languages, zone=turn.programme.time_zone, now=turn.store.at)


def say(*lines: Words) -> None:
    """Print these sentences."""
    for line in lines:
        typer.echo(word(line, SOURCE))


def is_right(question: str) -> bool:
    """Ask whoever sits at the terminal. Raises OperatorError where nobody does."""
    if not sys.stdin.isatty():
        raise OperatorError("nobody is here to say whether that is right; use --yes to do it without asking")
    return typer.confirm(question)
