"""To be written."""

from __future__ import annotations

from conversations.script import Ending, Script


def contact() -> Script[Ending]:
    """To be written."""
    yield from ()
    return None
