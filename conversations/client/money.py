"""Everything of a client's own money."""

from __future__ import annotations

from conversations.questions import say
from conversations.script import Ending, Script


def money(transfer: int | None = None) -> Script[Ending]:
    """Everything of a client's own money."""
    yield from say()
    return None


def beside(transfer: int | None = None) -> Script[Ending]:
    """The picture of their plan, with what was noted beside it."""
    yield from say()
    return None
