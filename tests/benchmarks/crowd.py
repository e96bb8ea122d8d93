"""A programme with very many clients, made quickly: each with a key, an address and consents of their own.

`python -m tests.benchmarks.crowd --home DIR` gathers all of them for a round, as the running bot does but with nothing
sent, and prints one JSON object: what it took, how long other work waited behind a piece, and the most memory held.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.home import Home, open_home
from bot.init import initialise
from bot.programme import FILE_NAME
from bot.schedule import ASKED_AT_ONCE
from bot.settings import Environment
from bot.turns import Turns
from storage import people
from storage.database import connect, transact
from storage.people import Person
from storage.store import Store
from tests.benchmarks.flood import STAFF
from tests.benchmarks.peer_firstsay import NO_LIMIT
from tests.benchmarks.turns import peak_megabytes
from tests.rounds.running import add_consent, run_round

FIRST_CHAT = 1_000_001
ADDED_AT_ONCE = 10_000
PURPOSES = ("plan", "checkins", "tell:caseworker")
NIGHT = datetime(2027, 3, 1, 22, tzinfo=UTC)
"""Nobody is asked at this hour of a crowd that is asked in the mornings; everybody may be TWELVE_HOURS later."""
TWELVE_HOURS = timedelta(hours=12)


def make_home(home: Path, clients: int, *, workers: int = 0, hours: str = "any", limited: bool = False) -> Home:
    """A home with so many clients; the first `workers` of them have a caseworker each. Where it is not `limited`, it
    keeps to none of Telegram's limits."""
    os.environ["FIRSTSAY_HOME"] = str(home)
    initialise(Environment())
    settings = home / FILE_NAME
    text = re.sub(r"^time_zone = .*$", 'time_zone = "UTC"', settings.read_text("utf-8"), flags=re.MULTILINE)
    if not limited:
        text = NO_LIMIT.sub(r"\1 = 100000", text)
    settings.write_text(text, "utf-8")
    opened = open_home()
    with connected(opened) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        for start in range(0, clients, ADDED_AT_ONCE):
            some = range(start, min(start + ADDED_AT_ONCE, clients))
            transact(connection, partial(add_clients, home=opened, numbers=some, workers=workers, hours=hours))
            opened.keyring._boxes.clear()
    return opened


@contextmanager
def connected(home: Home) -> Iterator[sqlite3.Connection]:
    """A connection to its database."""
    with closing(connect(home.database)) as connection:
        yield connection


def add_clients(connection: sqlite3.Connection, *, home: Home, numbers: range, workers: int, hours: str) -> None:
    """Some of the clients, and the caseworkers whom they have to themselves."""
    store = Store(connection, home.keyring, datetime.now(UTC))
    for number in numbers:
        chat, worker = FIRST_CHAT + number, None
        if number < workers:
            worker = add_person(store, STAFF + chat, "caseworker", f"W-{number}", name="Aye").id
        client = add_person(
            store, chat, "client", f"C-{number}", adult=True, hours=hours, first=True, caseworker=worker
        )
        for purpose in PURPOSES:
            add_consent(store, client, purpose)
    store.flush()


def add_person(store: Store, chat: int, role: str, code: str, **more: Any) -> Person:
    """Somebody who has come in. A code is given here, because finding a free one takes longer with each."""
    id_ = store.new_id()
    key = store.keyring.new(id_)
    person = Person(id=id_, role=role, chat=chat, code=code, box=store.keyring.box(id_, key), language="en")
    person = replace(person, created_at=store.at, **more)
    people.save(store, person)
    store.later("identities", "insert", person_id=id_, chat_hash=store.keyring.hash_chat(chat), code=code, key=key)
    return person


def begin(home: Home, now: datetime | None = None) -> int:
    """Let a round with everybody begin, as another process would; its id."""
    with connected(home) as connection:
        return transact(connection, lambda c: run_round(Store(c, home.keyring, now or datetime.now(UTC))))


def count_askings(home: Home) -> dict[str, int]:
    """How many askings are in which state."""
    with connected(home) as connection:
        rows = connection.execute("SELECT state, count(*) FROM askings GROUP BY state")
        return {row[0]: row[1] for row in rows}


# What it takes to gather them


def measure(home: Home) -> dict[str, Any]:
    """Gather everybody at night; then what else is done while a round of that size runs."""
    round_ = begin(home, NIGHT)
    turns = Turns(home.keyring, home.programme)
    with connected(home) as connection:
        pieces, cpu = Stopwatch(connection), time.process_time()
        while _reached(connection) >= 0:
            pieces.take(partial(turns.ask, now=NIGHT, most=ASKED_AT_ONCE))
        used = time.process_time() - cpu
        asked = Stopwatch(connection)
        for _piece in range(20):
            asked.take(partial(turns.ask, now=NIGHT + TWELVE_HOURS, most=ASKED_AT_ONCE))
        sweeps, counts = Stopwatch(connection), Stopwatch(connection)
        for minute in range(3):
            sweeps.take(partial(turns.sweep, now=NIGHT + TWELVE_HOURS + timedelta(minutes=minute)))
            counts.take(lambda c: Store(c, home.keyring, NIGHT).rows("askings", "counts", round_id=round_))
    gathered = sum(count_askings(home).values())
    return {
        "gathered": gathered,
        "seconds": round(sum(pieces.taken), 2),
        "cpu_us_per_client": round(used * 1e6 / gathered, 1),
        "gather_piece_ms": pieces.figures(),
        "ask_piece_ms": asked.figures(),
        "sweep_ms": sweeps.figures(),
        "counts_ms": counts.figures(),
        "peak_mb": round(peak_megabytes(os.getpid()), 1),
    }


class Stopwatch:
    """Transactions, and how long each took (seconds): as long waits whoever comes at the wrong moment."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.taken: list[float] = []

    def take(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """One transaction."""
        started = time.perf_counter()
        transact(self._connection, work)
        self.taken.append(time.perf_counter() - started)

    def figures(self) -> dict[str, float]:
        """Median, and the longest, in milliseconds."""
        ordered = sorted(self.taken)
        return {"median": round(ordered[len(ordered) // 2] * 1000, 1), "longest": round(ordered[-1] * 1000, 1)}


def _reached(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT max(reached) FROM rounds").fetchone()[0])


def main() -> int:
    """Gather the crowd of a home that is there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    os.environ["FIRSTSAY_HOME"] = str(parser.parse_args().home)
    print(json.dumps(measure(open_home())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
