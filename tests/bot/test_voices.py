"""A voice note: its sound is kept sealed before it is taken from the chat."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.delivery import Delivery
from bot.demo.chats import Phone
from bot.demo.messages import Json
from bot.demo.telegram import TOKEN, Standin
from bot.pace import Pace
from bot.request import AiohttpRequest
from bot.telegram import Telegram
from bot.voices import MOST_TRIES, Voices
from storage import people
from storage.database import Connection, connect, open_database
from storage.keys import Keyring
from storage.people import Person
from storage.store import Store
from tests.dialogue.stories import begin_rating, enrol
from tests.player import MASTER, MONDAY, PROGRAMME, Stage

SOUND = b"OggS " + b"my sister is still there " * 500


class Room:
    """Voices at work against the stand-in, on a real database."""

    def __init__(self, path: Path, database: Connection, standin: Standin, request: AiohttpRequest) -> None:
        self.path = path
        self.database = database
        self.standin = standin
        self.now = MONDAY
        self.keyring = Keyring(MASTER)
        pace = Pace(10_000, 10_000, asyncio.get_running_loop().time)
        telegram = Telegram(standin.url, TOKEN, request)
        self.delivery = Delivery(database, telegram, self.keyring, PROGRAMME, pace)
        base = f"{standin.url}/bot"
        files = f"{standin.url}/file/bot"
        bot = Bot(TOKEN, base_url=base, base_file_url=files, request=request, get_updates_request=request)
        self.voices = Voices(database, bot, self.delivery, self.keyring, PROGRAMME)

    def clock(self) -> datetime:
        return self.now

    async def admit(self, phone: Phone) -> Person:
        def work(connection: sqlite3.Connection) -> Person:
            store = Store(connection, self.keyring, self.now)
            person = people.admit(store, people.add_stranger(store, phone.chat_id, "en"), "client", None)
            people.save(store, replace(person, adult=True))
            store.flush()
            return person

        return await self.database.transact(work)

    async def receive(self, phone: Phone, person: Person, sound: bytes = SOUND) -> int:
        """Somebody speaks, and a turn keeps the row that is to fetch it."""
        note = phone.voice(sound)

        def work(connection: sqlite3.Connection) -> int:
            store = Store(connection, self.keyring, self.now)
            id_ = store.new_id()
            body = person.box.seal(json.dumps({"file": note.file_id, "size": 1}).encode(), f"voices.body:{id_}")
            values = {"person_id": person.id, "message_id": note.message_id, "seconds": 4}
            store.later("voices", "insert", id=id_, body=body, due_at=store.at, **values)
            store.flush()
            return id_

        return await self.database.transact(work)

    async def fetch(self) -> None:
        await self.voices.fetch()
        while self.delivery._tasks:
            await asyncio.wait({*self.delivery._tasks})
        await self.delivery.note_marks()

    def row(self, id_: int) -> dict[str, Any]:
        """The row as another process sees it."""
        with closing(connect(self.path, read_only=True)) as connection:
            return dict(connection.execute("SELECT * FROM voices WHERE id = ?", (id_,)).fetchone())


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    path = tmp_path / "firstsay.db"
    Stage(path=path).connection.close()
    request = AiohttpRequest()
    await request.initialize()
    database = await open_database(path)
    async with Standin() as standin:
        room = Room(path, database, standin, request)
        for module in ("voices", "delivery"):
            monkeypatch.setattr(f"bot.{module}.now", room.clock)
        monkeypatch.setattr("bot.delivery.FIRST_WAIT", 0.01)
        yield room
    await database.close()
    await request.shutdown()


@pytest.fixture
def phone(room: Room) -> Phone:
    return room.standin.person("Somebody", "en", opened=True)


async def test_the_sound_is_kept_sealed_under_its_persons_key(room: Room, phone: Phone) -> None:
    person = await room.admit(phone)
    id_ = await room.receive(phone, person)
    await room.fetch()
    row = room.row(id_)
    assert row["state"] == "kept"
    assert person.box.open(row["sound"], f"voices.sound:{id_}") == SOUND
    for file in room.path.parent.iterdir():
        assert b"my sister" not in file.read_bytes()
    calls = room.standin.counts["getfile"]
    await room.fetch()
    assert room.standin.counts["getfile"] == calls, "what is kept is not fetched again"


async def test_it_is_taken_from_the_chat_only_after_its_bytes_are_committed(room: Room, phone: Phone) -> None:
    person = await room.admit(phone)
    id_ = await room.receive(phone, person)
    states: list[str] = []

    def look(method: str, _values: Json) -> None:
        if method == "deleteMessage":
            states.append(room.row(id_)["state"])

    room.standin.before.append(look)
    await room.fetch()
    assert states == ["kept"]
    assert phone.messages == []


async def test_it_stays_in_the_chat_while_its_bytes_cannot_be_kept(
    room: Room, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await room.admit(phone)
    id_ = await room.receive(phone, person)

    async def fail(_work: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(room.database, "transact", fail)
        with pytest.raises(sqlite3.OperationalError):
            await room.voices.fetch()
    assert len(phone.messages) == 1
    assert room.row(id_)["state"] == "waiting"
    assert room.row(id_)["attempts"] == 0
    await room.fetch()
    assert room.row(id_)["state"] == "kept"
    assert phone.messages == []


@pytest.mark.parametrize("trouble", ["500", "no answer", "the file is gone for a moment", "400"])
async def test_one_that_cannot_be_fetched_is_tried_again_later_and_stays_in_the_chat(
    room: Room, phone: Phone, trouble: str
) -> None:
    person = await room.admit(phone)
    id_ = await room.receive(phone, person)
    match trouble:
        case "500":
            room.standin.fail("getFile", 500)
        case "no answer":
            room.standin.drop("getFile")
        case "400":
            room.standin.fail("getFile", 400, description="Bad Request: file is temporarily unavailable")
        case _:
            files, room.standin.chats.files = room.standin.chats.files, {}
    await room.fetch()
    if trouble == "the file is gone for a moment":
        room.standin.chats.files = files
    row = room.row(id_)
    assert (row["state"], row["attempts"], row["sound"]) == ("waiting", 1, None)
    assert len(phone.messages) == 1
    await room.fetch()
    assert room.row(id_)["attempts"] == 1, "it waits"
    room.now += timedelta(seconds=5)
    await room.fetch()
    assert room.row(id_)["state"] == "kept"
    assert phone.messages == []


async def test_waits_double_up_to_an_hour_and_after_a_day_it_is_given_up_as_lost(room: Room, phone: Phone) -> None:
    person = await room.admit(phone)
    id_ = await room.receive(phone, person)
    room.standin.fail("getFile", 500, times=MOST_TRIES + 1)
    waits = []
    for _try in range(MOST_TRIES):
        assert room.row(id_)["state"] == "waiting"
        await room.fetch()
        waits.append(room.row(id_)["due_at"] - int(room.now.timestamp()))
        room.now += timedelta(seconds=waits[-1])
    assert waits[:10] == [5 * 2**n for n in range(10)]
    assert set(waits[10:]) == {3600}
    assert timedelta(days=1) < timedelta(seconds=sum(waits[:-1])) < timedelta(days=2)
    assert room.row(id_)["state"] == "lost"
    await room.fetch()
    assert room.standin.counts["getfile"] == MOST_TRIES
    assert len(phone.messages) == 1, "what is lost here is not taken from the phone"


async def test_one_that_is_not_to_be_had_does_not_hold_up_the_others(room: Room, phone: Phone) -> None:
    person = await room.admit(phone)
    ids = [await room.receive(phone, person, SOUND + bytes([number])) for number in range(4)]
    room.standin.fail("getFile", 400, description="Bad Request: invalid file_id")
    await room.fetch()
    assert [room.row(id_)["state"] for id_ in ids] == ["waiting", "kept", "kept", "kept"]


async def test_one_whose_person_is_forgotten_meanwhile_is_not_kept(room: Room, phone: Phone) -> None:
    person = await room.admit(phone)
    await room.receive(phone, person)

    async def forget(method: str, _values: Json) -> None:
        if method == "getFile":
            await room.database.transact(lambda c: c.execute("DELETE FROM people WHERE id = ?", (person.id,)))

    room.standin.before.append(forget)
    await room.fetch()
    counted = await room.database.read(lambda c: c.execute("SELECT count(*) FROM voices").fetchone())
    assert counted[0] == 0


def test_a_voice_note_in_an_answer_makes_a_row_that_fetches_it_and_is_not_deleted_yet() -> None:
    stage = Stage()
    client = begin_rating(enrol(stage)).tap("4")
    before = len(client.screen)
    client.voice(seconds=7)
    row = stage.rows("SELECT * FROM voices")[0]
    assert (row["state"], row["seconds"], row["attempts"]) == ("waiting", 7, 0)
    assert any(not message.slot and message.id == row["message_id"] for message in client.screen)
    assert len(client.screen) == before + 1
    answered = stage.ratings(client)[-1]
    assert answered[0].endswith(".meaning")
    assert answered[1] == "answered"
