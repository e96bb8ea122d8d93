"""Moments: how a day and a time are said, near ones by name."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from conversations.text import Moment, Verbatim, Words, _
from translations.languages import Language, known

log = logging.getLogger(__name__)

NEAR: dict[int, Words] = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
"""The days that have a name of their own, by their distance from today. Also read by `dates`."""


def phrase(moment: Moment, language: str, now: datetime | None = None) -> Words:
    """Return the words for a moment in a language, in the moment's own time zone.

    Times are `14:10`. With `now` (aware), yesterday, today and tomorrow are called so, and the year is added
    when it is another one; without it, neither is known. For a message that may wait before it is read, leave
    `now` out: by then "tomorrow" would be wrong.
    """
    local, suffix = _localise(moment.at, moment.zone)
    time = Verbatim(f"{local:%H:%M}{suffix}")
    if moment.style == "time":
        return time
    today = None if now is None else _localise(now, moment.zone)[0].date()
    day = _day(local.date(), known(language), today)
    if moment.style == "day":
        return day
    return _("%(day)s, %(time)s", day=day, time=time)


def _localise(at: datetime, zone: str) -> tuple[datetime, str]:
    """Return the moment on the zone's clock; in UTC, and saying so, if there is no such zone."""
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        return at.astimezone(ZoneInfo(zone)), ""
    except (KeyError, ValueError, OSError, OverflowError):
        log.warning("a moment could not be put into its time zone; it was worded in UTC")
    try:
        return at.astimezone(UTC), " UTC"
    except OverflowError:
        return at.replace(tzinfo=UTC), " UTC"


def _day(day: date, language: Language, today: date | None) -> Words:
    """Name a day: `today`, `Monday 3 March`, or with the year if it is not this one."""
    near = None if today is None else NEAR.get((day - today).days)
    if near is not None:
        return near
    weekdays, months = names(language.locale)
    text = language.day % {
        "weekday": weekdays[day.weekday()],
        "day": day.day,
        "month": months[day.month - 1],
    }
    if today is not None and day.year != today.year:
        text = language.dated % {"text": text, "year": _year(day.year, language)}
    return Verbatim(text)


def _year(year: int, language: Language) -> str:
    """Word a year; where people count in another era, in both, since Babel would only give ours."""
    return f"{year + language.era} ({year})" if language.era else str(year)


@lru_cache(maxsize=16)
def names(locale: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the weekdays from Monday, and of the months, by Babel's locale data."""
    from babel.dates import get_day_names, get_month_names

    weekdays, months = get_day_names("wide", locale=locale), get_month_names("wide", locale=locale)
    return tuple(weekdays[day] for day in range(7)), tuple(months[month] for month in range(1, 13))
