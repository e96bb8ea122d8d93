"""A window into the store of a demo's home: the rows as they stand in the file and, with the key, what they say.

Only a home that was made by `firstsay demo` has such a window, and only whoever sits at this machine can look through.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.clock import now
from bot.demo.home import is_demo_home
from bot.demo.messages import Json
from bot.errors import OperatorError
from bot.init import read_master_key
from storage import exhibit, people
from storage.database import connect
from storage.keys import Box, Keyring, WrongKeyError
from storage.store import Row, Store, listed

MOST_ROWS: Final = 40
BYTES_SHOWN: Final = 24
GLANCE_SECONDS: Final = 0.15
OWNERS: Final[Mapping[str, tuple[str, ...]]] = defaultdict(
    tuple,
    {
        "people": ("id",),
        "alerts": ("client_id",),
        "outbox": ("subject_id", "person_id"),
        **dict.fromkeys(("identities", "sessions", "responses", "voices", "feedback", "entries"), ("person_id",)),
    },
)
"""The columns that say whom a row's sealed texts are about, the first one first."""

KEYS: Final = frozenset({"identities.key"})
"""What is sealed but is no word of anybody's: keys are never shown."""


class Window:
    """What can be seen of a demo's store. Raises OperatorError for a home that was not made for play."""

    def __init__(self, home: Path) -> None:
        if not is_demo_home(home):
            raise OperatorError(f"{home}: was not made by `firstsay demo`; only such a home is ever shown")
        self._master = read_master_key(home)
        self._file = home / "firstsay.db"
        self._connection: sqlite3.Connection | None = None
        self._texts: dict[int, set[bytes]] = {}
        """Of each person, how the sealed texts begin that were seen here: to look for them when they are erased."""

    async def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever the file has changed, for ever."""
        seen = -1
        while True:
            with suppress(sqlite3.Error):  # not there yet, or just being made
                found = exhibit.version(self._open())
                if found != seen:
                    seen = found
                    self._remember()
                    changed()
            await asyncio.sleep(GLANCE_SECONDS)

    def look(self, *, with_key: bool = False) -> Json:
        """Every table with its newest rows: ``{"tables": [{"name", "total", "rows": [{"id", "cells", "sealed"}]}]}``.

        ``sealed`` holds for each sealed column its beginning as hex and its size in bytes, ``with_key`` the words too.
        ``erased`` tells of each person how many sealed ``texts`` of theirs were seen here, and how many are ``left``
        anywhere in the files.
        """
        stands = exhibit.look(self._open(), MOST_ROWS)
        boxes = _boxes(Keyring(self._master), stands) if with_key else ()
        gone = next(stand.rows for stand in stands if stand.table == "erased")
        return {
            "tables": [_describe(stand, boxes) for stand in stands],
            "erased": [self._search_for(row["person_id"]) for row in reversed(gone)],
        }

    def store(self) -> Store:
        """For reading by the store's own queries."""
        return Store(self._open(), Keyring(self._master), now())

    def has_taken(self, update_id: int) -> bool:
        """Whether what came of an update is committed; False before there is a database."""
        with suppress(sqlite3.Error):
            return bool(self.store().rows("updates", "seen", ids=listed([update_id])))
        return False

    def count_answers(self, chat: int) -> int:
        """How many answers of whoever is in this chat are stored; 0 before there is a database."""
        with suppress(sqlite3.Error):
            store = self.store()
            found = people.find_by_chats(store, [chat])
            return sum(len(store.rows("responses", "of_person", person_id=person.id)) for person in found.values())
        return 0

    def routes(self) -> list[web.RouteDef]:
        """The page's way to look: GET, with ``?key=1`` opened; and whom a link invites."""
        return [web.get("/demo/store", self._show), web.get("/demo/link/{start}", self._tell_role)]

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _show(self, request: web.Request) -> web.Response:
        _require_this_machine(request)
        try:
            shown = self.look(with_key="key" in request.query)
        except sqlite3.Error:
            shown = {"tables": []}
        return web.json_response(shown)

    async def _tell_role(self, request: web.Request) -> web.Response:
        """``{"role"}`` of an invitation that this programme made; of any other ``client``, as a stranger is shown."""
        _require_this_machine(request)
        store = self.store()
        found = store.row("invitations", "find", code_hash=store.keyring.hash_code(request.match_info["start"]))
        return web.json_response({"role": found["role"] if found else "client"})

    def _remember(self) -> None:
        for stand in exhibit.look(self._open(), MOST_ROWS):
            for row in stand.rows:
                owner = next((row[name] for name in OWNERS[stand.table] if row[name] is not None), None)
                texts = [value for value in tuple(row) if isinstance(value, bytes) and len(value) > BYTES_SHOWN]
                if owner is not None and texts:
                    self._texts.setdefault(owner, set()).update(text[:BYTES_SHOWN] for text in texts)

    def _search_for(self, person: int) -> Json:
        """Look through the file, and the log beside it, for what stood in it about somebody."""
        texts = self._texts.get(person, set())
        content = b"".join(file.read_bytes() for file in self._file.parent.glob(f"{self._file.name}*"))
        return {"texts": len(texts), "left": sum(text in content for text in texts)}

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._file, read_only=True)
        return self._connection


def _require_this_machine(request: web.Request) -> None:
    """Whatever the page's server listens on, what a demo stores is shown on this machine only."""
    try:
        here = ip_address(request.remote or "").is_loopback
    except ValueError:
        here = False
    if not here:
        raise web.HTTPForbidden(text="Only on this machine.\n")


def _boxes(keyring: Keyring, stands: Iterable[exhibit.Stand]) -> list[Box]:
    """Everybody's box, and the programme's."""
    keys = next(stand.rows for stand in stands if stand.table == "identities")
    return [keyring.programme, *(keyring.box(row["person_id"], row["key"]) for row in keys)]


def _describe(stand: exhibit.Stand, boxes: Sequence[Box]) -> Json:
    rows = [_describe_row(stand.table, row, boxes) for row in stand.rows]
    return {"name": stand.table, "total": stand.total, "rows": rows}


def _describe_row(table: str, row: Row, boxes: Sequence[Box]) -> Json:
    cells: Json = {}
    sealed: Json = {}
    # By position: a table may have a column of its own that is called like the first one, which is where the row lies.
    for column, value in list(zip(row.keys(), row, strict=True))[1:]:
        if isinstance(value, bytes):
            sealed[column] = {"hex": value[:BYTES_SHOWN].hex(" "), "bytes": len(value)}
            if boxes and f"{table}.{column}" not in KEYS:
                sealed[column]["words"] = _open(value, f"{table}.{column}:{row['place']}", boxes)
        elif value is not None:
            # A browser's numbers hold 53 bits, an id has 63.
            cells[column] = str(value) if isinstance(value, int) and abs(value) > 2**53 else value
    return {"id": str(row["place"]), "cells": cells, "sealed": sealed}


def _open(value: bytes, place: str, boxes: Sequence[Box]) -> Any:
    """What a sealed value says, as JSON where it is; None where no key opens it (any more)."""
    for box in boxes:
        with suppress(WrongKeyError):
            words = box.open(value, place)
            try:
                return json.loads(words)
            except ValueError:
                return f"{len(words)} bytes"
    return None
