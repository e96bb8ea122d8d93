"""Rating one's needs, from the first question to the look over what comes first."""

from __future__ import annotations

from collections import Counter

import pytest

from conversations.instruments import NEEDS
from tests.dialogue.stories import asked, begin_rating, come_back, enrol, rate
from tests.player import Phone, Stage

ALL = [item.code for item in NEEDS.items]


@pytest.fixture
def client(stage: Stage) -> Phone:
    """A client at the menu who agreed that answers are kept."""
    return enrol(stage)


def newest(stage: Stage, client: Phone) -> dict[str, tuple[str, int | None]]:
    """The newest answer on each item."""
    return {item: (status, value) for item, status, value in stage.ratings(client)}


# --- the 21 needs --------------------------------------------------------------------------------------------


def test_each_question_has_four_labels_that_begin_with_their_digit(client: Phone) -> None:
    begin_rating(client)
    assert client.living.bold == "Finding a job"
    assert client.labels == [
        "1 · Not for me now",
        "2 · A little",
        "3 · Important",
        "4 · One of the first things for me",
        "Skip",
        "Stop for now",
    ]
    assert client.text.endswith("1 of 21")
    assert "How much does this matter for you now?" in client.text
    assert "You can choose 4 as many times as you like." in client.text


def test_the_note_on_4s_is_shown_once(client: Phone) -> None:
    begin_rating(client).tap("2")
    assert client.text.endswith("2 of 21")
    assert "as many times" not in client.text


def test_all_21_needs_take_at_most_two_taps_each(stage: Stage, client: Phone) -> None:
    begin_rating(client)
    taps: Counter[str] = Counter()
    while (code := asked(client)) is not None:
        taps[code] += 1
        client.tap("4" if "4 · One of the first things for me" in client.labels else "Skip")
    assert sorted(taps) == sorted(ALL)
    assert set(taps.values()) == {2}
    assert [value for item, _status, value in stage.ratings(client) if "." not in item] == [4] * 21
    assert client.text.startswith("You put these 21 first:"), "there is no limit on 4s"


def test_a_need_that_is_not_among_the_first_takes_one_tap(client: Phone) -> None:
    begin_rating(client)
    taps = 0
    while asked(client):
        client.tap("3")
        taps += 1
    assert taps == 21


def test_after_a_4_the_client_says_what_would_help(stage: Stage, client: Phone) -> None:
    begin_rating(client).tap("4")
    assert client.living.bold == "Finding a job"
    assert "What would help you most with this?" in client.text
    client.send("A job near my sister")
    assert asked(client) == "money_expenses"
    assert stage.ratings(client) == [("employment", "answered", 4), ("employment.meaning", "answered", None)]
    rate(client)
    assert "• Finding a job: “A job near my sister”" in client.text


def test_what_would_help_can_be_said_in_a_voice_note(stage: Stage, client: Phone) -> None:
    begin_rating(client).tap("4").voice()
    assert asked(client) == "money_expenses"
    assert rate(client).text.count("• Finding a job (voice note)") == 1
    [voice] = stage.rows("SELECT * FROM voices")
    assert (voice["state"], voice["seconds"]) == ("waiting", 4)


def test_a_skip_is_kept_apart_from_every_rating(stage: Stage, client: Phone) -> None:
    rate(begin_rating(client), {"housing": ""}, rest="Skip")
    answers = newest(stage, client)
    assert answers.pop("housing") == ("answered", 4)
    assert answers.pop("housing.meaning") == ("skipped", None)
    assert set(answers.values()) == {("skipped", None)}
    assert len(answers) == 20


def test_each_answer_pins_its_instrument_version_language_and_mode(stage: Stage, client: Phone) -> None:
    begin_rating(client).tap("4").tap("Skip")
    rows = stage.rows("SELECT instrument, version, language, mode, assisted_by FROM responses")
    assert {tuple(row) for row in rows} == {("needs", 1, "en", "self", None)}


def test_one_living_message_all_the_way_through(stage: Stage, client: Phone) -> None:
    sounds = client.sounds
    rate(begin_rating(client), dict.fromkeys(ALL, ""))
    assert client.sounds == sounds
    assert len(client.screen) == 1


def test_what_was_typed_is_tidied_away_once_it_is_kept(client: Phone) -> None:
    begin_rating(client).tap("4").send("a job near my sister")
    assert [message.slot for message in client.screen] == ["living"]


def test_a_voice_note_stays_in_the_chat_until_its_sound_is_kept(client: Phone) -> None:
    begin_rating(client).tap("4").voice()
    assert [message.slot for message in client.screen] == ["living", ""]


def test_the_block_that_comes_first_goes_round_and_is_recorded(stage: Stage) -> None:
    first = [asked(begin_rating(enrol(stage))) for _client in range(7)]
    firsts = [next(i.code for i in NEEDS.items if i.category == category) for category in NEEDS.categories]
    assert first == [*firsts, firsts[0]]
    assert [row["start"] for row in stage.rows("SELECT start FROM sittings ORDER BY at")] == [0, 1, 2, 3, 4, 5, 0]


def test_a_programme_without_consent_to_keep_answers_asks_for_it_first(stage: Stage) -> None:
    client = enrol(stage, purposes=())
    client.tap("What matters to me")
    assert "I need your yes to one thing" in client.text
    assert client.tap("No").text == "What would you like to do?"
    assert stage.count("responses") == stage.count("sittings") == 0
    client.tap("What matters to me").tap("Yes, keep my answers")
    assert client.text.endswith("1 of 21")
    granted = stage.rows("SELECT granted FROM consents WHERE purpose = 'plan' ORDER BY id")
    assert [row["granted"] for row in granted] == [0, 1], "both stand in the ledger"


# --- typing instead of tapping -------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["4", "၄", " 4. ", "4️⃣", "๔", "(4)"])
def test_a_digit_that_is_typed_is_a_tap(stage: Stage, client: Phone, typed: str) -> None:
    begin_rating(client).send(typed)
    assert "What would help you most with this?" in client.text
    assert stage.ratings(client) == [("employment", "answered", 4)]
    assert len(client.screen) == 1


@pytest.mark.parametrize("typed", ["5", "0", "4 or 3", "-4", "four", "44", "4.5", "၄၄"])
def test_what_is_not_on_the_scale_is_asked_again(stage: Stage, client: Phone, typed: str) -> None:
    begin_rating(client).send(typed)
    assert client.text.startswith("Please tap one of the buttons. I did not keep those words.")
    assert asked(client) == "employment"
    assert stage.ratings(client) == []


def test_words_typed_before_the_question_was_shown_are_asked_about(stage: Stage, client: Phone) -> None:
    begin_rating(client).tap("4").send("my brother owes them", ago=30)
    assert client.text == ("You wrote this before the question was here. Is it your answer?\n\n“my brother owes them”")
    assert client.labels == ["Yes, use it", "No, leave it out"]
    assert stage.ratings(client) == [("employment", "answered", 4)]
    client.tap("Yes, use it")
    assert stage.ratings(client)[-1] == ("employment.meaning", "answered", None)
    assert "“my brother owes them”" in rate(client).text


def test_words_typed_before_the_question_can_be_dropped(stage: Stage, client: Phone) -> None:
    begin_rating(client).tap("4").send("my brother owes them", ago=30).tap("No")
    assert "What would help you most with this?" in client.text
    assert len(stage.ratings(client)) == 1
    client.send("a job")
    assert "“a job”" in rate(client).text


def test_a_digit_typed_before_the_question_was_shown_is_no_rating(stage: Stage, client: Phone) -> None:
    begin_rating(client).send("4", ago=30)
    assert asked(client) == "employment"
    assert stage.ratings(client) == []


def test_burmese_typed_in_an_older_encoding_is_kept_both_ways(stage: Stage) -> None:
    client = enrol(stage)
    client.send("/language").tap("မြန်မာ").send("/needs")
    client.send("4").send("ေနာက္ဆုံး ျမန္မာ စာ")
    client.send("/language").tap("English").tap("Go on")
    rate(client)
    assert "“နောက်ဆုံး မြန်မာ စာ”" in client.text


# --- Back, stop, go on ---------------------------------------------------------------------------------------


def test_back_reopens_the_last_answer_and_the_newer_one_counts(stage: Stage, client: Phone) -> None:
    begin_rating(client).tap("2").tap("3").tap("‹ Back")
    assert client.text.endswith("2 of 21")
    client.tap("1")
    assert client.text.endswith("3 of 21")
    assert stage.ratings(client) == [
        ("employment", "answered", 2),
        ("money_expenses", "answered", 3),
        ("money_expenses", "answered", 1),
    ]


def test_back_from_the_words_behind_a_4_reopens_the_4(stage: Stage, client: Phone) -> None:
    begin_rating(client).tap("4").tap("‹ Back")
    assert asked(client) == "employment"
    assert "1 · Not for me now" in client.labels
    assert "‹ Back" not in client.labels, "there is nothing before the first question"
    rate(client.tap("2"))
    assert client.text.startswith("You put nothing first for now.")


def test_stop_keeps_what_was_said_and_the_menu_offers_to_go_on(stage: Stage, client: Phone) -> None:
    begin_rating(client)
    for _question in range(6):
        client.tap("3")
    client.tap("Stop for now")
    assert client.text.startswith("I kept what you said. You can go on whenever you like.")
    assert client.labels[0] == "Go on: 7 of 21"
    assert "What matters to me" not in client.labels
    assert len(stage.ratings(client)) == 6
    assert client.tap("Go on: 7 of 21").text.endswith("7 of 21")
    rate(client)
    assert len(newest(stage, client)) == 21


def test_what_was_stopped_is_still_there_a_month_later(stage: Stage, client: Phone) -> None:
    begin_rating(client).tap("3").tap("Stop for now")
    stage.wait(days=30)
    assert client.send("/needs").text.endswith("2 of 21")


def test_help_in_the_middle_of_a_question_and_the_kind_way_back(stage: Stage, client: Phone) -> None:
    begin_rating(client)
    for _question in range(6):
        client.tap("3")
    client.send("/help")
    assert client.text.startswith("You can reach a person.")
    client.tap("Numbers to call")
    assert "Night line: +95 1 234" in client.text
    client.tap("Close")
    assert client.text == "You were at question 7 of 21. Go on?"
    assert client.tap("Go on").text.endswith("7 of 21")
    assert len(stage.ratings(client)) == 6


def test_not_going_on_after_an_interruption_leads_to_the_menu_where_it_can_still_be_done(client: Phone) -> None:
    begin_rating(client).tap("3")
    client.send("/help").tap("Not needed now").tap("Not now")
    assert client.labels[0] == "Go on: 2 of 21"
    assert client.tap("Go on").text.endswith("2 of 21")


@pytest.mark.parametrize("command", ["/help", "/menu", "/language", "/start"])
def test_any_command_interrupts_and_nothing_is_lost(stage: Stage, client: Phone, command: str) -> None:
    begin_rating(client).tap("4").send("a job").tap("2").send(command)
    assert " of 21" not in client.text
    client.send("/needs")
    assert client.text.endswith("3 of 21")
    assert len(stage.ratings(client)) == 3


def test_asking_for_the_same_again_shows_the_same_question(client: Phone) -> None:
    begin_rating(client).tap("2")
    assert client.send("/needs").text.endswith("2 of 21")


def test_a_command_with_words_behind_it_is_still_a_command(client: Phone) -> None:
    begin_rating(client).send("/help now")
    assert client.text.startswith("You can reach a person.")


# --- old buttons ---------------------------------------------------------------------------------------------


def test_a_double_tap_records_once_and_says_so_kindly(stage: Stage, client: Phone) -> None:
    message, button = begin_rating(client).find("3")
    client.press(button.data, message.id).press(button.data, message.id)
    assert client.toast == "That is from an earlier screen."
    assert client.text.endswith("2 of 21")
    assert len(stage.ratings(client)) == 1


def test_a_double_tap_in_one_batch_records_once(stage: Stage, client: Phone) -> None:
    message, button = begin_rating(client).find("3")
    taken = stage.take(*(client.pressing(button.data, message.id) for _tap in range(3)))
    assert (taken.turns, taken.letters) == (3, 0)
    assert client.toasts[-3:] == ["", "That is from an earlier screen.", "That is from an earlier screen."]
    assert len(stage.ratings(client)) == 1


def test_an_update_that_comes_twice_counts_once(stage: Stage, client: Phone) -> None:
    message, button = begin_rating(client).find("3")
    tap = client.pressing(button.data, message.id)
    assert [stage.take(tap).turns, stage.take(tap).turns] == [1, 0]
    assert client.text.endswith("2 of 21")


def test_an_old_button_stays_old_after_back(stage: Stage, client: Phone) -> None:
    message, old = begin_rating(client).find("1")
    client.tap("2").tap("‹ Back")
    client.press(old.data, message.id)
    assert client.toast == "That is from an earlier screen."
    assert asked(client) == "employment"
    assert stage.ratings(client) == [("employment", "answered", 2)]


def test_somebody_elses_button_changes_nothing_for_either(stage: Stage, client: Phone) -> None:
    other = begin_rating(enrol(stage))
    _message, foreign = other.find("4")
    begin_rating(client).press(foreign.data)
    assert client.toast == "That is from an earlier screen."
    assert stage.count("responses") == 0
    assert asked(client) is not None
    assert asked(other) is not None


# --- looking over it, changing, rating again -----------------------------------------------------------------


def test_the_review_shows_the_4s_with_their_words(client: Phone) -> None:
    rate(begin_rating(client), {"debt": "the shop wants it back", "food": ""})
    assert client.text == (
        "You put these 2 first:\n• Paying back debts: “the shop wants it back”\n• Food\nIs it right like this?"
    )
    assert client.labels == ["Yes, go on", "Change something", "Stop for now"]


def test_a_4_can_be_changed_in_the_review_and_history_stays(stage: Stage, client: Phone) -> None:
    rate(begin_rating(client), {"debt": "the shop", "food": ""})
    client.tap("Change something").tap("Paying back debts")
    assert "Last time you said: 4 · One of the first things for me" in client.text
    client.tap("2")
    assert client.text.startswith("You put this first:\n• Food")
    debt = [value for item, _status, value in stage.ratings(client) if item == "debt"]
    assert debt == [4, 2]


def test_any_other_need_can_be_found_by_its_part(stage: Stage, client: Phone) -> None:
    rate(begin_rating(client))
    client.tap("Change something").tap("Another one").tap("Health").tap("Help with worry or sadness")
    client.tap("4").send("someone to talk to")
    assert "• Help with worry or sadness: “someone to talk to”" in client.text
    assert newest(stage, client)["psychological"] == ("answered", 4)


def test_one_can_go_back_out_of_changing(client: Phone) -> None:
    rate(begin_rating(client), {"debt": ""})
    before = client.text
    assert client.tap("Change something").tap("‹ Back").text == before


def test_putting_nothing_first_is_fine(client: Phone) -> None:
    rate(begin_rating(client))
    assert client.text == "You put nothing first for now. That is fine. Is it right like this?"
    client.tap("Yes, go on")
    assert client.text.startswith("Thank you. You can come back to this at any time.")


def test_rating_again_shows_what_was_said_last_time_and_keeps_the_history(stage: Stage, client: Phone) -> None:
    rate(begin_rating(client), {"debt": "the shop"})
    client.tap("Yes, go on").tap("No, just note it")
    stage.wait(days=90)
    begin_rating(come_back(client))
    while asked(client) != "debt":
        assert "Last time you said: 2 · A little" in client.text
        client.tap("3")
    assert "Last time you said: 4 · One of the first things for me" in client.text
    client.tap("1")
    rate(client, rest="3")
    ratings = [(item, value) for item, _status, value in stage.ratings(client) if "." not in item]
    assert len(ratings) == 42
    assert [value for item, value in ratings if item == "debt"] == [4, 1]
    assert client.text.startswith("You put nothing first for now.")


def test_after_a_skip_the_newest_is_the_skip_and_not_what_was_said_before_it(stage: Stage, client: Phone) -> None:
    rate(begin_rating(client), {"food": "rice"})
    client.tap("Stop for now").send("/needs")
    rate(client, rest="Skip")
    assert newest(stage, client)["food"] == ("skipped", None)
    assert client.text.startswith("You put nothing first for now.")


def test_old_words_are_not_shown_beside_a_newer_4_without_words(client: Phone) -> None:
    rate(begin_rating(client), {"food": "rice"})
    client.tap("Change something").tap("Food").tap("4").tap("Skip")
    assert "• Food\n" in client.text
    assert "rice" not in client.text


def test_what_i_put_first_is_in_the_menu_once_there_is_something(client: Phone) -> None:
    assert "What I put first" not in client.labels
    rate(begin_rating(client), {"food": ""})
    client.tap("Yes, go on").tap("No, just note it")
    client.tap("What I put first")
    assert client.text.startswith("You put this first:\n• Food")
