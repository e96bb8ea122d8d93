"""The door: who comes in and how far, and what is asked of them on the way."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.dialogue.stories import arrive, come_to_consent, enrol, join
from tests.player import Phone, Stage


def read_on(client: Phone, screens: int = 5) -> Phone:
    """Tap through the short screens."""
    for _screen in range(screens):
        client.tap("Next")
    return client


def consents(stage: Stage) -> dict[str, int]:
    """What was granted, by purpose, as the ledger has it."""
    return {row["purpose"]: row["granted"] for row in stage.rows("SELECT purpose, granted FROM consents ORDER BY id")}


# --- a client ------------------------------------------------------------------------------------------------


def test_the_first_screen_names_each_language_in_itself(stage: Stage) -> None:
    client = arrive(stage, "client")
    assert client.text == "English · မြန်မာ"
    assert client.labels == ["English", "မြန်မာ"]


def test_the_chosen_language_is_spoken_from_then_on(stage: Stage) -> None:
    client = arrive(stage, "client").tap("မြန်မာ")
    assert any("\u1000" <= letter <= "\u109f" for letter in client.text)
    assert stage.person(client).language == "my"


def test_nothing_of_substance_is_shown_before_it_is_safe_to_read(stage: Stage) -> None:
    client = arrive(stage, "client").tap("English")
    assert client.text == "Are you alone, and is it safe to read now?"
    assert client.tap("Later").text == "That is fine. Come back when you like."
    assert client.tap("Go on").text == "Are you alone, and is it safe to read now?"
    assert client.tap("Yes, now is fine").text == "How old are you?"


def test_what_is_to_be_known_comes_in_five_short_screens_with_one_button(stage: Stage) -> None:
    client = come_to_consent(stage)
    screens = []
    while client.labels == ["Next"]:
        screens.append(client.text)
        client.tap("Next")
    assert len(screens) == 5
    assert "The House" in screens[0]
    assert "You can skip any question" in screens[1]
    assert "police" in screens[2]
    assert "life is in danger" in screens[3]
    assert "Telegram can store messages" in screens[4]
    assert max(len(screen) for screen in screens) < 200


def test_no_purpose_is_ticked_before_the_client_ticks_it(stage: Stage) -> None:
    client = read_on(come_to_consent(stage))
    assert [label[:2] for label in client.labels] == ["☐ "] * 5 + ["Do"]
    client.tap("Count without name").tap("Keep my answers").tap("Keep my answers").tap("Write to me first")
    assert [label for label in client.labels if label.startswith("☑")] == [
        "☑ Count without name",
        "☑ Write to me first",
    ]
    client.tap("Done")
    assert consents(stage) == {"plan": 0, "checkins": 0, "partners": 0, "figures": 1, "first": 1}


def test_agreeing_to_nothing_is_a_good_answer(stage: Stage) -> None:
    client = enrol(stage, purposes=(), strike=("caseworker", "team", "lead"))
    assert set(consents(stage).values()) == {0}
    assert "What would you like to do?" in client.text


def test_each_role_is_asked_about_by_itself_and_can_be_struck_out(stage: Stage) -> None:
    client = read_on(come_to_consent(stage)).tap("Done")
    asked = []
    for answer in ("Yes", "No", "Yes"):
        asked.append(client.text.partition("\n")[0])
        client.tap(answer)
    assert [("your caseworker" in a, "another caseworker" in a, "programme lead" in a) for a in asked] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    ledger = consents(stage)
    assert (ledger["tell:caseworker"], ledger["tell:team"], ledger["tell:lead"]) == (1, 0, 1)


def test_the_ledger_keeps_what_was_read_with_its_digest_language_and_mode(stage: Stage) -> None:
    client = enrol(stage)
    rows = stage.rows("SELECT c.*, t.body FROM consents c JOIN texts t ON t.digest = c.digest ORDER BY c.id")
    assert len(rows) == 8
    assert {(row["language"], row["mode"], row["person_id"]) for row in rows} == {
        ("en", "self", stage.person(client).id)
    }
    for row in rows:
        assert sha256(f"en\n{row['body']}".encode()).hexdigest() == row["digest"]
    plan = next(row["body"] for row in rows if row["purpose"] == "plan")
    assert plan.startswith("This is a private chat run by The House.")
    assert plan.endswith("Keep my answers, so that we can plan help together.")


def test_a_name_is_asked_last_and_used(stage: Stage) -> None:
    client = enrol(stage, "Moe")
    assert client.text.startswith("Hello, Moe.")
    assert stage.person(client).name == "Moe"


def test_a_name_can_be_left_out(stage: Stage) -> None:
    client = enrol(stage)
    assert stage.person(client).name is None
    assert client.text == "What would you like to do?"


def test_the_home_menu_is_short(stage: Stage) -> None:
    assert enrol(stage).labels == ["What matters to me", "I need a person", "⋯ English · မြန်မာ", "Close"]


def test_language_safety_age_and_consent_have_neither_back_nor_skip_nor_stop(stage: Stage) -> None:
    client = arrive(stage, "client")
    while "name" not in client.text.lower() or "What may we call you" not in client.text:
        assert not {"‹ Back", "Skip", "Stop for now"} & set(client.labels)
        client.tap(next(label for label in ("English", "Yes", "18", "Next", "Done", "It stays") if _has(client, label)))


def _has(client: Phone, label: str) -> bool:
    return any(shown.startswith(label) for shown in client.labels)


def test_one_living_message_all_the_way_in(stage: Stage) -> None:
    client = come_to_consent(stage)
    before = client.sounds
    read_on(client).tap("Done").tap("Yes").tap("Yes").tap("Yes").tap("It stays").tap("Skip")
    assert client.sounds == before
    assert len(client.screen) == 1, "not even the link that was tapped stays"


def test_someone_in_the_middle_of_coming_in_stays_there_whatever_they_ask_for(stage: Stage) -> None:
    client = come_to_consent(stage)
    shown = client.text
    for command in ("/needs", "/menu", "/start", "/start again"):
        assert client.send(command).text.endswith(shown)


def test_the_language_can_be_changed_in_the_middle_of_coming_in(stage: Stage) -> None:
    client = come_to_consent(stage)
    before = client.text
    client.send("/language").tap("မြန်မာ")
    assert client.text != before
    client.send("/language").tap("English")
    assert client.text == before


# --- someone under 18 ----------------------------------------------------------------------------------------


def test_of_someone_under_18_nothing_more_is_asked_and_the_caseworker_is_told(stage: Stage) -> None:
    worker, other = join(stage, name="Aye"), join(stage, name="Bo")
    minor = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
    assert "I am telling Aye that you are here and under 18. Nothing else." in minor.text
    assert "You have done nothing wrong." in minor.text
    own = ["I need a person", "Tell us something", "What is kept about me", "Clear this chat"]
    assert minor.labels == [*own, "English · မြန်မာ", "Close"]
    assert stage.count("consents") == 0
    [alert] = worker.alerts
    assert alert.text.startswith(f"{stage.person(minor).code} is under 18 and has just come.")
    assert not other.alerts
    for command in ("/needs", "/start"):
        assert "What matters to me" not in minor.send(command).labels
    assert stage.count("responses") == 0


def test_someone_under_18_is_told_the_truth_where_nobody_can_be_told(stage: Stage) -> None:
    minor = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
    assert "I could not reach that person now." in minor.text
    worker = join(stage)
    stage.wait(seconds=5)
    assert len(worker.alerts) == 1, "but whoever comes next hears of it"


def test_someone_under_18_can_ask_for_a_person(stage: Stage) -> None:
    worker = join(stage)
    minor = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
    minor.tap("I need a person").tap("Today")
    assert "I told Aye that you want contact: today." in minor.text
    assert len(worker.alerts) == 2


# --- strangers and invitations -------------------------------------------------------------------------------


def test_a_stranger_sees_one_neutral_line_and_a_tap_deeper_how_to_reach_a_person(stage: Stage) -> None:
    stranger = stage.phone().send("/start")
    assert stranger.text == "Hello. This chat opens with a personal link."
    assert stranger.labels == ["Reach a person", "Tell us something", "English · မြန်မာ"]
    stranger.tap("Reach a person")
    assert "Night line: +95 1 234" in stranger.text
    assert stranger.tap("Close").text == "Hello. This chat opens with a personal link."


@pytest.mark.parametrize("words", ["hello", "/help", "/needs", "/menu", "who are you?", "/start"])
def test_a_stranger_gets_nothing_else_whatever_they_write(stage: Stage, words: str) -> None:
    stranger = stage.phone().send(words)
    assert stranger.text.endswith("Hello. This chat opens with a personal link.")
    assert stage.person(stranger).role == "stranger"


def test_a_stranger_is_spoken_to_in_the_language_of_their_phone_if_we_have_it(stage: Stage) -> None:
    assert stage.person(stage.phone("my").send("hello")).language == "my"
    assert stage.person(stage.phone("fr").send("hello")).language is None


@pytest.mark.parametrize("role", ["client", "caseworker", "lead"])
def test_an_invitation_works_once(stage: Stage, role: str) -> None:
    code = stage.invite(role)
    first, second = stage.phone().send(f"/start {code}"), stage.phone().send(f"/start {code}")
    assert stage.person(first).role == role
    assert stage.person(second).role == "stranger"
    assert second.text.startswith("This link was already used. Please ask for a new one.")


def test_an_invitation_expires(stage: Stage) -> None:
    code = stage.invite("client", days=2)
    stage.wait(days=2)
    late = stage.phone().send(f"/start {code}")
    assert late.text.startswith("This link is too old to use. Please ask for a new one.")
    assert stage.person(late).role == "stranger"


def test_an_invented_invitation_does_not_work(stage: Stage) -> None:
    guesser = stage.phone().send("/start AAAAAAAAAAAAAAAA")
    assert guesser.text.startswith("This link does not work. Please ask for a new one.")
    assert "Hello. This chat opens with a personal link." in guesser.text


def test_after_a_link_that_did_not_work_a_new_one_does(stage: Stage) -> None:
    client = stage.phone().send("/start wrong").send(f"/start {stage.invite('client')}")
    assert stage.person(client).role == "client"


def test_a_second_invitation_changes_nobody(stage: Stage) -> None:
    client = enrol(stage)
    client.send(f"/start {stage.invite('lead')}")
    assert stage.person(client).role == "client"
    assert client.text.endswith("What would you like to do?")
    assert not stage.rows("SELECT 1 FROM invitations WHERE role = 'lead' AND used_at IS NOT NULL"), (
        "it can still be used"
    )


def test_two_who_tap_the_same_link_in_one_batch_are_two_people_and_one_comes_in(stage: Stage) -> None:
    code = stage.invite("client")
    phones = [stage.phone(), stage.phone()]
    stage.take(*(phone.saying(text=f"/start {code}") for phone in phones))
    assert sorted(stage.person(phone).role for phone in phones) == ["client", "stranger"]


def test_strangers_are_forgotten_after_a_week(stage: Stage) -> None:
    stranger = stage.phone().send("hello")
    stage.wait(days=8)
    assert stage.count("people") == stage.count("identities") == stage.count("sessions") == 0
    assert stranger.send("hello again").text.endswith("Hello. This chat opens with a personal link.")


# --- staff ---------------------------------------------------------------------------------------------------


def test_a_caseworker_joins_with_a_name_and_comes_to_the_desk(stage: Stage) -> None:
    worker = join(stage, name="Aye")
    assert worker.text == "No alert is open."
    person = stage.person(worker)
    assert (person.role, person.name, person.code[:2]) == ("caseworker", "Aye", "W-")


def test_new_clients_go_to_the_caseworker_with_the_fewest(stage: Stage) -> None:
    workers = [stage.person(join(stage, name=name)).id for name in ("Aye", "Bo")]
    clients = [stage.person(enrol(stage)).caseworker for _client in range(4)]
    assert sorted(c for c in clients if c is not None) == sorted(workers * 2)


def test_codes_tell_nothing_and_are_nobody_elses(stage: Stage) -> None:
    codes = [stage.person(arrive(stage, "client")).code for _client in range(5)]
    assert len(set(codes)) == 5
    assert all(code.startswith("C-") and code[2:].isdecimal() for code in codes)
