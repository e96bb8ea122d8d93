"""The send gate: the one place that decides whether, and when, something may reach a person.

It decides when a row is queued and again when it is about to be sent. What a person just asked for passes; what the
programme starts waits for hours that are safe for a client. The exceptions have names (`Purpose`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

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

WHOLE_DAY: Final = (time(0), time(0))


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
    ROUND = "round"
    """Something a programme asks of clients who agreed to it: one bland line, in safe hours."""
    TRANSFER = "transfer"
    """News of a client's own transfer: one bland line, to clients who agreed to be written to first, in safe hours."""
    LINE = "line"
    """Someone wrote where the client did not ask for it now: one bland line, to clients who agreed to be written to
    first, in safe hours."""


ALWAYS: Final = frozenset({Purpose.EDIT, Purpose.TIDY, Purpose.HELP, Purpose.ALERT})
UNASKED: Final = frozenset({Purpose.NEWS, Purpose.LINE, Purpose.ROUND, Purpose.TRANSFER})
"""What the client has not just asked for: waits while they have paused, and never goes once they have left."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Send now (`not_before` is None), later, or never (`reason` says why)."""

    never: bool = False
    not_before: datetime | None = None
    reason: str = ""


NOW: Final = Decision()


class Reader(Protocol):
    """What the gate must know of a person; `storage.people.Person`, or a row that says as much."""

    @property
    def role(self) -> str: ...
    @property
    def hours(self) -> str: ...
    @property
    def days(self) -> int: ...
    @property
    def first(self) -> bool: ...
    @property
    def asked(self) -> bool: ...
    @property
    def blocked_at(self) -> int | None: ...
    @property
    def left_at(self) -> int | None: ...
    @property
    def quiet_until(self) -> int | None: ...


def decide(purpose: Purpose, person: Reader, zone: ZoneInfo, now: datetime, queued_at: datetime) -> Decision:
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
        if purpose is not Purpose.NEWS and not person.first:
            return Decision(never=True, reason="not to be written to first")
        if person.quiet_until is not None:
            from_when = max(now, datetime.fromtimestamp(person.quiet_until, UTC))
    opening = next_safe(person.hours, person.days, zone, from_when)
    return (
        NOW
        if opening <= now
        else Decision(not_before=opening, reason="paused" if from_when > now else "not in safe hours")
    )


@lru_cache(maxsize=1024)  # a round asks it of very many clients, who are in the same few positions
def next_safe(hours: str, days: int, zone: ZoneInfo, now: datetime) -> datetime:
    """The first moment from `now` on that lies in the safe hours of a safe weekday (`days`: a bit for each from Monday
    on, 0 for any), in UTC."""
    window = WINDOWS.get(hours, WINDOWS[""]) or WHOLE_DAY
    local = now.astimezone(zone)
    if _is_safe_day(days, local.date()) and window[0] <= local.time() and not _is_past(local.time(), window):
        return now
    day = local.date() + timedelta(days=int(local.time() >= window[0]))
    while not _is_safe_day(days, day):
        day += timedelta(days=1)
    return datetime.combine(day, window[0], zone).astimezone(UTC)


def _is_safe_day(days: int, day: date) -> bool:
    return not days or bool(days >> day.weekday() & 1)


def _is_past(at: time, window: tuple[time, time]) -> bool:
    return window != WHOLE_DAY and at >= window[1]
