"""What may be told without telling of anybody: no figure under 5, and none that figures told give away.

A figure is told only if at least 5 people said yes and at least 5 did not: what is left over is a figure too. And
take any two figures of a row that were ever told, of whatever groups and at whatever times. Whoever knows exactly who
was counted in them must not find a small figure. Whatever is not told must be

- closed: nobody, or as safe as a figure that is told; or else
- lost: enough answers could be otherwise, without a change in any figure told, for it to have five values (or all
  that so few people can have).

Two times part the people into those who *stayed* (counted at both, with the same answer), those who *went* and those
who *came*. If people only came, or only went, the difference tells of them, and they must be closed; if there are
some of each they hide each other. Those who stayed must be closed anyway: what is told in between may tell of them.

A group told at one time only is compared with the whole of the other time (`is_lost_in_whole`), a language and a
place that are both told with what they have in common (`is_crossed_safely`). And a figure that was not told before is
told only if so many came since that what was hidden then could be anything (`may_follow`).
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


def is_lost(part: Count, steps: int) -> bool:
    """Whether a part that is not told keeps five values, or all that so few people can have, when its figure could be
    other by this many steps in all."""
    return steps >= min(LEAST - 1, part.clients)


class Change(NamedTuple):
    """People at two times: counted at both with the same answer, only (so) before, or only (so) now."""

    stayed: Count
    went: Count
    came: Count

    @property
    def moved(self) -> int:
        """How many make the difference."""
        return self.went.clients + self.came.clients

    @property
    def rise(self) -> int:
        """By how much those who stayed could have said yes more, if their figure now is known."""
        return min(self.stayed.no, self.came.yes)

    @property
    def fall(self) -> int:
        """By how much less."""
        return min(self.stayed.yes, self.came.no)


def may_stand_beside(change: Change) -> bool:
    """Whether a figure may be told where one of the same group, or of another group of the same kind, was told."""
    stayed, went, came = change
    if not is_closed(stayed):
        return False
    if not all(part.clients for part in change):
        return is_closed(went) and is_closed(came)
    steps = min(went.no, came.no, stayed.yes) + min(went.yes, came.yes, stayed.no)
    return change.moved >= LEAST and all(is_closed(part) or is_lost(part, steps) for part in (went, came))


def is_lost_in_whole(group: Change, rest: Change) -> bool:
    """Whether a group and the rest may be told now, where only the whole of both was told before."""
    before = Count(group.stayed.clients + group.went.clients, group.stayed.yes + group.went.yes)
    rest_rises, rest_falls = rest.rise + rest.went.no, rest.fall + rest.went.yes
    stayed = min(group.rise, group.went.yes + rest_falls) + min(group.fall, group.went.no + rest_rises)
    went = min(group.went.no, group.fall + rest_falls) + min(group.went.yes, group.rise + rest_rises)
    both = min(group.rise + group.went.no, rest_falls) + min(group.fall + group.went.yes, rest_rises)
    steps = ((before, both), (group.stayed, stayed), (group.came, stayed), (group.went, went))
    return all(is_closed(part) or is_lost(part, most) for part, most in steps)


def is_crossed_safely(common: Count, across: Count, along: Count, beyond: Count) -> bool:
    """Whether what a language and a place have in common stays hidden, when both are told: answers could be exchanged
    with the rest of the language, the rest of the place, and beyond (each a language and a place as well)."""
    up, down = min(common.no, across.yes, along.yes, beyond.no), min(common.yes, across.no, along.no, beyond.yes)
    return is_lost(common, up + down)


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
