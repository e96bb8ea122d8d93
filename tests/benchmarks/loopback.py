"""A fast Telegram stand-in and its load in one process, driven by JSON lines on its standard input.

It is not strict (the demo's stand-in is): it keeps just enough of the Bot API that a bot cannot tell the
difference while it works properly, and it must never be what is measured. So HTTP/1.1 is spoken by hand, a
message's JSON is put together once and used for both the method's answer and the next tap's echo, and the
collector is off.

Its clients have no patience: each sends its opening (`/start`), and as soon as a message or an edit with an
inline keyboard reaches it, takes the next of its steps: a number taps that button (0 is the first button of
the first row), a string types those words. What follows the last step may be any message. A plain message
before that is read and not reacted to.

Lines in:   {"do": "polled", "timeout": 20}
            {"do": "run", "first_chat": 1, "openings": ["/start", …], "steps": [0, …], "timeout": 60}
Lines out:  {"port": …} at the start, then one line for each line in; an end of input ends the process.
"""

from __future__ import annotations

import asyncio
import gc
import json
import math
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Parameters = dict[str, Any]
PAGE = 100
GRACE = 1.0
"""Seconds in which a tap may still be acknowledged after the last client is done."""

REASONS = {200: b"OK", 400: b"Bad Request", 404: b"Not Found", 409: b"Conflict", 429: b"Too Many Requests"}
BOT = '{"id":1,"is_bot":true,"first_name":"Bot","username":"loopback_bot"}'
ME = (
    b'{"id":1,"is_bot":true,"first_name":"Bot","username":"loopback_bot","can_join_groups":false,'
    b'"can_read_all_group_messages":false,"supports_inline_queries":false,"can_connect_to_business":false,'
    b'"has_main_web_app":false}'
)
CONSTANT = {
    "getMe": ME,
    "getMyCommands": b"[]",
    "getWebhookInfo": b'{"url":"","has_custom_certificate":false,"pending_update_count":0}',
}


@dataclass(slots=True)
class Client:
    """One simulated person: where they stand in their steps, and when they last did something."""

    chat: int
    steps: list[int | str]
    done: int = 0
    waiting: bool = True
    acted_at: float = 0.0

    @property
    def person(self) -> str:
        """The person as a `User`."""
        return f'{{"id":{self.chat},"is_bot":false,"first_name":"Client","language_code":"en"}}'

    @property
    def place(self) -> str:
        """The private chat as a `Chat`."""
        return f'{{"id":{self.chat},"first_name":"Client","type":"private"}}'


@dataclass
class Run:
    """One dialogue with a number of clients, and what was seen of it."""

    left: int
    finished: asyncio.Future[float]
    latencies: list[float] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    taps: int = 0
    plain: int = 0
    """Messages to which nobody reacts: without a keyboard, or after the end."""


class Standin:
    """Telegram's side: the queue of updates, the one poll that waits for them, and the clients."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.updates: deque[tuple[int, bytes]] = deque()
        self.update_id = 1000
        self.message_id = 0
        self.polled = asyncio.Event()
        self.parked: tuple[Connection, int, asyncio.TimerHandle] | None = None
        self.clients: dict[int, Client] = {}
        self.run = Run(0, self.loop.create_future())

    async def carry_out(self, order: Parameters) -> Parameters:
        """Wait for the first poll, or play a dialogue."""
        if order["do"] == "polled":
            try:
                await asyncio.wait_for(self.polled.wait(), order["timeout"])
            except TimeoutError:
                return {"polled": False}
            return {"polled": True}
        return await self.play(order)

    # The clients

    async def play(self, order: Parameters) -> Parameters:
        """Run one dialogue with every client at once; figures, or what was left when the time was up."""
        openings, steps, first = order["openings"], order["steps"], order["first_chat"]
        self.run = run = Run(len(openings), self.loop.create_future())
        self.clients = {first + number: Client(first + number, steps) for number in range(len(openings))}
        cpu, started = time.process_time(), time.perf_counter()
        for client, words in zip(self.clients.values(), openings, strict=True):
            self.type_words(client, words)
        done, _ = await asyncio.wait([run.finished], timeout=order["timeout"])
        ended = run.finished.result() if done else time.perf_counter()
        used, elapsed = time.process_time() - cpu, time.perf_counter() - started
        load = {"standin_busy": used / elapsed, "standin_calls_per_busy_second": run.calls.total() / used}
        await self.settle()
        return {"left": run.left, **summarize(run, ended - started), **load}

    async def settle(self) -> None:
        """Give the last taps a moment to be acknowledged."""
        for _ in range(200):
            if self.run.calls["answerCallbackQuery"] >= self.run.taps:
                return
            await asyncio.sleep(GRACE / 200)

    def reach(self, client: Client, message: str, buttons: list[str] | None) -> None:
        """A message reached a client: note how long it took, and take the next step."""
        last = client.done == len(client.steps)
        if not client.waiting or (buttons is None and not last):
            self.run.plain += 1
            return
        now = time.perf_counter()
        if client.done:
            self.run.latencies.append(now - client.acted_at)
        if last:
            self.leave(client, now)
            return
        step = client.steps[client.done]
        client.done += 1
        if isinstance(step, str):
            self.type_words(client, step)
        else:
            self.tap(client, message, (buttons or [])[step])

    def leave(self, client: Client, now: float) -> None:
        """A client is done; the last one ends the run."""
        client.waiting = False
        self.run.left -= 1
        if not self.run.left and not self.run.finished.done():
            self.run.finished.set_result(now)

    def tap(self, client: Client, message: str, data: str) -> None:
        """Press a button: the whole message comes back with it, as Telegram does."""
        self.run.taps += 1
        client.acted_at = time.perf_counter()
        self.push(
            f'"callback_query":{{"id":"{client.chat}{self.update_id}","from":{client.person},"message":{message},'
            f'"chat_instance":"{client.chat}","data":{json.dumps(data)}}}'
        )

    def type_words(self, client: Client, words: str) -> None:
        """Send a message; a leading slash makes a command of its first word."""
        client.acted_at = time.perf_counter()
        self.message_id += 1
        entities = ""
        if words.startswith("/"):
            length = len(words.split(maxsplit=1)[0])
            entities = f',"entities":[{{"type":"bot_command","offset":0,"length":{length}}}]'
        self.push(
            f'"message":{{"message_id":{self.message_id},"from":{client.person},"chat":{client.place},'
            f'"date":{int(time.time())},"text":{json.dumps(words)}{entities}}}'
        )

    # Updates

    def push(self, content: str) -> None:
        """Queue an update, and wake the poll that waits for it."""
        self.update_id += 1
        self.updates.append((self.update_id, f'{{"update_id":{self.update_id},{content}}}'.encode()))
        if self.parked:
            connection, limit, timer = self.parked
            self.parked = None
            timer.cancel()
            self.loop.call_soon(self.hand_out, connection, limit)

    def hand_out(self, connection: Connection, limit: int) -> None:
        """Answer a poll with what waits, oldest first; it stays until a higher offset confirms it."""
        page = [update for _, update in list(self.updates)[:limit]]
        connection.reply(b"[" + b",".join(page) + b"]")

    def poll(self, connection: Connection, parameters: Parameters) -> None:
        """Forget what the offset confirms; answer at once if something waits, else later."""
        offset, limit = int(parameters.get("offset") or 0), int(parameters.get("limit") or PAGE)
        timeout = int(parameters.get("timeout") or 0)
        while self.updates and self.updates[0][0] < offset:
            self.updates.popleft()
        self.polled.set()
        if self.parked:
            self.parked[2].cancel()
            self.parked[0].refuse(409, "Conflict: terminated by other getUpdates request")
            self.parked = None
        if self.updates or not timeout:
            self.hand_out(connection, limit)
        else:
            self.parked = (connection, limit, self.loop.call_later(timeout, self.give_up, connection))

    def give_up(self, connection: Connection) -> None:
        """A poll waited for nothing."""
        self.parked = None
        connection.reply(b"[]")

    def forget(self, connection: Connection) -> None:
        """A connection is gone; what it waited for stays."""
        if self.parked and self.parked[0] is connection:
            self.parked[2].cancel()
            self.parked = None

    # Methods

    def call(self, connection: Connection, method: str, read: Callable[[], Parameters]) -> None:
        """Answer one method; its parameters are read only where they matter."""
        self.run.calls[method] += 1
        if method == "getUpdates":
            self.poll(connection, read())
        elif method in ("sendMessage", "editMessageText", "editMessageReplyMarkup"):
            self.show(connection, read(), text_is_new=method != "editMessageReplyMarkup")
        else:
            connection.reply(CONSTANT.get(method, b"true"))

    def show(self, connection: Connection, parameters: Parameters, *, text_is_new: bool) -> None:
        """Answer with the message as it now stands, and let it reach its reader."""
        chat = int(parameters["chat_id"])
        client = self.clients.get(chat) or Client(chat, [])
        number = parameters.get("message_id")
        if number is None:
            self.message_id += 1
            number = self.message_id
        markup, buttons = read_markup(parameters.get("reply_markup"))
        edited = f',"edit_date":{int(time.time())}' if "message_id" in parameters else ""
        message = (
            f'{{"message_id":{number},"from":{BOT},"chat":{client.place},"date":{int(time.time())}{edited},'
            f'"text":{json.dumps(parameters.get("text", ""))}{markup}}}'
        )
        connection.reply(message.encode())
        if text_is_new:
            self.reach(client, message, buttons)


def read_markup(value: Any) -> tuple[str, list[str] | None]:
    """A keyboard as it is echoed, and its buttons' data; nothing for other markup."""
    if not value:
        return "", None
    encoded = value if isinstance(value, str) else json.dumps(value)
    parsed = json.loads(encoded) if isinstance(value, str) else value
    rows = parsed.get("inline_keyboard")
    if not rows:
        return "", None
    buttons = [str(button.get("callback_data", "")) for row in rows for button in row]
    return f',"reply_markup":{encoded}', buttons


def summarize(run: Run, seconds: float) -> Parameters:
    """A run in figures: seconds, answers (steps that were followed up), latencies in milliseconds, calls."""
    ordered = sorted(run.latencies)
    return {
        "seconds": seconds,
        "answers": len(ordered),
        "p50_ms": percentile(ordered, 0.50) * 1000,
        "p99_ms": percentile(ordered, 0.99) * 1000,
        "calls": dict(run.calls),
        "unacknowledged": run.taps - run.calls["answerCallbackQuery"],
        "unread": run.plain,
    }


def percentile(ordered: list[float], share: float) -> float:
    """The nearest-rank percentile of sorted values; 0 of none."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else 0.0


class Connection(asyncio.Protocol):
    """One keep-alive HTTP/1.1 connection: just what Bot API clients send."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        self.transport: asyncio.Transport | None = None
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self.standin.forget(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self.take():
            pass

    def take(self) -> bool:
        """Handle one whole request of the buffer, if there is one."""
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        line, _, rest = self.buffer[:end].partition(b"\r\n")
        headers = rest.lower()
        size = content_length(headers)
        if len(self.buffer) < end + 4 + size:
            return False
        body, self.buffer = self.buffer[end + 4 : end + 4 + size], self.buffer[end + 4 + size :]
        path, _, query = line.split(b" ")[1].decode().partition("?")
        method = path.rpartition("/")[2]
        try:
            self.standin.call(self, method, lambda: read_parameters(headers, body, query))
        except (ValueError, KeyError, IndexError) as error:
            self.refuse(400, f"Bad Request: {type(error).__name__}: {error}")
        return True

    def reply(self, result: bytes) -> None:
        """Answer with a result that is JSON already."""
        self.write(200, b'{"ok":true,"result":' + result + b"}")

    def refuse(self, status: int, description: str, **parameters: int) -> None:
        """Answer with an error."""
        error = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
        self.write(status, json.dumps(error).encode())

    def write(self, status: int, body: bytes) -> None:
        """Send an answer, if there is still someone to send it to."""
        if self.transport:
            head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self.transport.write(head % (status, REASONS[status], len(body)) + body)


def content_length(headers: bytes) -> int:
    """The body's size; a chunked body is not spoken here (no Bot API client sends one without a file)."""
    start = headers.find(b"content-length:")
    if start < 0:
        return 0
    return int(headers[start + 15 :].split(b"\r\n", 1)[0])


def read_parameters(headers: bytes, body: bytes, query: str) -> Parameters:
    """Parameters from a JSON body, a form, or the address."""
    if b"application/json" in headers:
        return dict(json.loads(body)) if body else {}
    if b"multipart/" in headers:
        raise ValueError("multipart is not spoken here")
    return dict(parse_qsl(body.decode() or query))


async def obey(standin: Standin, order: Parameters) -> None:
    """Do what one line asks for, and print what came of it."""
    print(json.dumps(await standin.carry_out(order)), flush=True)


async def main(make: Callable[[], Standin] = Standin) -> None:
    """Serve on a port of the system's choice until the input ends."""
    loop = asyncio.get_running_loop()
    standin = make()
    server = await loop.create_server(lambda: Connection(standin), "127.0.0.1", 0, backlog=1024)
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    orders = set()
    while line := await reader.readline():  # an order in progress does not keep the process from ending
        orders.add(asyncio.create_task(obey(standin, json.loads(line))))


if __name__ == "__main__":
    gc.disable()
    asyncio.run(main())
