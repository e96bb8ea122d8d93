"""The tables as they stand, for whoever shows them: nothing is opened here."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from storage.store import TABLES, Row


class Stand(NamedTuple):
    """A table with its newest rows; `total` counts all there are."""

    table: str
    total: int
    rows: list[Row]


def look(connection: sqlite3.Connection, most: int) -> list[Stand]:
    """Every table of one moment, each with at most `most` rows, the newest first."""
    connection.execute("BEGIN")
    try:
        return [_stand(connection, table, most) for table in TABLES]
    finally:
        connection.execute("COMMIT")


def version(connection: sqlite3.Connection) -> int:
    """A number that changes whenever another connection has changed the file."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _stand(connection: sqlite3.Connection, table: str, most: int) -> Stand:
    # The names are ours, not anybody's input.
    total = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    rows = connection.execute(f"SELECT rowid AS place, * FROM {table} ORDER BY rowid DESC LIMIT ?", (most,))  # noqa: S608
    return Stand(table, total, list(rows))
