from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.hours import Hours, Span, parse_span

MINUTE = timedelta(minutes=1)
YANGON = ZoneInfo("Asia/Yangon")


def weekdays(zone: str, *spans: str, closed: tuple[date, ...] = ()) -> Hours:
    """The same hours from Monday to Friday."""
    day = tuple(parse_span(span) for span in spans)
    return Hours(ZoneInfo(zone), (*(day,) * 5, (), ()), frozenset(closed))


def local(hours: Hours, text: str, fold: int = 0) -> datetime:
    """A wall clock reading as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=hours.zone, fold=fold).astimezone(UTC)


NINE_TO_FIVE = weekdays("Asia/Yangon", "09:00-17:00")


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-02 10:00", 60, "2026-11-02 11:00"),  # a Monday, within the hours
        ("2026-11-02 16:30", 60, "2026-11-03 09:30"),  # over the night
        ("2026-11-02 07:00", 60, "2026-11-02 10:00"),  # before they begin
        ("2026-11-02 09:00", 480, "2026-11-02 17:00"),  # a whole day
        ("2026-11-02 09:00", 481, "2026-11-03 09:01"),
        ("2026-11-06 16:59", 2, "2026-11-09 09:01"),  # over a week's end
        ("2026-11-07 12:00", 1, "2026-11-09 09:01"),
        ("2026-11-02 10:00:30", 1, "2026-11-02 10:01:30"),
        ("2026-11-02 10:00", 0, "2026-11-02 10:00"),
    ],
)
def test_only_answering_time_counts(start: str, minutes: int, end: str) -> None:
    found = NINE_TO_FIVE.after(local(NINE_TO_FIVE, start), timedelta(minutes=minutes))
    assert found == local(NINE_TO_FIVE, end)


def test_a_break_at_noon_and_a_holiday_do_not_count() -> None:
    hours = weekdays("Asia/Yangon", "09:00-12:00", "13:00-17:00", closed=(date(2026, 11, 3),))
    assert hours.after(local(hours, "2026-11-02 11:30"), 60 * MINUTE) == local(hours, "2026-11-02 13:30")
    assert hours.after(local(hours, "2026-11-02 16:30"), 60 * MINUTE) == local(hours, "2026-11-04 09:30")


def test_without_any_hours_the_clock_counts() -> None:
    never = Hours(YANGON, ((),) * 7)
    now = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)
    assert never.after(now, timedelta(hours=3)) == now + timedelta(hours=3)


def test_when_the_hours_come_to_an_end_the_rest_goes_by_the_clock() -> None:
    """A holiday longer than anybody looks ahead: an alert must not wait for ever."""
    closed = tuple(date(2026, 11, 3) + timedelta(days=n) for n in range(200))
    hours = weekdays("Asia/Yangon", "09:00-17:00", closed=closed)
    assert hours.after(local(hours, "2026-11-02 16:50"), 30 * MINUTE) == local(hours, "2026-11-02 17:20")


def test_around_the_clock_is_the_clock() -> None:
    always = Hours(YANGON, ((Span(0, 1440),),) * 7)
    now = datetime(2026, 11, 2, 3, 30, 17, tzinfo=UTC)
    assert always.after(now, timedelta(days=2)) == now + timedelta(days=2)


def test_an_hour_that_the_clock_leaves_out_is_not_answering_time() -> None:
    hours = Hours(ZoneInfo("Europe/Berlin"), ((Span(60, 240),),) * 7)  # 01:00 to 04:00, and 02:00 to 03:00 is not
    assert hours.after(local(hours, "2026-03-29 01:30"), 60 * MINUTE) == local(hours, "2026-03-29 03:30")


def test_an_hour_that_the_clock_repeats_is_answering_time_twice() -> None:
    hours = Hours(ZoneInfo("Europe/Berlin"), ((Span(60, 240),),) * 7)
    start = local(hours, "2026-10-25 01:30")
    assert hours.after(start, 60 * MINUTE) == local(hours, "2026-10-25 02:30", fold=0)
    assert hours.after(start, 120 * MINUTE) == local(hours, "2026-10-25 02:30", fold=1)


def test_a_day_that_begins_within_the_hours_because_the_clock_was_changed_at_midnight_opens_then() -> None:
    hours = Hours(ZoneInfo("America/Santiago"), (*((),) * 6, (Span(30, 90),)))
    midnight = datetime(2026, 9, 6, 4, tzinfo=UTC)  # 00:00 became 01:00
    assert hours.next_opening(midnight - timedelta(hours=9)) == midnight
    assert hours.after(midnight - timedelta(hours=9), MINUTE) == midnight + MINUTE


spans = (
    st.tuples(st.integers(0, 47), st.integers(1, 48))
    .filter(lambda s: s[0] < s[1])
    .map(lambda s: Span(s[0] * 30, s[1] * 30))
)
weeks = st.lists(st.lists(spans, max_size=2).map(tuple), min_size=7, max_size=7).map(tuple)
zones = st.sampled_from(
    ["Asia/Yangon", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "America/Santiago"]
).map(ZoneInfo)
around_changes = st.sampled_from(
    [datetime(2026, month, day, 12, tzinfo=UTC) for month, day in ((3, 28), (10, 24), (4, 4), (9, 5))]
)


@settings(max_examples=60, deadline=None)
@given(zones, weeks, around_changes, st.integers(0, 24 * 60), st.integers(0, 300))
def test_exactly_that_much_answering_time_lies_between(
    zone: ZoneInfo, week: tuple[tuple[Span, ...], ...], about: datetime, later: int, minutes: int
) -> None:
    hours = Hours(zone, week)
    now = about + later * MINUTE
    end = hours.after(now, minutes * MINUTE)
    assert end >= now
    if not any(week):
        assert end == now + minutes * MINUTE
        return
    assert sum(hours.open_at(now + n * MINUTE) for n in range((end - now) // MINUTE)) == minutes
    if minutes:
        assert hours.open_at(end - MINUTE), "it ends with a minute in which someone was there"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        NINE_TO_FIVE.after(datetime(2026, 11, 2, 10), MINUTE)  # noqa: DTZ001
