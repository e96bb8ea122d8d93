"""Any form is asked question by question, and its answers are kept as what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from conversations.client.form import form, is_scale
from conversations.instruments.form import Answer, read_form
from conversations.script import Choice, Day, Do, Json, Look, OwnWords, Said, Several, Status
from conversations.text import Text, Verbatim
from tests.conversations.playing import Playing

SMALL = read_form(
    """
    name = "journey"
    version = 2
    title = {en = "The way here"}

    [[questions]]
    code = "welcome"
    kind = "note"
    text = {en = "A few words before."}

    [[questions]]
    code = "by"
    kind = "choice"
    text = {en = "How did you come?"}
    hint = {en = "Today only."}
    options = [{code = "bus", label = {en = "Bus"}}, {code = "foot", label = {en = "On foot"}}]

    [[questions]]
    code = "with"
    kind = "several"
    most = 2
    text = {en = "With whom?"}
    options = [{code = "a", label = {en = "A"}}, {code = "b", label = {en = "B"}}, {code = "c", label = {en = "C"}}]

    [[questions]]
    code = "fare"
    kind = "words"
    ask_if = {by = ["bus"]}
    text = {en = "What was the bus like?"}

    [[questions]]
    code = "next"
    kind = "day"
    ask_if = {with = ["b"]}
    text = {en = "When will you go again?"}

    [[questions]]
    code = "rested"
    kind = "choice"
    text = {en = "I am rested."}
    options = [
        {code = "0", label = {en = "Not at all"}},
        {code = "1", label = {en = "Partly"}},
        {code = "2", label = {en = "Fully"}},
    ]
    """
)
AROUND = {"purposes": ["plan"], "caseworker": None}


@dataclass
class Answering(Playing):
    """Keeps every act that was carried out, as well as its key."""

    performed: list[Any] = field(default_factory=list)

    def _perform(self, step: Look | Do, number: int) -> Json:
        if isinstance(step, Do):
            self.performed.append(step.act)
        return super()._perform(step, number)

    @property
    def kept(self) -> list[tuple[str, Status, int | None, Said | None]]:
        """The answers: item, status, value, words."""
        return [(a.item, a.status, a.value, a.words) for a in self.performed if type(a).__name__ == "Respond"]

    @property
    def names(self) -> list[str]:
        """What kinds of acts were carried out, but for answers."""
        return [name for act in self.performed if (name := type(act).__name__) != "Respond"]


def play(asking: int | None = None, **world: Json) -> Answering:
    """The form on its first screen."""
    contact = {"hours": "", "days": 0, "first": True, "less": True, "stage": None}
    seen: dict[str, Any] = {"around": AROUND, "form": SMALL, "contact": contact, **world}
    return Answering(partial(form, "journey", 2, asking), world=seen)


def shown(playing: Playing) -> list[str]:
    """The lines of the question it rests at."""
    assert playing.rest.ask is not None
    return [line.message if isinstance(line, Text) else line.wordings["en"] for line in playing.rest.ask.lines]


def test_the_first_screen_says_what_it_is_and_how_long() -> None:
    playing = play()
    assert shown(playing)[0] == "The way here"
    ask = playing.rest.ask
    assert ask is not None
    [number] = [line.parameters["number"] for line in ask.lines if isinstance(line, Text) and line.plural]
    assert number == 5, "what is only read is no question"


def test_each_question_is_asked_in_its_kind_and_kept_as_what_it_is() -> None:
    playing = play().answer("start")
    assert playing.at == "welcome"
    assert playing.rest.ask is not None
    assert not playing.rest.ask.skip, "there is nothing to skip about what is only read"
    kinds = []
    for answer in ("next", "bus", ["b", "a"], {"text": "full"}, "2026-12-25", "no", "2026-12-24", "yes", "2"):
        assert playing.rest.ask is not None
        kinds.append(type(playing.rest.ask.kind))
        assert playing.at in ("welcome", "next.right") or playing.rest.ask.skip
        playing.answer(answer)
    assert kinds == [Choice, Choice, Several, OwnWords, Day, Choice, Day, Choice, Choice]
    assert playing.kept == [
        ("by", Status.ANSWERED, 0, None),
        ("with", Status.ANSWERED, 0b011, None),
        ("fare", Status.ANSWERED, None, Said("full")),
        ("next", Status.ANSWERED, 739974, None),
        ("rested", Status.ANSWERED, 2, None),
    ]
    assert playing.at is None
    assert playing.said[0] == "Thank you for your time. Whatever you answered, you lose nothing."


def test_what_depends_on_an_answer_is_asked_only_after_it() -> None:
    playing = play().answer("start").answer("next").answer("foot").answer(["a"])
    assert playing.at == "rested"
    assert playing.rest.ask is not None
    assert playing.rest.ask.place == (5, 5)
    assert play().answer("start").answer("next").skip().skip().at == "rested", "nor after a skip"


def test_a_skip_is_kept_as_one() -> None:
    playing = play().answer("start").answer("next").skip().skip().skip()
    assert [(item, status) for item, status, _value, _words in playing.kept] == [
        ("by", Status.SKIPPED),
        ("with", Status.SKIPPED),
        ("rested", Status.SKIPPED),
    ]


def test_a_hint_stands_under_its_question_and_a_scale_has_bars() -> None:
    playing = play().answer("start").answer("next")
    assert shown(playing) == ["How did you come?", "Today only."]
    playing.answer("foot").skip()
    assert playing.rest.ask is not None
    assert isinstance(playing.rest.ask.kind, Choice)
    labels = [option.label for option in playing.rest.ask.kind.options]
    assert labels == [Verbatim(wordings={"en": f"{bar}"}) for bar in ("○○ Not at all", "●○ Partly", "●● Fully")]


@pytest.mark.parametrize(
    ("codes", "is_one"), [(["0", "1", "2"], True), (["0", "1"], False), (["1", "2", "3"], False), (["yes"] * 3, False)]
)
def test_a_scale_begins_with_0_and_has_at_least_three_steps(codes: list[str], is_one: bool) -> None:
    assert is_scale([Answer(code, Verbatim(code)) for code in codes]) is is_one


def test_what_a_round_asks_is_finished_with_the_last_question_and_only_then() -> None:
    playing = play(7).answer("start").answer("next").skip().skip()
    assert playing.names == ["BeginSitting"]
    assert playing.skip().names == ["BeginSitting", "FinishAsking"]
    begun = next(act for act in playing.performed if type(act).__name__ == "BeginSitting")
    assert (begun.instrument, begun.version, begun.asking) == ("journey", 2, 7)


def test_not_now_declines_what_a_round_asks_and_nothing_else() -> None:
    assert play(7).answer("no").names == ["DeclineAsking"]
    assert play().answer("no").names == []
    assert play(7, around={"purposes": [], "caseworker": None}).answer("start").answer("no").names == ["DeclineAsking"]


def test_a_form_that_is_gone_says_so() -> None:
    playing = play(form=None)
    assert playing.at is None
    assert playing.said == ["This is not here any more. You do not need to do anything."]


def test_when_one_is_written_to_is_asked_again_only_where_a_round_asks() -> None:
    assert "contact" not in play().looked
    assert "contact" in play(7).looked
