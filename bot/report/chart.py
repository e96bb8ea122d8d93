"""The report as one drawing: an SVG of horizontal bars, for the page, and a picture of it for a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Final

from bot.report import wording
from bot.report.figures import Figure, Line, Report
from bot.report.raster import FAMILIES, rasterise
from conversations.text import Words
from translations.clusters import shorten, split
from translations.wording import word

PAPER, INK, SOFT, RULE = "#f6f0e6", "#2b2622", "#5c534a", "#ddd0bd"
TRACK, TEAL = "#ebe2d3", "#1d5a55"
GROUPS: Final = ("#99452c", "#574270", "#8a6a1f", "#3c6e9e", "#7a7f3a", "#9a5a80")

NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'
WIDTH: Final = 800

EDGE, LABEL, BAR, FULL, VALUE = 40, 82, 404, 240, 696
"""Where things stand from the left: page, label, bar; how long a bar of 100 percent is; where the figure ends."""
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


class Drawing:
    """Draws from top to bottom; `y` is how far it has come."""

    def __init__(self, report: Report, language: str) -> None:
        self._report, self._language = report, language
        self._parts: list[str] = []
        self._y = 58.0
        self._head()
        if report.clients is not None:
            needs = [line for line in report.needs if not report.groups or 0 < line.place <= TOP]
            title = wording.NEEDS_TITLE if len(needs) == len(report.needs) else wording.first_needs(TOP)
            self._table(title, needs, wording.need)
            self._table(wording.CATEGORIES_TITLE, report.categories, wording.category)
            self._foot()

    def finish(self) -> str:
        """The document."""
        height = round(self._y + 14)
        families = ", ".join(f"'{family}'" for family in FAMILIES)
        return (
            f'<svg{NAMESPACE} viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            f' font-family="{families}, sans-serif" fill="{INK}">'
            f'<defs><pattern id="hidden" width="7" height="7" patternUnits="userSpaceOnUse"'
            f' patternTransform="rotate(45)"><rect width="7" height="7" fill="{PAPER}"/>'
            f'<rect width="2.4" height="7" fill="#b9aa94"/></pattern></defs>'
            f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>{"".join(self._parts)}</svg>'
        )

    # --- the parts of the page --------------------------------------------------------------------------------

    def _head(self) -> None:
        self._text(EDGE, wording.TITLE, 34, weight=700)
        self._y += 36
        way = wording.way(self._report)
        named = [self._report.organisation, *([self._word(way)] if way else [])]
        self._text(EDGE, " · ".join(named), 19, SOFT)
        self._y += 36
        self._lines(wording.facts(self._report), 18, 27, INK)

    def _table(self, title: Words, lines: Iterable[Line], label: Callable[[str], Words]) -> None:
        self._y += 24
        self._text(EDGE, title, 20, weight=700)
        self._y += 13
        self._parts.append(f'<path d="M{EDGE} {self._y}H{WIDTH - EDGE}" stroke="{RULE}" stroke-width="1.5"/>')
        for line in lines:
            self._y += ROW
            self._text(LABEL - 10, wording.place(line), 16, SOFT, anchor="end")
            self._text(LABEL, shorten(self._word(label(line.code)), LONGEST), 19)
            self._line(line)
        self._y += 26

    def _line(self, line: Line) -> None:
        top = self._y - 17
        if line.figure is None:
            self._rect(BAR, top, 46, 22, "url(#hidden)", 3)
            self._text(BAR + 58, wording.NOT_SHOWN, 16, SOFT)
            return
        self._rect(BAR, top, FULL, 22, TRACK, 3)
        self._rect(BAR, top, FULL * line.figure.yes / line.figure.clients, 22, TEAL, 3)
        self._value(line.figure, 19, 700)
        if wording.is_older(self._report, line):
            self._y += 16
            self._text(WIDTH - EDGE, wording.day(self._report, line.at), 13, SOFT, anchor="end")
        for figure in line.groups:
            self._group(figure)
        self._y += 8 if line.groups else 0

    def _group(self, figure: Figure) -> None:
        self._y += PART
        name = shorten(self._word(wording.group(self._report, figure.group or "")), LONGEST)
        self._text(BAR - 12, f"{name} ({figure.clients})", 15, SOFT, anchor="end")
        self._rect(BAR, self._y - 13, FULL, 13, TRACK, 2)
        length = FULL * figure.yes / figure.clients
        self._rect(BAR, self._y - 13, length, 13, self._color(figure.group or ""), 2)
        self._value(figure, 15, 400)

    def _value(self, figure: Figure, size: int, weight: int) -> None:
        self._text(VALUE, str(figure.yes), size, weight=weight, anchor="end")
        self._text(WIDTH - EDGE, f"{figure.percent} %", size, SOFT, anchor="end")

    def _foot(self) -> None:
        self._y += 14
        self._lines(wording.notes(self._report), 15, 22, SOFT)

    # --- the strokes ------------------------------------------------------------------------------------------

    def _word(self, words: Words) -> str:
        return word(words, self._language)

    def _color(self, name: str) -> str:
        return GROUPS[self._report.groups.index(name) % len(GROUPS)]

    def _lines(self, sentences: Iterable[Words], size: int, height: int, color: str) -> None:
        """Sentences one below the other, broken where they are too long."""
        for sentence in sentences:
            for part in broken(self._word(sentence), size, WIDTH - 2 * EDGE):
                self._text(EDGE, part, size, color)
                self._y += height

    def _text(
        self, x: float, words: Words | str, size: int, color: str = INK, *, weight: int = 400, anchor: str = "start"
    ) -> None:
        text = words if isinstance(words, str) else self._word(words)
        if text:
            self._parts.append(
                f'<text x="{x:.0f}" y="{self._y:.0f}" font-size="{size}" font-weight="{weight}" fill="{color}"'
                f' text-anchor="{anchor}">{escape(text)}</text>'
            )

    def _rect(self, x: float, y: float, width: float, height: float, fill: str, radius: int) -> None:
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" rx="{radius}" fill="{fill}"/>'
        )


def broken(text: str, size: int, width: float) -> Iterator[str]:
    """A sentence in lines that fit, broken at spaces; the width is a guess on the wide side."""
    line = ""
    for piece in text.split(" "):
        longer = f"{line} {piece}" if line else piece
        if line and _width(longer, size) > width:
            yield line
            longer = piece
        line = longer
    yield line


def _width(text: str, size: int) -> float:
    return size * sum(0.54 if cluster.isascii() else 1.0 for cluster in split(text))
