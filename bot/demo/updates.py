"""The updates that wait for the bot, and long polling.

https://core.telegram.org/bots/api#getupdates: an update waits up to 24 hours; it is confirmed by asking for a higher
offset; ``allowed_updates`` stays in force until it is given again and touches only updates made after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, NamedTuple

from bot.demo.refusals import CONFLICT_POLLING, CONFLICT_WEBHOOK, Refusal

Json = dict[str, Any]

KEPT_SECONDS = 24 * 3600
PAGE_LIMIT = 100
LONGEST_POLL = 50
# What Telegram leaves out unless it is asked for by name.
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Update(NamedTuple):
    """One update: its number, when it was made (seconds), whose chat, and the JSON that the bot gets."""

    number: int
    at: float
    chat_id: int
    body: Json


class Updates:
    """The line of updates. ``clock`` gives seconds since 1970; ``number`` is the next update's number."""

    def __init__(self, clock: Callable[[], float], number: int) -> None:
        self.pending: dict[int, Update] = {}
        self.number = number
        self.allowed: frozenset[str] = frozenset()
        self.forward: Callable[[Update], None] | None = None
        """Where a webhook takes each new update; None while the bot polls."""
        self._clock = clock
        self._poller: asyncio.Future[str] | None = None

    def push(self, kind: str, payload: Json, chat_id: int = 0) -> int | None:
        """Put an update in line and give its number; None when the bot did not ask for this kind."""
        if (kind in UNASKED) if not self.allowed else (kind not in self.allowed):
            return None
        update = Update(self.number, self._clock(), chat_id, {"update_id": self.number, kind: payload})
        self.number += 1
        self.pending[update.number] = update
        if self.forward:
            self.forward(update)
        self._wake("")
        return update.number

    def allow(self, kinds: Iterable[str] | None) -> None:
        """None leaves the earlier choice in force; an empty list goes back to Telegram's default."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def confirm(self, offset: int) -> None:
        """Forget what lies before ``offset``; -n keeps the newest n."""
        if offset < 0:
            offset = next(iter(list(self.pending)[offset:]), self.number)
        for number in list(self.pending):
            if number >= offset:
                break
            del self.pending[number]

    def expire(self) -> None:
        """Forget what has waited for more than 24 hours."""
        oldest = self._clock() - KEPT_SECONDS
        for update in list(self.pending.values()):
            if update.at >= oldest:
                break
            del self.pending[update.number]

    def clear(self) -> None:
        self.pending.clear()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """What ``getUpdates`` gives: at once when something waits, else as soon as it comes, else nothing."""
        if self.forward:
            raise Refusal(409, CONFLICT_WEBHOOK)
        self._wake(CONFLICT_POLLING)
        self.confirm(offset)
        self.expire()
        if not self.pending and seconds > 0:
            await self._wait(min(seconds, LONGEST_POLL))
        page = islice(self.pending.values(), limit if 1 <= limit <= PAGE_LIMIT else PAGE_LIMIT)
        return [update.body for update in page]

    def end_poll(self, reason: str) -> None:
        """Send the waiting poller away: with 409 and the reason, or with nothing when there is none."""
        self._wake(reason)

    async def _wait(self, seconds: float) -> None:
        poller: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            async with asyncio.timeout(seconds):
                conflict = await poller
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None
        if conflict:
            raise Refusal(409, conflict)

    def _wake(self, conflict: str) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_result(conflict)
