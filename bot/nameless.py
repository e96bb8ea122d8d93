"""Answers on services as a programme's analysts read them: without a name, a code, a sitting or a day.

Who keeps every export, and knows from other files who checked in when, must not learn whose they are. So they are told
only of months that are over, as many of them together as it takes for 10 clients, counted from the first one, so that
a later export does not cut them otherwise; and of a service only where 10 clients said something of it, all others
together. What one client said about one service stands in rows that nothing ties to each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from bot.report.census import SMALLEST
from bot.report.crowd import OTHERS, large


class Answer(NamedTuple):
    """One answer; `at` in epoch seconds."""

    person: int
    at: int
    version: int
    service: str
    question: str
    status: str
    answer: str


def tell(answers: Iterable[Answer], now: datetime) -> list[tuple[object, ...]]:
    """Rows of months (2026-11, or 2026-09/2026-11), version, service, question, status and answer, in an order that
    tells nothing; none of a time in which there were too few clients."""
    versions: defaultdict[int, defaultdict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for answer in answers:
        month = _month(datetime.fromtimestamp(answer.at, UTC))
        if month < _month(now):
            versions[answer.version][month].append(answer)
    return sorted(row for months in versions.values() for row in _rows(months))


def _rows(months: Mapping[str, Sequence[Answer]]) -> Iterator[tuple[object, ...]]:
    together: list[Answer] = []
    first = ""
    for month in sorted(months):
        first = first or month
        together += months[month]
        if len({answer.person for answer in together}) >= SMALLEST:
            yield from _of(first if first == month else f"{first}/{month}", together)
            together, first = [], ""


def _of(months: str, answers: Sequence[Answer]) -> Iterator[tuple[object, ...]]:
    clients: defaultdict[str, set[int]] = defaultdict(set)
    for answer in answers:
        clients[answer.service].add(answer.person)
    named = large({service: len(people) for service, people in clients.items()})
    for answer in answers:
        service = answer.service if answer.service in named else OTHERS
        yield (months, answer.version, service, answer.question, answer.status, answer.answer)


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m}"
