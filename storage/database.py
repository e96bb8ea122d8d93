"""One SQLite connection on its own thread, and whole units of work run there in one hop."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")
log = logging.getLogger(__name__)

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA busy_timeout=5000",
)


class Connection(aiosqlite.Connection):
    """An aiosqlite connection that can run a whole transaction as one plain function on its thread."""

    async def transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` between BEGIN IMMEDIATE and COMMIT; any exception rolls back and is raised here.

        A cancelled caller does not stop it half way: the transaction ends either way, and a failure that nobody
        waits for any more is logged.
        """
        task = asyncio.ensure_future(self._execute(_transaction, self._conn, work))  # type: ignore[no-untyped-call]
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_log_failure)
            raise

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the thread without a transaction of its own."""
        result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return result


def _transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def transact(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """The same transaction on a plain connection, for the command line and for tests."""
    return _transaction(connection, work)


def _log_failure(task: asyncio.Future[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a transaction failed after its caller was cancelled", exc_info=task.exception())


def truncate_log(connection: sqlite3.Connection) -> bool:
    """Bring the write-ahead log into the database and cut it to nothing; False where somebody still reads it. Freed
    pages are overwritten there (`secure_delete`). Waits for nobody."""
    connection.execute("PRAGMA busy_timeout=0")
    try:
        busy, _frames, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(PRAGMAS[-1])
    return not busy


def connect(path: Path | str, *, read_only: bool = False) -> sqlite3.Connection:
    """A plain connection with this house's settings; sqlite3.OperationalError where it cannot be opened."""
    if read_only:
        connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    else:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            connection.execute(pragma)
    connection.row_factory = sqlite3.Row
    return connection


async def open_database(path: Path | str) -> Connection:
    """The process's one writing connection."""
    connection = Connection(lambda: connect(path), iter_chunk_size=64)
    await connection
    return connection
