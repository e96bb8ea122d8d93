"""How transfers went, told to a lead: what is in the lists exactly, what clients said so that it tells of nobody."""

from __future__ import annotations

from functools import partial

from bot import export
from bot.cash.figures import Figures, count
from bot.source import stream
from conversations import acts
from conversations.instruments import TRANSFER
from conversations.script import Status
from tests.cash.ledger import Ledger, programme
from tests.player import Phone
from tests.terminal import Run


def figures(books: Ledger) -> Figures:
    return count(partial(stream, books.connection), books.now.astimezone(books.programme.zone))


def say(books: Ledger, number: int) -> Phone:
    """So many clients have had one; the first seven say that it came in part, eight that they paid a fee, and four that
    somebody took a part; the last one confirms. Back: their caseworker."""
    worker = books.admit("caseworker", "Aye")
    options = [answer.code for answer in TRANSFER.question("fee").answers]
    for each in range(number):
        client = books.admit("client", caseworker=worker)
        sent, *_planned = books.plan(worker, client)
        books.send(worker, sent)
        state = "part" if each < 7 else "received" if each == number - 1 else None
        if state is not None:
            books.do(client, acts.AnswerTransfer(sent, state))
        answer = "fee" if each < 8 else "took" if each < 12 else "no"
        books.do(client, acts.Respond(TRANSFER.name, TRANSFER.version, "fee", Status.ANSWERED, options.index(answer)))
    return worker


def test_what_clients_say_is_told_to_within_five_and_when_the_month_is_long_over() -> None:
    books = Ledger(programme())
    say(books, 24)
    found = figures(books)
    assert found[:6] == (48, 0, 24, 24, 1, 0)
    assert set(found.said.values()) == {None}, "not from one day to the next"
    books.wait(days=60)
    found = figures(books)
    assert found[:6] == (24, 24, 24, 24, 1, 20), "in whole tens"
    assert found.said == {"part": 5, "notyet": None, "fee": 5, "asked": None, "took": None}


def test_what_clients_say_stays_told_where_it_is_noted_as_not_sent_afterwards() -> None:
    books = Ledger(programme())
    worker = say(books, 20)
    books.wait(days=60)
    before = figures(books)
    for row in books.rows("SELECT id FROM transfers WHERE state = 'part'")[:4]:
        assert books.do(worker, acts.UnmarkSent(row["id"])) == {"outcome": "done"}
        books.do(worker, acts.PutOffTransfer(row["id"], "2027-12-01", "bank"))
    after = figures(books)
    assert (before.clients, before.said["part"]) == (20, 5)
    assert (after.clients, after.said) == (before.clients, before.said)


def test_who_is_erased_leaves_an_empty_place_in_their_ten() -> None:
    books = Ledger(programme())
    say(books, 24)
    books.wait(days=60)
    books.do([*books.phones.values()][3], acts.Erase())  # the caseworker came first
    assert figures(books).clients == 10, "and nobody has moved up"


def test_who_has_confirmed_hides_nobody_who_has_not() -> None:
    """Of twenty clients staff know that thirteen have had all; that seven more say anything would be them."""
    books = Ledger(programme())
    say(books, 20)
    books.connection.execute("UPDATE transfers SET state = 'received', shown = 'received' WHERE state = 'sent'")
    books.wait(days=60)
    assert figures(books).said == {"part": None, "notyet": None, "fee": 5, "asked": None, "took": None}


def test_it_is_told_in_the_terminal(books: Ledger, home: object, terminal: Run) -> None:
    vars(export)["open_home"]()
    code, printed, _complaint = terminal("cash", "figures")
    assert code == 0
    assert "sent 0, of which 0 by the day that was planned" in printed
    assert printed.count("too few to tell") == 5
