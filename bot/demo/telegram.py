"""A stand-in for Telegram: the Bot API over HTTP, and the people on the other side.

``Standin`` is used by the demo and by the end-to-end tests, and runs alone with
``python -m bot.demo.telegram --port 0 --token T``. It is strict where Telegram is strict
(https://core.telegram.org/bots/api), so that what works here works there.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.demo.account import Account, Told
from bot.demo.chats import Chats, Phone
from bot.demo.faults import Fault, Faults, Limits
from bot.demo.methods import Methods
from bot.demo.params import Json, Params, Upload
from bot.demo.phones import loopback_only, phone_routes
from bot.demo.refusals import STATUS, Refusal, flood
from bot.demo.updates import Updates

UPLOAD_LIMIT = 50 * 1024 * 1024
TOKEN = "7000000001:stand-in"  # noqa: S105 - it opens nothing but the stand-in

BeforeHook = Callable[[str, Json], Awaitable[None] | None]
AfterHook = Callable[[str, Json, Json], Awaitable[None] | None]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Standin:
    """One bot's Telegram.

    ``now`` gives aware UTC time and rules dates, the 24 and 48 hours, late answers and the flood limits; only waiting
    (long polls, webhook delays, ``Fault.delay``) takes real time. ``limits=None`` means no flood limits.
    ``before`` and ``after`` are called for each method with its name as the bot wrote it and the values as they came;
    ``after`` also with the answer. Either may be a coroutine function.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        now: Callable[[], datetime] = utc_now,
        limits: Limits | None = None,
        username: str = "first_say_bot",
        query_seconds: float = 60.0,
        webhook_delay: float = 1.0,
    ) -> None:
        self.token = token
        self.now = now
        self.url = ""
        self.faults = Faults()
        self.counts: Counter[str] = Counter()
        """Calls by lower-case method name, refused ones too."""
        self.before: list[BeforeHook] = []
        self.after: list[AfterHook] = []
        self.closing = asyncio.Event()
        self.updates = Updates(self.clock, random.randrange(100_000_000, 900_000_000))  # noqa: S311
        number = token.partition(":")[0]
        self.bot: Json = {
            "id": int(number) if number.isdecimal() else 7000000001,
            "is_bot": True,
            "first_name": "First Say",
            "username": username,
        }
        self.chats = Chats(self.bot, self.updates, self.clock)
        self.methods = Methods(self.chats, limits, query_seconds)
        self.account = Account(self.chats, self.execute, webhook_delay)
        self._table = self.methods.table | self.account.table
        self._watching: set[asyncio.Future[None]] = set()
        self._runner: web.AppRunner | None = None

    def clock(self) -> float:
        return self.now().timestamp()

    # People

    def person(self, first_name: str, language_code: str | None = None, *, opened: bool = False) -> Phone:
        """A person with a phone. ``opened``: they wrote to the bot some time ago, so the bot may write first."""
        return self.chats.add(first_name, language_code, opened)

    def phone(self, chat_id: int) -> Phone | None:
        return self.chats.phones.get(chat_id)

    # Faults

    def fail(
        self,
        method: str,
        code: int,
        *,
        times: int = 1,
        retry_after: int | None = None,
        description: str = "",
        body: bytes | None = None,
    ) -> None:
        """Refuse the next calls of ``method`` (``*``: any) without doing them. 429 needs ``retry_after``."""
        self.faults.add(method, Fault(code, description, retry_after, body), times)

    def drop(self, method: str, *, times: int = 1) -> None:
        """Do what the next calls ask, but close the connection without an answer: the sender is in doubt."""
        self.faults.add(method, Fault(drop=True), times)

    def delay(self, method: str, seconds: float, *, times: int = 1) -> None:
        """Take ``seconds`` of real time before the next calls."""
        self.faults.add(method, Fault(delay=seconds), times)

    # Methods

    async def execute(self, method: str, values: Json, uploads: dict[str, Upload] | None = None) -> Json:
        """Carry out one method without HTTP and give Telegram's answer (``ok``, ``result`` or ``error_code``…)."""
        return (await self._call(method, Params(values, uploads)))[0]

    async def called(self, method: str, count: int = 1, timeout: float = 5) -> None:  # noqa: ASYNC109
        """Wait until ``method`` has been called ``count`` times in all; raises ``TimeoutError``.

        The last of these calls has begun by then, but need not be answered.
        """
        async with asyncio.timeout(timeout):
            while self.counts[method.lower()] < count:
                watching: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._watching.add(watching)
                try:
                    await watching
                finally:
                    self._watching.discard(watching)

    async def _call(self, method: str, params: Params) -> tuple[Json, Fault | None]:
        name = method.lower()
        self.counts[name] += 1
        for watching in self._watching:
            if not watching.done():
                watching.set_result(None)
        for before in self.before:
            await _finish(before(method, params.values))
        fault = self.faults.take(name)
        if fault and fault.delay:
            with suppress(TimeoutError):  # so that closing need not wait for it
                await asyncio.wait_for(self.closing.wait(), fault.delay)
        try:
            if fault and fault.code:
                raise _refusal_of(fault)
            answer = await self._answer(name, params)
        except Refusal as refusal:
            answer = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.retry_after is not None:
                answer["parameters"] = {"retry_after": refusal.retry_after}
        for after in self.after:
            await _finish(after(method, params.values, answer))
        return answer, fault

    async def _answer(self, name: str, params: Params) -> Json:
        function = self._table.get(name)
        if function is None:
            raise Refusal(404, STATUS[404])
        result = function(params)
        if inspect.isawaitable(result):
            result = await result
        if isinstance(result, Told):
            return {"ok": True, "result": result.result, "description": result.description}
        return {"ok": True, "result": result}

    # HTTP

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """``/bot<token>/<method>``, GET or POST."""
        if request.match_info["token"] != self.token:
            return _reply({"ok": False, "error_code": 401, "description": STATUS[401]})
        try:
            params = await _read_params(request)
        except web.HTTPRequestEntityTooLarge:
            return _reply({"ok": False, "error_code": 413, "description": "Request Entity Too Large"})
        except ValueError:
            text = "Bad Request: can't parse request"
            return _reply({"ok": False, "error_code": 400, "description": text})
        answer, fault = await self._call(request.match_info["method"], params)
        if fault and fault.drop and request.transport:
            request.transport.abort()
        if fault and fault.body is not None:
            return web.Response(body=fault.body, status=fault.code, content_type="text/html")
        return _reply(answer)

    async def serve_file(self, request: web.Request) -> web.StreamResponse:
        """``/file/bot<token>/<path>``: the bytes of a file (https://core.telegram.org/bots/api#getfile)."""
        if request.match_info["token"] != self.token:
            return _reply({"ok": False, "error_code": 401, "description": STATUS[401]})
        for kept in self.chats.files.values():
            if kept.path == request.match_info["path"]:
                return web.Response(body=kept.content, content_type="application/octet-stream")
        return _reply({"ok": False, "error_code": 404, "description": STATUS[404]})

    def bot_routes(self) -> list[web.RouteDef]:
        """What the bot talks to."""
        return [
            web.route("*", "/bot{token}/{method}", self.handle),
            web.get("/file/bot{token}/{path:.+}", self.serve_file),
        ]

    def app(self) -> web.Application:
        """An application with both sides, for this machine only; more routes may be added before it is served."""
        app = web.Application(client_max_size=UPLOAD_LIMIT, middlewares=[loopback_only])
        app.add_routes([*self.bot_routes(), *phone_routes(self.chats, self.closing)])
        app.on_shutdown.append(self._shut)
        return app

    async def serve(self, port: int = 0) -> str:
        """Serve ``app()`` on the loopback address and give its URL, without a slash at the end."""
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0])
        return self.url

    async def close(self) -> None:
        """Let everyone who waits go, and stop serving."""
        self.closing.set()
        await self.account.close()
        if self._runner:
            await self._runner.cleanup()

    async def _shut(self, _app: web.Application) -> None:
        self.closing.set()
        await self.account.close()

    async def __aenter__(self) -> Self:
        await self.serve()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def _finish(result: Awaitable[None] | None) -> None:
    if result is not None:
        await result


def _refusal_of(fault: Fault) -> Refusal:
    if fault.code == 429 and not fault.description:
        return flood(fault.retry_after or 1)
    return Refusal(fault.code, fault.description or STATUS.get(fault.code, "Bad Request"), fault.retry_after)


def _reply(answer: Json) -> web.Response:
    return web.Response(
        body=json.dumps(answer, separators=(",", ":")).encode(),
        status=200 if answer["ok"] else answer["error_code"],
        content_type="application/json",
    )


async def _read_params(request: web.Request) -> Params:
    """Parameters from the query and the body; the body counts more. Raises ``ValueError`` when it cannot be read."""
    values: Json = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "application/json":
        body = await request.read()
        asked = json.loads(body) if body else {}
        if not isinstance(asked, dict):
            raise ValueError("an object was expected")
        return Params(values | asked if values else asked)
    uploads: dict[str, Upload] = {}
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                values[name] = value
    return Params(values, uploads)


async def run(port: int, token: str, limits: Limits | None = None) -> None:
    """Serve until cancelled; the one line on standard output says where."""
    standin = Standin(token, limits=limits)
    url = await standin.serve(port)
    sys.stdout.write(json.dumps({"url": url}) + "\n")
    sys.stdout.flush()
    try:
        await standin.closing.wait()
    finally:
        await standin.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.demo.telegram", description="A stand-in for Telegram.")
    parser.add_argument("--port", type=int, default=0, help="0 lets the system choose")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--limits", action="store_true", help="refuse what Telegram's flood limits refuse")
    chosen = parser.parse_args()
    try:
        asyncio.run(run(chosen.port, chosen.token, Limits() if chosen.limits else None))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
