"""The store within one transaction: reads, writes kept back to go out set-wise, and a savepoint for each turn.

Most turns only add rows. Those are kept back and written for the whole batch at once, table by table. A turn that
needs to read, or to win a contest (a claim, a one-time code), touches the database directly; only then is a savepoint
opened, after what earlier turns left has been written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

import aiosql

from storage.ids import new_id
from storage.keys import Keyring

Row: TypeAlias = sqlite3.Row
Values: TypeAlias = dict[str, Any]

TABLES: Final = (
    *("people", "identities", "invitations", "sessions", "sittings", "instruments", "responses", "texts", "consents"),
    *("voices", "alerts", "alert_copies", "talks", "lines", "readings", "feedback", "slots", "messages", "outbox"),
    *("updates", "letters", "attempts", "marks", "erased", "copies", "editions", "counted"),
    *("forms", "plans", "rounds", "transfers", "transfer_steps", "entries", "places", "askings"),
)
"""In the order of writing: whatever a row points at comes before it."""

FOLDER: Final = Path(__file__).parent / "queries"
QUERIES: Final = {
    table: aiosql.from_path(FOLDER / f"{table}.sql", "sqlite3", mandatory_parameters=False) for table in TABLES
}


class KeptBackError(Exception):
    """A row kept back was refused by a constraint, and a set-wise write cannot say whose turn it came from."""


class Store:
    """One transaction's view of what is kept."""

    def __init__(self, connection: sqlite3.Connection, keyring: Keyring, now: datetime) -> None:
        self.connection = connection
        self.keyring = keyring
        self.now = now
        """Aware, UTC: the time of this transaction."""
        self.at = int(now.timestamp())
        self._kept_back = _Writes()
        self._own = _Writes()
        self._in_turn = False
        self._touched = False

    def new_id(self) -> int:
        """An id for a row that is about to be written."""
        return new_id(self.now)

    def later(self, table: str, query: str, **values: Any) -> None:
        """Write at the end of the batch (or before the next read)."""
        (self._own if self._in_turn else self._kept_back).add(table, query, values)

    def now_or_not(self, table: str, query: str, **values: Any) -> bool:
        """Carry out a conditional change at once; whether it changed anything."""
        self.flush()
        changed = getattr(QUERIES[table], query)(self.connection, **values)
        return bool(changed)

    def rows(self, table: str, query: str, **values: Any) -> list[Row]:
        """All rows of a query."""
        self.flush()
        return list(getattr(QUERIES[table], query)(self.connection, **values))

    def row(self, table: str, query: str, **values: Any) -> Row | None:
        """One row, or None."""
        self.flush()
        row: Row | None = getattr(QUERIES[table], query)(self.connection, **values)
        return row

    def value(self, table: str, query: str, **values: Any) -> Any:
        """The first column of one row, or None."""
        row = self.row(table, query, **values)
        return None if row is None else row[0]

    def begin_turn(self) -> None:
        """From here on, what happens can be undone alone."""
        self._in_turn, self._touched = True, False

    def end_turn(self) -> None:
        """The turn stands."""
        if self._touched:
            self.flush()
            self.connection.execute("RELEASE turn")
        self._kept_back.take(self._own)
        self._in_turn = False

    def undo_turn(self) -> None:
        """The turn never was."""
        self._own.clear()
        if self._touched and self.connection.in_transaction:  # a full disk has undone everything by itself
            self.connection.execute("ROLLBACK TO turn")
            self.connection.execute("RELEASE turn")
        self._in_turn = False

    def flush(self) -> None:
        """Write everything kept back, table by table, in order within each table. Raises `KeptBackError`."""
        try:
            self._kept_back.write(self.connection)
        except sqlite3.IntegrityError as error:
            raise KeptBackError from error
        if self._in_turn and not self._touched:
            self.connection.execute("SAVEPOINT turn")
            self._touched = True
        self._own.write(self.connection)


class _Writes:
    """Writes kept back: for each table a list of (query, rows), rows of one query in a row together."""

    def __init__(self) -> None:
        self._by_table: dict[str, list[tuple[str, list[Values]]]] = {}

    def add(self, table: str, query: str, values: Values) -> None:
        groups = self._by_table.setdefault(table, [])
        if groups and groups[-1][0] == query:
            groups[-1][1].append(values)
        else:
            groups.append((query, [values]))

    def take(self, other: _Writes) -> None:
        for table, groups in other._by_table.items():
            for query, rows in groups:
                for values in rows:
                    self.add(table, query, values)
        other.clear()

    def clear(self) -> None:
        self._by_table.clear()

    def write(self, connection: sqlite3.Connection) -> None:
        if not self._by_table:
            return
        for table in TABLES:
            for query, rows in self._by_table.get(table, ()):
                connection.executemany(getattr(QUERIES[table], query).sql, rows)
        self._by_table.clear()


def listed(values: Iterable[int | str]) -> str:
    """Values as the JSON list that the set-wise queries take."""
    return json.dumps(list(values))
