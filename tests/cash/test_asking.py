"""What is asked some days after a transfer: when, how often, of whom, and when not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.rounds.budget import Verdict, Wanted, weigh
from bot.turn import Turn
from conversations import acts
from conversations.instruments import TRANSFER
from conversations.looks import LookAsking, LookKept, LookTransfer, Transfer
from conversations.script import Said
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


@pytest.mark.parametrize("state", ["", "received", "part", "notyet"])
def test_asked_after_three_days_reminded_once_and_over_after_28(house: House, client: Phone, state: str) -> None:
    """Whatever was said of it, as what else is asked shows who was asked."""
    transfer = house.pay(client)
    house.wait(days=2)
    if state:
        house.say(client, acts.AnswerTransfer(transfer, state))
    for _hour in range(24 * 26 - 1):
        house.wait(hours=1)
    assert house.heard(client) == [on_day(3), on_day(6)]
    assert client.standing("ask")
    house.wait(hours=1)
    assert not client.standing("ask")
    assert stands(house, transfer) == "sent"
    assert house.say(client, acts.OpenAsking(house.asked_after(transfer)["id"])) is None


@pytest.mark.parametrize(("says", "follows"), [("Yes, all of it", True), ("No, not yet", False)])
def test_whether_it_came_is_asked_first_where_that_is_not_known(
    house: House, client: Phone, says: str, follows: bool
) -> None:
    transfer = house.pay(client)
    house.wait(days=3)
    (line,) = client.standing("ask")
    client.tap("Open", on=line)
    assert "Did it reach you?" in client.text
    client.tap(says)
    assert ("A few questions about the money that came." in client.text) is follows
    assert house.asked_after(transfer)["state"] == "opened", "it can be answered later"


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


# --- whether it was sent, and nothing else ------------------------------------------------------------------------


def test_what_was_not_sent_after_all_is_not_asked_about(house: House, client: Phone) -> None:
    transfer, lead = house.pay(client), house.staff()
    house.say(client, acts.AnswerTransfer(transfer, "part"))
    house.wait(days=3)
    assert client.standing("ask")
    house.say(lead, acts.UnmarkSent(transfer))
    assert not client.standing("ask")
    assert house.say(client, acts.OpenAsking(house.asked_after(transfer)["id"])) is None
    assert offered(house, client) is None
    house.wait(days=5)
    assert house.heard(client) == [on_day(3)]


def test_what_is_sent_again_is_asked_about_from_then(house: House, client: Phone) -> None:
    transfer, lead = house.pay(client), house.staff()
    house.wait(days=1)
    house.say(lead, acts.UnmarkSent(transfer))
    house.wait(days=5)
    assert (house.heard(client), stands(house, transfer)) == ([], "unsent undone")
    house.say(lead, acts.MarkSent(transfer, "2026-11-08", "hand"))
    house.wait(days=3)
    assert house.heard(client) == [on_day(9)]


def seen(house: House, client: Phone) -> tuple[dict[str, object], Verdict, list[tuple[object, ...]]]:
    """What whoever plans a round could learn of a client: what the budget knows, what it says of a round that would
    begin now, and what became of those that did."""
    id_ = house.person(client).id

    def weighed(turn: Turn) -> tuple[dict[str, object], Verdict]:
        (facts,) = turn.store.rows("askings", "facts", people=f"[{id_}]", now=turn.store.at)
        wanted = Wanted("needs", turn.store.at + 30 * 86_400, ("en",))
        alike = {name: facts[name] for name in {*facts.keys()} - {"asking_id", "person_id"}}
        return alike, weigh(facts, wanted, turn.programme, turn.now)

    of_rounds = (
        "SELECT state, reason, due_at, sent_at, opened_at FROM askings WHERE person_id = ? AND transfer_id IS NULL"
    )
    return *house.do(weighed), [tuple(row) for row in house.rows(of_rounds, id_)]


def test_from_what_else_is_asked_nobody_learns_what_was_said(house: House) -> None:
    said = ["", "received", "part", "notyet", "then received"]
    clients, lead = {each: house.client() for each in said}, house.staff()
    told = {house.client(): each for each in ("part", "notyet")}
    everyone = [*clients.values(), *told]
    transfers = {client: house.pay(client) for client in everyone}
    house.wait(days=1)
    for state, client in clients.items():
        for each in filter(None, ["notyet", "received"] if state == "then received" else [state]):
            house.say(client, acts.AnswerTransfer(transfers[client], each))
    for client, state in told.items():
        house.say(client, acts.AnswerTransfer(transfers[client], state))
        alert = house.say(client, acts.TellOfMoney(transfers[client], state))["alert"]
        house.say(lead, acts.Claim(alert))
        (talk,) = house.rows("SELECT id FROM talks WHERE alert_id = ?", alert)
        house.say(lead, acts.SendLine(talk["id"], Said("I will look into it")))
    for day in range(30):
        if day in (0, 3, 12):
            house.plan("needs", window_hours=30)
        house.wait(hours=20 if day % 2 else 28)
        first, *others = [seen(house, client) for client in everyone]
        assert others == [first] * len(others)
    assert len(first[2]) == 3


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


def test_what_waits_is_not_offered(house: House) -> None:
    """It would be only where they said that it came, which would then show in what else they are asked."""
    client = house.client(quiet_until=int(on_day(4).timestamp()))
    house.came(client)
    house.wait(days=3)
    assert offered(house, client) is None
    house.wait(days=2)
    assert offered(house, client) is not None


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
