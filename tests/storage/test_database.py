from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Connection, connect, open_database, transact

Work = Callable[[sqlite3.Connection], int]


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Connection]:
    database = await open_database(file)
    yield database
    await database.close()


def marks(file: Path) -> dict[str, int]:
    """What another connection sees."""
    with closing(connect(file, read_only=True)) as connection:
        return dict(map(tuple, connection.execute("SELECT name, value FROM marks")))


def put(name: str, value: int = 1) -> Work:
    def work(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO marks VALUES (?, ?)", (name, value))
        return value

    return work


async def test_a_transaction_is_kept_as_a_whole_and_gives_back_what_it_made(database: Connection, file: Path) -> None:
    assert await database.transact(put("one", 7)) == 7
    assert marks(file) == {"one": 7}


async def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(database: Connection, file: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        put("one")(connection)
        raise KeyError("no such person")

    with pytest.raises(KeyError):
        await database.transact(fail)
    assert marks(file) == {}
    await database.transact(put("two"))
    assert marks(file) == {"two": 1}


@pytest.mark.parametrize("fails", [False, True])
async def test_a_cancelled_caller_does_not_stop_a_transaction_half_way(
    database: Connection, file: Path, caplog: pytest.LogCaptureFixture, fails: bool
) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(connection: sqlite3.Connection) -> None:
        put("first")(connection)
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(5)
        if fails:
            raise ValueError("too late")
        put("second")(connection)

    caller = asyncio.create_task(database.transact(work))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert marks(file) == {}
    go_on.set()
    await database.read(lambda connection: None)  # behind it on the same thread
    await asyncio.sleep(0)
    assert marks(file) == ({} if fails else {"first": 1, "second": 1})
    said = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(said) == fails
    if fails:
        assert "after its caller was cancelled" in said[0].getMessage()
        assert said[0].exc_info and isinstance(said[0].exc_info[1], ValueError)


async def test_a_caller_cancelled_before_it_began_still_gets_its_transaction(database: Connection, file: Path) -> None:
    held = threading.Event()
    waiting = asyncio.create_task(database.read(lambda connection: held.wait(5)))
    caller = asyncio.create_task(database.transact(put("one")))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    held.set()
    await waiting
    await database.read(lambda connection: None)
    assert marks(file) in ({}, {"one": 1})


async def test_two_connections_take_turns_at_writing(database: Connection, file: Path) -> None:
    """BEGIN IMMEDIATE waits for the other writer instead of failing at the first write."""
    inside, go_on = threading.Event(), threading.Event()

    def hold(connection: sqlite3.Connection) -> int:
        value = connection.execute("SELECT coalesce(max(value), 0) FROM marks").fetchone()[0]
        inside.set()
        go_on.wait(5)
        return put("one", value + 1)(connection)

    def follow(connection: sqlite3.Connection) -> int:
        value = connection.execute("SELECT coalesce(max(value), 0) FROM marks").fetchone()[0]
        return put("two", value + 1)(connection)

    def other() -> int:
        with closing(connect(file)) as connection:
            return transact(connection, follow)

    first = asyncio.create_task(database.transact(hold))
    await asyncio.to_thread(inside.wait, 5)
    second = asyncio.create_task(asyncio.to_thread(other))
    done, _waiting = await asyncio.wait({second}, timeout=0.1)
    assert not done, "two wrote at once"
    go_on.set()
    assert await first == 1
    assert await second == 2
    assert marks(file) == {"one": 1, "two": 2}


async def test_a_writer_that_is_kept_out_for_too_long_is_told(database: Connection, file: Path) -> None:
    await database.read(lambda connection: connection.execute("PRAGMA busy_timeout=20"))
    with closing(connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await database.transact(put("one"))
        other.execute("ROLLBACK")
    await database.transact(put("one"))


async def test_reading_does_not_wait_for_a_writer(database: Connection, file: Path) -> None:
    with closing(connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        put("one")(other)
        counted = await database.read(lambda connection: connection.execute("SELECT count(*) FROM marks").fetchone())
        assert counted[0] == 0
        other.execute("COMMIT")
