"""Hidden is hidden: whatever happens and however often a lead asks, no small figure can be found out."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

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
TestHiddenIsHidden.settings = settings(
    max_examples=25, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
