"""Answers on services without a name: who keeps every export learns of nobody which are theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.nameless import Answer, tell

JANUARY = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)


def said(
    people: Iterable[int], month: int, service: str = "legal", answer: str = "yes", version: int = 1
) -> list[Answer]:
    """One answer of each."""
    at = int(datetime(2026, month, 15, 12, 0, tzinfo=UTC).timestamp())
    return [Answer(person, at, version, service, "respect", "answered", answer) for person in people]


def months(answers: Iterable[Answer], now: datetime = JANUARY) -> list[tuple[object, int]]:
    """How many rows each time has."""
    rows = tell(answers, now)
    return [(months, sum(row[0] == months for row in rows)) for months in sorted({str(row[0]) for row in rows})]


def test_months_are_told_together_until_there_are_ten_clients() -> None:
    few = [*said(range(6), 8), *said(range(3, 10), 9), *said(range(12), 10), *said(range(9), 12)]
    assert months(few) == [("2026-08/2026-09", 13), ("2026-10", 12)]


def test_ten_answers_of_fewer_clients_are_not_enough() -> None:
    assert months([*said(range(5), 9), *said(range(5), 10), *said(range(5), 11)]) == []


def test_a_month_is_told_when_it_is_over() -> None:
    december = said(range(10), 12)
    assert months(december, datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == []
    assert months(december) == [("2026-12", 10)]


def test_what_was_told_once_is_told_the_same_later() -> None:
    """Two exports side by side tell of nobody who answered in between."""
    before = [*said(range(10), 9), *said(range(4), 10)]
    after = [*before, *said(range(20, 29), 11)]
    first, second = (tell(answers, JANUARY) for answers in (before, after))
    assert [row for row in second if row in first] == first
    assert len(second) - len(first) == 13


def test_versions_are_not_pooled() -> None:
    assert months([*said(range(9), 9), *said(range(9, 18), 9, version=2)]) == []


def test_services_of_a_few_are_told_together() -> None:
    rows = tell([*said(range(12), 9), *said(range(20, 26), 9, "job"), *said(range(30, 35), 9, "home", "no")], JANUARY)
    assert {(row[2], row[5]) for row in rows} == {("legal", "yes"), ("*", "yes"), ("*", "no")}
    rows = tell([*said(range(12), 9), *said(range(20, 26), 9, "job")], JANUARY)
    assert {row[2] for row in rows} == {"*"}, "the six would be all that is left over"


def test_the_order_tells_nothing() -> None:
    forth = [*said(range(5), 9, answer="yes"), *said(range(5, 10), 9, answer="no")]
    assert tell(forth, JANUARY) == tell(reversed(forth), JANUARY)
    assert [len(row) for row in tell(forth, JANUARY)] == [6] * 10
