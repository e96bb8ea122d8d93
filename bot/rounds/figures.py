"""The figures of a result, and which of them may stand side by side: see `bot.rounds.telling`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from bot.report.census import SMALLEST
from bot.report.disclosure import LEAST, Count, is_safe
from conversations.instruments.form import Question


class Given(NamedTuple):
    """One answer: the question, what it was about, and the options chosen; `left_out` where it was skipped."""

    question: Question
    about: str
    left_out: bool
    codes: Sequence[str]


Client: TypeAlias = Mapping[str, Given]
"""What one client said in the round: their newest answer to each item."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: how many said yes, or None where that is hidden. `label` by language, where it is a form's own."""

    code: str
    yes: int | None
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """Figures out of the same `clients`."""

    code: str
    clients: int
    lines: tuple[Line, ...]
    label: Mapping[str, str] = field(default_factory=dict)


def choose(counts: Mapping[str, int], clients: int, most: int = 1) -> dict[str, int]:
    """Of the options of a question, of which each of so many clients could choose `most`: those that may be told."""
    told = {code: yes for code, yes in counts.items() if is_safe(Count(clients, yes))}
    of_nearly_all = sum(yes for yes in counts.values() if clients - yes < LEAST)
    while told and sum(told.values()) + of_nearly_all > most * (clients - LEAST):
        del told[min(reversed(told), key=told.__getitem__)]
    return told


def among(asked: int, clients: int) -> int | None:
    """Out of how many figures are told that not everybody was asked for: out of those who were, or, where that would
    tell that a few were not, out of all. None where they are too few, or could be."""
    if clients - asked >= LEAST:
        return asked if asked >= SMALLEST else None
    return clients if clients - (LEAST - 1) >= SMALLEST else None


def count(question: Question, given: Iterable[Given | None]) -> dict[str, int]:
    """How many chose each option, in the form's order."""
    chosen = Counter(code for each in given if each is not None for code in each.codes)
    return {answer.code: chosen[answer.code] for answer in question.answers}


def lines_of(question: Question, told: Mapping[str, int]) -> tuple[Line, ...]:
    """A line for each option."""
    return tuple(Line(answer.code, told.get(answer.code), answer.label.wordings) for answer in question.answers)
