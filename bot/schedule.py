"""The tick: APScheduler wakes a sweep; the rows decide what is due. Running rounds ask beside it, without end."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from datetime import UTC
from functools import partial
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import now
from bot.delivery import Delivery
from bot.erasing import TRUNCATE
from bot.turns import Taken, Turns
from bot.voices import Voices
from storage.database import Connection, truncate_log
from storage.keys import Keyring
from storage.store import Store

log = logging.getLogger(__name__)

TICK_SECONDS: Final = 5

ASKED_AT_ONCE: Final = 200
"""Messages of rounds that wait to be sent at any time, so that memory stays flat and a No reaches what is queued, and
that are written in one piece, so that nobody waits behind it for longer than a blink (some 50 ms)."""


class Schedule:
    """Sweeps what has become due through the same door as updates."""

    def __init__(
        self, database: Connection, keyring: Keyring, turns: Turns, delivery: Delivery, voices: Voices
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._turns = turns
        self._delivery = delivery
        self._voices = voices

    def start(self) -> AsyncIOScheduler:
        """Start ticking on the running loop. Late ticks are one tick, and never skipped."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(
            self.tick, "interval", seconds=TICK_SECONDS, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        # Apart from the sweep: a slow download must not hold up an alert.
        scheduler.add_job(
            self.fetch, "interval", seconds=TICK_SECONDS, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        scheduler.start()
        return scheduler

    async def tick(self) -> None:
        """One sweep."""
        try:
            taken: Taken = await self._database.transact(partial(self._turns.sweep, now=now()))
            self._delivery.put(taken)
            await self._delivery.load()
            await self._database.read(self._truncate)
        except sqlite3.OperationalError as error:
            log.error("the database takes nothing now; the sweep comes again", exc_info=error)

    def _truncate(self, connection: sqlite3.Connection) -> None:
        """After an erasure nothing may stay in the write-ahead log; while somebody reads it, it is tried again."""
        store = Store(connection, self._keyring, now())
        if store.value("marks", "get", name=TRUNCATE) and truncate_log(connection):
            store.now_or_not("marks", "put", name=TRUNCATE, value=0)

    async def run_rounds(self) -> None:
        """Let running rounds ask, for ever."""
        while True:
            try:
                await self.ask()
            except Exception as error:  # whatever it is, answers and alerts go on
                log.error("rounds could not go on; they are tried again", exc_info=error)
            await asyncio.sleep(TICK_SECONDS)

    async def ask(self) -> None:
        """Let running rounds ask whom they may now, a few clients at a time, as fast as what was asked before has
        left."""
        asking = True
        while asking:
            await self._delivery.wait_for_room(ASKED_AT_ONCE)
            taken = await self._database.transact(partial(self._turns.ask, now=now(), most=ASKED_AT_ONCE))
            asking = taken is not None
            if taken is not None:
                self._delivery.put(taken)

    async def fetch(self) -> None:
        """Fetch the voice notes that are due."""
        try:
            await self._voices.fetch()
        except sqlite3.OperationalError as error:
            log.error("the database takes nothing now; voice notes are fetched again", exc_info=error)
