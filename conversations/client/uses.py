"""What money can be for, as a client says it: a use of the instrument, one of their own needs, or own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from conversations.instruments import NEEDS, TRANSFER
from conversations.looks import First
from conversations.questions import Lines, own_words, screenful
from conversations.script import Option, Said, Script
from conversations.text import Verbatim, Words, _

USES: Mapping[str, Verbatim] = {answer.code: answer.label for answer in TRANSFER.question("use").answers}

OF_NEED = "n."
"""Before the code of a need that a client put first."""

ALIKE = {
    "culture_religion": "ritual",
    "debt": "debt",
    "employment": "work",
    "food": "food",
    "housing": "home",
    "id_documents": "papers",
    "medical_basic": "health",
    "child_school": "school",
}
"""Needs that are called much the same as a use: one of both is enough on a screen."""


class For(NamedTuple):
    """What a line is for: a code ("" for own words alone), and own words."""

    use: str
    words: Said | None = None


def label_of(use: str) -> Verbatim | None:
    """What a code is called; None for own words, and for a code that nobody knows any more."""
    if not use.startswith(OF_NEED):
        return USES.get(use)
    code = use.removeprefix(OF_NEED)
    return next((item.label for item in NEEDS.items if item.code == code), None)


def options_of(uses: Iterable[str]) -> list[Option]:
    """Uses as buttons."""
    return [Option(use, label) for use in uses if (label := label_of(use)) is not None]


def uses_for(firsts: Sequence[First]) -> list[str]:
    """Every code, beginning with what this client put first."""
    needs = [first["item"] for first in firsts]
    said = {ALIKE.get(need) for need in needs}
    return [*(f"{OF_NEED}{need}" for need in needs), *(use for use in USES if use not in said)]


def read_words(said: Said, own: Iterable[str]) -> For:
    """Own words as a use, where they are what one is called in any language: one of their `own` first. What is called
    so only in part ("medicine") keeps the words beside it."""
    wanted = _bare(said.text)
    for use in (*own, *USES) if wanted else ():
        names = _names(use)
        if wanted in names:
            return For(use)
        if any(wanted in re.split(r"\s*[,၊]\s*", name) for name in names):
            return For(use, said)
    return For("", said)


def ask_use(key: str, lines: Lines, uses: Sequence[str]) -> Script[For | None]:
    """What it is for: a tap, own words or a voice note; None for a Skip."""
    shown = (lines,) if isinstance(lines, Words) else tuple(lines)
    options, page = options_of(uses), 0
    while True:
        reply = yield from own_words(key, shown, screenful(options, page))
        if reply.value == "more":
            page += 1
        elif isinstance(reply.value, Said):
            return read_words(reply.value, uses)
        else:
            return None if reply.value is None else For(reply.value)


def described(use: str, text: str, voice: int | None) -> Words:
    """What a line is for, within a sentence: their words where there are any."""
    if text:
        return _("“%(words)s”", words=Verbatim(text))
    if voice is not None:
        return _("a voice note")
    return label_of(use) or _("not said what for")


def said_back(what: For) -> list[Words]:
    """What it is for, as it was understood."""
    if not what.use and what.words is None:
        return []
    words = what.words or Said()
    return [_("For: %(what)s", what=described(what.use, words.text, words.voice))]


def same(use: str, text: str) -> str:
    """What lines for the same thing have in common: the code, or the bare words."""
    return use or f"“{_bare(text)}"


def _names(use: str) -> list[str]:
    alike = [f"{OF_NEED}{need}" for need, other in ALIKE.items() if other == use]
    labels = [label for each in (use, *alike) if (label := label_of(each)) is not None]
    return [_bare(words) for label in labels for words in label.wordings.values()]


def _bare(words: str) -> str:
    """Words without what does not count when they are compared."""
    return unicodedata.normalize("NFC", words).replace("\u200b", "").casefold().strip(" \t\n.…!?။-–:")
