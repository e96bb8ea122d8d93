"""The result of a round as one page, a picture in a lead's chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.picture import SLOT
from bot.report.canvas import EDGE, INK, SOFT, TEAL, TRACK, WIDTH, Canvas, width_of
from bot.report.raster import rasterise
from bot.rounds import result as results
from bot.rounds import wording
from bot.rounds.result import Result
from bot.rounds.wording import Row, Table
from bot.screens import caption
from bot.telegram import File
from bot.turn import Turn, slot_of
from storage.people import Person
from translations.clusters import shorten

BAR, FULL, VALUE = 440, 200, 694
"""Where bars begin, how long one of all clients is, and where a figure ends."""
ROW: Final = 44
LONGEST: Final = 32
"""Clusters of a title, and of a label that does not fit in the smallest size."""
LARGE, MIDDLE, SMALL, SMALLEST = 32, 21, 19, 14
TALLEST: Final = 4000
"""Units: Telegram takes pictures whose sides are 10000 pixels together, which are 5000 units."""


def show_result(turn: Turn, lead: Person, round_id: int) -> bool:
    """Put the result of a round under the screen of a lead; whether there is one already."""
    row = turn.store.row("rounds", "one", id=round_id)
    if row is None or row["result"] is None:
        return False
    wanted = {"kind": "photo", "draw": "result", "result": row["result"], "language": turn.language_of(lead)}
    turn.show_file(lead, slot_of(lead.id, SLOT), wanted, caption("·", []))
    return True


def read(_turn: Turn, _lead: Person, wanted: Mapping[str, Any]) -> tuple[Result, str]:
    """The result, and the language it was asked for in."""
    return results.read(wanted["result"]), str(wanted["language"])


def make(told: tuple[Result, str]) -> File:
    """The picture."""
    return File("photo", "round.png", rasterise(draw_svg(*told)), "image/png")


def draw_svg(result: Result, language: str) -> str:
    """The page as an SVG document, 800 units wide."""
    return Drawing(result, language).finish()


class Drawing(Canvas):
    """A result from top to bottom."""

    def __init__(self, result: Result, language: str) -> None:
        super().__init__(language, 58.0)
        self.text(EDGE, shorten(self.word(wording.title(result)), LONGEST), LARGE, weight=700)
        self.y += 34
        self.text(EDGE, result.organisation, SMALL, SOFT)
        self.y += 34
        self.lines(wording.facts(result), SMALL, 29, INK)
        self._table(wording.process(result))
        self.lines(wording.reasons(result), SMALL, 29, SOFT)
        self.y += 16
        self.lines(wording.counted(result), SMALL, 29, INK)
        self._tables(wording.tables(result))
        self.y += 12
        self.lines(wording.notes(result), SMALL - 2, 26, SOFT)

    def _tables(self, tables: list[Table]) -> None:
        for table in tables:
            if self.y + ROW * (len(table.rows) + 4) > TALLEST:
                self.lines([wording.MORE], SMALL, 29, INK)
                return
            self._table(table)

    def _table(self, table: Table) -> None:
        self.y += 26
        self.text(EDGE, shorten(self.word(table.title), 2 * LONGEST), MIDDLE, weight=700)
        self.y += 13
        self.rule()
        for row in table.rows:
            self.y += ROW
            self._row(row)
        self.y += 34
        if table.hidden is not None:
            self.lines([table.hidden], SMALL - 2, 26, SOFT)
        self.y += 8

    def _row(self, row: Row) -> None:
        label = self.word(row.label)
        size = next((size for size in range(MIDDLE, SMALLEST, -1) if width_of(label, size) < BAR - EDGE), SMALLEST)
        self.text(EDGE, shorten(label, LONGEST) if size == SMALLEST else label, size)
        self.rect(BAR, self.y - 18, FULL, 22, TRACK, 3)
        self.rect(BAR, self.y - 18, FULL * row.yes / row.clients, 22, TEAL, 3)
        self.text(VALUE, str(row.yes), MIDDLE, weight=700, anchor="end")
        self.text(WIDTH - EDGE, f"/ {row.clients}", MIDDLE, SOFT, anchor="end")
