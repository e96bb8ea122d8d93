"""What an export tells of money: transfers as staff know them; plans and notes only of who agreed, and of nobody."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.cash.shared import FIGURES, PLAN, SPENT, Shared
from bot.export import export
from bot.source import stream
from conversations import acts
from tests.cash.ledger import Ledger, programme
from tests.cash.sharing import agree, codes, everything, read, take_back, write
from tests.player import Phone

LEAST = 5
SECRETS = ("marker-plan", "marker-spent", "marker-outcome")


def come_and_go(books: Ledger, clients: list[Phone]) -> None:
    """Each plans and notes with words of their own; then a month goes by."""
    for client in clients:
        for kind, words in zip((PLAN, SPENT, "outcome"), SECRETS, strict=True):
            write(books, client, kind, words, amount=50_000)
        write(books, client, PLAN)
    books.wait(days=40)


def test_transfers_are_told_as_staff_may_know_them(books: Ledger, out: Path) -> None:
    worker = books.admit("caseworker", "Marker-Worker")
    client = books.admit("client", "Marker-Client", worker)
    first, second, third = books.plan(worker, client)
    (gift,) = books.plan(worker, client, times=1, amount=850_050, currency="THB", gift=True)
    for transfer in (first, second, gift):
        books.send(worker, transfer, handed_by=worker)
    books.do(client, acts.AnswerTransfer(first, "received"))
    books.do(client, acts.AnswerTransfer(second, "notyet"))
    books.do(client, acts.AnswerTransfer(gift, "part", 100))
    books.do(worker, acts.CancelTransfer(third))
    export(out, words=False)
    rows = read(out, "transfers.csv")
    (c,), (w,) = codes(books, [client]), codes(books, [worker])
    day = books.now.date().isoformat()
    assert [[*row.values()][:6] for row in rows] == [
        *([c, "1", str(number), "3", "300000", "MMK"] for number in (1, 2, 3)),
        [c, "gift", "", "", "8500.50", "THB"],
    ]
    assert [(row["sent_on"], row["how"], row["state"], row["confirmed_on"]) for row in rows] == [
        (day, "hand", "received", day),
        (day, "hand", "sent", ""),
        ("", "", "cancelled", ""),
        (day, "hand", "sent", ""),
    ]
    assert {(row["planned_by"], row["marked_by"], row["handed_by"]) for row in rows} == {(w, w, w), (w, "", "")}
    assert not {"part", "notyet", "Marker"} & set(everything(out).split(","))
    books.do(client, acts.Erase())
    export(out, words=False)
    assert {row["client"] for row in read(out, "transfers.csv")} == {""}
    assert [row["amount"] for row in read(out, "transfers.csv")] == ["300000", "300000", "8500.50"]


def test_plans_and_notes_are_told_only_of_whole_tens_who_agreed(books: Ledger, out: Path) -> None:
    """And what somebody said is in no file unless they agreed to that too, and words are wanted."""
    clients = agree(books, 9, FIGURES)
    come_and_go(books, [*clients, *agree(books, 12, "cash:caseworker")])
    export(out, words=True)
    assert [len(read(out, name)) for name in ("plans.csv", "spending.csv", "outcomes.csv")] == [0, 0, 0]
    books.agree(books.admit("client"), FIGURES)
    export(out, words=True)
    plans, spending = read(out, "plans.csv"), read(out, "spending.csv")
    assert len(plans) == 18 and len(spending) == 9
    assert {tuple(row.values())[1:] for row in plans} == {("2026-11", "food", "67"), ("2026-11", "words", "33")}
    assert {tuple(row.values())[1:] for row in spending} == {("2026-11", "words", "100")}
    assert {row["client"] for row in plans} == {row["client"] for row in spending}, "the same number in both"
    assert read(out, "outcomes.csv") == []
    assert not [word for word in SECRETS if word in everything(out)]
    take_back(books, clients[3], FIGURES)
    export(out, words=True)
    assert read(out, "plans.csv") == [], "else it would be theirs what is missing"


def test_what_was_said_is_told_with_words_only(books: Ledger, out: Path) -> None:
    clients = agree(books, 10, "cash:words")
    for client in clients:
        write(books, client, PLAN, SECRETS[0])
        line = write(books, client, "outcome", SECRETS[2], amount=None)
    write(books, clients[-1], "outcome", "=newest", line=line, amount=None)
    books.wait(days=40)
    books.do(clients[0], acts.TakeEntry(books.lines(clients[0], "outcomes")[0]["line"]))
    export(out, words=False)
    assert len(read(out, "outcomes.csv")) == 9
    assert list(read(out, "outcomes.csv")[0]) == ["client", "months"]
    export(out, words=True)
    said = sorted(row["said"] for row in read(out, "outcomes.csv"))
    assert said == ["'=newest", *["marker-outcome"] * 8]
    assert read(out, "plans.csv") == [] and "marker-plan" not in everything(out)


# --- somebody who keeps every export --------------------------------------------------------------------------


@dataclass
class World:
    """Clients who come, agree, write, take it back and are erased, month by month. Each writes of uses of their own, so
    that they are known again in every export: what is not known is who they are."""

    dice: random.Random
    books: Ledger = field(default_factory=lambda: Ledger(programme(), at=datetime(2026, 1, 15, 12, tzinfo=UTC)))
    came: dict[Phone, str] = field(default_factory=dict)
    agrees: dict[Phone, bool] = field(default_factory=dict)
    marks: dict[str, Phone] = field(default_factory=dict)
    """Who is behind what they write of."""
    erased: set[Phone] = field(default_factory=set)

    def month(self) -> None:
        """What happens in one."""
        for _ in range(self.dice.randrange(8)):
            client = self.books.admit("client")
            self.came[client] = f"{self.books.now:%Y-%m}"
            self.marks[f"mark{self.books.person(client).id}"] = client
        for client in [each for each in self.came if each not in self.erased]:
            if self.dice.random() < 0.01:
                self.erase(client)
                continue
            if client not in self.agrees and self.dice.random() < 0.6:
                self.books.agree(client, FIGURES)
                self.agrees[client] = True
            elif self.agrees.get(client) and self.dice.random() < 0.01:
                take_back(self.books, client, FIGURES)
                self.agrees[client] = False
            if self.dice.random() < 0.4:
                kind = self.dice.choice([PLAN, SPENT])
                write(self.books, client, kind, use=f"mark{self.books.person(client).id}", amount=None)
        self.books.now = self.books.now.replace(
            year=self.books.now.year + self.books.now.month // 12, month=self.books.now.month % 12 + 1
        )

    def erase(self, client: Phone) -> None:
        """Everything of somebody goes; that they once agreed, and when, is known all the same."""
        self.books.do(client, acts.Erase())
        self.erased.add(client)
        if client in self.agrees:
            self.agrees[client] = False

    def export(self) -> dict[str, set[str]]:
        """Who is told of, as they are known again, and in which months."""
        rows = partial(stream, self.books.connection)
        shared = Shared(rows, self.books.keyring, self.books.now, FIGURES, (PLAN, SPENT))
        found: defaultdict[str, set[str]] = defaultdict(set)
        for kind in (PLAN, SPENT):
            for _number, months, use, _share in shared.amounts(kind):
                found[str(use)].add(str(months).rpartition("/")[2])
        return found

    def told_of(self) -> set[Phone]:
        """Of whom anything is told: everybody knows the rule, and who agrees."""
        ever = list(self.agrees)
        tens = [ever[first : first + 10] for first in range(0, len(ever) - 9, 10)]
        return {client for ten in tens if all(self.agrees[each] for each in ten) for client in ten}


def suspects(world: World, exports: Sequence[tuple[str, set[Phone], Mapping[str, set[str]]]], mark: str) -> set[Phone]:
    """Who can be the one behind a mark: was there by then; is told of whenever it is; and is not told of where it is
    missing though it was told, or ought to have been."""
    left = set(world.came)
    for at, told_of, found in exports:
        months = found.get(mark)
        if months:
            left = {client for client in left & told_of if world.came[client] <= min(months)}
        elif any(min(other.get(mark, {"9"})) < at for _at, _told, other in exports):
            left -= told_of
    return left


@pytest.mark.parametrize("seed", range(4))
def test_nobody_is_found_who_hides_among_fewer_than_five(seed: int) -> None:
    world = World(random.Random(seed))
    exports = []
    for _ in range(9):
        world.month()
        exports.append((f"{world.books.now:%Y-%m}", world.told_of(), world.export()))
    marks = {mark for _at, _told, found in exports for mark in found}
    assert len(marks) > 10
    for mark in marks:
        found = suspects(world, exports, mark)
        assert world.marks[mark] in found, "the attacker is wrong"
        assert len(found) >= LEAST, (mark, len(found))
    world.books.connection.close()
