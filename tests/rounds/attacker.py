"""Somebody who wants to find out from the result of a round how many said what, where that is hidden.

They know the form, how many are counted, and every figure told. They do not know an answer. For each part of the form
they write down what a client can have said there, so many clients each, and look whether a small figure has fewer than
five values left. They guess which of the hidden figures are under 5, and guess right. It knows nothing of how the
product decides.

The form is a check-in with few options: the fewer there are, the less there is to hide behind.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, permutations, product
from typing import Final, TypeAlias

from bot import answers
from bot.rounds.figures import Given, Section
from conversations.instruments import FOLLOWUP
from conversations.instruments.form import Form, read_form
from tests.report.attacker import Row, Search

SMALL: Final = 5

OPTIONS: Final = {
    "factors": ("family", "work", "home", "nothing"),
    "pressures": ("gossip", "nothing"),
    "axes": ("1", "2"),
    "services": ("legal", "job", "health", "nothing"),
    "agree": ("yes", "partly", "no"),
    "told": ("no", "yes"),
    "since": ("stronger", "same", "weaker"),
}
QUESTIONS: Final = (
    ("helped", "factors", "factors", 2),
    ("helped_touched", "factors", "axes", 2),
    ("harder", "factors", "factors", 2),
    ("pressed", "factors", "pressures", 1),
    ("harder_touched", "factors", "axes", 2),
    ("services", "service", "services", 3),
    ("wanted", "service", "agree", 0),
    ("respect", "service", "agree", 0),
    ("refuse", "service", "agree", 0),
    ("retold", "service", "told", 0),
    ("since", "service", "since", 0),
)

Said: TypeAlias = Mapping[str, tuple[str, ...]]
"""By item the options chosen: none of them where it was left out; what is not there was not asked."""
Fact: TypeAlias = Callable[[Said], bool]
Move: TypeAlias = tuple[int, int]
"""Somebody of one kind is of another."""
Moves: TypeAlias = Mapping[int, Sequence[Move]]
"""By what they do: to each figure one more, one less or nothing, written as the digits of one number."""
PLACE: Final = 4
"""What a digit is worth in terms of the one behind it: enough for two moves together."""

MOST_PAIRS: Final = 20
"""Of two people's moves that are tried, among those that come to the same."""


def small_checkin() -> Form:
    """A check-in with few options."""
    lines = ['name = "checkin"', "version = 99", 'title.en = "Small"']
    for scale, codes in OPTIONS.items():
        lines += [f'[[scales.{scale}]]\ncode = "{code}"\nlabel.en = "{code}"' for code in codes]
    for code, part, scale, most in QUESTIONS:
        kind = f'"several"\nmost = {most}' if most else '"choice"'
        lines.append(
            f'[[questions]]\ncode = "{code}"\nkind = {kind}\npart = "{part}"\nscale = "{scale}"\ntext.en = "?"'
        )
    return read_form("\n".join(lines))


CHECKIN: Final = small_checkin()


def given_by(said: Said, form: Form = CHECKIN) -> dict[str, Given]:
    """A client as the product reads them."""
    found = {}
    for item, codes in said.items():
        asked = answers.find(FOLLOWUP if item in FOLLOWED_UP else form, item)
        assert asked is not None
        found[item] = Given(asked.question, asked.about, not codes, codes)
    return found


# --- what a client can have said ------------------------------------------------------------------------------

FOLLOWED_UP: Final = ("employment.now", "employment.helped")
SERVICES: Final = ("legal", "job", "health")
SERVED: Final = ("wanted", "retold", "since")


def needs() -> Iterator[Said]:
    """One need at the most: of more, more could be true."""
    yield {}
    for now, helped in product(("", "solved", "same", "harder", "unimportant"), ("", "yes", "no")):
        yield {"employment.now": _one(now), "employment.helped": _one(helped)}


def served(question: str) -> Iterator[Said]:
    """What is said of one service."""
    yield {}
    codes = OPTIONS[next(scale for code, _part, scale, _most in QUESTIONS if code == question)]
    for service, code in product(SERVICES, ("", *codes)):
        yield {f"{service}.{question}": _one(code)}


def touched(direction: str, lists: Mapping[str, int]) -> Iterator[Said]:
    """What helped, or made things harder, and where the first of it did."""
    choices = []
    for code, most in lists.items():
        options = [each for each in OPTIONS["pressures" if code == "pressed" else "factors"] if each != "nothing"]
        choices.append([picked for number in range(most + 1) for picked in combinations(options, number)])
    for picks in product(*choices):
        said = dict(zip(lists, picks, strict=True))
        first = next((code for code in lists if said[code]), None)
        if first is None:
            yield said
            continue
        for factor, number in product(said[first], range(3)):
            for axes in combinations(OPTIONS["axes"], number):
                yield {**said, f"{first}.first": (factor,), f"{direction}_touched": axes}


def _one(code: str) -> tuple[str, ...]:
    return (code,) if code else ()


BLOCKS: Final[Mapping[str, Sequence[Said]]] = {
    "needs": [*needs()],
    **{question: [*served(question)] for question in SERVED},
    "helped": [*touched("helped", {"helped": 2})],
    "harder": [*touched("harder", {"harder": 2, "pressed": 1})],
}
"""Parts that hang together in themselves only."""


# --- what is told ---------------------------------------------------------------------------------------------


def meant(section: str, line: str) -> Fact:
    """Who is counted in a figure, as a reader understands it."""
    one, _dot, other = line.partition(".")
    if section == "needs":
        codes = {"met": ("solved", "better"), "harder": ("harder",), "helped": ("yes", "partly")}[line]
        item = "employment.helped" if line == "helped" else "employment.now"
        return lambda said: bool(set(said.get(item, ())) & set(codes))
    if section.startswith("service"):
        services = SERVICES if section == "services" else (section.partition(".")[2],)
        return lambda said: any(other in said.get(f"{service}.{one}", ()) for service in services)
    if section.endswith(".crossed"):
        lists = ("harder", "pressed") if section.startswith("harder") else ("helped",)
        axes = f"{section.partition('.')[0]}_touched"
        return lambda said: any(one in said.get(f"{each}.first", ()) for each in lists) and other in said.get(axes, ())
    return lambda said: line in said.get(section, ())


def asked_in(section: str) -> Fact:
    """Out of whom a section is told."""
    if section == "needs":
        return lambda said: any(said.get(item) for item in FOLLOWED_UP)
    services = SERVICES if section == "services" else (section.partition(".")[2],)
    return lambda said: any(item.partition(".")[0] in services for item in said)


@dataclass(slots=True)
class Attacker:
    """`people` are what the judge knows."""

    people: Sequence[Said]
    sections: Sequence[Section]

    def find(self) -> Iterator[str]:
        """Every small figure that is found out, in words for whoever reads a failing test."""
        for name, kinds in BLOCKS.items():
            yield from Puzzle(name, kinds, self.people, self.sections).find()


class Puzzle:
    """One part of the form: how many clients said each thing that can be said there."""

    def __init__(self, name: str, kinds: Sequence[Said], people: Sequence[Said], sections: Sequence[Section]) -> None:
        self._name, self._kinds, self._clients = name, kinds, len(people)
        items = {item for kind in kinds for item in kind}
        true = Counter(_frozen({item: codes for item, codes in said.items() if item in items}) for said in people)
        self._true = [true[_frozen(kind)] for kind in kinds]
        assert sum(self._true) == len(people), f"{name}: something was said that cannot be"
        self._rows: list[Row] = [(frozenset(range(len(kinds))), len(people), len(people)), *self._told(sections)]
        for numbers, least, most in self._rows:
            assert least <= sum(self._true[number] for number in numbers) <= most, "a result said what is not true"

    def _told(self, sections: Sequence[Section]) -> Iterator[Row]:
        for section in sections:
            for line in section.lines:
                if self._is_mine(section.code, line.code):
                    yield self._range(section.clients, line.yes, self._who(meant(section.code, line.code)))
            if self._is_base(section.code) and section.clients < self._clients:
                yield self._who(asked_in(section.code)), section.clients, section.clients

    def _range(self, clients: int, told: int | None, who: frozenset[int]) -> Row:
        """A figure that is hidden is under 5, or nearly all; they may guess which, where it is so."""
        true = sum(self._true[number] for number in who)
        if told is not None:
            return who, told, told
        ends = ((0, SMALL - 1), (clients - SMALL + 1, clients))
        return who, *next((each for each in ends if each[0] <= true <= each[1]), (0, clients))

    def _is_mine(self, section: str, line: str) -> bool:
        if section.startswith("service"):
            return line.partition(".")[0] == self._name
        return section.partition(".")[0].removesuffix("_touched").replace("pressed", "harder") == self._name

    def _is_base(self, section: str) -> bool:
        return section == self._name or (section.startswith("service") and self._name in SERVED)

    def _who(self, fact: Fact) -> frozenset[int]:
        return frozenset(number for number, kind in enumerate(self._kinds) if fact(kind))

    def find(self) -> Iterator[str]:
        """Every small figure with fewer than five values."""
        for name, numbers in self._facts():
            true = sum(self._true[number] for number in numbers)
            if numbers and true < SMALL and not self._is_lost(numbers, true):
                yield f"{self._name}, {name}: {true}"

    def _facts(self) -> Iterator[tuple[str, frozenset[int]]]:
        """Who chose an option, who did not, who chose one but not the other, who chose both."""
        atoms = sorted({(item, code) for kind in self._kinds for item, codes in kind.items() for code in codes})
        chose = {atom: self._who(_chose(*atom)) for atom in atoms}
        every = frozenset(range(len(self._kinds)))
        yield "not asked", self._who(lambda said: not said)
        seen = set()
        for one, two in product(atoms, atoms):
            pairs = ((f"{one}", chose[one]), (f"not {one}", every - chose[one]))
            both = ((f"{one} and {two}", chose[one] & chose[two]), (f"{one} not {two}", chose[one] - chose[two]))
            for name, numbers in (*pairs, *both):
                if numbers not in seen and numbers:
                    seen.add(numbers)
                    yield name, numbers

    def _is_lost(self, numbers: frozenset[int], true: int) -> bool:
        """Whether five values are left: what a few people could have said otherwise is tried first, then everything."""
        parts = _merged([*self._rows, (numbers, true, true)], len(self._kinds))
        near = [sum(self._true[number] for number in part) for part in parts]
        rows = [(_within(parts, people), least, most) for people, least, most in self._rows]
        asked = _within(parts, numbers)
        moves = _moves(rows, near, asked)
        values = {true}.union(*(_walk(rows, moves, near, asked, way) for way in (1, -1)))
        for value in range(self._clients + 1):
            if len(values) >= SMALL:
                return True
            if value not in values and self._can_be(rows, near, (asked, value, value)):
                values.add(value)
        return len(values) >= SMALL

    def _can_be(self, rows: Sequence[Row], near: Sequence[int], asked: Row) -> bool:
        every = [*rows, asked]
        inside = [
            (whole[0] - part[0], whole[1] - part[2], whole[2] - part[1])
            for whole, part in permutations(every, 2)
            if part[0] < whole[0]
        ]
        return Search([*every, *inside], near).finds([frozenset(range(self._clients))] * len(near))


def _walk(rows: Sequence[Row], moves: Moves, near: Sequence[int], asked: frozenset[int], way: int) -> set[int]:
    """The values that are reached one by one, when each time one or two people say something else."""
    counts, values = list(near), set[int]()
    loose = [row for row in rows if row[1] < row[2]]  # no step changes the others
    while len(values) < SMALL:
        after = next((each for step in _steps(moves, counts, way) if _fits(each := _moved(counts, step), loose)), None)
        if after is None:
            break
        counts = after
        values.add(sum(counts[number] for number in asked))
    return values


def _moves(rows: Sequence[Row], near: Sequence[int], asked: frozenset[int]) -> Moves:
    """Who can be of another kind, by what that does to each figure told, and to what is asked."""
    fixed = [people for people, least, most in rows if least == most]
    places = [(PLACE**place, people) for place, people in enumerate([asked, *fixed])]
    marks = [sum(worth for worth, people in places if number in people) for number in range(len(near))]
    moves: defaultdict[int, list[Move]] = defaultdict(list)
    for old, new in permutations(range(len(near)), 2):
        moves[marks[new] - marks[old]].append((old, new))
    return moves


def _steps(moves: Moves, counts: Sequence[int], way: int) -> Iterator[list[Move]]:
    """One or two people whose moves together change nothing that is told, and what is asked by one."""

    def able(effect: int) -> list[Move]:
        return [move for move in moves.get(effect, ()) if counts[move[0]]]

    yield from ([move] for move in able(way))
    for effect in moves:
        if way - effect in moves:
            yield from ([one, other] for one, other in islice(product(able(effect), able(way - effect)), MOST_PAIRS))


def _moved(counts: Sequence[int], step: Sequence[Move]) -> list[int]:
    after = list(counts)
    for old, new in step:
        after[old] -= 1
        after[new] += 1
    return after


def _fits(counts: Sequence[int], rows: Sequence[Row]) -> bool:
    return min(counts) >= 0 and all(
        least <= sum(map(counts.__getitem__, people)) <= most for people, least, most in rows
    )


def _within(parts: Sequence[frozenset[int]], people: frozenset[int]) -> frozenset[int]:
    return frozenset(number for number, part in enumerate(parts) if part <= people)


def _merged(rows: Sequence[Row], kinds: int) -> list[frozenset[int]]:
    """Kinds that stand in the same rows, together."""
    by_rows: dict[frozenset[int], set[int]] = {}
    for kind in range(kinds):
        by_rows.setdefault(frozenset(n for n, row in enumerate(rows) if kind in row[0]), set()).add(kind)
    return [frozenset(part) for part in by_rows.values()]


def _chose(item: str, code: str) -> Fact:
    return lambda said: code in said.get(item, ())


def _frozen(said: Said) -> frozenset[tuple[str, tuple[str, ...]]]:
    return frozenset(said.items())


# --- somebody to attack ---------------------------------------------------------------------------------------


def crowd(dice: random.Random, number: int) -> list[Said]:
    """So many clients; what they say leans one way or the other."""
    leaning = {name: _weights(dice, len(kinds)) for name, kinds in BLOCKS.items()}
    reach = {name: dice.choice((0.3, 0.8, 1.0)) for name in ("needs", "services")}
    services = _weights(dice, len(SERVICES))
    people = []
    for _client in range(number):
        said: dict[str, tuple[str, ...]] = {}
        for name in ("helped", "harder"):
            said |= dice.choices(BLOCKS[name], leaning[name])[0]
        if dice.random() < reach["needs"]:
            said |= dice.choices(BLOCKS["needs"], leaning["needs"])[0]
        if dice.random() < reach["services"]:
            service = dice.choices(SERVICES, services)[0]
            about = [_of(service, dice.choices(BLOCKS[name][1:], leaning[name][1:])[0]) for name in SERVED]
            if any(any(each.values()) for each in about):
                said |= {item: codes for each in about for item, codes in each.items()}
        people.append(said)
    return [said for said in people if any(said.values())]


def _of(service: str, said: Said) -> dict[str, tuple[str, ...]]:
    return {f"{service}.{item.partition('.')[2]}": codes for item, codes in said.items()}


def _weights(dice: random.Random, number: int) -> list[float]:
    return [dice.random() ** dice.choice((1, 4, 12)) + 0.001 for _kind in range(number)]
