"""The webhook: who may post, and that 200 means kept. (`bot.demo.webhook`, Telegram's side, has tests of its own.)"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.delivery import Delivery
from bot.demo.telegram import Standin
from bot.intake import Intake, Webhook
from bot.pace import Pace
from bot.request import AiohttpRequest
from bot.telegram import Telegram
from bot.turns import MOST_TURNS, Taken, Turns
from storage.database import Connection, connect, open_database
from storage.keys import Keyring
from tests.player import MASTER, PROGRAMME, Stage

SECRET = "a-secret-of-the-webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Door:
    """The webhook as it stands open: a database, what is posted, and what the turns get."""

    def __init__(
        self, path: Path, url: str, database: Connection, http: aiohttp.ClientSession, webhook: Webhook
    ) -> None:
        self.path = path
        self.webhook = webhook
        self.url = url
        self.database = database
        self.http = http
        self.batches: list[list[int]] = []
        self.held = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def post(self, update: object, secret: str | None = SECRET, **settings: Any) -> int:
        headers = {} if secret is None else {HEADER: secret}
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        async with self.http.post(self.url, data=body, headers=headers | settings) as answer:
            assert await answer.read() is not None
            return answer.status

    def kept(self) -> list[int]:
        """The updates that another process sees."""
        with closing(connect(self.path, read_only=True)) as connection:
            return [row[0] for row in connection.execute("SELECT update_id FROM updates ORDER BY update_id")]


def update(number: int, chat: int = 700, text: str = "/start") -> dict[str, Any]:
    private = {"id": chat, "type": "private"}
    sender = {"id": chat, "is_bot": False, "first_name": "Somebody"}
    content = {"message_id": number, "date": 1000, "chat": private, "from": sender, "text": text}
    return {"update_id": number, "message": content}


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield "http://{}:{}/in".format(*runner.addresses[0])
    finally:
        await runner.cleanup()


@pytest.fixture
async def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    path = tmp_path / "firstsay.db"
    Stage(path=path).connection.close()
    monkeypatch.setattr("bot.intake.FIRST_WAIT", 0)
    request, keyring = AiohttpRequest(), Keyring(MASTER)
    await request.initialize()
    database = await open_database(path)
    pace = Pace(10_000, 10_000, asyncio.get_running_loop().time)
    async with Standin() as standin, aiohttp.ClientSession() as http:
        delivery = Delivery(database, Telegram(standin.url, standin.token, request), keyring, PROGRAMME, pace)
        turns = Turns(keyring, PROGRAMME)
        webhook = Webhook(Intake(database, turns, delivery, keyring), SECRET)
        async with serve(webhook.app("/in")) as url:
            door = Door(path, url, database, http, webhook)
            watch(door, turns, monkeypatch)
            running = asyncio.create_task(webhook.run())
            yield door
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            for task in [*delivery._tasks]:
                task.cancel()
            await asyncio.gather(*delivery._tasks, return_exceptions=True)
    await database.close()
    await request.shutdown()


def watch(door: Door, turns: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    """Note what each batch holds, and hold commits back while the door says so."""
    take, transact = turns.take, door.database.transact

    def spy(connection: sqlite3.Connection, updates: Sequence[Any], *rest: Any) -> Taken:
        door.batches.append([each["update_id"] for each in updates])
        return take(connection, updates, *rest)

    async def hold(work: Callable[[sqlite3.Connection], Any]) -> Any:
        if not door.go_on.is_set():
            door.held.set()
            await door.go_on.wait()
        return await transact(work)

    monkeypatch.setattr(turns, "take", spy)
    monkeypatch.setattr(door.database, "transact", hold)


# --- who may post ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper()])
async def test_without_the_secret_nothing_is_read(door: Door, secret: str | None) -> None:
    assert await door.post(update(1), secret) == 403
    assert await door.post(b"not even JSON", secret) == 403
    assert door.kept() == []


async def test_a_secret_that_is_no_text_is_a_wrong_one(door: Door) -> None:
    host, port = door.url.removeprefix("http://").removesuffix("/in").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /in HTTP/1.1\r\nHost: x\r\n%s: \xff\xfe\r\nContent-Length: 0\r\n\r\n" % HEADER.encode())
    assert (await reader.readline()).split()[1] in (b"400", b"403")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[]", b"5", b"null", b'"update_id"', b"{}", b'{"update_id": "5"}', b'{"update_id": 5.5}'],
)
async def test_what_is_no_update_is_refused(door: Door, body: bytes) -> None:
    assert await door.post(body) == 400
    assert door.kept() == []


async def test_there_is_nothing_else_behind_the_address(door: Door) -> None:
    async with door.http.get(door.url, headers={HEADER: SECRET}) as answer:
        assert answer.status == 405
    async with door.http.post(door.url + "side", headers={HEADER: SECRET}) as answer:
        assert answer.status == 404


# --- what 200 means --------------------------------------------------------------------------------------


async def test_200_is_said_only_after_the_commit(door: Door) -> None:
    door.go_on.clear()
    posting = asyncio.create_task(door.post(update(1)))
    await asyncio.wait_for(door.held.wait(), 5)
    done, _waiting = await asyncio.wait({posting}, timeout=0.1)
    assert not done
    assert door.kept() == []
    door.go_on.set()
    assert await posting == 200
    assert door.kept() == [1]


async def test_an_update_that_could_not_be_handled_is_kept_all_the_same(door: Door) -> None:
    assert await door.post({"update_id": 7, "message": {"chat": 5}}) == 200
    assert await door.post({"update_id": 8, "poll": {}}) == 200
    assert door.kept() == [7, 8]
    letters = await door.database.read(lambda c: c.execute("SELECT update_id FROM letters").fetchall())
    assert [row[0] for row in letters] == [7]


async def test_what_waits_is_committed_as_one_batch_in_the_order_it_came(door: Door) -> None:
    door.go_on.clear()
    posting = [asyncio.create_task(door.post(update(1)))]
    await asyncio.wait_for(door.held.wait(), 5)
    for number in range(2, 8):
        posting.append(asyncio.create_task(door.post(update(number, chat=700 + number))))
        while len(door.webhook._waiting) < number - 1:
            await door.post(b"{")
    door.go_on.set()
    assert await asyncio.gather(*posting) == [200] * 7
    assert door.batches == [[1], [2, 3, 4, 5, 6, 7]]
    assert door.kept() == [*range(1, 8)]


async def test_a_long_line_is_committed_in_batches_that_others_can_come_between(door: Door) -> None:
    door.go_on.clear()
    posting = [asyncio.create_task(door.post(update(number, chat=700 + number))) for number in range(90)]
    await asyncio.wait_for(door.held.wait(), 5)
    door.go_on.set()
    assert await asyncio.gather(*posting) == [200] * 90
    assert max(map(len, door.batches)) <= MOST_TURNS
    assert sorted(number for batch in door.batches for number in batch) == [*range(90)]


async def test_the_same_update_posted_again_is_taken_once(door: Door) -> None:
    assert [await door.post(update(1)) for _time in range(3)] == [200] * 3
    assert await asyncio.gather(*(door.post(update(2)) for _time in range(3))) == [200] * 3
    assert door.kept() == [1, 2]
    people = await door.database.read(lambda c: c.execute("SELECT count(*) FROM people").fetchone())
    assert people[0] == 1


async def test_503_while_the_database_takes_nothing_and_200_when_it_does(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_work: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(door.database, "transact", fail)
        assert await asyncio.gather(*(door.post(update(number)) for number in (1, 2))) == [503, 503]
        assert await door.post(update(1)) == 503
    assert door.kept() == []
    assert [await door.post(update(number)) for number in (1, 2)] == [200, 200]
    assert door.kept() == [1, 2]


async def test_a_poster_who_went_away_stops_nobody(door: Door) -> None:
    door.go_on.clear()
    leaving = asyncio.create_task(door.post(update(1)))
    await asyncio.wait_for(door.held.wait(), 5)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    door.go_on.set()
    assert await door.post(update(2)) == 200
    assert door.kept() == [1, 2]
