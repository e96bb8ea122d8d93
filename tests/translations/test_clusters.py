from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.clusters import count, shorten, split


# As `regex` 2026 splits them with \X.
@pytest.mark.parametrize(
    "clusters",
    [
        ["a", "b"],
        ["e\u0301"],
        ["က", "ာ", "း"],
        ["လူ", "မှု", "အ", "ခြေ", "အ", "နေ"],
        ["ကျွ", "န်", "တေ", "ာ်"],
        ["င်္က"],
        ["ပ", "န္န", "က်"],
        ["ကျွ", "န်ု", "ပ်", "တို့"],
        ["น้ำ"],
        ["ນ້ຳ"],
        ["ស្រី"],
        ["👩‍👧"],
        ["👍🏽"],
        ["🇲🇲", "🇹🇭"],
        ["4️⃣"],
        ["❤️"],
        ["\r\n", "a"],
        ["\u0301"],
    ],
    ids="".join,
)
def test_text_is_split_as_a_reader_sees_it(clusters: list[str]) -> None:
    assert split("".join(clusters)) == clusters
    assert count("".join(clusters)) == len(clusters)


def test_places_to_break_take_no_room() -> None:
    assert count("အလုပ်\u200bရှာ") == count("အလုပ်ရှာ") == 5


def test_a_text_is_cut_between_clusters() -> None:
    assert shorten("ပန္နက်", 3) == "ပန္နက်"
    assert shorten("ပန္နက်", 2) == "ပ…"
    assert shorten("👩‍👧👩‍👧👩‍👧", 2) == "👩‍👧…"


@given(st.one_of(st.text(), st.text("ကျွန္်ာေ\u200b\u200d🇲👩a\r\n")), st.integers(1, 30))
def test_nothing_is_lost_and_no_cut_is_too_long(text: str, most: int) -> None:
    assert "".join(split(text)) == text
    assert len(split(shorten(text, most))) <= most
