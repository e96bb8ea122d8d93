"""To be written."""

from __future__ import annotations

from conversations.script import Ending, Script


def followup(asking: int | None = None) -> Script[Ending]:
    """To be written."""
    yield from ()
    return None
