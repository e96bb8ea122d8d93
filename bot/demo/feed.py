"""One stream of events for the whole page.

A browser opens six connections to one server and no more: a stream for each phone would leave none for taps as soon
as the page is open twice. So one stream (https://html.spec.whatwg.org/multipage/server-sent-events.html) carries all
phones, and how the bot is.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo.chats import Phone
from bot.demo.messages import Event, Json
from bot.demo.phones import HEARTBEAT_SECONDS, message_of, screen_of
from bot.demo.telegram import Standin

Told = tuple[str, Json]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A phone on the page, and who holds it."""

    phone: Phone
    role: str
    name: str
    language: str

    def describe(self) -> Json:
        """What the page must know beside the messages."""
        chat = {"chat_id": self.phone.chat_id, "blocked": self.phone.blocked}
        return {**chat, "role": self.role, "name": self.name, "language": self.language}


@dataclass(slots=True, eq=False)
class _Seen:
    """What one listener has been told so far."""

    latest: dict[str, Json] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    blocked: dict[int, bool] = field(default_factory=dict)


class Feed:
    """All phones of the demo, and who listens to them. ``run`` names this start of the demo."""

    def __init__(self, standin: Standin, run: str) -> None:
        self.held: list[Held] = []
        self._latest: dict[str, Json] = {"bot": {"state": "starting"}}
        self._standin = standin
        self._run = run
        self._waiting: set[asyncio.Future[None]] = set()

    def hold(self, role: str, name: str, language: str) -> Held:
        """Give somebody a phone."""
        held = Held(self._standin.person(name, language), role, name, language)
        self.held.append(held)
        self.ring()
        return held

    def holds(self, chat_id: int) -> bool:
        """Whether that chat is on one of the page's phones."""
        return any(held.phone.chat_id == chat_id for held in self.held)

    def ring(self) -> None:
        """Something changed that is not on a phone's screen."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def become(self, bot: str) -> None:
        """How the bot is now."""
        self.tell("bot", {"state": bot})

    def tell(self, kind: str, what: Json) -> None:
        """Something about the demo as it is from now on; only the latest of a kind counts."""
        self._latest[kind] = what
        self.ring()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """First every screen, then what happens; a listener that comes back is told all anew."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        seen = _Seen()
        try:
            await response.write(_frame("hello", {"run": self._run}))
            while not self._standin.closing.is_set():
                news = list(self._news(seen))
                for kind, told in news:
                    await response.write(_frame(kind, told))
                # Nothing may be awaited between looking for news and waiting for it.
                if not news and not await self._wait():
                    await response.write(b": still here\n\n")
        except ConnectionResetError:
            pass  # the page was closed
        return response

    def _news(self, seen: _Seen) -> Iterator[Told]:
        for kind, what in self._latest.items():
            if seen.latest.get(kind) is not what:
                seen.latest[kind] = what
                yield kind, what
        for held in self.held:
            phone, chat_id = held.phone, held.phone.chat_id
            if chat_id not in seen.numbers:
                seen.blocked[chat_id] = phone.blocked
                yield "screen", {**held.describe(), **screen_of(phone)}
            else:
                for event in phone.history[seen.numbers[chat_id] :]:
                    if told := _tell(phone, event):
                        yield told[0], {"chat_id": chat_id, **told[1]}
            seen.numbers[chat_id] = len(phone.history)
            if seen.blocked[chat_id] != phone.blocked:
                seen.blocked[chat_id] = phone.blocked
                yield "blocked", {"chat_id": chat_id, "blocked": phone.blocked}

    async def _wait(self) -> bool:
        """Wait for news or the end; False when neither came for a while."""
        ring: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(ring)
        ring.add_done_callback(self._waiting.discard)
        closing = asyncio.ensure_future(self._standin.closing.wait())
        waits: set[asyncio.Future[Any]] = {ring, closing, *(held.phone.change() for held in self.held)}
        try:
            done, _rest = await asyncio.wait(waits, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return bool(done)


def _tell(phone: Phone, event: Event) -> Told | None:
    match event.kind:
        case "message" | "edit":
            return event.kind, {"message": message_of(phone, event.message)}
        case "delete":
            return "delete", {"message_ids": list(event.message_ids)}
        case "typing":
            return "typing", {"action": event.text}
        case "clear":
            return "clear", {}
        case "toast":
            return None  # whoever tapped gets it as the answer to the tap


def _frame(kind: str, told: Json) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(told)}\n\n".encode()
