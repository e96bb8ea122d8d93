"""Faults: what is wrong in a file that somebody wrote, where it stands, and how to mend it."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""Keys and positions from the top of the file: ("questions", 2, "label", "my")."""


LONGEST: Final = 200
"""Lines of one statement."""


class Fault(NamedTuple):
    """One thing that is wrong, in plain words; a `note` is only to be known. `line` counts from 1."""

    what: str
    place: Place = ()
    line: int | None = None
    note: bool = False

    @property
    def key(self) -> str:
        """The place as it is shown: questions[2].label.my; "" for the file as a whole."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place).lstrip(".")

    def told_of(self, file: str) -> str:
        """The line for the operator, which begins with where it is."""
        where = file if self.line is None else f"{file}:{self.line}"
        note = "note: " if self.note else ""
        return ": ".join(filter(None, [where, self.key, f"{note}{self.what}"]))


class Lines:
    """Where things stand in a text of TOML. tomllib does not say; but what a file holds grows with every line of it."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._statements = list(self._split())
        self._read = cache(self._read_to)

    def find(self, place: Place) -> int | None:
        """The line (from 1) where a thing begins, or else what is around it; None for the whole file."""
        every = range(len(self._statements))
        while place:
            found = bisect_left(every, True, key=lambda n: _holds(self._read(n), place))
            if found < len(every):
                return self._statements[found][0] + 1
            place = place[:-1]
        return None

    def _split(self) -> Iterator[tuple[int, int]]:
        """First line and end of every statement; most have a line each. What is longer than any form's ends it."""
        start = 0
        while start < len(self._lines):
            for end in range(start + 1, start + LONGEST + 1):
                if _reads("\n".join(self._lines[start:end])):
                    break
            else:
                return
            yield start, end
            start = end

    def _read_to(self, number: int) -> Mapping[str, Any]:
        """What the file holds down to the end of that statement."""
        return tomllib.loads("\n".join(self._lines[: self._statements[number][1]]))


def _reads(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _holds(data: Any, place: Iterable[str | int]) -> bool:
    for part in place:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
