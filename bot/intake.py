"""Intake: updates are acknowledged to Telegram only after the commit that holds what came of them.

Telegram is the durable inbox (it keeps updates for 24 hours). Polling asks for the next page only after the last one is
committed together with its offset; the webhook answers 200 only after the commit that holds the update.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial
from time import monotonic
from typing import Any, Final

from aiohttp import web

from bot.clock import now
from bot.delivery import Delivery
from bot.inbound import ALLOWED
from bot.marks import Marks
from bot.telegram import Telegram, UnreachableError, is_update
from bot.turns import MOST_TURNS, Taken, Turns
from storage.database import Connection
from storage.keys import Keyring
from storage.store import Store

log = logging.getLogger(__name__)

PAGE: Final = 100
POLL_SECONDS: Final = 30
"""How long Telegram may hold an empty poll open."""

READ_SECONDS: Final = POLL_SECONDS + 15
FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 30.0

CAREFUL_SECONDS: Final = 300.0
"""After an unclean stop, how long updates are taken one at a time: what was in the batch that died comes again within
two minutes by webhook, and with the first pages by polling."""

TRIES_THAT_KILL: Final = 2
"""How often an update may have taken the process down with it before it is set aside unread."""

Update = Mapping[str, Any]


class Intake:
    """Takes updates into the database, a batch at a time, and hands what came of them to delivery."""

    def __init__(self, database: Connection, turns: Turns, delivery: Delivery, keyring: Keyring) -> None:
        self._database = database
        self._turns = turns
        self._delivery = delivery
        self._keyring = keyring
        self._careful_until = 0.0
        self._outlived: set[int] = set()
        """Updates that this process has tried: whatever came of it, they did not kill it."""

    async def begin(self) -> int | None:
        """Note that the process runs; after an unclean stop, go carefully. Returns the stored offset."""

        def work(connection: sqlite3.Connection) -> tuple[bool, int | None]:
            store = Store(connection, self._keyring, now())
            running, offset = store.value("marks", "get", name="running"), store.value("marks", "get", name="offset")
            store.later("marks", "put", name="running", value=1)
            store.flush()
            return bool(running), offset

        unclean, offset = await self._database.transact(work)
        self._careful_until = monotonic() + CAREFUL_SECONDS if unclean else 0.0
        return offset

    async def end(self) -> None:
        """Note a clean stop."""
        await self._database.transact(partial(self._mark, "running", 0))

    def _mark(self, name: str, value: int, connection: sqlite3.Connection) -> None:
        store = Store(connection, self._keyring, now())
        store.later("marks", "put", name=name, value=value)
        store.flush()

    async def take(self, updates: Sequence[Update], *, polled: bool) -> None:
        """Commit updates and pass on what came of them. Raises sqlite3.OperationalError with nothing taken."""
        careful = monotonic() < self._careful_until
        size = 1 if careful else MOST_TURNS
        for start in range(0, len(updates), size):
            batch = updates[start : start + size]
            offset = batch[-1]["update_id"] + 1 if polled else None
            if careful and not await self._attempt(batch[0], offset):
                continue
            await self._commit(batch, offset, careful)
        if polled and len(updates) < PAGE:
            self._careful_until = 0.0  # nothing is left of what waited when the process died

    async def _attempt(self, update: Update, offset: int | None) -> bool:
        """Note an attempt before it is made; whether the update is still worth one."""
        update_id = int(update.get("update_id", 0))
        if update_id in self._outlived:
            return True

        def work(connection: sqlite3.Connection) -> bool:
            store = Store(connection, self._keyring, now())
            counts = {row["update_id"]: row["count"] for row in store.rows("attempts", "all")}
            if counts.get(update_id, 0) < TRIES_THAT_KILL:
                store.later("attempts", "note", update_id=update_id, at=store.at)
                store.flush()
                return True
            self._turns.set_aside(connection, update, now())
            if offset is not None:
                store.later("marks", "put", name="offset", value=offset)
            store.later("attempts", "forget", update_id=update_id)
            store.flush()
            return False

        worth = await self._database.transact(work)
        self._outlived.add(update_id)
        return worth

    async def _commit(self, batch: Sequence[Update], offset: int | None, careful: bool) -> None:
        marks = self._delivery.take_marks()

        def work(connection: sqlite3.Connection) -> Taken:
            self._note(connection, marks)
            taken = self._turns.take(connection, batch, now(), offset)
            if careful:
                store = Store(connection, self._keyring, now())
                store.later("attempts", "forget", update_id=int(batch[0].get("update_id", 0)))
                store.flush()
            return taken

        try:
            taken = await self._database.transact(work)
        except BaseException:
            self._delivery.restore_marks(marks)
            raise
        self._delivery.put(taken)

    def _note(self, connection: sqlite3.Connection, marks: Marks) -> None:
        if marks:
            marks.write(Store(connection, self._keyring, now()))

    # --- polling ---------------------------------------------------------------------------------------------

    async def poll(self, telegram: Telegram, offset: int | None) -> None:
        """Poll for ever. Raises TokenError, ConflictError."""
        wait = FIRST_WAIT
        while True:
            try:
                updates = await self._fetch(telegram, offset)
                if updates:
                    await self.take(updates, polled=True)
                    offset = updates[-1]["update_id"] + 1
                wait = FIRST_WAIT
                continue
            except UnreachableError as error:
                wait = max(wait, error.wait)
                log.warning("Telegram gives no updates; asking again soon", exc_info=error)
            except sqlite3.OperationalError as error:
                log.error("the database takes nothing now; nothing is acknowledged", exc_info=error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _fetch(self, telegram: Telegram, offset: int | None) -> list[dict[str, Any]]:
        parameters: dict[str, Any] = {"timeout": POLL_SECONDS, "limit": PAGE, "allowed_updates": ALLOWED}
        if offset is not None:
            parameters["offset"] = offset
        return await telegram.fetch(parameters, READ_SECONDS)


class Webhook:
    """The other way in: Telegram posts updates here, one outstanding for each chat."""

    def __init__(self, intake: Intake, secret: str) -> None:
        self._intake = intake
        self._secret = secret.encode()
        self._waiting: list[tuple[Update, asyncio.Future[bool]]] = []
        self._arrived = asyncio.Event()
        self._closed = False

    def app(self, path: str) -> web.Application:
        """The server's application, for `path`."""
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_post(path, self._receive)
        return app

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        try:
            update = await request.json()
            if not is_update(update):
                raise TypeError
        except (ValueError, TypeError, KeyError):
            return web.Response(status=400)
        if self._closed:
            return web.Response(status=503)
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, kept))
        self._arrived.set()
        return web.Response(status=200 if await kept else 503)

    async def run(self) -> None:
        """Commit what waits, as one batch after another, for ever; who still waits at the end must come again."""
        try:
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                await self._take()
        finally:
            self._closed = True
            self._answer(self._waiting, kept=False)

    async def _take(self) -> None:
        batch, self._waiting = self._waiting, []
        kept = False
        try:
            await self._intake.take([update for update, _kept in batch], polled=False)
            kept = True
        except sqlite3.OperationalError as error:
            log.error("the database takes nothing now; nothing is acknowledged", exc_info=error)
        finally:
            self._answer(batch, kept=kept)
        if not kept:
            await asyncio.sleep(FIRST_WAIT)

    @staticmethod
    def _answer(batch: Sequence[tuple[Update, asyncio.Future[bool]]], *, kept: bool) -> None:
        for _update, future in batch:
            if not future.done():
                future.set_result(kept)
