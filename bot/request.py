"""HTTP to Telegram: one aiohttp session, behind python-telegram-bot and beside it.

python-telegram-bot calls `do_request` (its contract is `telegram.request.BaseRequest`). The outbox calls
`send` with a ready JSON body, past everything that it does not need.

The address of every call contains the token, and so do many of aiohttp's messages. So no exception of aiohttp
leaves this module, not even as the context of another: what went wrong is taken down as a kind, and raised
afresh outside the `except` block.
"""

from __future__ import annotations

import json
import os
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

# python-telegram-bot otherwise warns at every 429, and gives whole seconds: durations are timedelta here.
os.environ.setdefault("PTB_TIMEDELTA", "true")

CONNECTIONS: Final = 64
"""Requests under way at once. The outbox has one a chat, and Telegram takes about 30 a second."""

IDLE_SECONDS: Final = 30.0
"""How long an unused connection is kept: shorter than the server keeps it, since a POST on a connection that
the server has just closed is in doubt, and must not be repeated blindly."""

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 20.0
WRITE_SECONDS: Final = 20.0
POOL_SECONDS: Final = 10.0
TRANSFER_SECONDS: Final = 300.0
"""The most that a whole up- or download of a file may take (20 MB down, 50 MB up)."""

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON: Final = {"Content-Type": "application/json"}
_UNASKED: Final = ("User-Agent", "Accept", "Accept-Encoding")

# All of these are raised while a connection is sought, before the first byte of the request is written.
_BEFORE_WRITING: Final = (
    aiohttp.ClientConnectorError,  # refused, no such host, no route, TLS; also towards a proxy
    aiohttp.ConnectionTimeoutError,  # no connection in time, a new one or a free one of the pool
    aiohttp.ClientHttpProxyError,  # the proxy would not let us through
    aiohttp.InvalidURL,
)


class NotSent(Exception):  # noqa: N818
    """The request certainly did not reach the server: it can be sent again at no risk."""


class InDoubt(Exception):  # noqa: N818
    """The request may have been carried out: no answer came, or only a part of it."""


class _Failure(NamedTuple):
    """What is left of an exception of aiohttp: nothing that could hold an address."""

    kind: str
    before_writing: bool
    timed_out: bool


class AiohttpRequest(BaseRequest):
    """One keep-alive session for everything that goes to Telegram.

    Give the same instance to `Bot(request=…, get_updates_request=…)`: both `initialize` and `shutdown` may be
    called more than once. `proxy` is an address like `http://host:3128`; see `proxy_for`.
    """

    __slots__ = ("_addresses", "_lean", "_limit", "_proxy", "_read_seconds", "_session")

    def __init__(
        self, *, limit: int = CONNECTIONS, read_seconds: float = READ_SECONDS, proxy: str | None = None
    ) -> None:
        self._limit = limit
        self._read_seconds = read_seconds
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        self._addresses: dict[str, URL] = {}
        self._lean = self._lean_limits(read_seconds)

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where a call does not say otherwise."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open the session; it belongs to the running event loop."""
        if self._session is not None and not self._session.closed:
            return
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._limit, keepalive_timeout=IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=_UNASKED,
            auto_decompress=False,
            timeout=self._limits(),
            proxy=self._proxy,
        )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        session, self._session = self._session, None
        self._addresses.clear()
        if session is not None:
            await session.close()

    async def send(self, method_url: str, body: bytes, read_seconds: float | None = None) -> tuple[int, bytes]:
        """POST a ready JSON body: `https://…/bot<token>/sendMessage` → status, body of the answer.

        Every status is an answer, also 429 and 502; a redirect is not followed. Raises NotSent, InDoubt.
        """
        limits = self._lean if read_seconds is None else self._lean_limits(read_seconds)
        return await self._post(method_url, body, _JSON, limits)

    async def upload(self, method_url: str, form: aiohttp.FormData) -> tuple[int, bytes]:
        """POST a form with a file in it; otherwise as `send`."""
        return await self._post(method_url, form, {}, self._limits(transfer=True))

    async def _post(
        self, method_url: str, body: bytes | aiohttp.FormData, headers: dict[str, str], limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        session = self._session
        if session is None:
            raise NotSent("the session is closed")
        # Telegram's methods are few: their addresses are parsed once.
        address = self._addresses.get(method_url)
        if address is None:
            address = self._addresses[method_url] = URL(method_url, encoded=True)
        try:
            async with session.post(
                address, data=body, headers=headers, allow_redirects=False, timeout=limits
            ) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            failure = _take_down(error)
        if failure.before_writing:
            raise NotSent(failure.kind)
        raise InDoubt(failure.kind)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See `BaseRequest.do_request`; time-outs in seconds. Raises TimedOut, NetworkError."""
        session = self._session
        if session is None:
            raise NetworkError("the session is closed")
        body, headers = _encode(request_data)
        transfer = method == "GET" or isinstance(body, aiohttp.FormData)
        limits = self._limits(read_timeout, write_timeout, connect_timeout, pool_timeout, transfer=transfer)
        address = URL(url, encoded=True)
        try:
            async with session.request(
                method, address, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as answer:
                return answer.status, _readable(answer.status, await answer.read())
        except (aiohttp.ClientError, OSError) as error:
            failure = _take_down(error)
        if failure.timed_out:
            raise TimedOut(f"no answer from Telegram in time ({failure.kind})")
        raise NetworkError(f"no answer from Telegram ({failure.kind})")

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As in `BaseRequest`, which writes what it could not parse into the log: here nothing is written."""
        try:
            parsed = json.loads(payload)
        except ValueError:
            parsed = None
        if isinstance(parsed, dict):
            return parsed
        raise TelegramError("Invalid server response")

    @staticmethod
    def _lean_limits(read_seconds: float) -> aiohttp.ClientTimeout:
        """Limits on connecting and on the whole: a timer for every read would cost a tenth of a call."""
        whole = CONNECT_SECONDS + read_seconds
        return aiohttp.ClientTimeout(total=whole, connect=POOL_SECONDS, sock_connect=CONNECT_SECONDS)

    def _limits(
        self,
        read: object = BaseRequest.DEFAULT_NONE,
        write: object = BaseRequest.DEFAULT_NONE,
        connect: object = BaseRequest.DEFAULT_NONE,
        pool: object = BaseRequest.DEFAULT_NONE,
        *,
        transfer: bool = False,
    ) -> aiohttp.ClientTimeout:
        """Telegram's four limits as aiohttp's: `connect` there includes the wait for a free connection.

        aiohttp has no limit on writing, so the sum of all four bounds the whole call; a file may take longer.
        """
        read_seconds = _seconds(read, self._read_seconds)
        write_seconds = _seconds(write, WRITE_SECONDS)
        connect_seconds = _seconds(connect, CONNECT_SECONDS)
        waited = _sum(_seconds(pool, POOL_SECONDS), connect_seconds)
        whole = TRANSFER_SECONDS if transfer else _sum(waited, write_seconds, read_seconds)
        return aiohttp.ClientTimeout(total=whole, connect=waited, sock_connect=connect_seconds, sock_read=read_seconds)


def proxy_for(api_url: str) -> str | None:
    """The proxy that the environment names for this address (`https_proxy`, `no_proxy`), or None.

    Asked once at the start: aiohttp's own `trust_env` asks a thread before every request.
    """
    parts = urlsplit(api_url)
    host = parts.hostname or ""
    if host in ("localhost", "127.0.0.1", "::1") or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


def _seconds(given: object, otherwise: float) -> float | None:
    """A time-out of python-telegram-bot: seconds, None for no limit, anything else for "the default"."""
    if given is None or isinstance(given, int | float):
        return given
    return otherwise


def _sum(*seconds: float | None) -> float | None:
    known = [each for each in seconds if each is not None]
    return sum(known) if len(known) == len(seconds) else None


def _encode(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """The body and its header, as Telegram takes them: a form, or a multipart form where files go along.

    https://core.telegram.org/bots/api#making-requests
    """
    if request_data is None:
        return None, {}
    parameters = request_data.json_parameters
    if not request_data.contains_files:
        return urlencode(parameters).encode(), _FORM
    form = aiohttp.FormData(parameters)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form, {}


def _readable(status: int, body: bytes) -> bytes:
    """An error's body that is not JSON (a gateway's page) becomes JSON that says so.

    python-telegram-bot otherwise logs the page as it is and puts it into the exception's text.
    """
    if 200 <= status <= 299:
        return body
    try:
        whole = isinstance(json.loads(body), dict)
    except ValueError:
        whole = False
    if whole:
        return body
    return json.dumps({"ok": False, "description": f"an answer of status {status}"}).encode()


def _take_down(error: Exception) -> _Failure:
    """What kind of failure this was. Its text is dropped: it may hold the address, and so the token."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return _Failure(
        kind=type(error).__name__ if cause is error else f"{type(error).__name__}: {type(cause).__name__}",
        before_writing=isinstance(error, _BEFORE_WRITING),
        timed_out=isinstance(error, TimeoutError),
    )
