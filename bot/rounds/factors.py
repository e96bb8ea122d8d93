"""What a result tells of what helped and what made things harder, and of the axes that it touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import Final

from bot.answers import FIRST
from bot.report.disclosure import LEAST, Count, is_safe
from bot.rounds.figures import Client, Line, Section, choose, count, lines_of
from conversations.instruments.form import Form
from conversations.text import Verbatim

DIRECTIONS: Final = {"helped": ("helped",), "harder": ("harder", "pressed")}
"""What helped and what made things harder, with the questions that ask for it."""

NOTHING: Final = "nothing"
"""An option beside the factors that is none of them, and is not told."""


def factors(form: Form, clients: Collection[Client]) -> Iterator[Section]:
    """For each direction the factors picked, the axes that the first of them touched, and the one by the other."""
    for direction, questions in DIRECTIONS.items():
        picked: dict[str, int] = {}
        hidden = 0
        for question in map(form.question, questions):
            counts = count(question, (client.get(question.code) for client in clients))
            counts.pop(NOTHING)
            told = choose(counts, len(clients), question.most)
            lines = [line for line in lines_of(question, told) if line.code != NOTHING]
            yield Section(question.code, len(clients), tuple(sorted(lines, key=lambda line: -(line.yes or 0))))
            picked |= told
            hidden += len(counts) - len(told)
        axes = form.question(f"{direction}_touched")
        counts = count(axes, (client.get(axes.code) for client in clients))
        most = _most_touched(picked, hidden)
        touched = {axis: yes for axis, yes in choose(counts, len(clients), axes.most).items() if yes <= most}
        yield Section(axes.code, len(clients), lines_of(axes, touched))
        yield from _crossed(form, direction, clients, picked, touched)


def _most_touched(picked: Mapping[str, int], hidden: int) -> int:
    """Whoever was touched picked something: more than these factors can account for, were one of those that are hidden
    picked by nobody, would tell of it."""
    return sum(picked.values()) + (LEAST - 1) * (hidden - 1)


def _crossed(
    form: Form, direction: str, clients: Collection[Client], picked: Mapping[str, int], touched: Mapping[str, int]
) -> Iterator[Section]:
    """How many named a factor first and were touched by it on an axis."""
    axes = form.question(f"{direction}_touched")
    pairs = Counter(pair for client in clients for pair in _pairs(client, DIRECTIONS[direction], axes.code))
    told = {
        (factor, axis): yes
        for (factor, axis), yes in sorted(pairs.items())
        if factor in picked and axis in touched and is_safe(Count(picked[factor], yes))
    }
    while told and not _leaves_enough(told, touched, len(clients)):
        del told[min(reversed(told), key=told.__getitem__)]
    if told:
        labels = {answer.code: answer.label for code in DIRECTIONS[direction] for answer in form.question(code).answers}
        labels |= {answer.code: answer.label for answer in axes.answers}
        lines = [
            Line(f"{factor}.{axis}", yes, _joined(labels[factor], labels[axis])) for (factor, axis), yes in told.items()
        ]
        yield Section(f"{direction}.crossed", len(clients), tuple(lines))


def _pairs(client: Client, questions: Iterable[str], axes: str) -> Iterator[tuple[str, str]]:
    if axes in client:
        first = [
            factor for code in questions if f"{code}.{FIRST}" in client for factor in client[f"{code}.{FIRST}"].codes
        ]
        yield from product(first, client[axes].codes)


def _leaves_enough(told: Mapping[tuple[str, str], int], touched: Mapping[str, int], clients: int) -> bool:
    """A client has one first factor: on each axis those of other factors are left, and so is who named another one."""
    by_axis: Counter[str] = Counter()
    most: dict[str, int] = {}
    for (factor, axis), yes in told.items():
        by_axis[axis] += yes
        most[factor] = max(most.get(factor, 0), yes)
    enough = all(touched[axis] - yes >= LEAST for axis, yes in by_axis.items())
    return enough and clients - sum(most.values()) >= LEAST


def _joined(factor: Verbatim, axis: Verbatim) -> dict[str, str]:
    return {language: f"{words} · {axis.wordings[language]}" for language, words in factor.wordings.items()}
