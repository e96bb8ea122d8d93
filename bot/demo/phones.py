"""The human side over HTTP: what the demo page and tests in another process use to be a person with a phone.

Events come as Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.demo.chats import Chats, Phone
from bot.demo.messages import Event, Json, PhoneError, Shown

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PAPERS = frozenset({"text/html", "text/plain"})
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:"
"""A document from a chat is shown, and nothing in it may act or reach anywhere."""

TAP_SECONDS = 3.0
HEARTBEAT_SECONDS = 15.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that a foreign page could have sent: a foreign Host (DNS rebinding), Origin or site."""
    if not _is_local(request):
        return web.Response(status=403, text="Only from a page on this machine.\n")
    return await handler(request)


def _is_local(request: web.Request) -> bool:
    host = request.headers.get("Host", "")
    if host.startswith("127.0.0.1:") and "Origin" not in request.headers:  # the bot's own requests, many of them
        return request.headers.get("Sec-Fetch-Site") != "cross-site"
    try:
        if urlsplit(f"//{host}").hostname not in LOOPBACK:
            return False
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return False
    except ValueError:
        return False
    return request.headers.get("Sec-Fetch-Site") != "cross-site"


def phone_routes(chats: Chats, closing: asyncio.Event) -> list[web.RouteDef]:
    """Routes under ``/phones`` for an application of one's own; guard it with ``loopback_only``."""
    hands = Hands(chats, closing)
    one = "/phones/{chat_id:[0-9]+}"
    return [
        web.post("/phones", hands.add),
        web.get(one, hands.screen),
        web.get(f"{one}/events", hands.events),
        web.get(f"{one}/media/{{file_id}}", hands.media),
        web.post(f"{one}/send", hands.send),
        web.post(f"{one}/start", hands.start),
        web.post(f"{one}/tap", hands.tap),
        web.post(f"{one}/voice", hands.voice),
        web.post(f"{one}/edit", hands.edit),
        web.post(f"{one}/block", hands.block),
        web.post(f"{one}/unblock", hands.unblock),
    ]


class Hands:
    """The handlers. What a phone cannot do is answered with 409 and ``{"error": …}``."""

    def __init__(self, chats: Chats, closing: asyncio.Event) -> None:
        self._chats = chats
        self._closing = closing

    async def add(self, request: web.Request) -> web.Response:
        asked = await _read(request)
        name = str(asked.get("name") or "").strip() or "Someone"
        phone = self._chats.add(name[:64], str(asked.get("language") or "") or None, False)
        return web.json_response({"chat_id": phone.chat_id})

    async def screen(self, request: web.Request) -> web.Response:
        return web.json_response(screen_of(self._find(request)))

    async def send(self, request: web.Request) -> web.Response:
        phone, asked = self._find(request), await _read(request)
        return _do(lambda: phone.send(str(asked.get("text", ""))))

    async def start(self, request: web.Request) -> web.Response:
        phone, asked = self._find(request), await _read(request)
        return _do(lambda: phone.start(str(asked.get("payload") or "")))

    async def edit(self, request: web.Request) -> web.Response:
        phone, asked = self._find(request), await _read(request)
        return _do(lambda: phone.edit(_number(asked), str(asked.get("text", ""))))

    async def voice(self, request: web.Request) -> web.Response:
        phone, sound = self._find(request), await request.read()
        seconds = request.query.get("duration", "")
        return _do(lambda: phone.voice(sound, int(seconds) if seconds.isdecimal() else 1))

    async def block(self, request: web.Request) -> web.Response:
        return _do(self._find(request).block)

    async def unblock(self, request: web.Request) -> web.Response:
        return _do(self._find(request).unblock)

    async def tap(self, request: web.Request) -> web.Response:
        """Gives what the bot answered; empty when it does not answer in time, as a phone just stops turning."""
        phone, asked = self._find(request), await _read(request)
        try:
            query = phone.tap_data(_number(asked), str(asked.get("data", "")))
            toast = await query.answer(TAP_SECONDS)
        except PhoneError as error:
            return _refuse(error)
        except TimeoutError:
            return web.json_response({"text": "", "alert": False})
        return web.json_response({"text": toast.text, "alert": toast.alert})

    async def media(self, request: web.Request) -> web.Response:
        """A file that stands in one of this phone's messages."""
        phone = self._find(request)
        kept = self._chats.files.get(request.match_info["file_id"])
        if kept is None or not any(shown.file_id == kept.file_id for shown in phone.messages):
            raise web.HTTPNotFound
        headers = {"X-Content-Type-Options": "nosniff"}
        if kept.mime in PAPERS:
            headers["Content-Security-Policy"] = SANDBOX
        elif not kept.mime.startswith(("image/", "audio/")) or kept.mime == "image/svg+xml":
            headers["Content-Disposition"] = "attachment"
        charset = "utf-8" if kept.mime in PAPERS else None
        return web.Response(body=kept.content, content_type=kept.mime, charset=charset, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """First the screen, or what came after ``Last-Event-ID``; then events as they come."""
        phone = self._find(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        seen = _last_seen(request, phone)
        try:
            if seen is None:
                seen = len(phone.history)
                await response.write(_frame(seen, "screen", screen_of(phone)))
            while not self._closing.is_set():
                for event in phone.history[seen:]:
                    seen = event.number
                    await response.write(_frame(seen, *_tell(phone, event)))
                if seen == len(phone.history) and not await self._wait(phone):
                    await response.write(b": still here\n\n")
        except ConnectionResetError:
            pass  # the page was closed
        return response

    async def _wait(self, phone: Phone) -> bool:
        """Wait for an event or the end; False when neither came for a while."""
        closing = asyncio.ensure_future(self._closing.wait())
        waits: set[asyncio.Future[Any]] = {phone.change(), closing}
        try:
            done, _rest = await asyncio.wait(waits, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return bool(done)

    def _find(self, request: web.Request) -> Phone:
        phone = self._chats.phones.get(int(request.match_info["chat_id"]))
        if phone is None:
            raise web.HTTPNotFound
        return phone


def screen_of(phone: Phone) -> Json:
    """``{"messages": […]}``, oldest first."""
    return {"messages": [message_of(phone, shown) for shown in phone.messages]}


def message_of(phone: Phone, shown: Shown) -> Json:
    """One message for the page; ``silent`` is the bot's wish that the phone stays quiet."""
    told: Json = {
        "message_id": shown.message_id,
        "date": shown.at,
        "out": not shown.from_bot,
        "kind": shown.kind,
        "text": shown.text,
        "entities": shown.entities,
        "buttons": [[_button_of(button) for button in row] for row in shown.keyboard],
        "edited": shown.edited,
        "silent": shown.silent,
    }
    if shown.file_id:
        told["media_url"] = f"/phones/{phone.chat_id}/media/{shown.file_id}"
    if shown.kind == "document":
        told["file_name"] = shown.raw["document"].get("file_name", "")
    return told


def _button_of(button: Json) -> Json:
    told: Json = {"text": button["text"]}
    if "callback_data" in button:
        told["data"] = button["callback_data"]
    if "copy_text" in button:
        told["copy"] = button["copy_text"]["text"]
    if "url" in button:
        told["url"] = button["url"]
    if "style" in button:
        told["style"] = button["style"]
    return told


def _tell(phone: Phone, event: Event) -> tuple[str, Json]:
    if event.kind == "clear":
        return "screen", {"messages": []}
    if event.kind == "delete":
        return "delete", {"message_ids": list(event.message_ids)}
    if event.kind == "toast":
        return "toast", {"text": event.text, "alert": event.alert}
    if event.kind == "typing":
        return "typing", {"action": event.text}
    return event.kind, message_of(phone, event.message)


def _frame(number: int, kind: str, data: Json) -> bytes:
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def _last_seen(request: web.Request, phone: Phone) -> int | None:
    given = request.headers.get("Last-Event-ID", "")
    # A number from before a restart may be higher than any event now: then the whole screen is due again.
    return int(given) if given.isdecimal() and int(given) <= len(phone.history) else None


def _do(act: Callable[[], object]) -> web.Response:
    try:
        done = act()
    except PhoneError as error:
        return _refuse(error)
    return web.json_response({"message_id": done.message_id} if isinstance(done, Shown) else {})


def _refuse(error: PhoneError) -> web.Response:
    return web.json_response({"error": str(error).partition("\n")[0]}, status=409)


def _number(asked: Json) -> int:
    try:
        return int(asked["message_id"])
    except (KeyError, TypeError, ValueError):
        raise PhoneError("message_id must be a number") from None


async def _read(request: web.Request) -> Json:
    """The JSON object in the body; an empty body is an empty object."""
    body = await request.read()
    try:
        asked = json.loads(body) if body else {}
    except ValueError:
        raise web.HTTPBadRequest(text="JSON was expected\n") from None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text="a JSON object was expected\n")
    return asked
