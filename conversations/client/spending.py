"""What it went for."""

from __future__ import annotations

from conversations.questions import say
from conversations.script import Ending, Script


def spending(transfer: int | None = None) -> Script[Ending]:
    """What it went for."""
    yield from say()
    return None
