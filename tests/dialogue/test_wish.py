"""The wish: the client decides whether anyone makes contact, and sees exactly what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bot.programme import Programme
from tests.dialogue.stories import asked, begin_rating, come_back, enrol, join, rate, send, wish
from tests.player import MONDAY, PROGRAMME, Phone, Stage

FRIDAY_EVENING = datetime(2026, 11, 6, 13, 30, tzinfo=UTC)
"""20:00 in Yangon; the programme opens again on Monday at 9:00."""

NO_NUMBERS = Programme(organisation="The House", languages=("en", "my"))


@pytest.fixture
def worker(stage: Stage) -> Phone:
    """The caseworker of whoever is enrolled after."""
    return join(stage, name="Aye")


def come_to_wish(client: Phone, fours: Mapping[str, str]) -> Phone:
    """The first question on contact is on the screen."""
    return rate(begin_rating(client), fours).tap("Yes, go on")


def alerts(stage: Stage) -> list[str]:
    """The states of all alerts there ever were."""
    return [row["state"] for row in stage.rows("SELECT state FROM alerts ORDER BY id")]


# --- asking --------------------------------------------------------------------------------------------------


def test_every_4_is_asked_about_and_the_urgent_ones_first(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"employment": "", "compensation": "", "food": "", "psychological": "rest"})
    order = []
    while (code := asked(client)) is not None and "Do you want someone to contact you about this?" in client.text:
        order.append(code)
        assert client.labels[:4] == ["Today", "This week", "When we next talk", "No, just note it"]
        client.tap("No, just note it")
    assert order == ["food", "psychological", "compensation", "employment"]


def test_a_programme_decides_what_is_urgent_here(stage: Stage) -> None:
    stage.programme = PROGRAMME.model_copy(update={"urgent": {"employment": "urgent", "food": "normal"}})
    client = come_to_wish(enrol(stage), {"employment": "", "compensation": "", "food": ""})
    assert asked(client) == "employment"
    assert asked(client.tap("No")) == "compensation"


def test_the_clients_own_words_stand_beside_the_question(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"food": "rice for the children"})
    assert "“rice for the children”" in client.text


def test_any_need_can_be_raised_to_today(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"employment": ""})
    send(client.tap("Today"))
    assert worker.alerts[0].text.splitlines()[:2] == [
        f"{stage.person(client).code} wants contact: today",
        "• Work and money: today",
    ]


# --- sending -------------------------------------------------------------------------------------------------


def test_there_is_one_alert_for_the_whole_submission(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": "a room", "food": "", "employment": "", "debt": ""})
    send(wish(client, {"housing": "This week", "food": "Today", "debt": "This week"}), "A call", "Evening")
    [alert] = worker.alerts
    assert alert.text.splitlines() == [
        f"{stage.person(client).code} wants contact: today",
        "• Home, food and family: today",
        "• Work and money: this week",
        "How: by a call",
        "Safe: in the evening",
        "Sent: Monday 2 November, 10:00",
        "Nobody has taken this yet.",
    ]
    assert alert.labels == ["I'll take it", "Show details"]
    assert alerts(stage) == ["open"]


def test_how_and_when_are_asked_and_what_will_be_sent_is_shown_before_it_is_sent(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": ""}).tap("Today")
    assert client.text == "How should they contact you?"
    client.tap("A meeting")
    assert client.text.startswith("When is it safe for you?")
    client.tap("Any time")
    assert client.text == (
        "I will tell Aye that you want contact: today.\n• A place to stay: today\n"
        "They see a code for you, and this. To help you, they can then open what you put first.\nShall I send it?"
    )
    assert not worker.alerts
    client.tap("Yes, send it")
    assert len(worker.alerts) == 1


def test_the_client_sees_exactly_what_was_sent(worker: Phone, stage: Stage) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    assert client.text.splitlines() == [
        "I told Aye that you want contact: today.",
        "• A place to stay: today",
        "Nothing else was shared.",
        "If nobody has seen it by Monday 2 November, 11:00, I will tell you here.",
    ]
    assert client.labels == ["Take it back", "Back to the menu"]


def test_words_about_when_it_is_safe_stay_out_of_the_alert_message(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": "marker-room"}).tap("Today").tap("A call")
    client.send("marker-when my husband is out").tap("Yes, send it")
    assert "Safe: see the details" in worker.alerts[0].text.splitlines()
    assert "marker" not in worker.alerts[0].text
    worker.tap("Show details")
    assert "Safe: marker-when my husband is out" in worker.text
    assert "“marker-room”" in worker.text


def test_nothing_is_sent_twice_by_a_double_tap(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": ""}).tap("Today").tap("A call").tap("Any time")
    message, button = client.find("Yes, send it")
    stage.take(*(client.pressing(button.data, message.id) for _tap in range(3)))
    client.press(button.data, message.id)
    assert len(worker.alerts) == len(alerts(stage)) == 1


def test_not_sending_after_all_tells_nobody(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": ""}).tap("Today").tap("A call").tap("Any time")
    client.tap("No, do not send")
    assert client.text.startswith("I sent nothing. Your answers are kept.")
    assert not worker.alerts
    assert alerts(stage) == []


# --- No, and silence -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["No, just note it", "When we next talk", "Skip"])
def test_a_no_tells_nobody_and_the_last_screen_says_who_reads_this_and_by_when(
    worker: Phone, stage: Stage, answer: str
) -> None:
    client = come_to_wish(enrol(stage), {"protection_individuals": "him", "housing": ""})
    client.tap(answer).tap(answer)
    assert client.text.startswith("Thank you for your time. Whatever you answered, you lose nothing.")
    assert "Aye reads this by Thursday 5 November. Nobody was asked to contact you." in client.text
    stage.wait(days=5)
    assert not worker.alerts
    assert alerts(stage) == []


def test_silence_tells_nobody_however_long_it_lasts(worker: Phone, stage: Stage) -> None:
    team, lead = join(stage, name="Bo"), join(stage, "lead", "Lin")
    client = come_to_wish(enrol(stage), {"protection_individuals": "he found me"}).tap("Today").tap("A call")
    for _day in range(8):
        stage.wait(days=1)
    client.send("/menu")
    assert not worker.alerts
    assert not team.alerts
    assert not lead.alerts
    assert client.push is None


def test_wishes_are_kept_as_facts_of_their_own(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": "", "food": "", "debt": "", "employment": ""})
    client.tap("Today").tap("This week").tap("When we next talk").tap("Skip")
    wishes = {item: (status, value) for item, status, value in stage.ratings(client) if item.endswith(".wish")}
    assert wishes == {
        "housing.wish": ("answered", 3),
        "food.wish": ("answered", 2),
        "employment.wish": ("answered", 1),
        "debt.wish": ("skipped", None),
    }


# --- out of hours --------------------------------------------------------------------------------------------


def test_out_of_hours_the_button_says_when_somebody_will_be_there(worker: Phone, stage: Stage) -> None:
    client = enrol(stage)
    stage.wait(seconds=(FRIDAY_EVENING - stage.now).total_seconds())
    come_to_wish(come_back(client), {"housing": ""})
    assert client.labels[:2] == ["When we open, Monday 9 November, 09:00", "This week"]
    send(client.tap("When we open"))
    assert client.text.startswith("I told Aye that you want contact: when we open, Monday 9 November, 09:00.")
    assert "If nobody has seen it by Monday 9 November, 10:00, I will tell you here." in client.text
    assert len(worker.alerts) == 1, "staff mute their own phone"
    assert "wants contact: when we open, Monday 9 November, 09:00" in worker.alerts[0].text, "as the client read it"


def test_help_out_of_hours_says_so_too(worker: Phone, stage: Stage) -> None:
    client = enrol(stage)
    stage.wait(seconds=(FRIDAY_EVENING - stage.now).total_seconds())
    assert client.send("/help").labels[0] == "When we open, Monday 9 November, 09:00"


def test_a_wish_taken_up_again_after_closing_time_no_longer_offers_today(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": ""}).tap("Stop for now")
    stage.wait(seconds=(FRIDAY_EVENING - stage.now).total_seconds())
    come_back(client).tap("Go on")
    assert client.labels[0].startswith("When we open")


def test_a_wish_that_goes_on_after_closing_time_says_so_in_the_preview(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": ""}).tap("Today")
    stage.wait(seconds=(FRIDAY_EVENING - stage.now).total_seconds())
    come_back(client).tap("A call").tap("Any time")
    assert "I will tell Aye that you want contact: when we open, Monday 9 November, 09:00." in client.text


# --- a person, at any point ----------------------------------------------------------------------------------


def test_help_before_consent_reaches_the_caseworker_and_comes_back(worker: Phone, stage: Stage) -> None:
    client = stage.phone().send(f"/start {stage.invite('client')}").tap("English")
    client.send("/help")
    assert "I tell Aye that you want contact. Nothing else." in client.text
    client.tap("Today")
    assert client.text.startswith("I told Aye that you want contact: today.")
    assert len(worker.alerts) == 1
    assert client.tap("Back to the menu").text == "Are you alone, and is it safe to read now?"


def test_help_in_the_middle_of_a_question_sends_a_wish_without_a_need(worker: Phone, stage: Stage) -> None:
    client = begin_rating(enrol(stage)).tap("3")
    send(client.send("/help").tap("This week"))
    assert worker.alerts[0].text.splitlines() == [
        f"{stage.person(client).code} wants contact: this week",
        "How: here in the chat",
        "Safe: any time",
        "Sent: Monday 2 November, 10:00",
        "Nobody has taken this yet.",
    ]
    assert client.tap("Back to the menu").text == "You were at question 2 of 21. Go on?"


def test_help_without_numbers_is_honest(stage: Stage) -> None:
    stage.programme = NO_NUMBERS
    client = enrol(stage).send("/help").tap("Numbers to call")
    assert client.text.startswith("There is no telephone number here yet.")


def test_each_wish_is_an_alert_of_its_own(worker: Phone, stage: Stage) -> None:
    client = enrol(stage)
    for _time in range(2):
        send(client.send("/help").tap("Today")).tap("Back to the menu")
    assert len(worker.alerts) == 2


# --- after it was sent ---------------------------------------------------------------------------------------


def test_a_wish_can_be_taken_back_until_someone_has_seen_it(worker: Phone, stage: Stage) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today")).tap("Take it back")
    assert client.text.startswith("I took it back. Nobody needs to do anything.")
    assert alerts(stage) == ["withdrawn"]
    [alert] = worker.alerts
    assert alert.text.endswith("The client took this back. Nothing to do.")
    assert alert.labels == []
    stage.wait(days=2)
    assert alerts(stage) == ["withdrawn"]


def test_after_taking_it_back_one_tap_leads_to_the_menu(worker: Phone) -> None:
    stage = worker.stage
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today")).tap("Take it back")
    stage.restart()
    assert client.tap("Back to the menu").text == "What would you like to do?"


def test_a_wish_that_was_seen_is_not_taken_back_and_the_client_is_told(worker: Phone, stage: Stage) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    message, back = client.find("Take it back")
    worker.tap("Show details")
    assert client.text.startswith("Aye saw this at 10:0")
    assert client.labels == ["It is no longer needed", "Back to the menu"]
    client.press(back.data, message.id)
    assert alerts(stage) == ["seen"]
    assert "It is no longer needed" in client.labels


def test_the_client_hears_by_an_edit_of_the_living_message_that_someone_has_seen_it(
    worker: Phone, stage: Stage
) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    sounds = client.sounds
    worker.tap("Show details")
    assert client.text.startswith("Aye saw this at 10:0")
    assert client.sounds == sounds
    assert client.push is None


def test_a_client_who_has_looked_away_gets_one_bland_line(worker: Phone, stage: Stage) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today")).tap("Back to the menu")
    stage.wait(minutes=30)
    worker.tap("I'll take it")
    push = client.push
    assert push is not None
    assert push.text == "Hello. There is something new for you when you have time."
    assert push.labels == ["Open"]
    client.tap("Open", push)
    assert client.push is None
    assert client.text.splitlines()[1] == "Aye is taking care of it."


def test_the_bland_line_waits_for_safe_hours(worker: Phone, stage: Stage) -> None:
    client = come_to_wish(enrol(stage), {"housing": ""}).tap("Today")
    send(client, when="Morning").tap("Back to the menu")
    stage.wait(hours=6)
    worker.tap("I'll take it")
    assert client.push is None, "it is four in the afternoon"
    stage.wait(hours=10)
    assert client.push is None
    stage.wait(hours=5.5)
    assert client.push is not None


def test_after_it_was_seen_the_client_can_say_that_it_is_no_longer_needed(worker: Phone, stage: Stage) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    worker.tap("I'll take it")
    client.tap("It is no longer needed")
    assert client.text.startswith("I told them that it is no longer needed.")
    assert "The client says that this is no longer needed." in worker.alerts[0].text
    worker.tap("Done", worker.alerts[0]).tap("Yes, done")
    assert alerts(stage) == ["closed"]
    assert client.text.startswith("This is closed.")


def test_what_i_asked_for_stays_in_the_menu_while_it_is_open(worker: Phone, stage: Stage) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today")).tap("Back to the menu")
    client.tap("The contact I asked for")
    assert client.text.startswith("I told Aye that you want contact: today.")
    worker.tap("I'll take it")
    worker.tap("Done", worker.alerts[0]).tap("Yes, done")
    client.tap("Back to the menu")
    assert "The contact I asked for" not in client.labels


def test_nobody_else_can_see_or_take_back_a_wish(worker: Phone, stage: Stage) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    alert = stage.rows("SELECT id FROM alerts")[0]["id"]
    other = enrol(stage).press(f"!sent.{alert}")
    assert other.text == "What would you like to do?"
    assert client.text.startswith("I told Aye")
    assert alerts(stage) == ["open"]


# --- who is told, and when nobody can be ---------------------------------------------------------------------


def test_a_struck_out_role_is_never_told(stage: Stage) -> None:
    staff = [join(stage, name="Aye"), join(stage, name="Bo")]
    lead = join(stage, "lead", "Lin")
    client = come_to_wish(enrol(stage, strike=("caseworker", "team")), {"housing": ""}).tap("Today")
    assert "I will tell the programme lead" in client.tap("A call").tap("Any time").text
    client.tap("Yes, send it")
    for _day in range(4):
        stage.wait(days=1)
    assert len(lead.alerts) == 1
    assert not any(phone.alerts for phone in staff)
    assert alerts(stage) == ["unanswered"]


def test_a_client_who_struck_out_everyone_is_asked_again_and_a_second_no_stands(stage: Stage) -> None:
    everyone = [join(stage, name="Aye"), join(stage, name="Bo"), join(stage, "lead", "Lin")]
    strike = ("caseworker", "team", "lead")
    client = come_to_wish(enrol(stage, strike=strike), {"housing": ""}).tap("Today")
    assert client.text.startswith("So far you have not said who may be told of something urgent.")
    for _role in strike:
        client.tap("No, not them")
    assert client.text.startswith("Then nobody is told. Your answers are kept.")
    stage.wait(days=4)
    assert not any(phone.alerts for phone in everyone)
    assert alerts(stage) == []


def test_a_client_who_struck_out_everyone_can_agree_to_one_when_it_matters(stage: Stage) -> None:
    join(stage, name="Aye")
    lead = join(stage, "lead", "Lin")
    client = come_to_wish(enrol(stage, strike=("caseworker", "team", "lead")), {"housing": ""}).tap("Today")
    send(client.tap("No").tap("No").tap("Yes"))
    assert len(lead.alerts) == 1
    assert client.text.startswith("I told Lin that you want contact: today.")


def test_help_names_whoever_will_really_be_told(stage: Stage) -> None:
    worker, lead = join(stage, name="Aye"), join(stage, "lead", "Lin")
    client = enrol(stage, strike=("caseworker", "team")).send("/help")
    text = client.text
    send(client.tap("Today"))
    assert (len(worker.alerts), len(lead.alerts)) == (0, 1)
    assert "I tell Aye" not in text


def test_where_nobody_can_be_reached_the_client_is_told_honestly_with_numbers_that_work(stage: Stage) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    assert client.text.startswith("I could not reach anyone here for you now. I am sorry.")
    assert "Your wish is kept, and I keep trying." in client.text
    assert "Night line: +95 1 234" in client.text
    worker = join(stage, name="Aye")
    assert len(worker.alerts) == 1, "and whoever joins is told"
    assert client.text.startswith("I told Aye that you want contact: today.")


def test_a_caseworker_who_has_blocked_the_bot_is_passed_over(stage: Stage, worker: Phone) -> None:
    other = join(stage, name="Bo")
    client = enrol(stage)
    worker.block()
    send(come_to_wish(client, {"housing": ""}).tap("Today"))
    assert not worker.alerts
    assert len(other.alerts) == 1
    assert client.text.startswith("I told Bo")


def test_an_alert_whose_only_reader_blocks_the_bot_finds_another(stage: Stage, worker: Phone) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    worker.block()
    other = join(stage, name="Bo")
    stage.wait(seconds=5)
    assert len(other.alerts) == 1
    assert "Bo" in client.text


def test_staff_who_are_still_coming_in_are_not_told_yet(stage: Stage) -> None:
    joining = stage.phone().send(f"/start {stage.invite('caseworker')}")
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    assert not joining.alerts
    assert client.text.startswith("I could not reach anyone")
    joining.tap("English").send("Aye")
    assert len(joining.alerts) == 1


def test_an_unseen_alert_climbs_to_the_next_agreed_role_after_the_wait(stage: Stage, worker: Phone) -> None:
    lead = join(stage, "lead", "Lin")
    client = send(come_to_wish(enrol(stage, strike=("team",)), {"housing": ""}).tap("Today"))
    stage.wait(minutes=59)
    assert not lead.alerts
    stage.wait(minutes=2)
    assert len(lead.alerts) == 1
    assert client.text.startswith("I told Aye, Lin that you want contact: today.")
    stage.wait(minutes=61)
    assert alerts(stage) == ["unanswered"]
    assert "Nobody has answered yet." in client.text
    assert "Night line: +95 1 234" in client.text
    worker.tap("I'll take it")
    assert "Aye is taking care of it." in client.text, "late is better than never"


def test_a_wish_for_this_week_may_wait_three_days(stage: Stage, worker: Phone) -> None:
    lead = join(stage, "lead", "Lin")
    send(come_to_wish(enrol(stage, strike=("team",)), {"housing": ""}).tap("This week"))
    stage.wait(days=2.9)
    assert not lead.alerts
    stage.wait(days=0.2)
    assert len(lead.alerts) == 1


def test_an_alert_out_of_hours_climbs_only_after_the_next_opening(stage: Stage, worker: Phone) -> None:
    lead = join(stage, "lead", "Lin")
    client = enrol(stage, strike=("team",))
    stage.wait(seconds=(FRIDAY_EVENING - stage.now).total_seconds())
    send(come_to_wish(come_back(client), {"housing": ""}).tap("When we open"))
    stage.wait(days=2)
    assert not lead.alerts
    stage.wait(hours=14.1)
    assert len(lead.alerts) == 1, "Monday at ten"


def test_a_wish_that_nobody_answered_can_still_be_taken_back(stage: Stage, worker: Phone) -> None:
    client = send(come_to_wish(enrol(stage), {"housing": ""}).tap("Today"))
    for _hour in range(3):
        stage.wait(minutes=61)
    assert alerts(stage) == ["unanswered"]
    assert "Take it back" in client.labels


def test_the_stage_begins_on_a_monday_within_the_answering_hours() -> None:
    assert PROGRAMME.answering_hours.open_at(MONDAY)
    assert not PROGRAMME.answering_hours.open_at(FRIDAY_EVENING)
