"""Voice notes: a durable row fetches the sound; only after its bytes are kept is the note taken from the chat."""

from __future__ import annotations

import json
import logging
import sqlite3
from functools import partial
from typing import Final

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import now
from bot.delivery import Delivery
from bot.programme import Programme
from bot.turn import Turn
from bot.turns import Taken
from storage import people
from storage.database import Connection
from storage.keys import Keyring
from storage.store import Row, Store

log = logging.getLogger(__name__)

MOST_TRIES: Final = 40
"""With waits that double to an hour, about a day: as long as Telegram keeps the way to a file open."""


class Voices:
    """Fetches what waits. One for a process."""

    def __init__(
        self, database: Connection, bot: Bot, delivery: Delivery, keyring: Keyring, programme: Programme
    ) -> None:
        self._database = database
        self._bot = bot
        self._delivery = delivery
        self._keyring = keyring
        self._programme = programme

    async def fetch(self) -> None:
        """Fetch every voice note that is due."""
        for row in await self._database.read(self._waiting):
            sound = await self._download(row)
            taken = await self._database.transact(partial(self._keep, row=row, sound=sound))
            self._delivery.put(taken)

    def _waiting(self, connection: sqlite3.Connection) -> list[Row]:
        store = Store(connection, self._keyring, now())
        return store.rows("voices", "waiting", now=store.at)

    async def _download(self, row: Row) -> bytes | None:
        box = self._keyring.box(row["person_id"], row["key"])
        body = json.loads(box.open(row["body"], f"voices.body:{row['id']}"))
        try:
            file = await self._bot.get_file(body["file"])
            return bytes(await file.download_as_bytearray())
        except BadRequest as error:
            log.warning("a voice note is not to be had", exc_info=error)
        except TelegramError as error:
            log.warning("a voice note cannot be fetched yet", exc_info=error)
        return None

    def _keep(self, connection: sqlite3.Connection, row: Row, sound: bytes | None) -> Taken:
        store = Store(connection, self._keyring, now())
        turn = Turn(store, self._programme, {})
        if sound is None:
            state = "waiting" if row["attempts"] + 1 < MOST_TRIES else "lost"
            due = store.at + min(3600, 5 * 2 ** row["attempts"])
            store.later("voices", "again", id=row["id"], due_at=due, state=state)
        else:
            person = people.find_by_ids(store, [row["person_id"]]).get(row["person_id"])
            if person is None:
                return Taken()
            sealed = person.box.seal(sound, f"voices.sound:{row['id']}")
            store.later("voices", "keep", id=row["id"], sound=sealed)
            if person.tidy:
                turn.delete(person, row["message_id"])
        store.flush()
        return Taken(sendings=turn.sendings)
