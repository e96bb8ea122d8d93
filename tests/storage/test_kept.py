"""Sessions that Turns keeps in memory never overrule the database."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import acts
from bot.acts import Moment
from bot.turns import Turns
from conversations.acts import Respond
from conversations.script import Json
from storage.database import transact
from tests.dialogue.stories import asked, begin_rating, enrol, join, rate
from tests.player import Phone, Stage, Update

CODE = re.compile(r"[CWLS]-\d+")


class Steady(Stage):
    """A programme whose process never restarts: one Turns for everything."""

    def __init__(self) -> None:
        super().__init__(restarts=False)

    def lose(self, *updates: Update) -> None:
        """A batch that was taken, and then could not be committed."""

        def work(connection: sqlite3.Connection) -> None:
            self.turns().take(connection, updates, self.now)
            raise sqlite3.OperationalError("disk full")

        with pytest.raises(sqlite3.OperationalError, match="disk full"):
            transact(self.connection, work)


def pressed(phone: Phone, label: str) -> Update:
    message, button = phone.find(label)
    return phone.pressing(button.data, message.id)


def test_a_session_changed_behind_its_back_is_not_used_as_it_was() -> None:
    stage = Steady()
    client = begin_rating(enrol(stage))
    client.tap("2").tap("2")
    other = Turns(stage.keyring, stage.programme)
    update = pressed(client, "3")
    stage._settle(transact(stage.connection, lambda connection: other.take(connection, [update], stage.now)))
    client.tap("4")
    assert [value for _item, _status, value in stage.ratings(client)] == [2, 2, 3, 4]
    client.tap("Skip").tap("‹ Back").tap("‹ Back")
    assert [value for _item, _status, value in stage.ratings(client)][:4] == [2, 2, 3, 4]


def test_an_answer_that_was_rolled_back_is_asked_again() -> None:
    stage = Steady()
    client = begin_rating(enrol(stage))
    client.tap("2")
    question = asked(client)
    update = pressed(client, "3")
    stage.lose(update)
    assert len(stage.ratings(client)) == 1
    stage.take(update)
    assert stage.ratings(client)[-1] == (question, "answered", 3)
    assert asked(client) != question


def test_a_failed_turn_leaves_nothing_of_itself_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Steady()
    client = begin_rating(enrol(stage))
    question = asked(client)
    original = acts.perform

    def fail(act: object, moment: Moment) -> Json:
        done: Json = original(act, moment)
        if isinstance(act, Respond):
            raise ZeroDivisionError
        return done

    with monkeypatch.context() as patch:
        patch.setattr(acts, "perform", fail)
        client.tap("4")
    assert stage.letters == 1
    assert asked(client) == question
    client.tap("3")
    assert [row[2] for row in stage.ratings(client)] == [3]


def test_no_more_sessions_than_agreed_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.turns.MOST_KEPT", 2)
    stage = Steady()
    clients = [begin_rating(enrol(stage)) for _number in range(4)]
    for client in clients:
        client.tap("2")
    assert len(stage.turns()._kept) == 2
    for client in clients:
        client.tap("3")
        assert [row[2] for row in stage.ratings(client)] == [2, 3]


# --- the same screens, whoever plays ---------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What somebody does: tap the button at that place of what is on the screen, say words, or have bad luck."""

    who: int
    button: int
    how: str


STEPS = st.lists(
    st.builds(
        Step,
        who=st.integers(0, 2),
        button=st.integers(0, 40),
        how=st.sampled_from([*["tap"] * 9, "words", "old", "twice", "lost", "broken", "/menu", "/help", "wait"]),
    ),
    min_size=10,
    max_size=45,
)


class Play:
    """One programme in which the steps are taken."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.phones = [rate(begin_rating(enrol(stage, "Mya")), until="papers"), enrol(stage), join(stage)]
        self.broken = False

    def take(self, step: Step) -> None:
        phone = self.phones[step.who]
        if step.how == "wait":
            self.stage.wait(minutes=10 + step.button * 20)
            return
        update = self._update(phone, step)
        if step.how == "lost" and isinstance(self.stage, Steady):
            self.stage.lose(update)
        self.broken = step.how == "broken"
        self.stage.take(*([update, self._update(phone, step)] if step.how == "twice" else [update]))
        self.broken = False

    def _update(self, phone: Phone, step: Step) -> Update:
        if step.how == "words":
            return phone.saying(text=f"words {step.button}")
        if step.how.startswith("/"):
            return phone.saying(text=step.how)
        buttons = [(message, button) for message in phone.screen for button in message.buttons]
        if step.how == "old":
            old = [seen for seen in phone.seen if seen[1].data.count(".") == 2]
            message_id, button = old[step.button * 7 % len(old)]
            return phone.pressing(button.data, message_id)
        if not buttons:
            return phone.saying(text="/menu")
        message, button = buttons[step.button % len(buttons)]
        return phone.pressing(button.data, message.id)

    def screens(self) -> list[list[tuple[str, list[str], list[str]]]]:
        """What everybody sees, but for codes, which are made by chance."""
        return [
            [(CODE.sub("·", m.text), [CODE.sub("·", label) for label in m.labels], phone.toasts) for m in phone.screen]
            for phone in self.phones
        ]

    def answers(self) -> Sequence[Any]:
        return [self.stage.ratings(phone) for phone in self.phones[:2]]


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_memory_makes_no_difference_to_what_anybody_sees(steps: list[Step]) -> None:
    plays = [Play(Steady()), Play(Stage())]
    original = acts.perform

    def perform(act: object, moment: Moment) -> Json:
        done: Json = original(act, moment)
        if any(play.broken for play in plays):
            raise ZeroDivisionError
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acts, "perform", perform)
        for step in steps:
            for play in plays:
                play.take(step)
            assert plays[0].screens() == plays[1].screens()
    assert plays[0].answers() == plays[1].answers()
    assert plays[0].stage.letters == plays[1].stage.letters
    for play in plays:
        play.stage.connection.close()
