"""A sheet of what was sent: every way in which a row or the file is wrong has an answer, with its line and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.cash import sheet
from bot.faults import Fault
from bot.turn import Turn
from conversations.acts import CancelTransfer
from storage.store import Store
from tests.cash.ledger import Ledger, programme
from tests.player import Phone

TODAY = date(2026, 11, 2)
HEADER = "client,number,sent_on,how,handed_by,amount,currency"


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """Two clients with two transfers planned for each."""
    made = Ledger(programme())
    lead = made.admit("lead", "Lin")
    for _client in range(2):
        client = made.admit("client")
        made.plan(lead, client, "2026-11-02", times=2)
    return made


@pytest.fixture(scope="module")
def codes(ledger: Ledger) -> dict[str, str]:
    """Codes by what the rows below call them. ONE has a gift planned too; the first of TWO was sent, the second is
    cancelled."""
    lead, one, two = ledger.phones.values()
    first, second = (row["id"] for row in ledger.rows("SELECT id FROM transfers ORDER BY id LIMIT 2 OFFSET 2"))
    gift = {"amount": 50_000, "currency": "MMK", "gift": True}
    ledger.plan(lead, one, "2026-12-24", 1, **gift)
    ledger.send(lead, first)
    ledger.do(lead, CancelTransfer(second))
    return {"ONE": code(ledger, one), "TWO": code(ledger, two), "LEAD": code(ledger, lead)}


def code(ledger: Ledger, phone: Phone) -> str:
    """What staff see of somebody."""
    return ledger.person(phone).code


def weigh(ledger: Ledger, content: bytes) -> tuple[list[sheet.Marking], list[Fault]]:
    """What a file comes to, and what is wrong with it."""
    turn = Turn(Store(ledger.connection, ledger.keyring, ledger.now), ledger.programme, {})
    rows, unread = sheet.read(content, TODAY)
    markings, faults = sheet.weigh(turn, rows)
    return markings, [*unread, *faults]


def written(codes: dict[str, str], *rows: str, header: str = HEADER) -> str:
    """A file with these rows, in which people are called ONE, TWO and LEAD."""
    text = "\n".join([header, *rows])
    for name, known in codes.items():
        text = text.replace(name, known)
    return text


GOOD = "ONE,1,2026-11-02,hand,LEAD,300000,MMK"


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace(",", ";").replace("\n", "\r\n").encode(),
        lambda text: text.replace("ONE", "one").replace("C-", "").replace("300000", '"300,000"').encode(),
        lambda text: text.replace("MMK", " mmk ").replace("hand,", "Hand,").encode() + b"\n,,,,,,\n\n",
    ],
)
def test_sheets_as_programs_write_them(ledger: Ledger, codes: dict[str, str], encode: Callable[[str], bytes]) -> None:
    gift = "ONE,,2026-10-31,other,,50000,MMK,2026-12-24"
    content = encode(written(codes, f"{GOOD},", gift, header=f"{HEADER},planned_for"))
    markings, faults = weigh(ledger, content)
    assert faults == []
    (first, lead), (second, nobody) = [((act.on, act.how), act.handed_by) for act, _transfer in markings]
    assert (first, second) == (("2026-11-02", "hand"), ("2026-10-31", "other"))
    assert nobody is None
    assert lead == ledger.person(next(iter(ledger.phones.values()))).id
    assert [transfer["number"] for _act, transfer in markings] == [1, None]


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ("X-1,1,2026-11-02,hand,,300000,MMK", "client", "'X-1' is no code of a client"),
        ("C-1,1,2026-11-02,hand,,300000,MMK", "client", "C-1 is no client here"),
        ("ONE,3,2026-11-02,hand,,300000,MMK", "number", "there is number 1, number 2, a gift of 2026-12-24"),
        ("ONE,first,2026-11-02,hand,,300000,MMK", "number", "'first' is not which of the series"),
        ("ONE,,2026-11-02,hand,,50000,MMK", "number", "in planned_for the day of a gift"),
        ("TWO,1,2026-11-02,hand,,300000,MMK", "number", "was noted as sent already (2026-11-02)"),
        ("TWO,2,2026-11-02,hand,,300000,MMK", "number", "is cancelled"),
        ("ONE,1,2026-11-03,hand,,300000,MMK", "sent_on", "2026-11-03 is still to come"),
        ("ONE,1,02/11/2026,hand,,300000,MMK", "sent_on", "'02/11/2026' is not a day; write it like 2026-12-31"),
        ("ONE,1,2026-02-30,hand,,300000,MMK", "sent_on", "is not a day"),
        ("ONE,1,2026-11-02,hands,,300000,MMK", "how", "is not one of hand, bank, wallet, other; did you mean hand?"),
        ("ONE,1,2026-11-02,hand,W-1,300000,MMK", "handed_by", "'W-1' is no code of staff"),
        ("ONE,1,2026-11-02,hand,ONE,300000,MMK", "handed_by", "is no code of staff"),
        ("ONE,1,2026-11-02,hand,,30000,MMK", "amount", "is 30,000, but planned is 300,000"),
        ("ONE,1,2026-11-02,hand,,a lot,MMK", "amount", "'a lot' is no amount in MMK"),
        ("ONE,1,2026-11-02,hand,,0,MMK", "amount", "'0' is no amount in MMK"),
        ("ONE,1,2026-11-02,hand,,300000.5,MMK", "amount", "is no amount in MMK"),
        ("ONE,1,2026-11-02,hand,,-300000,MMK", "amount", "begins with - like a formula"),
        ('ONE,1,2026-11-02,hand,"=HYPERLINK(""x"")",300000,MMK', "handed_by", "begins with = like a formula"),
        ("@ONE,1,2026-11-02,hand,,300000,MMK", "client", "begins with @ like a formula"),
        ("ONE,1,2026-11-02,hand,,300000,THB", "currency", "is THB, but planned is MMK"),
        ("ONE,1,2026-11-02,hand,,300000,kyat", "currency", "'kyat' is no currency"),
        ("ONE,1,2026-11-02,hand,,300,000,MMK", "", "stands under no column"),
    ],
)
def test_a_wrong_row_is_named(ledger: Ledger, codes: dict[str, str], row: str, column: str, what: str) -> None:
    markings, faults = weigh(ledger, written(codes, GOOD.replace("1", "2", 1), row).encode())
    (fault,) = faults
    assert (fault.line, fault.key) == (3, column)
    for name, known in codes.items():
        what = what.replace(name, known)
    assert what in fault.what
    assert len(markings) == 1, "the other row is right"


def test_every_wrong_row_is_named_and_a_repeated_one_too(ledger: Ledger, codes: dict[str, str]) -> None:
    rows = (GOOD, "", GOOD, '"TWO\n",9,2026-11-02,hand,,1,MMK', "ONE,9,2026-11-02,hand,,1,MMK")
    _markings, faults = weigh(ledger, written(codes, *rows).encode())
    assert [(fault.line, fault.what[:38]) for fault in faults] == [
        (4, "is the same transfer as in line 2; tak"),
        (5, "there is no such transfer for this cli"),
        (7, "there is no such transfer for this cli"),
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (HEADER.encode(), "holds no row"),
        (b"PK\x03\x04 a workbook", "is a workbook of a spreadsheet"),
        (HEADER.encode("utf-16"), "is not UTF-8"),
        (b"client,numbr,sent_on\n", "has a column 'numbr'; did you mean number?"),
        (f"{HEADER},amount\n".encode(), "has the column amount twice"),
        (b"client,number,sent_on,how,handed_by\n", "has no column amount, currency"),
        (b"C-1,1,2026-11-02,hand,,300000,MMK\n", "has a column 'c-1'"),
        (HEADER.encode() + b"\nC-1,1,2026-11-02,hand,,1,MMK" * 5_001, "has more than 5000 rows"),
        (b"client" * 1_000_000, "is too large"),
        (HEADER.encode() + b'\n"' + b"x" * 200_000, "cannot be read at line 2"),
    ],
)
def test_a_file_that_is_no_sheet(content: bytes, what: str) -> None:
    with pytest.raises(sheet.SheetError) as caught:
        sheet.read(content, TODAY)
    assert str(caught.value).startswith(what)
    assert "\n" not in str(caught.value)
