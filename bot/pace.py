"""How fast requests leave: one bucket for the bot, one for each chat, urgent lanes first, and pauses for everybody."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from bot.turn import LANES

IN_FLIGHT: Final = 48
"""Requests under way at once."""

AT_ONCE: Final = 0.05
"""Of the requests of a second, how many may leave in a row after a rest or a stall; the others leave evenly, so that
whatever is urgent finds the next place a moment away."""

APART: Final = 0.03
"""Seconds by which requests may arrive closer together than they left, and still be no more in any second than are
allowed."""

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


class Window:
    """As many as `rate` a second, and never more than that within any second."""

    __slots__ = ("_seconds", "_times")

    def __init__(self, rate: float) -> None:
        most = max(1, int(rate))
        self._times: deque[float] = deque(maxlen=most)
        self._seconds = most / rate + APART

    def wait(self, now: float) -> float:
        """Seconds until the next may go (0: now)."""
        return 0.0 if len(self._times) < (self._times.maxlen or 1) else max(0.0, self._times[0] + self._seconds - now)

    def take(self, now: float) -> None:
        """One goes."""
        self._times.append(now)


class Pace:
    """Lets requests go in the order of their lanes, as fast as the bot's bucket and the pauses allow."""

    def __init__(self, per_second: float, per_chat_second: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._bucket = Bucket(per_second, 1 + per_second * AT_ONCE)
        self._window = Window(per_second)
        self._per_chat = per_chat_second
        self._chats: OrderedDict[int, Bucket] = OrderedDict()
        self._waiting: dict[str, dict[int, asyncio.Future[None]]] = {lane: {} for lane in LANES}
        """By lane and chat, in order; a chat waits in one lane at most."""
        self._under_way = 0
        self._paused_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def enter(self, chat: int, lane: str) -> None:
        """Wait for a chat's turn; every `enter` is followed by a `leave`."""
        if not any(self._waiting.values()) and self._may_go() == 0.0:
            self._go()
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[lane][chat] = future
        self._release()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.leave()
            for waiting in self._waiting.values():
                waiting.pop(chat, None)
            raise

    def hurry(self, chat: int, lane: str) -> None:
        """Something of this lane lines up in a chat: if the chat waits in a later lane, it waits in this one now."""
        for later in LANES[LANES.index(lane) + 1 :]:
            future = self._waiting[later].pop(chat, None)
            if future is not None:
                self._waiting[lane][chat] = future
                self._release()

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
        return max(self._paused_until - now, self._bucket.wait(now), self._window.wait(now), 0.0)

    def _go(self) -> None:
        self._bucket.take()
        self._window.take(self._clock())
        self._under_way += 1

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while (first := next((waiting for waiting in self._waiting.values() if waiting), None)) is not None:
            wait = self._may_go()
            if wait > 0:
                if wait != float("inf"):
                    self._timer = asyncio.get_running_loop().call_later(wait, self._release)
                return
            future = first.pop(next(iter(first)))
            if not future.done():
                self._go()
                future.set_result(None)
