"""What a result tells of services: of all together, and by service where the others hide what is left over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from bot.answers import SERVICE, about
from bot.report.census import SMALLEST
from bot.rounds.figures import Client, Given, Line, Section, among, choose
from conversations.instruments.form import Form

SERVICE_FIGURES: Final = {
    "wanted": ("yes",),
    "respect": ("yes",),
    "refuse": ("yes",),
    "retold": ("yes",),
    "since": ("stronger", "weaker"),
}
"""What is told about a service: of each question these options."""


class Served(NamedTuple):
    """Who was asked about a service, and how many said what: by question and option."""

    clients: int
    said: Counter[tuple[str, str]]


def services(form: Form, clients: Collection[Client]) -> Iterator[Section]:
    """All services together, then each of those that are large enough and leave enough for the others."""
    clients_of: Counter[str] = Counter()
    said_of: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for client in clients:
        answers = [each for each in client.values() if _is_of_service(each)]
        if answers:
            clients_of[answers[0].about] += 1
            said_of[answers[0].about].update((each.question.code, code) for each in answers for code in each.codes)
    by_service = {code: Served(number, said_of[code]) for code, number in clients_of.items()}
    asked, said = _sum(by_service.values())
    number = among(asked, len(clients))
    if number is not None:
        together = Served(number, said)
        told = _told(together)
        yield Section("services", together.clients, _service_lines(told))
        if number < len(clients):
            yield from _by_service(form, by_service, told)


def _is_of_service(given: Given) -> bool:
    return given.question.part == SERVICE and bool(given.about) and not given.left_out


def _sum(services: Iterable[Served]) -> Served:
    every = list(services)
    return Served(sum(each.clients for each in every), sum((each.said for each in every), Counter()))


def _told(served: Served) -> dict[tuple[str, str], int]:
    told: dict[tuple[str, str], int] = {}
    for question, codes in SERVICE_FIGURES.items():
        counts = {code: served.said[question, code] for code in codes}
        told |= {(question, code): yes for code, yes in choose(counts, served.clients).items()}
    return told


def _service_lines(told: Mapping[tuple[str, str], int]) -> tuple[Line, ...]:
    every = [(question, code) for question, codes in SERVICE_FIGURES.items() for code in codes]
    return tuple(Line(f"{question}.{code}", told.get((question, code))) for question, code in every)


def _by_service(form: Form, services: Mapping[str, Served], together: Collection[tuple[str, str]]) -> Iterator[Section]:
    """Whatever is told of a service is told of those not named as well, by subtraction: where that is not safe by
    itself, it is told of none. Of a question everything is told that is told of all services together, or nothing.
    And only where a reader knows how many were asked: it would tell how many were not."""
    named = sorted((code for code in services if services[code].clients >= SMALLEST), key=lambda c: services[c].clients)
    while named and sum(services[code].clients for code in services if code not in named) < SMALLEST:
        named.pop(0)
    others = _told(_sum(services[code] for code in services if code not in named))
    for code in reversed(named):
        mine = _told(services[code])
        hidden = {question for question, option in together if (question, option) not in mine.keys() & others}
        told = {key: yes for key, yes in mine.items() if key in together and key[0] not in hidden}
        if told:
            yield Section(f"service.{code}", services[code].clients, _service_lines(told), about(form, code).wordings)
