"""The window into a demo's store: what can be seen, by whom, and of which homes."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.demo.home import MARKER, create_demo_home
from bot.demo.story import tell_story
from bot.demo.window import Window
from bot.errors import OperatorError
from bot.init import initialise, read_master_key
from bot.settings import Environment
from storage import people
from storage.database import connect, transact
from storage.keys import Keyring
from storage.schema import prepare
from storage.store import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAME = "Thiri of the harbour"
CHAT = 700_000_001


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A demo's home with one client in it."""
    home = tmp_path / "home"
    create_demo_home(home, "UTC", date(2026, 11, 23))
    file = home / "firstsay.db"
    connection = connect(file)
    prepare(file, connection)
    connection.close()

    def enrol(store: Store) -> None:
        client = people.admit(store, people.add_stranger(store, CHAT, "en"), "client", None)
        people.save(store, replace(client, name=NAME, adult=True))

    change(home, enrol)
    return home


@pytest.fixture
def window(home: Path) -> Iterator[Window]:
    window = Window(home)
    yield window
    window.close()


def table(shown: dict[str, Any], name: str) -> dict[str, Any]:
    return next(table for table in shown["tables"] if table["name"] == name)


def test_words_are_seen_only_with_the_key_and_keys_never(window: Window, home: Path) -> None:
    sealed, opened = window.look(), window.look(with_key=True)
    assert NAME not in json.dumps(sealed) and str(CHAT) not in json.dumps(sealed)
    person = table(opened, "people")["rows"][0]
    assert person["sealed"]["body"]["words"] == {"chat": CHAT, "name": NAME, "asked": False}
    assert person["cells"]["role"] == "client"
    key = table(opened, "identities")["rows"][0]["sealed"]["key"]
    assert key.keys() == {"hex", "bytes"}
    file = b"".join(file.read_bytes() for file in home.glob("firstsay.db*"))
    assert bytes.fromhex(key["hex"]) in file  # as it stands there


def test_an_ordinary_home_has_no_window(tmp_path: Path, home: Path) -> None:
    ordinary = tmp_path / "ordinary"
    initialise(Environment.model_construct(home=ordinary))
    with pytest.raises(OperatorError, match=r"was not made by `firstsay demo`"):
        Window(ordinary)
    for mark in (b"", b"Made by firstsay demo", (home / MARKER).read_bytes()):
        (ordinary / MARKER).write_bytes(mark)
        with pytest.raises(OperatorError, match=r"was not made by `firstsay demo`"):
            Window(ordinary)
    (home / MARKER).unlink()
    with pytest.raises(OperatorError):
        Window(home)


@pytest.mark.parametrize(("remote", "allowed"), [("127.0.0.1", True), ("::1", True), ("192.0.2.7", False), ("", False)])
async def test_only_whoever_sits_here_looks_through_it(window: Window, remote: str, allowed: bool) -> None:
    for route in window.routes():
        assert isinstance(route, web.RouteDef)
        request = make_mocked_request("GET", "/?key=1", match_info={"start": "code"}).clone(remote=remote)
        if allowed:
            assert (await route.handler(request)).status == 200
        else:
            with pytest.raises(web.HTTPForbidden):
                await route.handler(request)


async def test_the_page_hears_of_every_change(window: Window, home: Path) -> None:
    heard = asyncio.Event()
    watching = asyncio.create_task(window.watch(heard.set))
    try:
        async with asyncio.timeout(5):
            await heard.wait()
            heard.clear()
            change(home, lambda store: people.add_stranger(store, 5, "en"))
            await heard.wait()
    finally:
        watching.cancel()
    assert table(window.look(), "people")["total"] == 2


async def test_after_an_erasure_it_looks_for_what_is_left_in_the_files(window: Window, home: Path) -> None:
    seen = asyncio.Event()
    watching = asyncio.create_task(window.watch(seen.set))
    try:
        async with asyncio.timeout(5):
            await seen.wait()
    finally:
        watching.cancel()
    person = int(table(window.look(), "people")["rows"][0]["id"])

    def erase(store: Store) -> None:
        for name in ("people", "identities"):
            store.connection.execute(f"DELETE FROM {name}")
        store.later("erased", "note", person_id=person, at=store.at)

    held = change(home, erase, close=False)
    assert window.look()["erased"] == [{"texts": 2, "left": 2}]  # still in the write-ahead log
    held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert window.look()["erased"] == [{"texts": 2, "left": 0}]
    held.close()


def test_the_story_is_told_of_the_newest_client(window: Window, home: Path) -> None:
    told = tell_story(window)
    assert told == {
        **told,
        "arrived": True,
        "rated": 0,
        "asked": False,
        "told": 0,
        "taken": None,
        "wrote": 0,
        "leads": 0,
    }
    change(home, lambda store: people.admit(store, people.add_stranger(store, 7, "en"), "client", None))
    assert tell_story(window)["client"] != told["client"]
    assert tell_story(window, apart=[7]) == told
    assert tell_story(window, apart=[7, CHAT])["client"] is None


def test_a_window_that_has_nothing_to_show_yet_shows_nothing(tmp_path: Path) -> None:
    create_demo_home(tmp_path / "new", "UTC", date(2026, 11, 23))
    window = Window(tmp_path / "new")
    assert tell_story(window) == {"client": None, "erased": 0}
    assert window.count_answers(CHAT) == 0


def change(home: Path, work: Callable[[Store], object], *, close: bool = True) -> sqlite3.Connection:
    """What another process writes."""
    connection, keyring = connect(home / "firstsay.db"), Keyring(read_master_key(home))

    def write(connection: sqlite3.Connection) -> None:
        store = Store(connection, keyring, NOW)
        work(store)
        store.flush()

    transact(connection, write)
    if close:
        connection.close()
    return connection
