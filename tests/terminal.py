"""The command line, called in this process, so that a test's clock and its people are the command's too."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from bot.__main__ import main

Run = Callable[..., tuple[int, str, str]]
"""Calls the command with such arguments: its exit code, what it printed, and its complaint."""


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A wide terminal; the commands leave logging as it is for the whole process."""
    monkeypatch.setattr("bot.logs.configure", lambda **kinds: None)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["firstsay", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        told = capsys.readouterr()
        return int(caught.value.code or 0), told.out, told.err

    return call
