"""In the client's own hands: what is kept, consent that lasts, a pause, leaving, clearing, erasing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot import mine
from bot.files import DRAWERS
from bot.mine import make
from bot.turn import Turn
from storage.store import Store
from tests.dialogue.stories import PURPOSES, arrive, ask_for_contact, come_back, enrol, join, send, wish
from tests.player import Phone, Stage


@pytest.fixture
def worker(stage: Stage) -> Phone:
    """The caseworker of whoever is enrolled after."""
    return join(stage, name="Aye")


@pytest.fixture
def client(worker: Phone, stage: Stage) -> Phone:
    """A client who has agreed to everything, and is in a talk about a room."""
    client = ask_for_contact(enrol(stage, "Moe", purposes=PURPOSES), words="a room of my own")
    worker.tap("I'll take it").tap("Write to").send("hello Moe")
    client.tap("Write to").send("is it warm there")
    return client


def parts(client: Phone) -> dict[str, str]:
    """Every part of what is kept, page after page, as it stands on the screen."""
    client.send("/mine").tap("See what is kept")
    found = {}
    for label in client.labels[:-1]:
        found[label] = client.tap(label).text
        while "Next page" in client.labels:
            found[label] += client.tap("Next page").text
        client.tap("Back to the parts")
    client.tap("Back to the start")
    return found


def page_of(stage: Stage, client: Phone) -> str:
    """The file that the phone would get."""
    message = client.standing("file")[0]
    assert message.file is not None
    turn = Turn(Store(stage.connection, stage.keyring, stage.now), stage.programme, {})
    drawer = DRAWERS[message.file["draw"]]
    return drawer.make(drawer.read(turn, stage.person(client), message.file)).content.decode()


# --- seeing and taking along ---------------------------------------------------------------------------------


def test_everything_that_is_kept_can_be_seen_part_by_part(stage: Stage, client: Phone, worker: Phone) -> None:
    shown = parts(client)
    assert f"My code: {stage.person(client).code}" in shown["About me"]
    assert "What you call me: Moe" in shown["About me"]
    assert "My caseworker: Aye" in shown["About me"]
    assert "A place to stay: “a room of my own”" in shown["What matters to me"]
    assert shown["What matters to me"].count("\n") == 23, "21 ratings, one meaning, one wish"
    assert "contact today: taken" in shown["Contact I asked for"]
    assert "Aye to me: “hello Moe”" in shown["What was written"]
    assert "I to Aye: “is it warm there”" in shown["What was written"]
    assert shown["My yes and no"].count("Yes: ") == len(PURPOSES) + 3


def test_who_has_read_it_is_told_with_name_and_time(stage: Stage, client: Phone, worker: Phone) -> None:
    opened = "Monday 2 November, 10:00 · Aye opened your wish for contact"
    assert parts(client)["Who has read it"] == f"Who has read it\n{opened}"
    stage.wait(minutes=5)
    worker.send("/menu").tap("My clients").tap("C-")
    again = "Monday 2 November, 10:06 · Aye opened what you put first"
    assert parts(client)["Who has read it"] == f"Who has read it\n{again}\n{opened}"


def test_what_a_client_sees_of_themselves_stands_in_no_session(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("See what is kept").tap("What matters to me")
    person = stage.person(client)
    row = stage.rows("SELECT id, body FROM sessions WHERE person_id = ? AND state = 'live'", person.id)[0]
    assert b"a room" not in person.box.open(row["body"], f"sessions.body:{row['id']}")


def test_long_words_come_in_pages_that_fit_and_whole_in_the_file(stage: Stage, client: Phone) -> None:
    for number in range(9):
        client.send(f"line {number} " + "x" * 1_500)
    assert all(f"line {number} x" in parts(client)["What was written"] for number in range(9))
    client.send("/mine").tap("Take it as a file").tap("Yes, make the file")
    assert "line 8 " + "x" * 1_500 in page_of(stage, client)


def test_the_file_comes_after_a_warning_and_holds_everything_with_the_voice(stage: Stage, client: Phone) -> None:
    person = stage.person(client)
    stage.connection.execute(
        "INSERT INTO voices (id, person_id, message_id, seconds, body, sound, state, attempts, due_at)"
        " VALUES (7, ?, 1, 4, x'', ?, 'kept', 0, 0)",
        (person.id, person.box.seal(b"OggS the sound", "voices.sound:7")),
    )
    words = person.box.seal(json.dumps({"voice": 7, "seconds": 4}).encode(), "responses.words:99")
    stage.connection.execute(
        "INSERT INTO responses (id, person_id, session_id, number, instrument, version, language, mode, item, status,"
        " words, at) VALUES (99, ?, 1, 1, 'needs', 1, 'en', 'self', 'food.meaning', 'answered', ?, 0)",
        (person.id, words),
    )
    client.send("/mine").tap("Take it as a file")
    assert "A saved file stays on this phone." in client.text
    assert not client.tap("Not now").standing("file")
    client.tap("Take it as a file").tap("Yes, make the file")
    page = page_of(stage, client)
    for expected in ("a room of my own", "is it warm there", "What you call me: Moe", "data:audio/ogg;base64,T2dnUyB0"):
        assert expected in page
    assert "http" not in page, "nothing is fetched from anywhere"


def test_words_in_the_file_are_words_and_never_markup() -> None:
    from conversations.client.kept import Entry, Section
    from conversations.text import Verbatim, _

    section = Section("x", _("About me"), [Entry(Verbatim("<script>alert(1)</script>"))])
    page = make({"sections": [section], "sounds": {}, "language": "en"}).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


# --- consent that lasts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["It gets less", "I am not sure"])
def test_whoever_thinks_that_a_no_costs_help_is_told_kindly(stage: Stage, answer: str) -> None:
    client = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("18 or older")
    for _screen in range(5):
        client.tap("Next")
    client.tap("Done").tap("Yes").tap("Yes").tap("Yes")
    assert client.text.endswith("If you say no to a question, what happens to your help?")
    assert "your help stays the same" in client.tap(answer).text
    assert client.tap("Go on").text.startswith("What may we call you here?")


def test_every_purpose_and_role_is_one_tap_and_the_ledger_shows_it(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("What I agreed to")
    assert client.labels[:5] == [f"☑ {purpose}" for purpose in PURPOSES]
    for purpose in PURPOSES:
        client.tap(purpose)
        assert f"☐ {purpose}" in client.labels
    client.tap("Keep my answers")
    assert client.text.startswith("Yes: this counts from now on.")
    client.tap("The exact words")
    assert client.text.startswith(
        "Monday 2 November, 10:01 · Yes: Keep my answers\nKeep my answers, so that we can plan"
    )
    assert "No: Write to me first" in client.tap("See the one before").text
    assert stage.count("consents") == len(PURPOSES) + 3 + len(PURPOSES) + 1, "nothing is overwritten"


def test_an_old_screen_of_consent_changes_nothing_twice(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("What I agreed to")
    _message, button = client.find("Count without name")
    client.press(button.data).press(button.data)
    assert client.toast == "That is from an earlier screen."
    assert "☐ Count without name" in client.labels


def test_without_the_first_purpose_nobody_reads_the_answers_from_that_moment(
    stage: Stage, client: Phone, worker: Phone
) -> None:
    worker.send("/menu").tap("My clients").tap("C-")
    assert "a room of my own" in worker.text
    client.send("/mine").tap("What I agreed to").tap("Keep my answers")
    assert "a room of my own" not in worker.text, "also not on a screen that was open"
    assert "My clients" not in worker.send("/menu").labels


def test_a_role_that_is_struck_out_loses_the_wish_at_once_and_the_next_one_gets_it(
    stage: Stage, client: Phone, worker: Phone
) -> None:
    other = join(stage, name="Bo")
    client.send("/mine").tap("What I agreed to").tap("Who may be told").tap("your caseworker")
    assert worker.alerts[0].text.startswith("The client has changed who may see this.")
    assert not worker.alerts[0].labels
    assert other.alerts[0].text.endswith("Nobody has taken this yet."), "nor has anybody looked who may"
    other.tap("I'll take it")
    assert "Bo is taking care of it." in client.send("/menu").tap("The contact I asked for").text


def test_a_wish_that_nobody_may_be_told_of_any_more_is_over_and_the_client_hears_it(
    stage: Stage, client: Phone, worker: Phone
) -> None:
    lead = join(stage, "lead", "Lin")
    client.send("/mine").tap("What I agreed to").tap("Who may be told")
    client.tap("the programme lead").tap("another caseworker")
    assert "taken back" not in client.text
    client.tap("your caseworker")
    assert "Nobody is left who may be told. The contact you asked for is taken back." in client.text
    assert [row["state"] for row in stage.rows("SELECT state FROM alerts")] == ["withdrawn"]
    stage.wait(days=1)
    assert not lead.alerts


def test_whoever_struck_out_their_own_caseworker_does_not_meet_them_in_the_team(stage: Stage, worker: Phone) -> None:
    other = join(stage, name="Bo")
    ask_for_contact(enrol(stage, strike=("caseworker",)))
    assert not worker.alerts
    assert len(other.alerts) == 1


def test_a_line_that_waits_is_dropped_when_the_client_no_longer_wants_to_be_written_to_first(
    stage: Stage, client: Phone, worker: Phone
) -> None:
    worker.tap("Done", on=worker.alerts[0]).tap("Yes, done")
    client.tap("Open").send("/menu")
    stage.wait(hours=11)  # 21:00
    person = stage.person(client)
    stage.connection.execute("UPDATE people SET hours = 'morning' WHERE id = ?", (person.id,))
    worker.tap("Write to").send("are you well")
    queued = "SELECT count(*) FROM outbox WHERE state = 'queued' AND purpose = 'line'"
    assert stage.rows(queued)[0][0] == 1
    client.send("/mine").tap("What I agreed to").tap("Write to me first")
    assert stage.rows(queued)[0][0] == 0
    worker.send("and one more")
    assert "they are not written to first" in worker.text
    stage.wait(hours=12)
    assert client.push is None
    assert "are you well" in client.send("/menu").tap("Write to Aye").text


# --- a pause, and leaving ------------------------------------------------------------------------------------


def test_in_a_pause_nobody_writes_first_and_afterwards_it_comes(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/pause").tap("One week")
    assert client.text.startswith("Nobody writes to you first until Monday 9 November, 10:00.")
    assert "You have paused" in client.text
    stage.wait(minutes=5)
    worker.send("a letter has come")
    stage.wait(days=6)
    assert client.push is None
    stage.wait(days=1, hours=1)
    assert client.push is not None
    assert "letter" not in client.push.text


def test_a_pause_is_ended_by_one_tap(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/pause").tap("Until I say so")
    stage.wait(minutes=5)
    worker.send("a letter has come")
    client.send("/pause").tap("End the pause")
    assert "You have paused" not in client.text
    stage.wait(minutes=5)
    worker.send("one more")
    assert client.push is not None


def test_who_leaves_is_left_alone_and_may_come_back(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/leave").tap("Leave, keep it locked")
    assert client.text.startswith("You have left. Nothing is sent to you")
    assert worker.alerts[0].text.endswith("The client took this back. Nothing to do.")
    assert "My clients" not in worker.send("/menu").labels
    assert not stage.rows("SELECT * FROM talks WHERE closed_at IS NULL")
    stage.wait(days=3)
    assert client.push is None
    assert come_back(client).text.startswith("You have left. Nothing is sent to you")
    assert client.send("/needs").text.startswith("That is not open to you now."), "nothing is asked"
    client.tap("Come back")
    for _screen in range(5):
        client.tap("Next")
    client.tap("Keep my answers").tap("Done").tap("Yes").tap("No").tap("No").tap("It stays")
    assert "What I put first" in client.labels, "nothing was lost"
    worker.send("/menu").tap("My clients").tap("C-")
    assert "a room of my own" in worker.text


def test_who_leaves_in_the_middle_is_not_asked_to_go_on(stage: Stage, worker: Phone) -> None:
    client = enrol(stage).tap("What matters to me").tap("4").send("a job")
    client.send("/leave").tap("Leave, keep it locked").tap("Close").tap("Open")
    assert client.text.startswith("You have left. Nothing is sent to you")
    client.tap("Come back")
    for _screen in range(5):
        client.tap("Next")
    client.tap("Keep my answers").tap("Done").tap("Yes").tap("Yes").tap("Yes").tap("It stays")
    assert client.labels[:2] == ["What matters to me", "What I put first"]
    assert [item for item, _status, value in stage.ratings(client) if value == 4] == ["employment"]


def test_someone_who_left_still_reaches_a_person(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/leave").tap("Leave, keep it locked")
    client.send("/help").tap("Today")
    assert worker.alerts[-1].text.startswith(stage.person(client).code)


# --- tidying and clearing ------------------------------------------------------------------------------------


def test_what_a_client_types_is_gone_once_it_is_kept_and_stays_if_they_wish(stage: Stage, client: Phone) -> None:
    assert [message for message in client.screen if not message.slot] == []
    client.send("/mine").tap("Leave what I write")
    assert "What you write stays in this chat until you clear it." in client.text
    client.send("/menu").tap("Write to Aye").send("this stays")
    assert [message.text for message in client.screen if not message.slot] == ["this stays"]


def test_a_chat_at_rest_folds_away_before_it_can_no_longer_be_deleted(stage: Stage, client: Phone) -> None:
    client.send("what is this").sticker()
    sounds = client.sounds
    stage.wait(hours=11)
    assert "is it warm there" in client.text
    stage.wait(hours=2)
    assert [(message.text, message.labels) for message in client.screen] == [("·", ["Open"])]
    assert client.sounds == sounds, "an edit lights nothing up"
    before = stage.count("outbox")
    stage.wait(days=3)
    assert stage.count("outbox") == before, "a chat that is folded stays so"
    assert client.tap("Open").text.startswith("Hello, Moe.")


def test_folding_keeps_the_place(stage: Stage, worker: Phone) -> None:
    client = enrol(stage).tap("What matters to me").tap("2").tap("2")
    stage.wait(days=1)
    assert client.text == "·"
    assert client.tap("Open").text == "You were at question 3 of 21. Go on?"
    assert "3 of 21" in client.tap("Go on").text


def test_somebody_who_comes_in_slowly_is_folded_too_and_goes_on_where_they_were(stage: Stage) -> None:
    client = arrive(stage, "client").tap("English").tap("Yes, now is fine")
    stage.wait(days=1)
    assert client.text == "·"
    assert client.tap("Open").text == "How old are you?"


def test_words_open_a_folded_chat(stage: Stage, client: Phone) -> None:
    stage.wait(days=1)
    assert "I kept nothing of that. Please write it again." in client.send("at five, then").text
    assert "Hello, Moe." in client.text


def test_who_does_not_want_it_is_not_tidied(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("Leave what I write")
    stage.wait(days=3)
    assert client.text != "·"


def test_clear_takes_both_sides_away_at_once(stage: Stage, client: Phone) -> None:
    client.sticker().send("/mine").tap("Take it as a file").tap("Yes, make the file")
    assert len(client.screen) > 2
    client.send("/clear")
    assert [message.slot for message in client.screen] == ["living"]
    assert client.text == "Done.\nTo be sure, use Telegram's own “Clear history” for this chat."
    assert client.tap("Close").text == "·"


def test_clear_says_what_it_could_not_take_away(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("Leave what I write")
    client.send("/menu").tap("Write to Aye").send("this stays")
    stage.wait(days=3)
    client.send("/clear")
    assert "Some older messages of yours are still here." in client.text


def test_staff_and_strangers_can_clear_too(stage: Stage, worker: Phone) -> None:
    worker.sticker().send("/clear")
    assert worker.text.startswith("Done.")
    stranger = stage.phone().send("hello")
    stranger.send("/clear")
    assert len(stranger.screen) == 1


# --- erasing -------------------------------------------------------------------------------------------------

OF_A_PERSON = (
    *("sessions", "sittings", "responses", "consents", "voices", "alerts", "alert_copies", "talks", "lines"),
    *("readings", "feedback", "messages"),
)


def test_erasing_takes_every_row_and_the_key_and_empties_the_staffs_phones(
    stage: Stage, client: Phone, worker: Phone
) -> None:
    person = stage.person(client)
    worker.send("/menu").tap("My clients").tap("C-")
    other = join(stage, name="Bo")
    client.send("/mine").tap("Erase everything")
    for words in ("the key that opens them", "proof one day", "unpaid wages", "know something of yours", "Aye"):
        assert words in client.text
    client.tap("Erase now").tap("Yes, erase now")
    assert client.text.startswith("It is done. Everything about you here is destroyed.")
    assert [message.slot for message in client.screen] == ["living"]
    for phone in (worker, other):
        everything = "\n".join(f"{message.text}{message.labels}" for message in phone.screen)
        assert person.code not in everything
        assert "room" not in everything
    assert worker.alerts[0].text.startswith("A client has erased everything about them.")
    for table in OF_A_PERSON:
        names = [row["name"] for row in stage.rows(f"PRAGMA table_info({table})")]
        column = next((name for name in ("person_id", "client_id") if name in names), None)
        if column is None:
            assert not stage.count(table), table
            continue
        assert not stage.rows(f"SELECT 1 FROM {table} WHERE {column} = ?", person.id), table
    assert not stage.rows("SELECT 1 FROM identities WHERE person_id = ? OR code = ?", person.id, person.code)
    assert not stage.rows("SELECT 1 FROM outbox WHERE person_id = ? OR subject_id = ?", person.id, person.id)
    assert [row["person_id"] for row in stage.rows("SELECT person_id FROM erased")] == [person.id]


def test_of_someone_erased_not_even_the_way_to_their_chat_stays_longer_than_a_day(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    assert len(stage.rows("SELECT 1 FROM people WHERE role = 'stranger'")) == 1
    stage.wait(hours=25)
    hashed = stage.keyring.hash_chat(client.chat)
    assert not stage.rows("SELECT 1 FROM identities WHERE chat_hash = ?", hashed)
    assert not stage.rows("SELECT 1 FROM people WHERE role = 'stranger'")


def test_erasing_twice_and_an_old_button_find_nobody(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("Erase everything").tap("Erase now")
    _message, button = client.find("Yes, erase now")
    client.press(button.data).press(button.data)
    assert stage.count("erased") == 1
    assert client.tap("Close").tap("Open").text == "Hello. This chat opens with a personal link."
    assert client.send("/mine").text.startswith("I do not know that word.")


def test_erasing_in_the_middle_of_a_dialogue_and_coming_back_by_a_new_link(stage: Stage, worker: Phone) -> None:
    client = enrol(stage, "Moe").tap("What matters to me").tap("4")
    client.send("/mine").tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    client.send(f"/start {stage.invite('client')}").tap("English")
    assert client.text == "Are you alone, and is it safe to read now?"


def test_a_button_of_the_staff_about_someone_erased_is_answered_kindly(
    stage: Stage, client: Phone, worker: Phone
) -> None:
    worker.send("/menu").tap("My clients")
    _message, button = worker.find("C-")
    shown = [each.data for _id, each in worker.seen]
    client.send("/mine").tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    for data in (button.data, *shown):
        worker.press(data)
    assert stage.letters == 0, "nothing fails"


def test_the_caseworkers_tap_and_the_erasure_in_one_batch(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/mine").tap("Erase everything").tap("Erase now")
    _message, yes = client.find("Yes, erase now")
    _message, details = worker.find("Show details")
    stage.take(client.pressing(yes.data), worker.pressing(details.data), client.pressing(yes.data))
    assert stage.letters == 0
    assert "room" not in worker.text


def test_erasing_in_seven_days_has_a_way_back(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/mine").tap("Erase everything").tap("Erase in seven days")
    assert "Everything is erased on Monday 9 November, 10:00." in client.text
    assert "Everything is erased on Monday" in client.send("/menu").text
    stage.wait(days=6)
    assert stage.count("erased") == 0
    come_back(client).send("/mine").tap("Keep it after all")
    stage.wait(days=6)
    assert stage.count("erased") == 0
    client.send("/mine").tap("Erase everything").tap("Erase in seven days")
    sounds = client.sounds
    stage.wait(days=7, minutes=1)
    assert stage.count("erased") == 1
    assert client.screen == []
    assert client.sounds == sounds, "nothing is said on that day"
    assert worker.alerts[0].text.startswith("A client has erased everything about them.")


def test_a_message_that_could_not_be_handled_is_erased_with_its_writer(stage: Stage, client: Phone) -> None:
    store = Store(stage.connection, stage.keyring, stage.now)
    for id_, chat in ((1, client.chat), (2, client.chat * 10), (3, 1)):
        update = {"update_id": id_, "message": {"chat": {"id": chat}, "text": "odd"}}
        body = store.keyring.programme.seal(json.dumps(update).encode(), f"letters.body:{id_}")
        until = store.at + 99_999
        store.later("letters", "insert", id=id_, update_id=id_, error="x", body=body, at=store.at, expires_at=until)
    store.flush()
    client.send("/mine").tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    assert [row["id"] for row in stage.rows("SELECT id FROM letters ORDER BY id")] == [2, 3]


def test_erasing_says_which_exports_it_cannot_reach(stage: Stage, client: Phone) -> None:
    store = Store(stage.connection, stage.keyring, stage.now + timedelta(hours=1))
    for id_, words in ((1, 0), (2, 1)):
        store.later("copies", "note", id=id_, kind="export", words=words, at=store.at)
    store.later("copies", "note", id=3, kind="backup", words=1, at=store.at)
    store.flush()
    client.send("/mine").tap("Erase everything")
    assert "The office has made 2 files of answers by code, the last on Monday 2 November." in client.text
    assert "Some of these files hold what people wrote themselves." in client.text
    assert "With the next copy their key is gone for good." in client.text


def test_someone_under_18_can_see_and_erase_too(stage: Stage, worker: Phone) -> None:
    minor = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
    minor.tap("What is kept about me")
    assert "What I agreed to" not in minor.labels
    minor.tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    assert stage.count("alerts") == 0
    assert worker.alerts[0].text.startswith("A client has erased everything about them.")


def test_a_wish_can_be_sent_again_after_coming_back_from_leaving(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/leave").tap("Leave, keep it locked").tap("Come back")
    for _screen in range(5):
        client.tap("Next")
    client.tap("Keep my answers").tap("Done").tap("Yes").tap("No").tap("No").tap("It stays")
    send(wish(client.tap("What I put first").tap("Yes, go on"), {"housing": "Today"}))
    assert len(worker.alerts) == 2


# --- what somebody who looked hard found -----------------------------------------------------------------------


def test_leaving_and_erasing_leaves_at_once_and_keeps_the_day_that_was_set(
    stage: Stage, client: Phone, worker: Phone
) -> None:
    client.send("/mine").tap("Erase everything").tap("Erase in seven days")
    client.send("/leave").tap("Leave and erase")
    assert "Everything is erased on Monday 9 November, 10:00, as you wished." in client.text
    client.tap("Go back")
    person = stage.person(client)
    assert person.erase_at is not None
    assert person.left_at is not None
    assert "My clients" not in worker.send("/menu").labels
    stage.wait(days=8)
    assert stage.count("erased") == 1


def test_someone_who_left_and_asks_for_a_person_hears_of_it(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/leave").tap("Leave, keep it locked")
    client.send("/help").tap("Today").tap("Back to the menu")
    stage.wait(minutes=5)
    worker.tap("I'll take it", on=worker.alerts[-1])
    assert client.push is not None
    worker.tap("Write to", on=worker.alerts[-1]).send("I am here")
    assert "cannot be reached" not in worker.text
    assert "I am here" in client.send("/menu").tap("Write to Aye").text


def test_news_of_a_wish_that_was_sent_in_a_pause_comes_through(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/pause").tap("Until I say so")
    client.send("/help").tap("Today").tap("Here in this chat").tap("Any time").tap("Yes, send it").tap("Back to")
    stage.wait(minutes=5)
    worker.tap("I'll take it", on=worker.alerts[-1])
    assert client.push is not None


def test_a_line_that_announces_something_is_not_folded_away(stage: Stage, client: Phone, worker: Phone) -> None:
    client.send("/menu")
    stage.wait(minutes=5)
    worker.send("can you come at five?")
    stage.wait(hours=13)
    assert client.push is not None
    assert client.living.text == "·"
    assert "can you come at five?" in client.tap("Open", on=client.push).text


def test_striking_a_role_that_was_told_does_not_stop_the_climbing(stage: Stage, worker: Phone) -> None:
    join(stage, name="Bo")
    lead = join(stage, "lead", "Lin")
    client = ask_for_contact(enrol(stage))
    stage.wait(minutes=61)
    client.send("/mine").tap("What I agreed to").tap("Who may be told").tap("your caseworker")
    assert not lead.alerts
    stage.wait(minutes=61)
    assert len(lead.alerts) == 1


def test_a_wish_whose_taker_is_struck_out_waits_for_somebody_again(stage: Stage, worker: Phone) -> None:
    join(stage, name="Bo")
    lead = join(stage, "lead", "Lin")
    client = ask_for_contact(enrol(stage))
    stage.wait(minutes=61)
    worker.tap("I'll take it", on=worker.alerts[0])
    client.send("/mine").tap("What I agreed to").tap("Who may be told").tap("your caseworker")
    client.send("/menu").tap("The contact I asked for")
    assert client.text.startswith("I told Bo that you want contact: today.")
    assert "Take it back" in client.labels
    stage.wait(minutes=61)
    assert len(lead.alerts) == 1


def test_with_the_role_goes_the_talk_and_what_still_stands_is_said(stage: Stage, client: Phone, worker: Phone) -> None:
    worker.send("/menu").tap("Write to")
    client.send("/mine").tap("What I agreed to").tap("Who may be told").tap("your caseworker")
    assert "Your caseworker can still read your answers. That is “Keep my answers”." in client.text
    assert "is it warm there" not in worker.text
    assert not any(label.startswith("Write to") for label in worker.send("/menu").labels)


def test_one_thing_that_fails_does_not_hold_up_what_else_is_due(
    stage: Stage, client: Phone, worker: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.send("/mine").tap("Erase everything").tap("Erase in seven days")
    monkeypatch.setattr("bot.alerts.overdue", lambda turn: [1])
    monkeypatch.setattr("bot.alerts.climb_overdue", lambda turn, alert: 1 / 0)
    stage.wait(days=8)
    assert stage.count("erased") == 1


def test_a_script_of_an_older_release_does_not_stop_the_folding(stage: Stage, client: Phone) -> None:
    other = enrol(stage)
    stage.connection.execute(
        "UPDATE sessions SET script = 'gone for good' WHERE person_id = ? AND state = 'live'",
        (stage.person(client).id,),
    )
    stage.wait(hours=13)
    assert [phone.living.text for phone in (client, other)] == ["·", "·"]


def test_who_comes_in_can_erase_and_leave_at_any_point(stage: Stage, worker: Phone) -> None:
    client = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("18 or older").tap("Next")
    client.send("/leave").tap("Leave, keep it locked")
    assert client.text.startswith("You have left.")
    client.tap("Come back")
    client.send("/mine").tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    assert stage.count("erased") == 1


def test_what_is_not_open_to_somebody_says_so_also_in_a_folded_chat(stage: Stage, worker: Phone) -> None:
    minor = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
    stage.wait(days=1)
    assert minor.send("/needs").text.startswith("That is not open to you now.")


def test_the_level_stays_as_it_was_chosen(stage: Stage, worker: Phone) -> None:
    client = ask_for_contact(enrol(stage))
    assert "A place to stay: today" in client.text
    stage.wait(hours=9)
    assert "today" in client.send("/menu").tap("The contact I asked for").text
    assert "when we open" not in client.text


def test_after_leaving_no_screen_of_the_staff_shows_anything(stage: Stage, client: Phone, worker: Phone) -> None:
    worker.tap("Show details", on=worker.alerts[0])
    assert "a room of my own" in worker.text
    client.send("/leave").tap("Leave, keep it locked")
    assert "room" not in worker.text


def test_the_erase_screen_names_also_who_was_only_told(stage: Stage) -> None:
    join(stage, name="Aye")
    client = ask_for_contact(enrol(stage))
    assert "These people here know something of yours: Aye." in client.send("/mine").tap("Erase everything").text


def test_it_names_also_who_was_told_before_a_no(stage: Stage, worker: Phone) -> None:
    client = ask_for_contact(enrol(stage))
    client.send("/mine").tap("What I agreed to").tap("Who may be told").tap("your caseworker")
    assert not worker.send("/menu").text.startswith("1 alert")
    assert "These people here know something of yours: Aye." in client.send("/mine").tap("Erase everything").text


def test_the_last_screen_folds_too(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    stage.wait(hours=13)
    assert client.text == "·"


def test_what_could_soon_not_be_deleted_goes_also_from_a_chat_in_use(stage: Stage, client: Phone) -> None:
    client.send("/menu").send("he may not read this")
    for _turn in range(5):
        stage.wait(hours=9)
        client.send("/menu")
    assert not [message for message in client.screen if "he may not" in message.text]


def test_a_screen_that_others_draw_anew_is_at_rest_all_the_same(stage: Stage, client: Phone, worker: Phone) -> None:
    client.sticker()
    for _turn in range(2):
        stage.wait(hours=7)
        worker.send("are you there?")
    stage.wait(minutes=2)
    assert client.living.text == "·"


def test_clear_says_each_time_what_is_still_there(stage: Stage, client: Phone) -> None:
    client.send("/mine").tap("Leave what I write")
    client.send("/menu").tap("Write to Aye").send("this stays")
    stage.wait(days=3)
    for _time in range(2):
        assert "Some older messages of yours are still here." in client.send("/clear").text


def test_leafing_looks_up_what_is_kept_once_for_a_page(
    stage: Stage, client: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        client.send(f"line {number} " + "x" * 900)
    client.send("/mine").tap("See what is kept").tap("What was written").tap("Next page").tap("Next page")
    calls = []
    read = mine.read_kept
    monkeypatch.setattr(mine, "read_kept", lambda *given: calls.append(1) or read(*given))  # type: ignore[func-returns-value]
    client.tap("Next page")
    assert len(calls) <= 3
