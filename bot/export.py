"""`firstsay export`: what the programme has, as CSV files (RFC 4180) that a spreadsheet and a script read alike.

Nobody is named: people are their codes, and no file holds a name, a chat id or a hash of one. Clients' own words stand
in `ratings.csv`, `checkins.csv` and `outcomes.csv` only where they were asked for; what they say of services, and what
they plan and note of their own money, stands in files of its own, without their codes. What donors are given writes
`donor.py`. Every file is read from one snapshot, row by row, so that a
million ratings take no more memory than ten; a run that fails leaves the files of the run before as they were.

Encoding: without words every file is plain ASCII, as long as the names of places are. Else it is UTF-8 and begins with
a byte-order mark, because Excel takes a file without one for the local code page, and turns Burmese into rubble; read
it as `utf-8-sig`.
"""

from __future__ import annotations

import csv
import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Final, TypeAlias

from bot.clock import now
from bot.codebook import FILES, Column
from bot.errors import OperatorError
from bot.home import Home, open_home
from bot.source import Source, Table
from storage.database import connect, transact
from storage.store import Store

FORMULAS: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""A cell that begins like this is taken for a formula, in some programs also in its full-width form
(https://owasp.org/www-community/attacks/CSV_Injection)."""

Files: TypeAlias = Mapping[str, tuple[Column, ...]]
"""The files of a kind of export, with their columns."""

PART: Final = ".part"
"""What a file is called while it is being written: `.ratings.csv.part`."""


class ExportError(OperatorError):
    """The files cannot be written there."""


def export(folder: Path, words: bool) -> list[Path]:
    """Write every file into `folder` (made 0700 if it is missing; the files are 0600), with or without words.

    Files of an earlier export are replaced. Raises OperatorError, also where the folder holds anything else.
    """
    home = open_home()
    prepare(folder, FILES)
    note(home, words)
    with closing(connect(home.database, read_only=True)) as connection:
        connection.execute("BEGIN")  # one snapshot for all files
        source = Source(connection, home.keyring, words, now(), home.programme.zone)
        return write(folder, source.tables(), source.encoding)


def note(home: Home, words: bool) -> None:
    """Clients are told of every export, since an erasure cannot reach it; noted first, in case it is cut off."""

    def work(connection: Connection) -> None:
        store = Store(connection, home.keyring, now())
        store.later("copies", "note", id=store.new_id(), kind="export", words=int(words), at=store.at)
        store.flush()

    with closing(connect(home.database)) as connection:
        transact(connection, work)


def guard(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; what is safe already stays as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULAS else cell


def prepare(folder: Path, files: Files) -> None:
    """Make the folder, or see that nothing in it is anything else than these files. Raises ExportError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in folder.iterdir():
            if not _is_ours(file, files):
                raise ExportError(f"{folder}: holds {file.name}, which no such export wrote; name a folder of its own")
    except OSError as error:
        raise ExportError(f"{folder}: cannot be used ({error.strerror}); name another folder") from None


def _is_ours(file: Path, files: Files) -> bool:
    """A file that an export wrote, or began to write: known by its name and by its first two columns."""
    if file.is_symlink() or not file.is_file():
        return False
    if file.name.startswith(".") and file.name.endswith(PART):
        return file.name.removesuffix(PART)[1:] in files
    columns = files.get(file.name)
    if columns is None:
        return False
    begins = f"{columns[0].name},{columns[1].name}".encode()
    with file.open("rb") as opened:
        return opened.read(64).removeprefix(BOM_UTF8).startswith((begins + b",", begins + b"\r"))


def write(folder: Path, tables: Iterable[Table], encoding: str) -> list[Path]:
    """Write every file beside its place, and only when all of them stand move each into it. Raises ExportError."""
    parts: list[tuple[Path, Path]] = []
    try:
        for table in tables:
            file = folder / table.file
            parts.append((folder / f".{table.file}{PART}", file))
            _write_table(parts[-1][0], table, encoding)
        for part, file in parts:
            part.replace(file)
    except OSError as error:
        raise ExportError(
            f"{folder}: cannot be written to ({error.strerror}); what was exported before is still there"
        ) from None
    finally:
        for part, _file in parts:
            part.unlink(missing_ok=True)
    return [file for _part, file in parts]


def _write_table(part: Path, table: Table, encoding: str) -> None:
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    # A lone half of a surrogate pair, which Telegram lets through, becomes a question mark.
    with os.fdopen(descriptor, "w", encoding=encoding, errors="replace", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(column.name for column in table.columns)
        writer.writerows([guard(cell) for cell in row] for row in table.rows)
        opened.flush()
        os.fsync(opened.fileno())
