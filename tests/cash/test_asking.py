"""What is asked some days after a transfer: when, how often, of whom, and when not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from conversations import acts
from conversations.instruments import TRANSFER
from conversations.looks import LookAsking, LookKept, LookTransfer, Transfer
from tests.player import MONDAY, Phone
from tests.rounds.house import House

DAY = timedelta(days=1)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def client(house: House) -> Phone:
    return house.client()


def stands(house: House, transfer: int) -> str:
    row = house.asked_after(transfer)
    return f"{row['state']} {row['reason']}".strip()


def on_day(days: float) -> datetime:
    return MONDAY + days * DAY


def offered(house: House, client: Phone) -> int | None:
    """What the menu offers."""
    found = house.look(client, LookAsking())
    return None if found is None else int(found["asking"])


# --- when --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["received", "part"])
def test_asked_after_three_days_reminded_once_and_over_after_28(house: House, client: Phone, state: str) -> None:
    transfer = house.pay(client)
    house.wait(days=2)
    assert not house.rows("SELECT 1 FROM askings"), "nothing was said of it"
    house.say(client, acts.AnswerTransfer(transfer, state))
    for _hour in range(24 * 30):
        house.wait(hours=1)
    assert house.heard(client) == [on_day(5), on_day(8)]
    assert not client.standing("ask")
    assert stands(house, transfer) == "sent"
    assert house.say(client, acts.OpenAsking(house.asked_after(transfer)["id"])) is None


def test_the_line_leads_to_the_questions(house: House, client: Phone) -> None:
    transfer = house.came(client)
    house.wait(days=3)
    (line,) = client.standing("ask")
    client.tap("Open", on=line)
    assert client.text.startswith("A few questions about the money that came.")
    asking = house.asked_after(transfer)["id"]
    opened = {"instrument": "transfer", "version": TRANSFER.version, "last": False, "transfer": transfer}
    assert house.say(client, acts.OpenAsking(asking)) == opened
    client.tap("Not now")
    assert house.say(client, acts.OpenAsking(asking)) == {"over": "declined"}
    house.wait(days=10)
    assert house.heard(client) == [on_day(3)]


@pytest.mark.parametrize(("days", "heard", "became"), [(27, 1, "sent"), (28, 0, "unsent late")])
def test_what_was_missed_is_asked_as_long_as_there_is_time(
    house: House, client: Phone, days: int, heard: int, became: str
) -> None:
    transfer = house.came(client)
    house.wait(days=days)
    assert len(house.heard(client)) == heard
    assert stands(house, transfer) == became


def test_a_line_that_left_late_says_why(house: House) -> None:
    client = house.client(quiet_until=int(on_day(40).timestamp()))
    transfer = house.came(client)
    for _day in range(30):
        house.wait(days=1)
    assert (house.heard(client), stands(house, transfer)) == ([], "unsent paused")


# --- whether it came ---------------------------------------------------------------------------------------------


def test_what_has_not_come_after_all_is_not_asked_about(house: House, client: Phone) -> None:
    transfer = house.came(client)
    house.wait(days=1)
    house.say(client, acts.AnswerTransfer(transfer, "notyet"))
    house.wait(days=5)
    assert (house.heard(client), stands(house, transfer)) == ([], "unsent undone")
    house.say(client, acts.AnswerTransfer(transfer, "part"))
    house.wait(days=1)
    house.say(client, acts.AnswerTransfer(transfer, "received"))  # the rest came, and it is counted from the first part
    house.wait(days=1)
    assert offered(house, client) is None
    house.wait(days=1)
    assert house.heard(client) == [on_day(9)]
    house.wait(days=24)
    assert offered(house, client) is not None
    house.wait(days=1)
    assert offered(house, client) is None


@pytest.mark.parametrize("leads", [False, True])
def test_a_line_about_what_has_not_come_goes_away(house: House, client: Phone, leads: bool) -> None:
    transfer = house.pay(client)
    house.say(client, acts.AnswerTransfer(transfer, "part"))
    house.wait(days=3)
    assert client.standing("ask")
    act = acts.UnmarkSent(transfer) if leads else acts.AnswerTransfer(transfer, "notyet")
    house.say(house.staff() if leads else client, act)
    assert not client.standing("ask")
    assert house.say(client, acts.OpenAsking(house.asked_after(transfer)["id"])) is None
    assert offered(house, client) is None
    house.wait(days=5)
    assert house.heard(client) == [on_day(3)]


def test_of_two_that_are_due_the_newer_is_asked_about(house: House, client: Phone) -> None:
    older = house.came(client)
    house.now += DAY
    newer = house.came(client)
    house.wait(days=3)
    assert house.heard(client) == [on_day(4)]
    assert (stands(house, older), stands(house, newer)) == ("unsent asked", "sent")
    house.wait(days=20)
    assert len(house.heard(client)) == 2, "and its reminder"


def test_nobody_is_reminded_of_one_and_asked_about_another_at_once(house: House, client: Phone) -> None:
    house.came(client)
    house.wait(days=3)
    house.now += DAY
    house.came(client)
    house.wait(days=7)
    assert house.heard(client) == [on_day(3), on_day(11)]


# --- the burden budget -------------------------------------------------------------------------------------------


def test_after_a_round_it_waits_its_week(house: House, client: Phone) -> None:
    house.now += DAY
    plan = house.plan(window_hours=24)
    house.wait(hours=1)
    transfer = house.came(client)
    for _hour in range(24 * 8):
        house.wait(hours=1)
    assert [at - MONDAY for at in house.heard(client)] == [timedelta(days=1, hours=1), timedelta(days=8, hours=1)]
    assert (house.stands(client, plan), stands(house, transfer)) == ("sent", "sent")


def test_a_round_waits_a_week_after_it(house: House, client: Phone) -> None:
    house.came(client)
    house.wait(days=3)
    short = house.plan(window_hours=72)
    house.wait(hours=1)
    assert house.stands(client, short) == "unsent asked"
    long = house.plan(window_hours=200)
    for _hour in range(24 * 7):
        house.wait(hours=1)
    assert house.stands(client, long) == "sent"
    assert house.heard(client) == [on_day(3), on_day(6), on_day(10)], "asked, reminded, and the round a week later"


def test_a_round_that_comes_every_week_leaves_it_a_week(house: House, client: Phone) -> None:
    house.plan("needs", repeat="week", window_hours=48)
    house.wait(hours=1)
    transfer = house.came(client)
    for _day in range(26):
        house.wait(days=1)
    assert stands(house, transfer) == "sent"


def test_what_clients_open_by_themselves_counts_too(house: House) -> None:
    client = house.client(quiet_until=int(on_day(4).timestamp()))
    transfer = house.came(client)
    house.wait(days=3)
    asking: int = house.asked_after(transfer)["id"]
    assert offered(house, client) == asking
    house.say(client, acts.OpenAsking(asking))
    house.wait(days=1)
    plan = house.plan("needs", window_hours=24)
    house.wait(hours=1)
    assert (house.heard(client), house.stands(client, plan)) == ([], "unsent asked")


# --- whoever does not want it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [False, True])
def test_who_is_not_written_to_first_finds_it_in_the_menu(house: House, first: bool) -> None:
    client = house.client(first=first)
    transfer = house.came(client)
    if first:  # until now
        house.say(client, acts.Consent("first", False, ()))
    seen: list[tuple[int | None, int | None]] = []
    for hours in (0, 24 * 3 - 1, 1, 24 * 25 - 1, 1):
        house.wait(hours=hours)
        money: Transfer = house.look(client, LookTransfer(transfer))
        seen.append((offered(house, client), money["asking"]))
    asking = house.asked_after(transfer)["id"]
    assert seen == [(None, None), (None, None), (asking, asking), (asking, asking), (None, None)]
    assert (house.heard(client), stands(house, transfer)) == ([], "unsent first")


STOPS = [
    (acts.Consent("checkins", False, ()), "consent"),
    (acts.Consent("plan", False, ()), "consent"),
    (acts.Consent("first", False, ()), "first"),
    (acts.Leave(), "left"),
]


@pytest.mark.parametrize(("act", "why"), STOPS)
def test_a_no_stops_it_at_once(house: House, client: Phone, act: object, why: str) -> None:
    transfer = house.came(client)
    house.say(client, act)
    assert stands(house, transfer) == f"unsent {why}"
    house.wait(days=5)
    assert not house.heard(client)


@pytest.mark.parametrize("act", [act for act, _why in STOPS])
def test_a_no_takes_the_line_away_and_nobody_is_reminded(house: House, client: Phone, act: object) -> None:
    house.came(client)
    house.wait(days=3)
    house.say(client, act)
    assert not client.standing("ask")
    house.wait(days=5)
    assert house.heard(client) == [on_day(3)]


def block(house: House, client: Phone) -> None:
    client.block()


def erase(house: House, client: Phone) -> None:
    house.say(client, acts.Erase())


@pytest.mark.parametrize(("happens", "left"), [(block, ["blocked"]), (erase, [])])
def test_nothing_is_asked_of_who_is_gone(
    house: House, client: Phone, happens: Callable[[House, Phone], None], left: list[str]
) -> None:
    house.came(client)
    house.wait(days=3)
    happens(house, client)
    house.wait(days=5)
    assert [row["state"] for row in house.rows("SELECT state FROM askings")] == left
    assert house.heard(client) == [on_day(3)]


def test_a_line_on_its_way_is_taken_back_by_a_pause(house: House, client: Phone) -> None:
    transfer = house.came(client)
    house.now += 3 * DAY
    taken = house.ask()
    house.say(client, acts.Pause(int(on_day(5).timestamp())))
    house.settle(taken)
    house.wait(hours=1)
    assert (house.heard(client), stands(house, transfer)) == ([], "waiting paused")
    house.wait(days=2)
    assert len(house.heard(client)) == 1


# --- who learns of it --------------------------------------------------------------------------------------------


def test_its_client_finds_it_among_what_is_kept_and_the_export_of_rounds_does_not(house: House, client: Phone) -> None:
    house.came(client)
    asked = [[int(on_day(3).timestamp()), dict(TRANSFER.title.wordings), "waiting"]]
    assert house.look(client, LookKept())["asked"] == asked
    assert not house.do(lambda turn: turn.store.rows("askings", "with_codes"))


# --- beside rounds -----------------------------------------------------------------------------------------------


def test_what_fails_rests_and_rounds_go_on(house: House, client: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    other = house.client()
    house.came(client)
    house.now += 3 * DAY
    plan = house.plan("needs")

    def fail(*_given: object, **_more: object) -> bool:
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr("bot.cash.asking.go_on", fail)
        house.wait(minutes=1)
    assert house.stands(other, plan) == "sent"


def test_many_are_asked_in_small_pieces(house: House) -> None:
    clients = [house.client() for _number in range(7)]
    for client in clients:
        house.came(client)
    house.now += 3 * DAY
    pieces = []
    while (taken := house.piece(3)) is not None:
        pieces.append(len(taken.sendings))
        house.settle(taken)
    assert pieces == [3, 3, 1]
