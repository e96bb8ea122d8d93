"""Erased is erased: what a client left anywhere is found nowhere after it, in the real process, over real HTTP.

A marker stands in every field that a client can fill. After the erasure the database file, its log, a vacuumed copy,
the backup from before with the key file of after, the outbox, an export and everybody's phones are searched: as bytes,
and opened with every key there is. Sealed values are searched for as they stood in the file before, since a marker
that is sealed is not seen in it anyway.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.demo.chats import Phone
from bot.demo.telegram import Standin
from bot.erasing import TRUNCATE
from storage import people
from storage.keys import Box, Keyring, WrongKeyError
from storage.people import Person
from storage.store import Store
from tests.chaos.conftest import WAYS, MakeBot
from tests.chaos.home import Home
from tests.chaos.lives import run_command, wait_until

MARK = "zq-mark-zq"
LENGTH = 24
"""Bytes of a sealed value that are searched for: nonce and the beginning of what follows, which no other value has."""


class Hand:
    """Somebody who taps by the words on the buttons, and waits for the answer."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self._tapped: set[str] = set()

    async def tap(self, *labels: str) -> Hand:
        """Tap one after the other, each when it is there; no button twice."""
        for label in labels:
            data, message = await self.phone.until(partial(self._button, label=label), 10)
            self._tapped.add(data)
            self.phone.tap_data(message, data)
        return self

    async def says(self, words: str) -> Hand:
        self.phone.send(words)
        return self

    async def sees(self, words: str) -> Hand:
        await self.phone.until(lambda phone: any(words in (m.text or "") for m in phone.messages), 10)
        return self

    def _button(self, phone: Phone, label: str) -> tuple[str, int] | None:
        for message in reversed(phone.messages):
            for row in message.buttons:
                for shown, data in row:
                    if data and data not in self._tapped and shown.lstrip("☐☑ ").startswith(label):
                        return data, message.message_id
        return None

    @property
    def everything(self) -> str:
        return "\n".join(f"{message.text} {message.buttons}" for message in self.phone.messages)


def sealed_of(database: Path, person: int) -> dict[str, bytes]:
    """Every sealed value of somebody, and of what is about them, by its place."""
    owners = {"people": "id", "alerts": "client_id", "identities": "person_id"}
    found: dict[str, bytes] = {}
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        for table, columns in _sealed_columns(connection):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            owner = owners.get(table) or next((n for n in ("subject_id", "person_id") if n in names), None)
            condition = f"{owner} = {person}" if owner else "1"
            if table == "lines":
                condition = f"talk_id IN (SELECT id FROM talks WHERE client_id = {person})"
            for column in columns:
                for rowid, value in connection.execute(f"SELECT rowid, {column} FROM {table} WHERE {condition}"):
                    if value and len(value) > LENGTH:
                        found[f"{table}.{column}:{rowid}"] = bytes(value)[:LENGTH]
    return found


def _sealed_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[2] == "BLOB"]
        if columns:
            yield table, columns


def opened(database: Path, boxes: list[Box]) -> Iterator[bytes]:
    """Every sealed value of a database that opens with any of these keys, and every text that lies open."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            cursor = connection.execute(f"SELECT * FROM {table}")
            names = [each[0] for each in cursor.description]
            for row in cursor:
                values = dict(zip(names, row, strict=True))
                place = values.get("id", values.get("person_id", values.get("update_id")))
                for name, value in values.items():
                    yield from _open(value, f"{table}.{name}:{place}", boxes)


def _open(value: Any, place: str, boxes: list[Box]) -> Iterator[bytes]:
    if not isinstance(value, bytes):
        yield str(value).encode()
        return
    for box in boxes:
        try:
            yield box.open(value, place)
        except WrongKeyError:
            continue


def keys_in(database: Path, keyring: Keyring) -> list[Box]:
    """Every key that a database and the master key give."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT person_id, key FROM identities").fetchall()
    return [keyring.programme, *(Keyring.box(keyring, person, key) for person, key in rows)]


async def fill_every_field(client: Hand, worker: Hand, lead: Hand) -> None:
    """A marker in everything that a client can say, and staff who have read and answered it."""
    await client.says("/needs")
    await client.tap("4")
    await client.sees("What would help you most")
    await client.says(f"{MARK} in a meaning")
    await client.sees("2 of 21")
    await client.tap("4")
    await client.sees("What would help you most")
    client.phone.voice(f"OggS {MARK}".encode())
    await client.sees("3 of 21")
    await client.says(f"{MARK} that is no answer")
    client.phone.photo(caption=MARK)
    for _number in range(19):
        await client.tap("Skip")
    await client.tap("Yes, go on", "Today", "Today", "Here in this chat")
    await client.says(f"{MARK} when it is safe")
    await client.tap("Yes, send it")
    await worker.tap("I'll take it")
    await worker.sees(f"{MARK} in a meaning")
    await worker.tap("Write to")
    await worker.says(f"{MARK} from the desk")
    await client.tap("Write to")
    await client.says(f"{MARK} in a line")
    await worker.sees(f"{MARK} in a line")
    await client.says("/feedback")
    await client.sees("programme lead")
    await client.says(f"{MARK} to the lead")
    await client.tap("Yes, with my code")
    await lead.says("/menu")
    await lead.tap("What people wrote")
    await lead.sees("new")


def _is_cut(store: Store) -> bool:
    return bool(store.value("marks", "get", name=TRUNCATE) == 0)


def _clients(store: Store) -> list[Person]:
    return people.find_by_role(store, "client")


async def erase(client: Hand) -> None:
    await client.says("/mine")
    await client.tap("Take it as a file", "Yes, make the file", "Erase everything", "Erase now", "Yes, erase now")
    await client.sees("It is done.")


@pytest.mark.parametrize("way", WAYS)
async def test_what_a_client_left_anywhere_is_found_nowhere(
    way: str, home: Home, standin: Standin, make_bot: MakeBot, tmp_path: Path
) -> None:
    bot = make_bot(way)
    phones = [standin.person(name, "en", opened=True) for name in ("Aye", "Lin", MARK, "Other")]
    home.admit(phones[0], phones[2:], names=[MARK, "Other"])
    home.admit_lead(phones[1])
    worker, lead, client, other = map(Hand, phones)
    await bot.start()
    await fill_every_field(client, worker, lead)
    await other.says("/menu")
    code, _printed, errors = await run_command("backup", str(tmp_path / "backup"), variables=bot.variables)
    assert code == 0, errors
    chats = {one.chat: one for one in home.read(_clients)}
    person = chats[client.phone.chat_id]
    before = sealed_of(home.database, person.id)
    assert {place.partition(".")[0] for place in before} >= {
        *("people", "identities", "responses", "alerts", "lines", "voices", "feedback", "sessions"),
    }
    assert any(MARK.encode() in value for value in opened(home.database, keys_in(home.database, home.keyring)))

    await erase(client)
    await wait_until(lambda: home.read(_is_cut), "the log is not cut", timeout=20)
    for table, query in {"outbox": "subject_id = :p OR person_id = :p", "people": "id = :p"}.items():
        assert not home.read(
            lambda store, q=query, t=table: store.connection.execute(  # type: ignore[misc]
                f"SELECT 1 FROM {t} WHERE {q}", {"p": person.id}
            ).fetchall()
        )

    # As bytes while the bot goes on: the file and its write-ahead log.
    for file in (home.database, home.database.with_name(f"{home.database.name}-wal")):
        assert not [place for place, value in before.items() if value in file.read_bytes()], file.name

    # On everybody's phone.
    await worker.sees("A client has erased everything")
    for hand in (worker, lead, other):
        assert MARK not in hand.everything
        assert person.code not in hand.everything
    assert [message.text for message in client.phone.messages] == [client.phone.last.text]
    assert "It is done." in client.phone.last.text

    # As bytes: the file, a vacuumed copy, the log of the bot.
    assert await bot.stop() == 0
    vacuumed = tmp_path / "vacuumed.db"
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(vacuumed),))
    for file in (home.database, vacuumed, *home.path.glob("*-wal")):
        content = file.read_bytes()
        assert MARK.encode() not in content
        assert person.code.encode() not in content
        assert not [place for place, value in before.items() if value in content], file.name
    assert MARK not in bot.said()

    # Opened with every key there is now, also the backup from before.
    boxes = keys_in(home.database, home.keyring)
    code, _printed, errors = await run_command("backup", str(tmp_path / "backup"), variables=bot.variables)
    assert code == 0, errors
    copies = sorted((tmp_path / "backup").glob("*.db"))
    assert len(copies) == 2
    for database in (home.database, *copies):
        assert not [value for value in opened(database, boxes) if MARK.encode() in value], database.name
    for file in (tmp_path / "backup").iterdir():
        content = file.read_bytes()
        assert MARK.encode() not in content
        assert person.code.encode() not in content
        assert before[f"identities.key:{person.id}"] not in content, file.name

    # An export made after, and a restore of the data from before.
    code, _printed, errors = await run_command("export", str(tmp_path / "out"), "--words", variables=bot.variables)
    assert code == 0, errors
    for file in (tmp_path / "out").iterdir():
        assert MARK not in file.read_text("utf-8-sig")
        assert person.code not in file.read_text("utf-8-sig")
    older = ("restore", str(tmp_path / "backup"), "--from", copies[0].name, "--replace")
    code, _printed, errors = await run_command(*older, variables=bot.variables)
    assert code == 0, errors
    assert person.id not in {one.id for one in home.read(_clients)}
    content = home.database.read_bytes()
    assert not [place for place, value in before.items() if value in content]
