"""Typed questions: the few ways a script asks for something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from conversations.script import (
    Amount,
    Ask,
    Choice,
    Day,
    Do,
    Jotted,
    Jotting,
    Look,
    Option,
    OwnWords,
    Reply,
    Said,
    Say,
    Script,
    Several,
)
from conversations.text import Words, _

Lines = Words | Iterable[Words]

MOST_LISTED = 5
"""Options of a long list on one screen, so that a few others fit beside them."""


def choose(
    key: str, lines: Lines, options: Iterable[Option], *, live: bool = False, **settings: Any
) -> Script[Reply[str]]:
    """One of the options; the reply's value is its code. `live`: see `Choice`."""
    reply: Reply[str] = yield Ask(key, _lines(lines), Choice(tuple(options), live), **settings)
    return reply


def screenful(options: Sequence[Option], page: int) -> list[Option]:
    """One page (from 0) of a long list of options, with `more` for the next; after the last the first comes again."""
    pages = max(1, -(-len(options) // MOST_LISTED))
    first = page % pages * MOST_LISTED
    more = [Option("more", _("More"))] if pages > 1 else []
    return [*options[first : first + MOST_LISTED], *more]


def pick(key: str, lines: Lines, options: Sequence[Option], *always: Option) -> Script[str]:
    """One of a list of any length that may have changed since it was tapped, a screenful at a time; or of `always`,
    which stand under every page."""
    shown, page = _lines(lines), 0
    while True:
        tap = yield from confirm(key, shown, *screenful(options, page), *always, live=True)
        if tap != "more":
            return tap
        page += 1


def confirm(key: str, lines: Lines, *options: Option, **settings: Any) -> Script[str]:
    """One of the options, with neither Skip nor Stop: a step that must be decided to go on."""
    settings = {"skip": False, "stop": False, **settings}
    reply = yield from choose(key, lines, options, **settings)
    return reply.value or ""


def settle(key: str, lines: Lines, *options: Option) -> Script[str]:
    """Like `confirm`, for what Back never reopens."""
    return (yield from confirm(key, lines, *options, back=False, firm=True))


def choose_several(
    key: str, lines: Lines, options: Iterable[Option], most: int, **settings: Any
) -> Script[Reply[list[str]]]:
    """Any of the options, at most `most`; the reply's value is their codes in the order ticked."""
    reply: Reply[list[str]] = yield Ask(key, _lines(lines), Several(tuple(options), most), **settings)
    return reply


def own_words(
    key: str, lines: Lines, options: Iterable[Option] = (), *, voice: bool = True, **settings: Any
) -> Script[Reply[Said | str]]:
    """Typed words or a voice note (`Said`), or the code of an option beside them."""
    reply: Reply[Said | str] = yield Ask(key, _lines(lines), OwnWords(tuple(options), voice), **settings)
    return reply


def amount(
    key: str, lines: Lines, currency: str, options: Iterable[Option] = (), **settings: Any
) -> Script[Reply[int | str]]:
    """Money; the reply's value is in integer minor units of `currency`, or the code of an option beside it."""
    reply: Reply[int | str] = yield Ask(key, _lines(lines), Amount(currency, tuple(options)), **settings)
    return reply


def jot(
    key: str, lines: Lines, currency: str, options: Iterable[Option] = (), **settings: Any
) -> Script[Reply[Jotted | str]]:
    """An amount and words in one line, a voice note, or the code of an option beside it."""
    reply: Reply[Jotted | str] = yield Ask(key, _lines(lines), Jotting(currency, tuple(options)), **settings)
    return reply


def day(key: str, lines: Lines, **settings: Any) -> Script[Reply[date]]:
    """A calendar date."""
    reply: Reply[date] = yield Ask(key, _lines(lines), Day(), **settings)
    return reply


def look(key: str, query: object, *, live: bool = False) -> Script[Any]:
    """Read something; see `conversations.looks` for the shape that comes back."""
    return (yield Look(key, query, live))


def record(key: str, fact: object) -> Script[Any]:
    """Record a fact about this person; nobody else sees it happen."""
    return (yield Do(key, fact))


def act(key: str, act: object) -> Script[Any]:
    """Do something others can see. None comes back where a replay met it too late."""
    return (yield Do(key, act, final=True))


def say(*lines: Words) -> Script[None]:
    """Say something that needs no answer."""
    yield Say(lines)


def _lines(lines: Lines) -> tuple[Words, ...]:
    return tuple(lines) if isinstance(lines, Iterable) else (lines,)
