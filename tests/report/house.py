"""A programme whose clients say what a test wants, straight into the store, and a lead who asks for reports."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TypeVar

from bot.report.figures import Report, make_report
from conversations.instruments import NEEDS
from conversations.script import Status
from storage import people
from storage.database import transact
from storage.store import Store
from tests.player import Stage

T = TypeVar("T")
CODES = [item.code for item in NEEDS.items]


class House:
    """People by their id; the clock goes on by a day with each report."""

    def __init__(self) -> None:
        self._stage = Stage()
        self._chats = count(5_000_000)

    @property
    def connection(self) -> sqlite3.Connection:
        """The database, which is in memory."""
        return self._stage.connection

    def write(self, work: Callable[[Store], T]) -> T:
        """Something within one transaction."""

        def within(connection: sqlite3.Connection) -> T:
            store = Store(connection, self._stage.keyring, self._stage.now)
            result = work(store)
            store.flush()
            return result

        return transact(self._stage.connection, within)

    def report(self, by: str | None = None) -> Report:
        """What a lead gets who asks now."""
        self._stage.now += timedelta(days=1)
        return self.write(lambda store: make_report(store, self._stage.programme, by=by))

    def join(
        self,
        firsts: Collection[str] = (),
        *,
        skips: Collection[str] = (),
        language: str = "my",
        place: str | None = None,
    ) -> int:
        """A client who agrees and rates everything: 4 where `firsts` says so, a skip where `skips` does, or else 1."""

        def work(store: Store) -> int:
            stranger = people.add_stranger(store, next(self._chats), language)
            person = people.admit(store, stranger, "client", None, place)
            people.save(store, replace(person, adult=True))
            _consent(store, person.id, True)
            for code in CODES:
                _rate(store, person.id, code, None if code in skips else 4 if code in firsts else 1)
            return person.id

        return self.write(work)

    def rate(self, person: int, code: str, value: int | None, *, version: int = NEEDS.version) -> None:
        """One need again; None leaves it out."""
        self.write(lambda store: _rate(store, person, code, value, version))

    def consent(self, person: int, granted: bool) -> None:
        """Agree, or no longer, to be counted."""
        self.write(lambda store: _consent(store, person, granted))

    def change(self, person: int, **columns: object) -> None:
        """Set columns of a person: left_at, erase_at, adult, role, place."""
        sets = ", ".join(f"{name} = :{name}" for name in columns)
        self.write(
            lambda store: store.connection.execute(f"UPDATE people SET {sets} WHERE id = :id", columns | {"id": person})
        )

    def erase(self, person: int) -> None:
        """Everything about a person is gone."""
        self.write(lambda store: store.connection.execute("DELETE FROM people WHERE id = ?", (person,)))

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.write(lambda store: store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]))


def _consent(store: Store, person: int, granted: bool) -> None:
    id_ = store.new_id()
    store.later(
        "consents",
        "insert",
        id=id_,
        person_id=person,
        session_id=id_,
        number=1,
        purpose="figures",
        granted=int(granted),
        digest="",
        language="my",
        mode="self",
        at=store.at,
    )


def _rate(store: Store, person: int, code: str, value: int | None, version: int = NEEDS.version) -> None:
    id_ = store.new_id()
    store.later(
        "responses",
        "insert",
        id=id_,
        person_id=person,
        session_id=id_,
        number=1,
        instrument=NEEDS.name,
        version=version,
        language="my",
        mode="self",
        assisted_by=None,
        item=code,
        status=Status.SKIPPED if value is None else Status.ANSWERED,
        value=value,
        words=None,
        at=store.at,
    )
