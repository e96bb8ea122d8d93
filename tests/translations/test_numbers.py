from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.languages import KNOWN
from translations.numbers import CLOSING, OPENING, digits, read_number

SCRIPTS = sorted({language.digits: language.code for language in KNOWN.values()}.values())


@given(st.integers(0, 10**9), st.sampled_from(SCRIPTS), st.text(OPENING, max_size=3), st.text(CLOSING, max_size=3))
def test_a_number_comes_back_from_every_script(number: int, language: str, before: str, after: str) -> None:
    assert read_number(before + digits(str(number), language) + after, 0, 10**9) == number


@given(st.text())
def test_reading_never_raises_and_keeps_to_the_bounds(text: str) -> None:
    assert read_number(text, 1, 4) in (None, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("၄", 4),
        ("4.", 4),
        (" (4) ", 4),
        ("4️⃣", 4),
        ("４", 4),
        ("၄။", 4),
        ("04", 4),
        ("၁ဝ", 10),  # the letter wa typed for zero
        ("၁ရ", 17),  # the letter ra typed for seven
        ("4\u200b", 4),
    ],
)
def test_ways_to_type_a_number(text: str, number: int) -> None:
    assert read_number(text, 0, 20) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "21",
        "4 4",
        "4-",
        "9" * 5000,
        "-4",
        "+4",
        "−4",
        "4.5",
        ".5",
        ",5",
        "4,5",
        "1 4",
        "1၄",
        "4%",
        "4/5",
        "four",
        "ဝ",
        "ရ",
        "²",
        "½",
        "Ⅳ",
    ],
)
def test_what_could_be_meant_otherwise_is_not_a_number(text: str) -> None:
    assert read_number(text, 0, 20) is None
