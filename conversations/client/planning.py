"""Their own plan."""

from __future__ import annotations

from conversations.questions import say
from conversations.script import Ending, Script


def planning(transfer: int | None = None) -> Script[Ending]:
    """Their own plan."""
    yield from say()
    return None
