"""The check-in, as a client goes through it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from bot import looks
from bot.turn import Scene
from conversations.instruments import CHECKIN
from conversations.looks import LookLately
from tests.benchmarks.checkin import WAYS
from tests.benchmarks.checkin import play as play_way
from tests.dialogue.checking import (
    CORE,
    EXTRA,
    ask,
    askings,
    begin,
    check_in,
    come_in,
    come_to_close,
    come_to_services,
    come_to_statements,
    kept,
    say_factors,
    state,
    tick,
    turn_of,
)
from tests.dialogue.stories import PURPOSES, join, send
from tests.player import Phone, Stage

READERS = [
    "Aye can read how your needs are now, and what you want us to do.",
    "All the rest is read only by the programme lead, without your name.",
]
FACTORS = [answer.label.wordings["en"] for answer in CHECKIN.question("helped").answers]


# --- what helped, what was hard ------------------------------------------------------------------------------


def test_up_to_three_are_ticked_and_a_fourth_is_declined_kindly(stage: Stage, client: Phone) -> None:
    begin(client)
    assert client.text == "What helped you lately?\nUp to three. Think of the last two weeks."
    for label in ("Family", "Home", "Health", "Learning"):
        client.tap(label)
    assert client.text.startswith("That is as many as fit here.")
    client.tap("Done")
    assert kept(stage, client)["helped"] == ("answered", 0b110001)


def test_a_long_list_stands_in_two_columns_and_a_short_one_in_one(stage: Stage, client: Phone) -> None:
    rows = widths(stage, begin(client))
    assert rows[:7] == [2, 2, 2, 2, 2, 2, 1], "thirteen options"
    tick(tick(client, "Nothing"), "Nothing")
    assert "Did any of these make things harder?" in client.text
    assert widths(stage, client)[:7] == [1] * 7


def widths(stage: Stage, client: Phone) -> list[int]:
    """How many buttons stand in each row of what was drawn last."""
    shown = [sending for sending in stage.last.sendings if sending.person.chat == client.chat][-1]
    return [len(row) for row in shown.payload["reply_markup"]["inline_keyboard"]]


def test_it_is_asked_which_part_of_life_the_first_one_ticked_touched(stage: Stage, client: Phone) -> None:
    tick(begin(client), "Home", "Family")
    assert client.text == "Home\nWhich part of life did it touch?"
    assert client.living.bold == "Home"
    tick(client, "Peace of mind", "My place and purpose")
    assert client.text.startswith("What made things harder?")
    answers = kept(stage, client)
    assert answers["helped.first"] == ("answered", FACTORS.index("Home"))
    assert answers["helped_touched"] == ("answered", 0b0110)


def test_nothing_counts_as_nothing(stage: Stage, client: Phone) -> None:
    tick(begin(client), "Nothing")
    assert client.text.startswith("What made things harder?")
    tick(client, "Nothing", "Money, debt")
    tick(client, "None of these")
    assert client.text.startswith("Money, debt\n"), "the other thing ticked was first"
    answers = kept(stage, client)
    assert answers["helped.first"] == ("not_asked", None)
    assert answers["harder.first"] == ("answered", FACTORS.index("Money, debt"))


def test_what_the_papers_name_is_first_only_where_nothing_else_was_ticked(stage: Stage, client: Phone) -> None:
    tick(tick(begin(client), "Nothing"), "Nothing")
    tick(client, "Being asked to tell it again", "What people say about me")
    assert client.text.startswith("Being asked to tell it again\n")
    answers = kept(stage, client)
    assert answers["pressed.first"] == ("answered", 3)
    assert answers["harder.first"] == ("not_asked", None)


def test_what_was_ticked_by_mistake_leaves_no_part_of_life_behind(stage: Stage, client: Phone) -> None:
    tick(tick(begin(client), "Home"), "Peace of mind")
    client.tap("‹ Back").tap("‹ Back").tap("Nothing").tap("Done")
    assert client.text.startswith("What made things harder?")
    assert kept(stage, client)["helped.first"] == ("not_asked", None)


# --- the statements ------------------------------------------------------------------------------------------


def test_the_statements_can_be_left_out_altogether(stage: Stage, client: Phone) -> None:
    come_to_statements(client)
    assert client.text.splitlines() == [
        "Now 12 short statements, if you like.",
        "Each time: how true is it for you, in the last two weeks? There is no right answer.",
    ]
    assert client.labels[:2] == ["Go on", "Leave them out"]
    client.tap("Leave them out")
    assert "Which of these have you had help with lately?" in client.text
    assert not kept(stage, client).keys() & {*CORE, *EXTRA}


def test_each_statement_has_five_steps_with_bars_and_a_skip(stage: Stage, client: Phone) -> None:
    come_to_statements(client).tap("Go on")
    assert client.text == "There is someone I can be open with.\n1 of 12"
    assert client.labels == [
        *("○○○○ Not at all", "●○○○ A little", "●●○○ Partly", "●●●○ Mostly", "●●●● Fully"),
        *("‹ Back", "Skip", "Stop for now"),
    ]


def test_a_step_is_kept_as_0_to_4_and_a_skip_as_none(stage: Stage, client: Phone) -> None:
    state(come_to_statements(client), {"open": "○○○○", "growing": "●●○○", "know": "●●●●"})
    answers = kept(stage, client)
    assert [answers[code] for code in ("open", "growing", "know", "calm")] == [
        ("answered", 0),
        ("answered", 2),
        ("answered", 4),
        ("skipped", None),
    ]


def test_four_statements_more_the_first_time_and_eight_after_that(stage: Stage, client: Phone) -> None:
    state(come_to_statements(client), "●●○○")
    assert kept(stage, client).keys() >= {*CORE, *EXTRA}
    tick(client, "None of these").tap("No")
    assert come_to_statements(client).text.startswith("Now 8 short statements")


def test_whoever_left_the_statements_out_is_asked_all_of_them_the_next_time(stage: Stage, client: Phone) -> None:
    come_to_close(client).tap("No")
    assert come_to_statements(client).text.startswith("Now 12 short statements")


def test_the_last_round_of_a_plan_asks_the_four_once_more(stage: Stage, client: Phone) -> None:
    check_in(client, "●●○○").tap("Close")
    stage.wait(days=29)
    ask(stage, last=True)
    say_factors(client.tap("Open").tap("Start"))
    assert client.text.startswith("Now 12 short statements")


# --- one service ---------------------------------------------------------------------------------------------


def test_five_questions_on_one_service_and_before_them_who_reads_the_answers(stage: Stage, client: Phone) -> None:
    come_to_services(client)
    unseen = "Your caseworker does not see these answers; the programme lead reads them without your name."
    assert client.text.splitlines() == [unseen, "Which of these have you had help with lately?"]
    tick(client, "Training", "Papers")
    asked = []
    for answer in ("Yes", "Partly", "No", "Yes", "Less strong"):
        title, question, _place = client.text.splitlines()
        assert title == "Training"
        asked.append(question)
        client.tap(answer)
    assert asked == [
        "Was this what you wanted?",
        "Did people treat you with respect?",
        "Were you free to say no?",
        "Were you asked to tell your story again when you did not want to?",
        "Since then, do you feel …",
    ]
    assert client.text == "Is there anything you want us to do?", "one service, not two"
    answers = {item: answer for item, answer in kept(stage, client).items() if "." in item}
    assert {item: value for item, (_status, value) in answers.items() if value is not None} == {
        "training.wanted": 0,
        "training.respect": 1,
        "training.refuse": 2,
        "training.retold": 1,
        "training.since": 2,
    }


def test_the_service_asked_about_goes_round(stage: Stage, client: Phone) -> None:
    asked = []
    for _time in range(4):
        tick(come_to_services(client), "Legal help", "Papers", "Training")
        asked.append(client.living.bold)
        while client.text != "Is there anything you want us to do?":
            client.tap("Skip")
        client.tap("No")
        stage.wait(days=1)
        client.tap("Open")
    assert asked == ["Legal help", "Papers", "Training", "Legal help"]


def test_no_service_no_questions(client: Phone) -> None:
    tick(come_to_services(client), "None of these")
    assert client.text == "Is there anything you want us to do?"


# --- the end -------------------------------------------------------------------------------------------------


def test_the_last_screen_says_who_reads_what_by_when(stage: Stage, client: Phone) -> None:
    ask(stage)
    client.tap("Open").tap("Start")
    say_factors(client).tap("Leave them out")
    tick(client, "None of these").tap("No")
    assert client.text.splitlines()[:4] == [
        "Thank you for your time. Whatever you answered, you lose nothing.",
        READERS[1],
        "Nobody was asked to contact you.",
        "",
    ]
    assert askings(stage) == ["answered"]


def test_what_somebody_drew_back_from_is_no_wish(stage: Stage, worker: Phone, client: Phone) -> None:
    come_to_close(client).tap("I want a person").tap("Today").tap("A call").tap("Any time").tap("No, do not send")
    assert "Aye reads how your needs are now, and what you want, by Thursday 5 November." in client.text
    assert stage.count("alerts") == 0
    worker.send("/menu").tap("My clients").tap(stage.person(client).code)
    assert "Contact they want: just noted" in worker.text


def test_without_a_caseworker_nobody_is_promised_to_read_it_by_a_day(stage: Stage) -> None:
    alone = come_in(stage)
    alone.send("/menu").tap("⋯").tap("My own way").tap("Answer some questions now")
    assert "Once you have a caseworker, they can read how your needs are now" in alone.text
    come_to_close(alone).tap("Yes, I will write it").send("a stove").tap("No, just note it")
    assert "by Thursday" not in alone.text
    assert READERS[1] in alone.text


def test_words_become_a_wish_with_the_same_levels_and_are_seen_only_behind_a_tap(
    stage: Stage, worker: Phone, client: Phone
) -> None:
    come_to_close(client).tap("Yes, I will write it")
    assert client.text == "What would you like us to do?\nWrite it, or say it in a voice note."
    client.send("marker call my landlord")
    assert client.text == "Do you want someone to contact you about this?"
    assert client.labels[:4] == ["Today", "This week", "When we next talk", "No, just note it"]
    client.tap("Today").tap("A call").tap("Evening")
    assert client.text.splitlines() == [
        "I will tell Aye that you want contact: today.",
        "They see a code for you, and this. To help you, they can then open your words, and what you put first.",
        "Your words: “marker call my landlord”",
        "Shall I send it?",
    ]
    assert not worker.alerts
    client.tap("Yes, send it")
    assert "They can open what you wrote. Of a voice note they see only that there is one." in client.text
    assert READERS[1] in client.text
    [alert] = worker.alerts
    assert "marker" not in alert.text
    assert "What they want: see the details" in alert.text
    worker.tap("Show details", on=alert)
    assert "What they want: “marker call my landlord”" in worker.text
    answers = kept(stage, client)
    assert (answers["anything"], answers["anything.wish"]) == (("answered", 1), ("answered", 3))


def test_of_a_voice_note_the_caseworker_learns_that_there_is_one(stage: Stage, worker: Phone, client: Phone) -> None:
    come_to_close(client).tap("Yes, I will write it").voice()
    client.tap("This week").tap("A call").tap("Any time")
    assert "They see that you left a voice note. They cannot hear it in this chat, so they will ask you." in client.text
    client.tap("Yes, send it")
    worker.tap("Show details", on=worker.alerts[0])
    assert "What they want: there is a voice note. Please ask them." in worker.text


def test_a_person_can_be_asked_for(stage: Stage, worker: Phone, client: Phone) -> None:
    come_to_close(client).tap("I want a person")
    assert client.text == "When do you want someone to contact you?"
    send(client.tap("Today"))
    [alert] = worker.alerts
    assert "What they want" not in alert.text
    assert [row["kind"] for row in stage.rows("SELECT kind FROM alerts")] == ["person"]


@pytest.mark.parametrize("level", ["When we next talk", "No, just note it", "Skip"])
def test_what_is_only_noted_alerts_nobody(stage: Stage, worker: Phone, client: Phone, level: str) -> None:
    come_to_close(client).tap("Yes, I will write it").send("a stove").tap(level)
    assert "Nobody was asked to contact you." in client.text
    assert stage.count("alerts") == 0
    worker.send("/menu").tap("My clients").tap(stage.person(client).code)
    assert "What they want: “a stove”" in worker.text, "whoever helps them can read it"


def test_what_was_not_written_is_no_wish(stage: Stage, client: Phone) -> None:
    come_to_close(client).tap("Yes, I will write it").tap("Skip")
    assert "Nobody was asked to contact you." in client.text


def test_whoever_ticked_threats_is_told_that_a_person_can_be_told(client: Phone) -> None:
    say_factors(begin(client), pressed=["Threats"]).tap("Leave them out")
    tick(client, "None of these")
    assert client.text.startswith("If you are not safe now, a person can be told.\n")


# --- who reads it --------------------------------------------------------------------------------------------


def test_a_caseworker_reads_only_what_is_wanted(stage: Stage, worker: Phone, client: Phone) -> None:
    say_factors(begin(client), helped=["Learning"], pressed=["Threats"])
    tick(state(client, "●●●●"), "Legal help")
    for answer in ("No", "No", "No", "Yes", "Less strong"):
        client.tap(answer)
    client.tap("Yes, I will write it").send("a stove").tap("No, just note it")
    worker.send("/menu").tap("My clients").tap(stage.person(client).code)
    assert worker.text.splitlines()[1:] == [
        "How things were on Monday 2 November:",
        "• Contact they want: just noted",
        "What they want: “a stove”",
    ]
    lately: Any = looks.read(LookLately(stage.person(client).id), turn_of(stage), Scene(stage.person(worker)))
    assert [item for _instrument, item, _value in lately["answers"]] == ["anything.wish"]
    client.send("/mine").tap("See what is kept").tap("Who has read it")
    assert "Aye opened how things are for you" in client.text


@pytest.mark.parametrize("purposes", [(), PURPOSES], ids=["without consent", "of another"])
def test_whoever_may_not_reads_nothing(stage: Stage, client: Phone, purposes: Collection[str]) -> None:
    say_factors(begin(client), helped=["Learning"])
    reader = join(stage, name="Mya")
    if not purposes:
        client.send("/mine").tap("What I agreed to").tap("Keep my answers")
        reader = next(phone for phone in stage.phones.values() if stage.person(phone).name == "Aye")
    query = LookLately(stage.person(client).id)
    assert looks.read(query, turn_of(stage), Scene(stage.person(reader))) is None


# --- how long it is ------------------------------------------------------------------------------------------


def test_everything_can_be_skipped(stage: Stage, client: Phone) -> None:
    begin(client)
    while client.text != "Is there anything you want us to do?":
        client.tap("Skip" if "Skip" in client.labels else "Go on")
    client.tap("Skip")
    assert client.text.startswith("Thank you for your time.")
    assert {status for status, _value in kept(stage, client).values()} == {"skipped", "not_asked"}


def test_the_benchmark_plays_the_script_to_its_end() -> None:
    found = {way.name: play_way(way) for way in WAYS}
    assert found["everything"]["item"] == 8
    assert found["everything"]["service"] == 5
    assert found["everything and three follow-ups"]["screens"] == found["everything"]["screens"] + 6
    assert found["without the statements"]["item"] == 0
    assert found["all skipped"]["taps"] == found["all skipped"]["screens"]
