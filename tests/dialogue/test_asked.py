"""What a round asks, from the line to the last screen; and what a client sets about being asked."""

from __future__ import annotations

from tests.dialogue.checking import ask, askings, begin, kept, say_factors, tick
from tests.dialogue.stories import arrive, begin_rating, enrol, rate, send
from tests.player import Phone, Stage

READERS = [
    "Aye can read how your needs are now, and what you want us to do.",
    "All the rest is read only by the programme lead, without your name.",
]


# --- the first screen ----------------------------------------------------------------------------------------


def test_behind_the_bland_line_stands_what_it_is_who_reads_it_and_when_one_is_written_to(
    stage: Stage, client: Phone
) -> None:
    ask(stage)
    [line] = client.standing("ask")
    assert line.text == "Hello. There is something new for you when you have time."
    client.tap("Open", on=line)
    assert client.text.splitlines() == [
        "How are things? A few taps about the last two weeks.",
        "It takes 3 to 4 minutes.",
        "You can skip any question, or stop at any time. Whatever you answer, you lose nothing.",
        *READERS,
        "We write to you by day, on any day.",
        "Is that still safe?",
    ]
    assert client.labels == ["Start", "Not now", "Change when you write to me", "Ask me less"]
    assert not client.standing("ask"), "the line has done its work"
    assert askings(stage) == ["opened"]


def test_not_now_is_final_for_this_round_and_costs_nothing(stage: Stage, client: Phone) -> None:
    ask(stage)
    client.tap("Open").tap("Not now")
    assert client.text.startswith("That is fine. You are not reminded of this, and you lose nothing.")
    assert askings(stage) == ["declined"]
    assert "Some questions for you" not in client.labels
    stage.wait(days=2.5)
    assert not client.standing("ask")
    assert stage.count("responses") == 0


def test_when_one_is_written_to_can_be_changed_before_anything_is_asked(stage: Stage, client: Phone) -> None:
    ask(stage)
    client.tap("Open").tap("Change when you write to me").tap("Hours").tap("Evening")
    tick(client.tap("Days").tap("Only some days"), "Friday", "Tuesday")
    assert client.text == "We write to you in the evening, Tuesday, Friday."
    client.tap("It is right like this")
    assert "We write to you in the evening, Tuesday, Friday." in client.text
    assert client.labels[0] == "Start"
    person = stage.person(client)
    assert (person.hours, person.days) == ("evening", 0b0010010)


def test_to_be_asked_less_is_one_tap(stage: Stage, client: Phone) -> None:
    ask(stage)
    client.tap("Open").tap("Ask me less")
    assert client.text.startswith("From now on we leave more time before we ask you something again.")
    assert client.labels == ["Start", "Not now", "Change when you write to me"]
    assert stage.person(client).less


def test_to_be_written_to_first_can_be_taken_back_and_the_questions_stay(stage: Stage, client: Phone) -> None:
    ask(stage)
    client.tap("Open").tap("Change when you write to me").tap("Write to me first")
    assert not stage.person(client).first
    assert client.tap("It is right like this").text.endswith("We do not write to you first.")
    assert "What helped you lately?" in client.tap("Start").text


def test_nothing_is_kept_without_a_yes_to_that(stage: Stage) -> None:
    client = begin(enrol(stage, purposes=()))
    assert "I need your yes to one thing" in client.text
    client.tap("No, do not keep them")
    assert stage.count("responses") == stage.count("sittings") == 0
    assert "What helped you lately?" in begin(client).tap("Yes, keep my answers").text


# --- left on the way -----------------------------------------------------------------------------------------


def test_stop_keeps_what_was_answered_and_leads_back(stage: Stage, client: Phone) -> None:
    ask(stage)
    say_factors(client.tap("Open").tap("Start"), helped=["Home"]).tap("Go on").tap("●●○○").tap("Stop for now")
    assert client.labels[0] == "Go on: 2 of 12"
    assert "Some questions for you" not in client.labels, "one way there is enough"
    assert kept(stage, client)["open"] == ("answered", 2)
    assert askings(stage) == ["opened"]
    assert client.tap("Go on").text == "I feel I am growing stronger.\n2 of 12"


def test_a_new_round_does_not_take_up_what_was_left_of_an_older_one(stage: Stage, client: Phone) -> None:
    ask(stage)
    say_factors(client.tap("Open").tap("Start")).tap("Stop for now").tap("Close")
    stage.wait(days=29)
    ask(stage)
    client.tap("Open", on=client.standing("ask")[0])
    assert client.text.startswith("How are things?")
    say_factors(client.tap("Start")).tap("Leave them out")
    tick(client, "None of these").tap("No")
    assert askings(stage) == ["opened", "answered"]


def test_answers_stay_with_the_round_when_the_line_is_opened_from_the_menu(stage: Stage, client: Phone) -> None:
    ask(stage)
    client.send("/menu")
    assert client.labels.index("Some questions for you") < client.labels.index("What matters to me")
    client.tap("Some questions for you").tap("Start")
    assert not client.standing("ask")
    [row] = stage.rows("SELECT a.state, s.instrument FROM askings a JOIN sittings s ON s.session_id = a.session_id")
    assert tuple(row) == ("opened", "checkin")


# --- an asking that is over ----------------------------------------------------------------------------------


def line_of(client: Phone) -> tuple[int, str]:
    """The message and the data of the button that opens what is asked."""
    message, button = client.find("Open", on=client.standing("ask")[0])
    return message.id, button.data


def test_what_has_closed_says_so(stage: Stage, client: Phone) -> None:
    ask(stage, hours=24)
    message, data = line_of(client)
    stage.wait(days=2)
    client.press(data, message)
    assert client.text.startswith("This has closed. You do not need to do anything, and you lose nothing.")


def test_what_was_answered_or_put_off_says_so(stage: Stage, client: Phone) -> None:
    ask(stage)
    message, data = line_of(client)
    client.tap("Open").tap("Not now")
    client.press(data, message)
    assert client.text.startswith("You said “Not now” to this. That is fine.")


def test_an_old_line_leads_to_what_is_asked_now(stage: Stage, client: Phone) -> None:
    ask(stage, hours=24)
    message, data = line_of(client)
    stage.wait(days=29)
    ask(stage)
    client.press(data, message)
    assert client.text.startswith("This has closed.")
    assert client.labels[0] == "Start"


def test_nobody_opens_what_is_asked_of_another(stage: Stage, client: Phone) -> None:
    other = enrol(stage)
    ask(stage)
    _message, data = line_of(client)
    other.press(data)
    assert other.text.startswith("This has closed.")
    assert askings(stage).count("opened") == 0


def test_somebody_under_18_is_asked_nothing_by_whatever_button(stage: Stage, client: Phone) -> None:
    minor = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
    ask(stage)
    _message, data = line_of(client)
    minor.press(data)
    assert minor.text.startswith("That is not open to you now.")
    assert "I need a person" in minor.labels


def test_a_round_over_needs_begins_with_when_one_is_written_to(stage: Stage, client: Phone) -> None:
    ask(stage, "needs")
    client.tap("Open")
    assert client.text.startswith("What matters to you now? These are 21 short questions.")
    assert "We write to you by day, on any day." in client.text
    rate(client.tap("Start"))
    assert askings(stage) == ["answered"]


# --- what a client has set -----------------------------------------------------------------------------------


def test_what_a_client_has_set_is_in_the_menu_and_among_what_is_kept(stage: Stage, client: Phone) -> None:
    client.send("/menu").tap("⋯").tap("When to write to me")
    assert client.text == "We write to you by day, on any day."
    client.tap("Days").tap("Monday to Friday").tap("Where I am now").tap("Settling in").tap("Ask me less")
    assert client.text.splitlines() == [
        "We write to you by day, Monday to Friday.",
        "We leave more time before we ask you something again.",
        "Where you are now: Settling in",
    ]
    client.tap("It is right like this").send("/mine").tap("See what is kept").tap("About me")
    for line in ("Safe for me: by day, Monday to Friday", "I want to be asked less.", "Where I am now: Settling in"):
        assert line in client.text.splitlines()
    person = stage.person(client)
    assert (person.days, person.stage, person.less) == (0b0011111, "settling", True)
    client.send("/menu").tap("⋯").tap("When to write to me").tap("Where I am now").tap("I leave it open")
    tick(
        client.tap("Days").tap("Only some days"),
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    )
    person = stage.person(client)
    assert (person.days, person.stage) == (0, None)


def test_no_day_at_all_leaves_the_days_as_they_are(stage: Stage, client: Phone) -> None:
    client.send("/menu").tap("⋯").tap("When to write to me").tap("Days").tap("Monday to Friday")
    tick(client.tap("Days").tap("Only some days"))
    assert stage.person(client).days == 0b0011111


def test_a_pause_is_found_where_one_says_when_to_be_written_to(client: Phone) -> None:
    client.send("/menu").tap("⋯").tap("When to write to me").tap("Pause")
    assert client.text.startswith("How long shall nobody write to you first?")


def test_the_menu_keeps_the_way_to_a_person_and_out_whatever_else_there_is(
    stage: Stage, worker: Phone, client: Phone
) -> None:
    ask(stage)
    rate(begin_rating(client.send("/menu")), {"debt": ""}).tap("Yes, go on").tap("Today")
    send(client)
    worker.tap("I'll take it").tap("Write to").send("hello")
    say_factors(begin(client)).tap("Stop for now")
    assert client.labels == [
        *("Go on where I was", "Some questions for you", "Write to Aye", "The contact I asked for"),
        *("What matters to me", "I need a person", "⋯ English · မြန်မာ", "Close"),
    ]


def test_what_was_begun_of_ones_own_accord_does_not_hide_what_a_round_asks(stage: Stage, client: Phone) -> None:
    ask(stage)
    say_factors(begin(client)).tap("Stop for now")
    assert client.labels[:2] == ["Go on where I was", "Some questions for you"]
