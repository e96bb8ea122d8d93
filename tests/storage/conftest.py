from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import connect
from storage.keys import Keyring
from storage.store import Store
from tests.player import MASTER, MONDAY, Stage


@pytest.fixture
def stage() -> Stage:
    """An empty programme."""
    return Stage()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database file with the schema and nothing in it."""
    path = tmp_path / "firstsay.db"
    Stage(path=path).connection.close()
    return path


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(file)) as connection:
        yield connection


@pytest.fixture
def store(connection: sqlite3.Connection) -> Iterator[Store]:
    """A store within a transaction that is never committed."""
    connection.execute("BEGIN IMMEDIATE")
    yield Store(connection, Keyring(MASTER), MONDAY)
    if connection.in_transaction:
        connection.execute("ROLLBACK")
