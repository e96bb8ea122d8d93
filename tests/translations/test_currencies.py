from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.text import Money, _
from translations.amounts import parse_amount
from translations.currencies import NAMES, SAID, digits_of, figures, most_of, name, show, steps_of, to_minor
from translations.languages import KNOWN
from translations.wording import word


@given(
    st.integers(0, 10**14) | st.builds(lambda lead, zeros: lead * 10**zeros, st.integers(0, 99), st.integers(0, 9)),
    st.sampled_from([*SAID, "CHF"]),
    st.sampled_from(sorted(KNOWN)),
    st.booleans(),
    st.booleans(),
)
def test_what_is_shown_is_read_back(minor: int, currency: str, language: str, native: bool, spelled: bool) -> None:
    minor = min(minor, most_of(currency))
    shown = show(Money(minor, currency, native=native, spelled=spelled), language)
    amount = parse_amount(shown, currency)
    assert amount is not None, shown
    assert to_minor(amount, currency) == minor


@pytest.mark.parametrize(
    ("money", "language", "shown"),
    [
        (Money(300_000, "MMK"), "en", "300,000 kyat"),
        (Money(300_000, "MMK"), "my", "300,000 ကျပ်"),
        (Money(300_000, "MMK", native=True), "my", "၃၀၀,၀၀၀ ကျပ်"),
        (Money(300_000, "MMK", spelled=True), "en", "three hundred thousand kyat"),
        (Money(300_000, "MMK", spelled=True), "my", "ကျပ် သုံးသိန်း"),
        (Money(5_000_000, "MMK", spelled=True), "my", "ကျပ် သိန်းငါးဆယ်"),
        (Money(15, "MMK", spelled=True), "my", "ဆယ့်ငါး ကျပ်"),
        (Money(10, "MMK", spelled=True), "my", "ဆယ် ကျပ်"),
        (Money(30_000_000, "THB", spelled=True), "th", "สามแสนบาท"),
        (Money(200_500, "THB", spelled=True), "th", "2,005 บาท"),  # said, it may be 2,500
        (Money(12_550, "THB", spelled=True), "en", "125.50 baht"),
        (Money(12_550, "THB"), "th", "125.50 บาท"),
        (Money(12_500, "THB"), "en", "125 baht"),
        (Money(50_000, "LAK"), "lo", "50,000 ກີບ"),
        (Money(15_000, "KHR", spelled=True), "km", "មួយម៉ឺនប្រាំពាន់រៀល"),
        (Money(300_000, "MMK", spelled=True), "shn", "three hundred thousand kyat"),
        (Money(300_000, "MMK", native=True), "shn", "႓႐႐,႐႐႐ kyat"),
        (Money(10_000, "CHF"), "my", "100 CHF"),
        (Money(0, "MMK", spelled=True), "en", "zero kyat"),
    ],
)
def test_how_money_is_shown(money: Money, language: str, shown: str) -> None:
    assert show(money, language) == shown


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("300000", "MMK", 300_000), ("12.5", "THB", 1250), ("12.555", "THB", None), ("0.5", "KHR", None), ("0", "VND", 0)],
)
def test_minor_units(amount: str, currency: str, minor: int | None) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize("currency", [*SAID, "CHF", "JOD"])
def test_taps_grow_tenfold_and_show_without_decimals(currency: str) -> None:
    steps = steps_of(currency)
    assert [step * 10 for step in steps[:-1]] == list(steps[1:])
    assert steps[0] % 10 ** digits_of(currency) == 0
    assert max(len(figures(step, currency)) for step in steps) <= 9


def test_a_sentence_names_a_currency_in_its_readers_language() -> None:
    sentence = _("%(currency)s", currency=name("MMK"))
    assert word(sentence, "en") == "kyat"
    assert word(name("MMK"), "my") == "ကျပ်"
    assert word(name("CHF"), "my") == "CHF"


def test_every_currency_that_has_a_name_is_read_by_it() -> None:
    for currency, names in NAMES.items():
        for language, called in names.items():
            assert parse_amount(f"500 {called}", currency) == 500, (currency, language)
