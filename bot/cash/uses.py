"""How many clients planned money for what, and noted it for what, and what that comes to: for donors, of whom none
learns anything of anybody. Only clients who agreed to be counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from bot.cash.fives import Sum, told
from bot.cash.shared import FIGURES, PLAN, SPENT, Cells, Line, Rows, decimal, read_line, tens
from storage.keys import Keyring

ANY: Final = "*"
KINDS: Final = (PLAN, SPENT)


def tell_uses(rows: Rows, keyring: Keyring) -> Iterator[Cells]:
    """Rows of uses.csv: by use (* for any) how many clients, then by currency what they come to."""
    people = [person for ten in tens(rows, FIGURES) for person in ten]
    counts: Counter[tuple[str, str]] = Counter()
    sums: defaultdict[tuple[str, str, str], Sum] = defaultdict(Sum)
    for person in people:
        lines = [read_line(row, keyring) for row in rows("entries", "counted", person_id=person)]
        _count([line for line in lines if line.kind in KINDS], counts, sums)
    uses = sorted({use for _kind, use in counts})
    currencies = sorted({currency for _kind, _use, currency in sums})
    for use in uses:
        number = [told(counts[kind, use], len(people)) for kind in KINDS]
        yield from _row(use, "", len(people), (number[0], None, number[1], None))
        for currency in currencies if use != ANY else ():
            amounts = [
                decimal(amount, currency) if number[place] and (amount := sums[kind, use, currency].told()) else None
                for place, kind in enumerate(KINDS)
            ]
            yield from _row(use, currency, len(people), (None, amounts[0], None, amounts[1]))


def _count(
    lines: Sequence[Line], counts: Counter[tuple[str, str]], sums: defaultdict[tuple[str, str, str], Sum]
) -> None:
    """Add one client."""
    counts.update({(line.kind, use) for line in lines for use in (line.use, ANY)})
    own: Counter[tuple[str, str, str]] = Counter()
    for line in lines:
        own[line.kind, line.use, line.currency] += line.amount or 0
    for key, amount in own.items():
        if amount:
            sums[key].add(amount)


def _row(use: str, currency: str, clients: int, cells: Cells) -> Iterator[Cells]:
    """A row, where it tells anything."""
    if any(cell is not None for cell in cells):
        yield (use, currency, clients, *cells)
