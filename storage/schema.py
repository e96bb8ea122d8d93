"""Bringing a database to this version's schema. Alembic is imported only when there is something to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

HEAD: Final = "0005"
"""The newest revision in `migrations/versions`; a test holds the two together."""


class NewerSchemaError(Exception):
    """The database was written by a newer version of First Say."""


def revision_of(connection: sqlite3.Connection) -> str | None:
    """The schema's revision; None for an empty database."""
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone()
    if found is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def prepare(path: Path | str, connection: sqlite3.Connection) -> None:
    """Create or upgrade the schema of the SQLite file at `path`, to which `connection` is open."""
    revision = revision_of(connection)
    if revision == HEAD:
        return
    if revision is not None and revision > HEAD:
        raise NewerSchemaError(revision)
    migrate(path)


def migrate(path: Path | str, revision: str = "head") -> None:
    """Run Alembic up to a revision, with foreign keys off (batch mode copies tables), and check them afterwards.

    All of it is one transaction: what is cut off half way is not there at the next start.
    """
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import URL, create_engine, event

    # The driver must not begin and end transactions by itself: it would commit before each CREATE TABLE.
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"isolation_level": None})
    event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA foreign_keys=OFF"))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"{len(broken)} rows point nowhere after the migration")
    finally:
        engine.dispose()
