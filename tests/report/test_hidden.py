"""Hidden is hidden: whatever happens and however often a lead asks, no small figure can be found out."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bot.report import disclosure, editions, telling
from bot.report.census import NEEDS_ROWS, Question
from bot.report.crowd import EVERYBODY, Cell
from bot.report.disclosure import Count
from tests.report.attacker import Attacker, Seen
from tests.report.house import CODES, House

LANGUAGES = ("my", "my", "my", "en", "th")
PLACES = ("Yangon", "Yangon", "Mae Sot", None)
WAYS = (None, "language", "place")


class World:
    """A house, what is true in it, and the attacker at its door."""

    def __init__(self, seed: int = 0) -> None:
        self.house, self.attacker, self.dice = House(), Attacker(), random.Random(seed)
        self.there: dict[int, Seen] = {}
        self.away: dict[int, Seen] = {}
        self.leaning = {code: self.dice.choice((0.02, 0.1, 0.3, 0.5, 0.9)) for code in CODES}

    def join(
        self, number: int, language: str = "", place: str | None = "", firsts: set[str] | None = None
    ) -> list[int]:
        """So many clients; of a random language and place, with random ratings, unless said otherwise."""
        return [self._join(language, place, firsts) for _ in range(number)]

    def _join(self, language: str, place: str | None, given: set[str] | None) -> int:
        firsts = {code for code in CODES if self.dice.random() < self.leaning[code]} if given is None else given
        skips = {code for code in CODES if code not in firsts and self.dice.random() < 0.1}
        language = language or self.dice.choice(LANGUAGES)
        place = self.dice.choice(PLACES) if place == "" else place
        person = self.house.join(firsts, skips=skips, language=language, place=place)
        self.there[person] = Seen(language, place or "", dict.fromkeys(CODES, 0), frozenset(firsts), frozenset(skips))
        return person

    def some(self, number: int) -> list[int]:
        """So many of those who count, or all of them."""
        return self.dice.sample(sorted(self.there), min(number, len(self.there)))

    def rate(self, person: int, code: str, value: int | None) -> None:
        """One need again."""
        self.house.rate(person, code, value)
        seen = self.there[person]
        self.there[person] = replace(
            seen,
            ratings={**seen.ratings, code: seen.ratings[code] + 1},
            firsts=seen.firsts | {code} if value == 4 else seen.firsts - {code},
            skips=seen.skips | {code} if value is None else seen.skips - {code},
        )

    def leave(self, person: int) -> None:
        """Out of the programme; still known."""
        self.house.change(person, left_at=1)
        self.there.pop(person)

    def withdraw(self, person: int) -> None:
        """No longer to be counted."""
        self.house.consent(person, False)
        self.away[person] = self.there.pop(person)

    def agree_again(self, person: int) -> None:
        """To be counted after all."""
        self.house.consent(person, True)
        self.there[person] = self.away.pop(person)

    def erase(self, person: int) -> None:
        """Gone altogether."""
        self.house.erase(person)
        self.there.pop(person)

    def ask(self) -> None:
        """Every report there is."""
        for by in WAYS:
            self.attacker.look(self.house.report(by), dict(self.there))


class HiddenIsHidden(RuleBasedStateMachine):
    """Anything that clients can do, in any order, and a lead who always asks for everything."""

    @initialize(seed=st.integers(0, 10**6), number=st.integers(8, 60))
    def open(self, seed: int, number: int) -> None:
        self.world = World(seed)
        self.world.join(number)
        self.world.ask()

    @rule(number=st.sampled_from((1, 4, 5, 11, 25)))
    def some_join(self, number: int) -> None:
        self.world.join(number)
        self.world.ask()

    @rule(number=st.sampled_from((5, 12)), code=st.sampled_from(CODES[:6]))
    def some_alike_join(self, number: int, code: str) -> None:
        self.world.join(number, "th", "Yangon", {code})
        self.world.ask()

    @rule(number=st.sampled_from((1, 4, 11)), way=st.sampled_from((World.leave, World.withdraw, World.erase)))
    def some_go(self, number: int, way: Callable[[World, int], None]) -> None:
        for person in self.world.some(number):
            way(self.world, person)
        self.world.ask()

    @rule()
    def some_come_back(self) -> None:
        for person in sorted(self.world.away)[:6]:
            self.world.agree_again(person)
        self.world.ask()

    @rule(number=st.sampled_from((1, 6, 20)), value=st.sampled_from((None, 1, 4)), start=st.integers(0, 20))
    def some_rate_again(self, number: int, value: int | None, start: int) -> None:
        for person in self.world.some(number):
            for code in CODES[start : start + 4]:
                self.world.rate(person, code, value)
        self.world.ask()

    @rule(number=st.integers(1, 12))
    def some_replace_others(self, number: int) -> None:
        for person in self.world.some(number):
            self.world.leave(person)
        self.world.join(number)
        self.world.ask()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            found = list(self.world.attacker.find())
            assert not found, "\n".join(found)


TestHiddenIsHidden = HiddenIsHidden.TestCase
TestHiddenIsHidden.settings = settings(max_examples=40, stateful_step_count=8, deadline=None)


# --- the attacker can win: each rule, taken away, gives somebody away ------------------------------------------------


def nearly_everybody(world: World) -> None:
    """18 of 20 put a job first: 2 did not."""
    for firsts, number in (({"employment", "debt"}, 10), ({"employment"}, 8), (set(), 2)):
        world.join(number, "my", None, firsts)
    world.ask()


def a_few_more(world: World) -> None:
    """6 come, and 2 of them put a debt first."""
    for firsts, number in (({"debt"}, 15), (set(), 15)):
        world.join(number, "my", None, firsts)
    world.ask()
    world.join(2, "my", None, {"debt"})
    world.join(4, "my", None, set())
    world.ask()


def one_more(world: World) -> None:
    """4 of 20 put a debt first; then others go, and one comes who does as well."""
    world.join(4, "my", None, {"debt"})
    others = world.join(16, "my", None, set())
    world.ask()
    for person in others[:5]:
        world.leave(person)
    world.join(1, "my", None, {"debt"})
    world.ask()


def one_need_hidden(world: World) -> None:
    """All needs can be told but one: a mean to two decimals says how many chose it."""
    for number in range(60):
        hidden = {"food"} if number < 3 else set()
        world.join(
            1,
            "my",
            None,
            hidden | {code for place, code in enumerate(CODES) if code != "food" and (number + place) % 2},
        )
    world.ask()


def small_in_a_group(world: World) -> None:
    """2 of 12 who speak English."""
    for language, firsts, number in (("my", {"debt"}, 15), ("my", set(), 15), ("en", {"debt"}, 2), ("en", set(), 10)):
        world.join(number, language, None, firsts)
    world.ask()


def small_in_common(world: World) -> None:
    """Nobody speaks English in Yangon: so who speaks Burmese in Mae Sot is told by subtraction."""
    for language, place, yes, no in (("my", "Yangon", 8, 7), ("my", "Mae Sot", 1, 1), ("en", "Mae Sot", 10, 10)):
        world.join(yes, language, place, {"debt"})
        world.join(no, language, place, set())
    world.ask()


def who_was_there_before(world: World) -> None:
    """Only people in Yangon come: with the groups of now, it is known who was in Yangon before, and what they said."""
    for place, yes, no in (("Yangon", 4, 17), ("Mae Sot", 12, 22)):
        world.join(yes, "my", place, {"debt"})
        world.join(no, "my", place, set())
    world.ask()
    world.join(6, "my", "Yangon", {"debt"})
    world.join(6, "my", "Yangon", set())
    world.ask()


def missing_in_a_sum(world: World) -> None:
    """23 put learning first, 10 of them a trade and 10 everyday skills: 3 must have meant school."""
    for firsts, number in (({"life_skills"}, 10), ({"vocational"}, 10), ({"child_school"}, 3), (set(), 20)):
        world.join(number, "my", None, firsts)
    world.ask()


def beside_a_need(world: World) -> None:
    """12 put learning first, 10 of them a trade: 2 did not."""
    for firsts, number in (({"vocational"}, 6), ({"vocational", "life_skills"}, 4), ({"life_skills"}, 2), (set(), 20)):
        world.join(number, "my", None, firsts)
    world.ask()


def all_but_a_few_skipped(world: World) -> None:
    """10 put a debt first, 10 left it out: 2 rated it otherwise."""
    for number in range(22):
        person = world.join(1, "my", None, {"debt"} if number < 10 else set())[0]
        world.rate(person, "debt", 4 if number < 10 else None if number < 20 else 1)
    world.ask()


def without_complement(count: Count) -> bool:
    """A small figure is hidden, what is left over is not."""
    return count.yes >= disclosure.LEAST


def in_full(made: telling.Telling) -> dict[str, str]:
    """The mean to two decimals, whatever is hidden."""
    fours = sum(made.count(row, EVERYBODY).yes for row in NEEDS_ROWS)
    return {"mean": disclosure.rounded(fours, made.crowd.everybody.bit_count(), 2)}


def all_groups(made: telling.Telling, _row: Question) -> list[Cell]:
    """Every group, however few are in it."""
    languages, places = made.crowd.cells(made.names)
    return [*languages, *places]


def yes(*_given: object) -> bool:
    """Anything goes."""
    return True


WEAKER = {
    "what is left over": (nearly_everybody, telling, "is_safe", without_complement),
    "the past": (a_few_more, telling, "may_stand_beside", yes),
    "what was hidden": (one_more, telling, "may_follow", yes),
    "one decimal": (one_need_hidden, editions, "averages", in_full),
    "safe groups": (small_in_a_group, telling.Telling, "_groups", all_groups),
    "groups in the whole of before": (who_was_there_before, telling, "is_lost_in_whole", yes),
    "what groups have in common": (small_in_common, telling.Telling, "_may_cross", yes),
    "sums of needs": (missing_in_a_sum, telling.Telling, "_fits_members", yes),
    "beyond a need": (beside_a_need, telling.Telling, "_reaches_beyond", yes),
    "skips beside 4s": (all_but_a_few_skipped, telling.Telling, "_fits_others", yes),
}


@pytest.mark.parametrize("name", WEAKER)
def test_without_this_rule_somebody_is_found_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story, owner, attribute, weaker = WEAKER[name]
    safe, weak = World(), World()
    story(safe)
    assert list(safe.attacker.find()) == []
    with monkeypatch.context() as patch:
        patch.setattr(owner, attribute, weaker)
        story(weak)
    assert list(weak.attacker.find())
