"""Answering hours: when somebody is there, on the wall clock of the programme's time zone. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_LOOK_AHEAD: Final = 92
"""Days in which the next opening is sought: longer than any holiday."""

_SECOND: Final = timedelta(seconds=1)
_SPAN: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-4]):([0-5]\d)")


class Span(NamedTuple):
    """Minutes since midnight on the wall clock; the end is not part of it and may be 1440."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When the programme answers, on the wall clock of its time zone. `week` starts on Monday."""

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    closed_on: frozenset[date] = frozenset()

    def open_at(self, now: datetime) -> bool:
        """Is someone there at this moment (aware)? An hour that daylight saving repeats counts both times."""
        local = _aware(now).astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(span.start <= minute < span.end for span in self._spans(local.date()))

    def after(self, now: datetime, answering: timedelta) -> datetime:
        """When that much answering time (to the minute) will have gone by, in UTC; without any hours, by the clock."""
        moment, left = now, int(answering.total_seconds()) // 60
        while left > 0:
            if not self.open_at(moment):
                opening = self.next_opening(moment)
                if opening is None:
                    return moment + timedelta(minutes=left)
                moment = opening
            moment += timedelta(minutes=1)
            left -= 1
        return moment.astimezone(UTC)

    def next_opening(self, now: datetime) -> datetime | None:
        """The first moment after `now` (aware) at which answering begins, in UTC.

        While it is open, that is the opening after this one. None: there are no hours, or they never end.
        """
        first = _aware(now).astimezone(self.zone).date()
        for day in (first + timedelta(days=n) for n in range(_LOOK_AHEAD)):
            for moment in sorted(self._candidates(day)):
                if moment > now and self.open_at(moment) and not self.open_at(moment - _SECOND):
                    return moment
        return None

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed_on else self.week[day.weekday()]

    def _candidates(self, day: date) -> Iterator[datetime]:
        """Where this day could open: each start, in both readings of the clock, and where the clock is changed.

        A start that the clock jumps over yields moments at which nothing begins; `next_opening` drops them.
        """
        spans = self._spans(day)
        for span in spans:
            for fold in (0, 1):
                yield _wall(day, span.start, self.zone, fold)
        if spans:
            yield from self._changes(day)

    def _changes(self, day: date) -> Iterator[datetime]:
        """The second at which the zone's offset changes on this day, if it does."""
        # A second before the day begins, since some zones change at midnight.
        low, high = _wall(day, 0, self.zone) - _SECOND, _wall(day + timedelta(days=1), 0, self.zone)
        before = low.astimezone(self.zone).utcoffset()
        if high.astimezone(self.zone).utcoffset() == before:
            return
        while high - low > _SECOND:
            middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
            low, high = (middle, high) if middle.astimezone(self.zone).utcoffset() == before else (low, middle)
        yield high


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def _wall(day: date, minute: int, zone: ZoneInfo, fold: int = 0) -> datetime:
    """A reading of the wall clock as UTC; `fold` as in datetime."""
    return datetime.combine(day, time(*divmod(minute, 60), fold=fold), zone).astimezone(UTC)


def parse_span(text: str) -> Span:
    """`09:00-17:00` → Span(540, 1020). Raises ValueError; a span over midnight is written as two."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time span")
    hour, minute, end_hour, end_minute = map(int, match.groups())
    span = Span(hour * 60 + minute, end_hour * 60 + end_minute)
    if not span.start < span.end <= 1440:
        raise ValueError(f"{text!r} does not end after it starts, on the same day")
    return span
