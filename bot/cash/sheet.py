"""A sheet of transfers that were sent: read, and held against what was planned, as a whole. Everything that is wrong is
named at once, by its line and column; the first wrong cell of a row is enough for it.

It is CSV as spreadsheets and money services write it: UTF-8 with or without a byte order mark, commas or semicolons,
any line ends, columns in any order.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Final, NamedTuple

from bot.cash import views
from bot.errors import OperatorError
from bot.export import FORMULAS
from bot.faults import Fault
from bot.programme import meant
from bot.turn import Turn
from conversations.acts import MarkSent
from conversations.caseworker.payments import HOW
from conversations.looks import Transfer
from storage import people
from storage.people import Person
from translations.amounts import parse_amount
from translations.currencies import figures, to_minor

COLUMNS: Final = ("client", "number", "planned_for", "sent_on", "how", "handed_by", "amount", "currency")
OPTIONAL: Final = ("planned_for", "handed_by")
"""Columns that may be left out: the day of a gift, which has no number; whoever handed it over, where nobody did."""

LONG_AGO: Final = timedelta(days=366)
"""What was sent before that is a slip of the pen."""

MOST_ROWS: Final = 5_000
"""The bot writes nothing while they are noted, which takes some four seconds."""

MOST_BYTES: Final = 2_000_000

WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx (and .ods) and .xls begin."""

_CODE: Final = re.compile(r"(?:[cC][ -]?)?(\d{1,9})")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class SheetError(OperatorError):
    """The file as a whole cannot be read as a sheet."""


class WrongError(Exception):
    """One cell is wrong: its column, and what is the matter with it and how to mend it."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose cells can be read. `amount` is in minor units of `currency`; `number` None for a gift."""

    line: int
    code: str
    number: int | None
    planned_for: str
    sent_on: str
    how: str
    handed_by: str
    amount: int
    currency: str


class Marking(NamedTuple):
    """What one row comes to."""

    act: MarkSent
    transfer: Transfer


# --- reading ---------------------------------------------------------------------------------------------------


def read(content: bytes, today: date) -> tuple[list[Row], list[Fault]]:
    """Every row that can be read, and what is wrong with the others. `today`: in the programme's zone. Raises
    SheetError."""
    rows, faults = list[Row](), list[Fault]()
    for line, cells in _cells(_decode(content)):
        try:
            rows.append(_read_row(line, cells, today))
        except WrongError as wrong:
            faults.append(Fault(str(wrong), (wrong.column,), line))
    if not rows and not faults:
        raise SheetError("holds no row below its columns; add one for each transfer that was sent")
    return rows, faults


def _decode(content: bytes) -> str:
    if content.startswith(WORKBOOKS):
        raise SheetError("is a workbook of a spreadsheet; save it there as CSV (UTF-8), and give that file")
    if not content.strip():
        raise SheetError("is empty; its first line names the columns: " + ",".join(COLUMNS))
    if len(content) > MOST_BYTES:
        raise SheetError(f"is too large; give at most {MOST_ROWS} rows at a time")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetError("is not UTF-8; save it in the spreadsheet as CSV (UTF-8)") from None


def _cells(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The line each row begins on, and its cells by column; empty rows are passed over."""
    first = text.lstrip("\r\n").partition("\n")[0]
    lines = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    columns: list[str] = []
    before, number = 0, 0
    try:
        for cells in lines:
            line, before = before + 1, lines.line_num
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if not columns:
                columns = _read_columns(cells)
                continue
            number += 1
            if number > MOST_ROWS:
                raise SheetError(f"has more than {MOST_ROWS} rows; give them in several files")
            yield line, _by_column(columns, cells)
    except csv.Error as error:
        raise SheetError(f"cannot be read at line {before + 1} ({error}); look at the quotes there") from None


def _read_columns(cells: list[str]) -> list[str]:
    columns = [cell.lower().replace(" ", "_") for cell in cells]
    for column in filter(None, columns):
        if column not in COLUMNS:
            raise SheetError(
                f"has a column {_shown(column)}{meant(column, COLUMNS) or '; take it out, or call it client'}"
            )
        if columns.count(column) > 1:
            raise SheetError(f"has the column {column} twice; take one of them out")
    lacking = [column for column in COLUMNS if column not in (*columns, *OPTIONAL)]
    if lacking:
        raise SheetError(f"has no column {', '.join(lacking)}; its first line names the columns: {','.join(COLUMNS)}")
    return columns


def _by_column(columns: list[str], cells: list[str]) -> dict[str, str]:
    """The cells of a row; what stands to the right of the last column is under the empty name."""
    found = dict.fromkeys(COLUMNS, "") | {"": "".join(cells[len(columns) :])}
    for column, cell in zip(columns, cells, strict=False):
        found[column] = found[column] + cell if not column else cell
    return found


def _read_row(line: int, cells: dict[str, str], today: date) -> Row:
    """Raises WrongError."""
    if cells[""]:
        raise WrongError("", f"{_shown(cells[''])} stands under no column; take it out, or put quotes around a comma")
    for column in COLUMNS:
        if cells[column][:1] in FORMULAS and cells[column]:
            raise WrongError(column, f"begins with {cells[column][0]} like a formula; write the value itself")
    currency = cells["currency"].upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise WrongError("currency", f"{_shown(cells['currency'])} is no currency; write it like MMK")
    return Row(
        line=line,
        code=_read_code(cells["client"]),
        number=_read_number(cells["number"]),
        planned_for=_read_day("planned_for", cells["planned_for"]) if cells["planned_for"] else _no_day(cells),
        sent_on=_read_sent(cells["sent_on"], today),
        how=_read_how(cells["how"].lower()),
        handed_by=cells["handed_by"].upper(),
        amount=_read_amount(cells["amount"], currency),
        currency=currency,
    )


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= 30 else cell[:29] + "…") if cell else "an empty cell"


def _read_code(cell: str) -> str:
    found = _CODE.fullmatch(cell)
    if found is None:
        raise WrongError("client", f"{_shown(cell)} is no code of a client; write it like C-123")
    return f"{people.PREFIX['client']}-{int(found[1])}"


def _read_number(cell: str) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"\d{1,3}", cell) or not int(cell):
        raise WrongError("number", f"{_shown(cell)} is not which of the series it is; write 1, 2, …")
    return int(cell)


def _no_day(cells: dict[str, str]) -> str:
    if not cells["number"]:
        raise WrongError("number", "is empty; write which of the series it is, or in planned_for the day of a gift")
    return ""


def _read_day(column: str, cell: str) -> str:
    try:
        return date.fromisoformat(cell if _DAY.fullmatch(cell) else "").isoformat()
    except ValueError:
        raise WrongError(column, f"{_shown(cell)} is not a day; write it like 2026-12-31") from None


def _read_sent(cell: str, today: date) -> str:
    day = _read_day("sent_on", cell)
    if day > today.isoformat():
        raise WrongError("sent_on", f"{day} is still to come; write the day on which it was sent")
    if day < (today - LONG_AGO).isoformat():
        raise WrongError("sent_on", f"{day} is more than a year ago; write the day on which it was sent")
    return day


def _read_how(cell: str) -> str:
    if cell not in HOW:
        raise WrongError("how", f"{_shown(cell)} is not one of {', '.join(HOW)}{meant(cell, HOW)}")
    return cell


def _read_amount(cell: str, currency: str) -> int:
    amount = parse_amount(cell, currency)
    minor = None if amount is None else to_minor(amount, currency)
    if not minor:
        raise WrongError("amount", f"{_shown(cell)} is no amount in {currency}; write digits only")
    return minor


# --- holding it against what was planned -----------------------------------------------------------------------


def weigh(turn: Turn, rows: list[Row]) -> tuple[list[Marking], list[Fault]]:
    """What the rows come to, and what is wrong with those that come to nothing."""
    clients = people.find_by_codes(turn.store, {row.code for row in rows})
    staff = people.find_by_codes(turn.store, {row.handed_by for row in rows if row.handed_by})
    known: dict[str, list[Transfer]] = {}
    markings, faults = list[Marking](), list[Fault]()
    lines: dict[int, int] = {}
    for row in rows:
        try:
            client = clients.get(row.code)
            if client is None or client.role != "client":
                raise WrongError("client", f"{row.code} is no client here; look it up with firstsay cash list")
            if row.code not in known:
                known[row.code] = views.of_client(turn, client, own=False)
            found = find(known[row.code], row.number, row.planned_for)
            if found["transfer"] in lines:
                raise WrongError("number", f"is the same transfer as in line {lines[found['transfer']]}; take one out")
            lines[found["transfer"]] = row.line
            markings.append(_weigh_row(row, found, staff))
        except WrongError as wrong:
            faults.append(Fault(str(wrong), (wrong.column,), row.line))
    return markings, faults


def find(known: list[Transfer], number: int | None, day: str) -> Transfer:
    """The one transfer of a client that is meant: the one with this number, or on this day; where several fit, the only
    one that is still planned. Raises WrongError."""
    column = "planned_for" if number is None else "number"
    fitting = [each for each in known if each["number"] == number and day in ("", each["on"])]
    if not fitting:
        there = ", ".join(named(each) for each in known) or "none at all"
        raise WrongError(column, f"there is no such transfer for this client; there is {there}")
    planned = [each for each in fitting if each["state"] == "planned"]
    if len(planned) > 1 or (not planned and len(fitting) > 1):
        days = ", ".join(each["on"] for each in planned or fitting)
        raise WrongError(column, f"fits several transfers of this client ({days}); write the day in planned_for")
    return (planned or fitting)[0]


def named(transfer: Transfer) -> str:
    """Which of a client's transfers it is, for an operator."""
    return f"a gift of {transfer['on']}" if transfer["number"] is None else f"number {transfer['number']}"


def _weigh_row(row: Row, found: Transfer, staff: dict[str, Person]) -> Marking:
    """Raises WrongError."""
    column = "planned_for" if row.number is None else "number"
    if found["state"] == "cancelled":
        raise WrongError(column, "is cancelled; plan another one with firstsay cash plan, or take the row out")
    if found["state"] != "planned":
        raise WrongError(column, f"was noted as sent already ({found['on']}); take the row out")
    if row.currency != found["currency"]:
        raise WrongError("currency", f"is {row.currency}, but planned is {found['currency']}; mend whichever is wrong")
    if row.amount != found["amount"]:
        amounts = [figures(each, row.currency) for each in (row.amount, found["amount"])]
        raise WrongError("amount", f"is {amounts[0]}, but planned is {amounts[1]}; mend whichever is wrong")
    giver = staff.get(row.handed_by)
    if row.handed_by and (giver is None or giver.role not in ("caseworker", "lead")):
        raise WrongError("handed_by", f"{_shown(row.handed_by)} is no code of staff; write it like W-204, or nothing")
    act = MarkSent(found["transfer"], row.sent_on, row.how, giver.id if giver is not None else None)
    return Marking(act, found)
