"""The process's one clock. It is the machine's, except in a demo, which lets hours pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_ahead = timedelta()


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC) + _ahead


def go_ahead(ahead: timedelta) -> None:
    """Let this process's time be so far ahead of the machine's. Only a demo's leash calls this."""
    global _ahead
    _ahead = ahead
