"""To be written."""

from __future__ import annotations

from conversations.script import Ending, Script


def way() -> Script[Ending]:
    """To be written."""
    yield from ()
    return None
