"""When a plan comes round: by a clock on the wall of the programme's zone, from an anchor on.

Months count from the anchor, so that the 31st is the last day of a shorter month and the 31st again after it. A local
time that a daylight-saving night leaves out is moved to the first moment after the gap; one that comes twice counts
once, the first time.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

Day = TypeVar("Day", date, datetime)

ONCE: Final = "once"
WEEKS: Final = {"week": 1, "2 weeks": 2, "4 weeks": 4}
MONTHS: Final = {"month": 1, "3 months": 3}
CRON: Final = "cron "

CYCLE: Final = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
"""Every day of the year falls on every weekday within these years: what does not come in them never does."""

MINUTE: Final = timedelta(minutes=1)

_MONTH: Final = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_WEEKDAY: Final = "(mon|tue|wed|thu|fri|sat|sun)"
_NUMBERS: Final = r"(\*|\d+(-\d+)?)(/\d+)?"
_PARTS: Final = {
    "day": re.compile(rf"{_NUMBERS}|last", re.IGNORECASE),
    "month": re.compile(rf"{_NUMBERS}|{_MONTH}(-{_MONTH})?", re.IGNORECASE),
    "weekday": re.compile(rf"\*|{_WEEKDAY}(-{_WEEKDAY})?", re.IGNORECASE),
}
"""What stands between the commas of a field. APScheduler would pass over anything strange behind what it knows."""


def starts(anchor: str, zone: str, repeat: str) -> Iterator[datetime]:
    """When a plan comes round, one after the other, aware and in UTC; without end unless `repeat` is once.

    `anchor`: the earliest, local time as in 2026-12-01T09:00; `zone`: of the IANA list; `repeat`: as `check` takes it.
    """
    place = ZoneInfo(zone)
    return (_moment(local, place) for local in _walls(datetime.fromisoformat(anchor), repeat))


def check(repeat: str) -> None:
    """Raise ValueError with one line unless `repeat` is once, week, 2 weeks, 4 weeks, month, 3 months, or "cron " with
    minute, hour, day, month and weekday. Minute and hour are one number each, so that nothing comes round more often
    than once a day; where day and weekday are both given, both must be met (1-7 and mon: the first Monday)."""
    if repeat == ONCE or repeat in WEEKS or repeat in MONTHS:
        return
    if not repeat.startswith(CRON):
        known = ", ".join((ONCE, *WEEKS, *MONTHS))
        raise ValueError(f"{repeat!r} is none of {known}, or cron with minute, hour, day, month and weekday")
    if _read_cron(repeat).get_next_fire_time(None, CYCLE[0]) is None:
        raise ValueError(f"{repeat!r} never comes")


def _walls(anchor: datetime, repeat: str) -> Iterator[datetime]:
    """The same on the wall, without a zone."""
    if repeat == ONCE:
        return iter((anchor,))
    if repeat in WEEKS:
        return (anchor + timedelta(weeks=WEEKS[repeat]) * number for number in count())
    if repeat in MONTHS:
        return (add_months(anchor, MONTHS[repeat] * number) for number in count())
    return _cron_walls(anchor, repeat)


def add_months(anchor: Day, months: int) -> Day:
    """So many months after the anchor, on the same day or the last one that month has."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, monthrange(year, month + 1)[1]))


def _cron_walls(anchor: datetime, repeat: str) -> Iterator[datetime]:
    """Cron on a wall that knows no daylight saving; what a night of it changes is for `_moment` alone."""
    trigger, earliest = _read_cron(repeat, endless=True), anchor.replace(tzinfo=UTC)
    while (found := trigger.get_next_fire_time(None, earliest)) is not None:
        yield found.replace(tzinfo=None)
        earliest = found + MINUTE


def _read_cron(repeat: str, *, endless: bool = False) -> CronTrigger:
    """The trigger of "cron " and five fields, within `CYCLE` or endless. Raises ValueError with one line."""
    fields = repeat.removeprefix(CRON).split()
    if len(fields) != 5:
        raise ValueError(f"{repeat!r}: after cron stand minute, hour, day, month and weekday, as in cron 0 9 1 * *")
    minute, hour, *others = fields
    if not (minute.isdecimal() and hour.isdecimal()):
        raise ValueError(f"{repeat!r}: minute and hour are one number each; a round comes at most once a day")
    for (name, part), field in zip(_PARTS.items(), others, strict=True):
        if name == "weekday" and any(character.isdecimal() for character in field):
            raise ValueError(f"{repeat!r}: weekdays go by name, mon to sun; what their numbers mean differs")
        for given in field.split(","):
            if not part.fullmatch(given):
                raise ValueError(f"{repeat!r}: {given!r} is no {name}")
    day, month, weekday = others
    try:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=weekday,
            timezone=UTC,
            end_date=None if endless else CYCLE[1],
        )
    except ValueError as error:
        raise ValueError(f"{repeat!r}: {error}") from None


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the clock on the wall shows that: the first of two times, or the first moment after a gap."""
    while (found := wall.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != wall:
        wall += MINUTE
    return found
