"""What a caseworker looks at stays true while alerts come and go."""

from __future__ import annotations

from tests.dialogue.stories import begin_rating, enrol, join, rate, wish
from tests.player import Phone, Stage


def send_wish(client: Phone) -> Phone:
    """A wish for contact today about a place to stay."""
    rate(begin_rating(client), {"housing": ""})
    wish(client.tap("Yes, go on"), {"housing": "Today"})
    return client.tap("Here in this chat").tap("Any time").tap("Yes, send it")


def test_the_desk_counts_an_alert_that_comes_while_it_is_open(stage: Stage) -> None:
    caseworker = join(stage)
    assert caseworker.text == "No alert is open."
    send_wish(enrol(stage))
    assert caseworker.text == "1 alert is open."
    assert any("today" in label for label in caseworker.labels)


def test_open_details_no_longer_offer_what_a_colleague_has_taken(stage: Stage) -> None:
    first, second = join(stage, name="Aye"), join(stage, name="Mya")
    client = enrol(stage)
    send_wish(client)
    stage.wait(hours=26)  # nobody has seen it in time: the team is told as well
    told = [phone for phone in (first, second) if phone.alerts]
    assert len(told) == 2
    for phone in told:
        phone.tap("Show details", on=phone.alerts[-1])
        assert "I'll take it" in phone.labels
    told[0].tap("I'll take it")
    assert "I'll take it" not in told[1].labels
