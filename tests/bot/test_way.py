"""A client's own way as a picture: calm, without a figure, and the same after one point as after twelve."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from bot.checkins import Steps, course
from bot.files import DRAWERS
from bot.report.raster import font_files
from bot.turn import Turn
from bot.way import AXES, STEPS, Seen, draw_svg, make
from conversations.looks import Way
from storage.store import Store
from tests.dialogue.checking import check_in, come_in
from tests.dialogue.stories import join
from tests.player import Phone, Stage
from tests.report.test_drawing import SIGNATURE, size_of
from translations.catalogs import load
from translations.languages import LANGUAGES

MONTH = 30 * 86_400
BEGAN = int(datetime(2026, 2, 3, 3, 0, tzinfo=UTC).timestamp())
COLOR = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})")


def seen(*values: float | None, language: str = "en") -> Seen:
    """The first axis went so, the others stood in the middle."""
    at = [BEGAN + MONTH * number for number in range(len(values))]
    axes: dict[str, list[float | None]] = {axis: [2.0] * len(values) for axis in AXES}
    return Seen(Way(at=at, axes={**axes, "1": [*values]}, said={}), language, "Asia/Yangon")


def dots(drawn: str) -> list[tuple[float, float]]:
    """Where the points of the first axis are, from the left and from the top."""
    first = drawn[: drawn.index(f">{AXES['2'].wordings['en']}<")]
    return [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', first)]


def words(drawn: str) -> list[str]:
    return re.findall(r">([^<]+)</text>", drawn)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("times", [1, 2, 12])
def test_it_is_a_picture_that_fits_a_phone(language: str, times: int) -> None:
    load(language)
    file = make(seen(*[number % 5 for number in range(times)], language=language))
    width, height = size_of(file.content)
    assert file.content.startswith(SIGNATURE)
    assert width < height * 1.2 < 2 * width
    assert len(file.content) < 500_000


def test_it_names_axes_ends_and_days_and_no_figure() -> None:
    said = words(draw_svg(seen(0, 2, 4)))
    axes = [label.wordings["en"] for label in AXES.values()]
    assert [each for each in said if each in axes] == axes
    assert said.count("Fully") == said.count("Not at all") == 4
    assert [each for each in said if each not in (*axes, "Fully", "Not at all")] == [
        *("My own way", "Tuesday 3 February", "Saturday 4 April")
    ]


def test_days_are_worded_in_the_clients_language() -> None:
    load("my")
    said = words(draw_svg(seen(0, 4, language="my")))
    assert {label.wordings["my"] for label in (*AXES.values(), STEPS[0].label, STEPS[-1].label)} <= set(said)
    assert sum("ဖေဖော်ဝါရီ" in each for each in said) == 1
    held = set[int]().union(*(TTFont(file).getBestCmap() for file in font_files()))
    assert not {sign for sign in "".join(said) if sign.isprintable() and ord(sign) not in held}


def test_further_up_is_more_and_further_right_is_later() -> None:
    found = dots(draw_svg(seen(0, 1, 2, 3, 4)))
    assert len(found) == 5
    assert all(one[0] < two[0] and one[1] > two[1] for one, two in pairwise(found))
    steps = [one[1] - two[1] for one, two in pairwise(found)]
    assert steps == pytest.approx([steps[0]] * 4, abs=0.2)


def test_a_time_that_was_left_out_breaks_the_line() -> None:
    whole, broken = draw_svg(seen(1, 2, 3)), draw_svg(seen(1, None, 3))
    assert len(dots(broken)) == len(dots(whole)) - 1
    assert dots(broken) == [dots(whole)[0], dots(whole)[2]]
    assert whole.count("L") - broken.count("L") == 2, "nothing is drawn from the one to the other"
    assert dots(draw_svg(seen(None, None, None))) == []


def test_nothing_is_red_or_green() -> None:
    for colors in COLOR.findall(draw_svg(seen(0, 4, 0))):
        red, green, blue = (int(color, 16) for color in colors)
        assert red < 200 or abs(red - green) < 40, "no red"
        assert green < red + 80 or blue > green - 20, "no green"


def test_one_step_of_noise_does_not_move_the_line() -> None:
    def levels(*sittings: Steps) -> list[float | None]:
        return list(course(sittings))

    assert levels({"open": 2, "growing": 2}, {"open": 1, "growing": 2}) == [2, 2]
    assert levels({"open": 2}, {"open": 1}, {"open": 0}) == [2, 2, 0]
    assert levels({"open": 2, "growing": 2}, {"open": 1, "growing": 1}) == [2, 1]
    assert levels({"open": 2}, {}, {"open": 1}, {"growing": 4}) == [2, None, 2, 4]
    assert levels({"ease": 2}, {"open": 3}) == [None, 3]


# --- in the chat ----------------------------------------------------------------------------------------------


@pytest.fixture
def stage() -> Stage:
    return Stage(restarts=False)


@pytest.fixture
def client(stage: Stage) -> Phone:
    """A client who agreed to everything, an hour later."""
    join(stage, name="Aye")
    return come_in(stage)


def drawn_for(stage: Stage, client: Phone) -> Seen | None:
    """What is drawn when the picture in this chat is sent."""
    (message,) = client.standing("picture")
    assert message.file is not None
    assert message.file == {"kind": "photo", "draw": "way"}, "the row holds no answer"
    turn = Turn(Store(stage.connection, stage.keyring, stage.now), stage.programme, {})
    found: Seen | None = DRAWERS["way"].read(turn, stage.person(client), message.file)
    return found


def test_it_is_drawn_from_what_there_is_when_it_is_sent(stage: Stage, client: Phone) -> None:
    check_in(client, "●●●○")
    client.send("/menu").tap("⋯").tap("My own way").tap("See it as a picture")
    found = drawn_for(stage, client)
    assert found is not None
    assert found.way["axes"] == {axis: [3.0] for axis in AXES}
    stage.connection.execute("DELETE FROM responses")
    assert drawn_for(stage, client) is None
