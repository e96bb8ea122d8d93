"""A process that goes on running keeps scripts at rest in memory; it must come to the same as one that starts anew."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dialogue.test_total import CLIENT, STARTS, WHICH, WHO, story
from tests.player import Button, Phone, Stage

UNEQUAL = "Take it back"
"""Known to differ: see test_wish.test_after_taking_it_back_one_tap_leads_to_the_menu."""

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
    return [
        *((message.id, button) for message in phone.screen for button in message.buttons if button.label != UNEQUAL),
    ]


def seen(stage: Stage) -> list[tuple[str, str, tuple[str, ...]]]:
    """What stands on all phones, without the codes that are made by chance."""
    return [
        (message.slot.partition(".")[0], nameless(message.text), tuple(map(nameless, message.labels)))
        for phone in stage.phones.values()
        for message in phone.screen
    ]


def nameless(text: str) -> str:
    """Without codes."""
    return re.sub(r"\b([CWL])-\d+", r"\1-", text)


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


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(STARTS), st.lists(MOVES, min_size=5, max_size=40))
def test_a_running_process_and_one_that_starts_anew_for_every_turn_come_to_the_same(
    start: str, moves: list[Move]
) -> None:
    running, restarted = story(start).copy(), story(start).copy()
    restarted.restarts = True
    for move in moves:
        do(running, move)
        do(restarted, move)
        assert seen(running) == seen(restarted)
    assert kept(running) == kept(restarted)
    for stage in (running, restarted):
        assert stage.letters == 0
        stage.connection.close()
