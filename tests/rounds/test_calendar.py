"""When a plan comes round: month ends, leap days, nights of daylight saving, odd zones, cron."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.rounds import calendar

YANGON, LONDON, NEW_YORK = "Asia/Yangon", "Europe/London", "America/New_York"


def walls(anchor: str, repeat: str, zone: str = YANGON, most: int = 4) -> list[str]:
    """What the clock on the wall shows each time."""
    found = [*islice(calendar.starts(anchor, zone, repeat), most)]
    assert all(moment.tzinfo is UTC for moment in found)
    return [f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" for moment in found]


def moments(anchor: str, repeat: str, zone: str, most: int = 3) -> list[str]:
    """When that is by the clock of the world."""
    return [f"{moment:%Y-%m-%dT%H:%M}" for moment in islice(calendar.starts(anchor, zone, repeat), most)]


def test_once_is_once() -> None:
    assert walls("2026-12-01T09:00", "once") == ["2026-12-01T09:00"]


def test_half_hours_count() -> None:
    assert moments("2026-12-01T09:00", "week", YANGON, 2) == ["2026-12-01T02:30", "2026-12-08T02:30"]


@pytest.mark.parametrize(("repeat", "days"), [("week", 7), ("2 weeks", 14), ("4 weeks", 28)])
def test_weeks(repeat: str, days: int) -> None:
    found = [*islice(calendar.starts("2026-12-01T09:00", YANGON, repeat), 30)]
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(days=days)}


def test_the_31st_is_the_last_day_of_every_month() -> None:
    found = walls("2026-12-31T09:00", "month", most=16)
    days = ["12-31", "01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30"]
    assert [day[5:10] for day in found] == [*days, "12-31", "01-31", "02-29", "03-31"]


def test_29_february() -> None:
    assert walls("2028-02-29T09:00", "month", most=3) == ["2028-02-29T09:00", "2028-03-29T09:00", "2028-04-29T09:00"]
    assert walls("2028-02-29T09:00", "month", most=13)[-1] == "2029-02-28T09:00"
    assert walls("2028-02-29T09:00", "month", most=49)[-1] == "2032-02-29T09:00"
    assert walls("2027-11-30T09:00", "3 months", most=3) == ["2027-11-30T09:00", "2028-02-29T09:00", "2028-05-30T09:00"]


def test_the_wall_counts_through_daylight_saving() -> None:
    assert walls("2027-03-21T09:00", "week", LONDON, 3) == ["2027-03-21T09:00", "2027-03-28T09:00", "2027-04-04T09:00"]
    assert moments("2027-03-21T09:00", "week", LONDON) == ["2027-03-21T09:00", "2027-03-28T08:00", "2027-04-04T08:00"]
    assert moments("2026-10-18T09:00", "week", LONDON) == ["2026-10-18T08:00", "2026-10-25T09:00", "2026-11-01T09:00"]


@pytest.mark.parametrize("repeat", ["week", "cron 30 1 * * sun"])
def test_a_time_that_does_not_exist_is_the_first_after_it(repeat: str) -> None:
    """At 01:00 on 28 March 2027 it is 02:00 in London."""
    found = walls("2027-03-21T01:30", repeat, LONDON, 3)
    assert found == ["2027-03-21T01:30", "2027-03-28T02:00", "2027-04-04T01:30"]
    assert moments("2027-03-14T02:59", "once", NEW_YORK) == ["2027-03-14T07:00"]


@pytest.mark.parametrize("repeat", ["week", "cron 30 1 * * sun"])
def test_a_time_that_comes_twice_is_due_once(repeat: str) -> None:
    """On 1 November 2026 the hour from 01:00 comes twice in New York."""
    found = moments("2026-10-25T01:30", repeat, NEW_YORK)
    assert found == ["2026-10-25T05:30", "2026-11-01T05:30", "2026-11-08T06:30"]


def test_a_day_that_does_not_exist() -> None:
    """Samoa went over the date line, and had no 30 December 2011."""
    assert walls("2011-12-30T09:00", "once", "Pacific/Apia") == ["2011-12-31T00:00"]


@pytest.mark.parametrize("zone", [YANGON, LONDON, NEW_YORK, "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Beirut"])
@pytest.mark.parametrize("repeat", ["week", "month", "3 months", "cron 30 2 * * *", "cron 0 0 last * *"])
def test_every_time_is_later_than_the_one_before(zone: str, repeat: str) -> None:
    found = [*islice(calendar.starts("2026-01-31T02:30", zone, repeat), 400)]
    assert found == sorted(set(found))


def test_cron_in_the_zone_of_the_programme() -> None:
    assert walls("2026-11-02T10:00", "cron 0 9 * * mon,thu") == [
        *("2026-11-05T09:00", "2026-11-09T09:00", "2026-11-12T09:00", "2026-11-16T09:00"),
    ]
    assert walls("2026-11-02T09:00", "cron 0 9 * * mon-wed", most=2) == ["2026-11-02T09:00", "2026-11-03T09:00"]
    assert walls("2026-12-15T00:00", "cron 15 18 last * *", most=3) == [
        *("2026-12-31T18:15", "2027-01-31T18:15", "2027-02-28T18:15"),
    ]
    assert walls("2026-11-03T00:00", "cron 0 9 1-7 * mon", most=2) == ["2026-12-07T09:00", "2027-01-04T09:00"]
    assert walls("2026-11-03T00:00", "cron 0 9 29 feb *", most=2) == ["2028-02-29T09:00", "2032-02-29T09:00"]


@pytest.mark.parametrize(
    "repeat", ["once", "week", "2 weeks", "4 weeks", "month", "3 months", "cron 0 9 1,15 jan-jun *"]
)
def test_what_may_repeat(repeat: str) -> None:
    calendar.check(repeat)


@pytest.mark.parametrize(
    ("repeat", "why"),
    [
        ("daily", "none of once, week"),
        ("", "none of once, week"),
        ("cron", "none of once, week"),
        ("cron 0 9 *", "minute, hour, day, month and weekday"),
        ("cron 0 9 * * 1", "by name"),
        ("cron 0 9 * * mon-5", "by name"),
        ("cron 0 9 * * monday", "'monday' is no weekday"),
        ("cron 0 9 * * mon#2", "by name"),
        ("cron 0 9 * * mon,", "'' is no weekday"),
        ("cron 0 9 * jan/2 *", "'jan/2' is no month"),
        ("cron 0 9 lastly * *", "'lastly' is no day"),
        ("cron 0 9 1st * *", "'1st' is no day"),
        ("cron */5 9 * * *", "at most once a day"),
        ("cron 0 9,17 * * *", "at most once a day"),
        ("cron 0 * * * *", "at most once a day"),
        ("cron 0 25 * * *", "higher than the maximum"),
        ("cron 0 9 32 * *", "higher than the maximum"),
        ("cron 0 9 0 * *", "lower than the minimum"),
        ("cron 0 9 7-1 * *", "must not be higher"),
        ("cron 0 9 */0 * *", "higher than 0"),
        ("cron 0 9 30 feb *", "never comes"),
    ],
)
def test_what_is_refused_in_one_line(repeat: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as refused:
        calendar.check(repeat)
    assert "\n" not in str(refused.value)


def test_every_weekday_of_a_leap_day_comes() -> None:
    for weekday in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        calendar.check(f"cron 0 9 29 feb {weekday}")
