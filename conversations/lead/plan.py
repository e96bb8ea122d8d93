"""Planning a round."""

from __future__ import annotations

from conversations.script import Ending, Script


def plan() -> Script[Ending]:
    """To be written."""
    yield from ()
    return None


def preview(name: str, version: int) -> Script[Ending]:
    """To be written."""
    yield from ()
    return None
