"""What a script may yield, and what comes back.

A script is a plain generator. It yields `Ask` (a question: the script rests until it is answered), `Look`
(something to read), `Do` (something to record or change) and `Say` (a message that needs no answer).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

from conversations.text import Words

T = TypeVar("T")
Json: TypeAlias = Any
"""What `json` reads back as it was written: None, bool, int, float, str, list, dict with str keys."""


class Status(StrEnum):
    """How a question was left; kept apart because a skip is not a low rating."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    DECLINED = "prefer_not_to_say"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What came back from a question; `value` is None unless it was answered."""

    status: Status
    value: T | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One button: an ASCII code of at most 24 bytes, and its label."""

    code: str
    label: Words


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one of the options. Where they follow a `live` look, what is there may have changed since it was tapped:
    any code that was on the screen is an answer, and the script says what became of it."""

    options: tuple[Option, ...]
    live: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of the options up to `most`; a tap toggles, Done answers."""

    options: tuple[Option, ...]
    most: int


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Typed words or a voice note; options beside it are taps that answer in the client's stead."""

    options: tuple[Option, ...] = ()
    voice: bool = True


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in one currency (ISO 4217), typed or tapped together; read as integer minor units. Options beside it are
    taps that answer in its stead."""

    currency: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Jotting:
    """An amount and what it was for in one line ("500 food"), a voice note, or one of the options beside it."""

    currency: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date."""


Kind: TypeAlias = Choice | Several | OwnWords | Amount | Jotting | Day


@dataclass(frozen=True, slots=True)
class Said:
    """Own words: typed text, or a voice note by the id of its row."""

    text: str = ""
    voice: int | None = None
    seconds: int = 0
    original: str = ""
    """As it was typed, where that differs (an older encoding of Burmese)."""


@dataclass(frozen=True, slots=True)
class Jotted:
    """What came of a `Jotting`: the amount in minor units, None where none was understood, and the words beside it."""

    amount: int | None
    said: Said


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the person."""

    key: str
    lines: tuple[Words, ...]
    kind: Kind
    title: Words | None = None
    skip: bool = True
    back: bool = True
    """Offer Back here when there is something to go back to."""
    firm: bool = False
    """An answer that Back never reopens (language, adult, consent)."""
    stop: bool = True
    decline: bool = False
    """Offer "I'd rather not say", kept apart from Skip."""
    place: tuple[int, int] | None = None
    """Where this stands, as (7, 21) for "7 of 21"."""


@dataclass(frozen=True, slots=True)
class Look:
    """Something to read within this turn. A `live` one is read again on every run and never logged:
    for what a screen shows, never for what is asked next."""

    key: str
    query: object
    live: bool = False


@dataclass(frozen=True, slots=True)
class Do:
    """Something to record or change within this turn.

    A `final` one can be seen by others (an alert, a claim, a consent): Back stops there, and a replay of an
    older session on a newer script never fills it in later; it comes back as None then.
    """

    key: str
    act: object
    final: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """A message that needs no answer."""

    lines: tuple[Words, ...]


Step: TypeAlias = Ask | Look | Do | Say
Script: TypeAlias = Generator[Step, Any, T]


@dataclass(frozen=True, slots=True)
class Then:
    """What a script returns to start another one in its place."""

    script: str
    arguments: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoOn:
    """What a script returns to bring a parked session back."""

    session: int


Ending: TypeAlias = Then | GoOn | None
