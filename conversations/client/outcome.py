"""What it made possible."""

from __future__ import annotations

from conversations.questions import say
from conversations.script import Ending, Script


def outcome(transfer: int | None = None) -> Script[Ending]:
    """What it made possible."""
    yield from say()
    return None
