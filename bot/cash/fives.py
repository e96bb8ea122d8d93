"""Figures to within five people, for where nobody knows which figures were told before.

A figure is told rounded down to a multiple of five, none under five, and none of nearly all: whoever reads it is left
with five numbers at least that it can be, and so with nothing about any one of those counted. Where it is told again
when ten more came, or ten went (`shared.tens`), as many are left for how many of these ten it is true; four at the
least where ten came and other ten went. It takes no memory of what was told, as the report's rules do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.report.census import SMALLEST
from bot.report.disclosure import LEAST

STEPS: Final = (1, 2, 5)


def told(yes: int, clients: int) -> int | None:
    """How many of these clients, as it may be told; None where it may not."""
    least = min(yes, clients - SMALLEST) // LEAST * LEAST
    return least if least >= LEAST else None


@dataclass(slots=True)
class Sum:
    """Amounts of a number of clients."""

    clients: int = 0
    whole: int = 0
    largest: int = 0

    def add(self, amount: int) -> None:
        """What one client comes to."""
        self.clients += 1
        self.whole += amount
        self.largest = max(self.largest, amount)

    def told(self) -> int | None:
        """What they come to, told no more exactly than what any one of them comes to; None of fewer than five."""
        if self.clients < LEAST or not self.largest:
            return None
        step = coarse(self.largest)
        return self.whole // step * step or None


def coarse(amount: int) -> int:
    """The next 1, 2, 5, 10, 20, 50 … that is not less."""
    power = int(10 ** (len(str(amount)) - 1))
    return next(step * power for step in (*STEPS, 10) if step * power >= amount)
