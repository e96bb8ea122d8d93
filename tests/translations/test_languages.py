from __future__ import annotations

import unicodedata

import pytest
from babel import Locale

from translations.languages import KNOWN, LANGUAGES, Language, known, suggest


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("my", "my"),
        ("my-Mymr-MM", "my"),
        ("th", None),  # known, not offered
        ("ksw", None),
        ("mya", None),
        ("xx", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_suggests_only_what_is_offered(tag: str | None, language: str | None) -> None:
    assert suggest(tag) == language


def test_offered_languages_are_known_and_english_comes_first() -> None:
    assert list(LANGUAGES) == ["en", "my"]
    assert all(KNOWN[code] is language and language.code == code for code, language in LANGUAGES.items())


@pytest.mark.parametrize("language", KNOWN.values(), ids=list(KNOWN))
def test_each_row_holds_ten_digits_in_order_and_a_locale_with_real_names(language: Language) -> None:
    assert [unicodedata.decimal(digit) for digit in language.digits] == list(range(10))
    assert Locale.parse(language.locale).months["format"]["wide"][11] != "M11"
    assert language.direction in ("ltr", "rtl")


def test_an_unknown_code_is_english_and_does_not_raise() -> None:
    assert known("../../etc").code == "en"
