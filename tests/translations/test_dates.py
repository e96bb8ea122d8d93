from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from tests.translations.conftest import MakeCatalog
from translations.dates import read_date
from translations.languages import KNOWN
from translations.numbers import digits

TODAY = date(2026, 3, 20)  # a Friday
FIFTH = date(2026, 3, 5)  # a Thursday


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2026-03-05", "en"),
        ("2026/3/5", "en"),
        ("5/3/2026", "en"),
        (" 05.03.2026. ", "en"),
        ("5 - 3 - 2026", "en"),
        ("5/3/26", "en"),
        ("5/3", "en"),
        ("5 March 2026", "en"),
        ("March 5th, 2026", "en"),
        ("the 5th of March", "en"),
        ("5 mar", "en"),
        ("Thursday 5 March", "en"),
        ("၅/၃/၂၀၂၆", "my"),
        ("မတ်လ ၅ ရက်", "my"),
        ("မတ်လ၅ရက်နေ့", "my"),
        ("၂၀၂၆ ခုနှစ် မတ်လ ၅ ရက် ကြာသပတေးနေ့", "my"),
        ("5 March 2026", "my"),
        ("5/3/2569", "th"),
        ("5/3/69", "th"),
        ("5/3/26", "th"),
        ("2569-03-05", "th"),
        ("๕ มีนาคม ๒๕๖๙", "th"),
        ("วันพฤหัสบดีที่ 5 มีนาคม พ.ศ. 2569", "th"),
        ("5 มี.ค. 2026", "th"),
        ("៥ ខែមីនា ឆ្នាំ២០២៦", "km"),
        ("ວັນທີ 5 ມີນາ 2026", "lo"),
        ("႕/႓/႒႐႒႖", "shn"),
        ("5 March 2026", "ksw"),
    ],
)
def test_ways_to_write_the_fifth_of_march(text: str, language: str) -> None:
    assert read_date(text, TODAY, language) == FIFTH


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("5", "en"),
        ("5.3", "en"),  # may be a decimal
        ("10-12", "en"),  # may be a span of days
        ("3/13/2026", "en"),
        ("31/2/2026", "en"),
        ("29 Feb", "en"),
        ("5/3-2026", "en"),
        ("5/3/2569", "en"),
        ("5/3/2569", "my"),
        ("5/3/1826", "en"),
        ("5/3/70", "en"),
        ("Friday 5 March", "en"),  # it was a Thursday
        ("Friday 5 March 2026", "en"),
        ("5 March 526", "en"),
        ("March", "en"),
        ("5 March or 6 March", "en"),
        ("about 5 March", "en"),
        ("soon", "en"),
        ("5 March 2026" + " " * 100, "en"),
    ],
)
def test_what_is_not_sure_is_not_a_date(text: str, language: str) -> None:
    assert read_date(text, TODAY, language) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 March", date(2026, 3, 12)),
        ("20 March", TODAY),
        ("20 January", date(2026, 1, 20)),  # 59 days ago
        ("18 January", date(2027, 1, 18)),  # 61 days ago: the coming one
        ("12 December", date(2026, 12, 12)),
        ("Sept 5", date(2026, 9, 5)),
    ],
)
def test_without_a_year_the_coming_day_is_meant_unless_it_has_just_passed(text: str, day: date) -> None:
    assert read_date(text, TODAY, "en") == day


def test_at_the_turn_of_the_year() -> None:
    assert read_date("28/12", date(2026, 1, 3), "en") == date(2025, 12, 28)
    assert read_date("3/1", date(2026, 12, 28), "en") == date(2027, 1, 3)


def test_near_days_are_read_in_the_language_and_in_english(use: MakeCatalog) -> None:
    use('msgid "tomorrow"\nmsgstr "မနက်ဖြန်"\n')
    assert read_date(" မနက်\u200bဖြန်။ ", TODAY, "my") == TODAY + timedelta(days=1)
    assert read_date("Tomorrow!", TODAY, "my") == TODAY + timedelta(days=1)
    assert read_date("today", TODAY, "my") == TODAY
    assert read_date("yesterday", TODAY, "en") == TODAY - timedelta(days=1)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.sampled_from(sorted(KNOWN)))
def test_a_date_as_the_locale_writes_it_comes_back(day: date, language: str) -> None:
    row = KNOWN[language]
    written = format_date(day, "d MMMM y", locale=row.locale)
    assert read_date(written, TODAY, language) == day
    assert read_date(digits(f"{day.day}/{day.month}/{day.year}", language), TODAY, language) == day
    if row.era:
        assert read_date(f"{day.day}/{day.month}/{day.year + row.era}", TODAY, language) == day


@given(
    st.one_of(st.text(), st.text("0123456789/-. မတ်၅၃th", max_size=12)),
    st.sampled_from(sorted(KNOWN)),
)
def test_reading_never_raises(text: str, language: str) -> None:
    read = read_date(text, TODAY, language)
    assert read is None or isinstance(read, date)
