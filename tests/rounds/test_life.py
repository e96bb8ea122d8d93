"""The life of a plan and of its rounds, with a moved clock. Every turn is made by a new process (`Stage.restarts`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot import consents, erasing
from bot.marks import Asked
from bot.rounds import plans, progress
from bot.turns import Taken
from conversations import acts
from tests.player import MONDAY, PROGRAMME, Phone
from tests.rounds.house import House, draft

EVENING = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
"""22:00 in Yangon on that Monday."""

WEEK = 7 * 24


@pytest.fixture
def place() -> House:
    return House()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What leads were told of rounds."""
    found: list[str] = []
    monkeypatch.setattr(progress, "tell", lambda turn, round_id, what: found.append(what))
    return found


def often(days_between: int) -> House:
    """A programme that asks more often than others."""
    times = PROGRAMME.asking.model_copy(update={"days_between": days_between})
    return House(programme=PROGRAMME.model_copy(update={"asking": times}))


# --- once -----------------------------------------------------------------------------------------------------


def test_everybody_is_asked_once_with_a_bland_line(place: House) -> None:
    clients = [place.client() for _ in range(3)]
    plan = place.plan()
    for _tick in range(5):
        place.wait(minutes=1)
    assert place.counted(plan) == {"sent": 3}
    assert [len(place.heard(client)) for client in clients] == [1, 1, 1]
    (line,) = clients[0].standing("ask")
    assert line.text == "Hello. There is something new for you when you have time."


def test_nothing_happens_before_its_time(place: House) -> None:
    client = place.client()
    plan = place.plan(at="2026-11-04T15:00")
    place.wait(days=2)
    assert place.rounds(plan) == ["planned"]
    assert not place.heard(client)
    place.wait(hours=5)
    assert place.heard(client) == [datetime(2026, 11, 4, 8, 30, tzinfo=UTC)]


def test_each_is_asked_in_safe_hours_of_their_own(place: House) -> None:
    place.now = EVENING
    late, early, weekend = place.client(hours="evening"), place.client(hours="morning"), place.client(days=0b1100000)
    plan = place.plan(window_hours=WEEK)
    while place.now < EVENING + timedelta(days=7):
        place.wait(minutes=10)
    assert place.heard(early)[0] == datetime(2026, 11, 3, 0, 30, tzinfo=UTC)
    assert place.heard(late)[0] == datetime(2026, 11, 3, 10, 30, tzinfo=UTC)
    assert place.heard(weekend)[0] == datetime(2026, 11, 6, 17, 30, tzinfo=UTC)
    assert place.counted(plan) == {"sent": 3}


def test_whoever_has_no_safe_hour_in_time_is_not_asked(place: House) -> None:
    place.now = EVENING
    client = place.client(hours="morning")
    plan = place.plan(window_hours=3)
    place.wait(seconds=5)
    assert place.stands(client, plan) == "unsent hours"
    place.wait(days=1)
    assert not place.heard(client)


def test_the_round_closes_and_takes_away_what_nobody_opened(place: House, told: list[str]) -> None:
    asked, away = place.client(), place.client(hours="morning")
    place.now = EVENING
    plan = place.plan(window_hours=24)
    place.wait(hours=23, minutes=59)
    assert asked.standing("ask")
    place.change(away, quiet_until=place.at + 86_400)
    place.wait(minutes=1)
    assert not asked.standing("ask")
    place.wait(seconds=5)
    assert (place.rounds(plan), place.state(plan)) == (["closed"], "ended")
    assert (place.stands(asked, plan), place.asking(asked, plan)["ended_at"] is None) == ("sent", False)
    assert told == ["started", "closed"]
    assert place.rows("SELECT result FROM rounds")[0]["result"]


def test_somebody_who_is_answering_when_it_closes_may_finish(place: House) -> None:
    client = place.client()
    plan = place.plan()
    place.wait(seconds=5)
    assert place.open(client, plan)
    place.wait(hours=72)
    place.wait(seconds=5)
    assert (place.rounds(plan), place.stands(client, plan)) == (["closed"], "opened")
    place.say(client, acts.FinishAsking(place.asking(client, plan)["id"]))
    assert place.stands(client, plan) == "answered"
    assert place.open(client, plan) == {"over": "answered"}


def test_nobody_opens_what_is_over_or_another_was_asked(place: House) -> None:
    client, other = place.client(), place.client()
    plan = place.plan()
    place.wait(seconds=5)
    assert place.say(other, acts.OpenAsking(place.asking(client, plan)["id"])) is None
    place.wait(hours=72)
    assert place.open(client, plan) is None
    assert place.stands(client, plan) == "sent"


def test_who_is_not_to_be_written_to_first_may_answer_all_the_same(place: House) -> None:
    client = place.client(first=False)
    plan = place.plan()
    place.wait(seconds=5)
    assert place.stands(client, plan) == "unsent first"
    assert place.open(client, plan)
    assert place.stands(client, plan) == "opened"
    assert not place.heard(client)


def test_four_may_be_asked_and_one(place: House) -> None:
    client = place.client(place="North")
    place.client(place="South")
    plan = place.plan(audience=["place", "North"])
    place.wait(seconds=5)
    assert place.counted(plan) == {"sent": 1}
    assert place.heard(client)


# --- reminders ------------------------------------------------------------------------------------------------


def test_one_reminder_after_three_days_then_silence(place: House) -> None:
    silent, opened = place.client(), place.client()
    plan = place.plan(window_hours=2 * WEEK)
    place.wait(seconds=5)
    place.open(opened, plan)
    while place.now < MONDAY + timedelta(days=14):
        place.wait(hours=3)
    assert [moment - place.heard(silent)[0] for moment in place.heard(silent)[1:]] == [timedelta(days=3)]
    assert len(place.heard(opened)) == 1
    assert len(silent.standing("ask")) == 0


def test_a_reminder_waits_for_a_safe_hour(place: House) -> None:
    client = place.client(hours="morning")
    place.plan(window_hours=2 * WEEK)
    place.wait(seconds=5)
    place.now = MONDAY + timedelta(days=3, hours=6)
    place.sweep()
    assert len(place.heard(client)) == 1
    place.now = MONDAY + timedelta(days=4)
    place.sweep()
    assert len(place.heard(client)) == 2


def test_a_reminder_counts_from_when_the_line_went(place: House) -> None:
    client = place.client()
    place.plan(window_hours=2 * WEEK)
    place.tick()
    held = place.ask()
    place.now += timedelta(days=2)  # Telegram could not be reached
    place.settle(held)
    place.wait(days=2)
    assert len(place.heard(client)) == 1
    place.wait(days=1)
    assert len(place.heard(client)) == 2


@pytest.mark.parametrize("way", ["pause", "stop"])
def test_no_reminder_while_a_plan_rests(place: House, way: str) -> None:
    client = place.client()
    plan = place.plan(window_hours=2 * WEEK)
    place.wait(seconds=5)
    place.steer(plan, way)
    place.wait(days=5)
    assert len(place.heard(client)) == 1
    place.steer(plan, "resume")
    place.wait(seconds=5)
    assert len(place.heard(client)) == (2 if way == "pause" else 1)


def test_a_reminder_that_left_in_the_very_moment_of_a_pause_is_the_only_one(place: House) -> None:
    client = place.client()
    plan = place.plan(window_hours=2 * WEEK)
    place.wait(seconds=5)
    place.now += timedelta(days=3)
    held = place.ask()
    place.steer(plan, "pause")
    place.emptied.clear()
    place.settle(held)
    place.steer(plan, "resume")
    place.wait(days=4)
    assert len(place.heard(client)) == 2


def test_no_reminder_of_what_something_newer_has_overtaken() -> None:
    place = often(days_between=2)
    client = place.client()
    first = place.plan("needs", window_hours=2 * WEEK)
    place.wait(days=2, seconds=5)
    second = place.plan("checkin", window_hours=2 * WEEK)
    while place.now < MONDAY + timedelta(days=10):
        place.wait(hours=1)
    assert place.order(client) == [place.asking(client, plan)["id"] for plan in (first, second, second)]


def test_nothing_else_on_the_day_of_a_reminder() -> None:
    place = often(days_between=1)
    client = place.client()
    first = place.plan("needs", window_hours=2 * WEEK)
    place.wait(seconds=5)
    place.wait(days=3)
    second = place.plan("checkin", window_hours=2 * WEEK)
    while place.now < MONDAY + timedelta(days=6):
        place.wait(hours=1)
    assert place.order(client) == [place.asking(client, plan)["id"] for plan in (first, first, second)]
    again, other = place.heard(client)[1:]
    assert timedelta(days=1) <= other - again < timedelta(days=1, hours=2)


# --- several at once ------------------------------------------------------------------------------------------


def test_two_rounds_at_once_ask_somebody_once(place: House) -> None:
    client = place.client()
    first, second = place.plan("needs"), place.plan("checkin")
    place.wait(seconds=5)
    assert len(place.heard(client)) == 1
    assert {place.stands(client, first), place.stands(client, second)} == {"sent", "unsent asked"}


def test_two_rounds_that_wait_for_the_same_hour_ask_somebody_once(place: House) -> None:
    place.now = EVENING
    client = place.client(hours="morning")
    first, second = place.plan("needs"), place.plan("checkin")
    place.wait(seconds=5)
    assert {place.stands(client, first), place.stands(client, second)} == {"waiting hours"}
    place.wait(hours=10)
    assert len(place.heard(client)) == 1
    assert {place.stands(client, first), place.stands(client, second)} == {"sent", "unsent asked"}


def test_what_somebody_opened_by_themselves_counts(place: House) -> None:
    client = place.client(first=False)
    first = place.plan("needs")
    place.wait(seconds=5)
    place.open(client, first)
    place.change(client, first=True, hours="morning")
    place.plan("needs", at="2026-11-03T07:00", window_hours=2 * WEEK)
    place.now = MONDAY + timedelta(days=1)
    while not place.heard(client):
        place.wait(hours=1)
    assert place.now - MONDAY >= timedelta(days=7)


def test_what_has_not_left_yet_counts(place: House) -> None:
    client = place.client()
    place.plan("needs")
    place.tick()
    held = place.ask()
    second = place.plan("checkin")
    place.wait(seconds=5)
    assert place.stands(client, second) == "unsent asked"
    assert not place.heard(client)
    place.settle(held)
    assert len(place.heard(client)) == 1


def test_the_second_round_waits_for_its_turn(place: House) -> None:
    client, less = place.client(), place.client(less=True)
    place.plan("needs")
    second = place.plan("needs", window_hours=2 * WEEK)
    while place.now < MONDAY + timedelta(days=14):
        place.wait(hours=1)
    first_line, other_line = (place.heard(client)[number] for number in (0, -1))
    assert other_line - first_line >= timedelta(days=7)
    assert place.counted(second) == {"sent": 1, "unsent asked": 1}
    assert len(place.heard(less)) == 1


def test_a_check_in_begun_without_being_asked_counts(place: House) -> None:
    client = place.client()

    def sit(turn: Any) -> None:
        values = {"session_id": turn.store.new_id(), "person_id": place.person(client).id, "start": 0}
        turn.store.later("sittings", "insert", **values, instrument="checkin", version=1, at=turn.store.at)

    place.do(sit)
    place.wait(days=8)
    plan, other = place.plan("checkin"), place.plan("needs")
    place.wait(seconds=5)
    assert (place.stands(client, plan), place.stands(client, other)) == ("unsent asked", "sent")


def test_closing_takes_no_newer_line_away() -> None:
    place = often(days_between=1)
    client = place.client()
    place.plan("needs", window_hours=48)
    place.wait(seconds=5)
    place.wait(days=1)
    place.plan("checkin", window_hours=WEEK)
    place.wait(seconds=5)
    assert len(place.heard(client)) == 2
    place.wait(days=1)
    assert client.standing("ask")


# --- people who come, go, or do not want to -------------------------------------------------------------------


@pytest.fixture
def halfway(place: House) -> tuple[House, Phone, int]:
    """A client with a line that stands, in a round that goes on for two weeks."""
    client = place.client()
    plan = place.plan(window_hours=2 * WEEK)
    place.wait(seconds=5)
    assert client.standing("ask")
    return place, client, plan


def test_who_leaves_hears_no_more(halfway: tuple[House, Phone, int]) -> None:
    place, client, _plan = halfway
    place.act(client, consents.leave)
    assert not client.standing("ask")
    place.wait(days=5)
    assert len(place.heard(client)) == 1


@pytest.mark.parametrize("purpose", ["plan", "checkins", "first"])
def test_who_withdraws_hears_no_more(halfway: tuple[House, Phone, int], purpose: str) -> None:
    place, client, plan = halfway
    withdraw(place, client, purpose)
    assert not client.standing("ask")
    place.wait(days=5)
    assert len(place.heard(client)) == 1
    opened = place.open(client, plan)
    assert (opened is None) == (purpose != "first")


@pytest.mark.parametrize(
    ("purpose", "why"), [("plan", "consent"), ("checkins", "consent"), ("first", "first"), ("", "left")]
)
def test_a_no_reaches_what_has_not_left_yet(place: House, purpose: str, why: str) -> None:
    client = place.client(hours="afternoon")
    waits = place.client(hours="evening")
    plan = place.plan()
    place.now += timedelta(hours=3)
    place.tick()
    held = place.ask()
    assert {place.stands(each, plan) for each in (client, waits)} == {"queued", "waiting hours"}
    for each in (client, waits):
        if purpose:
            withdraw(place, each, purpose)
        else:
            place.act(each, consents.leave)
    place.settle(held)
    assert {place.stands(each, plan) for each in (client, waits)} == {f"unsent {why}"}
    place.wait(days=1)
    assert not place.lines


def withdraw(place: House, client: Phone, purpose: str) -> None:
    place.consent(client, purpose, granted=False)
    place.act(client, lambda turn, scene: consents.take_effect(turn, scene, purpose, granted=False))


CHANGES = (
    *(acts.Pause(2_000_000_000), acts.ChooseHours("morning"), acts.ChooseDays(2), acts.AskLess(True)),
    *(acts.EraseLater(2_000_000_000), acts.RaiseAlert("today")),
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_not_left_yet_is_weighed_anew_when_the_client_changes_something(place: House, change: object) -> None:
    client = place.client()
    place.now += timedelta(hours=4)  # Monday afternoon
    plan = place.plan()
    place.tick()
    held = place.ask()
    place.say(client, change)
    place.settle(held)
    assert place.stands(client, plan) == "waiting"
    place.wait(seconds=5)
    assert len(place.heard(client)) == isinstance(change, acts.AskLess)


def test_who_blocks_the_bot_is_counted_so(place: House) -> None:
    gone, blocks, back = place.client(), place.client(), place.client()
    place.change(gone, blocked_at=place.at)
    plan = place.plan(window_hours=WEEK)
    place.tick()
    held = place.ask()
    place.settle(Taken(sendings=[each for each in held.sendings if each.person.chat == back.chat]))
    for sending in held.sendings:
        if sending.person.chat == blocks.chat and sending.asking is not None:
            place.note(Asked(sending.asking, "blocked", "blocked"))
    place.change(blocks, blocked_at=place.at)
    place.change(back, blocked_at=place.at)
    place.wait(days=4)
    assert place.counted(plan) == {"blocked blocked": 3}
    assert len(place.lines) == 1
    place.change(back, blocked_at=None)
    assert place.open(back, plan)


def test_who_pauses_is_asked_after_it(place: House) -> None:
    client, longer = place.client(), place.client()
    place.change(client, quiet_until=place.at + 86_400)
    place.change(longer, quiet_until=place.at + 4 * 86_400)
    plan = place.plan()
    place.wait(seconds=5)
    assert {place.stands(client, plan), place.stands(longer, plan)} == {"waiting paused", "unsent paused"}
    place.wait(days=1)
    assert len(place.heard(client)) == 1


def test_who_is_erased_is_gone(halfway: tuple[House, Phone, int]) -> None:
    place, client, plan = halfway
    place.act(client, erasing.erase)
    place.wait(days=5)
    assert place.counted(plan) == {}
    assert len(place.lines) == 1


def test_who_joins_meanwhile_is_not_asked(halfway: tuple[House, Phone, int]) -> None:
    place, _client, plan = halfway
    place.now += timedelta(hours=1)
    late = place.client()
    place.wait(days=5)
    assert not place.heard(late)
    assert sum(place.counted(plan).values()) == 1


def test_who_wishes_for_contact_today_is_left_alone_until_then(place: House) -> None:
    client = place.client()
    plan = place.plan()
    place.wish(client)
    place.wait(seconds=5)
    assert place.stands(client, plan) == "waiting urgent"
    place.wait(hours=20)
    assert not place.heard(client)
    place.connection.execute("UPDATE alerts SET state = 'closed'")
    place.wait(hours=1, seconds=5)
    assert place.heard(client)


# --- downtime -------------------------------------------------------------------------------------------------


def test_after_downtime_a_round_starts_late_inside_its_window(place: House, told: list[str]) -> None:
    client = place.client()
    plan = place.plan(at="2026-11-03T10:00", window_hours=24)
    place.now = MONDAY + timedelta(days=1, hours=23, minutes=50)
    place.sweep()
    assert (place.rounds(plan), told, len(place.heard(client))) == (["running"], ["started"], 1)
    place.wait(minutes=10)
    assert place.rounds(plan) == ["closing"]


def test_after_its_window_it_does_not_and_the_lead_is_told(place: House, told: list[str]) -> None:
    client = place.client()
    plan = place.plan(at="2026-11-03T10:00", window_hours=24)
    place.now = MONDAY + timedelta(days=2)
    for _tick in range(3):
        place.wait(minutes=1)
    assert (place.rounds(plan), place.state(plan), told) == (["missed"], "ended", ["missed"])
    assert not place.heard(client)


def test_a_long_downtime_leads_to_no_flood(place: House, told: list[str]) -> None:
    client = place.client()
    plan = place.plan("needs", at="2026-11-02T10:00", repeat="cron 0 10 * * *", window_hours=72)
    place.wait(seconds=5)
    assert (place.rounds(plan), told) == (["running", "planned"], ["started"])
    place.now += timedelta(days=20)
    for _tick in range(3):
        place.wait(minutes=1)
    assert place.rounds(plan) == ["closed", *["missed"] * 19, "running", "planned"]
    assert told == ["started", "missed", "started", "closed"]
    assert len(place.heard(client)) == 2


def test_a_long_downtime_outside_every_window(place: House, told: list[str]) -> None:
    place.client()
    plan = place.plan("needs", at="2026-11-03T10:00", repeat="week", window_hours=24)
    place.now += timedelta(days=25)
    for _tick in range(3):
        place.wait(minutes=1)
    assert (place.rounds(plan), told) == ([*["missed"] * 4, "planned"], ["missed"])


# --- again and again ------------------------------------------------------------------------------------------


def test_a_plan_that_repeats_ends_with_its_last_round(place: House, told: list[str]) -> None:
    client = place.client()
    plan = place.plan("needs", repeat="week", times=3)
    seen = []
    while place.now < MONDAY + timedelta(days=21):
        place.wait(hours=6)
        seen.append(place.rounds(plan))
    assert [*dict.fromkeys(map(len, seen))] == [2, 3]
    assert (place.rounds(plan), place.state(plan)) == (["closed"] * 3, "ended")
    assert [row["last"] for row in place.rows("SELECT last FROM rounds ORDER BY number")] == [0, 0, 1]
    assert told == ["started", "closed"] * 3
    assert len(place.heard(client)) == 3


def test_check_ins_are_four_weeks_apart_however_often_a_plan_comes_round(place: House) -> None:
    client, less = place.client(), place.client(less=True)
    plan = place.plan("checkin", repeat="week")
    while place.now < MONDAY + timedelta(days=60):
        place.wait(hours=12)
    assert min(later - earlier for earlier, later in pairwise(place.heard(client))) >= timedelta(days=28)
    assert (len(place.heard(client)), len(place.heard(less))) == (3, 2)
    assert place.stands(client, plan, 2) == "unsent asked"


def test_a_restart_in_every_phase_changes_nothing(tmp_path: Path) -> None:
    """The database is a file that is closed between any two turns; or nothing ever stops."""
    assert history(House(path=tmp_path / "rounds.db")) == history(House(restarts=False))


def history(place: House) -> list[object]:
    """Two rounds with a reminder, an answer, a pause and a close."""
    silent, answers = place.client(hours="evening"), place.client()
    plan = place.plan("needs", repeat="week", times=2, window_hours=120)
    seen: list[object] = []
    for hour in range(0, 15 * 24, 3):
        place.wait(hours=3)
        if hour == 24:
            place.open(answers, plan)
            place.say(answers, acts.FinishAsking(place.asking(answers, plan)["id"]))
        if hour in (48, 60):
            place.steer(plan, "pause" if hour == 48 else "resume")
        seen += [place.rounds(plan), place.state(plan), place.counted(plan), place.counted(plan, 2)]
    assert place.rounds(plan) == ["closed", "closed"]
    assert [len(place.heard(each)) for each in (silent, answers)] == [4, 3]
    return [*seen, place.heard(silent), place.heard(answers)]


@pytest.mark.parametrize(
    ("fields", "last"), [({}, 0), ({"last": True}, 1), ({"repeat": "week"}, 0), ({"repeat": "week", "times": 1}, 0)]
)
def test_the_last_round_of_a_plan(place: House, fields: dict[str, Any], last: int) -> None:
    client = place.client()
    plan = place.plan(**fields)
    place.wait(seconds=5)
    opened = place.open(client, plan)
    assert opened == {"instrument": "checkin", "version": 1, "last": bool(last)}


def test_the_31st_in_the_zone_of_the_programme(place: House) -> None:
    place.client()
    plan = place.plan(at="2026-12-31T09:00", repeat="month", window_hours=24)
    starts = []
    while place.now < datetime(2027, 4, 2, tzinfo=UTC):
        before = place.rounds(plan).count("running")
        place.wait(minutes=30)
        if place.rounds(plan).count("running") > before:
            starts.append(f"{place.now.astimezone(PROGRAMME.zone):%m-%d %H:%M}")
    assert starts == ["12-31 09:00", "01-31 09:00", "02-28 09:00", "03-31 09:00"]


# --- leads ----------------------------------------------------------------------------------------------------


def test_of_two_leads_the_second_is_told_that_somebody_was_quicker(place: House) -> None:
    place.client()
    plan = place.plan()
    assert place.steer(plan, "pause", stamp=1) == "done"
    assert place.steer(plan, "stop", stamp=1) == "changed"
    assert place.state(plan) == "paused"
    assert place.steer(plan, "resume", stamp=2) == "done"


def test_what_is_over_cannot_be_steered(place: House) -> None:
    place.client()
    plan = place.plan()
    place.wait(days=3)
    place.wait(seconds=5)
    assert place.state(plan) == "ended"
    assert [place.steer(plan, way) for way in ("pause", "resume", "stop")] == ["over"] * 3
    assert place.steer(12345, "stop", stamp=1) == "over"


def test_a_pause_holds_what_was_not_sent(place: House) -> None:
    clients = [place.client() for _ in range(3)]
    later = place.client(hours="evening")
    plan = place.plan()
    place.tick()
    held = place.ask()
    assert place.steer(plan, "pause") == "done"
    place.settle(held)
    place.wait(hours=10)
    assert (place.lines, place.counted(plan)) == ([], {"waiting": 3, "waiting hours": 1})
    place.steer(plan, "resume")
    place.wait(seconds=5)
    assert [len(place.heard(client)) for client in (*clients, later)] == [1, 1, 1, 1]


def test_what_left_in_the_very_moment_of_a_pause_is_not_sent_again(place: House) -> None:
    client = place.client()
    plan = place.plan()
    place.tick()
    held = place.ask()
    place.steer(plan, "pause")
    place.emptied.clear()
    place.settle(held)
    place.steer(plan, "resume")
    place.wait(days=2)
    assert len(place.heard(client)) == 1
    assert place.stands(client, plan) == "sent"


def test_a_round_that_comes_due_in_a_pause_waits_inside_its_window(place: House, told: list[str]) -> None:
    client = place.client()
    plan = place.plan("needs", at="2026-11-03T10:00", repeat="week", window_hours=48)
    place.steer(plan, "pause")
    place.wait(days=2)
    assert place.rounds(plan) == ["planned"]
    place.wait(days=1, seconds=5)
    assert place.rounds(plan) == ["missed", "planned"]
    place.wait(days=6)
    assert place.rounds(plan) == ["missed", "planned"]
    place.steer(plan, "resume")
    place.wait(seconds=5)
    assert (place.rounds(plan), told) == (["missed", "running", "planned"], ["started"])
    assert len(place.heard(client)) == 1


def test_a_stop_ends_what_runs_and_drops_what_is_planned(place: House, told: list[str]) -> None:
    asked, waits = place.client(), place.client(hours="evening")
    minor = place.client(adult=False)
    plan = place.plan("needs", repeat="week")
    place.wait(seconds=5)
    assert place.steer(plan, "stop") == "done"
    place.wait(seconds=5)
    place.wait(seconds=5)
    assert (place.rounds(plan), place.state(plan), told) == (["closed", "stopped"], "stopped", ["started", "closed"])
    assert [place.stands(each, plan) for each in (asked, waits, minor)] == ["sent", "unsent stopped", "unsent minor"]
    assert not asked.standing("ask")
    place.wait(days=30)
    assert len(place.lines) == 1


def test_a_stop_reaches_what_has_not_left_yet(place: House) -> None:
    client = place.client()
    plan = place.plan()
    place.tick()
    held = place.ask()
    place.steer(plan, "stop")
    place.settle(held)
    place.wait(seconds=5)
    assert (place.stands(client, plan), place.lines) == ("unsent stopped", [])


@pytest.mark.parametrize(("way", "why"), [("pause", "late"), ("stop", "stopped")])
def test_of_everybody_it_is_known_why_they_were_not_asked(place: House, way: str, why: str) -> None:
    """Also of those whom the round had not even come to."""
    for _ in range(3):
        place.client()
    place.client(adult=False)
    plan = place.plan()
    place.tick()
    place.steer(plan, way)
    place.wait(days=3)
    place.wait(seconds=5)
    assert place.counted(plan) == {f"unsent {why}": 3, "unsent minor": 1}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"at": "2026-10-30T09:00"}, "past"),
        ({"at": "2026-10-30T10:00", "repeat": "month"}, "past"),
        ({"window_hours": 0}, "past"),
        ({"audience": ["place", "Nowhere"]}, "nobody"),
        ({"audience": ["caseload", "17"]}, "nobody"),
        ({"version": 99}, "gone"),
        ({"repeat": "cron 0 9 * * 1"}, "repeat"),
        ({"repeat": "cron 0 * * * *"}, "repeat"),
    ],
)
def test_what_cannot_be_planned(place: House, fields: dict[str, Any], why: str) -> None:
    place.client()
    assert place.do(lambda turn: plans.make_plan(turn, None, draft(**fields))) == {"refused": why}
    assert not place.count("plans") + place.count("rounds")


def test_a_start_that_is_past_but_still_makes_sense(place: House) -> None:
    client = place.client()
    plan = place.plan(at="2026-11-02T08:00", window_hours=24)
    place.wait(seconds=5)
    assert place.rounds(plan) == ["running"]
    assert place.heard(client)
