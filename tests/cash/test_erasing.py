"""Whoever erases everything leaves an amount and a day in the books, and nothing that is theirs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from conversations import acts
from conversations.looks import LookKept, LookReach
from conversations.script import Said
from storage.backup import Keys, copy_data, copy_keys, join
from storage.database import connect
from tests.cash.ledger import Ledger, programme
from tests.player import Phone

MARK = "zq-mark-zq"
LEFT = {
    *("state", "amount", "currency", "first_amount", "first_currency", "country"),
    *("planned_for", "sent_on", "handed_how", "number", "total", "shown"),
}
"""What may be left of a transfer, beside an id of its own."""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(programme(), path=tmp_path / "live.db")


@pytest.fixture
def staff(ledger: Ledger) -> list[Phone]:
    return [ledger.admit("lead", "Lin"), ledger.admit("caseworker", "Aye")]


@pytest.fixture
def client(ledger: Ledger, staff: list[Phone]) -> Phone:
    return ledger.admit("client", MARK, staff[1])


def fill(ledger: Ledger, staff: list[Phone], client: Phone, said: tuple[str, ...] = ("part", "received", "")) -> None:
    """Some of everything: five transfers, of which three were sent, lines of every kind, trouble told."""
    lead, worker = staff
    series = ledger.plan(worker, client, "2026-11-02", 5)
    for transfer, state in zip(series, said, strict=False):
        ledger.do(lead, acts.PutOffTransfer(transfer, "2026-11-03", "bank"))
        ledger.send(worker, transfer, lead)
        if state:
            ledger.do(client, acts.AnswerTransfer(transfer, state, 123_456_789))
    ledger.do(lead, acts.PutOffTransfer(series[3], "2026-12-24", "papers"))
    ledger.do(lead, acts.CancelTransfer(series[4]))
    for kind in ("plan", "spent", "outcome"):
        line = ledger.do(client, acts.NoteEntry(kind, None, series[0], 987_654_321, "MMK", "", Said(MARK)))["line"]
        ledger.do(client, acts.NoteEntry(kind, line, series[0], 987_654_322, "MMK", "", Said(f"{MARK} too")))
    ledger.do(client, acts.TakeEntry(line))
    ledger.do(client, acts.TellOfMoney(series[0], "share", Said(MARK)))


def sealed(ledger: Ledger, *tables: str) -> list[bytes]:
    """The beginning of every sealed body there is: nonce and what follows, which no other has."""
    return [row["body"][:24] for table in tables for row in ledger.rows(f"SELECT body FROM {table}") if row["body"]]


def in_books(rows: list[sqlite3.Row]) -> list[dict[str, Any]]:
    """What is left of somebody, as far as it says anything."""
    return [{name: row[name] for name in row.keys() if row[name] not in (None, 0)} for row in rows]  # noqa: SIM118


def are_bare(rows: list[sqlite3.Row], states: list[str]) -> None:
    assert [row["state"] for row in rows] == states
    for left, row in zip(in_books(rows), rows, strict=True):
        assert left.pop("id") == left.pop("series_id") == row["id"], "tied to no other"
        assert set(left) <= LEFT
        assert row["amount"] == 300_000


def test_what_is_left_is_an_amount_and_a_day(ledger: Ledger, staff: list[Phone], client: Phone, tmp_path: Path) -> None:
    fill(ledger, staff, client)
    other = ledger.admit("client", caseworker=staff[1])
    fill(ledger, staff, other)
    theirs = ledger.rows("SELECT * FROM transfers WHERE person_id = ?", ledger.person(other).id)
    before = sealed(ledger, "transfer_steps", "entries", "alerts")
    assert ledger.look(client, LookReach())["paid"] == 3
    person = ledger.person(client)
    staff[0].press(f"!payment.{ledger.transfers(client)[0]['transfer']}")
    assert person.code in staff[0].text
    about = "SELECT subject_id FROM slots WHERE id = ?"
    assert ledger.rows(about, f"{ledger.person(staff[0]).id}.living")[0]["subject_id"] == person.id
    ledger.do(client, acts.Erase())

    assert ledger.rows("SELECT * FROM transfers WHERE person_id IS NOT NULL") == theirs
    are_bare(ledger.rows("SELECT * FROM transfers WHERE person_id IS NULL ORDER BY id"), ["sent", "received", "sent"])
    for table, owner in (("entries", "person_id"), ("alerts", "client_id"), ("askings", "person_id")):
        assert ledger.rows(f"SELECT 1 FROM {table} WHERE {owner} = ?", person.id) == []
    assert ledger.rows("SELECT 1 FROM transfer_steps WHERE transfer_id NOT IN (SELECT id FROM transfers)") == []
    steps = "SELECT 1 FROM transfer_steps s JOIN transfers t ON t.id = s.transfer_id WHERE t.person_id IS NULL"
    assert ledger.rows(steps) == []
    still = set(sealed(ledger, "transfer_steps", "entries", "alerts"))
    gone = [value for value in before if value not in still]
    assert len(gone) > 15
    ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert not [value for value in gone if value in content], file.name
        assert person.code.encode() not in content
    for one in staff:
        assert person.code not in str(one)
    ledger.do(other, acts.Erase())
    assert ledger.count("transfers") == 6


def test_what_staff_had_read_as_received_stays_so(ledger: Ledger, staff: list[Phone], client: Phone) -> None:
    fill(ledger, staff, client, ("received",))
    (first,) = ledger.rows("SELECT id FROM transfers WHERE shown = 'received'")
    ledger.do(client, acts.AnswerTransfer(first["id"], "part"))
    ledger.do(client, acts.Erase())
    are_bare(ledger.rows("SELECT * FROM transfers"), ["received"])


def test_a_restore_of_a_copy_from_before_erases_again(
    ledger: Ledger, staff: list[Phone], client: Phone, tmp_path: Path
) -> None:
    fill(ledger, staff, client)
    other = ledger.admit("client", caseworker=staff[1])
    fill(ledger, staff, other)
    copy = tmp_path / "copy.db"
    copy_data(tmp_path / "live.db", copy)
    before = ledger.rows("SELECT * FROM transfers WHERE person_id = ?", ledger.person(other).id)
    planted = sealed(ledger, "entries")
    ledger.do(client, acts.Erase())
    joined = join(copy, Keys(0, {}, copy_keys(tmp_path / "live.db", None)), None)
    assert joined.erased == 1
    still = set(sealed(ledger, "entries"))
    with closing(connect(copy)) as connection:
        rows = connection.execute("SELECT * FROM transfers WHERE person_id IS NULL ORDER BY id").fetchall()
        are_bare(rows, ["sent", "received", "sent"])
        kept = connection.execute("SELECT * FROM transfers WHERE person_id IS NOT NULL").fetchall()
        assert [tuple(row) for row in kept] == [tuple(row) for row in before]
        assert connection.execute("SELECT count(*) FROM entries").fetchone()[0] == ledger.count("entries")
        steps = connection.execute("SELECT count(*) FROM transfer_steps").fetchone()[0]
        assert steps == ledger.count("transfer_steps")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = copy.read_bytes()
    assert not [value for value in planted if value not in still and value in content]


def test_leaving_costs_no_money_and_brings_no_news(ledger: Ledger, staff: list[Phone], client: Phone) -> None:
    series = ledger.plan(staff[1], client, "2026-11-03")
    ledger.do(client, acts.Leave())
    sounds = client.sounds
    assert client.push is None
    assert ledger.send(staff[1], series[0]) == "done"
    ledger.do(staff[0], acts.PutOffTransfer(series[1], "2026-12-24", "bank"))
    ledger.wait(days=1)
    assert client.sounds == sounds
    assert [each["state"] for each in ledger.transfers(staff[1])] == ["planned", "planned", "sent"]
    ledger.do(client, acts.ComeBack())
    assert len(ledger.look(client, LookKept())["money"]["transfers"]) == 3
