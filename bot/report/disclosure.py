"""What may be told without telling of anybody: no figure under 5, and none that figures told give away.

A figure is told only if at least 5 people said yes and at least 5 did not: what is left over is a figure too. And
take any two figures of a row that were ever told of everybody, or by language, or by place, at whatever times. They
part the people into those who *stayed* (counted in both, with the same answer), those who *went* and those who *came*.
Whoever knows exactly who these are must not find a small figure:

- those who stayed are nobody, or as safe as a figure that is told;
- if people only came, or only went, the difference is their figure: it must be safe too;
- if some came and some went, they hide each other: each is as safe as a figure that is told, or enough answers could
  be otherwise, without a change in any figure told, for five values (or all that so few people can have).

The same holds for what a language and a place have in common, where a row is told by both. And a figure that was not
told before is told only if so many came since that what was hidden then could be anything.

A group's number of people is told with its figures, and so never tells of fewer than five who came or went.
"""

from __future__ import annotations

from typing import Final, NamedTuple

LEAST: Final = 5
"""A figure under this is hidden."""


class Count(NamedTuple):
    """So many people, of whom so many said yes."""

    clients: int
    yes: int

    @property
    def no(self) -> int:
        """How many did not."""
        return self.clients - self.yes

    def without(self, part: Count) -> Count:
        """The rest."""
        return Count(self.clients - part.clients, self.yes - part.yes)


def is_safe(count: Count) -> bool:
    """Whether a figure tells of nobody, by itself or by what is left over."""
    return count.yes >= LEAST and count.no >= LEAST


def is_closed(part: Count) -> bool:
    """Whether a part may be known: nobody, or safe."""
    return part.clients == 0 or is_safe(part)


def may_stand_beside(told: Count, new: Count, stayed: Count) -> bool:
    """Whether a figure may be told where another one was; `stayed` are those counted in both with the same answer."""
    went, came = told.without(stayed), new.without(stayed)
    if stayed.clients == 0:
        return True
    if not is_safe(stayed):
        return False
    if went.clients == 0 or came.clients == 0:
        return is_closed(went) and is_closed(came)
    if went.clients + came.clients < LEAST:
        return False
    up, down = min(went.no, came.no, stayed.yes), min(went.yes, came.yes, stayed.no)
    return all(is_closed(part) or keeps_values(part, up + down) for part in (went, came))


def keeps_values(part: Count, steps: int) -> bool:
    """Whether a part that is not told keeps five values, or all that so few people can have, when its figure could be
    other by this many steps in all."""
    return steps >= min(LEAST - 1, part.clients)


def is_crossed_safely(common: Count, across: Count, along: Count, beyond: Count) -> bool:
    """Whether what a language and a place have in common stays hidden, when both are told: answers could be exchanged
    with the rest of the language, the rest of the place, and beyond (each a language and a place as well)."""
    up, down = min(common.no, across.yes, along.yes, beyond.no), min(common.yes, across.no, along.no, beyond.yes)
    return keeps_values(common, up + down)


def may_follow(hidden: Count, new: Count, came: int) -> bool:
    """Whether a figure may be told that was hidden before, when `came` of its people were not counted in it."""
    return (hidden.yes >= LEAST or new.yes <= came) and (hidden.no >= LEAST or new.no <= came)


def rounded(part: int, whole: int, decimals: int = 0) -> str:
    """`part / whole`, halves up: Python rounds halves to even, which readers do not expect."""
    scale = int(10**decimals)
    units = (2 * part * scale + whole) // (2 * whole)
    return f"{units // scale}.{units % scale:0{decimals}d}" if decimals else str(units)


def percent(count: Count) -> str:
    """Whole percent of these people who said yes."""
    return rounded(100 * count.yes, count.clients)
