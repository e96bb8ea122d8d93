"""Transfers as staff see them: what is planned, what was sent, and by whom."""

from __future__ import annotations

from conversations.questions import say
from conversations.script import Ending, Script
from conversations.text import Text, _

WHY: dict[str, Text] = {
    "bank": _("the bank or the money service is closed"),
    "papers": _("a paper is still missing"),
    "funds": _("the money has not come to us yet"),
    "way": _("we are looking for a safe way to bring it"),
    "other": _("something on our side"),
}
"""Why a transfer comes later, as its client reads it; never anything they did."""


def payments(client: int | None = None) -> Script[Ending]:
    """What is to be sent, and what was."""
    yield from say()
    return None


def payment(transfer: int) -> Script[Ending]:
    """One transfer, and what can be done with it."""
    yield from say()
    return None


def pay() -> Script[Ending]:
    """Plan a client's transfers."""
    yield from say()
    return None
