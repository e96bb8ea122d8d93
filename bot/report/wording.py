"""What a report says, in the reader's language: the same sentences in the terminal, on the page and in the chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.report.census import SMALLEST
from bot.report.crowd import LANGUAGE, OTHERS
from bot.report.figures import Figure, Line, Report
from conversations.client.needs import ONE_OF_THE_FIRST
from conversations.instruments import NEEDS
from conversations.lead.report import too_few
from conversations.text import Text, Verbatim, Words, _, n_
from translations.languages import KNOWN

TITLE: Final = _("What matters first")
NEEDS_TITLE: Final = _("Gave this need a 4")
CATEGORIES_TITLE: Final = _("Gave a 4 to at least one need of this kind")
NOT_SHOWN: Final = _("not shown")
HEADS: Final = (_("Clients"), Verbatim("%"), _("of"), _("Skipped"), _("As of"))
"""Over the cells of a line."""
EMPTY: Final = Verbatim()
HIDDEN: Final = (
    _("Figures under 5 are hidden, so that nobody can be recognised."),
    _("So is what is left over, and any figure from which a hidden one could be worked out."),
)
"""What a reader must know of figures that are not there."""


def first_needs(places: int) -> Text:
    """Over a drawing that shows no more."""
    return _("Gave this need a 4: the first %(number)s", number=places)


def facts(report: Report) -> list[Words]:
    """How many were counted, when, by which questionnaire, and how many 4s they gave, or why there is nothing yet."""
    if report.clients is None:
        return too_few(SMALLEST)
    counted = n_(
        "%(number)s client who agreed to be counted and answered every need.",
        "%(number)s clients who agreed to be counted and answered every need.",
        report.clients,
    )
    lines: list[Words] = [
        counted,
        _("As of %(day)s. Questionnaire version %(version)s.", day=day(report, report.at), version=report.version),
    ]
    if report.total is not None and report.mean is not None:
        lines.append(
            _("Together they gave %(total)s fours: %(mean)s each on average.", total=report.total, mean=report.mean)
        )
    elif report.mean is not None:
        lines.append(_("They gave %(mean)s fours each on average.", mean=report.mean))
    return lines


def notes(report: Report) -> list[Words]:
    """How the figures are to be read, and what is not among them."""
    if report.clients is None:
        return []
    lines = (*report.needs, *report.categories)
    said: list[Words] = [
        _("A 4 is “%(label)s”. Percent of the clients counted; to leave a need out is not a low rating.", label=four()),
        *HIDDEN,
    ]
    if report.by is not None and any(line.figure is not None and not line.groups for line in lines):
        said.append(_("No groups under a figure: one of them would be too small to be told."))
    if any(line.tied for line in lines):
        said.append(_("=: the same share, so the same place."))
    if any(is_older(report, line) for line in lines):
        said.append(_("A figure with a date of its own is older: a newer one would tell of a few people."))
    return said


def four() -> Verbatim:
    """What a 4 is called on the scale."""
    return next(step.label for step in NEEDS.scale if step.code == ONE_OF_THE_FIRST)


def is_older(report: Report, line: Line) -> bool:
    """Whether a figure was told before the newest edition."""
    return line.figure is not None and line.at != report.at


def day(report: Report, at: int) -> str:
    """The day of an edition where the programme is, as 2026-11-23."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(report.zone)).date().isoformat()


def place(line: Line) -> str:
    """Where a line stands: 7., or =7. where it shares its place; empty while hidden."""
    return f"{'=' if line.tied else ''}{line.place}." if line.figure else ""


class Row(NamedTuple):
    """One row of a table in words: a line, or a group under it."""

    place: str
    label: Words
    cells: list[Words]
    within: bool = False


class Table(NamedTuple):
    """Heads and rows, with those columns that hold anything."""

    title: Words
    heads: list[Words]
    rows: list[Row]


def tables(report: Report) -> list[Table]:
    """Needs and categories: clients, percent, of how many where these are not all who were counted, how many left it
    out, and the day if it is an older one."""
    return [
        _table(NEEDS_TITLE, list(_rows(report, report.needs, need))),
        _table(CATEGORIES_TITLE, list(_rows(report, report.categories, category))),
    ]


def _table(title: Words, rows: Sequence[Row]) -> Table:
    filled = [column for column in range(len(HEADS)) if any(row.cells[column] != EMPTY for row in rows)]
    kept = [row._replace(cells=[row.cells[column] for column in filled]) for row in rows]
    return Table(title, [HEADS[column] for column in filled], kept)


def _rows(report: Report, lines: Iterable[Line], label: Callable[[str], Words]) -> Iterator[Row]:
    for line in lines:
        if line.figure is None:
            yield Row("", label(line.code), [NOT_SHOWN, *[EMPTY] * (len(HEADS) - 1)])
            continue
        skipped = EMPTY if line.skipped is None else Verbatim(str(line.skipped))
        dated = Verbatim(day(report, line.at)) if is_older(report, line) else EMPTY
        yield Row(place(line), label(line.code), [*_cells(report, line.figure), skipped, dated])
        for figure in line.groups:
            name = group(report, figure.group or "")
            yield Row("", name, [*_cells(report, figure), EMPTY, EMPTY], within=True)


def _cells(report: Report, figure: Figure) -> list[Words]:
    whole = EMPTY if figure.clients == report.clients else Verbatim(str(figure.clients))
    return [Verbatim(str(figure.yes)), Verbatim(figure.percent), whole]


def need(code: str) -> Words:
    """A need's label."""
    return NEEDS.item(code).label


def category(code: str) -> Words:
    """A category's label."""
    return NEEDS.categories[code]


def group(report: Report, name: str) -> Words:
    """What a group is called."""
    if name == OTHERS:
        return _("others")
    if not name:
        return _("not said")
    return Verbatim(KNOWN[name].name if report.by == LANGUAGE and name in KNOWN else name)


def way(report: Report) -> Text | None:
    """By what the report is told."""
    if report.by is None:
        return None
    return _("By language") if report.by == LANGUAGE else _("By place")
