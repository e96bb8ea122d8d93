"""Which figures a new edition may tell, given everything that was told before.

A row is told as a whole: its figure, and where that is safe the same by language, by place, or by both. What may not
be told anew keeps the figure that was told last, with its own date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from bot.report.census import CATEGORY, CATEGORY_ROWS, MEMBERS, NEED, NEEDS_ROWS, SKIP, SKIP_ROWS, Question
from bot.report.crowd import EVERYBODY, Cell, Crowd, Names
from bot.report.disclosure import (
    LEAST,
    Change,
    Count,
    is_closed,
    is_crossed_safely,
    is_lost_in_whole,
    is_safe,
    may_follow,
    may_stand_beside,
    rounded,
)

Figures: TypeAlias = dict[Cell, Count]
Told: TypeAlias = dict[Question, Figures]

CATEGORY_OF = {member: category for category, members in MEMBERS.items() for member in members}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier edition told, and of whom. Who was erased since is in its figures, but not in its crowd."""

    told: Told
    crowd: Crowd
    names: Names


@dataclass(slots=True)
class Telling:
    """One new edition in the making."""

    crowd: Crowd
    names: Names
    history: Sequence[Earlier]
    told: Told = field(default_factory=dict)

    def tell(self) -> Told:
        """Every row that may be told anew; needs first, since what is told of a category leans on them."""
        for row in (*NEEDS_ROWS, *CATEGORY_ROWS, *SKIP_ROWS):
            if row.kind == CATEGORY:
                self._withdraw(row)
            if not self.is_unchanged(row) and self._may_tell(row, [EVERYBODY]):
                self.told[row] = {cell: self.count(row, cell) for cell in (EVERYBODY, *self._groups(row))}
        return self.told

    def count(self, row: Question, cell: Cell) -> Count:
        """A figure as it would be told now."""
        return self.crowd.count(row, self.crowd.of(cell, self.names))

    def _groups(self, row: Question) -> list[Cell]:
        """The groups by which a row may be told: by language and by place, or by one of them, or none. It stays with
        what it was first told by: what came in between would show through."""
        if row.kind == SKIP:
            return []
        languages, places = (
            cells if len(cells) > 1 and self._may_tell(row, cells) else [] for cells in self.crowd.cells(self.names)
        )
        both = [*languages, *places] if self._may_cross(row) else []
        before = next((found for earlier in self.history if (found := _ways(earlier.told.get(row, ())))), None)
        for cells in (both, languages, places):
            if cells and before in (None, _ways(cells)):
                return cells
        return []

    def _may_cross(self, row: Question) -> bool:
        """Whether a row may be told both by language and by place: what one of each have in common stays hidden."""
        table = {
            (one, other): self.count(row, Cell(one.language, other.place))
            for one, other in product(*self.crowd.cells(self.names))
        }
        return all(
            is_closed(count)
            or any(
                is_crossed_safely(count, table[one, column], table[line, other], table[line, column])
                for line, column in table
                if line != one and column != other
            )
            for (one, other), count in table.items()
        )

    def _may_tell(self, row: Question, cells: Iterable[Cell]) -> bool:
        return all(
            is_safe(self.count(row, cell)) and self._fits_others(row, cell) and self._fits_the_past(row, cell)
            for cell in cells
        )

    # --- what was told before ---------------------------------------------------------------------------------

    def is_unchanged(self, row: Question) -> bool:
        """Whether what was told last is what would be told now, of the same people."""
        last = next((earlier for earlier in reversed(self.history) if row in earlier.told), None)
        if last is None:
            return False
        stayed = self.crowd.count(row, self.crowd.stayed(last.crowd, row))
        return stayed == last.told[row][EVERYBODY] == self.count(row, EVERYBODY)

    def _fits_the_past(self, row: Question, cell: Cell) -> bool:
        return all(self._fits_earlier(row, cell, earlier) for earlier in self.history)

    def _fits_earlier(self, row: Question, cell: Cell, earlier: Earlier) -> bool:
        told = earlier.told.get(row, {})
        if cell not in told and not self._follows(row, cell, earlier):
            return False
        for other in told:
            if other.dimension == cell.dimension and not may_stand_beside(self._change(row, cell, earlier, other)):
                return False
            # The whole now beside a group then, of which nothing may be told now.
            if cell == EVERYBODY != other and not self._is_lost(row, other, earlier, earlier.names, backwards=True):
                return False
        return not told or cell in told or self._is_lost(row, cell, earlier, self.names)

    def _follows(self, row: Question, cell: Cell, earlier: Earlier) -> bool:
        """Whether a figure that was not told then may be told now."""
        people, before = self.crowd.of(cell, self.names), earlier.crowd.of(cell, self.names)
        came = people & ~(self.crowd.stayed(earlier.crowd, row) & before)
        return may_follow(earlier.crowd.count(row, before), self.crowd.count(row, people), came.bit_count())

    def _change(self, row: Question, cell: Cell, earlier: Earlier, other: Cell) -> Change:
        """From a figure told to one of now; who was erased since went."""
        people = self.crowd.of(cell, self.names)
        both = people & self.crowd.stayed(earlier.crowd, row) & earlier.crowd.of(other, earlier.names)
        stayed = self.crowd.count(row, both)
        return Change(stayed, earlier.told[row][other].without(stayed), self.crowd.count(row, people).without(stayed))

    def _is_lost(self, row: Question, cell: Cell, earlier: Earlier, names: Names, *, backwards: bool = False) -> bool:
        """Whether a group told at one time only is lost in the whole of the other; also for a reader who knows of
        everybody that was told of by groups at a third time. Who was erased hides nobody here."""
        now, before = self.crowd, earlier.crowd
        for known in (
            0,
            *(self._known(row, earlier, other) for other in self.history if len(other.told.get(row, ())) > 1),
        ):
            changes = []
            for inside in (True, False):
                mine, theirs = (
                    (each.of(cell, names) if inside else each.everybody & ~each.of(cell, names)) & ~known
                    for each in (now, before)
                )
                both = mine & theirs & now.stayed(before, row)
                stayed, went, came = (
                    now.count(row, both),
                    before.count(row, theirs & ~both),
                    now.count(row, mine & ~both),
                )
                changes.append(Change(stayed, came, went) if backwards else Change(stayed, went, came))
            if not is_lost_in_whole(*changes):
                return False
        return True

    def _known(self, row: Question, earlier: Earlier, other: Earlier) -> int:
        """Who was counted at a third time with the same answer as now or then."""
        if other is earlier:
            return 0
        return self.crowd.stayed(other.crowd, row) | earlier.crowd.stayed(other.crowd, row)

    # --- what is told of other rows ---------------------------------------------------------------------------

    def is_seen(self, row: Question, cell: Cell) -> bool:
        """Whether a figure is told now or was ever told."""
        return any(cell in told.get(row, {}) for told in (self.told, *(earlier.told for earlier in self.history)))

    def _fits_others(self, row: Question, cell: Cell) -> bool:
        """Whether a figure gives away nothing of a row that hangs together with this one."""
        if row.kind == CATEGORY:
            return self._fits_members(row, cell)
        need, skip = Question(NEED, row.code), Question(SKIP, row.code)
        if row.kind == SKIP or self.is_seen(skip, cell):
            rated_otherwise = self.count(need, cell).no - self.count(skip, cell).yes
            if rated_otherwise < LEAST:
                return False
        category = CATEGORY_OF[need]
        return row.kind == SKIP or not self.is_seen(category, cell) or self._reaches_beyond(category, need, cell)

    def _fits_members(self, category: Question, cell: Cell) -> bool:
        """People with a 4 in the category but none for this need are told by subtraction; and a need that is hidden
        must not be what is missing in the sum of those shown."""
        shown = [member for member in MEMBERS[category] if self.is_seen(member, cell)]
        if not all(self._reaches_beyond(category, member, cell) for member in shown):
            return False
        together = sum(self.count(member, cell).yes for member in shown)
        return self.count(category, cell).yes <= together

    def _reaches_beyond(self, category: Question, need: Question, cell: Cell) -> bool:
        return self.count(category, cell).yes - self.count(need, cell).yes >= LEAST

    def _withdraw(self, category: Question) -> None:
        """Where nearly everybody gave a 4 in a category, and its needs' figures can hardly add up to that many, they
        would tell how many did not: then they are not told either."""
        count = self.count(category, EVERYBODY)
        shown = [member for member in MEMBERS[category] if self.is_seen(member, EVERYBODY)]
        if count.no < LEAST and sum(self.count(member, EVERYBODY).yes for member in shown) < count.clients:
            for member in shown:
                self.told.pop(member, None)


def _ways(cells: Iterable[Cell]) -> set[str]:
    """By what these are groups."""
    return {cell.dimension for cell in cells} - {EVERYBODY.dimension}


def averages(telling: Telling) -> Mapping[str, str]:
    """The number of 4s and their mean for each client, as far as the figures told give them anyway.

    If any need is hidden, the mean is told to one decimal, and only where whatever hides there rounds to the same.
    """
    clients = telling.crowd.everybody.bit_count()
    ranges = [_range(telling, row) for row in NEEDS_ROWS]
    if None in ranges:
        return {}
    least, most = (sum(ends) for ends in zip(*filter(None, ranges), strict=True))
    if least == most:
        return {"total": str(least), "mean": rounded(least, clients, 2)}
    mean = rounded(least, clients, 1)
    return {"mean": mean} if mean == rounded(most, clients, 1) else {}


def _range(telling: Telling, row: Question) -> tuple[int, int] | None:
    """What a reader knows of a need's figure now; None where it is an older one that they see."""
    count = telling.count(row, EVERYBODY)
    if row in telling.told or telling.is_unchanged(row):
        return count.yes, count.yes
    if is_safe(count) or telling.is_seen(row, EVERYBODY):
        return None
    return (0, LEAST - 1) if count.yes < LEAST else (count.clients - LEAST + 1, count.clients)
