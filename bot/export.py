"""`firstsay export`: what the programme has, as CSV files (RFC 4180) that a spreadsheet and a script read alike.

Nobody is named: people are their codes, and no file holds a name, a chat id or a hash of one. A client's own words
stand in `ratings.csv` only where they were asked for. Every file is read from one snapshot, row by row, so that a
million ratings take no more memory than ten; a run that fails leaves the files of the run before as they were.

Encoding: without words every file is plain ASCII, as long as the names of places are. Else it is UTF-8 and begins with
a byte-order mark, because Excel takes a file without one for the local code page, and turns Burmese into rubble; read
it as `utf-8-sig`.
"""

from __future__ import annotations

import csv
import heapq
import json
import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Final, NamedTuple

from bot.clock import now
from bot.codebook import FILES, MEANING, Column, describe
from bot.errors import OperatorError
from bot.home import Home, open_home
from conversations.client.wish import LEVELS
from conversations.instruments import INSTRUMENTS, Instrument
from conversations.script import Status
from storage.database import connect, transact
from storage.keys import Box, Keyring
from storage.store import QUERIES, Row, Store
from translations.languages import SOURCE

FORMULAS: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""A cell that begins like this is taken for a formula, in some programs also in its full-width form
(https://owasp.org/www-community/attacks/CSV_Injection)."""

PART: Final = ".part"
"""What a file is called while it is being written: `.ratings.csv.part`."""

NOT_ASKED: Final = Status.NOT_ASKED.value
WITHHELD: Final = "(not shown: this client no longer agrees that we keep their answers)"


class ExportError(OperatorError):
    """The files cannot be written there."""


class Table(NamedTuple):
    """One file; each row has a cell for each column."""

    file: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[object, ...]]


def export(folder: Path, words: bool) -> list[Path]:
    """Write every file into `folder` (made 0700 if it is missing; the files are 0600), with or without words.

    Files of an earlier export are replaced. Raises OperatorError, also where the folder holds anything else.
    """
    home = open_home()
    _prepare(folder)
    _note(home, words)
    with closing(connect(home.database, read_only=True)) as connection:
        connection.execute("BEGIN")  # one snapshot for all files
        source = Source(connection, home.keyring, words)
        return _write(folder, source.tables(), source.encoding)


def _note(home: Home, words: bool) -> None:
    """Clients are told of every export, since an erasure cannot reach it; noted first, in case it is cut off."""

    def work(connection: Connection) -> None:
        store = Store(connection, home.keyring, now())
        store.later("copies", "note", id=store.new_id(), kind="export", words=int(words), at=store.at)
        store.flush()

    with closing(connect(home.database)) as connection:
        transact(connection, work)


class Source:
    """What is exported, read from `connection` as the rows are asked for."""

    def __init__(self, connection: Connection, keyring: Keyring, words: bool) -> None:
        self._connection = connection
        self._keyring = keyring
        self._words = words
        self._archive = _read_archive(connection)
        self._older: dict[tuple[str, int], list[str]] = {}
        """Items of versions that this release does not carry, as far as they were answered."""

    @property
    def encoding(self) -> str:
        """The plainest one that holds everything."""
        places = "".join(row["place"] for row in self._rows("people", "places"))
        return "utf-8-sig" if self._words or not places.isascii() else "ascii"

    def tables(self) -> list[Table]:
        """Every file, the codebook last."""
        columns = FILES | ({"ratings.csv": (*FILES["ratings.csv"], MEANING)} if self._words else {})
        rows: dict[str, Iterable[tuple[object, ...]]] = {
            "ratings.csv": self.ratings(),
            "clients.csv": self.clients(),
            "alerts.csv": self.alerts(),
            "consents.csv": self.consents(),
            "codebook.csv": describe(columns),
        }
        return [Table(file, columns[file], rows[file]) for file in FILES]

    def ratings(self) -> Iterator[tuple[object, ...]]:
        """All ratings in order of time, and between them what each sitting did not come to."""
        merged = heapq.merge(self._rated(), self._not_asked(), key=itemgetter(0))
        return (cells for _at, cells in merged)

    def clients(self) -> Iterator[tuple[object, ...]]:
        """Every client, in the order in which they first came."""
        for row in self._rows("people", "clients_with_staff"):
            agreed = [each["purpose"] for each in self._rows("consents", "granted", person_id=row["id"])]
            adult = None if row["adult"] is None else _yes(row["adult"])
            yield (
                *(row["code"], row["language"], adult, _iso(row["enrolled_at"])),
                *(row["caseworker"], row["place"]),
                " ".join(purpose for purpose in agreed if not purpose.startswith("tell:")),
                " ".join(purpose.removeprefix("tell:") for purpose in agreed if purpose.startswith("tell:")),
            )

    def alerts(self) -> Iterator[tuple[object, ...]]:
        """Every alert, in order of time."""
        for row in self._rows("alerts", "with_staff"):
            body = json.loads(self._box(row, "client_id").open(row["body"], f"alerts.body:{row['id']}"))
            yield (
                *(row["code"], row["kind"], row["level"]),
                " ".join(f"{item}:{level}" for item, level in body["items"]),
                *(body["how"], row["state"], _iso(row["raised_at"])),
                *(_iso(row["seen_at"]), row["seen_by_code"], _iso(row["claimed_at"]), row["claimed_by_code"]),
                *(_iso(row["close_asked_at"]), _iso(row["closed_at"]), row["closed_by_code"]),
            )

    def consents(self) -> Iterator[tuple[object, ...]]:
        """The ledger, in order of time."""
        for row in self._rows("consents", "all"):
            yield (
                *(row["code"], row["purpose"], _yes(row["granted"]), _iso(row["at"])),
                *(row["language"], row["mode"], row["digest"]),
            )

    def _rated(self) -> Iterator[tuple[int, tuple[object, ...]]]:
        for row in self._rows("responses", "ratings"):
            structure, wording = self._digests(row["instrument"], row["version"], row["language"])
            cells = (
                *(row["code"], row["item"], row["value"], row["status"], _iso(row["at"])),
                *(row["instrument"], row["version"], structure, wording),
                *(row["language"], row["mode"], row["assisted_by"], _iso(row["sitting_at"]), row["start"]),
                row["wish_status"] if row["wish"] is None else LEVELS[row["wish"]],
                row["meaning_status"],
            )
            yield row["at"], (*cells, self._meaning(row)) if self._words else cells

    def _not_asked(self) -> Iterator[tuple[int, tuple[object, ...]]]:
        """For each sitting its items for which nothing came back."""
        for _session, rows in groupby(self._rows("sittings", "answered"), key=itemgetter("session_id")):
            together = list(rows)
            sitting, answered = together[0], {row["item"] for row in together}
            name, version, at = sitting["instrument"], sitting["version"], _iso(sitting["at"])
            structure, _wording = self._digests(name, version, SOURCE)
            for item in self._items(name, version):
                if item not in answered:
                    cells = (
                        *(sitting["code"], item, None, NOT_ASKED, at, name, version, structure, None, None, None),
                        *(None, at, sitting["start"], None, None),
                    )
                    yield sitting["at"], (*cells, None) if self._words else cells

    def _meaning(self, row: Row) -> str | None:
        if row["words"] is None:
            return None
        if not row["may_keep"]:
            return WITHHELD
        said = json.loads(self._box(row, "person_id").open(row["words"], f"responses.words:{row['meaning_id']}"))
        if said.get("voice") is not None:
            return f"(voice note, {said.get('seconds', 0)} seconds)"
        return str(said.get("text", ""))

    def _items(self, instrument: str, version: int) -> Iterable[str]:
        """The items of an instrument; of a version that this release does not carry, those that were answered."""
        known = INSTRUMENTS.get(instrument)
        if isinstance(known, Instrument) and known.version == version:
            return [item.code for item in known.items]
        if (instrument, version) not in self._older:
            rows = self._rows("responses", "items_of", instrument=instrument, version=version)
            self._older[instrument, version] = [row["item"] for row in rows]
        return self._older[instrument, version]

    def _digests(self, instrument: str, version: int, language: str) -> tuple[str | None, str | None]:
        """Of structure and wording. What has no words in a language was asked in English."""
        wordings = self._archive.get((instrument, version), {})
        return wordings.get(language) or wordings.get(SOURCE) or (None, None)

    def _box(self, row: Row, owner: str) -> Box:
        return self._keyring.box(row[owner], row["key"])

    def _rows(self, table: str, query: str, **values: Any) -> Iterable[Row]:
        return _stream(self._connection, table, query, **values)


def _stream(connection: Connection, table: str, query: str, **values: Any) -> Iterable[Row]:
    """Rows as they are read; aiosql's own way fetches them all at once."""
    return connection.execute(getattr(QUERIES[table], query).sql, values)


def _read_archive(connection: Connection) -> dict[tuple[str, int], dict[str, tuple[str, str]]]:
    """Digests by instrument and version, then by language: this release's, and over them what was archived."""
    found = {
        (each.name, each.version): {code: (each.structure, wording) for code, wording in each.wording.items()}
        for each in INSTRUMENTS.values()
    }
    for row in _stream(connection, "instruments", "digests"):
        wordings = found.setdefault((row["name"], row["version"]), {})
        wordings[row["language"]] = (row["structure"], row["wording"])
    return found


def guard(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; what is safe already stays as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULAS else cell


def _prepare(folder: Path) -> None:
    """Make the folder, or see that nothing in it is anyone else's."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in folder.iterdir():
            if not _is_ours(file):
                raise ExportError(f"{folder}: holds {file.name}, which no export wrote; name a folder of its own")
    except OSError as error:
        raise ExportError(f"{folder}: cannot be used ({error.strerror}); name another folder") from None


def _is_ours(file: Path) -> bool:
    """A file that an export wrote, or began to write: known by its name and by its first two columns."""
    if file.is_symlink() or not file.is_file():
        return False
    if file.name.startswith(".") and file.name.endswith(PART):
        return file.name.removesuffix(PART)[1:] in FILES
    columns = FILES.get(file.name)
    if columns is None:
        return False
    begins = f"{columns[0].name},{columns[1].name},".encode()
    with file.open("rb") as opened:
        return opened.read(64).removeprefix(BOM_UTF8).startswith(begins)


def _write(folder: Path, tables: Iterable[Table], encoding: str) -> list[Path]:
    """Write every file beside its place, and only when all of them stand move each into it."""
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


def _yes(value: int) -> str:
    return "yes" if value else "no"


def _iso(at: int | None) -> str | None:
    """Seconds since 1970 as ISO 8601, in UTC."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
