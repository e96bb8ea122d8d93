from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from storage import schema
from storage.backup import (
    APART,
    BrokenError,
    Keys,
    check,
    copy_data,
    copy_keys,
    join,
    pack,
    put_in_place,
    recall,
    seal,
    unseal,
)
from storage.database import connect, transact
from storage.keys import Keyring, WrongKeyError
from storage.schema import HEAD, NewerSchemaError, revision_of
from storage.store import TABLES, Store
from tests.dialogue.stories import ask_for_contact, enrol
from tests.dialogue.stories import join as join_in
from tests.player import MASTER, Phone, Stage

NAME = "Marker-Name"
WORDS = "marker words အလုပ်"
MARKERS = (NAME.encode(), b"marker words")
NOTED = {"id": 5, "kind": "export", "words": 1, "at": 1}
CHAT = 7_123_456_789
Rows = list[dict[str, Any]]
DATA_TABLES = [table for table in TABLES if table not in APART]


class Programme:
    """People in a database file, and the parts of its backup."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.live = folder / "firstsay.db"
        self.stage = Stage()
        file = connect(self.live)
        self.stage.connection.backup(file)
        self.stage.connection.close()
        self.stage.connection = file
        self.stage._last_chat = CHAT
        self.worker = join_in(self.stage, name=NAME)
        self.client = self.enrol()

    def enrol(self) -> Phone:
        """A client with a name, words, an open alert, and a message of theirs that could not be handled."""
        client = enrol(self.stage, NAME)
        ask_for_contact(client, words=WORDS)

        def set_aside(store: Store) -> None:
            id_ = store.new_id()
            body = store.keyring.programme.seal(json.dumps({"text": WORDS}).encode(), f"letters.body:{id_}")
            values = {"update_id": 1, "error": "E", "body": body, "at": store.at, "expires_at": store.at + 10**6}
            store.later("letters", "insert", id=id_, **values)

        self.write(set_aside)
        return client

    def write(self, work: Any) -> None:
        def and_flush(connection: sqlite3.Connection) -> None:
            store = Store(connection, Keyring(MASTER), self.stage.now)
            work(store)
            store.flush()

        transact(self.stage.connection, and_flush)

    def erase(self, phone: Phone) -> int:
        """What is left of somebody who was erased: a number."""
        person = self.stage.person(phone).id

        def work(store: Store) -> None:
            for table in ("people", "identities", "invitations"):
                store.now_or_not(table, "erase", person_id=person)
            store.connection.execute("DELETE FROM letters")
            store.later("erased", "note", person_id=person, at=store.at)

        self.write(work)
        return person

    def data(self, name: str = "data.db") -> Path:
        """A copy of the data as it is now."""
        file = self.folder / name
        file.unlink(missing_ok=True)
        copy_data(self.live, file)
        return file

    def keys(self, former: Keys | None = None) -> Keys:
        """The keys as they are now."""
        return Keys(self.stage.at, {}, copy_keys(self.live, former))


@pytest.fixture
def programme(tmp_path: Path) -> Iterator[Programme]:
    made = Programme(tmp_path)
    yield made
    made.stage.connection.close()


def rows(file: Path | sqlite3.Connection, table: str) -> Rows:
    """Everything in a table."""
    if isinstance(file, Path):
        with closing(sqlite3.connect(file)) as connection:
            return rows(connection, table)
    file.row_factory = sqlite3.Row
    return [dict(row) for row in file.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]


def in_image(image: bytes, table: str) -> Rows:
    """Everything in a table of an image."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(image)
        return rows(connection, table)


def changed(image: bytes, sql: str, *values: object) -> bytes:
    """An image after a statement."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(image)
        connection.execute(sql, values)
        connection.commit()
        return connection.serialize()


def secrets_of(stage: Stage) -> list[bytes]:
    """Everything by which somebody could be found, or what they said be read."""
    found: list[bytes] = [*MARKERS]
    for row in stage.rows("SELECT chat_hash, code, key FROM identities"):
        found += [row["chat_hash"].encode(), bytes.fromhex(row["chat_hash"]), row["code"].encode(), row["key"]]
    found += [row["body"] for row in stage.rows("SELECT body FROM letters")]
    for chat in stage.phones:
        found += [str(chat).encode(), chat.to_bytes(6, "big"), chat.to_bytes(6, "little")]
    return found


# --- taking apart ----------------------------------------------------------------------------------------------


def test_the_data_are_everything_but_what_is_kept_apart(programme: Programme) -> None:
    file = programme.data()
    for table in TABLES:
        assert rows(file, table) == ([] if table in APART else rows(programme.live, table)), table
    assert {table for table in DATA_TABLES if rows(file, table)} >= {"people", "responses", "alerts", "outbox", "slots"}
    with closing(connect(file)) as copy:
        assert revision_of(copy) == HEAD
        written = "SELECT sql FROM sqlite_schema ORDER BY rowid"
        assert list(map(tuple, copy.execute(written))) == list(map(tuple, programme.stage.connection.execute(written)))


def test_the_keys_are_what_is_kept_apart(programme: Programme) -> None:
    keys = programme.keys()
    for table in APART:
        assert in_image(keys.image, table) == rows(programme.live, table)
    assert len(in_image(keys.image, "identities")) == 2 and in_image(keys.image, "letters")


def test_nobody_and_nothing_said_is_found_in_the_bytes_of_the_data(programme: Programme) -> None:
    secrets = secrets_of(programme.stage)
    data = programme.data().read_bytes()
    assert not [secret for secret in secrets if secret in data]
    live = programme.live.read_bytes() + programme.live.with_name("firstsay.db-wal").read_bytes()
    for row in programme.stage.rows("SELECT chat_hash, key FROM identities"):
        assert row["chat_hash"].encode() in live and row["key"] in live  # it can be found where it is


def test_what_was_deleted_does_not_come_along(programme: Programme) -> None:
    with closing(sqlite3.connect(programme.live)) as careless:
        careless.execute("PRAGMA secure_delete=OFF")
        careless.execute("INSERT INTO texts VALUES ('x', 'en', ?)", ("deleted marker " * 1000,))
        careless.commit()
        careless.execute("DELETE FROM texts WHERE digest = 'x'")
        careless.commit()
        careless.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"deleted marker" in programme.live.read_bytes()
    assert b"deleted marker" not in programme.data().read_bytes()
    programme.erase(programme.client)
    assert b"deleted marker" not in programme.keys().image


def test_a_copy_made_while_others_write_is_of_one_moment(programme: Programme) -> None:
    """A writer adds to an early table and to a late one in each transaction, and goes on until the copy is made."""
    texts = [(f"{number}", "en", "text") for number in range(50_000)]
    transact(programme.stage.connection, lambda c: c.executemany("INSERT INTO texts VALUES (?, ?, ?)", texts))
    start = 10**6
    done, begun = threading.Event(), threading.Event()
    commits = 0

    def write() -> None:
        nonlocal commits
        with closing(connect(programme.live)) as connection:
            while not done.is_set():
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO texts VALUES (?, 'en', 'text')", (f"{start + commits}",))
                connection.execute("INSERT INTO updates VALUES (?, 1)", (start + commits,))
                connection.execute("COMMIT")
                commits += 1
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(10)
    try:
        at_first, file = commits, programme.data()
        at_last = commits
    finally:
        done.set()
        writer.join()
    assert at_last > at_first + 1, "nobody wrote meanwhile"
    check(file)
    updates = [row["update_id"] for row in rows(file, "updates") if row["update_id"] >= start]
    assert updates == [*range(start, start + len(updates))]
    assert at_first <= len(updates) <= at_last
    assert len(rows(file, "texts")) == len(rows(programme.live, "texts")) - commits + len(updates)


def test_keys_go_only_when_somebody_was_erased(programme: Programme) -> None:
    programme.stage.phone().send("hello")  # a stranger, of whom nothing is to be kept
    other = programme.enrol()
    former = programme.keys()
    erased = programme.erase(other)
    programme.write(lambda store: store.connection.execute("DELETE FROM identities"))
    programme.write(lambda store: store.connection.execute("DELETE FROM people"))
    image = programme.keys(former).image
    kept = {row["person_id"] for row in in_image(image, "identities")}
    known = in_image(former.image, "identities")
    assert kept == {row["person_id"] for row in known if not row["code"].startswith("S-")} - {erased}
    assert len(kept) == 2 and len(known) == 4
    assert [row["person_id"] for row in in_image(image, "erased")] == [erased]


def test_who_was_erased_stays_known_from_keys_to_keys(programme: Programme) -> None:
    erased = programme.erase(programme.client)
    former = programme.keys()
    programme.write(lambda store: store.connection.execute("DELETE FROM erased"))
    programme.write(lambda store: store.later("copies", "note", **NOTED))
    later = programme.keys(former)
    assert [row["person_id"] for row in in_image(later.image, "erased")] == [erased]
    assert in_image(later.image, "copies") == [NOTED]


def test_nothing_of_an_erased_key_is_in_the_new_keys(programme: Programme) -> None:
    (row,) = programme.stage.rows(
        "SELECT chat_hash, key FROM identities WHERE person_id = ?", programme.stage.person(programme.client).id
    )
    former = programme.keys()
    assert row["key"] in former.image and row["chat_hash"].encode() in former.image
    programme.erase(programme.client)
    image = programme.keys(former).image
    assert row["key"] not in image and row["chat_hash"].encode() not in image


def test_who_was_lost_and_came_again_is_erased_under_both_numbers(programme: Programme) -> None:
    """As after a restore of a copy in which they were not yet: nobody erased them, and they are somebody new."""
    data, then = programme.data(), programme.keys()
    lost = programme.stage.person(programme.client).id
    for table in ("people", "identities"):
        programme.write(lambda store, table=table: store.now_or_not(table, "erase", person_id=lost))
    programme.client.screen.clear()
    programme.client.send(f"/start {programme.stage.invite('client')}")
    programme.client.tap("English")
    both = programme.keys(then)
    assert len(in_image(both.image, "identities")) == 3
    again = programme.erase(programme.client)
    assert {lost, again} & {row["person_id"] for row in in_image(programme.keys(both).image, "identities")} == set()
    assert join(data, both, recall(programme.live)).erased == 1
    assert not mentions(data, lost)


def boxes(keys: Keys) -> Iterator[Any]:
    """Every box that the master key and these keys give."""
    ring = Keyring(MASTER)
    yield ring.programme
    for row in in_image(keys.image, "identities"):
        yield ring.box(row["person_id"], row["key"])


def opened(data: Path, keys: Keys) -> list[bytes]:
    """Everything in the data that opens with any key, for the row where it stands."""
    found = []
    for table in DATA_TABLES:
        for row in rows(data, table):
            id_ = next(iter(row.values()))
            for column, value in row.items():
                for box in boxes(keys) if isinstance(value, bytes) and value else ():
                    with suppress(WrongKeyError):
                        found.append(box.open(value, f"{table}.{column}:{id_}"))
    return found


def test_old_data_with_new_keys_do_not_give_an_erased_client_away(programme: Programme) -> None:
    data, then = programme.data(), programme.keys()
    sealed = sum(
        isinstance(value, bytes) and bool(value) for t in DATA_TABLES for r in rows(data, t) for value in r.values()
    )
    everything = opened(data, then)
    assert len(everything) == sealed > 10
    assert {marker for marker in MARKERS if any(marker in text for text in everything)} == {*MARKERS}
    programme.erase(programme.client)
    left = opened(data, programme.keys(then))
    assert 0 < len(left) < len(everything)
    assert not [text for text in left if b"marker words" in text]


# --- the key file ----------------------------------------------------------------------------------------------


@cache
def sealed_keys() -> bytes:
    return seal(Keys(5, {"a": "b"}, b"image\nwith a line"), Keyring(MASTER))


def test_sealed_keys_open_with_their_master_key() -> None:
    assert unseal(sealed_keys(), Keyring(MASTER)) == Keys(5, {"a": "b"}, b"image\nwith a line", HEAD)
    assert b"image" not in sealed_keys()
    with pytest.raises(WrongKeyError):
        unseal(sealed_keys(), Keyring(bytes(32)))


@given(st.data())
def test_keys_of_which_a_bit_has_changed_are_refused(data: st.DataObject) -> None:
    content = bytearray(sealed_keys())
    start = content.index(b"\n")
    content[data.draw(st.integers(start, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((BrokenError, WrongKeyError)):
        unseal(bytes(content), Keyring(MASTER))


@given(st.integers(0, len(sealed_keys()) - 1))
def test_keys_that_were_cut_off_are_refused(length: int) -> None:
    with pytest.raises((BrokenError, WrongKeyError)):
        unseal(sealed_keys()[:length], Keyring(MASTER))


# --- putting together ------------------------------------------------------------------------------------------


def truncate(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def lose_a_parent(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM people")
        connection.commit()


def lose_an_index(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'people_by_role'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size + 8)
        opened.write(bytes(size - 8))


@pytest.mark.parametrize(
    "spoil",
    [
        truncate,
        lose_a_parent,
        lose_an_index,
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no database " * 1000),
    ],
)
def test_what_is_broken_is_seen(programme: Programme, spoil: Any) -> None:
    file = programme.data()
    check(file)
    spoil(file)
    with pytest.raises(BrokenError):
        check(file)


def test_what_is_newer_is_seen(programme: Programme) -> None:
    file = programme.data()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(NewerSchemaError, match="9999"):
        check(file)
    with pytest.raises(NewerSchemaError, match="9999"):
        join(programme.data(), programme.keys()._replace(revision="9999"), None)


def test_put_together_it_is_what_was_taken_apart(programme: Programme) -> None:
    file = programme.data()
    joined = join(file, programme.keys(), None)
    assert (joined.erased, joined.missing) == (0, 0)
    for table in TABLES:
        if table not in ("outbox", "marks"):
            assert rows(file, table) == rows(programme.live, table), table


def test_nothing_that_waited_is_sent_and_no_process_is_remembered(programme: Programme) -> None:
    states = ["queued", "leased", "uncertain", "sent", "blocked", "failed"]

    def spread(store: Store) -> None:
        ids = [row[0] for row in store.connection.execute("SELECT id FROM outbox ORDER BY id")]
        for number, id_ in enumerate(ids):
            state = states[number % len(states)]
            store.connection.execute("UPDATE outbox SET state = ? WHERE id = ?", (state, id_))
        for name in ("offset", "running", "truncate"):
            store.later("marks", "put", name=name, value=1)

    programme.write(spread)
    before = {row["id"]: row for row in rows(programme.live, "outbox")}
    waiting = {id_ for id_, row in before.items() if row["state"] in states[:3]}
    file = programme.data()
    assert join(file, programme.keys(), None).unsent == len(waiting) > 3
    for id_, row in {row["id"]: row for row in rows(file, "outbox")}.items():
        given_up = {"state": "expired", "reason": "restored", "body": b""} if id_ in waiting else {}
        assert row == before[id_] | given_up
    assert [row["name"] for row in rows(file, "marks")] == ["truncate"]


def mentions(file: Path, person: int) -> set[str]:
    """The tables in which a person's number stands."""
    return {
        table
        for table in TABLES
        if any(f"{person}" in f"{value}" for row in rows(file, table) for value in row.values())
    }


@pytest.mark.parametrize("known_by", ["the keys", "the present database", "nobody"])
def test_who_was_erased_is_erased_again(programme: Programme, known_by: str) -> None:
    other = programme.stage.person(programme.enrol()).id
    data, then = programme.data(), programme.keys()
    person = programme.erase(programme.client)
    match known_by:
        case "the keys":
            joined = join(data, programme.keys(then), None)
        case "the present database":
            joined = join(data, then, recall(programme.live))
        case _:  # as after a stranger was forgotten
            image = changed(then.image, "DELETE FROM identities WHERE person_id = ?", person)
            joined = join(data, then._replace(image=image), None)
    assert joined.erased == 1
    assert mentions(data, person) == (set() if known_by == "nobody" else {"erased"})
    assert mentions(data, other) >= {"people", "identities", "responses", "alerts", "slots", "outbox", "invitations"}
    check(data)


def test_a_message_of_theirs_that_could_not_be_handled_does_not_come_back(programme: Programme) -> None:
    programme.enrol()
    data, then = programme.data(), programme.keys()
    one, other = in_image(then.image, "letters")
    assert join(programme.data("as it was.db"), then, recall(programme.live)).erased == 0
    assert rows(programme.folder / "as it was.db", "letters") == [one, other]
    programme.erase(programme.client)
    programme.write(lambda store: store.later("letters", "insert", **other))
    join(data, then, recall(programme.live))
    assert rows(data, "letters") == [other]


def test_nothing_of_the_erased_is_between_the_rows_either(programme: Programme) -> None:
    sealed = [row["words"] for row in programme.stage.rows("SELECT words FROM responses WHERE words IS NOT NULL")]
    data, then = programme.data(), programme.keys()
    assert sealed and all(words in data.read_bytes() for words in sealed)
    person = programme.erase(programme.client)
    (identity,) = [row for row in in_image(then.image, "identities") if row["person_id"] == person]
    join(data, then, recall(programme.live))
    packed = programme.folder / "packed.db"
    pack(data, packed)
    check(packed)
    content = packed.read_bytes()
    assert not [value for value in (*sealed, identity["key"], identity["chat_hash"].encode()) if value in content]


def test_a_packed_database_holds_nothing_that_was_deleted(tmp_path: Path) -> None:
    loose, packed = tmp_path / "loose.db", tmp_path / "packed.db"
    with closing(sqlite3.connect(loose, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE t (name)")
        connection.executemany("INSERT INTO t VALUES (?)", [("a marker",), ("another",)])
        connection.execute("DELETE FROM t WHERE name = 'a marker'")
    assert b"a marker" in loose.read_bytes()
    pack(loose, packed)
    assert b"a marker" not in packed.read_bytes()
    assert name_in(packed) == [("another",)]


def test_who_came_later_is_counted_and_left_out(programme: Programme) -> None:
    data = programme.data()
    later = programme.stage.person(programme.enrol()).id
    programme.stage.phone().send("hello")
    joined = join(data, programme.keys(), None)
    assert (joined.missing, joined.erased) == (1, 0)
    assert not mentions(data, later)


def test_copies_that_were_noted_since_stay_noted(programme: Programme) -> None:
    data, then = programme.data(), programme.keys()
    programme.write(lambda store: store.later("copies", "note", **NOTED))
    join(data, then, recall(programme.live))
    assert rows(data, "copies") == [NOTED]


def test_two_people_with_one_code_do_not_fit(programme: Programme) -> None:
    programme.enrol()
    keys = programme.keys()
    keys = keys._replace(image=changed(keys.image, "UPDATE identities SET code = 'C-1'"))
    with pytest.raises(BrokenError):
        join(programme.data(), keys, None)


@pytest.mark.parametrize(("of_data", "of_keys"), [("0001", HEAD), ("0002", "0002")])
def test_older_data_are_brought_up_to_date(programme: Programme, of_data: str, of_keys: str) -> None:
    """First to where the keys are, then to where this version is."""
    data = programme.data()
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    engine = create_engine(f"sqlite:///{data}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, of_data)
        connection.commit()
    engine.dispose()
    check(data)
    join(data, programme.keys()._replace(revision=of_keys), None)
    with closing(connect(data)) as restored:
        assert revision_of(restored) == HEAD
    assert rows(data, "responses") == rows(programme.live, "responses")
    assert rows(data, "identities") == rows(programme.live, "identities")


# --- putting in place ------------------------------------------------------------------------------------------


def make(file: Path, name: str) -> Path:
    with closing(connect(file)) as connection:
        connection.execute("CREATE TABLE t (name)")
        connection.execute("INSERT INTO t VALUES (?)", (name,))
        connection.execute("PRAGMA journal_mode=DELETE")
    return file


def name_in(file: Path) -> list[tuple[Any, ...]]:
    with closing(connect(file)) as connection:
        return list(map(tuple, connection.execute("SELECT name FROM t")))


def die_with_a_log(file: Path, name: str) -> None:
    """Leave the database as a process leaves it that was killed: what it wrote last stands only in the log."""
    with closing(connect(file)) as connection:
        connection.execute("INSERT INTO t VALUES (?)", (name,))
        left = {path: path.read_bytes() for path in (file, file.with_name(f"{file.name}-wal"))}
    for path, content in left.items():
        path.write_bytes(content)


@pytest.mark.parametrize("present", ["sound", "no database", "only its log"])
def test_the_log_of_the_old_database_is_not_taken_for_the_new_one(tmp_path: Path, present: str) -> None:
    old, new = make(tmp_path / "old.db", "old"), make(tmp_path / "new.db", "new")
    die_with_a_log(old, "older still")
    assert (tmp_path / "old.db-wal").stat().st_size
    if present == "no database":
        old.write_bytes(b"rubble " * 1000)
    if present == "only its log":
        old.unlink()
    put_in_place(new, old)
    assert name_in(old) == [("new",)]
    assert [path.name for path in tmp_path.iterdir()] == ["old.db"]


def test_cut_off_before_the_end_it_leaves_the_old_database_whole(tmp_path: Path) -> None:
    old = make(tmp_path / "old.db", "old")
    die_with_a_log(old, "older still")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "nothing.db", old)
    assert name_in(old) == [("old",), ("older still",)]


def test_nobody_opens_the_old_database_while_it_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = make(tmp_path / "old.db", "old"), make(tmp_path / "new.db", "new")

    def look(self: Path, target: Path) -> None:
        with closing(sqlite3.connect(target, timeout=0)) as other:
            other.execute("SELECT * FROM t")

    monkeypatch.setattr(Path, "replace", look)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        put_in_place(new, old)


@pytest.mark.parametrize("busy", ["BEGIN IMMEDIATE", "BEGIN", "SELECT 1"])
def test_nothing_is_put_in_the_place_of_what_others_work_on(tmp_path: Path, busy: str) -> None:
    old, new = make(tmp_path / "old.db", "old"), make(tmp_path / "new.db", "new")
    with closing(connect(old)) as connection:
        connection.execute("INSERT INTO t VALUES ('more')")
        connection.execute(busy)
        connection.execute("SELECT * FROM t").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            put_in_place(new, old)
    assert name_in(old) == [("old",), ("more",)]
    assert new.exists()
    put_in_place(new, old)
    assert name_in(old) == [("new",)]
