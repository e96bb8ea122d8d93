"""One transfer: whether it came, by one tap."""

from __future__ import annotations

from conversations.questions import say
from conversations.script import Ending, Script


def transfer(transfer: int) -> Script[Ending]:
    """What is known of it, and did it reach you."""
    yield from say()
    return None
