"""What clients let be counted of their plans and notes: rows that nothing ties to any of them.

Whoever reads them may keep every export, and knows from its other files who agreed to this and when, who came when, and
whose money was which. So clients are told of in tens: ten who agreed one after the other, as long as all of them do,
so that whoever comes or goes does so with nine others. The time of a line is the months together in which at least five
of its ten wrote something, once they are over. And an amount is told as a share of what its client's lines come to, as
an amount could be that of somebody's transfer.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any, Final, NamedTuple, TypeAlias

from bot.nameless import month_of, spans
from bot.report.census import SMALLEST
from bot.report.disclosure import LEAST, rounded
from storage.keys import Keyring
from storage.store import Row
from translations.currencies import figures

FIGURES, WORDS = "cash:figures", "cash:words"
"""What a client agrees to (`conversations.client.shares`)."""

PLAN, SPENT, OUTCOME = "plan", "spent", "outcome"

OWN_WORDS: Final = "words"
"""Stands for a use that was said in own words."""

JOINERS: Final = "\u200b\u200c\u200d"
"""Signs without a width that scripts and emoji are written with."""

Rows: TypeAlias = Callable[..., Iterable[Row]]
"""Reads rows by the name of a table, a query and its values."""
Cells: TypeAlias = tuple[object, ...]


class Line(NamedTuple):
    """One line as it counts. `amount` is in minor units; `said` as it was kept, {} for nothing."""

    id: int
    kind: str
    month: str
    amount: int | None
    currency: str
    use: str
    said: Mapping[str, Any]

    @property
    def text(self) -> str:
        """What was typed."""
        return str(self.said.get("text", ""))


def one_line(text: str) -> str:
    """Words on one line, without signs that a terminal obeys or that cannot be drawn."""
    return " ".join("".join(sign if sign.isprintable() or sign in JOINERS else " " for sign in text).split())


def decimal(minor: int, currency: str) -> str:
    """An amount in major units as a spreadsheet reads it."""
    return figures(minor, currency).replace(",", "")


def read_line(row: Row, keyring: Keyring) -> Line:
    """A row of entries with its client's key."""
    sealed = keyring.box(row["person_id"], row["key"]).open(row["body"], f"entries.body:{row['id']}")
    body = json.loads(sealed)
    month = month_of(datetime.fromtimestamp(row["at"], UTC))
    use = body["use"] or OWN_WORDS
    return Line(row["id"], row["kind"], month, body["amount"], body["currency"], use, body["words"] or {})


def tens(rows: Rows, purpose: str) -> list[list[int]]:
    """Ten by ten those who ever agreed, in the order in which they did; without a ten of which anybody does no more, or
    is gone."""
    return whole_tens((row["person_id"], row["agrees"]) for row in rows("places", "agreed", purpose=purpose))


def whole_tens(places: Iterable[tuple[int | None, object]]) -> list[list[int]]:
    """Ten by ten those of whom it is so; without a ten in which it is not so of all, or a place is empty."""
    ever = list(places)
    found = []
    for first in range(0, len(ever), SMALLEST):
        ten = [person for person, is_so in ever[first : first + SMALLEST] if person is not None and is_so]
        found += [ten] if len(ten) == SMALLEST else []
    return found


class Shared:
    """What a purpose lets be told, read as the rows are asked for; numbers are drawn anew for each of these."""

    def __init__(self, rows: Rows, keyring: Keyring, now: datetime, purpose: str, kinds: Sequence[str]) -> None:
        """`now` is aware."""
        self._rows, self._keyring, self._now = rows, keyring, now
        self._months: dict[int, dict[str, str]] = {}
        """By person what a month is told as."""
        for ten in tens(rows, purpose):
            self._months |= dict.fromkeys(ten, self._spans(ten, kinds))
        self._people = list(self._months)
        SystemRandom().shuffle(self._people)

    def amounts(self, kind: str) -> Iterator[Cells]:
        """Rows of plans.csv, or of spending.csv."""
        for number, months, lines in self._told(kind):
            counted = Counter(line.currency for line in lines if line.amount)
            currency = max(counted, key=counted.__getitem__, default="")
            whole = sum(line.amount or 0 for line in lines if line.currency == currency)
            found = []
            for line in lines:
                is_told = whole and line.amount is not None and line.currency == currency
                share = rounded(100 * line.amount, whole) if is_told and line.amount is not None else ""
                found.append((f"P-{number}", months[line.month], line.use, share))
            yield from sorted(found)

    def outcomes(self, words: bool) -> Iterator[Cells]:
        """Rows of outcomes.csv; what was said stands in a cell more, if it is wanted."""
        for number, months, lines in self._told(OUTCOME):
            found = [(f"P-{number}", months[line.month], _said(line)) for line in lines]
            yield from (cells if words else cells[:2] for cells in sorted(found))

    def _told(self, kind: str) -> Iterator[tuple[int, Mapping[str, str], list[Line]]]:
        """For each person their number, their months, and their lines of that kind that may be told."""
        for number, person in enumerate(self._people, 1):
            months = self._months[person]
            rows = self._rows("entries", "counted", person_id=person)
            lines = [read_line(row, self._keyring) for row in rows if row["kind"] == kind]
            yield number, months, [line for line in lines if line.month in months]

    def _spans(self, ten: Iterable[int], kinds: Sequence[str]) -> dict[str, str]:
        writers: defaultdict[str, set[int]] = defaultdict(set)
        for person in ten:
            for row in self._rows("entries", "counted", person_id=person):
                month = month_of(datetime.fromtimestamp(row["at"], UTC))
                if row["kind"] in kinds and month < month_of(self._now):
                    writers[month].add(person)
        return spans(writers, LEAST)


def _said(line: Line) -> str:
    if line.said.get("voice") is not None:
        return f"(voice note, {line.said.get('seconds', 0)} seconds)"
    return line.text
