"""Peer: the floor. One loop without a framework: get a page, commit it, send; that is all.

What it promises: an answer is on the disk (WAL, `synchronous=FULL`, one commit a page) before its reply goes
out and before Telegram may forget it. What it does not: a page that was committed but not confirmed is
recorded twice after a kill; an update that cannot be read, a 429, a failed send or an order of messages
within a chat are nobody's concern; where a client stands is believed from the button; nothing is encrypted.
It is what no real bot can be cheaper than with these libraries, not an alternative to one.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from functools import cache
from typing import Any

import aiohttp

from tests.benchmarks.dialogue import (
    Command,
    next_question,
    question_rows,
    question_text,
    read_choice,
    read_command,
)

SCHEMA = "CREATE TABLE answer (chat INTEGER, question INTEGER, choice TEXT, at REAL) STRICT"
INSERT = "INSERT INTO answer VALUES (?, ?, ?, ?)"
HEADERS = {"Content-Type": "application/json"}


@cache
def shown(question: int) -> dict[str, Any]:
    """The parameters that show a question."""
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in question_rows(question)]
    markup = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return {"text": question_text(question), **markup}


class Loop:
    """The bot: a session, a database, and a page at a time."""

    def __init__(self, session: aiohttp.ClientSession, database: sqlite3.Connection, base: str) -> None:
        self.session = session
        self.database = database
        self.base = base

    async def call(self, method: str, **parameters: object) -> bytes:
        """Call a method; the answer's bytes."""
        body = json.dumps(parameters).encode()
        async with self.session.post(f"{self.base}/{method}", data=body, headers=HEADERS) as response:
            return await response.read()

    async def run(self) -> None:
        """Fetch, commit, send, for ever."""
        offset = 0
        while True:
            page = json.loads(await self.call("getUpdates", offset=offset, timeout=10))["result"]
            if page:
                self.keep(page)
                await asyncio.gather(*[call for update in page for call in self.replies(update)])
                offset = page[-1]["update_id"] + 1

    def keep(self, page: list[dict[str, Any]]) -> None:
        """Commit a page's answers at once."""
        now = time.time()
        taps = [update["callback_query"] for update in page if "callback_query" in update]
        with self.database:
            rows = [(tap["from"]["id"], *read_choice(tap["data"]), now) for tap in taps]
            self.database.executemany(INSERT, rows)

    def replies(self, update: dict[str, Any]) -> list[Any]:
        """The calls that an update is answered with."""
        if tap := update.get("callback_query"):
            chat, message = tap["message"]["chat"]["id"], tap["message"]["message_id"]
            following = next_question(*read_choice(tap["data"]))
            edit = self.call("editMessageText", chat_id=chat, message_id=message, **shown(following))
            return [self.call("answerCallbackQuery", callback_query_id=tap["id"]), edit]
        return [self.call("sendMessage", chat_id=update["message"]["chat"]["id"], **shown(0))]


async def main(command: Command) -> None:
    """Open the store and poll until killed."""
    database = sqlite3.connect(command.home / "answers.sqlite")
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", SCHEMA):
        database.execute(statement)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        await Loop(session, database, f"{command.api_url}/bot{command.token}").run()


if __name__ == "__main__":
    asyncio.run(main(read_command("aiohttp and SQLite without a framework")))
