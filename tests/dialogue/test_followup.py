"""How it is now with what was put first, and whether that was of any help."""

from __future__ import annotations

import pytest

from bot import looks
from bot.turn import Scene
from conversations.looks import LookDueNeeds
from tests.dialogue.checking import ask, askings, begin, kept, put_first, say_factors, turn_of
from tests.dialogue.stories import begin_rating, rate
from tests.player import Phone, Stage


def due(stage: Stage, client: Phone) -> list[str]:
    """The needs that a check-in would follow up now."""
    return [first["item"] for first in looks.read(LookDueNeeds(), turn_of(stage), Scene(stage.person(client)))]


def test_after_two_weeks_it_is_asked_how_it_is_now_in_the_clients_own_words(stage: Stage, client: Phone) -> None:
    put_first(client, {"housing": "a room near work", "debt": ""})
    stage.wait(days=13.9)
    assert due(stage, client) == []
    stage.wait(days=0.1)
    say_factors(begin(client))
    assert client.text == "Paying back debts\nYou put this first. How is it now?\n1 of 2"
    assert client.labels[:5] == ["Solved for me", "Getting better", "The same", "Harder", "No longer important"]
    client.tap("Harder")
    assert client.text.splitlines()[1] == "Did we help with this?"
    client.tap("Partly")
    assert client.text.splitlines() == [
        "A place to stay",
        "“a room near work”",
        "You put this first. How is it now?",
        "2 of 2",
    ]
    client.tap("No longer important")
    assert "short statements" in client.text, "nobody asks whether they helped with that"
    assert kept(stage, client, "followup") == {
        "debt.now": ("answered", 3),
        "debt.helped": ("answered", 1),
        "housing.now": ("answered", 4),
        "housing.helped": ("not_asked", None),
    }


def test_at_most_three_at_a_time_those_asked_about_longest_ago_first_and_not_again_for_four_weeks(
    stage: Stage, client: Phone
) -> None:
    put_first(client, dict.fromkeys(("employment", "debt", "food", "housing"), ""))
    stage.wait(days=14)
    first_three = due(stage, client)
    assert len(first_three) == 3
    client = say_factors(begin(client))
    for _need in range(3):
        client.tap("The same").tap("No")
    client.tap("Stop for now")
    [fourth] = due(stage, client)
    assert fourth not in first_three
    stage.wait(days=27.9)
    assert due(stage, client) == [fourth]
    stage.wait(days=0.1)
    assert due(stage, client) == [fourth, *first_three[:2]]


@pytest.mark.parametrize("answer", ["Solved for me", "No longer important"])
def test_what_is_over_is_not_asked_about_until_it_is_put_first_anew(stage: Stage, client: Phone, answer: str) -> None:
    put_first(client, {"debt": ""})
    stage.wait(days=14)
    say_factors(begin(client)).tap(answer).tap("Stop for now")
    stage.wait(days=60)
    assert due(stage, client) == []
    put_first(client, {"debt": ""})
    assert due(stage, client) == []
    stage.wait(days=14)
    assert due(stage, client) == ["debt"]


def test_what_is_not_first_any_more_is_not_asked_about(stage: Stage, client: Phone) -> None:
    put_first(client, {"debt": "", "housing": ""})
    stage.wait(days=14)
    rate(begin_rating(client.send("/menu")), {"debt": ""}, rest="3")
    client.send("/menu")
    assert due(stage, client) == ["debt"], "to say so again later does not begin the two weeks anew"


def test_a_skip_is_not_asked_again_for_four_weeks_either(stage: Stage, client: Phone) -> None:
    put_first(client, {"debt": ""})
    stage.wait(days=14)
    say_factors(begin(client)).tap("Skip")
    assert "short statements" in client.text
    assert kept(stage, client, "followup")["debt.now"] == ("skipped", None)
    assert due(stage, client) == []


def test_a_round_can_ask_only_how_things_put_first_are_now(stage: Stage, client: Phone) -> None:
    put_first(client, {"debt": ""}).tap("Close")
    stage.wait(days=14)
    ask(stage, "followup")
    client.tap("Open")
    assert client.text.startswith("You put something first a while ago. How is it now?")
    client.tap("Start").tap("Solved for me").tap("Yes")
    assert client.text.startswith("Thank you for your time. Whatever you answered, you lose nothing.")
    assert askings(stage) == ["answered"]


def test_where_nothing_is_due_nobody_is_written_to(stage: Stage, client: Phone) -> None:
    put_first(client, {"debt": ""}).tap("Close")
    stage.wait(days=13)
    ask(stage, "followup")
    assert askings(stage) == ["unsent"]
    assert client.standing("ask") == []


def test_where_nothing_is_due_any_more_the_follow_up_says_so_and_is_done(stage: Stage, client: Phone) -> None:
    put_first(client, {"debt": ""}).tap("Close")
    stage.wait(days=14)
    ask(stage, "followup")
    say_factors(begin(client)).tap("Skip")
    client.tap("Open")
    assert client.text.startswith("There is nothing to ask you about now.")
    assert askings(stage) == ["answered"]
