"""A home on the disk, for the commands that work on one."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path

import pytest

from bot.init import initialise
from bot.settings import Environment
from tests.player import MASTER


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home as `init` makes it, with the key of the stage."""
    for name in [name for name in os.environ if name.startswith("FIRSTSAY_")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("FIRSTSAY_HOME", str(home))
    home.mkdir(mode=0o700)
    key = home / "firstsay.key"
    key.touch(mode=0o600)
    key.write_bytes(b64encode(MASTER))
    initialise(Environment(home=home))
    return home
