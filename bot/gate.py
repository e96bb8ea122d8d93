"""The send gate: the one place that decides whether, and when, something may reach a person.

It decides when a row is queued and again when it is about to be sent. What a person just asked for passes; what the
programme starts waits for hours that are safe for a client. The exceptions have names (`Purpose`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from storage.people import Person

FRESH: Final = timedelta(minutes=10)
"""A reply older than this is treated like something the programme started: the phone may be in other hands by now."""

WINDOWS: Final = {
    "": (time(9), time(20)),
    "any": None,
    "morning": (time(7), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(21)),
}
"""Hours on the wall clock that a client named as safe; by day while they have named none."""


class Purpose(StrEnum):
    """Why something is sent. Nothing is sent without one."""

    ANSWER = "answer"
    """To what the person just did."""
    EDIT = "edit"
    """A silent change of what already stands on their screen. Exception: passes at any hour."""
    TIDY = "tidy"
    """A deletion. Exception: passes at any hour."""
    HELP = "help"
    """The way to a person, and the numbers to call. Exception: passes at any hour."""
    ALERT = "alert"
    """A client's wish, to staff. Exception: passes at any hour, staff mute their own phone."""
    NEWS = "news"
    """News of a wish, or an answer to it, to the client who sent it: one bland line, in safe hours."""
    LINE = "line"
    """Someone wrote where the client did not ask for it now: one bland line, to clients who agreed to be written to
    first, in safe hours."""


ALWAYS: Final = frozenset({Purpose.EDIT, Purpose.TIDY, Purpose.HELP, Purpose.ALERT})
UNASKED: Final = frozenset({Purpose.NEWS, Purpose.LINE})
"""What the client has not just asked for: waits while they have paused, and never goes once they have left."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Send now (`not_before` is None), later, or never (`reason` says why)."""

    never: bool = False
    not_before: datetime | None = None
    reason: str = ""


NOW: Final = Decision()


def decide(purpose: Purpose, person: Person, zone: ZoneInfo, now: datetime, queued_at: datetime) -> Decision:
    """Whether and when something may be sent to this person. Times are aware, UTC."""
    if person.blocked_at is not None:
        return Decision(never=True, reason="blocked")
    if purpose in ALWAYS or person.role != "client":
        return NOW
    if purpose is Purpose.ANSWER and now - queued_at < FRESH:
        return NOW
    from_when = now
    if purpose in UNASKED and not (purpose is Purpose.NEWS and person.asked):
        if person.left_at is not None:
            return Decision(never=True, reason="left")
        if purpose is Purpose.LINE and not person.first:
            return Decision(never=True, reason="not to be written to first")
        if person.quiet_until is not None:
            from_when = max(now, datetime.fromtimestamp(person.quiet_until, UTC))
    opening = next_safe(person.hours, zone, from_when)
    return (
        NOW
        if opening <= now
        else Decision(not_before=opening, reason="paused" if from_when > now else "not in safe hours")
    )


def next_safe(hours: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The first moment from `now` on that lies in the safe hours, in UTC."""
    window = WINDOWS.get(hours, WINDOWS[""])
    if window is None:
        return now
    local = now.astimezone(zone)
    if window[0] <= local.time() < window[1]:
        return now
    day = local.date() if local.time() < window[0] else local.date() + timedelta(days=1)
    return datetime.combine(day, window[0], zone).astimezone(UTC)
