"""What a person's input means to the question that was on their screen when they gave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from bot import screens
from conversations.script import Json, Status
from conversations.text import Currency, Words, _
from translations import currencies
from translations.amounts import find_amount, names_another_currency, parse_amount
from translations.dates import read_date
from translations.encoding import read_burmese
from translations.numbers import read_number

Shown: TypeAlias = Mapping[str, Json]

LONGEST_NOTE: Final = 120
"""Seconds of a voice note that is kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to the question shown, as the log keeps it."""

    value: Json


@dataclass(frozen=True, slots=True)
class GoBack:
    """Reopen the question before."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave the dialogue for now; what was said is kept."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Not an answer yet: what is ticked so far, or words to be asked about."""

    value: Json


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Ask again, kindly, saying why."""

    note: Words


Reading: TypeAlias = Answer | GoBack | Stop | Draft | NotUnderstood


def read_tap(shown: Shown, code: str) -> Reading:
    """A tap on a button of the question shown."""
    kind, draft = shown["kind"], shown.get("draft")
    if code not in (*kind["codes"], *shown["taps"]):
        return NotUnderstood(_("That button is not here any more."))
    match code:
        case screens.BACK:
            return GoBack()
        case screens.STOP:
            return Stop()
        case screens.SKIP:
            return Answer({"status": Status.SKIPPED})
        case screens.DECLINE:
            return Answer({"status": Status.DECLINED})
        case screens.DONE if kind["is"] == "amount":
            if draft is None:
                return NotUnderstood(_("That button is not here any more."))
            return Answer({"status": Status.ANSWERED, "value": [draft, kind["currency"]]})
        case screens.DONE:
            return Answer({"status": Status.ANSWERED, "value": draft or []})
        case screens.USE if isinstance(draft, dict):
            return Answer({"status": Status.ANSWERED, "value": draft})
        case screens.USE | screens.DROP:
            return Draft(None)
        case _step if kind["is"] == "amount" and code.startswith(screens.ADD):
            return Draft(min((draft or 0) + int(code), currencies.most_of(kind["currency"])))
    if kind["is"] == "several":
        return _toggle(kind, draft or [], code)
    return Answer({"status": Status.ANSWERED, "value": code})


def read_words(shown: Shown, text: str, at: int, language: str, today: date) -> Reading:
    """Typed words. `at` is when they were sent (epoch seconds): words from before the question was on the screen
    are asked about."""
    kind = shown["kind"]
    if kind["is"] in ("words", "jotting"):
        read = read_burmese(text.strip(), language)
        said = {"text": read.text} if read.text == read.original else {"text": read.text, "original": read.original}
        if not read.text:
            return NotUnderstood(_("Please write a few words, or tap a button."))
        if kind["is"] == "jotting":
            said |= _jotted(read.text, read.original, kind["currency"])
        if at + 1 < shown["at"]:
            return Draft(said)
        return Answer({"status": Status.ANSWERED, "value": said})
    if kind["is"] == "amount":
        return _read_amount(read_burmese(text, language).text, kind["currency"], early=at + 1 < shown["at"])
    if kind["is"] == "choice" and at + 1 >= shown["at"]:
        digit = read_number(text, 0, 9)
        if digit is not None and str(digit) in kind["codes"]:
            return Answer({"status": Status.ANSWERED, "value": str(digit)})
    if kind["is"] == "day":
        day = read_date(text, today, language)
        if day is not None:
            return Answer({"status": Status.ANSWERED, "value": day.isoformat()})
        return NotUnderstood(_("I could not read that as a date. Please try again, for example 24/12/2026."))
    return NotUnderstood(_("Please tap one of the buttons. I did not keep those words."))


def refuse_voice(shown: Shown, seconds: int) -> NotUnderstood | None:
    """Why a voice note cannot be the answer here, if it cannot."""
    if not (shown["kind"]["is"] in ("words", "jotting") and shown["kind"]["voice"]):
        return NotUnderstood(_("I cannot use a voice note here. I did not keep it."))
    if seconds > LONGEST_NOTE:
        return NotUnderstood(_("That voice note is too long for me. Two minutes at most, please."))
    return None


def _read_amount(text: str, currency: str, *, early: bool) -> Reading:
    """What was typed as minor units; what could be meant otherwise is asked for again, never guessed. A number from
    before the question stands as if it were tapped together, until Done."""
    amount = parse_amount(text, currency)
    minor = None if amount is None else currencies.to_minor(amount, currency)
    if minor is not None:
        return Draft(minor) if early else Answer({"status": Status.ANSWERED, "value": [minor, currency]})
    if names_another_currency(text, currency):
        return NotUnderstood(
            _("I count in %(currency)s here. Please write how much it is in that.", currency=Currency(currency))
        )
    return NotUnderstood(_("I am not sure how much that is. Please write one number, or tap it together."))


def _jotted(text: str, typed: str, currency: str) -> dict[str, Json]:
    """The amount in a line and the words beside it; where no amount is sure, all of it is words."""
    found = find_amount(text, currency)
    minor = None if found is None else currencies.to_minor(found[0], currency)
    if found is None or minor is None:
        return {"currency": currency}
    return {"text": found[1], "original": typed, "amount": minor, "currency": currency}


def _toggle(kind: Mapping[str, Json], ticked: list[str], code: str) -> Reading:
    if code in ticked:
        return Draft([tick for tick in ticked if tick != code])
    if len(ticked) >= kind["most"]:
        return NotUnderstood(_("That is as many as fit here. Tap one again to take it away."))
    return Draft([*ticked, code])
