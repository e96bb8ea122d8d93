from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from storage import ids
from storage.ids import new_id

NOW = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last", 0)


def test_a_hundred_thousand_ids_of_one_moment_are_unique_and_grow() -> None:
    made = [new_id(NOW) for _ in range(100_000)]
    assert all(one < next_ for one, next_ in pairwise(made))
    assert made[0] > 0
    assert made[-1] < 2**63


def test_ids_grow_with_the_clock_and_when_it_is_set_back() -> None:
    made = [new_id(NOW + timedelta(milliseconds=step)) for step in (0, 1, 2, 1_000, -3_600_000, -3_599_000, 0)]
    assert made == sorted(set(made))


def test_an_id_tells_its_moment_and_chance_fills_the_rest() -> None:
    made = set()
    for _ in range(200):
        ids._last = 0
        made.add(new_id(NOW))
    assert {id_ >> 22 for id_ in made} == {int(NOW.timestamp() * 1000) - ids.EPOCH}
    assert len({id_ & (2**22 - 1) for id_ in made}) > 190


def test_ids_stay_within_63_bits_until_2089() -> None:
    last = new_id(datetime(2089, 9, 1, tzinfo=UTC))
    assert new_id(NOW) == last + 1
    assert last < 2**63
