"""A release under the clients' feet: sessions recorded on one script go on in the next, from the old buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from conversations.acts import RaiseAlert, Respond
from conversations.instruments import NEEDS
from conversations.playbook import CLIENT, PLAYBOOK, Part
from conversations.questions import act, choose, own_words, record, say
from conversations.script import Ending, Option, Said, Script
from conversations.text import Verbatim, _
from tests.conversations.playing import Start
from tests.dialogue.stories import enrol, join
from tests.player import Phone, Stage

Release: TypeAlias = Callable[[Start], None]

SCALE = tuple(Option(code, Verbatim(f"{code} of it")) for code in "1234")


def rating(*codes: str, scale: tuple[Option, ...] = SCALE, alert_before: str = "", words_after: str = "") -> Start:
    """A script that asks for these needs in this order."""

    def script() -> Script[Ending]:
        for number, code in enumerate(codes, 1):
            if code == alert_before:
                yield from act("alert", RaiseAlert("today"))
            label = NEEDS.item(code).label
            reply = yield from choose(code, label, scale, place=(number, len(codes)))
            value = int(reply.value) if reply.value else None
            yield from record(f"{code}.rated", Respond(NEEDS.name, 1, code, reply.status, value))
            if code == words_after:
                words = yield from own_words(f"{code}.meaning", NEEDS.meaning)
                said = words.value if isinstance(words.value, Said) else None
                yield from record(
                    f"{code}.explained", Respond(NEEDS.name, 1, f"{code}.meaning", words.status, words=said)
                )
        yield from say(_("Thank you for your time. Whatever you answered, you lose nothing."))
        return None

    return script


@pytest.fixture
def release(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Release:
    """Puts another script in the place of the needs, as a restart with a new version does."""

    def to(script: Start) -> None:
        monkeypatch.setitem(PLAYBOOK, "needs", Part(script, CLIENT, lasting=True))
        stage.restart()

    return to


@pytest.fixture
def client(stage: Stage, release: Release) -> Phone:
    """A client who has answered two of four needs on the old script and has the third on the screen."""
    client = enrol(stage)
    release(rating("employment", "debt", "food", "housing"))
    client.tap("What matters to me").tap("1").tap("2")
    assert place(client) == ("Food", "3 of 4")
    return client


def place(client: Phone) -> tuple[str, str]:
    """What is asked, and where that is."""
    lines = client.text.splitlines()
    return lines[-2], lines[-1]


def recorded(stage: Stage, client: Phone) -> list[tuple[str, int | None]]:
    """What was recorded, in order."""
    return [(item, value) for item, _status, value in stage.ratings(client)]


def test_with_a_question_inserted_the_old_screen_still_counts_and_the_new_one_is_asked_once(
    stage: Stage, client: Phone, release: Release
) -> None:
    release(rating("employment", "medical_basic", "debt", "food", "housing"))
    client.tap("3 of it")
    assert place(client) == ("A doctor or medicine", "2 of 5")
    client.tap("4 of it")
    assert place(client) == ("A place to stay", "5 of 5")
    client.tap("1 of it")
    assert client.text.startswith("Thank you for your time.")
    assert sorted(recorded(stage, client)) == [
        *(("debt", 2), ("employment", 1), ("food", 3), ("housing", 1), ("medical_basic", 4)),
    ]


def test_with_the_open_question_removed_the_tap_is_no_error_and_the_next_one_comes(
    stage: Stage, client: Phone, release: Release
) -> None:
    release(rating("employment", "debt", "housing"))
    client.tap("3 of it")
    assert place(client) == ("A place to stay", "3 of 3")
    client.tap("4 of it")
    assert recorded(stage, client) == [("employment", 1), ("debt", 2), ("housing", 4)]


def test_with_an_answered_question_removed_nothing_of_it_is_lost(stage: Stage, client: Phone, release: Release) -> None:
    release(rating("employment", "food", "housing"))
    client.tap("3 of it").tap("4 of it")
    assert recorded(stage, client) == [("employment", 1), ("debt", 2), ("food", 3), ("housing", 4)]


def test_with_questions_reordered_each_is_asked_once(stage: Stage, client: Phone, release: Release) -> None:
    release(rating("housing", "food", "debt", "employment"))
    client.tap("3 of it")
    assert place(client) == ("A place to stay", "1 of 4")
    client.tap("4 of it")
    assert client.text.startswith("Thank you for your time.")
    assert sorted(recorded(stage, client)) == [("debt", 2), ("employment", 1), ("food", 3), ("housing", 4)]


def test_all_at_once_inserted_removed_and_reordered(stage: Stage, client: Phone, release: Release) -> None:
    release(rating("medical_basic", "food", "employment", "vocational"))
    client.tap("3 of it")
    assert place(client) == ("A doctor or medicine", "1 of 4")
    client.tap("1 of it")
    assert place(client) == ("Learning a trade", "4 of 4")
    client.tap("2 of it")
    assert sorted(recorded(stage, client)) == [
        *(("debt", 2), ("employment", 1), ("food", 3), ("medical_basic", 1), ("vocational", 2)),
    ]


def test_an_answer_that_is_no_longer_offered_is_asked_again_with_what_there_is_now(
    stage: Stage, client: Phone, release: Release
) -> None:
    release(rating("employment", "debt", "food", "housing", scale=SCALE[:3]))
    client.tap("4 of it")
    assert place(client) == ("Food", "3 of 4")
    assert client.labels[:4] == ["1 of it", "2 of it", "3 of it", "‹ Back"]
    client.tap("3 of it")
    assert recorded(stage, client) == [("employment", 1), ("debt", 2), ("food", 3)]


def test_buttons_from_before_the_release_stay_old_after_it(stage: Stage, client: Phone, release: Release) -> None:
    old = [button for button in client.seen if button[1].label.endswith("of it")]
    release(rating("employment", "debt", "medical_basic", "food", "housing"))
    client.tap("3 of it")
    for message, button in old:
        client.press(button.data, message)
        assert client.toast == "That is from an earlier screen."
    assert place(client) == ("A doctor or medicine", "3 of 5")
    assert recorded(stage, client) == [("employment", 1), ("debt", 2)]
    client.tap("1 of it")
    assert recorded(stage, client)[2:] == [("medical_basic", 1), ("food", 3)]


def test_back_after_a_release_goes_back_in_the_new_order(stage: Stage, client: Phone, release: Release) -> None:
    release(rating("debt", "employment", "food", "housing"))
    client.tap("‹ Back")
    assert place(client) == ("Finding a job", "2 of 4")
    client.tap("4 of it")
    assert place(client) == ("Food", "3 of 4")
    assert recorded(stage, client) == [("employment", 1), ("debt", 2), ("employment", 4)]


def test_a_question_that_now_wants_words_takes_them(stage: Stage, client: Phone, release: Release) -> None:
    release(rating("employment", "debt", "food", "housing", words_after="debt"))
    client.tap("3 of it")
    assert client.text == "What would help you most with this?"
    client.send("more time")
    assert place(client) == ("A place to stay", "4 of 4")


def test_an_alert_that_a_release_puts_before_answered_questions_is_never_sent(
    stage: Stage, client: Phone, release: Release
) -> None:
    worker = join(stage)
    release(rating("employment", "debt", "food", "housing", alert_before="debt"))
    client.tap("3 of it").tap("4 of it")
    assert client.text.startswith("Thank you for your time.")
    assert stage.count("alerts") == 0
    assert not worker.alerts
    client.tap("What matters to me").tap("1 of it")
    assert stage.count("alerts") == 1, "who begins on the new script sends it"


def test_someone_who_had_stopped_goes_on_in_the_new_script(stage: Stage, client: Phone, release: Release) -> None:
    client.tap("Stop for now")
    assert client.labels[0] == "Go on: 3 of 4"
    release(rating("employment", "medical_basic", "debt", "food", "housing"))
    client.tap("Go on: 3 of 4")
    assert place(client) == ("A doctor or medicine", "2 of 5")
    client.tap("1 of it")
    assert place(client) == ("Food", "4 of 5")


@pytest.mark.parametrize("what", ["tap", "words", "stopped", "command"])
def test_a_script_that_is_gone_altogether_leads_home(
    stage: Stage, client: Phone, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    message, button = client.find("3 of it")
    if what == "stopped":
        client.tap("Stop for now")
    monkeypatch.delitem(PLAYBOOK, "needs")
    stage.restart()
    match what:
        case "tap":
            client.press(button.data, message.id)
            assert client.toast == "That is from an earlier screen."
        case "words":
            client.send("words")
        case "stopped":
            client.send("/start")
        case _:
            client.send("/help").tap("Not needed now")
    assert stage.letters == 0
    assert client.text.endswith("What would you like to do?")
    assert not any(label.startswith("Go on") for label in client.labels)
    assert recorded(stage, client) == [("employment", 1), ("debt", 2)]
