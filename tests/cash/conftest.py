"""A ledger with a few people in it, and one that the command line finds in a home on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import donor, export
from bot.home import Home, open_home
from storage.database import connect
from tests.bot.conftest import home as home
from tests.cash.ledger import Ledger, programme
from tests.player import Phone
from tests.terminal import terminal as terminal


@pytest.fixture
def ledger() -> Ledger:
    """A programme at play."""
    return Ledger(programme())


@pytest.fixture
def lead(ledger: Ledger) -> Phone:
    """Who leads it."""
    return ledger.admit("lead", "Lin")


@pytest.fixture
def worker(ledger: Ledger) -> Phone:
    """A caseworker."""
    return ledger.admit("caseworker", "Aye")


@pytest.fixture
def client(ledger: Ledger, worker: Phone) -> Phone:
    """A client of theirs, who may be written to."""
    return ledger.admit("client", caseworker=worker)


@pytest.fixture
def books(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Everybody's money, in memory; an export finds it as it is then."""
    ledger = Ledger(programme())

    def save() -> Home:
        file = connect(home / "firstsay.db")
        ledger.connection.backup(file)
        file.close()
        return open_home()

    for module in (export, donor):
        monkeypatch.setattr(module, "open_home", save)
    for module in (export,):
        monkeypatch.setattr(module, "now", lambda: ledger.now)
    yield ledger
    ledger.connection.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where files go."""
    return tmp_path / "out"
