"""How transfers went, told to a lead: what is in the lists exactly, what clients said so that it tells of nobody."""

from __future__ import annotations

from functools import partial

from typer.testing import CliRunner

from bot import export
from bot.cash.figures import Figures, count
from bot.commands import app
from bot.source import stream
from conversations import acts
from conversations.instruments import TRANSFER
from conversations.script import Status
from tests.cash.ledger import Ledger, programme


def figures(books: Ledger) -> Figures:
    return count(partial(stream, books.connection), books.now.astimezone(books.programme.zone))


def say(books: Ledger, number: int) -> None:
    """So many clients have had one; the first seven say that it came in part, eight that they paid a fee, and four that
    somebody took a part; the last one confirms."""
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


def test_who_has_confirmed_hides_nobody_who_has_not() -> None:
    """Of twenty clients staff know that thirteen have had all; that seven more say anything would be them."""
    books = Ledger(programme())
    say(books, 20)
    books.connection.execute("UPDATE transfers SET state = 'received', shown = 'received' WHERE state = 'sent'")
    books.wait(days=60)
    assert figures(books).said == {"part": None, "notyet": None, "fee": 5, "asked": None, "took": None}


def test_it_is_told_in_the_terminal(books: Ledger, home: object) -> None:
    vars(export)["open_home"]()
    done = CliRunner().invoke(app, ["cash", "figures"])
    assert done.exit_code == 0
    assert "sent 0, of which 0 by the day that was planned" in done.stdout
    assert done.stdout.count("too few to tell") == 5
