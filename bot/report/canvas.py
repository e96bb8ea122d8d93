"""What every drawing is made with: colours, strokes, and sentences broken to its width, as an SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from bot.report.raster import FAMILIES
from conversations.text import Words
from translations.clusters import shorten, split
from translations.wording import word

PAPER, INK, SOFT, RULE = "#f6f0e6", "#2b2622", "#5c534a", "#ddd0bd"
TRACK, TEAL = "#ebe2d3", "#1d5a55"

NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'
WIDTH: Final = 800
EDGE: Final = 40
"""Units from either side in which nothing is drawn."""


class Canvas:
    """Draws from top to bottom, 800 units wide; `y` is how far it has come."""

    def __init__(self, language: str, y: float) -> None:
        self.language, self.y = language, y
        self._parts: list[str] = []

    def finish(self) -> str:
        """The document."""
        height = round(self.y + 14)
        families = ", ".join(f"'{family}'" for family in FAMILIES)
        return (
            f'<svg{NAMESPACE} viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            f' font-family="{families}, sans-serif" fill="{INK}">'
            f'<defs><pattern id="hidden" width="7" height="7" patternUnits="userSpaceOnUse"'
            f' patternTransform="rotate(45)"><rect width="7" height="7" fill="{PAPER}"/>'
            f'<rect width="2.4" height="7" fill="#b9aa94"/></pattern></defs>'
            f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>{"".join(self._parts)}</svg>'
        )

    def word(self, words: Words) -> str:
        """The words in the reader's language."""
        return word(words, self.language)

    def lines(self, sentences: Iterable[Words], size: int, height: int, color: str, *, weight: int = 400) -> None:
        """Sentences one below the other, broken where they are too long."""
        for sentence in sentences:
            for part in broken(self.word(sentence), size, WIDTH - 2 * EDGE):
                self.text(EDGE, part, size, color, weight=weight)
                self.y += height

    def text(
        self, x: float, words: Words | str, size: int, color: str = INK, *, weight: int = 400, anchor: str = "start"
    ) -> None:
        """Words on the line where the drawing has come to."""
        text = words if isinstance(words, str) else self.word(words)
        if text:
            self._parts.append(
                f'<text x="{x:.0f}" y="{self.y:.0f}" font-size="{size}" font-weight="{weight}" fill="{color}"'
                f' text-anchor="{anchor}">{escape(text)}</text>'
            )

    def rect(self, x: float, y: float, width: float, height: float, fill: str, radius: int) -> None:
        """A bar."""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" rx="{radius}" fill="{fill}"/>'
        )

    def path(self, along: str, stroke: str, width: float) -> None:
        """A line that is not filled; `along` as SVG's paths are written."""
        self._parts.append(
            f'<path d="{along}" stroke="{stroke}" stroke-width="{width}" fill="none" stroke-linejoin="round"/>'
        )

    def dot(self, x: float, y: float, radius: int, fill: str) -> None:
        """A point."""
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}"/>')

    def rule(self) -> None:
        """A thin line from edge to edge."""
        self.path(f"M{EDGE} {self.y}H{WIDTH - EDGE}", RULE, 1.5)


def broken(text: str, size: int, width: float) -> Iterator[str]:
    """A sentence in lines that fit, broken at spaces; the width is a guess on the wide side."""
    line = ""
    for piece in text.split(" "):
        longer = f"{line} {piece}" if line else piece
        if line and width_of(longer, size) > width:
            yield line
            longer = piece
        line = longer
    yield line


def cut(text: str, size: int, width: float) -> str:
    """A text on one line, with a final "…" where it is too long for it."""
    clusters = len(split(text))
    while clusters > 1 and width_of(shorten(text, clusters), size) > width:
        clusters -= 1
    return shorten(text, clusters)


def width_of(text: str, size: int) -> float:
    """About how wide a text is drawn, rather too much than too little."""
    return size * sum(0.54 if cluster.isascii() else 1.0 for cluster in split(text))
