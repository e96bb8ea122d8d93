from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate import ALWAYS, FRESH, NOW, UNASKED, WINDOWS, Decision, Purpose, decide, next_safe
from storage.keys import Box
from storage.people import Person

YANGON = ZoneInfo("Asia/Yangon")
ZONES = [
    *("Asia/Yangon", "Asia/Kathmandu", "Asia/Bangkok", "Europe/Berlin", "America/New_York", "America/St_Johns"),
    *("Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "America/Santiago", "UTC"),
]
BOX = Box(bytes(32))

moments = st.integers(1_735_700_000, 1_925_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
"""2025 to 2030."""
zones = st.sampled_from(ZONES).map(ZoneInfo)
hours = st.sampled_from([*WINDOWS, "a window of a later version"])


def person(role: str = "client", **settings: Any) -> Person:
    return Person(**{"id": 1, "role": role, "chat": 1, "code": "C-100", "box": BOX, "first": True, **settings})


def yangon(clock: str) -> datetime:
    """A time of day in Yangon on Monday 2 November 2026, in UTC."""
    return datetime.combine(date(2026, 11, 2), time.fromisoformat(clock), YANGON).astimezone(UTC)


def ask(purpose: Purpose, to: Person, now: datetime, age: timedelta = timedelta()) -> datetime | None:
    """When it may go; None for at once."""
    decision = decide(purpose, to, YANGON, now, now - age)
    assert not decision.never
    assert bool(decision.reason) == (decision.not_before is not None)
    return decision.not_before


@pytest.mark.parametrize(
    ("window", "clock", "opens"),
    [
        *(("", "08:59", "09:00"), ("", "09:00", None), ("", "19:59", None)),
        *(("morning", "06:59:59", "07:00"), ("morning", "07:00", None), ("morning", "11:59:59", None)),
        *(("afternoon", "00:00", "12:00"), ("evening", "16:30", "17:00"), ("any", "03:00", None)),
        ("a window of a later version", "08:00", "09:00"),
    ],
)
def test_news_waits_for_the_hours_the_client_named(window: str, clock: str, opens: str | None) -> None:
    found = ask(Purpose.NEWS, person(hours=window), yangon(clock))
    assert found == (yangon(opens) if opens else None)


@pytest.mark.parametrize(("window", "clock", "opens"), [("morning", "12:00", "07:00"), ("", "20:00", "09:00")])
def test_what_comes_after_the_hours_waits_for_tomorrow(window: str, clock: str, opens: str) -> None:
    assert ask(Purpose.LINE, person(hours=window), yangon(clock)) == yangon(opens) + timedelta(days=1)


@given(hours, moments, zones)
def test_the_next_safe_moment_is_safe_not_past_and_the_first(window: str, now: datetime, zone: ZoneInfo) -> None:
    found = next_safe(window, 0, zone, now)
    assert found >= now
    named = WINDOWS.get(window, WINDOWS[""])
    if named is None:
        assert found == now
        return
    start, end = named
    assert start <= found.astimezone(zone).time() < end
    before = found - timedelta(minutes=1)
    assert found == now or before < now or not start <= before.astimezone(zone).time() < end
    assert found - now <= timedelta(hours=25)


@given(st.sampled_from(Purpose), hours, moments, zones, st.timedeltas(timedelta(), timedelta(days=9)))
def test_what_may_go_at_its_time_is_not_held_back_again(
    purpose: Purpose, window: str, now: datetime, zone: ZoneInfo, age: timedelta
) -> None:
    client = person(hours=window)
    decision = decide(purpose, client, zone, now, now - age)
    if decision.not_before is not None:
        assert decision.not_before > now
        assert decide(purpose, client, zone, decision.not_before, now - age) == NOW


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_safe_hours_are_wall_clock_hours_on_both_sides_of_a_change_of_the_clock(zone: str) -> None:
    there = ZoneInfo(zone)
    for day in range(1, 366):
        evening = datetime(2026, 1, 1, 23, tzinfo=there) + timedelta(days=day)
        found = next_safe("morning", 0, there, evening.astimezone(UTC)).astimezone(there)
        assert (found.date(), found.time()) == (evening.date() + timedelta(days=1), time(7))


def test_an_answer_passes_at_any_hour_while_it_is_fresh() -> None:
    client, night = person(hours="morning"), yangon("03:00")
    assert ask(Purpose.ANSWER, client, night) is None
    assert ask(Purpose.ANSWER, client, night, FRESH - timedelta(seconds=1)) is None
    assert ask(Purpose.ANSWER, client, night, FRESH) == yangon("07:00")
    assert ask(Purpose.ANSWER, client, yangon("08:00"), timedelta(days=2)) is None


def test_the_exceptions_are_these_and_no_others() -> None:
    client, night = person(hours="morning"), yangon("03:00")
    passing = {purpose for purpose in Purpose if ask(purpose, client, night, timedelta(hours=1)) is None}
    assert passing == ALWAYS == {Purpose.EDIT, Purpose.TIDY, Purpose.HELP, Purpose.ALERT}


FIRST = (Purpose.LINE, Purpose.ROUND, Purpose.TRANSFER)
"""What the programme begins."""


@pytest.mark.parametrize("purpose", FIRST)
def test_who_did_not_agree_to_be_written_to_first_is_not(purpose: Purpose) -> None:
    noon, client = yangon("10:00"), person(first=False)
    assert decide(purpose, client, YANGON, noon, noon) == Decision(never=True, reason="not to be written to first")
    assert all(ask(other, client, noon) is None for other in {*Purpose} - {*FIRST})


WEEKEND = 1 << 5 | 1 << 6


@pytest.mark.parametrize(
    ("window", "days", "clock", "opens"),
    [
        ("any", WEEKEND, "10:00", (5, "00:00")),  # from Monday to Saturday, as early as any time is
        ("morning", WEEKEND, "08:00", (5, "07:00")),
        ("morning", 1, "12:00", (7, "07:00")),  # Mondays, but today's morning is over
        ("morning", 1, "11:59", None),
        ("", 1 << 1, "10:00", (1, "09:00")),
        ("any", 0, "03:00", None),
        ("any", 1, "23:59", None),
    ],
)
def test_only_on_weekdays_that_are_safe(window: str, days: int, clock: str, opens: tuple[int, str] | None) -> None:
    found = ask(Purpose.NEWS, person(hours=window, days=days), yangon(clock))
    assert found == (yangon(opens[1]) + timedelta(days=opens[0]) if opens else None)


@pytest.mark.parametrize("purpose", [Purpose.NEWS, *FIRST])
def test_in_a_pause_it_waits_for_the_first_safe_hour_after_it(purpose: Purpose) -> None:
    until = yangon("03:00") + timedelta(days=3)
    client = person(hours="morning", quiet_until=int(until.timestamp()))
    assert ask(purpose, client, yangon("10:00")) == yangon("07:00") + timedelta(days=3)
    assert ask(purpose, client, until + timedelta(hours=5)) is None, "and not longer"


def test_a_pause_holds_back_nothing_that_the_client_has_just_asked_for() -> None:
    client = person(quiet_until=2**33)
    assert all(ask(purpose, client, yangon("10:00")) is None for purpose in set(Purpose) - UNASKED)
    assert ask(Purpose.ANSWER, client, yangon("10:00"), timedelta(hours=1)) is None


def test_to_somebody_who_has_left_nothing_is_sent_that_they_did_not_ask_for() -> None:
    noon, client = yangon("10:00"), person(left_at=1)
    for purpose in Purpose:
        assert decide(purpose, client, YANGON, noon, noon).never == (purpose in UNASKED)


@given(st.sampled_from(Purpose), st.sampled_from(["caseworker", "lead", "stranger"]), moments)
def test_hours_are_the_clients_own_and_hold_back_nothing_from_others(
    purpose: Purpose, role: str, now: datetime
) -> None:
    assert decide(purpose, person(role, hours="morning"), YANGON, now, now) == NOW


@given(st.sampled_from(Purpose), st.sampled_from(["client", "caseworker", "lead", "stranger"]), moments)
def test_nothing_is_ever_sent_to_someone_who_blocked_the_bot(purpose: Purpose, role: str, now: datetime) -> None:
    decision = decide(purpose, person(role, blocked_at=1), YANGON, now, now)
    assert (decision.never, decision.reason) == (True, "blocked")
