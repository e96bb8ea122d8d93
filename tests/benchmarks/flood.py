"""A stand-in that a round goes out to, while some of its clients ask for a person; driven like `loopback`.

A message whose text is that of a round is counted and read by nobody. A **visitor** sends `/help` and taps the first
button of what comes, four times (contact today, here, at any time, yes, send it), each time at once; then their
caseworker, whose chat is `STAFF` further on, gets an alert. Every reply and every alert is timed. With a limit, sends
and edits beyond so many within any one second are refused with 429, which is stricter than Telegram is
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).

Line in:    {"do": "round", "text": …, "messages": 100, "limit": 30, "visitors": [chats], "every": 0.5, "timeout": 60}
Line out:   {"messages", "chats", "seconds" from the first of the round to the last, "sent" meanwhile in all, "refused",
            "busiest_second", "replies_ms": […], "alerts_ms": […], "unanswered"}
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.benchmarks.loopback import Client, Connection, Parameters, Standin, main

STAFF = 50_000_000
"""How much further on the chat of a client's caseworker is."""

GRACE = 10.0
"""Seconds in which visitors may still be answered after the last message of the round."""

TAPS = 4
"""After that many a visitor's wish is sent."""

PAUSE = 1
"""Seconds that a 429 asks to wait."""


@dataclass
class Seen:
    """What one round brought, and when (seconds of the performance counter)."""

    text: str = ""
    wanted: int = 0
    limit: int = 0
    arrivals: list[float] = field(default_factory=list)
    """Sends and edits that were taken, and deletions: what the bot's own bucket pays for."""
    of_round: list[float] = field(default_factory=list)
    chats: Counter[int] = field(default_factory=Counter)
    refused: int = 0
    busiest: int = 0
    """The most sends and edits within any one second."""
    window: deque[float] = field(default_factory=deque)
    asked_at: dict[int, float] = field(default_factory=dict)
    """Since when each chat waits: a visitor's for a reply, their caseworker's for the alert."""
    taps: Counter[int] = field(default_factory=Counter)
    replies: list[float] = field(default_factory=list)
    alerts: list[float] = field(default_factory=list)


class Flooded(Standin):
    """Counts, times, and refuses what is too much."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self.begun, self.complete, self.answered = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def carry_out(self, order: Parameters) -> Parameters:
        """Watch a round, or what `loopback` can do."""
        return await self.watch(order) if order["do"] == "round" else await super().carry_out(order)

    async def watch(self, order: Parameters) -> Parameters:
        """Until all of the round is there, and every visitor has been answered, or the time is up."""
        self.seen = seen = Seen(order["text"], order["messages"], order["limit"])
        visiting = asyncio.create_task(self.send_visitors(order["visitors"], order["every"]))
        self.answered.set()
        for happened, seconds in ((self.complete, order["timeout"]), (self.answered, GRACE)):
            with suppress(TimeoutError):
                await asyncio.wait_for(happened.wait(), seconds)
            visiting.cancel()
        return summarize(seen)

    async def send_visitors(self, chats: list[int], every: float) -> None:
        """One after another, once the round has begun."""
        await self.begun.wait()
        for chat in chats:
            self.answered.clear()
            self.seen.asked_at[chat] = time.perf_counter()
            self.type_words(Client(chat, []), "/help")
            await asyncio.sleep(every)

    def call(self, connection: Connection, method: str, read: Callable[[], Parameters]) -> None:
        """Note a deletion; the others are noted where they may be refused."""
        if method.startswith("delete"):
            self.seen.arrivals.append(time.perf_counter())
        super().call(connection, method, read)

    def show(self, connection: Connection, parameters: Parameters, *, text_is_new: bool) -> None:
        """Refuse it, or take it."""
        now = time.perf_counter()
        if self.is_too_much(now):
            self.seen.refused += 1
            connection.refuse(429, f"Too Many Requests: retry after {PAUSE}", retry_after=PAUSE)
            return
        self.seen.arrivals.append(now)
        if parameters.get("text") == self.seen.text:
            self.seen.of_round.append(now)
            self.seen.chats[int(parameters["chat_id"])] += 1
            self.begun.set()
            if len(self.seen.of_round) >= self.seen.wanted:
                self.complete.set()
        super().show(connection, parameters, text_is_new=text_is_new)

    def is_too_much(self, now: float) -> bool:
        """Whether there were as many as are allowed within the last second."""
        window = self.seen.window
        while window and window[0] <= now - 1:
            window.popleft()
        if self.seen.limit and len(window) >= self.seen.limit:
            return True
        window.append(now)
        self.seen.busiest = max(self.seen.busiest, len(window))
        return False

    def reach(self, client: Client, message: str, buttons: list[str] | None) -> None:
        """A message reached somebody: time it, if it is what they wait for."""
        seen, chat = self.seen, client.chat
        if chat not in seen.asked_at or f'"text":"{seen.text}"' in message:
            return
        now = time.perf_counter()
        waited = now - seen.asked_at.pop(chat)
        (seen.alerts if chat > STAFF else seen.replies).append(waited)
        if chat < STAFF and seen.taps[chat] < TAPS and buttons:
            seen.taps[chat] += 1
            seen.asked_at[chat] = now
            if seen.taps[chat] == TAPS:
                seen.asked_at[chat + STAFF] = now
            self.tap(client, message, buttons[0])
        if not seen.asked_at:
            self.answered.set()


def summarize(seen: Seen) -> Parameters:
    """A round in figures."""
    first, last = (seen.of_round[0], seen.of_round[-1]) if seen.of_round else (0.0, 0.0)
    during = [at for at in seen.arrivals if first <= at <= last]
    return {
        "messages": len(seen.of_round),
        "chats": len(seen.chats),
        "seconds": last - first,
        "sent": len(during),
        "refused": seen.refused,
        "busiest_second": seen.busiest,
        "replies_ms": [round(each * 1000, 1) for each in seen.replies],
        "alerts_ms": [round(each * 1000, 1) for each in seen.alerts],
        "unanswered": len(seen.asked_at),
    }


if __name__ == "__main__":
    gc.disable()
    asyncio.run(main(Flooded))
