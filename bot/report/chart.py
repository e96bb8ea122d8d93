"""The report as one drawing: an SVG of horizontal bars, for the page, and a picture of it for a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from bot.report import wording
from bot.report.canvas import EDGE, INK, SOFT, TEAL, TRACK, WIDTH, Canvas
from bot.report.figures import Figure, Line, Report
from bot.report.raster import rasterise
from conversations.text import Words
from translations.clusters import shorten

GROUPS: Final = ("#99452c", "#574270", "#8a6a1f", "#3c6e9e", "#7a7f3a", "#9a5a80")

LABEL, BAR, FULL, VALUE = 82, 404, 240, 696
"""Where things stand from the left: label, bar; how long a bar of 100 percent is; where the figure ends."""
ROW, PART = 37, 24
LONGEST: Final = 34
TOP: Final = 10
"""Needs in a drawing by groups: as many as in figure 2 of paper 001."""


def draw_png(report: Report, language: str) -> bytes:
    """The drawing as a PNG, 1600 pixels wide, which Telegram shows undiminished. Takes a second; safe in a thread."""
    return rasterise(draw_svg(report, language))


def draw_svg(report: Report, language: str) -> str:
    """The drawing as an SVG document, 800 units wide."""
    return Drawing(report, language).finish()


class Drawing(Canvas):
    """A report from top to bottom."""

    def __init__(self, report: Report, language: str) -> None:
        super().__init__(language, 58.0)
        self._report = report
        self._head()
        if report.clients is not None:
            needs = [line for line in report.needs if not report.groups or 0 < line.place <= TOP]
            title = wording.NEEDS_TITLE if len(needs) == len(report.needs) else wording.first_needs(TOP)
            self._table(title, needs, wording.need)
            self._table(wording.CATEGORIES_TITLE, report.categories, wording.category)
            self._foot()

    # --- the parts of the page --------------------------------------------------------------------------------

    def _head(self) -> None:
        self.text(EDGE, wording.TITLE, 34, weight=700)
        self.y += 36
        way = wording.way(self._report)
        named = [self._report.organisation, *([self.word(way)] if way else [])]
        self.text(EDGE, " · ".join(named), 19, SOFT)
        self.y += 36
        self.lines(wording.facts(self._report), 18, 27, INK)

    def _table(self, title: Words, lines: Iterable[Line], label: Callable[[str], Words]) -> None:
        self.y += 24
        self.text(EDGE, title, 20, weight=700)
        self.y += 13
        self.rule()
        for line in lines:
            self.y += ROW
            self.text(LABEL - 10, wording.place(line), 16, SOFT, anchor="end")
            self.text(LABEL, shorten(self.word(label(line.code)), LONGEST), 19)
            self._line(line)
        self.y += 26

    def _line(self, line: Line) -> None:
        top = self.y - 17
        if line.figure is None:
            self.rect(BAR, top, 46, 22, "url(#hidden)", 3)
            self.text(BAR + 58, wording.NOT_SHOWN, 16, SOFT)
            return
        self.rect(BAR, top, FULL, 22, TRACK, 3)
        self.rect(BAR, top, FULL * line.figure.yes / line.figure.clients, 22, TEAL, 3)
        self._value(line.figure, 19, 700)
        if wording.is_older(self._report, line):
            self.y += 16
            self.text(WIDTH - EDGE, wording.day(self._report, line.at), 13, SOFT, anchor="end")
        for figure in line.groups:
            self._group(figure)
        self.y += 8 if line.groups else 0

    def _group(self, figure: Figure) -> None:
        self.y += PART
        name = shorten(self.word(wording.group(self._report, figure.group or "")), LONGEST)
        self.text(BAR - 12, f"{name} ({figure.clients})", 15, SOFT, anchor="end")
        self.rect(BAR, self.y - 13, FULL, 13, TRACK, 2)
        length = FULL * figure.yes / figure.clients
        self.rect(BAR, self.y - 13, length, 13, self._color(figure.group or ""), 2)
        self._value(figure, 15, 400)

    def _value(self, figure: Figure, size: int, weight: int) -> None:
        self.text(VALUE, str(figure.yes), size, weight=weight, anchor="end")
        self.text(WIDTH - EDGE, f"{figure.percent} %", size, SOFT, anchor="end")

    def _foot(self) -> None:
        self.y += 14
        self.lines(wording.notes(self._report), 15, 22, SOFT)

    def _color(self, name: str) -> str:
        return GROUPS[self._report.groups.index(name) % len(GROUPS)]
