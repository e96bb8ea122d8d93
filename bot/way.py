"""A client's own way along the four axes as a small picture: four lines over time, without a figure or a sum.

What is drawn is read when it is sent, and stands in no row meanwhile. A line begins anew after a time that was left
out, since nobody knows what was in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from bot import looks
from bot.picture import SLOT
from bot.report.canvas import EDGE, INK, RULE, SOFT, TEAL, WIDTH, Canvas
from bot.report.raster import rasterise
from bot.screens import caption
from bot.telegram import File
from bot.turn import Scene, Turn, slot_of
from conversations.instruments import CHECKIN
from conversations.looks import LookWay, Way, moment
from conversations.text import _
from storage.people import Person
from translations.moments import phrase

STEPS: Final = CHECKIN.part("core")[0].answers
AXES: Final = {answer.code: answer.label for answer in CHECKIN.question("helped_touched").answers}

LEFT, RIGHT = 270, WIDTH - EDGE - 24
"""Between which the lines run."""
TALL: Final = 108
"""From the lowest step of an axis to the highest."""


class Seen(NamedTuple):
    """What is drawn, in which language, and where its days are counted."""

    way: Way
    language: str
    zone: str


def show(turn: Turn, person: Person) -> bool:
    """Put the picture under the client's screen; whether there is anything to draw."""
    if read(turn, person, {}) is None:
        return False
    turn.show_file(person, slot_of(person.id, SLOT), {"kind": "photo", "draw": "way"}, caption("·", []))
    return True


def read(turn: Turn, person: Person, _wanted: Mapping[str, Any]) -> Seen | None:
    """Their way as it is now; None where they have answered no statement."""
    way: Way = looks.read(LookWay(), turn, Scene(person))
    return Seen(way, turn.language_of(person), turn.programme.time_zone) if way["at"] else None


def make(seen: Seen) -> File:
    """The picture."""
    return File("photo", "way.png", rasterise(draw_svg(seen)), "image/png")


def draw_svg(seen: Seen) -> str:
    """The drawing as an SVG document, 800 units wide."""
    return Drawing(seen).finish()


class Drawing(Canvas):
    """Four axes, one below the other, and the days under the last."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(seen.language, 62.0)
        times = len(seen.way["at"])
        self._places = [LEFT + (RIGHT - LEFT) * (number + 0.5) / times for number in range(times)]
        self.text(EDGE, _("My own way"), 32, weight=700)
        self.y += 16
        for axis, label in AXES.items():
            self.y += 40
            self.text(EDGE, label, 24, weight=700)
            self._axis(seen.way["axes"].get(axis, []))
        self._days(seen)
        self.y += 26

    def _axis(self, values: Sequence[float | None]) -> None:
        low = self.y + 30 + TALL
        for step, label in ((len(STEPS) - 1, STEPS[-1].label), (0, STEPS[0].label)):
            self.y = low - TALL * step / (len(STEPS) - 1)
            self.path(f"M{LEFT} {self.y:.0f}H{RIGHT}", RULE, 1.5)
            self.y += 7
            self.text(EDGE, label, 20, SOFT)
        for stretch in _stretches(values):
            points = [(self._places[number], low - TALL * value / (len(STEPS) - 1)) for number, value in stretch]
            self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), TEAL, 4)
            for x, y in points:
                self.dot(x, y, 8, TEAL)
        self.y = low + 16

    def _days(self, seen: Seen) -> None:
        """The first and the last day, each under its dot."""
        self.y += 22
        first, last = (phrase(moment(seen.way["at"][end], seen.zone, "day"), seen.language) for end in (0, -1))
        if len(self._places) == 1:
            self.text(self._places[0], first, 20, INK, anchor="middle")
            return
        self.text(LEFT, first, 20, INK)
        self.y += 28
        self.text(RIGHT, last, 20, INK, anchor="end")


def _stretches(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Times in a row at which there was an answer, each with its place in the whole."""
    stretch: list[tuple[int, float]] = []
    for number, value in enumerate([*values, None]):
        if value is not None:
            stretch.append((number, value))
        elif stretch:
            yield stretch
            stretch = []
