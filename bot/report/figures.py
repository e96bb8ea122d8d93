"""The report as plain figures: what a lead reads, without anything that is hidden."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any, Final

from bot.programme import Programme
from bot.report.census import CATEGORY_ROWS, NEED, NEEDS_ROWS, SKIP, Question
from bot.report.crowd import EVERYBODY, LANGUAGE, OTHERS, PLACE, Cell
from bot.report.disclosure import Count, percent
from bot.report.editions import Edition, bring_up_to_date
from conversations.instruments import NEEDS
from storage.store import Store

WAYS: Final = (LANGUAGE, PLACE)
"""What a report can be told by."""


@dataclass(frozen=True, slots=True)
class Figure:
    """So many of these clients, of `group`: a language code or a place, "" for who did not say, "*" for the others."""

    yes: int
    clients: int
    group: str | None = None

    @property
    def percent(self) -> str:
        """Whole percent, halves up."""
        return percent(Count(self.clients, self.yes))


@dataclass(frozen=True, slots=True)
class Line:
    """One need or category; without a figure where it is hidden. `place` is where it stands among the shown (equal
    ones share a place), `at` when its figure was told (epoch seconds), `skipped` how many left the need out."""

    code: str
    figure: Figure | None = None
    at: int = 0
    place: int = 0
    tied: bool = False
    skipped: int | None = None
    groups: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be shown, drawn, or kept as JSON. `clients` is None while there are too few for any."""

    organisation: str
    zone: str
    instrument: str
    version: int
    by: str | None = None
    clients: int | None = None
    at: int = 0
    needs: tuple[Line, ...] = ()
    categories: tuple[Line, ...] = ()
    total: str | None = None
    mean: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, for `Report.from_json`."""
        kept: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Report:
        """What `to_json` gave."""
        lines = {name: tuple(map(_line, kept[name])) for name in ("needs", "categories")}
        return cls(**{**kept, **lines})

    @property
    def groups(self) -> list[str]:
        """The groups that any figure is told of, in their order."""
        found = {figure.group: None for line in (*self.needs, *self.categories) for figure in line.groups}
        return sorted((name for name in found if name is not None), key=group_order)

    @property
    def hidden(self) -> bool:
        """Whether any figure is hidden."""
        return any(line.figure is None for line in (*self.needs, *self.categories))


def group_order(name: str) -> tuple[bool, str]:
    """Named groups first, by name; then the others, and who did not say."""
    return name in ("", OTHERS), name


def make_report(store: Store, programme: Programme, *, by: str | None = None) -> Report:
    """The newest edition as a report; within a transaction that writes, since there may be a new one to keep.

    `by` is one of WAYS, or None. Each row is the newest that was told of it, with its groups where `by` asks for them.
    """
    editions = bring_up_to_date(store)
    report = Report(programme.organisation, programme.time_zone, NEEDS.name, NEEDS.version, by)
    if not editions:
        return report
    last = editions[-1]
    return replace(
        report,
        clients=last.clients,
        at=last.at,
        needs=tuple(_in_order(_tell(editions, row, by) for row in NEEDS_ROWS)),
        categories=tuple(_in_order(_tell(editions, row, by) for row in CATEGORY_ROWS)),
        total=last.averages.get("total"),
        mean=last.averages.get("mean"),
    )


def _tell(editions: Sequence[Edition], row: Question, by: str | None) -> Line:
    """The newest figure of a row, or the newest that was told by these groups."""
    told = [edition for edition in editions if row in edition.told]
    if not told:
        return Line(row.code)
    parted = [edition for edition in told if _groups(edition, row, by)]
    edition = (parted or told)[-1]
    skip = Question(SKIP, row.code)
    skipped = edition.told.get(skip, {}).get(EVERYBODY) if row.kind == NEED else None
    return Line(
        row.code,
        _figure(edition.told[row][EVERYBODY]),
        edition.at,
        skipped=skipped.yes if skipped else None,
        groups=_groups(edition, row, by),
    )


def _groups(edition: Edition, row: Question, by: str | None) -> tuple[Figure, ...]:
    if by is None:
        return ()
    cells: Iterable[tuple[Cell, Count]] = edition.told[row].items()
    figures = [_figure(count, cell.name) for cell, count in cells if cell.dimension == by]
    return tuple(sorted(figures, key=lambda figure: group_order(figure.group or "")))


def _figure(count: Count, group: str | None = None) -> Figure:
    return Figure(count.yes, count.clients, group)


def _share(line: Line) -> Fraction:
    return Fraction(line.figure.yes, line.figure.clients) if line.figure else Fraction(-1)


def _in_order(lines: Iterable[Line]) -> list[Line]:
    """The largest share first, what is hidden last; equal ones in the instrument's order, with the same place."""
    ordered = sorted(lines, key=_share, reverse=True)
    shares = [_share(line) for line in ordered]
    return [
        replace(line, place=shares.index(share) + 1, tied=shares.count(share) > 1) if line.figure else line
        for line, share in zip(ordered, shares, strict=True)
    ]


def _line(kept: Mapping[str, Any]) -> Line:
    figure = Figure(**kept["figure"]) if kept["figure"] else None
    return Line(**{**kept, "figure": figure, "groups": tuple(Figure(**group) for group in kept["groups"])})
