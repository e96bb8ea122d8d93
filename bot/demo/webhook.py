"""Sending updates to the bot's webhook, as Telegram does.

https://core.telegram.org/bots/api#setwebhook, and what the official server does: one request at a time per chat, so
that order holds; different chats at the same time, up to ``max_connections``; what is not answered with 2xx is sent
again after a delay that doubles (or as long as ``Retry-After`` says); a method in the answer's JSON is carried out.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from bot.demo.updates import KEPT_SECONDS, Json, Update, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LONGEST_DELAY = 60.0
ANSWER_SECONDS = 60.0


@dataclass(slots=True)
class Webhook:
    """A webhook that is set. ``execute`` carries out a method named in an answer; ``delay`` is the first pause."""

    url: str
    secret: str
    max_connections: int
    updates: Updates
    execute: Callable[[str, Json], Awaitable[object]]
    clock: Callable[[], float]
    delay: float = 1.0
    error: str = ""
    error_at: float = 0.0
    _lines: dict[int, deque[Update]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _places: asyncio.Semaphore = field(init=False)
    _session: aiohttp.ClientSession = field(init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        for update in self.updates.pending.values():
            self.take(update)

    def take(self, update: Update) -> None:
        """Put one update in its chat's line, and start on the line when nobody is at it."""
        line = self._lines.get(update.chat_id)
        if line is not None:
            line.append(update)
            return
        self._lines[update.chat_id] = deque([update])
        task = asyncio.get_running_loop().create_task(self._carry(update.chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Stop sending; what was not answered yet keeps waiting in line."""
        # An answer may itself say deleteWebhook: then this runs in one of the tasks.
        tasks = self._tasks - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()

    async def _carry(self, chat_id: int) -> None:
        line = self._lines[chat_id]
        delay = self.delay
        while line and not self._session.closed:
            if self._gone(line[0]):
                line.popleft()
                continue
            async with self._places:
                wait = await self._post(line[0])
            if wait is None:
                self.updates.pending.pop(line.popleft().number, None)
                delay = self.delay
                continue
            await asyncio.sleep(wait or delay)
            delay = min(delay * 2, LONGEST_DELAY)
        del self._lines[chat_id]

    def _gone(self, update: Update) -> bool:
        if update.at < self.clock() - KEPT_SECONDS:
            self.updates.pending.pop(update.number, None)
        return update.number not in self.updates.pending

    async def _post(self, update: Update) -> float | None:
        """None when it was taken; else the seconds to wait that the answer asked for, 0 when it did not say."""
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        try:
            async with self._session.post(
                self.url, data=json.dumps(update.body), headers=headers, allow_redirects=False
            ) as answer:
                body = await answer.read()
                if 200 <= answer.status < 300:
                    await self._follow(body)
                    return None
                self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                after = answer.headers.get("Retry-After", "")
                return float(after) if after.isdecimal() else 0.0
        except TimeoutError:
            self._note("Read timeout expired")
        except aiohttp.ClientError as error:
            self._note(f"Connection failed: {type(error).__name__}")
        return 0.0

    async def _follow(self, body: bytes) -> None:
        """Carry out ``{"method": …}`` in an answer; its own outcome is not told to the bot."""
        try:
            asked = json.loads(body)
        except ValueError:
            return
        if isinstance(asked, dict) and isinstance(asked.get("method"), str):
            await self.execute(asked.pop("method"), asked)

    def _note(self, error: str) -> None:
        self.error, self.error_at = error, self.clock()
