"""Who is counted, and what each of them counts for: rows of the report as yes or no for each person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from conversations.client.needs import ONE_OF_THE_FIRST
from conversations.instruments import NEEDS, Instrument
from conversations.script import Status
from storage.store import Row, Store

NEED, CATEGORY, SKIP = "need", "category", "skip"

SMALLEST: Final = 10
"""People in the smallest group that is told of: with fewer, no figure of it could be."""


class Question(NamedTuple):
    """One row of the report: gave a 4 to this need, gave one in this category, or left this need out."""

    kind: str
    code: str


NEEDS_ROWS: Final = tuple(Question(NEED, item.code) for item in NEEDS.items)
CATEGORY_ROWS: Final = tuple(Question(CATEGORY, code) for code in NEEDS.categories)
SKIP_ROWS: Final = tuple(Question(SKIP, item.code) for item in NEEDS.items)
ROWS: Final = (*NEEDS_ROWS, *CATEGORY_ROWS, *SKIP_ROWS)
"""Their order gives each row its bit in `Counted.said`; it belongs to the version of the instrument."""

MEMBERS: Final = {
    Question(CATEGORY, category): tuple(Question(NEED, item.code) for item in NEEDS.items if item.category == category)
    for category in NEEDS.categories
}


class Counted(NamedTuple):
    """One person: language and place ("" where it was not said), and a bit for each row that they count for."""

    language: str
    place: str
    said: int


def take_census(store: Store, instrument: Instrument = NEEDS) -> dict[int, Counted]:
    """Everybody who counts now, by id: whoever rated or left out every need of this version, and agrees."""
    rows = store.rows("counted", "countable", instrument=instrument.name, version=instrument.version)
    return dict(_complete(rows, instrument))


def _complete(rows: Iterable[Row], instrument: Instrument) -> Iterator[tuple[int, Counted]]:
    codes = {item.code for item in instrument.items}
    for person, answers in groupby(rows, itemgetter("person_id")):
        newest = {row["item"]: row for row in answers}
        if codes <= newest.keys():
            one = newest[next(iter(codes))]
            yield person, Counted(one["language"] or "", one["place"] or "", _said(newest, instrument))


def _said(newest: Mapping[str, Row], instrument: Instrument) -> int:
    firsts = {code for code, row in newest.items() if row["value"] == int(ONE_OF_THE_FIRST)}
    given = {
        NEED: firsts,
        CATEGORY: {item.category for item in instrument.items if item.code in firsts},
        SKIP: {code for code, row in newest.items() if row["status"] != Status.ANSWERED},
    }
    return sum(1 << bit for bit, row in enumerate(ROWS) if row.code in given[row.kind])
