"""The page's server: the page itself, its phones, and what only a demo has."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.demo.feed import Feed
from bot.demo.keeper import CommandError
from bot.demo.messages import Json
from bot.demo.phones import loopback_only, phone_routes
from bot.demo.telegram import UPLOAD_LIMIT, Standin

PAGE: Final = Path(__file__).parent / "page"
ROLES: Final = ("client", "caseworker", "lead")
MOST_PHONES: Final = 12

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "connect-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""The browser itself keeps the promise that nothing leaves this machine."""

Invite = Callable[[str], Awaitable[str]]
"""Makes an invitation for a role and gives the payload of its link; raises CommandError."""


def page_app(standin: Standin, feed: Feed, invite: Invite, more: Iterable[web.RouteDef] = ()) -> web.Application:
    """The page, its phones, and what only a demo has (``more``: its clock, its window, …), for this machine only."""
    desk = Desk(standin, feed, invite)
    app = web.Application(client_max_size=UPLOAD_LIMIT, middlewares=[loopback_only])
    app.add_routes(
        [
            web.get("/", desk.page),
            web.static("/page", PAGE),
            web.get("/demo/events", feed.stream),
            web.get("/demo/commands/{chat_id:[0-9]+}", desk.commands),
            web.post("/demo/phones", desk.add),
            web.post("/demo/invite", desk.invite),
            *phone_routes(standin.chats, standin.closing),
            *more,
        ]
    )
    app.on_response_prepare.append(_add_headers)
    return app


class Desk:
    """The handlers beside the phones' own. What cannot be done is answered with 409 and ``{"error": …}``."""

    def __init__(self, standin: Standin, feed: Feed, invite: Invite) -> None:
        self._standin = standin
        self._feed = feed
        self._invite = invite

    async def page(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html")

    async def add(self, request: web.Request) -> web.Response:
        """A new phone for somebody: ``{"role", "name", "language"}`` gives what ``Held.describe`` gives."""
        asked = await _read(request)
        role, name, language = (str(asked.get(key) or "") for key in ("role", "name", "language"))
        if role not in ROLES or not re.fullmatch(r"[a-z]{2,3}", language):
            raise web.HTTPBadRequest(text="role and language were expected\n")
        if len(self._feed.held) >= MOST_PHONES:
            return _refuse(f"More than {MOST_PHONES} phones do not fit on this page.")
        return web.json_response(self._feed.hold(role, name.strip()[:64] or role, language).describe())

    async def invite(self, request: web.Request) -> web.Response:
        """An invitation as the programme would make it: ``{"role"}`` gives ``{"start": payload}``."""
        role = str((await _read(request)).get("role") or "")
        if role not in ROLES:
            raise web.HTTPBadRequest(text="a role was expected\n")
        try:
            return web.json_response({"start": await self._invite(role)})
        except CommandError as error:
            return _refuse(str(error))

    async def commands(self, request: web.Request) -> web.Response:
        """What the bot's menu holds for one chat, found in Telegram's order.

        https://core.telegram.org/bots/api#determining-list-of-commands
        """
        chat_id = int(request.match_info["chat_id"])
        language = request.query.get("language", "")
        for scope in ({"type": "chat", "chat_id": chat_id}, {"type": "all_private_chats"}, {"type": "default"}):
            for code in dict.fromkeys((language, "")):
                answer = await self._standin.execute("getMyCommands", {"scope": scope, "language_code": code})
                if answer["ok"] and answer["result"]:
                    return web.json_response({"commands": answer["result"]})
        return web.json_response({"commands": []})


async def _read(request: web.Request) -> Json:
    try:
        asked = await request.json()
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text="a JSON object was expected\n")
    return asked


def _refuse(why: str) -> web.Response:
    return web.json_response({"error": why}, status=409)


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cache-Control", "no-cache")  # another version may stand on this port tomorrow
