"""The tick: APScheduler wakes a sweep; the rows decide what is due."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC
from functools import partial
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery import Delivery, now
from bot.turns import Taken, Turns
from bot.voices import Voices
from storage.database import Connection

log = logging.getLogger(__name__)

TICK_SECONDS: Final = 5


class Schedule:
    """Sweeps what has become due through the same door as updates."""

    def __init__(self, database: Connection, turns: Turns, delivery: Delivery, voices: Voices) -> None:
        self._database = database
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
        except sqlite3.OperationalError as error:
            log.error("the database takes nothing now; the sweep comes again", exc_info=error)

    async def fetch(self) -> None:
        """Fetch the voice notes that are due."""
        try:
            await self._voices.fetch()
        except sqlite3.OperationalError as error:
            log.error("the database takes nothing now; voice notes are fetched again", exc_info=error)
