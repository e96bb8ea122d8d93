"""Somebody who wants to find out: they keep every report, and know who was counted when and who rated what again.

They do not know an answer. For each row they write down what every report says as sums over people, each 0 or 1 and
the same for as long as a person did not rate again, and look whether any small figure has only one value left. It
knows nothing of how the product decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import TypeAlias

from bot.report.figures import Figure, Line, Report
from conversations.instruments import NEEDS

SMALL = 5
ANY = "any"
MOST_STEPS = 2_000
"""Guesses after which a puzzle counts as not solved."""

MEMBERS = {code: [item.code for item in NEEDS.items if item.category == code] for code in NEEDS.categories}
Version: TypeAlias = Hashable
"""A person with the answer that they gave at one time."""
Range: TypeAlias = tuple[int, int]
Row: TypeAlias = tuple[frozenset[int], int, int]
"""The sum over these parts, by number, is between the two."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who was counted on a day: language, place, how often each need was rated, and, for the judge, which got a 4."""

    language: str
    place: str
    ratings: Mapping[str, int]
    firsts: frozenset[str]
    skips: frozenset[str]


Day = Mapping[int, Seen]


@dataclass(slots=True)
class Attacker:
    """`days` are the people counted when an edition came out, by its time; `reports` everything that was told."""

    days: dict[int, Day] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)

    def look(self, report: Report, people: Day) -> None:
        """Keep a report; a new edition is of the people who are there now."""
        if report.clients is not None:
            self.days.setdefault(report.at, people)
            self.reports.append(report)

    def find(self) -> Iterator[str]:
        """Every small figure that is found out, in words for whoever reads a failing test."""
        yield from self._count()
        yield from self._subtract()
        for code in (item.code for item in NEEDS.items):
            yield from self._solve(f"need {code}", code, [code])
        for category, members in MEMBERS.items():
            yield from self._solve(f"category {category}", category, members)

    # --- one row, through all groups and times ----------------------------------------------------------------

    def _solve(self, name: str, code: str, members: Sequence[str]) -> Iterator[str]:
        sums: dict[frozenset[Version], int] = {}
        interesting: dict[frozenset[Version], str] = {}
        truth: dict[Version, int] = {}
        for at, day in self.days.items():
            for person, seen in day.items():
                truth[_version(person, seen, members)] = int(not seen.firsts.isdisjoint(members))
            for group, people in _groups(day):
                interesting[_versions(day, members, people)] = f"{name}, {group} at {at}"
        for line, by in self._lines(code):
            for figure in (line.figure, *line.groups):
                if figure is not None:
                    people = [id_ for id_, seen in self.days[line.at].items() if _is_meant(seen, figure, line, by)]
                    sums[_versions(self.days[line.at], members, people)] = figure.yes
        if not sums:
            return
        told_days = [frozenset(_versions(day, members, [*day])) for day in self.days.values()]
        for one, other in combinations(told_days, 2):
            for part in (one - other, other - one, one & other):
                interesting.setdefault(part, f"{name}, the difference of two days")
        bounds = self._first_hidden(code, members, truth)
        puzzle = Puzzle(sums, truth, bounds)
        for part in puzzle.parts:
            interesting.setdefault(part, f"{name}, somebody's share in several figures")
        for versions, what in interesting.items():
            yes = sum(truth[version] for version in versions)
            if versions and not is_large(yes, len(versions)) and puzzle.knows(versions):
                yield f"{what}: {yes} of {len(versions)}"

    def _lines(self, code: str) -> Iterator[tuple[Line, str | None]]:
        for report in self.reports:
            yield from ((line, report.by) for line in (*report.needs, *report.categories) if line.code == code)

    def _first_hidden(
        self, code: str, members: Sequence[str], truth: Mapping[Version, int]
    ) -> dict[frozenset[Version], tuple[int, int]]:
        """A need that the first report did not show was under 5, or nearly all; they may guess which."""
        first = self.reports[0]
        if code in MEMBERS or any(line.code == code and line.figure for line in first.needs):
            return {}
        people = _versions(self.days[first.at], members, [*self.days[first.at]])
        yes, clients = sum(truth[version] for version in people), len(people)
        ends = ((0, SMALL - 1), (clients - SMALL + 1, clients))
        fitting = [(least, most) for least, most in ends if least <= yes <= most]
        return {people: fitting[0]} if fitting else {}

    def _count(self) -> Iterator[str]:
        """Between two editions a few people came or went, and the number of clients says so."""
        for one, other in pairwise(self.days.values()):
            if 0 < len(one.keys() ^ other.keys()) < SMALL:
                yield f"{len(one)} clients, then {len(other)}"

    # --- rows against each other ------------------------------------------------------------------------------

    def _subtract(self) -> Iterator[str]:
        """What rows of one report say together: a category beside its needs, a 4 beside a skip, the mean."""
        for report in self.reports:
            lines = {line.code: line for line in (*report.needs, *report.categories)}
            for category, members in MEMBERS.items():
                for member in members:
                    yield from _differences(lines[category], lines[member])
                yield from self._bound(report, lines, category, members)
            for line in report.needs:
                if line.figure is not None and line.skipped is not None:
                    rest = line.figure.clients - line.figure.yes - line.skipped
                    if rest < SMALL or not is_large(line.skipped, line.figure.clients):
                        yield f"{line.code}: {line.skipped} skipped, {rest} rated it otherwise"
            yield from self._average(report)

    def _bound(self, report: Report, lines: Mapping[str, Line], category: str, members: Sequence[str]) -> Iterator[str]:
        """A hidden need as what is missing in its category's sum; a hidden category between its needs."""
        hidden = [member for member in members if _told(lines[member], report.at) is None]
        shown = [yes for member in members if (yes := _told(lines[member], report.at)) is not None]
        clients = report.clients or 0
        whole = _told(lines[category], report.at)
        if whole is not None and lines[category].figure and len(hidden) == 1 and not lines[hidden[0]].figure:
            least = max(0, whole - sum(shown))
            if least > 0 and self._is_small(report, hidden):
                yield f"{hidden[0]}: at least {least}"
        if lines[category].figure is None and shown and not hidden:
            least, most = max(max(shown), clients - SMALL + 1), min(clients, sum(shown))
            day = self.days[report.at].values()
            if least == most == sum(not seen.firsts.isdisjoint(members) for seen in day):
                yield f"{category}: {least} of {clients}"

    def _is_small(self, report: Report, needs: Collection[str]) -> bool:
        day = self.days[report.at]
        return any(not is_large(sum(need in seen.firsts for seen in day.values()), len(day)) for need in needs)

    def _average(self, report: Report) -> Iterator[str]:
        """The one hidden need, from the number of 4s that the total or the mean leaves for it."""
        hidden = [line.code for line in report.needs if _told(line, report.at) is None]
        if report.mean is None or len(hidden) != 1 or report.clients is None:
            return
        shown = sum(_told(line, report.at) or 0 for line in report.needs)
        decimals = len(report.mean.partition(".")[2])
        fits = [
            value
            for value in range(SMALL)
            if f"{int((shown + value) * 10**decimals / report.clients + 0.5) / 10**decimals:.{decimals}f}"
            == report.mean
            and report.total in (None, str(shown + value))
        ]
        if len(fits) < SMALL and self._is_small(report, hidden):
            yield f"{hidden[0]}: the mean {report.mean} leaves {fits}"


def is_large(yes: int, clients: int) -> bool:
    """Whether a figure may be known: it and what is left over are no small figures."""
    return yes >= SMALL and clients - yes >= SMALL


def _told(line: Line, at: int) -> int | None:
    return line.figure.yes if line.figure is not None and line.at == at else None


def _differences(category: Line, need: Line) -> Iterator[str]:
    """People with a 4 in the category, but not for this need."""
    if category.figure is None or need.figure is None or category.at != need.at:
        return
    by_group = {figure.group: figure for figure in (need.figure, *need.groups)}
    for figure in (category.figure, *category.groups):
        other = by_group.get(figure.group)
        if other is not None and figure.yes - other.yes < SMALL:
            yield f"{category.code} without {need.code}, {figure.group}: {figure.yes - other.yes}"


def _version(person: int, seen: Seen, members: Sequence[str]) -> Version:
    return person, tuple(seen.ratings[code] for code in members)


def _versions(day: Day, members: Sequence[str], people: Iterable[int]) -> frozenset[Version]:
    return frozenset(_version(person, day[person], members) for person in people)


def _groups(day: Day) -> Iterator[tuple[str, list[int]]]:
    """Everybody, each language, each place, and what they have in common."""
    for language in sorted({seen.language for seen in day.values()} | {ANY}):
        for place in sorted({seen.place for seen in day.values()} | {ANY}):
            people = [
                id_ for id_, seen in day.items() if language in (ANY, seen.language) and place in (ANY, seen.place)
            ]
            if people:
                yield f"{language} {place}", people


def _is_meant(seen: Seen, figure: Figure, line: Line, by: str | None) -> bool:
    """Whether a figure is of somebody as well; "*" are those whose group is not named beside it."""
    if figure.group is None:
        return True
    mine = seen.language if by == "language" else seen.place
    named = {each.group for each in line.groups}
    return mine == figure.group if mine in named else figure.group == "*"


class Puzzle:
    """Sums over people of whom each is 0 or 1; those who always stand in the same sums cannot be told apart."""

    def __init__(
        self,
        sums: Mapping[frozenset[Version], int],
        truth: Mapping[Version, int],
        bounds: Mapping[frozenset[Version], Range],
    ) -> None:
        self._truth = truth
        self._known: list[tuple[frozenset[Version], Range]] = [
            *((people, (yes, yes)) for people, yes in sums.items()),
            *bounds.items(),
        ]
        for people, (least, most) in self._known:
            assert least <= self._sum(people) <= most, "a report said what is not true"
        self.parts = self._split([people for people, _range in self._known])

    def knows(self, people: frozenset[Version]) -> bool:
        """Whether these people's sum is the same in every solution."""
        if people - frozenset().union(*self.parts):
            return False  # somebody of whom nothing was ever said
        if any(not part <= people and 0 < self._sum(part) < len(part) for part in self.parts if part & people):
            return False  # within a part anybody may be anyone
        parts = self._split([*(known for known, _range in self._known), people])
        rows = [(_within(parts, known), *range_) for known, range_ in self._known]
        asked, true = _within(parts, people), self._sum(people)
        others = ((asked, 0, true - 1), (asked, true + 1, len(people)))
        return not any(Search([*rows, row], [self._sum(part) for part in parts]).finds(parts) for row in others)

    def _sum(self, people: Iterable[Version]) -> int:
        return sum(self._truth[version] for version in people)

    def _split(self, sets: Sequence[frozenset[Version]]) -> list[frozenset[Version]]:
        places = defaultdict(set)
        for number, people in enumerate(sets):
            for version in people:
                places[version].add(number)
        together = defaultdict(set)
        for version, numbers in places.items():
            together[frozenset(numbers)].add(version)
        return [frozenset(people) for people in together.values()]


def _within(parts: Sequence[frozenset[Version]], people: frozenset[Version]) -> frozenset[int]:
    return frozenset(number for number, part in enumerate(parts) if part <= people)


@dataclass(slots=True)
class Search:
    """Looks for whole numbers that fit every row: guesses and narrows, near the truth first, where most lie."""

    rows: Sequence[Row]
    near: Sequence[int]
    steps: int = 0
    _rows_of: list[list[int]] = field(init=False)
    """By number the rows in which it stands."""

    def __post_init__(self) -> None:
        self._rows_of = [[] for _number in self.near]
        for place, (numbers, _least, _most) in enumerate(self.rows):
            for number in numbers:
                self._rows_of[number].append(place)

    def finds(self, parts: Sequence[frozenset[Version]]) -> bool:
        """Whether there are any; yes as well where it takes too long to say."""
        return self._goes([0] * len(parts), [len(part) for part in parts], range(len(self.rows)))

    def _goes(self, least: list[int], most: list[int], changed: Iterable[int]) -> bool:
        self.steps += 1
        fits = self._narrow(least, most, changed)
        if not fits or self.steps > MOST_STEPS:
            return fits
        open_ = [number for number in range(len(least)) if least[number] < most[number]]
        if not open_:
            return True
        number = min(open_, key=lambda each: most[each] - least[each])
        values = sorted(range(least[number], most[number] + 1), key=lambda value: abs(value - self.near[number]))
        return any(self._goes(*_guess(least, most, number, value), self._rows_of[number]) for value in values)

    def _narrow(self, least: list[int], most: list[int], changed: Iterable[int]) -> bool:
        """Cut each number's range down to what every row leaves it; False where one is left nothing. Looks
        only at rows in which something changed: the others have nothing more to say."""
        waiting = dict.fromkeys(changed)
        while waiting:
            row = next(iter(waiting))
            del waiting[row]
            numbers, low, high = self.rows[row]
            below = high - sum(map(least.__getitem__, numbers))
            above = sum(map(most.__getitem__, numbers)) - low
            if below < 0 or above < 0:
                return False
            room = min(below, above)
            for number in numbers:
                bottom, top = least[number], most[number]
                if top - bottom > room:
                    least[number], most[number] = max(bottom, top - above), min(top, bottom + below)
                    waiting.update(dict.fromkeys(self._rows_of[number]))
        return True


def _guess(least: Sequence[int], most: Sequence[int], number: int, value: int) -> tuple[list[int], list[int]]:
    """The ranges, with one number guessed."""
    return [*least[:number], value, *least[number + 1 :]], [*most[:number], value, *most[number + 1 :]]
