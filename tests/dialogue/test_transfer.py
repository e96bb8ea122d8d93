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
from conversations.looks import Contact, OwnMoney
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
        "Your 1 of 3: 300,000 kyat was sent on Monday 2 November.",
        "Did it reach you?",
    ]
    assert client.labels == ["Yes, all of it", "Part of it", "Not yet", "I'd rather not say"]
    client.tap("Yes, all of it")
    assert client.text.startswith("Thank you. It is noted that all of it came.\n\nThis money is yours.")
    assert "• 1 of 3: 300,000 kyat, sent on Monday 2 November, all of it came" in client.text.splitlines()
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
    assert client.text.startswith("Then nobody is told. You can do this later here")
    assert house.state() == "part"
    assert house.ledger.count("alerts") == 0
    assert not (house.bo.alerts or house.lin.alerts or house.aye.alerts)


def test_with_a_yes_it_goes_to_somebody_who_did_not_handle_it(house: House) -> None:
    client = house.open().tap("Not yet").tap("Yes, tell them").send("nobody was there")
    assert client.text.startswith("I told Bo that something about your money is not right.")
    assert house.bo.alerts
    assert not (house.lin.alerts or house.aye.alerts)


def test_where_nobody_can_be_told_that_is_said_with_the_numbers(house: House) -> None:
    house.ledger.change(house.bo, blocked_at=1)
    client = house.open().tap("Not yet")
    assert client.text.split("\n\n")[1].startswith("Here I can reach nobody now who had nothing to do with this money.")
    assert "Night line: +95 1 234" in client.text
    client.tap("Close")
    assert house.ledger.count("alerts") == 0
    assert house.state() == "notyet"


def test_what_was_said_can_be_changed(house: House) -> None:
    house.open().tap("Not yet").tap("No, tell nobody").tap("Did it come?").tap("1 of 3")
    assert "You said: not yet.\nYou can change that." in house.client.text
    house.client.tap("Yes, all of it")
    assert house.state() == "received"


def test_back_reopens_what_only_the_client_knows(house: House) -> None:
    house.open().tap("Part of it").tap("‹ Back").tap("Not yet").tap("No, tell nobody")
    assert house.state() == "notyet"


def see(house: House, which: str) -> list[str]:
    """What is told of a transfer that was not sent."""
    house.client.send("/menu").tap("My plan").tap("Did it come?").tap(which)
    assert house.client.labels == ["My plan", "I need a person", "Back to the list"]
    return house.client.text.splitlines()


def test_what_is_late_put_off_or_cancelled_is_explained_and_is_not_their_doing(house: House) -> None:
    second, third = house.transfers[1:]
    assert see(house, "2 of 3")[0] == "Your 2 of 3, 300,000 kyat, is planned for Wednesday 2 December."
    house.ledger.do(house.lin, acts.PutOffTransfer(second, "2026-12-09", "bank"))
    assert see(house, "2 of 3")[:3] == [
        "Your 2 of 3, 300,000 kyat, comes later. The day planned now is Wednesday 9 December.",
        "Why: the bank or the money service is closed.",
        "You did nothing wrong, and you lose nothing by the wait.",
    ]
    house.ledger.do(house.lin, acts.RepriceTransfer(second, 330_000, "MMK"))
    assert see(house, "2 of 3")[0].startswith("Your 2 of 3, 330,000 kyat, comes later.")
    house.ledger.wait(days=40)
    assert see(house, "2 of 3")[0].endswith("was planned for Wednesday 9 December. It is not noted as sent yet.")
    house.ledger.do(house.lin, acts.CancelTransfer(third))
    assert see(house, "3 of 3")[:2] == [
        "Your 3 of 3, 300,000 kyat, will not be sent.",
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
    ("answers", "is_wrong"),
    [
        (("Asked for a share", "", "", "", "", ""), True),
        (("There was a fee", "", "", "", "", ""), True),
        (("No", "Someone stopped me", "", "", "", ""), True),
        (("No", "Nothing was hard", "No", "", "", ""), True),
        (("No", "Nothing was hard", "Not always", "I did", "Yes", ""), False),
    ],
)
def test_where_anything_was_wrong_somebody_safe_can_be_told(
    house: House, answers: tuple[str, ...], is_wrong: bool
) -> None:
    client = answer(begin(house), *answers).send("I sleep well")
    assert ("Somebody can look into this, if you want: Bo." in client.text) is is_wrong
    assert [line["text"] for line in house.ledger.lines(client, "outcomes")] == ["I sleep well"]
    assert house.ledger.count("alerts") == 0
    if is_wrong:
        client.tap("Yes, tell them").tap("Skip")
        assert "I told Bo" in client.text
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
    own = OwnMoney(
        transfers=[],
        plan=[],
        spent=[],
        outcomes=[],
        taken={},
        shares=[],
        native=False,
        currency="MMK",
        currencies=["MMK"],
    )
    world: dict[str, Json] = {
        "around": AROUND,
        "contact": Contact(hours="", days=0, first=True, less=False, stage=None),
        "own": own,
        "safe": ["Bo"],
        "told": {"alert": 1, "told": ["Bo"]},
    }
    return world.get(step.key)
