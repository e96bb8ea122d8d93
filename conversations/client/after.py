"""After a transfer: a few questions, days later, each of which can be left out."""

from __future__ import annotations

from conversations.questions import say
from conversations.script import Ending, Script


def after(asking: int | None = None, transfer: int | None = None) -> Script[Ending]:
    """Any fee, any trouble, who decided, better another way."""
    yield from say()
    return None
