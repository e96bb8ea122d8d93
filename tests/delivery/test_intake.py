"""Taking updates in: acknowledged after the commit, one at a time after an unclean stop."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.demo.chats import Phone
from bot.demo.messages import Json
from bot.demo.telegram import TOKEN, Standin
from bot.intake import TRIES_THAT_KILL
from bot.request import AiohttpRequest
from bot.telegram import ConflictError, Telegram, TokenError
from bot.turns import MOST_TURNS, Taken, Turns
from tests.delivery.office import Clock, Office, open_office


@pytest.fixture
def phone(standin: Standin) -> Phone:
    return standin.person("Somebody", "en")


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many updates each batch had."""
    found: list[int] = []
    take = Turns.take

    def spy(self: Turns, connection: Any, updates: Sequence[Any], *rest: Any) -> Taken:
        found.append(len(updates))
        return take(self, connection, updates, *rest)

    monkeypatch.setattr(Turns, "take", spy)
    return found


def waiting(standin: Standin) -> list[Json]:
    return [update.body for update in standin.updates.pending.values()]


def fail(*_arguments: object, **_settings: object) -> Taken:
    raise sqlite3.OperationalError("database or disk is full")


async def mark(office: Office, name: str) -> int | None:
    rows = await office.query("SELECT value FROM marks WHERE name = ?", name)
    return rows[0][0] if rows else None


async def count(office: Office, table: str) -> int:
    return int((await office.query(f"SELECT count(*) FROM {table}"))[0][0])


async def test_the_offset_is_kept_with_the_batch_it_belongs_to(office: Office, standin: Standin, phone: Phone) -> None:
    for number in range(3):
        phone.send(f"words {number}")
    updates = waiting(standin)
    await office.intake.take(updates, polled=True)
    assert await mark(office, "offset") == updates[-1]["update_id"] + 1
    assert await count(office, "updates") == 3


async def test_a_batch_that_is_not_kept_moves_no_offset(
    office: Office, standin: Standin, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.send("words")
    with monkeypatch.context() as patch:
        patch.setattr(Turns, "take", fail)
        with pytest.raises(sqlite3.OperationalError):
            await office.intake.take(waiting(standin), polled=True)
    assert await mark(office, "offset") is None
    assert await count(office, "updates") == 0


async def test_a_long_page_is_taken_in_batches_that_others_can_come_between(
    office: Office, standin: Standin, phone: Phone, sizes: list[int]
) -> None:
    for number in range(100):
        phone.send(f"words {number}")
    await office.intake.take(waiting(standin), polled=True)
    assert sizes == [MOST_TURNS, 100 - MOST_TURNS]


async def test_telegram_is_told_only_what_is_kept(
    office: Office, standin: Standin, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database takes nothing, the same page is asked for again and again; then each is taken once."""
    request = AiohttpRequest()
    await request.initialize()
    phone.send("/start")
    ids = [update["update_id"] for update in waiting(standin)]
    offsets: list[int | None] = []
    kept: list[int] = []
    enough = asyncio.Event()

    async def look(method: str, values: Json) -> None:
        if method == "getUpdates":
            offsets.append(values.get("offset"))
            kept.append(await count(office, "updates"))
            if len(offsets) == 3:
                patch.undo()
                phone.send("more words")
            if kept[-1] == 2:
                enough.set()

    standin.before.append(look)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Turns, "take", fail)
        polling = asyncio.create_task(office.intake.poll(Telegram(standin.url, TOKEN, request), None))
        await asyncio.wait_for(enough.wait(), 5)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    assert offsets[:3] == [None, None, None]
    assert offsets[-1] == ids[0] + 2
    for offset, number in zip(offsets, kept, strict=True):
        assert number == (0 if offset is None else offset - ids[0]), "acknowledged before it was kept"
    await request.shutdown()


@pytest.mark.parametrize(("code", "error"), [(409, ConflictError), (401, TokenError), (404, TokenError)])
async def test_a_second_poller_or_a_wrong_token_ends_the_process_in_one_line(
    office: Office, standin: Standin, code: int, error: type[Exception]
) -> None:
    request = AiohttpRequest()
    await request.initialize()
    standin.fail("getUpdates", code)
    with pytest.raises(error) as raised:
        await office.intake.poll(Telegram(standin.url, TOKEN, request), None)
    assert "\n" not in str(raised.value)
    assert TOKEN not in str(raised.value)
    await request.shutdown()


async def test_polling_goes_on_after_any_nonsense(office: Office, standin: Standin, phone: Phone) -> None:
    request = AiohttpRequest()
    await request.initialize()
    for body in (b"<html>", b"[]", b'{"ok": true}', b'{"ok": true, "result": 5}', b'{"ok": true, "result": [1]}'):
        standin.fail("getUpdates", 200, body=body)
    standin.fail("getUpdates", 502)
    standin.drop("getUpdates")
    phone.send("/start")
    polling = asyncio.create_task(office.intake.poll(Telegram(standin.url, TOKEN, request), None))
    await phone.until(lambda seen: seen.last, timeout=10)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    assert await count(office, "updates") == 1
    await request.shutdown()


# --- after an unclean stop -------------------------------------------------------------------------------


async def test_only_after_an_unclean_stop_updates_are_taken_one_at_a_time(
    path: Path, standin: Standin, clock: Clock, phone: Phone, sizes: list[int]
) -> None:
    async def live(*, clean: bool) -> list[int]:
        phone.send("one")
        phone.send("two")
        updates = waiting(standin)
        sizes.clear()
        async with open_office(path, standin.url, clock) as office:
            await office.intake.begin()
            await office.intake.take(updates, polled=True)
            if clean:
                await office.intake.end()
        standin.updates.confirm(updates[-1]["update_id"] + 1)
        return [*sizes]

    assert await live(clean=True) == [2]
    assert await live(clean=False) == [2]
    assert await live(clean=True) == [1, 1]
    assert await live(clean=True) == [2]


async def test_an_update_that_killed_the_process_twice_is_set_aside_and_the_others_are_taken(
    path: Path, standin: Standin, clock: Clock, phone: Phone
) -> None:
    for number in range(3):
        phone.send(f"words {number}")
    first, deadly, last = waiting(standin)
    for _life in range(TRIES_THAT_KILL):
        async with open_office(path, standin.url, clock) as office:
            await office.intake.begin()
            assert await office.intake._attempt(deadly, None)
    async with open_office(path, standin.url, clock) as office:
        await office.intake.begin()
        await office.intake.take([first, deadly, last], polled=True)
        await office.settled()
        rows = await office.query("SELECT update_id, error FROM letters")
        assert [tuple(row) for row in rows] == [(deadly["update_id"], "killed the process")]
        assert await count(office, "attempts") == 0
        assert await mark(office, "offset") == last["update_id"] + 1
        assert await count(office, "updates") == 3


async def test_an_update_is_not_blamed_for_a_database_that_took_nothing(
    path: Path, standin: Standin, clock: Clock, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.send("/start")
    async with open_office(path, standin.url, clock) as office:
        await office.intake.begin()
    async with open_office(path, standin.url, clock) as office:
        await office.intake.begin()
        with monkeypatch.context() as patch:
            patch.setattr(Turns, "take", fail)
            for _try in range(TRIES_THAT_KILL + 2):
                with pytest.raises(sqlite3.OperationalError):
                    await office.intake.take(waiting(standin), polled=True)
        await office.intake.take(waiting(standin), polled=True)
        await office.settled()
        assert await count(office, "letters") == 0
        assert await count(office, "attempts") == 0
        assert phone.last
