"""One transfer as its client meets it: whether it came, who is told where it did not, and a few questions later."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from conversations import acts
from conversations.client.after import after
from conversations.engine import Given, Log, advance
from conversations.instruments import TRANSFER
from conversations.looks import Contact, LookTrouble
from conversations.rehearsal import NO_MONEY
from conversations.script import Amount, Ask, Do, Jotting, Json, Look, OwnWords, Several
from tests.benchmarks.checkin import AROUND, SECONDS
from tests.cash.ledger import Ledger, programme
from tests.player import Phone

LIMIT = 120
"""Seconds that the questions after a transfer may take (DOMAIN B5)."""


@dataclass
class House:
    """Aye is the caseworker; Lin marks what is sent; Bo has nothing to do with any money."""

    ledger: Ledger
    lin: Phone
    bo: Phone
    aye: Phone
    client: Phone
    transfers: list[int]

    def state(self, number: int = 0) -> str:
        """What the client has said of a transfer."""
        return self.ledger.transfers(self.client)[number]["state"]

    def open(self) -> Phone:
        """What is new, from the menu."""
        return self.client.send("/menu").tap("Something new for you")


@pytest.fixture
def house() -> House:
    ledger = Ledger(programme())
    ledger.restarts = True
    lin, bo, aye = ledger.admit("lead", "Lin"), ledger.admit("lead", "Bo"), ledger.admit("caseworker", "Aye")
    client = ledger.admit("client", caseworker=aye)
    for purpose in ("plan", "checkins"):
        ledger.agree(client, purpose)
    transfers = ledger.plan(lin, client, "2026-11-02")
    ledger.send(lin, transfers[0])
    return House(ledger, lin, bo, aye, client, transfers)


def test_that_all_of_it_came_is_one_tap(house: House) -> None:
    client = house.open()
    assert client.text.splitlines()[:2] == [
        "Payment 1 of 3: 300,000 kyat was sent on Monday 2 November.",
        "Did it reach you?",
    ]
    options = ["Part of it", "No, not yet", "Something is not right", "I'd rather not say"]
    assert client.labels == ["Yes, all of it", *options]
    client.tap("Yes, all of it")
    assert client.text.startswith("Thank you. It is noted that all of it came.\n\nThis money is yours.")
    assert "• Payment 1 of 3: 300,000 kyat, sent on Monday 2 November, all of it came" in client.text.splitlines()
    assert "Something new for you" not in client.send("/menu").labels
    assert house.state() == "received"


def test_to_say_nothing_leaves_it_as_it_is(house: House) -> None:
    house.open().tap("I'd rather not say")
    assert house.state() == "sent"
    assert "Something new for you" in house.client.send("/menu").labels


def test_of_a_part_nobody_is_told_without_a_yes(house: House) -> None:
    client = house.open().tap("Part of it").send("200,000").tap("Yes, that is right")
    assert "Somebody can look into this, if you want: Bo." in client.text
    assert "Your caseworker is not told." in client.text
    client.tap("No, tell nobody")
    assert client.text.startswith("Then nobody is told.\nYou can still tell somebody later: tap “My plan”")
    assert house.state() == "part"
    assert house.ledger.count("alerts") == 0
    assert not (house.bo.alerts or house.lin.alerts or house.aye.alerts)


def test_with_a_yes_it_goes_to_somebody_who_did_not_handle_it(house: House) -> None:
    client = house.open().tap("No, not yet").tap("Yes, tell them").send("nobody was there")
    assert client.text.startswith("I told Bo that something about your money is not right.")
    assert house.bo.alerts
    assert not (house.lin.alerts or house.aye.alerts)


def test_where_nobody_can_be_told_that_is_said_with_the_numbers(house: House) -> None:
    house.ledger.change(house.bo, blocked_at=1)
    client = house.open().tap("No, not yet")
    assert client.text.split("\n\n")[1].startswith("There is nobody here now whom I could tell of it.")
    assert "Night line: +95 1 234" in client.text
    client.tap("Close")
    assert house.ledger.count("alerts") == 0
    assert house.state() == "notyet"


def test_what_was_said_can_be_changed(house: House) -> None:
    house.open().tap("No, not yet").tap("No, tell nobody").tap("Did it come?").tap("1 of 3")
    assert "You said: not yet.\nYou can change that." in house.client.text
    house.client.tap("Yes, all of it")
    assert house.state() == "received"


def test_back_reopens_what_only_the_client_knows(house: House) -> None:
    house.open().tap("Part of it").tap("‹ Back").tap("No, not yet").tap("No, tell nobody")
    assert house.state() == "notyet"


def see(house: House, which: str) -> list[str]:
    """What is told of a transfer that was not sent."""
    house.client.send("/menu").tap("My plan").tap("Did it come?").tap(which)
    assert house.client.labels == ["What I plan", "I need a person", "Something is not right", "Back to the list"]
    return house.client.text.splitlines()


@pytest.mark.parametrize(
    ("which", "days", "is_slip"),
    [("1 of 3", 0, False), ("1 of 3", 0, True), ("2 of 3", 0, False), ("2 of 3", 31, False)],
    ids=["sent", "sent by a slip", "planned", "late"],
)
def test_that_something_is_not_right_can_be_told_wherever_it_stands(
    house: House, which: str, days: int, is_slip: bool
) -> None:
    if is_slip:
        house.ledger.do(house.lin, acts.UnmarkSent(house.transfers[0]))
    house.ledger.wait(days=days)
    client = house.client.send("/menu").tap("My plan").tap("Did it come?").tap(which)
    client.tap("Something is not right")
    assert "Somebody can look into this, if you want: " in client.text
    assert "lose nothing" in client.text
    client.tap("Yes, tell them").send("he wanted half of it")
    (alert,) = house.ledger.rows("SELECT id FROM alerts")
    told = house.ledger.look(house.bo, LookTrouble(alert["id"]))
    assert (told["what"], told["words"]) == ("wrong", "he wanted half of it")
    assert not house.aye.alerts


def test_what_they_said_stands_where_it_was_noted_as_sent_by_a_slip(house: House) -> None:
    house.open().tap("No, not yet").tap("No, tell nobody")
    house.ledger.do(house.lin, acts.UnmarkSent(house.transfers[0]))
    assert see(house, "1 of 3")[:3] == [
        "Payment 1 of 3, 300,000 kyat, is planned for Monday 2 November.",
        "It was noted as sent, and then as not sent.",
        "You said: not yet.",
    ]
    house.ledger.send(house.lin, house.transfers[0])
    assert "Did it reach you?" in house.client.text
    assert "You said" not in house.client.text, "of that one they have said nothing yet"


def test_another_amount_is_told_beside_the_first_before_and_after_it_is_sent(house: House) -> None:
    first = "It was planned as 300,000 kyat at first."
    house.ledger.do(house.lin, acts.RepriceTransfer(house.transfers[1], 250_000, "MMK"))
    assert see(house, "2 of 3")[:2] == ["Payment 2 of 3, 250,000 kyat, is planned for Wednesday 2 December.", first]
    house.ledger.send(house.lin, house.transfers[1])
    assert house.client.text.splitlines()[:2] == ["Payment 2 of 3: 250,000 kyat was sent on Monday 2 November.", first]


def test_what_staff_have_read_they_go_on_reading_and_that_is_said(house: House) -> None:
    read = "The people here have read that all of it came, and still see that."
    assert read not in house.open().text
    house.client.tap("Yes, all of it").tap("Did it come?").tap("1 of 3")
    house.client.tap("Part of it").tap("Skip").tap("No, tell nobody").tap("Did it come?").tap("1 of 3")
    assert "You said: a part of it came." in house.client.text
    assert read in house.client.text
    assert {each["state"] for each in house.ledger.transfers(house.lin)} == {"received", "planned"}


def test_who_is_not_written_to_first_finds_every_change_in_the_menu(house: House) -> None:
    client, ledger = house.ledger.admit("client", caseworker=house.aye, first=False), house.ledger
    (transfer,) = ledger.plan(house.lin, client, "2026-11-09", times=1)
    for change in (
        None,
        acts.PutOffTransfer(transfer, "2026-11-16", "bank"),
        acts.RepriceTransfer(transfer, 250_000, "MMK"),
        acts.CancelTransfer(transfer),
    ):
        ledger.wait(minutes=1)
        if change is not None:
            assert "Something new for you" not in client.send("/menu").labels
            client.tap("Close")
            assert ledger.do(house.lin, change)["outcome"] == "done"
        assert client.push is None
        client.send("/menu").tap("Something new for you")
    assert "will not be sent" in client.text


def test_who_has_left_can_still_have_somebody_told(house: House) -> None:
    client = house.client.send("/leave").tap("Leave, keep it locked").tap("Something new for you")
    client.tap("No, not yet").tap("Yes, tell them").tap("Skip")
    assert client.text.startswith("I told Bo that something about your money is not right.")
    assert house.bo.alerts
    assert "My plan" in client.send("/menu").labels


def test_what_is_late_put_off_or_cancelled_is_explained_and_is_not_their_doing(house: House) -> None:
    second, third = house.transfers[1:]
    assert see(house, "2 of 3")[0] == "Payment 2 of 3, 300,000 kyat, is planned for Wednesday 2 December."
    house.ledger.do(house.lin, acts.PutOffTransfer(second, "2026-12-09", "bank"))
    assert see(house, "2 of 3")[:3] == [
        "Payment 2 of 3, 300,000 kyat, comes later. The day planned now is Wednesday 9 December.",
        "Why: the bank or the money service is closed.",
        "You did nothing wrong, and you lose nothing by the wait.",
    ]
    house.ledger.do(house.lin, acts.RepriceTransfer(second, 330_000, "MMK"))
    assert see(house, "2 of 3")[0].startswith("Payment 2 of 3, 330,000 kyat, comes later.")
    house.ledger.wait(days=40)
    assert see(house, "2 of 3")[0].endswith("was planned for Wednesday 9 December. It is not noted as sent yet.")
    house.ledger.do(house.lin, acts.CancelTransfer(third))
    assert see(house, "3 of 3")[:2] == [
        "Payment 3 of 3, 300,000 kyat, will not be sent.",
        "You did nothing wrong. You lose nothing else by this.",
    ]


def test_a_screen_changes_when_it_was_sent_meanwhile(house: House) -> None:
    see(house, "2 of 3")
    house.ledger.send(house.lin, house.transfers[1])
    assert "Did it reach you?" in house.client.text


def test_an_old_button_says_kindly_that_it_changed(house: House) -> None:
    house.open()
    house.ledger.restarts = False
    house.ledger.connection.execute("UPDATE transfers SET state = 'cancelled'")
    house.client.tap("Yes, all of it")
    assert "will not be sent" in house.client.text or "changed in the meantime" in house.client.text
    assert house.state() == "cancelled"


# --- some days later ---------------------------------------------------------------------------------------------


def begin(house: House) -> Phone:
    """The first of the questions after a transfer."""
    house.open().tap("Yes, all of it")
    house.ledger.wait(days=4)
    house.ledger.sweep()
    return house.client.send("/menu").tap("Some questions for you").tap("Start")


@pytest.mark.parametrize("came", [("Yes, all of it",), ("Part of it", "Skip", "No, tell nobody")])
def test_questions_that_are_opened_before_it_came_wait_for_that(house: House, came: tuple[str, ...]) -> None:
    house.ledger.wait(days=4)
    house.ledger.sweep()
    client = house.client.tap("Open")
    assert "Did it reach you?" in client.text
    client.tap("No, not yet").tap("No, tell nobody")
    assert client.text.split("\n\n")[1].startswith("This money is yours.")
    client.send("/menu").tap("Some questions for you")
    for label in came:
        client.tap(label)
    assert "A few questions about the money that came." in client.text
    client.tap("Start")
    assert client.text.endswith("1 of 7")


def answer(client: Phone, *labels: str) -> Phone:
    """Answer with these, in order; "" for a Skip."""
    for label in labels:
        said = [button for button in client.living.buttons if button.label.removeprefix("☐ ") == (label or "Skip")]
        client.press(said[0].data, client.living.id)
        if label in ("Nothing was hard", "Someone stopped me"):
            client.tap("Done")
    return client


def test_every_question_can_be_skipped_and_says_where_it_stands(house: House) -> None:
    client = begin(house)
    for number in range(1, 8):
        assert client.text.endswith(f"{number} of 7")
        client.tap("Skip")
    assert client.text.startswith("Thank you for your time. Whatever you answered, you lose nothing.")
    assert "Your caseworker does not see them." in client.text
    rows = house.ledger.rows("SELECT item, status FROM responses WHERE instrument = 'transfer'")
    assert {tuple(row) for row in rows} == {(each.code, "skipped") for each in TRANSFER.part("after")}


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        (("Asked for a share", "Someone stopped me", "", "", "", ""), "share"),
        (("Someone took a part", "", "No", "", "", ""), "took"),
        (("There was a fee", "", "", "", "", ""), "fee"),
        (("There was a fee", "Someone stopped me", "", "", "", ""), "trouble"),
        (("No", "Nothing was hard", "No", "", "", ""), "trouble"),
        (("No", "Nothing was hard", "Not always", "I did", "Yes", ""), ""),
    ],
)
def test_where_anything_was_wrong_somebody_safe_can_be_told(house: House, answers: tuple[str, ...], what: str) -> None:
    client = answer(begin(house), *answers).send("I sleep well")
    assert ("Somebody can look into this, if you want: Bo." in client.text) is bool(what)
    assert [line["text"] for line in house.ledger.lines(client, "outcomes")] == ["I sleep well"]
    assert house.ledger.count("alerts") == 0
    if what:
        client.tap("Yes, tell them").tap("Skip")
        assert "I told Bo" in client.text
        (alert,) = house.ledger.rows("SELECT id FROM alerts")
        assert house.ledger.look(house.bo, LookTrouble(alert["id"]))["what"] == what
        assert house.bo.alerts
        assert not (house.lin.alerts or house.aye.alerts)


def test_it_takes_two_minutes_at_most() -> None:
    """By DOMAIN D4's seconds for each kind of screen, on the longest way: with the offer, a yes and words."""
    seconds: int = 0
    log = Log()
    script = partial(after, 7, 8)
    rest = advance(script, log, None, answer_step)
    while rest.ask is not None:
        seconds += seconds_for(rest.ask)
        rest = advance(script, log, Given(rest.address, longest(rest.ask)), answer_step)
    assert 60 < seconds <= LIMIT


def seconds_for(ask: Ask) -> int:
    """What a screen takes."""
    if ask.key in ("start", "tell"):
        return SECONDS["first screen"]
    if isinstance(ask.kind, OwnWords):
        return SECONDS["close"]
    return SECONDS["list"] if isinstance(ask.kind, Several) else SECONDS["item"]


def longest(ask: Ask) -> Json:
    """An answer that leads on to more."""
    assert not isinstance(ask.kind, Amount | Jotting)
    codes = [option.code for option in getattr(ask.kind, "options", ())]
    value: Any = {"fee": "asked", "start": "start", "tell": "yes"}.get(ask.key)
    if value is None:
        value = {"text": "words"} if isinstance(ask.kind, OwnWords) else codes[0]
    return {"status": "answered", "value": [value] if isinstance(ask.kind, Several) else value}


def answer_step(step: Look | Do, number: int) -> Json:
    """What is found, and what comes back."""
    world: dict[str, Json] = {
        "around": AROUND,
        "contact": Contact(hours="", days=0, first=True, less=False, stage=None),
        "own": NO_MONEY,
        "safe": [["Bo"], ["Su"]],
        "told": {"alert": 1, "told": ["Bo"]},
    }
    return world.get(step.key)
