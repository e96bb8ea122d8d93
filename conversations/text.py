"""Sentences to be worded later: scripts name what is said, `translations` finds the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence by its English message id, with `%(name)s` placeholders and what fills them."""

    message: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    plural: str | None = None
    """The English plural; the parameter `number` chooses the form."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words that are never translated: what a person typed, a code, a language's own name.

    `wordings` lets an instrument carry its wording by language; the first entry is the fallback.
    """

    words: str = ""
    wordings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time (aware, UTC), worded in the reader's language and in the time zone given."""

    at: datetime
    zone: str
    style: str = "day and time"
    """One of `time` (14:10), `day` (Monday 3 March), `day and time`."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in integer minor units of a currency (ISO 4217), worded in the reader's language."""

    amount: int
    currency: str
    native: bool = False
    """In the digits of the reader's language, for who chose so."""
    spelled: bool = False
    """Written out ("three hundred thousand kyat") instead of in figures."""


@dataclass(frozen=True, slots=True)
class Currency:
    """What a currency (ISO 4217) is called in the reader's language."""

    code: str


Words = Text | Verbatim
"""Anything that can be worded for a reader."""

Parameter: TypeAlias = "str | int | Text | Verbatim | Moment | Money | Currency"
"""What can fill a placeholder."""


def _(message: str, /, **parameters: Parameter) -> Text:
    """Mark a sentence for translation."""
    return Text(message, parameters)


def n_(singular: str, plural: str, number: int, /, **parameters: Parameter) -> Text:
    """Mark a sentence whose form depends on `number`."""
    return Text(singular, {"number": number, **parameters}, plural)


def shortened(text: str, longest: int = 160) -> str:
    """Long words cut for an overview; the whole is kept."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
