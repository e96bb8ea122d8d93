"""The caseworker and the lead: alerts, details, talking, figures."""

from __future__ import annotations

import pytest

from tests.dialogue.stories import ask_for_contact, begin_rating, enrol, join, rate, send
from tests.player import Message, Phone, Stage


@pytest.fixture
def workers(stage: Stage) -> list[Phone]:
    """Two caseworkers; a client who is enrolled next is Aye's."""
    return [join(stage, name="Aye"), join(stage, name="Bo")]


@pytest.fixture
def client(stage: Stage, workers: list[Phone]) -> Phone:
    """A client called Moe who has asked for contact today, with words that nobody may see in an alert."""
    return ask_for_contact(enrol(stage, "Moe"), words="marker-words")


@pytest.fixture
def told_all(stage: Stage, client: Phone) -> None:
    """Nobody took the alert for an hour, and the team was told too."""
    stage.wait(minutes=61)


def alert_of(phone: Phone) -> Message:
    """The one alert on this phone."""
    [alert] = phone.alerts
    return alert


def open_talk(worker: Phone, client: Phone) -> None:
    """Claimed, and both have the talk on the screen."""
    worker.tap("I'll take it", alert_of(worker)).tap("Write to")
    client.tap("Write to Aye")


# --- the alert -----------------------------------------------------------------------------------------------


def test_an_alert_shows_code_level_category_and_wish_and_none_of_the_clients_words(
    stage: Stage, workers: list[Phone], client: Phone
) -> None:
    text = alert_of(workers[0]).text
    assert text.startswith(f"{stage.person(client).code} wants contact: today")
    assert "Home, food and family" in text
    for hidden in ("marker-words", "Moe", "A place to stay"):
        assert hidden not in str(workers[0])


def test_an_alert_is_sealed_under_the_key_of_the_client_it_is_about(
    stage: Stage, workers: list[Phone], client: Phone
) -> None:
    rows = stage.rows("SELECT subject_id FROM outbox WHERE slot_id LIKE '%.alert.%'")
    assert {row["subject_id"] for row in rows} == {stage.person(client).id}


def test_of_several_who_take_it_one_wins_and_the_others_see_who(
    stage: Stage, workers: list[Phone], client: Phone, told_all: None
) -> None:
    taps = [(phone, *phone.find("I'll take it", alert_of(phone))) for phone in workers]
    stage.take(*(phone.pressing(button.data, message.id) for phone, message, button in taps))
    aye, bo = workers
    assert "You have taken this." in alert_of(aye).text
    assert alert_of(bo).text.endswith("Aye has taken this.")
    assert alert_of(bo).labels == []
    assert bo.text.startswith("Aye has already taken this one.")
    assert client.text.splitlines()[1] == "Aye is taking care of it."
    [row] = stage.rows("SELECT claimed_by FROM alerts")
    assert row["claimed_by"] == stage.person(aye).id


def test_taking_it_twice_is_kind_and_changes_nothing(stage: Stage, workers: list[Phone], client: Phone) -> None:
    message, button = workers[0].find("I'll take it", alert_of(workers[0]))
    workers[0].press(button.data, message.id).press(button.data, message.id)
    assert "wants contact: today" in workers[0].text
    assert stage.count("talks") == 1


def test_someone_who_was_not_told_can_neither_open_nor_take_it(
    stage: Stage, workers: list[Phone], client: Phone
) -> None:
    alert = stage.rows("SELECT id FROM alerts")[0]["id"]
    bo = workers[1]
    assert bo.press(f"!alert.{alert}").text.startswith("This one is not for you to open.")
    assert bo.press(f"!take.{alert}").text.startswith("This one is not for you to take.")
    assert (
        bo.press(f"!done.{alert}").tap("Yes, done").text.startswith("It was closed already, or is not yours to close.")
    )
    assert stage.count("readings") == 0
    assert stage.rows("SELECT state FROM alerts")[0]["state"] == "open"


def test_a_client_cannot_take_their_own_alert(stage: Stage, workers: list[Phone], client: Phone) -> None:
    alert = stage.rows("SELECT id FROM alerts")[0]["id"]
    client.press(f"!take.{alert}").press(f"!alert.{alert}")
    assert stage.rows("SELECT state FROM alerts")[0]["state"] == "open"


def test_only_whoever_took_it_can_close_it_and_everybody_sees_it(
    stage: Stage, workers: list[Phone], client: Phone, told_all: None
) -> None:
    aye, bo = workers
    aye.tap("I'll take it", alert_of(aye))
    alert = stage.rows("SELECT id FROM alerts")[0]["id"]
    bo.press(f"!done.{alert}").tap("Yes, done")
    assert stage.rows("SELECT state FROM alerts")[0]["state"] == "claimed"
    aye.tap("Done", alert_of(aye)).tap("Not yet")
    assert stage.rows("SELECT state FROM alerts")[0]["state"] == "claimed"
    aye.tap("Done", alert_of(aye)).tap("Yes, done")
    assert aye.text.startswith("Closed.")
    assert [alert_of(phone).text.splitlines()[-1] for phone in workers] == ["Closed.", "Closed."]
    assert client.text.startswith("This is closed.")


def test_the_desk_lists_what_waits(stage: Stage, workers: list[Phone], client: Phone) -> None:
    aye = workers[0].send("/menu")
    code = stage.person(client).code
    assert aye.text == "1 alert is open."
    assert aye.labels[:2] == [f"{code} · today", "My clients"]
    aye.tap(f"{code} · today")
    assert "What " in aye.text
    assert "marker-words" in aye.text


# --- reading a client's words --------------------------------------------------------------------------------


def test_opening_the_details_is_recorded_as_read(stage: Stage, workers: list[Phone], client: Phone) -> None:
    aye = workers[0].tap("Show details")
    code = stage.person(client).code
    assert aye.text.splitlines() == [
        f"{code} (Moe) wants contact: today",
        "• A place to stay: today",
        "How: here in the chat",
        "Safe: any time",
        f"What {code} (Moe) put first:",
        "• A place to stay: “marker-words”",
    ]
    [reading] = stage.rows("SELECT * FROM readings")
    assert (reading["staff_id"], reading["client_id"], reading["what"]) == (
        stage.person(aye).id,
        stage.person(client).id,
        "alert",
    )
    assert "Aye has looked at this. Nobody has taken it." not in client.text
    assert client.text.startswith("Aye saw this at 10:0")


def test_each_opening_is_recorded_and_drawing_the_screen_again_is_not_one(
    stage: Stage, workers: list[Phone], client: Phone
) -> None:
    aye = workers[0].tap("Show details")
    aye.sticker().send("words").press("nonsense")
    assert stage.count("readings") == 1
    aye.tap("Show details", alert_of(aye))
    assert stage.count("readings") == 2


def test_details_can_be_hidden_again(workers: list[Phone], client: Phone) -> None:
    aye = workers[0].tap("Show details").tap("Hide this")
    assert "marker-words" not in str(aye)


def test_a_caseworker_opens_their_clients_4s_in_the_clients_order(
    stage: Stage, workers: list[Phone], client: Phone
) -> None:
    second = rate(begin_rating(enrol(stage)), {"debt": "", "food": "rice"})
    second.tap("Yes, go on")
    third = enrol(stage)
    rate(begin_rating(third), {"food": "rice", "employment": "a job", "debt": ""})
    aye = workers[0].send("/menu").tap("My clients")
    mine = [f"{stage.person(client).code} · 1", f"{stage.person(third).code} · 3", "Close"]
    assert aye.labels == mine, "the second client is Bo's"
    aye.tap(stage.person(third).code)
    needs = [line for line in aye.text.splitlines() if line.startswith("•")]
    # the third sitting began with the third block
    assert needs == ["• Food: “rice”", "• Finding a job: “a job”", "• Paying back debts"]
    assert stage.rows("SELECT what FROM readings ORDER BY id")[-1]["what"] == "needs"


def test_a_client_who_did_not_agree_is_not_in_the_list(stage: Stage, workers: list[Phone]) -> None:
    enrol(stage, purposes=("Ask how things are",))
    assert "My clients" not in workers[0].send("/menu").labels


def test_an_alert_of_a_client_who_keeps_nothing_opens_without_what_they_put_first(stage: Stage) -> None:
    aye = join(stage, name="Aye")
    client = enrol(stage, purposes=("Write to me first",))
    send(client.send("/help").tap("Today"))
    aye.tap("Show details")
    assert "does not share their answers now." in aye.text


# --- talking -------------------------------------------------------------------------------------------------


def test_they_write_to_each_other_through_the_bot(stage: Stage, workers: list[Phone], client: Phone) -> None:
    aye = workers[0]
    open_talk(aye, client)
    aye.send("Hello, I am Aye. May I call you at five?")
    assert "Aye: Hello, I am Aye. May I call you at five?" in client.text
    client.send("Yes please")
    code = stage.person(client).code
    assert aye.text.splitlines() == [
        f"{code} (Moe)",
        "You: Hello, I am Aye. May I call you at five?",
        f"{code} (Moe): Yes please",
        f"Write here. What you type goes to {code} (Moe).",
    ]
    assert [len(phone.standing("")) for phone in (aye, client)] == [0, 0], "what was typed is tidied away"
    assert stage.count("lines") == 2


def test_neither_sees_a_number_or_a_name_that_the_other_did_not_choose(workers: list[Phone], client: Phone) -> None:
    aye = workers[0]
    open_talk(aye, client)
    aye.send("hello")
    client.send("hello")
    for phone, other in ((aye, client), (client, aye)):
        assert str(other.chat) not in str(phone)
        assert "On Telegram" not in str(phone)


def test_a_line_to_somebody_who_looks_elsewhere_is_announced_without_its_words(
    stage: Stage, workers: list[Phone], client: Phone
) -> None:
    aye = workers[0]
    open_talk(aye, client)
    client.send("/menu")
    aye.send("marker-line")
    assert client.push is not None
    assert client.push.text == "Hello. There is something new for you when you have time."
    client.tap("Open", client.push)
    assert "Aye: marker-line" in client.text
    aye.tap("Close")
    client.send("marker-answer")
    assert aye.push is not None
    assert aye.push.text == f"{stage.person(client).code} wrote to you."
    assert "marker" not in aye.push.text


def test_a_stale_tap_in_a_talk_sends_nothing_twice(stage: Stage, workers: list[Phone], client: Phone) -> None:
    aye = workers[0]
    open_talk(aye, client)
    line = aye.saying(text="once")
    stage.take(line)
    stage.take(line)
    assert stage.count("lines") == 1


def test_the_menu_offers_the_talk_while_it_is_open_and_either_can_end_it(
    stage: Stage, workers: list[Phone], client: Phone
) -> None:
    aye = workers[0]
    open_talk(aye, client)
    assert "Write to Aye" in client.send("/menu").labels
    client.tap("Write to Aye").tap("End the conversation")
    assert client.text.startswith("The conversation has ended.")
    assert aye.text.startswith("This conversation has ended.")
    assert "Write to Aye" not in client.send("/menu").labels


def test_a_line_to_someone_who_has_blocked_the_bot_is_kept_and_said_to_be(
    workers: list[Phone], client: Phone, stage: Stage
) -> None:
    aye = workers[0]
    open_talk(aye, client)
    client.block()
    aye.send("are you there?")
    assert aye.text.startswith("It is kept, but ")
    assert "cannot be reached in this chat now." in aye.text
    assert stage.count("lines") == 1


def test_nobody_else_can_open_a_talk(stage: Stage, workers: list[Phone], client: Phone) -> None:
    open_talk(workers[0], client)
    talk = stage.rows("SELECT id FROM talks")[0]["id"]
    for phone in (workers[1], enrol(stage)):
        assert phone.press(f"!talk.{talk}").text.startswith("This conversation is not open to you.")


def test_the_newest_line_is_on_the_screen_however_long_those_before_it_are(workers: list[Phone], client: Phone) -> None:
    open_talk(workers[0], client)
    for _line in range(3):
        client.send("long " * 700)
    client.send("the newest")
    assert "the newest" in workers[0].text


def test_a_push_goes_away_once_what_it_announced_was_opened_another_way(workers: list[Phone], client: Phone) -> None:
    open_talk(workers[0], client)
    client.send("/menu")
    workers[0].send("hello")
    assert client.push is not None
    client.tap("Write to Aye", client.living)
    assert client.push is None


# --- the lead ------------------------------------------------------------------------------------------------


def test_a_lead_sees_nobodys_answers(stage: Stage, client: Phone) -> None:
    lead = join(stage, "lead", "Lin")
    assert "My clients" not in lead.send("/menu").labels
    alert = stage.rows("SELECT id FROM alerts")[0]["id"]
    assert lead.press(f"!alert.{alert}").text.startswith("This one is not for you to open.")
