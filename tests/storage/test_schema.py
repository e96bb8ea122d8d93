from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage import schema
from storage.database import connect
from storage.schema import HEAD, NewerSchemaError, migrate, prepare, revision_of
from storage.store import FOLDER, QUERIES, TABLES

MIGRATIONS = Path(schema.__file__).parent / "migrations"


def shape(connection: sqlite3.Connection) -> set[str]:
    """Every table and index as it was written."""
    rows = connection.execute("SELECT coalesce(sql, name) FROM sqlite_schema").fetchall()
    return {re.sub(r"\s+", " ", row[0]) for row in rows}


def tables(connection: sqlite3.Connection) -> dict[str, bool]:
    """The tables, and whether each is STRICT."""
    listed = connection.execute("PRAGMA table_list").fetchall()
    return {row["name"]: bool(row["strict"]) for row in listed if not row["name"].startswith("sqlite_")}


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("path_separator", "os")
    return made


def test_head_is_what_alembic_calls_head() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]


def test_a_fresh_database_is_the_same_as_one_upgraded_from_nothing(tmp_path: Path) -> None:
    fresh, upgraded = tmp_path / "fresh.db", tmp_path / "upgraded.db"
    upgraded.touch()
    migrate(upgraded)
    with closing(connect(fresh)) as one, closing(connect(upgraded)) as other:
        assert revision_of(one) is None
        prepare(fresh, one)
        assert shape(one) == shape(other)
        assert revision_of(one) == revision_of(other) == HEAD


def test_preparing_what_is_up_to_date_does_not_touch_alembic(
    file: Path, connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "migrate", lambda path: pytest.fail("migrated again"))
    prepare(file, connection)


def test_down_and_up_again_leaves_the_same_schema(tmp_path: Path) -> None:
    path = tmp_path / "round.db"
    path.touch()
    migrate(path)
    with closing(connect(path)) as connection:
        before = shape(connection)
        engine = create_engine(f"sqlite:///{path}")
        with engine.connect() as raw:
            turned = config()
            turned.attributes["connection"] = raw
            command.downgrade(turned, "base")
            raw.commit()
        engine.dispose()
        assert set(tables(connection)) == {"alembic_version"}
        migrate(path)
        assert shape(connection) == before


def test_a_database_of_a_newer_version_is_refused(file: Path, connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchemaError, match="9999"):
        prepare(file, connection)
    assert revision_of(connection) == "9999"


def test_a_migration_that_is_cut_off_is_as_if_it_had_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cut.db"
    create, made = op.create_table, []

    def fail_at_the_eighth(name: str, *columns: Any, **settings: Any) -> Any:
        made.append(name)
        if len(made) == 8:
            raise RuntimeError("the power went")
        return create(name, *columns, **settings)

    with closing(connect(path)) as connection:
        with monkeypatch.context() as patch:
            patch.setattr(op, "create_table", fail_at_the_eighth)
            with pytest.raises(RuntimeError):
                prepare(path, connection)
        assert not tables(connection)
        prepare(path, connection)
        assert revision_of(connection) == HEAD


def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(file: Path, connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("INSERT INTO slots VALUES ('5.living', 5, 1, 1, NULL)")
    connection.execute("DELETE FROM alembic_version")
    for name in [*tables(connection)]:
        if name not in ("slots", "alembic_version"):
            connection.execute(f"DROP TABLE {name}")
    connection.execute("ALTER TABLE slots RENAME TO old_slots")
    connection.execute("DROP INDEX slots_by_person")
    connection.execute("DROP INDEX slots_by_subject")
    before = shape(connection)
    with pytest.raises(RuntimeError, match="1 rows point nowhere"):
        migrate(file)
    assert shape(connection) == before


@pytest.mark.parametrize("folder", ["a programme", "100%", "what?", "number #1", "ဒေတာ"])
def test_a_home_may_be_called_anything(tmp_path: Path, folder: str) -> None:
    home = tmp_path / folder
    home.mkdir()
    with closing(connect(home / "firstsay.db")) as connection:
        prepare(home / "firstsay.db", connection)
        assert revision_of(connection) == HEAD
    with closing(connect(home / "firstsay.db", read_only=True)) as reading:
        assert revision_of(reading) == HEAD


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    loose = {name for name, strict in tables(connection).items() if not strict}
    assert loose == {"alembic_version"}


def test_the_store_knows_every_table_and_no_other(connection: sqlite3.Connection) -> None:
    assert sorted(TABLES) == sorted(set(tables(connection)) - {"alembic_version"})
    assert sorted(TABLES) == sorted(path.stem for path in FOLDER.glob("*.sql"))


def test_a_row_is_written_after_what_it_points_at(connection: sqlite3.Connection) -> None:
    for place, table in enumerate(TABLES):
        for row in connection.execute(f"PRAGMA foreign_key_list({table})"):
            assert TABLES.index(row["table"]) < place, f"{table} points at {row['table']}"


def test_a_row_that_points_nowhere_is_refused(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO slots VALUES ('5.living', 5, 1, 1, NULL)")


def test_a_wrong_type_is_refused(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        connection.execute("INSERT INTO marks VALUES ('offset', 'soon')")


def test_the_connection_keeps_the_houses_settings(connection: sqlite3.Connection, file: Path) -> None:
    def setting(name: str) -> object:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert setting("journal_mode") == "wal"
    assert setting("synchronous") == 2, "FULL"
    assert setting("foreign_keys") == setting("secure_delete") == 1
    assert setting("trusted_schema") == 0
    assert setting("busy_timeout") == 5000
    with (
        closing(connect(file, read_only=True)) as reading,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        reading.execute("DELETE FROM marks")


# --- queries ---------------------------------------------------------------------------------------------


def queries() -> Iterator[tuple[str, str, str]]:
    """Table, name and text of every query there is."""
    for table, found in QUERIES.items():
        for name in found.available_queries:
            if not name.endswith("_cursor"):
                yield table, name, getattr(found, name).sql


def plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    names = set(re.findall(r":([a-z_]+)", sql))
    values = {name: "[1]" if name in ("ids", "hashes", "people", "but") else 1 for name in names}
    return [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def test_every_query_compiles(connection: sqlite3.Connection) -> None:
    compiled = 0
    for table, name, sql in queries():
        try:
            connection.execute(f"EXPLAIN {sql}", dict.fromkeys(re.findall(r":([a-z_]+)", sql)))
        except sqlite3.Error as error:
            pytest.fail(f"{table}.{name}: {error}")
        compiled += 1
    assert compiled > 60


HOT = [
    *(("people", "by_chats"), ("people", "by_ids"), ("sessions", "open"), ("sessions", "one"), ("sessions", "mark")),
    *(("updates", "seen"), ("updates", "note"), ("updates", "prune"), ("responses", "newest"), ("responses", "words")),
    *(("outbox", "waiting"), ("outbox", "settle"), ("outbox", "lease"), ("outbox", "prune"), ("outbox", "recover")),
    *(("slots", "one"), ("consents", "granted"), ("invitations", "redeem"), ("identities", "taken")),
    *(("alerts", "due"), ("alerts", "of_client"), ("alerts", "of_staff"), ("talks", "between"), ("talks", "open_of")),
    *(("lines", "latest"), ("voices", "waiting"), ("people", "by_role"), ("people", "clients_of")),
    *(("people", "erase_due"), ("people", "forget_strangers"), ("identities", "forget_strangers"), ("slots", "some")),
    *(("rounds", "asking"), ("rounds", "due"), ("askings", "offered"), ("askings", "withdraw"), ("askings", "counts")),
    *(("askings", "doubt"), ("askings", "facts"), ("askings", "one"), ("askings", "standing"), ("outbox", "hand_back")),
    *(("askings", "due_after_transfers"), ("askings", "over_after_transfers"), ("askings", "plan")),
]


@pytest.mark.parametrize(("table", "name"), HOT)
def test_what_every_turn_or_tick_asks_is_found_by_an_index(
    connection: sqlite3.Connection, table: str, name: str
) -> None:
    steps = plan(connection, getattr(QUERIES[table], name).sql)
    scans = [step for step in steps if step.startswith("SCAN") and not step.startswith("SCAN json_each")]
    assert not scans, "\n".join(steps)


@pytest.mark.parametrize(
    ("table", "name", "way"),
    [
        ("people", "of_audience", "SEARCH people USING INTEGER PRIMARY KEY (rowid>?)"),
        ("askings", "due", "USING INDEX askings_pending (round_id=? AND due_at<?)"),
        ("askings", "due_after_transfers", "USING INDEX askings_pending (round_id=? AND due_at<?)"),
        ("askings", "over_after_transfers", "USING INDEX askings_pending (round_id=? AND due_at<?)"),
        ("askings", "to_close", "USING INDEX askings_pending (round_id=?)"),
        ("people", "piece", "SEARCH people USING INTEGER PRIMARY KEY (rowid>?)"),
        ("messages", "at_rest", "SEARCH people USING INTEGER PRIMARY KEY (rowid>?)"),
        ("messages", "soon_too_old", "SEARCH people USING INTEGER PRIMARY KEY (rowid>?)"),
        ("outbox", "prune", "SEARCH outbox USING INTEGER PRIMARY KEY (rowid<?)"),
    ],
)
def test_a_piece_of_a_large_programme_costs_as_much_as_one_of_a_small_one(
    connection: sqlite3.Connection, table: str, name: str, way: str
) -> None:
    """The first few in the order of an index: nothing is sorted, and nothing is looked through by what all share."""
    steps = plan(connection, getattr(QUERIES[table], name).sql)
    assert any(way in step for step in steps), "\n".join(steps)
    assert not [step for step in steps if "B-TREE FOR ORDER BY" in step or "people_by_role" in step], "\n".join(steps)


def test_the_newest_ratings_come_from_the_index_alone(connection: sqlite3.Connection) -> None:
    steps = plan(connection, QUERIES["responses"].newest.sql)
    assert sum("USING COVERING INDEX responses_newest" in step for step in steps) == 2, "\n".join(steps)
