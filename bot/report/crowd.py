"""The people of one edition as sets that are quick to cut: whole numbers with a bit for each person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from bot.report.census import ROWS, Counted, Question
from bot.report.disclosure import Count

LANGUAGE, PLACE = "language", "place"


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

    @property
    def languages(self) -> list[Cell]:
        """A group for each language."""
        return [Cell(language=name) for name in sorted(self._languages)]

    @property
    def places(self) -> list[Cell]:
        """A group for each place."""
        return [Cell(place=name) for name in sorted(self._places)]

    def of(self, cell: Cell) -> int:
        """The people of a group, or of what a language and a place have in common."""
        people = self.everybody
        if cell.language is not None:
            people &= self._languages.get(cell.language, 0)
        if cell.place is not None:
            people &= self._places.get(cell.place, 0)
        return people

    def count(self, row: Question, people: int) -> Count:
        """How many these people are, and how many of them said yes."""
        return Count(people.bit_count(), (people & self.said[row]).bit_count())

    def stayed(self, earlier: Crowd, row: Question) -> int:
        """Who is in both crowds and gave the same answer."""
        return self.everybody & earlier.everybody & ~(self.said[row] ^ earlier.said[row])
