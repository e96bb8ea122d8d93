"""Updates sent to a webhook: order per chat, chats side by side, trying again, and methods in the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.demo.telegram import Standin
from tests.demo.conftest import Call, Clock


class Receiver:
    """A webhook that says to each update what the test told it to; ``got`` are the texts that were taken."""

    def __init__(self) -> None:
        self.answers: list[web.Response] = []
        self.requests: list[tuple[str, str]] = []
        self.got: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.inside = 0
        self.most = 0
        self._changed = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        update: dict[str, Any] = await request.json()
        text = update["message"]["text"]
        self.requests.append((text, request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")))
        self.inside += 1
        self.most = max(self.most, self.inside)
        self._changed.set()
        await self.gate.wait()
        self.inside -= 1
        answer = self.answers.pop(0) if self.answers else web.Response()
        if answer.status == 200:
            self.got.append(text)
        self._changed.set()
        return answer

    async def until(self, count: int, *, requests: bool = False) -> None:
        async with asyncio.timeout(5):
            while len(self.requests if requests else self.got) < count:
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def url(receiver: Receiver) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    async with TestServer(app) as server:
        yield str(server.make_url("/hook"))


async def test_updates_arrive_with_the_secret_and_getupdates_is_refused(
    call: Call, standin: Standin, receiver: Receiver, url: str
) -> None:
    phone = standin.person("Thandar")
    phone.send("before")
    assert await call("setWebhook", url=url, secret_token="s3cret", allowed_updates=["message"]) is True
    phone.send("after")
    await receiver.until(2)
    assert receiver.requests == [("before", "s3cret"), ("after", "s3cret")]
    answer = await call("getUpdates")
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    info = await call("getWebhookInfo")
    assert (info["url"], info["max_connections"], info["allowed_updates"]) == (url, 40, ["message"])
    assert await call("deleteWebhook") is True
    assert (await call("getWebhookInfo"))["url"] == ""
    assert await call("getUpdates") == []


async def test_a_refused_update_comes_again_and_holds_up_only_its_own_chat(
    call: Call, standin: Standin, receiver: Receiver, url: str
) -> None:
    one, other = standin.person("One"), standin.person("Other")
    receiver.answers = [web.Response(status=500), web.Response(status=503, headers={"Retry-After": "0"})]
    await call("setWebhook", url=url, max_connections=1)
    one.send("a1")
    one.send("a2")
    await receiver.until(1, requests=True)
    other.send("b1")
    await receiver.until(3)
    assert [text for text in receiver.got if text.startswith("a")] == ["a1", "a2"]
    assert "b1" in receiver.got
    assert receiver.most == 1
    assert "Wrong response from the webhook: 50" in (await call("getWebhookInfo"))["last_error_message"]


async def test_chats_go_side_by_side_up_to_the_limit(
    call: Call, standin: Standin, receiver: Receiver, url: str
) -> None:
    await call("setWebhook", url=url, max_connections=3)
    receiver.gate.clear()
    for number in range(5):
        phone = standin.person(f"P{number}")
        phone.send("first")
        phone.send("second")
    await receiver.until(3, requests=True)
    assert receiver.inside == 3
    receiver.gate.set()
    await receiver.until(10)
    assert receiver.most == 3


async def test_a_bot_that_is_away_gets_its_updates_when_it_is_back(
    call: Call, standin: Standin, receiver: Receiver, url: str, unused_tcp_port: int
) -> None:
    await call("setWebhook", url=f"http://127.0.0.1:{unused_tcp_port}/hook")
    standin.person("Thandar").send("hello")
    async with asyncio.timeout(5):
        while not (info := await call("getWebhookInfo")).get("last_error_message", "").startswith("Connection failed"):
            pass
    assert info["pending_update_count"] == 1
    await call("setWebhook", url=url)
    await receiver.until(1)


async def test_a_method_in_the_answer_is_carried_out(
    call: Call, standin: Standin, receiver: Receiver, url: str
) -> None:
    phone = standin.person("Thandar")
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": phone.chat_id, "text": "Welcome"})]
    await call("setWebhook", url=url)
    phone.start()
    assert (await phone.sees("Welcome")).from_bot


async def test_an_answer_may_end_the_webhook(call: Call, standin: Standin, receiver: Receiver, url: str) -> None:
    phone = standin.person("Thandar")
    receiver.answers = [web.json_response({"method": "deleteWebhook"})]
    await call("setWebhook", url=url)
    phone.send("bye")
    await receiver.until(1)
    await standin.called("deleteWebhook")
    assert (await call("getWebhookInfo"))["url"] == ""


async def test_a_poller_gives_way_to_a_webhook(call: Call, standin: Standin, url: str) -> None:
    polling = asyncio.create_task(call("getUpdates", timeout=50))
    await standin.called("getUpdates")
    await call("setWebhook", url=url)
    assert (await polling)["description"] == "Conflict: terminated by setWebhook request"


async def test_old_and_dropped_updates_are_not_sent(
    call: Call, standin: Standin, clock: Clock, receiver: Receiver, url: str
) -> None:
    phone = standin.person("Thandar")
    phone.send("dropped")
    await call("deleteWebhook", drop_pending_updates=True)
    phone.send("old")
    clock.forward(hours=25)
    phone.send("new")
    await call("setWebhook", url=url)
    await receiver.until(1)
    assert receiver.got == ["new"]


@pytest.mark.parametrize(
    ("values", "description"),
    [
        ({"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org/", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "https://example.org/", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
async def test_webhooks_that_are_refused(call: Call, values: dict[str, str], description: str) -> None:
    assert (await call("setWebhook", **values))["description"] == f"Bad Request: {description}"
