"""Whatever a person sends gets a kind answer, and nothing of it is kept that was not asked for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.dialogue.stories import ask_for_contact, asked, begin_rating, come_back, come_to_consent, enrol, join
from tests.player import Phone, Stage


@pytest.fixture
def client(stage: Stage) -> Phone:
    """A client at the first question."""
    return begin_rating(enrol(stage))


@pytest.mark.parametrize("what", ["sticker", "photo", "voice"])
def test_what_cannot_be_read_here_is_answered_and_the_question_stays(stage: Stage, client: Phone, what: str) -> None:
    getattr(client, what)()
    assert client.text.startswith("I can") or client.text.startswith("I cannot")
    assert asked(client) == "employment"
    assert stage.count("responses") == stage.count("voices") == 0
    assert client.screen[-1] is client.living, "the answer is the last on the screen"


def test_a_voice_note_that_is_too_long_is_declined_kindly(stage: Stage, client: Phone) -> None:
    client.tap("4").voice(121)
    assert client.text.startswith("That voice note is too long for me. Two minutes at most, please.")
    assert stage.count("voices") == 0
    client.voice(120)
    assert stage.count("voices") == 1


def test_a_message_that_was_edited_later_does_not_change_what_was_said(stage: Stage, client: Phone) -> None:
    client.tap("4").send("a job").edit("another job")
    assert client.text.startswith("I keep what was written first.")
    assert len(stage.ratings(client)) == 2


def test_an_unknown_command_shows_where_one_is(client: Phone) -> None:
    client.send("/whatever")
    assert client.text.startswith("I do not know that word. Here is where we are.")
    assert asked(client) == "employment"


@pytest.mark.parametrize("words", ["   ", "\n", "\u200b", "\u2800", "."])
def test_a_message_of_nothing_is_answered(client: Phone, words: str) -> None:
    client.tap("4").send(words)
    assert client.living.buttons


@pytest.mark.parametrize("words", ["x" * 4096, "😀" * 2048, "ေနာက္ဆုံး ျမန္မာ " * 200, "\U0001f469\u200d\U0001f467" * 800])
def test_the_longest_message_fits_and_is_kept_whole(stage: Stage, client: Phone, words: str) -> None:
    client.tap("4").send(words)
    assert asked(client) == "money_expenses"
    assert stage.ratings(client)[-1][0] == "employment.meaning"
    client.send("/menu").tap("Go on")
    assert stage.letters == 0


def test_the_longest_message_can_also_be_asked_about(client: Phone) -> None:
    client.tap("4").send("😀" * 2048, ago=60)
    assert client.labels == ["Yes, use it", "No, leave it out"]


@pytest.mark.parametrize(
    "data",
    [
        *(
            "",
            ".",
            "..",
            "...",
            "a",
            "!",
            "!.",
            "!sent",
            "!sent.",
            "!sent.x",
            "!sent.٣",
            "!sent.-1",
            "!nothing.1",
            "!needs.1",
        ),
        *(
            "!sent.9999999999999999999",
            "!talk.9999999999999999999",
            "!take.9999999999999999999",
            "!sent.٣",
            "!arrive.1",
        ),
        *("0.0.1", "-1.-1.~b", "zzzzzzzzzzzzz.zzzzzzzz.~d", "1.1", "ကက.က.1", "\x00.\x00.\x00", "~b", "1" * 64),
    ],
)
def test_a_button_that_was_never_there_is_answered(stage: Stage, client: Phone, data: str) -> None:
    sent = stage.count("outbox")
    client.press(data)
    assert stage.letters == 0
    assert stage.count("outbox") > sent
    assert asked(client) == "employment"


def test_a_code_that_was_not_on_the_screen_is_no_answer(stage: Stage, client: Phone) -> None:
    message, button = client.find("4")
    for code in ("5", "0", "~b", "~d", "~u", "~n", "~p", "yes", ""):
        client.press(f"{button.data[:-1]}{code}", message.id)
        assert client.text.startswith("That button is not here any more.")
    assert stage.count("responses") == 0


def test_blocking_ends_all_sending_and_writing_again_takes_up_where_one_was(stage: Stage, client: Phone) -> None:
    client.block()
    assert stage.person(client).blocked_at is not None
    client.unblock().send("hello")
    assert stage.person(client).blocked_at is None
    assert asked(client) == "employment"


def test_closing_leaves_a_dot_on_the_screen_and_nothing_else(stage: Stage) -> None:
    client = enrol(stage).tap("Close")
    assert (client.text, client.labels) == ("·", ["Open"])
    assert client.tap("Open").text == "What would you like to do?"


def test_the_menu_is_never_longer_than_eight_buttons(stage: Stage) -> None:
    worker = join(stage)
    client = ask_for_contact(enrol(stage), words="a room")
    worker.tap("I'll take it")
    begin_rating(client.send("/menu")).tap("3").tap("Stop for now")
    assert 5 < len(client.labels) <= 8


def test_commands_are_tidied_away(client: Phone) -> None:
    client.send("/help").send("/needs").send("/start")
    assert [message.slot for message in client.screen] == ["living"]


def test_help_with_several_words_behind_it_is_still_help(stage: Stage, client: Phone) -> None:
    client.tap("4").send("/help please call me")
    assert client.text.startswith("You can reach a person.")
    assert len(stage.ratings(client)) == 1


def test_a_day_can_pass_between_any_two_turns(stage: Stage) -> None:
    client = come_to_consent(stage)
    for _screen in range(5):
        stage.wait(days=1)
        come_back(client).tap("Next")
    assert client.labels[-1] == "Done"


def test_everything_is_still_there_when_the_database_is_closed_between_any_two_turns(tmp_path: Path) -> None:
    stage = Stage(path=tmp_path / "firstsay.db")
    worker = join(stage)
    client = ask_for_contact(enrol(stage, "Moe"), words="a room")
    worker.tap("I'll take it").tap("Write to").send("hello")
    client.tap("Write to")
    assert "Aye: hello" in client.text
    assert len([item for item, _s, _v in stage.ratings(client) if "." not in item]) == 21


def test_a_copy_of_a_stage_goes_its_own_way(stage: Stage) -> None:
    client = begin_rating(enrol(stage))
    twin = stage.copy()
    other = twin.phones[client.chat].tap("2")
    assert (len(twin.ratings(other)), len(stage.ratings(client))) == (1, 0)
    assert (asked(other), asked(client)) == ("money_expenses", "employment")
    assert twin.now == stage.now + timedelta(seconds=1)
