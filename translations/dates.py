"""Dates: a day that a person typed, read only when there is no doubt."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from translations.encoding import comparable
from translations.languages import SOURCE, known
from translations.moments import NEAR
from translations.numbers import latin
from translations.wording import word

LONGEST = 80
FARTHEST = 120
"""Years from today beyond which a year is taken for a slip."""
SHORT = 20
"""Years from today within which a year of two digits is understood."""
RECENT = timedelta(days=60)
"""How long ago a day without a year may have been and still be the one that is meant."""

FILLERS: dict[str, tuple[str, ...]] = {
    "en": ("st", "nd", "rd", "th", "of", "the", "on"),
    "my": ("ရက်နေ့", "ရက်", "နေ့", "လ", "ခုနှစ်", "ခု", "နှစ်"),
    "th": ("วันที่", "วัน", "ที่", "เดือน", "พ.ศ.", "ค.ศ.", "ปี"),
    "km": ("ថ្ងៃទី", "ថ្ងៃ", "ទី", "ខែ", "ឆ្នាំ"),
    "lo": ("ວັນທີ", "ວັນ", "ທີ", "ເດືອນ", "ປີ"),
}
"""What stands around the day, the month and the year in a written date, and says nothing more."""

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})")


def read_date(text: str, today: date, language: str) -> date | None:
    """Return the day that the text names for a person of this language, or None if that is not sure.

    Read are: `2026-03-05`; day, month, year in this order, as everywhere our languages are spoken; a day with a
    month's name in the language or in English, in any order; today, tomorrow and yesterday. Digits may be of any
    script. Without a year, the coming day of that name is meant, unless it has just passed (`RECENT`). In Thai a
    year may be of the Buddhist era. A weekday that does not fit the date makes it doubtful. Say the day back to
    the person, with its year, and ask whether it is right.
    """
    if len(text) > LONGEST:
        return None
    typed = comparable(latin(text)).strip(" \t\r\n.,;!?()\"'။၊")
    for distance, name in NEAR.items():
        if typed in (comparable(word(name, language)), comparable(word(name, SOURCE))):
            return today + timedelta(days=distance)
    return _numeric(typed, today, language) or _worded(typed, today, language)


def _numeric(typed: str, today: date, language: str) -> date | None:
    era = known(language).era
    if found := _YEAR_FIRST.fullmatch(typed):
        year, _, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(typed):
        day, _, month, year = found.groups()
    elif found := _NO_YEAR.fullmatch(typed):
        return _near(int(found[1]), int(found[2]), today)
    else:
        return None
    return _exact(_year(year, today, era), int(month), int(day))


def _worded(typed: str, today: date, language: str) -> date | None:
    """Read a date with a month's name."""
    for locale, fillers in _grammars(language):
        pattern, months, weekdays = _grammar(locale, fillers)
        found = pattern.fullmatch(typed)
        if not found:
            continue
        parts = {name.rstrip("0123"): value for name, value in found.groupdict().items() if value}
        day, month = int(parts["day"]), months[parts["month"]]
        weekday = weekdays[parts["weekday"]] if "weekday" in parts else None
        if "year" in parts:
            read = _exact(_year(parts["year"], today, known(language).era), month, day)
        else:
            read = _near(day, month, today)
        return read if read and weekday in (None, read.weekday()) else None
    return None


def _grammars(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the locales and fillers to try: the language's own, then English, which many phones type."""
    own, english = known(language), (known(SOURCE).locale, FILLERS[SOURCE])
    return (english,) if own.locale == english[0] else ((own.locale, FILLERS.get(own.code, ())), english)


@lru_cache(maxsize=16)
def _grammar(locale: str, fillers: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, int], dict[str, int]]:
    """Build the pattern of a written date in a locale, with its months and weekdays by name."""
    from babel.dates import get_day_names, get_month_names

    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, locale).items():
                months.setdefault(comparable(name), number)
            for number, name in get_day_names(width, context, locale).items():
                weekdays.setdefault(comparable(name), number)
    if locale == "en":
        months["sept"] = 9  # Babel's `en` has only "sep"
    for names in (months, weekdays):
        names.update({name.rstrip("."): number for name, number in names.items()})
    gap = rf"(?:[\s,.၊။]|{_any(fillers)})*" if fillers else r"[\s,.]*"
    month, weekday = _any(months), _any(weekdays)
    day, year = r"(?<!\d)\d{1,2}(?!\d)", r"(?<!\d)(?:\d{4}|\d{2})(?!\d)"
    orders = (
        rf"(?P<day1>{day}){gap}(?P<month1>{month})(?:{gap}(?P<year1>{year}))?",
        rf"(?P<month2>{month}){gap}(?P<day2>{day})(?:{gap}(?P<year2>{year}))?",
        rf"(?P<year3>\d{{4}}){gap}(?P<month3>{month}){gap}(?P<day3>{day})",
    )
    whole = rf"{gap}(?:(?P<weekday>{weekday}){gap})?(?:{'|'.join(orders)}){gap}(?:(?P<weekday0>{weekday}){gap})?"
    return re.compile(whole), months, weekdays


def _any(words: dict[str, int] | tuple[str, ...]) -> str:
    """Match any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda each: (-len(each), each))) + ")"


def _year(typed: str, today: date, era: int) -> int | None:
    """Read a year of four digits, or of two when only one year near today can be meant."""
    number = int(typed)
    if len(typed) == 4:
        if era and number >= today.year + era - FARTHEST:
            number -= era
        return number if abs(number - today.year) <= FARTHEST else None
    century = today.year // 100 * 100
    eras = [century + number] + ([(today.year + era) // 100 * 100 + number - era] if era else [])
    near = {year for year in eras if abs(year - today.year) <= SHORT}
    return near.pop() if len(near) == 1 else None


def _exact(year: int | None, month: int, day: int) -> date | None:
    try:
        return None if year is None else date(year, month, day)
    except ValueError:
        return None


def _near(day: int, month: int, today: date) -> date | None:
    """Return the day of that name that is meant without a year: the one just passed, or else the coming one."""
    days = [_exact(year, month, day) for year in (today.year - 1, today.year, today.year + 1)]
    return next((each for each in days if each and each >= today - RECENT), None)
