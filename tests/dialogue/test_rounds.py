"""A lead plans a round in the chat, clients get its line, and the lead watches what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest

from bot.talks import BLAND
from bot.turn import slot_of
from conversations.instruments import NEEDS
from conversations.playbook import PLAYBOOK
from tests.dialogue.checking import come_in, kept, put_first, tick
from tests.dialogue.stories import PURPOSES, enrol, join
from tests.player import Message, Phone, Stage

ASKED = ("Keep my answers", "Ask how things are", "Write to me first")
CHECKIN = "How things are"


@pytest.fixture
def lead(stage: Stage) -> Phone:
    """A programme lead."""
    return join(stage, "lead", "Lin")


def clients(stage: Stage, number: int, purposes: Collection[str] = ASKED) -> list[Phone]:
    """So many who can be asked now."""
    found = [enrol(stage, purposes=purposes) for _client in range(number)]
    stage.wait(hours=1)
    return found


def begin(lead: Phone, what: str = CHECKIN) -> Phone:
    """Whom it asks is the question now."""
    return lead.send("/menu").tap("Rounds").tap("Plan a round").tap(what)


def come_to_summary(lead: Phone, *, start: str = "Now", window: str = "3 days") -> Phone:
    """A round for everyone, once."""
    return begin(lead).tap("Everyone").tap(start).tap("Once").tap(window)


def plan(lead: Phone, **chosen: str) -> Phone:
    """The same, planned."""
    return come_to_summary(lead, **chosen).tap("Plan it")


def progress(lead: Phone) -> Message:
    """The message that fills."""
    (message,) = lead.standing("round")
    return message


def figures(text: str) -> dict[str, int]:
    """What it says of how many are where, but for zeros."""
    pairs = [line[2:].rpartition(": ") for line in text.splitlines() if line.startswith("• ")]
    return {label: int(number) for label, _colon, number in pairs if number != "0"}


def asked(phones: Collection[Phone]) -> list[int]:
    """On how many phones the line stands."""
    return [len(phone.standing("ask")) for phone in phones]


# --- from planning to the result -------------------------------------------------------------------------------


def test_a_lead_plans_a_round_for_now_and_watches_it_fill(stage: Stage, lead: Phone) -> None:
    six = clients(stage, 6)
    enrol(stage)  # who has not agreed to be asked
    stage.wait(hours=1)
    assert lead.send("/menu").tap("Rounds").text.startswith("No round is planned.")
    come_to_summary(lead)
    assert lead.living.bold == CHECKIN
    assert lead.text.splitlines()[1:4] == [
        "For everyone, once.",
        "It begins at once when you plan it.",
        "It stays open for 3 days.",
    ]
    lead.tap("Plan it")
    assert lead.text.startswith("It is planned.")
    assert asked(six) == [0] * 6
    stage.wait(seconds=5)
    assert asked(six) == [1] * 6
    assert {message.text for client in six for message in client.standing("ask")} == {BLAND.message}
    stage.wait(seconds=5)
    sounds = lead.sounds
    assert figures(progress(lead).text) == {"Accepted by Telegram, not opened yet": 6, "Not asked": 1}
    assert "– other reasons: 1\n" in progress(lead).text

    six[0].tap("Open")
    six[1].tap("Open").tap("Not now")
    six[2].block()
    tick(six[3].tap("Open").tap("Start"), "Family")
    six[4].tap("Open").tap("Start")
    tick(six[4], "Nothing")
    for _list in range(2):
        tick(six[4])
    tick(six[4].tap("Leave them out"), "None of these").tap("No")
    stage.wait(seconds=5)
    assert figures(progress(lead).text) == {
        "Answered": 1,
        "Answered some of it": 1,
        "Opened, nothing answered yet": 1,
        "Accepted by Telegram, not opened yet": 1,
        "Said “not now”": 1,
        "Have blocked this chat": 1,
        "Not asked": 1,
    }
    assert lead.sounds == sounds, "it fills in silence"

    stage.wait(days=4)
    stage.wait(seconds=5)
    assert progress(lead).text.startswith("A round has closed.")
    assert figures(progress(lead).text)["Did not open it"] == 1
    lead.tap("See the result").tap("Result")
    assert lead.text.startswith(f"{CHECKIN}: round 1")
    lead.tap("As a picture")
    (picture,) = lead.standing("picture")
    assert picture.file is not None
    assert picture.file["draw"] == "result"
    lead.tap("Back to the round")
    assert not lead.standing("picture")


def test_in_a_minute(stage: Stage, lead: Phone) -> None:
    (client,) = clients(stage, 1)
    plan(lead, start="In a minute")
    assert "It begins next on Monday 2 November, 11:" in lead.text
    stage.sweep()
    assert asked([client]) == [0]
    stage.wait(minutes=1)
    assert asked([client]) == [1]


def test_who_is_outside_their_hours_waits_and_is_counted_so(stage: Stage, lead: Phone) -> None:
    five = clients(stage, 5)
    stage.now += timedelta(hours=11)  # 22:00
    plan(lead)
    stage.wait(seconds=5)
    stage.wait(seconds=5)
    assert asked(five) == [0] * 5
    assert figures(progress(lead).text) == {"Wait to be asked": 5}
    assert "– outside their hours: 5" in progress(lead).text
    stage.wait(hours=11)
    stage.wait(seconds=5)
    assert asked(five) == [1] * 5
    assert figures(progress(lead).text) == {"Accepted by Telegram, not opened yet": 5}


def test_a_small_group_may_be_asked_and_its_answers_are_hidden(stage: Stage, lead: Phone) -> None:
    four = clients(stage, 4, PURPOSES)
    come_to_summary(lead)
    assert "fewer than 5 clients would be asked" in lead.text
    assert "4 clients" not in lead.text
    lead.tap("Plan it")
    stage.wait(seconds=5)
    assert asked(four) == [1] * 4
    for client in four:
        tick(client.tap("Open").tap("Start"), "Family")
        tick(client, "Me and people close")
        tick(client)
    assert len(kept(stage, four[0])) >= 4
    stage.wait(days=4)
    stage.wait(seconds=5)
    lead.tap("See the result").tap("Result")
    assert "No figures are shown, so that nobody can be recognised." in lead.text
    assert "Family" not in lead.text


# --- the message that fills ------------------------------------------------------------------------------------


def test_it_is_drawn_only_when_something_changed_and_not_too_often(stage: Stage, lead: Phone) -> None:
    two = clients(stage, 2)
    plan(lead)
    stage.wait(seconds=5)
    stage.wait(seconds=5)

    def drawn() -> bool:
        slot = slot_of(stage.person(lead).id, "round.")
        return any((sending.slot or "").startswith(slot) for sending in stage.wait(seconds=0).sendings)

    stage.now += timedelta(seconds=5)
    assert not drawn(), "nothing has changed"
    two[0].tap("Open")
    assert not drawn(), "it was counted a moment ago"
    stage.now += timedelta(seconds=5)
    assert drawn()
    two[1].tap("Open")
    assert not drawn()


def test_a_large_round_is_counted_rarely(stage: Stage, lead: Phone) -> None:
    (client,) = clients(stage, 1)
    plan(lead)
    stage.wait(seconds=5)
    stage.wait(seconds=5)
    (row,) = stage.rows("SELECT told FROM rounds")
    told = json.loads(row["told"])
    told["figures"][1]["counts"]["sent"] = 1_000_000
    stage.connection.execute("UPDATE rounds SET told = ?", (json.dumps(told),))
    client.tap("Open")
    stage.wait(seconds=190)
    assert "Opened, nothing answered yet: 0" in progress(lead).text
    stage.wait(seconds=10)
    assert "Opened, nothing answered yet: 1" in progress(lead).text


def test_whoever_took_it_away_gets_none_before_it_closes(stage: Stage, lead: Phone) -> None:
    (client,) = clients(stage, 1)
    plan(lead)
    stage.wait(seconds=5)
    lead.send("/clear")
    lead.tap("Clear this chat") if "Clear this chat" in lead.labels else None
    assert not lead.standing("round")
    client.tap("Open")
    stage.wait(minutes=1)
    assert not lead.standing("round")
    stage.wait(days=4)
    stage.wait(seconds=5)
    assert progress(lead).text.startswith("A round has closed.")


def test_where_the_planner_cannot_be_reached_the_other_leads_are_told(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    other = join(stage, "lead", "Su")
    plan(lead, start="In a minute")
    lead.block()
    stage.wait(minutes=2)
    assert progress(other).text.startswith("A round has begun.")
    assert not lead.standing("round")


def test_a_round_that_was_missed_is_told(stage: Stage, lead: Phone) -> None:
    (client,) = clients(stage, 1)
    begin(lead).tap("Everyone").tap("In an hour").tap("Every week").tap("3 times").tap("3 days").tap("Plan it")
    stage.now += timedelta(days=7, hours=2)  # nothing ran meanwhile
    stage.wait(seconds=5)
    missed, begun = sorted(lead.standing("round"), key=lambda message: message.text, reverse=True)
    assert missed.text.splitlines()[0] == "A round was missed."
    assert "It was paused then, or the bot was not running. Nobody was asked." in missed.text
    assert begun.text.splitlines()[0] == "A round has begun."
    assert asked([client]) == [1]


# --- step by step ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "hour"), [("9:30", "09:30"), ("၁၇:၄၅", "17:45"), ("7.05", "07:05"), ("21", "21:00")])
def test_another_day_and_time_in_the_zone_of_the_programme(stage: Stage, lead: Phone, typed: str, hour: str) -> None:
    clients(stage, 1)
    begin(lead).tap("Everyone")
    assert "Times are those of Asia/Yangon, where it is Monday 2 November, 11:0" in lead.text
    lead.tap("Another day and time").send("1.12.2026")
    assert lead.text.startswith("At what time in Asia/Yangon?")
    lead.send(typed).tap("Once").tap("1 week")
    assert f"It begins on Tuesday 1 December, {hour} (2026, Asia/Yangon)." in lead.text
    lead.tap("Plan it")
    (row,) = stage.rows("SELECT anchor, zone FROM plans")
    assert tuple(row) == (f"2026-12-01T{hour}", "Asia/Yangon")


@pytest.mark.parametrize("typed", ["25:00", "9:75", "soon", "9:30 pm", "-1", "123"])
def test_what_is_no_time_is_asked_again_kindly(stage: Stage, lead: Phone, typed: str) -> None:
    clients(stage, 1)
    begin(lead).tap("Everyone").tap("Another day and time").send("tomorrow").send(typed)
    assert lead.text.startswith("I could not read that as a time.")
    assert "How often" in lead.tap("15:00").text


def test_tomorrow_at_nine(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    come_to_summary(lead, start="Tomorrow")
    assert "It begins on Tuesday 3 November, 09:00 (2026, Asia/Yangon)." in lead.text


def test_a_time_that_has_passed_is_asked_again(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    begin(lead).tap("Everyone").tap("Another day and time").send("today").tap("09:00")
    assert lead.text.startswith("Monday 2 November, 09:00 has passed already.")
    assert "In an hour" in lead.labels
    lead.tap("In an hour").tap("Once").tap("1 week")
    assert "Plan it" in lead.labels


def test_a_plan_that_lay_until_its_time_was_over_is_mended_in_one_step(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    come_to_summary(lead, start="Tomorrow").tap("Stop for now")
    stage.wait(days=5)
    lead.send("/menu").tap("Rounds").tap("Go on with the plan I began").tap("Plan it")
    assert "It would be over before it begins. Please choose another time." in lead.text
    assert "For everyone, once." in lead.text, "nothing of it is lost"
    assert stage.count("plans") == 0
    lead.tap("Change something").tap("When it begins").tap("Now").tap("Plan it")
    assert stage.count("plans") == 1


def test_every_step_can_be_changed_from_the_summary(stage: Stage, lead: Phone) -> None:
    clients(stage, 6)
    come_to_summary(lead)
    lead.tap("Change something").tap("What it asks").tap("What matters to them")
    assert lead.living.bold == "What matters to them: the needs"
    lead.tap("Change something").tap("Whom it asks").tap("By language").tap("English (6)")
    assert "For those who read English, once." in lead.text
    lead.tap("Change something").tap("How often").tap("Every month").tap("6 times")
    assert "For those who read English, every month, 6 times." in lead.text
    assert "• Wednesday 2 December, 11:" in lead.text
    lead.tap("Change something").tap("How long").tap("2 weeks")
    assert "It stays open for 14 days." in lead.text
    lead.tap("Change something").tap("When it begins").tap("Tomorrow")
    assert "• Thursday 3 December, 09:00 (Asia/Yangon)" in lead.text
    lead.tap("Plan it")
    (row,) = stage.rows("SELECT instrument, audience, repeat, times, window_hours FROM plans")
    assert tuple(row) == (NEEDS.name, '["language", "en"]', "month", 6, 336)


def test_back_goes_through_the_steps(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    come_to_summary(lead).tap("‹ Back")
    assert lead.text.startswith("How long can it be answered?")
    lead.tap("‹ Back").tap("‹ Back").tap("In an hour").tap("Once, and it is the last one").tap("1 week")
    assert "It begins an hour after you plan it." in lead.text
    assert "It is the last one." in lead.text
    lead.tap("Drop it")
    assert lead.text.startswith("Nothing was planned.")
    assert stage.count("plans") == 0


def test_whom(stage: Stage, lead: Phone) -> None:
    worker = join(stage, name="Aye")
    clients(stage, 5)
    small = enrol(stage, purposes=ASKED)
    small.send("/language").tap("မြန်မာ")
    small_id = stage.person(small).id
    stage.connection.execute("UPDATE people SET place = 'North', stage = 'home' WHERE role = 'client'")
    stage.connection.execute("UPDATE people SET place = 'South' WHERE id = ?", (small_id,))
    stage.wait(hours=1)
    begin(lead)
    assert lead.labels[:5] == ["Everyone (6)", "By language", "By place", "By where they are now", "By caseworker"]
    lead.tap("By language")
    assert lead.labels[:2] == ["English", "မြန်မာ"], "of 6 in all, the one number would tell the other"
    assert "A number under 5 is not shown, nor one that would give it away." in lead.text
    lead.tap("‹ Back").tap("By place")
    assert lead.labels[:2] == ["North", "South"]
    lead.tap("‹ Back").tap("By where they are now")
    assert lead.labels[0] == "At home (6)"
    lead.tap("‹ Back").tap("By caseworker")
    assert lead.labels[0] == "Aye (6)"
    lead.tap("Aye").tap("Now").tap("Once").tap("1 week")
    assert "For the clients of Aye, once." in lead.text
    lead.tap("Plan it")
    (row,) = stage.rows("SELECT audience FROM plans")
    assert row["audience"] == f'["caseload", "{stage.person(worker).id}"]'


def test_a_round_over_nobody_is_refused_kindly(stage: Stage, lead: Phone) -> None:
    come_to_summary(lead)
    assert "There is no client whom it is for. Please choose others." in lead.text
    assert "Plan it" not in lead.labels
    clients(stage, 1)
    assert "Plan it" in lead.tap("Count again").labels


def test_the_summary_says_why_others_are_not_asked(stage: Stage, lead: Phone) -> None:
    clients(stage, 8)
    for paused in clients(stage, 6):
        paused.send("/pause").tap("One month")
    for _client in range(5):
        enrol(stage)
    stage.wait(hours=1)
    come_to_summary(lead)
    assert "As things stand, 8 clients would be asked." in lead.text
    assert "Not asked:\n– did not agree to be asked: 5\n– paused: 6" in lead.text


def test_a_rule_of_ones_own(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    begin(lead).tap("Everyone").tap("Now").tap("Once").tap("1 week")
    lead.tap("Change something").tap("How often").tap("By a rule of my own").send("every friday")
    assert lead.text.startswith("This rule does not work: 'cron every friday': after cron stand minute, hour,")
    lead.send("30 17 * * fri").tap("Until I stop it")
    assert "For everyone, by the rule 30 17 * * fri until it is stopped." in lead.text
    assert "• Friday 6 November, 17:30 (Asia/Yangon)" in lead.text
    lead.tap("Plan it")
    (row,) = stage.rows("SELECT repeat, times FROM plans")
    assert tuple(row) == ("cron 30 17 * * fri", None)


def test_a_file_with_something_wrong_says_what_when_it_is_tapped(stage: Stage, lead: Phone, tmp_path: Path) -> None:
    clients(stage, 1)
    folder = tmp_path / "instruments"
    folder.mkdir()
    (folder / "visit.toml").write_text('name = "visit"\n', "utf-8")
    stage.programme = stage.programme.at_home(tmp_path)
    stage.restart()
    lead.send("/menu").tap("Rounds").tap("Plan a round").tap("⚠ visit")
    assert lead.text.startswith("This one cannot be used yet: visit.toml")
    assert "Whom do you want to ask?" in lead.tap(CHECKIN).text


def test_an_interrupted_plan_waits_where_it_was(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    begin(lead).tap("Everyone").send("/menu").tap("Rounds")
    assert lead.labels[0] == "Go on with the plan I began"
    assert lead.tap("Go on with").text.startswith("When does it begin?")


# --- as a client sees it ---------------------------------------------------------------------------------------


def press(phone: Phone, number: int) -> None:
    """Tap a button by its place."""
    phone.press(phone.living.buttons[number].data, phone.living.id)


@pytest.mark.parametrize("language", ["en", "my"])
@pytest.mark.parametrize("instrument", [0, 1, 2])
def test_the_rehearsal_is_what_the_client_gets_word_for_word(
    stage: Stage, lead: Phone, instrument: int, language: str
) -> None:
    client = put_first(come_in(stage), {"employment": "", "id_documents": ""})
    client.send("/language").tap("မြန်မာ" if language == "my" else "English")
    stage.wait(days=15)
    lead.send("/menu").tap("Rounds").tap("Plan a round")
    press(lead, instrument)
    lead.tap("Everyone").tap("Now").tap("Once").tap("1 week").tap("See it as a client does")
    before = {table: stage.count(table) for table in ("responses", "sittings", "alerts", "consents", "askings")}
    lead.tap("မြန်မာ" if language == "my" else "English")
    rehearsed = walk(lead)
    assert {table: stage.count(table) for table in before} == before, "nothing is recorded"
    press(lead, 0)
    lead.tap("Plan it")
    stage.wait(seconds=5)
    (line,) = client.standing("ask")
    assert (line.text, line.labels) == rehearsed[0]
    client.press(line.buttons[0].data, line.id)
    for number, screen in enumerate(rehearsed[1:]):
        if instrument == 2 and screen[1][0].startswith("1 ·"):
            assert screen[1] == client.labels, "what was said last time is the client's own"
        else:
            assert (client.text, client.labels) == screen, number
        answer(client)


def walk(lead: Phone) -> list[tuple[str, list[str]]]:
    """Every screen of a rehearsal, answered the same way as `answer` does."""
    seen: list[tuple[str, list[str]]] = []
    while len(lead.labels) > 1 or not seen:
        seen.append((lead.text, list(lead.labels)))
        answer(lead)
    return seen


def answer(phone: Phone) -> None:
    """Tap Done in a list, and what stands first elsewhere."""
    done = [number for number, button in enumerate(phone.living.buttons) if button.data.endswith("~d")]
    press(phone, done[0] if done else 0)


def test_stop_leads_back_to_the_plan(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    summary = come_to_summary(lead).text
    lead.tap("See it as a client does").tap("English").tap("Open").tap("Start").tap("Stop for now")
    assert lead.text == summary
    assert stage.count("plans") == 0
    lead.tap("Plan it")
    assert stage.count("plans") == 1


def test_a_rehearsal_that_is_interrupted_loses_nothing_of_the_plan(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    summary = come_to_summary(lead).text
    lead.tap("See it as a client does").tap("English").tap("Open").send("/menu")
    lead.tap("Rounds").tap("Go on with the plan I began").tap("Not now").tap("Back to the plan")
    assert lead.text == summary


def test_a_voice_note_in_a_rehearsal_is_not_kept(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    begin(lead, "What matters to them").tap("Everyone").tap("Now").tap("Once").tap("1 week")
    lead.tap("See it as a client does").tap("English").tap("Open").tap("Start").tap("4").voice()
    assert lead.text.startswith("I cannot use a voice note here.")
    assert stage.count("voices") == 0


# --- steering --------------------------------------------------------------------------------------------------


def test_pause_and_resume(stage: Stage, lead: Phone) -> None:
    (client,) = clients(stage, 1)
    plan(lead, start="In a minute").tap("Pause")
    assert lead.text.startswith("It is paused.")
    stage.wait(minutes=5)
    assert asked([client]) == [0]
    lead.tap("Resume")
    assert lead.text.startswith("It goes on.")
    stage.wait(seconds=5)
    assert asked([client]) == [1]


def test_stop_asks_once_more(stage: Stage, lead: Phone) -> None:
    (client,) = clients(stage, 1)
    plan(lead)
    stage.wait(seconds=5)
    lead.tap("Stop").tap("No, let it go on")
    assert "Stop" in lead.labels
    assert asked([client]) == [1]
    lead.tap("Stop").tap("Yes, stop it")
    assert lead.text.startswith("It is stopped. Nobody is asked any more.")
    stage.wait(seconds=5)
    stage.wait(seconds=5)
    assert asked([client]) == [0]
    assert progress(lead).text.startswith("A round has closed.")


def test_of_two_leads_the_slower_one_sees_how_it_stands(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    other = join(stage, "lead", "Su")
    plan(lead, start="Tomorrow")
    other.send("/menu").tap("Rounds").tap("1 ·")
    assert "Lin planned this at 11:0" in other.text
    lead.tap("Pause")
    at = stage.now.astimezone(stage.programme.zone)
    other.tap("Stop").tap("Yes, stop it")
    assert other.text.startswith(f"Lin changed this at {at:%H:%M}. This is how it stands now.")
    assert "It is paused" in other.text
    assert [row["state"] for row in stage.rows("SELECT state FROM plans")] == ["paused"]
    other.tap("Resume")
    assert other.text.startswith("It goes on.")


def test_both_at_once(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    other = join(stage, "lead", "Su")
    plan(lead, start="Tomorrow")
    other.send("/menu").tap("Rounds").tap("1 ·")
    taps = []
    for phone in (lead, other):
        message, button = phone.find("Pause")
        taps.append(phone.pressing(button.data, message.id))
    stage.take(*taps)
    assert lead.text.startswith("It is paused.")
    assert other.text.startswith("Lin changed this at 11:00. This is how it stands now.")


def test_a_round_that_is_over_cannot_be_stopped(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    other = join(stage, "lead", "Su")
    plan(lead)
    stage.wait(seconds=5)
    other.send("/menu").tap("Rounds").tap("1 ·").tap("Stop")
    stage.wait(days=4)
    stage.wait(seconds=5)
    other.tap("Yes, stop it")
    assert other.text.startswith("It is over already. There is nothing to change any more.")
    assert {"Pause", "Resume", "Stop"}.isdisjoint(other.labels)


def test_the_list_says_what_goes_on_and_what_is_over(stage: Stage, lead: Phone) -> None:
    clients(stage, 1)
    plan(lead)
    plan(lead, start="Tomorrow")
    plan(lead, start="Tomorrow").tap("Stop").tap("Yes, stop it")
    stage.wait(seconds=5)
    lead.send("/menu").tap("Rounds")
    assert lead.text.splitlines() == [
        f"2 · {CHECKIN}, for everyone: begins Tuesday 3 November, 09:00",
        f"1 · {CHECKIN}, for everyone: under way",
        f"3 · {CHECKIN}, for everyone: stopped",
    ]
    for _plan in range(5):
        plan(lead, start="Tomorrow")
    lead.send("/menu").tap("Rounds").tap("Older ones")
    assert [label[0] for label in lead.labels if "·" in label] == ["1", "3"]


def test_only_leads_plan_and_look(stage: Stage, lead: Phone) -> None:
    scripts = ("rounds", "round", "plan", "preview", "result")
    assert {PLAYBOOK[script].roles for script in scripts} == {frozenset({"lead"})}
    others = [join(stage), *clients(stage, 1), stage.phone().send("/start")]
    plan(lead)
    (row,) = stage.rows("SELECT id FROM plans")
    for phone in others:
        phone.press(f"!round.{row['id']}")
        assert "It is for" not in phone.text
        for message, button in list(lead.seen):
            phone.press(button.data, message)
    assert stage.count("plans") == 1
