"""Answers on services as a programme's analysts read them: without a name, a code, a sitting or a day.

Who keeps every export, and knows from other files who checked in when, must not learn whose they are. So they are told
only of months that are over, as many of them together as it takes for 10 clients, counted from the first one, so that
a later export does not cut them otherwise; and of a service only where 10 clients said something of it, all others
together. What one client said about one service stands in rows that nothing ties to each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
        month = month_of(datetime.fromtimestamp(answer.at, UTC))
        if month < month_of(now):
            versions[answer.version][month].append(answer)
    return sorted(row for months in versions.values() for row in _rows(months))


def _rows(months: Mapping[str, Sequence[Answer]]) -> Iterator[tuple[object, ...]]:
    names = spans({month: {answer.person for answer in answers} for month, answers in months.items()}, SMALLEST)
    together: defaultdict[str, list[Answer]] = defaultdict(list)
    for month, name in names.items():
        together[name] += months[month]
    for name, answers in together.items():
        yield from _of(name, answers)


def spans(people: Mapping[str, Collection[int]], least: int) -> dict[str, str]:
    """By month (2026-11) what it is told as: so many months together that there were at least so many people in them,
    counted from the first one. A month that does not come to that is not there yet."""
    names: dict[str, str] = {}
    together: list[str] = []
    for month in sorted(people):
        together.append(month)
        if len(set[int]().union(*(people[each] for each in together))) >= least:
            names |= dict.fromkeys(together, month if together == [month] else f"{together[0]}/{month}")
            together = []
    return names


def _of(months: str, answers: Sequence[Answer]) -> Iterator[tuple[object, ...]]:
    clients: defaultdict[str, set[int]] = defaultdict(set)
    for answer in answers:
        clients[answer.service].add(answer.person)
    named = large({service: len(people) for service, people in clients.items()})
    for answer in answers:
        service = answer.service if answer.service in named else OTHERS
        yield (months, answer.version, service, answer.question, answer.status, answer.answer)


def month_of(moment: datetime) -> str:
    """The month that an aware time is in, as in 2026-11, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m}"
