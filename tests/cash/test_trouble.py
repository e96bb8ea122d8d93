"""Trouble with money goes to somebody whose hands it did not go through, and nobody else ever learns of it."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from conversations import acts
from conversations.instruments import NEEDS
from conversations.looks import LookAlert, LookAlerts, LookDetails, LookSafe, LookTrouble
from conversations.script import Said, Status
from tests.cash.ledger import Ledger, programme
from tests.player import Phone

WORDS = "zq-words-zq"


@dataclass
class Cast:
    """Several staff, several clients, and who must not hear of what: kept here by what was done, not by the product."""

    seed: int
    ledger: Ledger = field(init=False)
    dice: random.Random = field(init=False)
    staff: list[Phone] = field(default_factory=list)
    clients: dict[Phone, Phone] = field(default_factory=dict)
    """With their caseworker."""
    transfers: dict[int, Phone] = field(default_factory=dict)
    hands: dict[int, set[Phone]] = field(default_factory=lambda: defaultdict(set))
    """Who has marked a transfer as sent, or changed what it is."""
    given: dict[int, list[Phone | None]] = field(default_factory=lambda: defaultdict(list))
    """Who handed it over, as it was said each time."""
    told: dict[int, int] = field(default_factory=dict)
    """By alert the transfer that it is about."""
    barred: dict[int, set[Phone]] = field(default_factory=lambda: defaultdict(set))
    """By alert who was said to have handed the money over when it was told."""
    heard: dict[int, set[Phone]] = field(default_factory=lambda: defaultdict(set))
    """By alert who was rightly told, before the money went through their hands."""

    away: set[Phone] = field(default_factory=set)
    """Who has ever blocked the bot: nothing can be taken from a phone that does."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.ledger = Ledger(programme())
        leads = [self.ledger.admit("lead", f"Lead {number}") for number in range(self.dice.choice([1, 2, 3]))]
        workers = [self.ledger.admit("caseworker", f"Worker {number}") for number in range(3)]
        self.staff = [*leads, *workers]
        named = self.dice.sample(self.staff, self.dice.choice([0, 0, 1, 2, 4]))
        self.ledger.programme = programme(*(self.ledger.person(one).code for one in named))
        self.safe = [[one] for one in named] or [leads]
        for _number in range(2):
            worker = self.dice.choice(workers)
            client = self.ledger.admit("client", caseworker=worker)
            for role in ("caseworker", "team", "lead"):
                self.ledger.agree(client, f"tell:{role}")
            self.clients[client] = worker
            for transfer in self.ledger.plan(leads[0], client, "2026-11-02", 2):
                self.transfers[transfer] = client

    def act(self) -> None:
        """One thing that somebody does."""
        what = self.dice.choice(
            ["send", "send", "unsend", "reprice", "tell", "tell", "wait", "handle", "block", "strike"]
        )
        transfer = self.dice.choice([*self.transfers])
        client = self.transfers[transfer]
        may = [one for one in self.staff if self.ledger.person(one).role == "lead" or one is self.clients[client]]
        marker, hander = self.dice.choice(may), self.dice.choice([None, *self.staff])
        if what == "send" and self.ledger.send(marker, transfer, hander) == "done":
            self.hands[transfer].add(marker)
            self.given[transfer].append(hander)
        elif what == "unsend":
            self.ledger.do(marker, acts.UnmarkSent(transfer))
        elif what == "reprice":
            if self.ledger.do(marker, acts.RepriceTransfer(transfer, 200_000, "MMK"))["outcome"] == "done":
                self.hands[transfer].add(marker)
        elif what == "tell":
            self.tell(client, transfer)
        elif what == "wait":
            self.ledger.wait(hours=self.dice.choice([1, 3, 30]))
        elif what == "block":
            one = self.dice.choice(self.staff)
            self.away.add(one)
            one.unblock() if self.ledger.person(one).blocked_at else one.block()
        elif what == "strike":
            purpose = f"tell:{self.dice.choice(['caseworker', 'team', 'lead'])}"
            self.ledger.do(client, acts.Consent(purpose, granted=False, words=()))
        elif self.told:
            self.handle(self.dice.choice([*self.told]))

    def tell(self, client: Phone, transfer: int) -> None:
        what = self.dice.choice(["part", "notyet", "fee", "share", "trouble"])
        promised = self.ledger.look(client, LookSafe(transfer))
        assert promised == self.rungs(transfer)
        words = self.dice.choice([None, Said(WORDS)])
        back = self.ledger.do(client, acts.TellOfMoney(transfer, what, words))
        if back["alert"] not in self.told:
            assert back["told"] == (promised[0] if promised else [])
            self.barred[back["alert"]] = self.said_now(transfer)
        self.told[back["alert"]] = transfer

    def rungs(self, transfer: int) -> list[list[str]]:
        """Who would be told, one rung after another: whoever was once said to have handed it over after all others."""
        kept = self.hands[transfer] | {self.clients[self.transfers[transfer]]} | self.said_now(transfer)
        late = set(self.given[transfer])
        free = [
            [one for one in rung if one not in kept and not self.ledger.person(one).blocked_at] for rung in self.safe
        ]
        every = [
            *([one for one in rung if one not in late] for rung in free),
            *([one for one in rung if one in late] for rung in free),
        ]
        return [[str(self.ledger.person(one).name) for one in rung] for rung in every if rung]

    def said_now(self, transfer: int) -> set[Phone]:
        """Who is said to have handed it over now."""
        return {one for one in self.given[transfer][-1:] if one is not None}

    def handle(self, alert: int) -> None:
        """Whoever it is, also who must not: opens it, takes it, asks for its details."""
        one, client = self.dice.choice(self.staff), self.transfers[self.told[alert]]
        act = self.dice.choice([acts.ReadAlert(alert), acts.Claim(alert), acts.CloseAlert(alert)])
        back = self.ledger.do(one, act)
        if one in self.kept_from(alert):
            assert back in (None, {"outcome": "not for you", "by": None}, {"outcome": "not yours"})
            assert self.ledger.look(one, LookDetails(self.ledger.person(client).id, alert)) is None

    def kept_from(self, alert: int) -> set[Phone]:
        transfer = self.told[alert]
        return self.hands[transfer] | {self.clients[self.transfers[transfer]]} | self.barred[alert]

    def nobody_learns(self) -> None:
        """Who must not has nothing of it: in their lists, in what was put up for them, on their phone."""
        people = {self.ledger.person(one).id: one for one in self.staff}
        for alert in self.told:
            never, client = self.kept_from(alert), self.transfers[self.told[alert]]
            rows = self.ledger.rows("SELECT staff_id, role FROM alert_copies WHERE alert_id = ?", alert)
            copies = {people[row["staff_id"]]: row["role"] for row in rows}
            assert set(copies) <= {one for rung in self.safe for one in rung}
            self.heard[alert] |= set(copies) - never
            assert "struck" not in {copies[one] for one in self.heard[alert] - never}, "by what another says"
            for one in self.staff:
                sees = one in copies and one not in never
                listed = {each["alert"] for each in self.ledger.look(one, LookAlerts())}
                assert sees or alert not in listed
                for query in (LookAlert(alert), LookTrouble(alert)):
                    assert sees or self.ledger.look(one, query) is None
            for one in never:
                assert one not in copies or (one in self.heard[alert] and copies[one] == "struck"), (
                    "never told, or no more"
                )
                messages = one.standing_in(f"alert.{alert}")
                assert one in self.heard[alert] or not messages
                if one not in self.away:
                    assert all("for others to look at" in message.text for message in messages)
        for client in self.clients:
            code = self.ledger.person(client).code
            about = [alert for alert, transfer in self.told.items() if self.transfers[transfer] is client]
            for one in self.staff:
                if not any(one in self.heard[alert] for alert in about):
                    assert f"{code} says" not in str(one)
                    assert f"{code} · their money" not in str(one)
                    assert WORDS not in str(one)


def play(seed: int, steps: int) -> Cast:
    cast = Cast(seed)
    for _number in range(steps):
        cast.act()
        cast.nobody_learns()
    return cast


@pytest.mark.parametrize("seed", range(5))
def test_nobody_whose_hands_it_went_through_ever_learns_of_it(seed: int) -> None:
    play(seed, 40)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5, 45))
def test_nobody_whose_hands_it_went_through_ever_learns_of_it_however_long(seed: int) -> None:
    play(seed, 80)


# --- one thing at a time ---------------------------------------------------------------------------------------


@pytest.fixture
def sent(ledger: Ledger, worker: Phone, client: Phone) -> int:
    """A transfer that the caseworker has marked as sent."""
    (transfer,) = ledger.plan(worker, client, "2026-11-02", 1)
    ledger.send(worker, transfer)
    return transfer


def test_who_is_told_reads_of_the_money_and_nothing_else_of_the_client(
    ledger: Ledger, lead: Phone, client: Phone, sent: int
) -> None:
    ledger.agree(client, "plan")
    ledger.do(client, acts.Respond(NEEDS.name, NEEDS.version, "housing", Status.ANSWERED, 4))
    back = ledger.do(client, acts.TellOfMoney(sent, "part", Said(WORDS)))
    assert back["told"] == ["Lin"]
    (message,) = lead.alerts
    assert ledger.person(client).code in message.text
    assert WORDS not in message.text
    lead.tap("Show details", on=message)
    assert WORDS in lead.text
    assert "300,000" in lead.text
    assert "Only a part" in lead.text
    details = ledger.look(lead, LookDetails(ledger.person(client).id, back["alert"]))
    assert (details["firsts"], details["shared"]) == ([], False)
    ledger.do(client, acts.RaiseAlert("week"))
    client.send("/menu")
    assert "The contact I asked for" in client.labels
    client.tap("What I told you")
    assert "Lin saw this" in client.text
    lead.tap("I'll take it")
    assert "Lin is taking care of it" in client.text
    lead.tap("Write to")
    lead.send("I will look into it")
    assert client.tap("Write to Lin").text.count("I will look into it") == 1


def test_those_named_are_told_one_after_another_in_their_order(ledger: Ledger, client: Phone, sent: int) -> None:
    first, second, lead = ledger.admit("caseworker", "Mya"), ledger.admit("lead", "Su"), ledger.admit("lead", "Lin")
    ledger.programme = programme(*(ledger.person(one).code for one in (second, first)), "L-1000000")
    assert ledger.look(client, LookSafe(sent)) == [["Su"], ["Mya"]]
    back = ledger.do(client, acts.TellOfMoney(sent, "fee"))
    assert back["told"] == ["Su"]
    assert (len(second.alerts), len(first.alerts)) == (1, 0)
    ledger.wait(hours=1, minutes=1)  # nobody has looked within an answering hour
    assert (len(second.alerts), len(first.alerts)) == (1, 1)
    ledger.wait(hours=1, minutes=1)
    client.press(f"!sent.{back['alert']}")
    assert "Nobody has answered yet." in client.text
    assert lead.alerts == []


def test_hands_that_it_went_through_before_a_slip_was_put_right_stay_out_of_it(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone
) -> None:
    (transfer,) = ledger.plan(worker, client, "2026-11-02", 1)
    ledger.send(lead, transfer)
    ledger.do(lead, acts.UnmarkSent(transfer))
    ledger.send(worker, transfer)
    assert ledger.look(client, LookSafe(transfer)) == []
    assert ledger.do(client, acts.TellOfMoney(transfer, "part"))["told"] == []


def test_by_naming_whoever_holds_it_nothing_is_taken_from_them(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone, sent: int
) -> None:
    alert = ledger.do(client, acts.TellOfMoney(sent, "took", Said(WORDS)))["alert"]
    ledger.do(lead, acts.Claim(alert))
    ledger.do(worker, acts.UnmarkSent(sent))
    ledger.send(worker, sent, lead)
    assert ledger.look(lead, LookTrouble(alert))["words"] == WORDS
    assert ledger.do(lead, acts.CloseAlert(alert)) == {"outcome": "closed"}
    (told,) = lead.standing("handed")
    assert told.text.startswith(f"Aye noted that you handed over 300,000 kyat to {ledger.person(client).code}.")
    assert worker.standing("handed") == []


def test_by_naming_all_in_turn_beforehand_nobody_is_silenced(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone, sent: int
) -> None:
    other = ledger.admit("lead", "Su")
    for named in (lead, other):
        ledger.do(worker, acts.UnmarkSent(sent))
        ledger.send(worker, sent, named)
        assert len(named.standing("handed")) == 1
    assert ledger.look(client, LookSafe(sent)) == [["Lin"]], "who is said to have handed it over now is left out"
    assert ledger.do(client, acts.TellOfMoney(sent, "took"))["told"] == ["Lin"]


def test_who_was_said_to_have_handed_it_over_when_it_was_told_does_not_stand_in_the_way_of_others(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone
) -> None:
    (transfer,) = ledger.plan(worker, client, "2026-11-02", 1)
    ledger.send(worker, transfer, lead)
    assert ledger.do(client, acts.TellOfMoney(transfer, "took"))["told"] == []
    ledger.do(worker, acts.UnmarkSent(transfer))
    ledger.send(worker, transfer)
    ledger.wait(minutes=1)
    other = ledger.admit("lead", "Su")
    ledger.wait(minutes=1)
    assert (len(lead.alerts), len(other.alerts)) == (0, 1)


def test_who_changes_the_amount_has_a_hand_in_it(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone, sent: int
) -> None:
    other = ledger.admit("lead", "Su")
    alert = ledger.do(client, acts.TellOfMoney(sent, "notyet"))["alert"]
    assert (len(lead.alerts), len(other.alerts)) == (1, 1)
    ledger.do(worker, acts.UnmarkSent(sent))
    ledger.do(lead, acts.RepriceTransfer(sent, 200_000, "MMK"))
    assert "for others to look at" in lead.alerts[0].text
    assert ledger.look(lead, LookTrouble(alert)) is None
    assert ledger.look(other, LookTrouble(alert)) is not None
    assert ledger.look(client, LookSafe(sent)) == [["Su"]]


def test_who_becomes_the_caseworker_may_know_of_it_no_more(ledger: Ledger, lead: Phone, client: Phone) -> None:
    (transfer,) = ledger.plan(lead, client, "2026-11-02", 1)
    other = ledger.admit("caseworker", "Mya")
    ledger.programme = programme(ledger.person(other).code)
    alert = ledger.do(client, acts.TellOfMoney(transfer, "trouble"))["alert"]
    assert ledger.look(other, LookTrouble(alert)) is not None
    ledger.change(client, caseworker=ledger.person(other).id)
    assert ledger.look(other, LookTrouble(alert)) is None
    assert ledger.look(other, LookAlerts()) == []
    assert ledger.do(other, acts.Claim(alert)) == {"outcome": "not for you", "by": None}
    assert ledger.do(other, acts.ReadAlert(alert)) is None
    client.press(f"!sent.{alert}")
    assert "Mya" not in client.text


def test_where_nobody_is_left_the_client_is_told_so_with_the_numbers_and_it_goes_on(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone
) -> None:
    (transfer,) = ledger.plan(worker, client, "2026-11-02", 1)
    ledger.send(lead, transfer, worker)
    assert ledger.look(client, LookSafe(transfer)) == []
    back = ledger.do(client, acts.TellOfMoney(transfer, "share", Said(WORDS)))
    assert back["told"] == []
    client.press(f"!sent.{back['alert']}")
    assert "could not reach anyone" in client.text
    assert "+95 1 234" in client.text
    other = ledger.admit("lead", "Su")
    ledger.wait(minutes=1)
    assert len(other.alerts) == 1
    assert "I told Su" in client.text
    assert (lead.alerts, worker.alerts) == ([], [])


def test_the_same_is_told_once_and_new_words_anew(ledger: Ledger, lead: Phone, client: Phone, sent: int) -> None:
    def tell(what: str, words: str = "") -> int:
        return int(ledger.do(client, acts.TellOfMoney(sent, what, Said(words) if words else None))["alert"])

    first = tell("part")
    assert tell("part") == first
    assert len({first, tell("fee"), tell("part", "more")}) == 3
    ledger.do(lead, acts.Claim(first))
    ledger.do(lead, acts.CloseAlert(first))
    assert tell("part") != first
    other = ledger.admit("client")
    assert ledger.do(other, acts.TellOfMoney(sent, "part")) is None
    assert ledger.look(other, LookSafe(sent)) == []


def test_money_stands_in_no_table_for_others(ledger: Ledger, lead: Phone, client: Phone, sent: int) -> None:
    ledger.do(client, acts.TellOfMoney(sent, "part"))
    ledger.do(client, acts.RaiseAlert("today"))
    rows = ledger.stored("alerts", "with_staff")
    assert [row["kind"] for row in rows] == ["person"]


def test_of_what_was_told_nothing_lies_open(ledger: Ledger, lead: Phone, client: Phone, sent: int) -> None:
    ledger.do(client, acts.TellOfMoney(sent, "share", Said(WORDS)))
    for table in ("alerts", "alert_copies", "transfer_steps", "outbox"):
        for row in ledger.rows(f"SELECT * FROM {table}"):
            open_ = json.dumps([value for value in tuple(row) if not isinstance(value, bytes)])
            assert not {"share", WORDS, "300000"} & set(open_.replace('"', " ").replace(",", " ").split())
