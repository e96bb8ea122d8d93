"""What holds for any script, any answers and any next release of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.engine import Log, decode
from conversations.questions import act, choose, choose_several, look, own_words, record
from conversations.script import (
    Amount,
    Choice,
    Day,
    Ending,
    Json,
    Kind,
    Option,
    OwnWords,
    Reply,
    Script,
    Several,
    Status,
    Step,
)
from conversations.text import Verbatim
from tests.conversations.playing import YES_NO, Playing, Start

KEYS = "abcdef"

PARTS = st.tuples(
    st.sampled_from(["choose", "several", "words", "firm", "look", "live", "record", "act", "fork"]),
    st.sampled_from(KEYS),
)
Recipe = tuple[tuple[str, str], ...]
RECIPES = st.lists(PARTS, min_size=1, max_size=12).map(tuple)
ANSWERS: st.SearchStrategy[Json] = st.one_of(
    st.just({"status": "answered", "value": "yes"}),
    st.just({"status": "answered", "value": "no"}),
    st.just({"status": "answered", "value": ["no"]}),
    st.just({"status": "answered", "value": {"text": "words"}}),
    st.just({"status": "skipped"}),
)
ANY_JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KINDS: tuple[Kind, ...] = (
    Choice(YES_NO),
    Several(YES_NO, 2),
    OwnWords((Option("none", Verbatim("None")),)),
    Amount("MMK"),
    Day(),
)


def cook(recipe: Recipe) -> Start:
    """A script from its parts. Keys repeat, and a fork asks one thing more after a yes."""

    def script() -> Script[Ending]:
        for part, key in recipe:
            yield from step(part, f"{part}.{key}")
        return None

    return script


def step(part: str, key: str) -> Script[Any]:
    words = Verbatim(key)
    match part:
        case "choose":
            return (yield from choose(key, words, YES_NO))
        case "several":
            return (yield from choose_several(key, words, YES_NO, most=1))
        case "words":
            return (yield from own_words(key, words))
        case "firm":
            return (yield from choose(key, words, YES_NO, firm=True))
        case "look":
            return (yield from look(key, key))
        case "live":
            return (yield from look(key, key, live=True))
        case "record":
            return (yield from record(key, key))
        case "act":
            return (yield from act(key, key))
        case _:
            reply: Reply[str] = yield from choose(key, words, YES_NO)
            if reply.value == "yes":
                yield from choose(f"{key}.more", words, YES_NO)
                yield from record(f"{key}.more.kept", key)
            return reply


def play(playing: Playing, moves: list[Json]) -> None:
    """Answer or go back (None) as long as there is a question; see that what must not happen does not."""
    for move in moves:
        if playing.rest.ask is None:
            return
        number, finals = playing.log.number, [done for done in playing.acts if done.startswith("act.")]
        at = playing.rest.address
        if move is None:
            could = playing.rest.can_go_back
            playing.back()
            assert could or playing.rest.address == at
            assert [done for done in playing.acts if done.startswith("act.")] == finals, "Back did something"
            assert playing.log.number > number or not could
        else:
            playing.answer(move.get("value"), Status(move["status"]))
            assert playing.log.number > number
    numbers = [number for _key, number in playing.done]
    assert numbers == sorted(set(numbers)), "two things done under one number"


@settings(max_examples=150, deadline=None)
@given(RECIPES, st.lists(st.none() | ANSWERS, max_size=25), st.booleans())
def test_any_script_is_played_by_any_answers(recipe: Recipe, moves: list[Json], keeps: bool) -> None:
    playing = Playing(cook(recipe))
    playing.keeps = keeps  # type: ignore[misc]
    play(playing, moves)
    wanted = sum(part == "act" for part, _key in recipe)
    assert sum(key.startswith("act.") for key in playing.acts) <= wanted, "a final act happened twice"


@settings(max_examples=100, deadline=None)
@given(RECIPES, st.lists(st.none() | ANSWERS, max_size=25))
def test_a_script_kept_at_rest_goes_on_just_as_one_played_from_the_top(recipe: Recipe, moves: list[Json]) -> None:
    kept, fresh = Playing(cook(recipe)), Playing(cook(recipe))
    kept.keeps = True  # type: ignore[misc]
    for move in moves:
        if fresh.rest.ask is None:
            break
        for playing in (kept, fresh):
            if move is None:
                playing.back()
            else:
                playing.answer(move.get("value"), Status(move["status"]))
        assert replace(kept.rest, run=None) == replace(fresh.rest, run=None)
        assert kept.done == fresh.done
        assert kept.log.to_json() == fresh.log.to_json()


@settings(max_examples=150, deadline=None)
@given(RECIPES, RECIPES, st.lists(st.none() | ANSWERS, max_size=12), st.lists(st.none() | ANSWERS, max_size=25))
def test_a_session_goes_on_in_any_other_script(old: Recipe, new: Recipe, before: list[Json], after: list[Json]) -> None:
    playing = Playing(cook(old))
    play(playing, before)
    finals = [key for key in playing.acts if key.startswith("act.")]
    answered = {address for address, entry in playing.log.entries.items() if entry.kind == "ask"}
    playing.release(cook(new))
    assert [key for key in playing.acts if key.startswith("act.")] == finals, "a release filled something in"
    reached = playing.rest.address
    assert playing.rest.ask is None or reached not in answered or not fits(playing, reached)
    play(playing, after)


def fits(playing: Playing, address: tuple[str, int]) -> bool:
    """Whether the log holds an answer to the question at which it rests."""
    assert playing.rest.ask is not None
    return decode(playing.rest.ask.kind, playing.log.entries[address].value) is not None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(KINDS), ANY_JSON | st.builds(lambda value: {"status": "answered", "value": value}, ANY_JSON))
def test_whatever_a_log_holds_is_an_answer_or_is_none(kind: Kind, value: Json) -> None:
    reply = decode(kind, value)
    assert reply is None or (reply.value is None) == (reply.status is not Status.ANSWERED)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 3), ANY_JSON), max_size=8))
def test_any_log_comes_back_as_it_was(rows: list[tuple[str, int, Json]]) -> None:
    log = Log()
    for key, nth, value in rows:
        log.put((key, nth), "ask", value)
    assert Log.from_json(log.to_json()) == log
    assert log.number == len(rows)


def test_every_part_of_a_recipe_is_a_step() -> None:
    parts = ["choose", "several", "words", "firm", "look", "live", "record", "act", "fork"]
    steps: list[Step] = [next(step(part, "key")) for part in parts]
    assert len({type(made).__name__ for made in steps}) == 3
