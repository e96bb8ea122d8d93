"""A process that goes on running keeps scripts at rest in memory; it must come to the same as one that starts anew."""

from __future__ import annotations

import re
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import acts
from conversations.acts import Respond
from conversations.script import Json
from storage.database import transact
from tests.dialogue.stories import begin_rating, enrol
from tests.dialogue.test_total import CLIENT, STARTS, WHICH, WHO, story
from tests.player import Button, Phone, Stage

Move = tuple[str, int, int]
MOVES: st.SearchStrategy[Move] = st.tuples(
    st.sampled_from(["tap"] * 8 + ["tap last", "write", "digit", "help", "start", "wait", "sticker"]),
    WHO | st.just(CLIENT),
    WHICH,
)


def do(stage: Stage, move: Move) -> None:
    """One thing that somebody does, the same on either stage."""
    what, who, which = move
    phone = list(stage.phones.values())[who]
    match what:
        case "tap":
            there = buttons(phone)
            if there:
                phone.press(there[which % len(there)][1].data, there[which % len(there)][0])
        case "tap last":
            if phone.seen:
                phone.press(phone.seen[-1 - which % len(phone.seen)][1].data)
        case "write":
            phone.send(f"words {which}")
        case "digit":
            phone.send(str(which % 6))
        case "help" | "start":
            phone.send(f"/{what}")
        case "sticker":
            phone.sticker()
        case _:
            stage.wait(minutes=which * 10)


def buttons(phone: Phone) -> list[tuple[int, Button]]:
    """What can be tapped, in an order that does not depend on ids."""
    return [(message.id, button) for message in phone.screen for button in message.buttons]


def seen(stage: Stage) -> list[tuple[str, str, tuple[str, ...]]]:
    """What stands on all phones, without the codes that are made by chance."""
    return [
        (message.slot.partition(".")[0], nameless(message.text), tuple(map(nameless, message.labels)))
        for phone in stage.phones.values()
        for message in phone.screen
    ]


def nameless(text: str) -> str:
    """Without codes, of people and of invitations."""
    return re.sub(r"(\b[CWL]-|/start )[\w-]+", r"\1", text)


def kept(stage: Stage) -> list[tuple[object, ...]]:
    """What was recorded, without ids."""
    tables = {
        "responses": "item, status, value, language, number, at",
        "consents": "purpose, granted, digest, number, at",
        "alerts": "kind, level, state, rung, number, raised_at, due_at, seen_at, claimed_at, closed_at",
        "lines": "number, at",
        "readings": "what, at",
        "outbox": "method, lane, purpose, state, not_before",
        "sessions": "script, state",
    }
    return [
        (table, *row)
        for table, columns in tables.items()
        for row in stage.rows(f"SELECT {columns} FROM {table} ORDER BY id")
    ]


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(STARTS), st.lists(MOVES, min_size=5, max_size=40))
def test_processes_that_go_on_running_and_one_that_starts_anew_for_every_turn_come_to_the_same(
    start: str, moves: list[Move]
) -> None:
    restarted, running, several = (story(start).copy() for _stage in range(3))
    restarted.restarts, several.processes = True, 3
    for move in moves:
        do(restarted, move)
        expected = seen(restarted)
        for stage in (running, several):
            do(stage, move)
            assert seen(stage) == expected
    for stage in (running, several, restarted):
        assert kept(stage) == kept(restarted)
        assert stage.letters == 0
    for stage in (running, several, restarted):
        stage.connection.close()


@pytest.fixture
def running() -> Stage:
    """A programme with one process that goes on running."""
    return Stage(restarts=False)


def test_a_turn_that_was_rolled_back_never_was(running: Stage) -> None:
    client = begin_rating(enrol(running)).tap("2")
    message, button = client.find("4")
    tap = client.pressing(button.data, message.id)

    def fail(connection: sqlite3.Connection) -> None:
        assert running.turns().take(connection, [tap], running.now).turns == 1
        raise sqlite3.OperationalError("database or disk is full")

    for _time in range(2):
        with pytest.raises(sqlite3.OperationalError):
            transact(running.connection, fail)
    assert len(running.ratings(client)) == 1
    running.take(tap)
    assert "What would help you most with this?" in client.text
    assert [value for _item, _status, value in running.ratings(client)] == [2, 4]


def test_a_turn_that_fails_once_is_taken_once_more(running: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    client = begin_rating(enrol(running)).tap("2")
    fail_at(monkeypatch, 1)
    client.tap("3")
    assert client.text.endswith("3 of 21")
    assert [value for _item, _status, value in running.ratings(client)] == [2, 3]
    assert running.letters == 0


def test_a_turn_that_fails_twice_is_put_aside_and_the_next_ones_are_taken(
    running: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other = begin_rating(enrol(running)).tap("2"), begin_rating(enrol(running))
    fail_at(monkeypatch, 1, 2)
    message, button = client.find("3")
    poisoned = client.pressing(button.data, message.id)
    message, button = other.find("1")
    running.take(poisoned, other.pressing(button.data, message.id))
    assert running.letters == running.count("letters") == 1
    assert "Something went wrong here, on our side." in str(client)
    assert len(running.ratings(other)) == 1
    assert client.text.endswith("2 of 21")
    client.tap("4").tap("Skip")
    assert [value for _item, _status, value in running.ratings(client)] == [2, 4, None]


def fail_at(monkeypatch: pytest.MonkeyPatch, *calls: int) -> None:
    """Let the recording of an answer fail at these of its calls, after it was written."""
    perform, count = acts.perform, iter(range(1, 1_000))

    def perform_or_fail(act: object, moment: acts.Moment) -> Json:
        done = perform(act, moment)
        if isinstance(act, Respond) and next(count) in calls:
            raise RuntimeError("a bug")
        return done

    monkeypatch.setattr(acts, "perform", perform_or_fail)
