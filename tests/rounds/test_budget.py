"""The burden budget, one fact at a time; and what a dry run tells of it without giving anybody away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.looks import HIDDEN_UNDER
from bot.programme import Programme
from bot.rounds import asking, dryrun
from bot.rounds.budget import REASONS, Verdict, Wanted, weigh
from conversations.looks import DryRun
from tests.player import MONDAY, PROGRAMME
from tests.rounds.house import House, draft

NOW = int(MONDAY.timestamp())
"""10:00 on a Monday in Yangon."""
HOUR, DAY = 3_600, 86_400
NEVER = 2**40
NIGHT = datetime(2026, 11, 2, 16, 30, tzinfo=UTC)
"""23:00 that day."""

FREE: dict[str, Any] = {
    **dict.fromkeys(("adult", "first"), 1),
    **dict.fromkeys(("days", "less", "urgent"), 0),
    **dict.fromkeys(("blocked_at", "left_at", "erase_at", "quiet_until", "talked_at", "busy_at")),
    **dict.fromkeys(("asked_at", "checkin_at", "sat_at", "reminded_at")),
    "role": "client",
    "language": "en",
    "hours": "any",
    "consents": 2,
}
"""Nothing is in the way."""


def judge(
    instrument: str = "checkin",
    closes_at: int = NEVER,
    reminds_of: int | None = None,
    now: datetime = MONDAY,
    programme: Programme = PROGRAMME,
    **facts: Any,
) -> Verdict:
    wanted = Wanted(instrument, closes_at, ("en", "my"), reminds_of)
    return weigh(FREE | facts, wanted, programme, now)


def test_who_is_free_is_asked_now() -> None:
    assert judge() == (True, NOW, "")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"blocked_at": NOW}, "blocked"),
        ({"adult": 0}, "minor"),
        ({"adult": None}, "consent"),
        ({"left_at": NOW}, "left"),
        ({"erase_at": NOW + DAY}, "left"),
        ({"consents": 1}, "consent"),
        ({"consents": 0}, "consent"),
        ({"language": "th"}, "language"),
        ({"first": 0}, "first"),
        ({"first": 0, "hours": "evening", "quiet_until": NOW + DAY}, "first"),
    ],
)
def test_who_is_never_asked(facts: dict[str, Any], why: str) -> None:
    assert judge(**facts) == (False, None, why)
    assert judge(reminds_of=NOW - 4 * DAY, **facts) == (False, None, why)


def test_who_has_chosen_no_language_is_asked_in_that_of_the_programme() -> None:
    assert judge(language=None).send
    assert judge(language=None, programme=PROGRAMME.model_copy(update={"default_language": "th"})).reason == "language"


@pytest.mark.parametrize(
    ("facts", "until", "why"),
    [
        ({"quiet_until": NOW + 2 * DAY}, NOW + 2 * DAY, "paused"),
        ({"hours": "afternoon"}, NOW + 2 * HOUR, "hours"),
        ({"days": 0b10}, NOW + 14 * HOUR, "hours"),
        ({"asked_at": NOW - 6 * DAY}, NOW + DAY, "asked"),
        ({"asked_at": NOW - 7 * DAY + 1}, NOW + 1, "asked"),
        ({"asked_at": NOW - 13 * DAY, "less": 1}, NOW + DAY, "asked"),
        ({"checkin_at": NOW - 27 * DAY}, NOW + DAY, "asked"),
        ({"checkin_at": NOW - 55 * DAY, "less": 1}, NOW + DAY, "asked"),
        ({"sat_at": NOW - 27 * DAY}, NOW + DAY, "asked"),
        ({"reminded_at": NOW - HOUR}, NOW + 23 * HOUR, "asked"),
        ({"urgent": 1}, NOW + HOUR, "urgent"),
        ({"talked_at": NOW - HOUR}, NOW + 23 * HOUR, "talking"),
        ({"busy_at": NOW - 600}, NOW + 1_200, "busy"),
        ({"busy_at": NOW - 600, "hours": "evening"}, NOW + 7 * HOUR, "busy"),
        ({"busy_at": NOW, "talked_at": NOW, "asked_at": NOW}, NOW + 7 * DAY, "asked"),
        ({"asked_at": NOW - 6 * DAY, "hours": "morning"}, NOW + DAY, "asked"),
        ({"asked_at": NOW - 6 * DAY, "days": 0b100}, NOW + DAY + 14 * HOUR, "asked"),
    ],
)
def test_who_is_asked_later_or_not_in_this_round(facts: dict[str, Any], until: int, why: str) -> None:
    assert judge(**facts) == (False, until, why)
    assert judge(closes_at=until + 1, **facts) == (False, until, why)
    assert judge(closes_at=until, **facts) == (False, None, why)


@pytest.mark.parametrize(
    "facts",
    [
        {"asked_at": NOW - 7 * DAY},
        {"asked_at": NOW - 14 * DAY, "less": 1},
        {"checkin_at": NOW - 28 * DAY},
        {"checkin_at": NOW - 56 * DAY, "less": 1},
        {"reminded_at": NOW - DAY},
        {"talked_at": NOW - DAY},
        {"busy_at": NOW - 1_800},
        {"quiet_until": NOW},
        {"hours": "morning"},
        {"days": 0b1},
    ],
)
def test_what_is_over_holds_nothing_up(facts: dict[str, Any]) -> None:
    assert judge(**facts) == (True, NOW, "")


def test_only_a_check_in_minds_check_ins() -> None:
    assert judge("needs", checkin_at=NOW - 8 * DAY, sat_at=NOW).send


def test_a_programme_says_how_often() -> None:
    seldom = PROGRAMME.asking.model_copy(update={"days_between": 10, "checkin_days": 40, "reminder_days": 5})
    programme = PROGRAMME.model_copy(update={"asking": seldom})
    assert judge(programme=programme, asked_at=NOW).at == NOW + 10 * DAY
    assert judge(programme=programme, checkin_at=NOW, less=1).at == NOW + 80 * DAY
    assert judge(programme=programme, reminds_of=NOW).at == NOW + 5 * DAY


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, (True, NOW, "")),
        ({"asked_at": NOW - 5 * DAY}, (True, NOW, "")),
        ({"asked_at": NOW - 3 * DAY}, (False, None, "asked")),
        ({"sat_at": NOW - DAY}, (False, None, "asked")),
        ({"checkin_at": NOW - 20 * DAY}, (True, NOW, "")),
        ({"urgent": 1}, (False, NOW + HOUR, "urgent")),
        ({"hours": "evening"}, (False, NOW + 7 * HOUR, "hours")),
        ({"reminds_of": NOW - 2 * DAY}, (False, NOW + DAY, "asked")),
    ],
)
def test_a_reminder_is_no_second_asking(facts: dict[str, Any], verdict: Verdict) -> None:
    assert judge(**({"reminds_of": NOW - 4 * DAY} | facts)) == verdict


def test_a_round_that_is_over_asks_nobody() -> None:
    assert judge(closes_at=NOW) == (False, None, "late")


def test_nothing_is_waited_for_in_vain() -> None:
    """Whatever the facts: who is told to wait until then may be asked then, or has another reason to wait longer."""
    asked, talked = (None, NOW - 6 * DAY, NOW), (None, NOW - HOUR)
    names = ("hours", "days", "less", "asked_at", "talked_at", "quiet_until")
    hours, days = ("any", "morning", "evening"), (0, 0b10, 0b1000000)
    for values in product(hours, days, (0, 1), asked, talked, (None, NOW + DAY)):
        facts: dict[str, Any] = dict(zip(names, values, strict=True))
        verdict = judge(**facts)
        assert verdict.reason in ("", *REASONS)
        assert verdict.at is not None
        if not verdict.send:
            assert verdict.at > NOW
            assert judge(now=datetime.fromtimestamp(verdict.at, UTC), **facts).send


# --- dry run -------------------------------------------------------------------------------------------------------


def crowded() -> House:
    """A programme with some of every kind, at eleven at night."""
    place = House(at=NIGHT)
    for _ in range(7):
        place.client()
        place.client(hours="morning")
        place.client(adult=False)
        place.client(consents=("plan",))
        place.client(left_at=place.at, consents=())
    for _ in range(6):
        place.client(blocked_at=place.at)
        place.client(first=False)
        place.client(quiet_until=place.at + 9 * DAY)
    return place


def dry(place: House, **fields: Any) -> DryRun:
    found = place.do(lambda turn: dryrun.try_out(turn, draft(**fields)))
    assert not place.rows("SELECT 1 FROM plans UNION SELECT 1 FROM askings")
    return found


@pytest.mark.parametrize("window", [5, 72])
def test_a_dry_run_says_what_then_happens(window: int) -> None:
    place = crowded()
    found = dry(place, window_hours=window)
    assert found["closes_at"] - found["starts_at"][0] == window * HOUR
    plan = place.plan(window_hours=window)
    for _hour in range(window + 1):
        place.wait(hours=1)
    told = {f"unsent {reason}": number for reason, number in found["unsent"]}
    told["blocked blocked"] = told.pop("unsent blocked")
    assert told | {"sent": found["asked"]} == place.counted(plan)


def test_a_dry_run_weighs_at_the_planned_hour() -> None:
    place = crowded()
    assert dry(place, window_hours=5)["asked"] == 7
    assert dry(place, window_hours=5, at="2026-11-03T09:00")["asked"] == 14
    assert dry(place, window_hours=5, at="2026-11-03T13:00")["asked"] == 7


def test_a_dry_run_tells_who_is_busy_with_something_else() -> None:
    place = House()
    for _ in range(6):
        place.client()
    for client in [place.client() for _ in range(5)]:
        place.wish(client)
    assert dry(place)["asked"] == 6
    assert dry(place)["unsent"] == [["urgent", 5]]


def test_a_follow_up_is_only_for_those_whom_it_would_ask_something() -> None:
    place = House()
    for days_ago, clients in ((20, 6), (13, 5), (0, 5)):
        for client in [place.client() for _number in range(clients)]:
            if days_ago:
                place.now -= days_ago * timedelta(days=1)
                place.put_first(client)
                place.now += days_ago * timedelta(days=1)
    found = dry(place, instrument="followup")
    assert (found["asked"], found["unsent"]) == (6, [["nothing", 10]])
    assert dry(place, instrument="followup", at="2026-11-03T10:00")["asked"] == 11, "by then it is due"
    plan = place.plan("followup")
    for days in (0, 2):
        place.wait(days=days)
        assert place.counted(plan) == {"sent": 6, "unsent nothing": 10}


def test_a_dry_run_names_the_next_times() -> None:
    place = House()
    place.client()
    starts = dry(place, at="2026-12-31T09:00", repeat="month")["starts_at"]
    local = [datetime.fromtimestamp(each, PROGRAMME.zone) for each in starts]
    assert [f"{each:%m-%d %H:%M}" for each in local] == ["12-31 09:00", "01-31 09:00", "02-28 09:00", "03-31 09:00"]
    assert len(dry(place, repeat="week", times=2)["starts_at"]) == 2
    assert len(dry(place)["starts_at"]) == 1


def test_a_dry_run_refuses_what_a_plan_would() -> None:
    place = House()
    assert dry(place)["refused"] == "nobody"
    place.client()
    assert dry(place, at="2026-10-01T09:00")["refused"] == "past"
    assert dry(place, version=9)["refused"] == "gone"
    assert dry(place, repeat="cron 0 9 * *")["refused"] == "repeat"


def test_a_dry_run_keeps_nobody_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients come in pieces."""
    place = House()
    for _ in range(12):
        place.client()
    place.staff()
    monkeypatch.setattr(asking, "GATHERED", 5)
    sizes = []
    real = asking.candidates

    def candidates(*given: Any) -> Any:
        found = real(*given)
        sizes.append(len(found[0]))
        return found

    monkeypatch.setattr(asking, "candidates", candidates)
    assert dry(place)["asked"] == 12
    assert max(sizes) <= 5


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({}, {}),
        ({"minor": 1, "paused": 6, "blocked": 5}, {"blocked": 5, "paused": 6, "other": 1}),
        ({"minor": 4, "left": 4}, {"other": 8}),
        ({"": 9, "hours": 2}, {"": 9, "other": 2}),
    ],
)
def test_a_reason_of_a_few_is_not_named(found: dict[str, int], told: dict[str, int]) -> None:
    assert dryrun.tell_reasons(found) == told
    assert [*dryrun.tell_reasons(found)] == [*told], "in the order of the reasons"


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ({"a": 0}, {"a": 0}),
        ({"a": 9, "b": 7}, {"a": 9, "b": 7}),
        ({"a": 3}, {"a": None}),
        ({"a": 9, "b": 4, "c": 7}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 4, "c": 3, "d": 0}, {"a": 9, "b": None, "c": None, "d": 0}),
        ({"a": 9, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),
        ({"a": 9, "b": 1, "c": 1, "d": 8}, {"a": 9, "b": None, "c": None, "d": None}),
    ],
)
def test_small_numbers_hide_with_others(found: dict[str, int], shown: dict[str, int | None]) -> None:
    assert dryrun.hide_small(found) == shown


def test_nobody_is_told_by_subtraction() -> None:
    for numbers in product((0, 1, 4, 5, 6), repeat=4):
        found = dict(zip("abcd", numbers, strict=True))
        shown = dryrun.hide_small(found)
        hidden = [found[name] for name, number in shown.items() if number is None]
        assert all(number is None or number == 0 or number >= HIDDEN_UNDER for number in shown.values())
        if hidden and any(shown.values()):
            assert len(hidden) > 1
            assert sum(hidden) >= HIDDEN_UNDER
