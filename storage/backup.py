"""A database taken apart for a backup, and put together again by a restore.

A backup has two parts. The *data* is one SQLite file with everything but the tables `APART`; copies of it pile up. The
*keys* are those tables, sealed under the master key into one file that is replaced every time: without a person's key
nothing they said can be read in any copy of the data, however old. The keys also hold the SHA-256 of every copy that
was ever written beside them, so that one that is broken or was altered is known.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from storage.database import connect, transact
from storage.keys import Keyring, WrongKeyError
from storage.people import PREFIX, UNNAMED
from storage.schema import HEAD, NewerSchemaError, migrate, prepare, revision_of
from storage.store import QUERIES, TABLES

REMEMBERED: Final = {"erased": "person_id", "copies": "id"}
"""Facts that no restore may undo; tables by their primary key."""

APART: Final = REMEMBERED | {"identities": "person_id", "letters": "id"}
"""What must be as new as the newest backup. Messages that could not be handled are here because the master key alone
opens them."""

KNOWN: Final = f"code NOT LIKE '{PREFIX['stranger']}-%'"
IN_DATA: Final = "person_id IN (SELECT id FROM main.people)"

PLACE: Final = "backup.keys"

BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite may keep beside a database, by what it adds to the name."""


class BrokenError(Exception):
    """This is not what a backup wrote."""


class Keys(NamedTuple):
    """What the key file holds. `at`: epoch seconds; `digests`: SHA-256 (hex) by name of a data file; `image`: the
    tables `APART` as a serialized SQLite database; `revision`: of its schema."""

    at: int
    digests: dict[str, str]
    image: bytes
    revision: str = HEAD


class Joined(NamedTuple):
    """What a restore did: how many people it erased again, how many came later and are missing in the data, how many
    messages that waited will not be sent."""

    erased: int
    missing: int
    unsent: int


# --- taking apart ----------------------------------------------------------------------------------------------


def copy_data(live: Path, file: Path) -> None:
    """Write the data part of the database `live`, as it is at one moment, into the empty file `file`.

    Records are copied, not pages, so that nothing deleted comes along. Raises sqlite3.Error. Nothing is synced.
    """
    with _open(file, live) as connection:
        connection.execute("PRAGMA main.journal_mode=OFF")  # a copy that is cut off is thrown away
        connection.execute("BEGIN")
        # Indexes before rows: SQLite then takes over each in its order, with no sorting in a temporary file elsewhere.
        for sql in _shape(connection, "live"):
            connection.execute(sql)
        for table in ("alembic_version", *TABLES):
            if table not in APART:
                connection.execute(f"INSERT INTO main.{table} SELECT * FROM live.{table}")  # noqa: S608 - our names
        connection.execute("COMMIT")


def copy_keys(live: Path, former: Keys | None) -> bytes:
    """The tables `APART` of the database `live` as an image.

    What the `former` backup knew is carried on; a key goes only when its person was erased (or was a stranger), so
    that a backup of a restored or an empty database makes no older copy unreadable. Raises sqlite3.Error.
    """
    with _open(":memory:", live) as connection:
        if former is not None:
            _attach_image(connection, "former", former.image)
        connection.execute("BEGIN")
        for table in APART:
            _take(connection, table, "live", make=True)
        if former is not None:
            for table in REMEMBERED:
                _take(connection, table, "former")
            _take(connection, "identities", "former", f"{KNOWN} AND {_spared('former')}")
        connection.execute("COMMIT")
        return connection.serialize()


def recall(database: Path) -> bytes:
    """What a restore must know of the database it replaces, as an image. Raises sqlite3.Error if it cannot be read."""
    with _open(":memory:", database) as connection:
        for table in (*REMEMBERED, "letters"):
            _take(connection, table, "live", make=True)
        return connection.serialize()


def seal(keys: Keys, keyring: Keyring) -> bytes:
    """The content of the key file: a line that proves the master key, and the rest sealed under it."""
    head = orjson.dumps({"at": keys.at, "digests": keys.digests, "revision": keys.revision})
    return keyring.prove().encode() + b"\n" + keyring.programme.seal(head + b"\n" + keys.image, PLACE)


def unseal(content: bytes, keyring: Keyring) -> Keys:
    """The inverse of `seal`. Raises WrongKeyError under another master key, BrokenError where a bit has changed."""
    proof, _newline, sealed = content.partition(b"\n")
    try:
        keyring.check(proof.decode("ascii"))
    except ValueError:
        raise BrokenError("the proof of the master key") from None
    try:
        head, _newline, image = keyring.programme.open(sealed, PLACE).partition(b"\n")
    except WrongKeyError:
        raise BrokenError("what is sealed") from None
    return Keys(image=image, **orjson.loads(head))


# --- putting together ------------------------------------------------------------------------------------------


def check(file: Path) -> None:
    """See that `file` is a sound database, and of no newer version. Raises BrokenError, NewerSchemaError."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            revision = revision_of(connection)
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise BrokenError(error.sqlite_errorname) from None
    if revision is None or found != "ok" or lost is not None:
        raise BrokenError("its tables")
    if revision > HEAD:
        raise NewerSchemaError(revision)


def join(file: Path, keys: Keys, memory: bytes | None) -> Joined:
    """Give the data in `file` its keys, erase again who was erased, and bring it up to date.

    `memory` is what was recalled of the database to be replaced. Raises BrokenError where keys and data do not fit
    together, NewerSchemaError.
    """
    if keys.revision > HEAD:
        raise NewerSchemaError(keys.revision)
    with closing(connect(file)) as connection:
        if str(revision_of(connection)) < keys.revision:
            migrate(file, keys.revision)
        _attach_image(connection, "keys", keys.image)
        _attach_image(connection, "memory", memory)
        try:
            joined = transact(connection, _join)
        except sqlite3.IntegrityError:
            raise BrokenError("its keys") from None
        prepare(file, connection)
    return joined


def _join(connection: sqlite3.Connection) -> Joined:
    for table in REMEMBERED:
        _take(connection, table, "keys")
    known = connection.execute("SELECT count(*) FROM main.erased").fetchone()[0]
    for table in REMEMBERED:
        _take(connection, table, "memory")
    # Whose a letter is stands only inside: if somebody was erased since, only those stay that were spared then.
    since = connection.execute("SELECT count(*) FROM main.erased").fetchone()[0] > known
    _take(connection, "letters", "keys", "id IN (SELECT id FROM memory.letters)" if since else "true")
    _take(connection, "identities", "keys", f"{IN_DATA} AND {_spared('keys')}")
    later = f"{KNOWN} AND {_spared('keys')} AND NOT {IN_DATA}"
    missing = connection.execute(f"SELECT count(*) FROM keys.identities WHERE {later}").fetchone()[0]  # noqa: S608
    gone = list(QUERIES["people"].keyless(connection))
    for table in ("people", "invitations"):
        connection.executemany(QUERIES[table].erase.sql, [{"person_id": row["id"]} for row in gone])
    QUERIES["slots"].forget_subjects(connection)
    # Telegram knows best what it has not been told of yet, and what waited then is no news any more.
    QUERIES["marks"].begin_anew(connection)
    unsent = QUERIES["outbox"].give_up(connection)
    if _has(connection, "askings"):  # older copies have none, nor transfers
        QUERIES["askings"].give_up(connection)
    if _has(connection, "transfers"):
        for table, query in UNNAMED:
            getattr(QUERIES[table], query)(connection)
    return Joined(sum(row["role"] != "stranger" for row in gone), missing, unsent)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM main.sqlite_schema WHERE name = ?", (table,)).fetchone() is not None


def _spared(source: str) -> str:
    """Which identities of `source` are of people who were not erased, under this number or, where a restore had lost
    them and they came again in the same chat, under another one."""
    erased = "person_id IN (SELECT person_id FROM main.erased)"
    return f"NOT {erased} AND chat_hash NOT IN (SELECT chat_hash FROM {source}.identities WHERE {erased})"  # noqa: S608


def pack(file: Path, packed: Path) -> None:
    """Write the database `file` anew into the empty file `packed`, with nothing between its rows. Nothing is synced."""
    with closing(connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(packed),))


def put_in_place(file: Path, database: Path) -> None:
    """Let `file` be the database from now on: a kill at any point leaves the old one or the new one.

    Raises sqlite3.OperationalError where another process works on the old one, OSError.
    """
    with _held(database):
        for suffix in BESIDE:
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        file.replace(database)


@contextmanager
def _held(database: Path) -> Iterator[None]:
    """While it is about to be replaced, everything of a database is in its one file, and nobody else opens it."""
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        try:
            # Its log must not be taken for that of the new one, so what it holds goes to where it belongs.
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname not in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
                raise
        yield


# --- SQLite ----------------------------------------------------------------------------------------------------


@contextmanager
def _open(file: Path | str, live: Path) -> Iterator[sqlite3.Connection]:
    """A connection to `file`, with the database `live` beside it to be read."""
    name = file if isinstance(file, str) else file.absolute().as_uri()
    with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("ATTACH ? AS live", (f"{live.absolute().as_uri()}?mode=ro",))
        yield connection


def _attach_image(connection: sqlite3.Connection, name: str, image: bytes | None) -> None:
    connection.execute(f"ATTACH ':memory:' AS {name}")
    if image is not None:
        connection.deserialize(image, name=name)


def _shape(connection: sqlite3.Connection, source: str) -> list[str]:
    """What makes the tables and indexes of a database, in order."""
    rows = connection.execute(f"SELECT sql FROM {source}.sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")  # noqa: S608
    return [row[0] for row in rows.fetchall()]


def _take(
    connection: sqlite3.Connection, table: str, source: str, condition: str = "true", *, make: bool = False
) -> None:
    """Add the rows of a table of `source` that are not there yet; where `source` has no such table, none.

    `make` makes the table first, without indexes: after a restore someone new may have a code that another one had.
    """
    made = connection.execute(f"SELECT sql FROM {source}.sqlite_schema WHERE name = ?", (table,)).fetchone()  # noqa: S608
    if made is None:
        return
    if make:
        connection.execute(made[0])
    key = APART[table]
    columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA {source}.table_info({table})"))
    connection.execute(
        f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM {source}.{table}"  # noqa: S608 - our own names
        f" WHERE {key} NOT IN (SELECT {key} FROM main.{table}) AND {condition}"
    )
