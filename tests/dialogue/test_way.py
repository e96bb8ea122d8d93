"""What a client gets back: their own way, if they ask to see it."""

from __future__ import annotations

from typing import Any

import pytest

from bot import checkins, looks
from bot.turn import Scene
from conversations.looks import LookWay
from tests.dialogue.checking import check_in, come_to_statements, turn_of
from tests.player import Phone, Stage


def see_way(client: Phone) -> list[str]:
    """What one's own way says, part by part."""
    client.send("/menu").tap("⋯").tap("My own way")
    return [line.partition(": ")[2] for line in client.text.splitlines() if line.startswith("•")]


def test_there_is_nothing_to_see_before_anything_was_answered(client: Phone) -> None:
    assert see_way(client) == []
    assert client.text.splitlines() == [
        "Here you can see your own way, once you have answered the short statements.",
        "It is only for you: no marks, and nobody else beside it.",
    ]
    assert client.labels == ["Answer some questions now", "Close"]


def test_ones_own_way_is_told_in_words_without_a_figure_or_a_total(stage: Stage, client: Phone) -> None:
    check_in(client, "●●○○")
    assert see_way(client) == ["only one so far"] * 4
    stage.wait(days=30)
    moved = {"open": "●●●○", "growing": "●●●○", "days": "●●●○", "counts": "●●○○", "calm": "○○○○", "rest": "●●○○"}
    check_in(client.tap("Open"), moved)
    assert see_way(client) == ["more than last time", "steady", "less than last time", "left out this time"]
    assert client.text.splitlines()[0] == "Your own way, from what you answered up to Wednesday 2 December:"
    assert not any(figure.isdigit() for figure in "".join(client.text.splitlines()[1:]))
    assert client.labels == ["See it as a picture", "Answer some questions now", "Close"]


def test_the_picture_stands_below_and_goes_with_its_screen(stage: Stage, client: Phone) -> None:
    check_in(client, "●●○○")
    see_way(client)
    client.tap("See it as a picture")
    assert client.text.startswith("The picture is below.")
    assert len(client.standing("picture")) == 1
    client.tap("Close")
    assert not client.standing("picture")


def test_another_version_of_the_instrument_is_not_put_beside_this_one(stage: Stage, client: Phone) -> None:
    check_in(client, "○○○○")
    stage.connection.execute("UPDATE responses SET version = 2")
    assert see_way(client) == []
    assert come_to_statements(client).text.startswith("Now 12 short statements")


@pytest.mark.parametrize(
    ("sittings", "said"),
    [
        ([], "none"),
        ([{"open": 2}], "first"),
        ([{"open": 2}, {}], "none"),
        ([{"open": 2}, {"open": 1}], "same"),
        ([{"open": 2}, {"open": 0}], "less"),
        ([{"open": 2}, {"open": 4}], "more"),
        ([{"open": 2, "growing": 2}, {"open": 1, "growing": 3}], "same"),
        ([{"open": 2, "growing": 2}, {"open": 3, "growing": 3}], "more"),
        ([{"open": 4}, {"growing": 0}], "first"),
        ([{"open": 4, "growing": 4}, {"open": 4}], "same"),
        ([{"open": 0}, {"open": 4}, {"open": 4}], "same"),
        ([{"open": 0}, {}, {"open": 4}], "more"),
        ([{"open": 4, "ease": 4}, {"open": 4, "growing": 0}], "same"),
        ([{"ease": 4}], "none"),
    ],
)
def test_only_statements_answered_both_times_are_compared_and_one_step_says_nothing(
    sittings: list[dict[str, int]], said: str
) -> None:
    assert checkins.compare(sittings) == said


def test_where_an_axis_stands_is_the_mean_of_what_was_answered(stage: Stage, client: Phone) -> None:
    check_in(client, {"open": "●○○○", "growing": "●●●●", "ease": "●●●●", "calm": "●●○○", "know": "●●●●"})
    way: Any = looks.read(LookWay(), turn_of(stage), Scene(stage.person(client)))
    assert way["axes"] == {"1": [3.0], "2": [None], "3": [2.0], "4": [None]}
