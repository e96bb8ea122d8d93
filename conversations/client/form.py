"""To be written."""

from __future__ import annotations

from conversations.script import Ending, Script


def form(name: str, version: int, asking: int | None = None) -> Script[Ending]:
    """To be written."""
    yield from ()
    return None
