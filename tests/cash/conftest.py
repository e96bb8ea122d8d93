"""A ledger that the command line finds in a home on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import donor, export
from bot.home import Home, open_home
from storage.database import connect
from tests.bot.conftest import home as home
from tests.cash.ledger import Ledger, programme


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
