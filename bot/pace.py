"""How fast requests leave: one bucket for the bot, one for each chat, urgent lanes first, and pauses for everybody."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from bot.turn import LANES

IN_FLIGHT: Final = 48
"""Requests under way at once."""

CHAT_BURST: Final = 12
"""Messages one chat may get at once before its own rate counts; Telegram tolerates short bursts."""

CHATS_KEPT: Final = 10_000


class Bucket:
    """Tokens that come back at `rate` a second, up to `most`."""

    __slots__ = ("_at", "_most", "_rate", "_tokens")

    def __init__(self, rate: float, most: float) -> None:
        self._rate, self._most = rate, most
        self._tokens, self._at = most, 0.0

    def wait(self, now: float) -> float:
        """Seconds until a token is there (0: now)."""
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self._rate

    def take(self) -> None:
        """Take the token that `wait` found."""
        self._tokens -= 1


class Pace:
    """Lets requests go in the order of their lanes, as fast as the bot's bucket and the pauses allow."""

    def __init__(self, per_second: float, per_chat_second: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._bucket = Bucket(per_second, max(1.0, per_second))
        self._per_chat = per_chat_second
        self._chats: OrderedDict[int, Bucket] = OrderedDict()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {lane: deque() for lane in LANES}
        self._under_way = 0
        self._paused_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def enter(self, lane: str) -> None:
        """Wait for one's turn; every `enter` is followed by a `leave`."""
        if not any(self._waiting.values()) and self._may_go() == 0.0:
            self._go()
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(future)
        self._release()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """A request has ended."""
        self._under_way -= 1
        self._release()

    def pause(self, seconds: float) -> None:
        """Telegram says 429: nobody sends for that long."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    async def wait_for_chat(self, chat: int) -> None:
        """Wait until this chat may get another message, and take its token."""
        bucket = self._chats.get(chat)
        if bucket is None:
            bucket = self._chats[chat] = Bucket(self._per_chat, max(CHAT_BURST, self._per_chat))
            if len(self._chats) > CHATS_KEPT:
                self._chats.popitem(last=False)
        wait = bucket.wait(self._clock())
        if wait > 0:
            await asyncio.sleep(wait)
            bucket.wait(self._clock())
        bucket.take()

    def _may_go(self) -> float:
        """0 now, else the seconds to wait; infinite until another request ends."""
        if self._under_way >= IN_FLIGHT:
            return float("inf")
        now = self._clock()
        return max(self._paused_until - now, self._bucket.wait(now), 0.0)

    def _go(self) -> None:
        self._bucket.take()
        self._under_way += 1

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while (future := self._next()) is not None:
            wait = self._may_go()
            if wait > 0:
                if wait != float("inf"):
                    self._timer = asyncio.get_running_loop().call_later(wait, self._release)
                return
            self._go()
            self._pop()
            future.set_result(None)

    def _next(self) -> asyncio.Future[None] | None:
        for waiting in self._waiting.values():
            while waiting and waiting[0].done():
                waiting.popleft()
            if waiting:
                return waiting[0]
        return None

    def _pop(self) -> None:
        next(waiting for waiting in self._waiting.values() if waiting).popleft()
