"""Whatever happens in two months: nobody is asked when it is not safe, twice for one round, more often than the
programme says, or against their will; and of everything asked or not asked it is known what became of it.

The rules stand here a second time, in the words of the people concerned. Nothing of `bot.rounds.budget` or `bot.gate`
is used to judge.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from tests.rounds.town import Arrival, Life, Plan, Town

SAFE: Final = {
    "": (time(9), time(20)),
    "morning": (time(7), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(21)),
}
SPOKEN: Final = {"en", "my"}
ENDS: Final = {"sent", "opened", "answered", "declined", "blocked", "unsent"}
WHY: Final = {
    *("minor", "left", "consent", "language", "nothing", "first", "paused", "asked", "urgent", "talking", "busy"),
    *("hours", "late", "stopped", "refused"),
}


def watch(town: Town, line: Arrival) -> None:
    """What must be true in the moment in which a line comes to a phone."""
    is_safe(line.life, line.at.astimezone(ZoneInfo(town.programme.time_zone)))
    is_wanted(line.life, line.at)
    if line.plan.instrument == "transfer":
        is_of_its_money(line)
    else:
        is_of_its_round(town, line)
    if not line.stale:
        is_free(line.life, line.at)
    if line.noted:
        is_within_budget(town, line)


def is_safe(life: Life, wall: datetime) -> None:
    """By the clock and the calendar on the client's wall."""
    if life.hours != "any":
        opens, shuts = SAFE[life.hours]
        assert opens <= wall.time() < shuts, f"{wall} is not {life.hours or 'by day'}"
    assert life.days == 0 or life.days & (1 << wall.weekday()), f"{wall:%A} is not a safe day"


def is_wanted(life: Life, now: datetime) -> None:
    """They are here, grown up, and have agreed to all it takes."""
    assert life.adult is True
    assert not life.left
    assert life.erased_at is None
    assert not life.blocked
    assert life.agreed == {"plan", "checkins", "first"}
    assert life.paused_until is None or life.paused_until <= now
    assert life.speaks in SPOKEN
    assert life.wish is None, "somebody is to come to them today"


def is_of_its_round(town: Town, line: Arrival) -> None:
    """The round runs, and is for them; they were here when it began."""
    (row,) = town.rows("SELECT * FROM rounds WHERE id = ?", line.round)
    assert line.plan.state == "active"
    assert row["starts_at"] <= line.at.timestamp() < row["closes_at"]
    assert line.life.joined_at.timestamp() <= row["began_at"]
    assert list(line.plan.audience) in (["everyone", ""], ["language", line.life.speaks])
    if line.plan.instrument == "followup":
        since = line.life.put_first_at
        assert since is not None
        assert line.at - since >= timedelta(days=14)


def is_of_its_money(line: Arrival) -> None:
    """It was sent some days ago, and not too long ago."""
    assert timedelta(days=3) <= line.at - line.life.money[line.plan.id] < timedelta(days=28)


def is_free(life: Life, now: datetime) -> None:
    """Nothing else is going on."""
    assert life.talk is None or life.wrote_at is None or now - life.wrote_at >= timedelta(hours=24)
    assert life.touched_at is None or now - life.touched_at >= timedelta(minutes=30)


def is_within_budget(town: Town, line: Arrival) -> None:
    """Once for each round, one reminder, and long enough after anything else."""
    before = [each for each in town.arrivals if each.life is line.life and each.noted]
    same = [each for each in before if each.asking == line.asking]
    assert {each.asking for each in before if each.round == line.round} <= {line.asking}
    assert len(same) < 2, "a second reminder"
    if same:
        assert line.at - same[0].at >= timedelta(days=town.often.reminder_days)
        assert line.asking not in town.opened
        assert all(each.at <= same[0].at for each in before if each is not same[0]), "reminded of something overtaken"
        return
    times = 2 if line.life.less else 1
    since = [*asked_before(town, line.life, before)]
    for plan, at in since:
        assert line.at - at >= timedelta(days=times * town.often.days_between)
        if plan.instrument == line.plan.instrument == "checkin":
            assert line.at - at >= timedelta(days=times * town.often.checkin_days)
    for each in before:
        assert line.at - each.at >= timedelta(days=1), "on the day of a reminder"
    if line.plan.instrument == "checkin" and line.life.checked_in_at is not None and not line.stale:
        assert line.at - line.life.checked_in_at >= timedelta(days=times * town.often.checkin_days)


def asked_before(town: Town, life: Life, lines: list[Arrival]) -> list[tuple[Plan, datetime]]:
    """What somebody was asked, and when first: by a line, or else when they opened it by themselves."""
    first: dict[int, tuple[Plan, datetime]] = {}
    for line in lines:
        first.setdefault(line.asking, (line.plan, line.at))
    for asking, (whose, plan, at) in town.opened.items():
        if whose is life:
            first.setdefault(asking, (plan, at))
    return [*first.values()]


def is_accounted_for(town: Town) -> None:
    """Every asking has ended in a way that is known, every round has one for each who was there, and so has all money
    that was ever sent."""
    assert {row["state"] for row in town.rows("SELECT state FROM rounds")} <= {"closed", "missed", "stopped"}
    assert {row["state"] for row in town.rows("SELECT state FROM plans")} <= {"ended", "stopped"}
    heard = [line.asking for line in town.arrivals]
    for row in town.rows("SELECT * FROM askings"):
        assert row["state"] in ENDS
        assert (row["reason"] in WHY) == (row["state"] == "unsent"), (row["state"], row["reason"])
        assert heard.count(row["id"]) <= 1 + (row["reminded_at"] is not None) + row["doubts"]
        assert row["sent_at"] is None or row["id"] in heard
        assert row["sent_at"] is not None or row["state"] != "sent"
    there = [each for each in town.lives.values() if not town.is_gone(each)]
    for row in town.rows("SELECT id, plan_id, began_at FROM rounds WHERE state = 'closed'"):
        audience = list(town.plans[row["plan_id"]].audience)
        wanted = [each for each in there if audience in (["everyone", ""], ["language", each.speaks])]
        expected = {each.id for each in wanted if each.joined_at.timestamp() <= row["began_at"]}
        rows = town.rows("SELECT person_id FROM askings WHERE round_id = ?", row["id"])
        askings = [each["person_id"] for each in rows]
        assert len(askings) == len(set(askings))
        assert expected <= set(askings)
    followed = {row["transfer_id"] for row in town.rows("SELECT transfer_id FROM askings")}
    for life in there:
        assert set(life.money) <= followed


def play(seed: int) -> Town:
    town = Town(seed, 200, watch)
    town.go_on(60)
    town.end()
    is_accounted_for(town)
    return town


@pytest.mark.parametrize("seed", range(4))
def test_nobody_is_asked_against_the_rules(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    town = play(seed)
    assert not caplog.records, "something went wrong on the way"
    for life in town.lives.values():
        if life.plain:
            heard = [line for line in town.arrivals if line.life is life]
            assert len(heard) >= 3, "whoever is always there is asked"
    assert any(line.plan.instrument == "transfer" for line in town.arrivals)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 100))
def test_nobody_is_ever_asked_against_the_rules(seed: int) -> None:
    play(seed)
