"""A client's own lines add up, whatever they do to them; and they are theirs alone."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from conversations import acts
from conversations.looks import LookKept, LookShared, MoneyLine
from conversations.script import Said
from storage import ids
from tests.cash.ledger import Ledger, programme
from tests.player import Phone

DAY = 86_400


@dataclass
class Line:
    """A line as its writer remembers it: everything it ever said, and what can still be gone back to."""

    kind: str
    said: list[tuple[int, dict[str, Any] | None]]
    """When, and what; None: taken away."""

    @property
    def now(self) -> dict[str, Any] | None:
        return self.said[-1][1]

    def before(self, at: int) -> dict[str, Any] | None:
        """What it says again after Undo: the last other thing that did not end a day ago."""
        for number in range(len(self.said) - 2, -1, -1):
            said, ended = self.said[number][1], self.said[number + 1][0]
            if at - ended > DAY:
                return None
            if said is not None and said != self.now:
                return said
        return None

    def is_gone(self, at: int) -> bool:
        return self.now is None and at - self.said[-1][0] > DAY


@dataclass
class Writer:
    """One client who writes, changes, takes away and brings back, and remembers it all."""

    ledger: Ledger
    phone: Phone
    dice: random.Random
    lines: dict[int, Line] = field(default_factory=dict)

    def act(self) -> None:
        at, live = self.ledger.at, [line for line, each in self.lines.items() if each.now is not None]
        what = self.dice.choice(["note", "note", "note", "change", "change", "take", "bring", "bring"])
        if what == "note" or not self.lines:
            kind, said = self.dice.choice(["plan", "spent", "spent", "outcome"]), self.something()
            back = self.ledger.do(self.phone, acts.NoteEntry(kind, None, **said))
            assert back["line"] not in self.lines
            self.lines[back["line"]] = Line(kind, [(at, said)])
        elif what == "change":
            line = self.dice.choice([*self.lines])
            said = self.something()
            if self.dice.random() < 0.2:  # what it says already
                said = self.lines[line].now or said
            back = self.ledger.do(self.phone, acts.NoteEntry(self.lines[line].kind, line, **said))
            self.then(line, back, said if line in live else None)
        elif what == "take":
            line = self.dice.choice([*self.lines])
            back = self.ledger.do(self.phone, acts.TakeEntry(line))
            assert back == ({"line": line} if line in live else None)
            if line in live:
                self.lines[line].said.append((at, None))
        else:
            line = self.dice.choice([*self.lines])
            self.then(line, self.ledger.do(self.phone, acts.BringEntry(line)), self.lines[line].before(at))

    def then(self, line: int, back: Any, said: dict[str, Any] | None) -> None:
        assert back == ({"line": line} if said is not None else None)
        if said is not None:
            self.lines[line].said.append((self.ledger.at, said))

    def something(self) -> dict[str, Any]:
        amount = self.dice.choice([None, 0, 1, 500, 30_050, 10**12])
        words = self.dice.choice([None, Said(f"for {self.dice.random()}"), Said("rice")])
        return {
            "amount": amount,
            "currency": self.dice.choice(["MMK", "THB", "USD"]) if amount is not None else "",
            "use": "" if words else self.dice.choice(["food", "debt"]),
            "words": words,
        }

    def expected(self, kind: str) -> list[tuple[int, Any]]:
        return [
            (line, (said["amount"], said["currency"], said["use"], said["words"].text if said["words"] else ""))
            for line, each in self.lines.items()
            if each.kind == kind and (said := each.now) is not None
        ]


def told(line: MoneyLine) -> tuple[int, Any]:
    return line["line"], (line["amount"], line["currency"], line["use"], line["text"])


def sums(lines: list[tuple[int, Any]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for _line, (amount, currency, _use, _text) in lines:
        if amount is not None:
            total[currency] += amount
    return total


def adds_up(writers: list[Writer]) -> None:
    for writer in writers:
        for kind, look in (("plan", "plan"), ("spent", "spent"), ("outcome", "outcomes")):
            found = [told(line) for line in writer.ledger.lines(writer.phone, look)]
            assert found == writer.expected(kind)
            assert sums(found) == sums(writer.expected(kind))


def rests(ledger: Ledger, writers: list[Writer]) -> None:
    """After a day without a change only what counts is left, and of what was taken away nothing."""
    ledger.wait(days=1, seconds=1)
    rows = ledger.rows("SELECT line_id, count(*) AS rows, count(body) AS bodies FROM entries GROUP BY line_id")
    alive = {line for writer in writers for line, each in writer.lines.items() if each.now is not None}
    assert {row["line_id"]: (row["rows"], row["bodies"]) for row in rows} == dict.fromkeys(alive, (1, 1))


def play(seed: int, steps: int) -> None:
    dice, ledger = random.Random(seed), Ledger(programme())
    writers = [Writer(ledger, ledger.admit("client"), dice) for _number in range(2)]
    for _number in range(steps):
        writer = dice.choice(writers)
        writer.act()
        other = writers[1 - writers.index(writer)]
        if other.lines:  # nobody touches what is another's
            line = dice.choice([*other.lines])
            for act in (acts.TakeEntry(line), acts.BringEntry(line), acts.NoteEntry("spent", line, amount=1)):
                assert ledger.do(writer.phone, act) is None
        if dice.random() < 0.2:
            ledger.wait(hours=dice.choice([0, 1, 7, 24, 50]), seconds=1)
        adds_up(writers)
    rests(ledger, writers)
    adds_up(writers)


@pytest.mark.parametrize("seed", range(2))
def test_sums_of_lines_are_what_was_said_whatever_was_done_to_them(seed: int) -> None:
    play(seed, 80)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 22))
def test_sums_of_lines_are_what_was_said_however_long_it_goes_on(seed: int) -> None:
    play(seed, 250)


# --- one thing at a time ---------------------------------------------------------------------------------------


def spend(ledger: Ledger, client: Phone, amount: int, words: str = "", **more: Any) -> int:
    note = acts.NoteEntry("spent", amount=amount, currency="MMK", words=Said(words) if words else None, **more)
    return int(ledger.do(client, note)["line"])


def test_money_that_is_not_theirs_is_nothing_to_write_about(ledger: Ledger, worker: Phone, client: Phone) -> None:
    other = ledger.admit("client", caseworker=worker)
    (theirs,) = ledger.plan(worker, other, "2026-11-30", 1)
    assert ledger.do(client, acts.NoteEntry("plan", transfer=theirs, amount=5, currency="MMK")) is None
    assert ledger.do(client, acts.NoteEntry("plan", transfer=1, amount=5, currency="MMK")) is None
    assert ledger.do(other, acts.NoteEntry("plan", transfer=theirs, amount=5, currency="MMK")) is not None
    assert ledger.count("entries") == 1


def test_a_line_that_was_taken_away_can_be_seen_and_brought_back_for_a_day(ledger: Ledger, client: Phone) -> None:
    line = spend(ledger, client, 500, "rice")
    ledger.do(client, acts.TakeEntry(line))
    assert ledger.lines(client) == []
    kept = ledger.look(client, LookKept())["money"]
    assert [told(each) for each in kept["taken"]["spent"]] == [(line, (500, "MMK", "", "rice"))]
    ledger.wait(hours=23, minutes=59)
    assert ledger.do(client, acts.BringEntry(line)) == {"line": line}
    assert [told(each) for each in ledger.lines(client)] == [(line, (500, "MMK", "", "rice"))]
    ledger.do(client, acts.TakeEntry(line))
    ledger.wait(hours=24, seconds=1)
    assert ledger.do(client, acts.BringEntry(line)) is None
    assert ledger.count("entries") == 0
    assert ledger.look(client, LookKept())["money"]["taken"] == {"plan": [], "spent": [], "outcome": []}


def test_what_was_said_twice_in_a_row_is_one_step_back(ledger: Ledger, client: Phone) -> None:
    line = spend(ledger, client, 500, "rice")
    for amount in (500, 600, 600):
        ledger.do(client, acts.NoteEntry("spent", line, None, amount, "MMK", "", Said("rice")))
    for amount in (500, 600, 500):
        assert ledger.do(client, acts.BringEntry(line)) == {"line": line}
        assert [each["amount"] for each in ledger.lines(client)] == [amount]
    other = spend(ledger, client, 1)
    assert ledger.do(client, acts.BringEntry(other)) is None


def test_the_sound_of_a_line_goes_with_it_and_not_before(ledger: Ledger, client: Phone) -> None:
    first, second, third = (ledger.voice_of(client) for _number in range(3))
    line = int(ledger.do(client, acts.NoteEntry("spent", words=Said(voice=first, seconds=4)))["line"])
    ledger.do(client, acts.NoteEntry("spent", line, words=Said(voice=second, seconds=4)))
    other = int(ledger.do(client, acts.NoteEntry("spent", words=Said(voice=third, seconds=4)))["line"])
    ledger.do(client, acts.TakeEntry(other))

    def kept() -> set[int]:
        return {row["id"] for row in ledger.rows("SELECT id FROM voices")}

    ledger.wait(hours=23)
    assert kept() == {first, second, third}
    ledger.wait(hours=1, seconds=1)
    assert kept() == {second}
    assert [each["voice"] for each in ledger.lines(client)] == [second]


def test_a_clock_that_was_set_back_leaves_nothing_behind(
    ledger: Ledger, client: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = spend(ledger, client, 1)
    ledger.do(client, acts.TakeEntry(line))
    ledger.wait(days=300)
    assert ledger.count("entries") == 0
    monkeypatch.setattr(ids, "_last", 0)  # the process was started anew
    ledger.wait(days=-200)
    line = spend(ledger, client, 2, "rice")
    ledger.do(client, acts.TakeEntry(line))
    ledger.wait(days=2)
    assert ledger.count("entries") == 0


def test_plan_and_notes_are_for_nobody_until_they_are_shared_and_looking_is_noted(
    ledger: Ledger, worker: Phone, client: Phone
) -> None:
    lead, other = ledger.admit("lead", "Lin"), ledger.admit("caseworker", "Mya")
    (transfer,) = ledger.plan(lead, client, "2026-11-02", 1)
    ledger.send(lead, transfer)
    ledger.do(client, acts.AnswerTransfer(transfer, "notyet"))
    line = spend(ledger, client, 500, "rice")
    ledger.do(client, acts.NoteEntry("outcome", words=Said("a shop")))
    query = LookShared(ledger.person(client).id)
    assert [ledger.look(one, query) for one in (worker, lead, other, client)] == [None] * 4
    ledger.agree(client, "cash:caseworker")
    shared = ledger.look(worker, query)
    assert [told(each) for each in shared["spent"]] == [(line, (500, "MMK", "", "rice"))]
    assert [each["state"] for each in shared["transfers"]] == ["sent"]
    assert "a shop" not in str(shared)
    assert [ledger.look(one, query) for one in (lead, other, client)] == [None] * 3
    for _number in range(5):
        ledger.look(worker, query)
    assert [each["what"] for each in ledger.look(client, LookKept())["readings"]] == ["money"]
    ledger.wait(hours=2)
    ledger.look(worker, query)
    assert len(ledger.look(client, LookKept())["readings"]) == 2
    ledger.do(client, acts.Consent("cash:caseworker", granted=False, words=()))
    assert ledger.look(worker, query) is None


def test_a_caseworker_who_is_looking_sees_it_go_when_it_is_shared_no_more(
    ledger: Ledger, worker: Phone, client: Phone
) -> None:
    spend(ledger, client, 500, "zq-rice")
    for purpose in ("plan", "cash:caseworker"):
        ledger.agree(client, purpose)
    worker.send("/menu").tap("My clients").tap(ledger.person(client).code).tap("Their plan and notes")
    assert "zq-rice" in worker.text
    ledger.do(client, acts.Consent("cash:caseworker", granted=False, words=()))
    assert "zq-rice" not in str(worker)


def test_money_is_counted_in_what_was_sent_before_what_the_programme_counts_in(
    ledger: Ledger, worker: Phone, client: Phone
) -> None:
    money = ledger.money(client)
    assert (money["currency"], money["currencies"], money["native"]) == ("MMK", ["MMK", "THB"], False)
    ledger.plan(worker, client, times=1, amount=700, currency="USD")
    ledger.do(client, acts.NoteEntry("spent", amount=5, currency="KHR"))
    ledger.do(client, acts.ChooseDigits(native=True))
    money = ledger.money(client)
    assert (money["currency"], money["currencies"], money["native"]) == ("USD", ["USD", "MMK", "THB", "KHR"], True)
