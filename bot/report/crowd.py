"""The people of one edition as sets that are quick to cut: whole numbers with a bit for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from bot.report.census import ROWS, SMALLEST, Counted, Question
from bot.report.disclosure import Count

LANGUAGE, PLACE = "language", "place"

OTHERS: Final = "*"
"""The groups that are too small, told of together. What was not said is "", a group like any other."""


class Cell(NamedTuple):
    """A group that is told of: by its language or by its place; None means whichever."""

    language: str | None = None
    place: str | None = None

    @property
    def dimension(self) -> str:
        """By what it is a group; empty for everybody."""
        return LANGUAGE if self.language is not None else PLACE if self.place is not None else ""

    @property
    def name(self) -> str:
        """What the group is called; empty for everybody, and for who did not say."""
        return self.language or self.place or ""


EVERYBODY: Final = Cell()


class Names(NamedTuple):
    """The languages and places that are told of by themselves; whoever has another one is among the others."""

    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def choose_names(people: Iterable[Counted]) -> Names:
    """Those that enough people share. Where the others would be too few, the smallest of these is put with them."""
    everybody = list(people)
    return Names(
        large(Counter(person.language for person in everybody)), large(Counter(person.place for person in everybody))
    )


def large(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Of these groups the names of those that are told of by themselves."""
    kept = sorted((name for name in sizes if sizes[name] >= SMALLEST), key=lambda name: (-sizes[name], name))
    others = sum(sizes.values()) - sum(sizes[name] for name in kept)
    while kept and 0 < others < SMALLEST:
        others += sizes[kept.pop()]
    return tuple(sorted(kept))


class Crowd:
    """Who is counted, in which groups, and who said yes to which row."""

    def __init__(self, people: Mapping[int, Counted], bits: Mapping[int, int]) -> None:
        """`bits` gives each person the same place in every crowd that is compared."""
        self.everybody = 0
        self.said = dict.fromkeys(ROWS, 0)
        self._languages: dict[str, int] = {}
        self._places: dict[str, int] = {}
        for id_, person in people.items():
            bit = 1 << bits[id_]
            self.everybody |= bit
            self._languages[person.language] = self._languages.get(person.language, 0) | bit
            self._places[person.place] = self._places.get(person.place, 0) | bit
            for place, row in enumerate(ROWS):
                if person.said >> place & 1:
                    self.said[row] |= bit

    def cells(self, names: Names) -> tuple[list[Cell], list[Cell]]:
        """The groups by language and by place that there is somebody in."""
        languages = [Cell(language=name) for name in (*names.languages, OTHERS)]
        places = [Cell(place=name) for name in (*names.places, OTHERS)]
        return [cell for cell in languages if self.of(cell, names)], [cell for cell in places if self.of(cell, names)]

    def of(self, cell: Cell, names: Names) -> int:
        """The people of a group, or of what a language and a place have in common."""
        people = self.everybody
        if cell.language is not None:
            people &= self._named(cell.language, self._languages, names.languages)
        if cell.place is not None:
            people &= self._named(cell.place, self._places, names.places)
        return people

    def _named(self, name: str, groups: Mapping[str, int], kept: Iterable[str]) -> int:
        if name != OTHERS:
            return groups.get(name, 0)
        named = 0
        for each in kept:
            named |= groups.get(each, 0)
        return self.everybody & ~named

    def count(self, row: Question, people: int) -> Count:
        """How many these people are, and how many of them said yes."""
        return Count(people.bit_count(), (people & self.said[row]).bit_count())

    def stayed(self, earlier: Crowd, row: Question) -> int:
        """Who is in both crowds and gave the same answer."""
        return self.everybody & earlier.everybody & ~(self.said[row] ^ earlier.said[row])
