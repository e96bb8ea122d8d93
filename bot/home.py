"""A programme's home: settings, key and database, opened together for whoever works on them."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.errors import OperatorError
from bot.init import read_master_key
from bot.programme import Programme
from bot.settings import Environment, load_settings
from conversations.instruments import INSTRUMENTS, NEEDS, Instrument
from conversations.instruments.form import Form
from storage.database import connect, transact
from storage.keys import Keyring, WrongKeyError
from storage.schema import NewerSchemaError, prepare
from storage.store import Store
from translations.languages import LANGUAGES


class DatabaseError(OperatorError):
    """The database cannot be used as it is."""


class InUseError(OperatorError):
    """Another process works in this home."""


class Home(NamedTuple):
    """What every command needs."""

    environment: Environment
    programme: Programme
    keyring: Keyring
    database: Path


def open_home() -> Home:
    """Read settings and key and bring the database up to date. Raises OperatorError in one line."""
    settings = load_settings()
    settings.programme.check_needs([item.code for item in NEEDS.items])
    settings.programme.check_languages(LANGUAGES)
    keyring = Keyring(read_master_key(settings.environment.home))
    path = settings.environment.database_file
    try:
        connection = connect(path)
        try:
            prepare(path, connection)
            check_key(connection, keyring)
        finally:
            connection.close()
    except NewerSchemaError as error:
        raise DatabaseError(f"{path.name} was written by a newer First Say ({error}); install that version") from None
    except WrongKeyError:
        raise DatabaseError(
            f"the key file is not the one {path.name} was written with; put the right one back"
        ) from None
    except sqlite3.Error as error:
        raise DatabaseError(f"{path} cannot be used ({error.sqlite_errorname}); look at its owner and mode") from None
    return Home(settings.environment, settings.programme, keyring, path)


def check_key(connection: sqlite3.Connection, keyring: Keyring) -> None:
    """Raise WrongKeyError unless this key file belongs to this database; a new database takes it as its own."""

    def work(connection: sqlite3.Connection) -> str | None:
        store = Store(connection, keyring, datetime.now(UTC))
        found = store.value("texts", "proof")
        if found is None:
            store.later("texts", "keep", digest="key", language="", body=keyring.prove())
            store.flush()
        return None if found is None else str(found)

    found = transact(connection, work)
    if found is not None:
        keyring.check(found)


def archive_instruments(store: Store) -> None:
    """Keep every instrument this version carries, so that an answer's digests can always be looked up. Raises
    DatabaseError where one was changed after it was first used here."""
    archived = {(row["name"], row["version"], row["language"]): row for row in store.rows("instruments", "digests")}
    for instrument in INSTRUMENTS.values():
        for language, wording in instrument.wording.items():
            known = archived.get((instrument.name, instrument.version, language))
            if known is None:
                archive(store, instrument, language)
            elif (known["structure"], known["wording"]) != (instrument.structure, wording):
                raise DatabaseError(
                    f"{instrument.name} {instrument.version} ({language}) was changed after it was first used; "
                    "give the changed one a new version"
                )
    store.flush()


def archive(store: Store, instrument: Instrument | Form, language: str) -> None:
    """Keep an instrument's digests and what it says in a language."""
    store.later(
        "instruments",
        "archive",
        name=instrument.name,
        version=instrument.version,
        language=language,
        structure=instrument.structure,
        wording=instrument.wording[language],
        body=instrument.words(language),
        at=store.at,
    )


@contextmanager
def only_one(home: Path, command: str = "run") -> Iterator[None]:
    """Hold the home's lock for a command; a second holder gets `InUseError`. The lock ends with the process, however
    it ends."""
    with (home / f"{command}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUseError(f"another firstsay {command} works in {home}; stop it first") from None
        yield
