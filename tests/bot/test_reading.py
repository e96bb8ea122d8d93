"""What is typed or tapped where an amount is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from bot import screens
from bot.reading import Answer, Draft, NotUnderstood, Reading, read_tap, read_words
from conversations.script import Amount, Ask, Jotting, Json, Kind, Option
from conversations.text import Verbatim
from translations.encoding import write_zawgyi
from translations.wording import word

TODAY = date(2026, 3, 20)
ASKED_AT = 1_000
MINE = (Option("unsure", Verbatim("Not sure")),)


def shown(kind: Kind, draft: Json = None) -> dict[str, Json]:
    """A screen as the session keeps it."""
    ask = Ask("k", (), kind)
    taps = screens.taps(ask, can_go_back=False)
    return {"kind": screens.describe(kind), "taps": taps, "number": 0, "at": ASKED_AT, "draft": draft}


def typed(kind: Kind, text: str, *, language: str = "my", at: int = ASKED_AT) -> Reading:
    """What words mean to the question."""
    return read_words(shown(kind), text, at, language, TODAY)


def answered(value: Json) -> Answer:
    return Answer({"status": "answered", "value": value})


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("500", "MMK", 500), ("၁ သိန်းခွဲ", "MMK", 150_000), ("0", "MMK", 0), ("12.5", "THB", 1250), ("500.-", "THB", 50_000)],
)
def test_an_amount_is_kept_in_minor_units_with_its_currency(text: str, currency: str, minor: int) -> None:
    assert typed(Amount(currency), text) == answered([minor, currency])


def test_an_amount_in_zawgyi_is_read_for_who_chose_burmese() -> None:
    zawgyi = write_zawgyi("၂ သောင်း")
    assert typed(Amount("MMK"), zawgyi) == answered([20_000, "MMK"])
    assert isinstance(typed(Amount("MMK"), zawgyi, language="shn"), NotUnderstood)


@pytest.mark.parametrize("text", ["a lot", "5 or 6", "1,23,456", "-500", "9" * 1000, "12.5"])
def test_what_is_no_sure_amount_is_asked_again(text: str) -> None:
    read = typed(Amount("MMK"), text)
    assert isinstance(read, NotUnderstood)
    assert word(read.note, "en").startswith("I am not sure how much that is.")


def test_another_currency_is_answered_with_the_one_that_counts_here() -> None:
    read = typed(Amount("MMK"), "500 baht")
    assert isinstance(read, NotUnderstood)
    assert word(read.note, "en").startswith("I count in kyat here.")


def test_an_amount_from_before_the_question_waits_for_done() -> None:
    assert typed(Amount("MMK"), "500", at=ASKED_AT - 2) == Draft(500)
    assert typed(Amount("MMK"), "500", at=ASKED_AT - 1) == answered([500, "MMK"])
    drawn = screens.draw(Ask("k", (), Amount("MMK")), 1, shown(Amount("MMK"), 0), "en")
    assert "So far: 0 kyat" in drawn["text"]
    assert [button["text"] for button in drawn["reply_markup"]["inline_keyboard"][1]] == ["Start again", "Done"]


def test_taps_add_up_until_done() -> None:
    kind, draft = Amount("THB", MINE), None
    for code in ("+1000", "+10000", "+10000"):
        read = read_tap(shown(kind, draft), code)
        assert isinstance(read, Draft)
        draft = read.value
    assert draft == 21_000
    assert read_tap(shown(kind, draft), screens.DONE) == answered([21_000, "THB"])
    assert read_tap(shown(kind, draft), screens.DROP) == Draft(None)
    assert read_tap(shown(kind, draft), "unsure") == answered("unsure")


def test_done_without_an_amount_is_not_an_amount_of_nothing() -> None:
    assert isinstance(read_tap(shown(Amount("MMK")), screens.DONE), NotUnderstood)
    assert read_tap(shown(Amount("MMK"), 0), screens.DONE) == answered([0, "MMK"])


@pytest.mark.parametrize("code", ["+5", "+1000000", "-1000", "+", "~q"])
def test_a_step_that_was_not_offered_adds_nothing(code: str) -> None:
    assert isinstance(read_tap(shown(Amount("MMK"), 500), code), NotUnderstood)


def test_taps_end_where_typed_amounts_end() -> None:
    assert read_tap(shown(Amount("THB"), 10**14 - 1), "+1000") == Draft(10**14)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500 food", {"text": "food", "original": "500 food", "amount": 500, "currency": "MMK"}),
        ("ထမင်း ၅၀၀", {"text": "ထမင်း", "original": "ထမင်း ၅၀၀", "amount": 500, "currency": "MMK"}),
        ("500", {"text": "", "original": "500", "amount": 500, "currency": "MMK"}),
        ("2 phones 500", {"text": "2 phones 500", "currency": "MMK"}),
        ("500 baht food", {"text": "500 baht food", "currency": "MMK"}),
    ],
)
def test_a_jotting_keeps_the_amount_if_it_is_sure_and_the_words_always(text: str, value: Json) -> None:
    assert typed(Jotting("MMK"), text) == answered(value)
    assert typed(Jotting("MMK"), text, at=ASKED_AT - 2) == Draft(value)


def test_a_jotting_in_zawgyi_keeps_how_it_was_typed() -> None:
    zawgyi = write_zawgyi("ဆေးဖိုး ၂ သောင်း")
    value = {"text": "ဆေးဖိုး", "original": zawgyi, "amount": 20_000, "currency": "MMK"}
    assert typed(Jotting("MMK"), zawgyi) == answered(value)


def test_a_jotting_from_before_the_question_can_be_used() -> None:
    said = {"text": "food", "original": "500 food", "amount": 500, "currency": "MMK"}
    assert read_tap(shown(Jotting("MMK"), said), screens.USE) == answered(said)
    assert read_tap(shown(Jotting("MMK"), said), screens.DROP) == Draft(None)
