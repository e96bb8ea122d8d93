"""To be written."""

from __future__ import annotations

from conversations.script import Ending, Script


def checkin(asking: int | None = None, last: bool = False) -> Script[Ending]:
    """To be written."""
    yield from ()
    return None
