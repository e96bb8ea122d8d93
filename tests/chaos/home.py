"""A programme's home that is ready to be played in, and what can be read from it when the bot is not running."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from bot.demo.chats import Phone
from bot.hours import WEEKDAYS
from bot.init import create_home, initialise, read_master_key
from bot.settings import Environment
from bot.turn import read_sending
from conversations.client.enrolment import PURPOSES, ROLES
from storage import people
from storage.database import connect, transact
from storage.keys import Keyring
from storage.people import Person
from storage.schema import prepare
from storage.store import Row, Store
from tests.rounds.running import add_consent

T = TypeVar("T")

PROGRAMME = """\
organisation = "Harbour House"
languages = ["en", "my"]
default_language = "en"
time_zone = "UTC"
currency = "MMK"

[sending]  # the stand-in sets no limits here, and the tests are not about waiting
per_second = 10000
per_chat_second = 10000

[hours]
""" + "\n".join(f'{day} = ["00:00-24:00"]' for day in WEEKDAYS)


class Kept(NamedTuple):
    """One response as it is in the store."""

    item: str
    status: str
    value: int | None
    words: str


Content = tuple[int, str, str]
"""A message: its chat, its text, its keyboard as JSON."""


def content_of(chat: int, payload: dict[str, object]) -> Content:
    """What makes a message the same message."""
    return chat, str(payload["text"]), json.dumps(payload.get("reply_markup"), sort_keys=True)


class Home:
    """A home in which everybody has come in already."""

    def __init__(self, path: Path) -> None:
        self.path = path
        environment = Environment.model_construct(home=path)
        create_home(path)
        environment.programme_file.write_text(PROGRAMME, "utf-8")
        initialise(environment)
        self.database = environment.database_file
        self.keyring = Keyring(read_master_key(path))
        with closing(connect(self.database)) as connection:
            prepare(self.database, connection)

    def admit(self, caseworker: Phone, clients: Sequence[Phone], names: Sequence[str] = ()) -> None:
        """Let these people in: everybody has consented to everything, and has the one caseworker."""

        def work(connection: sqlite3.Connection) -> None:
            store = Store(connection, self.keyring, datetime.now(UTC))
            worker = _admit(store, caseworker, "caseworker", None, "Worker")
            for number, phone in enumerate(clients):
                client = _admit(store, phone, "client", worker.id, names[number] if names else None)
                for purpose in (*PURPOSES, *(f"tell:{role}" for role in ROLES)):
                    add_consent(store, client, purpose)
            store.flush()

        with closing(connect(self.database)) as connection:
            transact(connection, work)

    def admit_lead(self, lead: Phone) -> None:
        """Let a programme lead in."""

        def work(connection: sqlite3.Connection) -> None:
            store = Store(connection, self.keyring, datetime.now(UTC))
            _admit(store, lead, "lead", None, "Lin")
            store.flush()

        with closing(connect(self.database)) as connection:
            transact(connection, work)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store as it is on the disk now, read from a copy: looking must not mend what a crash left."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.database.name
            for suffix in ("", "-wal"):
                found = self.database.with_name(self.database.name + suffix)
                if found.exists():
                    shutil.copyfile(found, copy.with_name(copy.name + suffix))
            with closing(connect(copy)) as connection:
                yield Store(connection, self.keyring, datetime.now(UTC))

    def read(self, work: Callable[[Store], T]) -> T:
        """One thing from the store."""
        with self.store() as store:
            return work(store)

    def responses(self) -> dict[int, list[Kept]]:
        """What each client said, by chat, in order."""
        return self.read(_responses)

    def exported(self) -> dict[int, list[tuple[str, str, int | None]]]:
        """Every rating in `firstsay export`, by chat, in the file's order: need, status, rating."""
        chats = self.read(lambda store: {one.code: one.chat for one in people.find_by_role(store, "client")})
        found: dict[int, list[tuple[str, str, int | None]]] = {chat: [] for chat in chats.values()}
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "export"
            command = [sys.executable, "-m", "bot", "export", str(target)]
            subprocess.run(
                command, env={**os.environ, "FIRSTSAY_HOME": str(self.path)}, check=True, capture_output=True
            )
            with (target / "ratings.csv").open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    if row["status"] != "not_asked":
                        rating = int(row["rating"]) if row["rating"] else None
                        found[chats[row["client"]]].append((row["need"], row["status"], rating))
        return found

    def alerts(self) -> dict[int, list[int]]:
        """The ids of each client's alerts, by chat."""

        def work(store: Store) -> dict[int, list[int]]:
            chats = _chats(store)
            found: dict[int, list[int]] = {chat: [] for chat in chats.values()}
            for row in _select(store, "SELECT client_id, id FROM alerts ORDER BY id"):
                found[chats[row["client_id"]]].append(row["id"])
            return found

        return self.read(work)

    def letters(self) -> Counter[str]:
        """How many updates were set aside, by reason."""
        return Counter(row["error"] for row in self.read(lambda store: _select(store, "SELECT error FROM letters")))

    def in_doubt(self) -> Counter[Content]:
        """Messages that may or may not have been sent when the process died."""
        return self.read(_in_doubt)

    def outbox(self) -> Counter[str]:
        """How many rows of the outbox are in which state."""
        return Counter(row["state"] for row in self.read(lambda store: _select(store, "SELECT state FROM outbox")))


def _admit(store: Store, phone: Phone, role: str, caseworker: int | None, name: str | None) -> Person:
    person = people.admit(store, people.add_stranger(store, phone.chat_id, "en"), role, caseworker)
    person = replace(person, adult=True if role == "client" else None, name=name)
    people.save(store, person)
    return person


def _select(store: Store, query: str) -> list[Row]:
    return store.connection.execute(query).fetchall()


def _chats(store: Store) -> dict[int, int]:
    return {person.id: person.chat for person in people.find_by_role(store, "client")}


def _responses(store: Store) -> dict[int, list[Kept]]:
    chats = _chats(store)
    found: dict[int, list[Kept]] = {chat: [] for chat in chats.values()}
    rows = _select(store, "SELECT r.*, i.key FROM responses r JOIN identities i USING (person_id) ORDER BY r.id")
    for row in rows:
        words = ""
        if row["words"] is not None:
            box = store.keyring.box(row["person_id"], row["key"])
            words = json.loads(box.open(row["words"], f"responses.words:{row['id']}")).get("text", "")
        found[chats[row["person_id"]]].append(Kept(row["item"], row["status"], row["value"], words))
    return found


def _in_doubt(store: Store) -> Counter[Content]:
    rows = _select(
        store,
        "SELECT o.*, i.key FROM outbox o JOIN identities i ON i.person_id = coalesce(o.subject_id, o.person_id)"
        " WHERE o.method = 'show' AND o.state IN ('leased', 'uncertain')",
    )
    known = people.find_by_ids(store, {row["person_id"] for row in rows})
    sendings = [read_sending(store, row, known[row["person_id"]]) for row in rows]
    return Counter(content_of(sending.person.chat, sending.payload) for sending in sendings)
