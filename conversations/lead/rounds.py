"""Rounds."""

from __future__ import annotations

from conversations.script import Ending, Script


def rounds() -> Script[Ending]:
    """To be written."""
    yield from ()
    return None


def show_round(plan: int) -> Script[Ending]:
    """To be written."""
    yield from ()
    return None
