"""A client's own money as they play it: the plan, what it went for, what it made possible, and who sees it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from conversations import acts
from conversations.looks import LookShared
from conversations.script import Status
from conversations.text import _
from tests.cash.ledger import Ledger, programme
from tests.dialogue.stories import enrol
from tests.player import Phone, Stage
from translations.wording import word


@dataclass
class House:
    """A client with three transfers of 300,000 kyat, the first of which was sent, and their caseworker."""

    ledger: Ledger
    worker: Phone
    lead: Phone
    client: Phone
    transfers: list[int]

    def lines(self, kind: str = "plan") -> list[tuple[str, str, int | None]]:
        """Own lines as use, words and amount."""
        found = self.ledger.lines(self.client, kind)
        return [(line["use"], line["text"], line["amount"]) for line in found]

    def money(self) -> Phone:
        """The screen that all of it begins from."""
        return self.client.send("/menu").tap("My plan")

    def planning(self) -> Phone:
        """Their plan."""
        return self.money().tap("What I plan")

    def spending(self) -> Phone:
        """Where they note something."""
        return self.money().tap("Note something")

    def add(self, what: str, amount: str = "", *, is_tap: bool = True) -> Phone:
        """A line more in the plan, with an amount or without."""
        client = self.client.tap("Add a line")
        client = client.tap(what) if is_tap else client.send(what)
        return client.send(amount).tap("Yes, that is right") if amount else client.tap("Skip")


@pytest.fixture
def house() -> House:
    ledger = Ledger(programme())
    ledger.restarts = True
    lead, worker = ledger.admit("lead", "Lin"), ledger.admit("caseworker", "Aye")
    client = ledger.admit("client", caseworker=worker)
    ledger.agree(client, "plan")
    transfers = ledger.plan(lead, client, "2026-11-02")
    ledger.send(lead, transfers[0])
    return House(ledger, worker, lead, client, transfers)


def open_lines(client: Phone) -> list[str]:
    """The lines that say what is planned, and what is still open."""
    return [line for line in client.text.splitlines() if line.startswith(("Planned:", "Without a line"))]


# --- the way there -----------------------------------------------------------------------------------------------


def test_it_stands_in_the_menu_only_where_there_is_any_money(house: House) -> None:
    other = house.ledger.admit("client", caseworker=house.worker)
    assert "My plan" not in other.send("/menu").labels
    assert house.client.send("/menu").labels[:2] == ["Something new for you", "My plan"]


def test_the_first_screen_says_whose_it_is_and_who_sees_it(house: House) -> None:
    assert house.money().text.splitlines() == [
        "This money is yours. You choose what it is for.",
        "• Payment 1 of 3: 300,000 kyat, sent on Monday 2 November",
        "• Payment 2 of 3: 300,000 kyat, planned for Wednesday 2 December",
        "• Payment 3 of 3: 300,000 kyat, planned for Saturday 2 January",
        "Nobody sees your plan and your notes but you.",
        "Whatever you write or leave out, you lose nothing.",
    ]
    options = ["What I plan", "Note something", "What came of it", "Who may see this", "Back to the menu"]
    assert house.client.labels == ["Did it come?", *options]


def test_of_many_transfers_those_that_wait_stand_first(house: House) -> None:
    other = house.ledger.admit("client", caseworker=house.worker)
    many = house.ledger.plan(house.lead, other, "2026-11-02", times=15)
    house.ledger.send(house.lead, many[13])
    told = [line for line in other.send("/menu").tap("My plan").text.splitlines() if line.startswith("• ")]
    assert told[0] == "• Payment 14 of 15: 300,000 kyat, sent on Monday 2 November"
    assert told[1].startswith("• Payment 1 of 15: ")
    assert len(told) == 12
    assert "and 3 more" in other.text.splitlines()
    assert other.tap("Did it come?").labels[0] == "14 of 15 · 2.11."


def test_two_series_are_told_apart(house: House) -> None:
    house.ledger.plan(house.lead, house.client, "2026-12-09", times=2)
    labels = house.money().tap("Did it come?").labels
    assert labels[:5] == ["1 of 3 · 2.11.", "2 of 3 · 2.12.", "1 of 2 · 9.12.", "3 of 3 · 2.1.", "2 of 2 · 9.1."]


def test_money_in_ones_own_digits_is_one_tap(house: House) -> None:
    client, digits = house.client, word(_("My own digits"), "my")
    assert "My own digits" not in house.money().labels, "English has no others"
    house.ledger.change(client, language="my")
    client.send("/menu").tap(word(_("My plan"), "my")).tap(digits)
    assert f"☑ {digits}" in client.labels
    assert house.ledger.person(client).native
    client.tap(digits)
    assert not house.ledger.person(client).native


# --- the plan ----------------------------------------------------------------------------------------------------


def test_a_plan_begins_with_what_they_put_first_and_takes_what_they_write(house: House) -> None:
    rate = acts.Respond("needs", 1, "id_documents", Status.ANSWERED, 4)
    house.ledger.do(house.client, rate)
    client = house.planning().tap("Add a line")
    offered = [*client.labels, *client.tap("More").labels, *client.tap("More").labels]
    assert offered[0] == "Identity papers"
    assert "Papers, legal" not in offered, "much the same as what they put first"
    client.tap("Skip")
    house.add("Identity papers", "50,000")
    house.add("my mother's ritual", is_tap=False)
    house.add("FOOD.", "100000", is_tap=False)
    assert house.lines() == [
        ("n.id_documents", "", 50_000),
        ("", "my mother's ritual", None),
        ("food", "", 100_000),
    ]
    assert open_lines(client) == ["Planned: 150,000 kyat.", "Without a line so far: 750,000 kyat."]


def test_a_line_is_changed_brought_back_to_what_it_was_and_taken_away(house: House) -> None:
    client = house.planning()
    house.add("Food", "100000")
    client.tap("Change a line").tap("1").tap("Change the amount")
    assert client.text.splitlines()[:2] == [
        "Food: 100,000 kyat",
        "How much is it now? Skip leaves it as it is. You lose nothing either way.",
    ]
    assert "It is changed." not in client.tap("Skip").text
    assert house.lines() == [("food", "", 100_000)]
    client.tap("Change a line").tap("1").tap("Change the amount").send("20000").tap("Yes, that is right")
    assert house.lines() == [("food", "", 20_000)]
    client.tap("As it was before")
    assert house.lines() == [("food", "", 100_000)]
    client.tap("Change a line").tap("1").tap("Change what for").send("for the road")
    assert house.lines() == [("", "for the road", 100_000)]
    client.tap("Change a line").tap("1").tap("Change the amount").tap("Without an amount")
    assert house.lines() == [("", "for the road", None)]
    client.tap("Change a line").tap("1").tap("Take it away")
    assert house.lines() == []
    client.tap("Bring a line back").tap("1")
    assert house.lines() == [("", "for the road", None)]


def test_more_than_there_is_and_another_currency_are_told_without_a_word_about_it(house: House) -> None:
    client = house.planning()
    house.add("Food", "1,000,000")
    assert open_lines(client) == ["Planned: 1,000,000 kyat."]
    client.tap("Add a line").tap("Food").tap("In baht").send("80").tap("Yes, that is right")
    assert open_lines(client) == ["Planned: 1,000,000 kyat and 80 baht."]


def test_a_plan_can_be_for_one_transfer(house: House) -> None:
    client = house.planning().tap("For which money").tap("2 of 3")
    house.add("Food", "100000")
    assert open_lines(client) == ["Planned: 100,000 kyat.", "Without a line so far: 200,000 kyat."]
    client.tap("For which money").tap("1 of 3")
    assert open_lines(client) == []
    client.tap("For which money").tap("All together")
    assert "1 · Food: 100,000 kyat (2 of 3 · 2.12.)" in client.text
    assert open_lines(client) == ["Planned: 100,000 kyat.", "Without a line so far: 800,000 kyat."]


def test_twenty_times_a_transfer_is_asked_gently_and_accepted(house: House) -> None:
    client = house.planning().tap("Add a line").tap("Food")
    assert client.text.startswith("For: Food\nHow much?")
    client.send("6,000,000")
    assert "much more" not in client.text
    client.tap("Change").send("6,000,001")
    assert "That is much more than one transfer here. It may well be so." in client.text
    client.tap("Yes, that is right")
    assert house.lines() == [("food", "", 6_000_001)]


def test_what_was_said_is_said_back_and_counts_only_after_a_yes(house: House) -> None:
    client = house.planning().tap("Add a line").tap("Food").send("50,000")
    assert client.text.splitlines() == [
        "That is 50,000 kyat, in words: fifty thousand kyat.",
        "Is this right? You can change it later too. You lose nothing by it.",
    ]
    assert house.lines() == []
    client.tap("‹ Back").send("a lot")
    assert "I am not sure how much that is." in client.text
    client.send("0")
    assert house.lines() == [("food", "", None)]


# --- what it went for --------------------------------------------------------------------------------------------


def test_a_line_a_tap_and_a_voice_note_are_noted(house: House) -> None:
    client = house.spending().send("500 food")
    assert client.text.startswith("For: Food\nThat is 500 kyat")
    client.tap("Yes, that is right").tap("Travel").tap("Skip").voice().tap("Skip")
    client.send("medicine 2000").tap("Change").send("200").tap("Yes, that is right")
    assert house.lines("spent") == [
        ("food", "", 500),
        ("travel", "", None),
        ("", "", None),
        ("health", "medicine", 200),
    ]
    assert "Noted so far: 700 kyat." in client.text


@pytest.mark.parametrize("said", ["5 or 6", "20 baht food"])
def test_a_note_with_a_number_that_is_not_clear_says_so_and_keeps_the_words(house: House, said: str) -> None:
    client = house.spending().send(said)
    assert client.text.splitlines()[:2] == [
        "I am not sure how much that is. Please write one number, or tap it together.",
        f"For: “{said}”",
    ]
    client.tap("Skip")
    assert house.lines("spent") == [("", said, None)]


def test_notes_are_matched_to_their_own_plan_first(house: House) -> None:
    rate = acts.Respond("needs", 1, "food", Status.ANSWERED, 4)
    house.ledger.do(house.client, rate)
    house.planning()
    house.add("Food", "1000")
    client = house.client.tap("Done").tap("Note something")
    for said in ("300 food", "စားစရာ ၂၀၀"):
        client.send(said).tap("Yes, that is right")
    assert house.lines() == [("n.food", "", 1_000)]
    assert house.lines("spent") == [("n.food", "", 300), ("n.food", "", 200)], "in any language, and theirs first"
    client.tap("Done").tap("Side by side")
    assert client.text.splitlines()[0] == "• Food: planned 1,000 kyat, noted 500 kyat"


def test_the_picture_stands_below_if_they_want_it_and_goes_with_its_screen(house: House) -> None:
    house.spending().send("500 food").tap("Yes, that is right").tap("Done").tap("Side by side")
    assert not house.client.standing("picture")
    house.client.tap("See it as a picture")
    assert len(house.client.standing("picture")) == 1
    house.client.tap("Close")
    assert not house.client.standing("picture")


def test_what_it_made_possible_is_kept_and_can_be_written_anew(house: House) -> None:
    client = house.money().tap("What came of it").send("I sleep better")
    client.tap("Change what I said").tap("1").tap("Write it anew").send("I have a door that locks")
    assert house.lines("outcomes") == [("", "I have a door that locks", None)]


# --- whose it is -------------------------------------------------------------------------------------------------


def shared(house: House) -> bool:
    """Whether their caseworker finds anything of it."""
    query = LookShared(house.ledger.person(house.client).id)
    return house.ledger.look(house.worker, query) is not None


def test_nobody_sees_it_until_they_say_so_and_a_no_stops_it(house: House) -> None:
    house.planning()
    house.add("Food", "1000")
    client = house.client.tap("Done").tap("Who may see this")
    assert client.labels[:3] == ["☐ Show my caseworker", "☐ Count without name", "☐ Use my words"]
    assert not shared(house)
    client.tap("Show my caseworker")
    assert shared(house)
    assert client.tap("Back to the list").text.splitlines()[4] == (
        "Aye can see your plan and your notes, as you wished."
    )
    client.send("/mine").tap("What I agreed to").tap("Who may be told").tap("My plan and notes")
    client.tap("Show my caseworker")
    assert client.text.startswith("From now on your caseworker does not see your plan and your notes here.")
    assert not shared(house)


def test_all_of_it_is_among_what_is_kept(house: House) -> None:
    house.planning()
    house.add("my mother", "1000", is_tap=False)
    house.client.tap("Change a line").tap("1").tap("Take it away").tap("Done").tap("Note something").send("500 food")
    house.client.tap("Yes, that is right").send("/mine").tap("See what is kept").tap("My plan and notes")
    assert house.client.text.splitlines()[1:] == [
        "Monday 2 November · noted, 500 kyat · Food",
        "Monday 2 November · taken away, and gone for good within a day, 1,000 kyat · my mother",
    ]
    house.client.tap("Back to the parts").tap("What was sent to me")
    assert "• Payment 1 of 3: 300,000 kyat, sent on Monday 2 November" in house.client.text
    house.client.send("/mine").tap("Erase everything")
    assert "What was paid to you stays in the office's books: amount and day, without your name." in house.client.text


# --- one chat, one person ----------------------------------------------------------------------------------------


def test_a_second_person_in_one_chat_is_told_why_and_loses_nothing() -> None:
    stage = Stage()
    client = enrol(stage)
    code = stage.invite("client")
    client.send(f"/start {code}")
    assert client.text.startswith("This chat belongs to one person already.")
    client.tap("Close")
    assert client.text == "What would you like to do?"
    second = stage.phone().send(f"/start {code}")
    assert stage.person(second).role == "client"
    assert client.send(f"/start {code}").text == "What would you like to do?", (
        "a link that was used is nobody's any more"
    )


def test_whoever_opens_their_own_link_again_comes_home() -> None:
    stage = Stage()
    code = stage.invite("client")
    client = stage.phone().send(f"/start {code}").tap("English").tap("Yes, now is fine").tap("Under 18")
    client.send(f"/start {code}")
    assert client.text == "What would you like to do?"
