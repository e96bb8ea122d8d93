"""The demo page's server, without a browser."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.demo.feed import Feed
from bot.demo.keeper import CommandError
from bot.demo.site import MOST_PHONES, PAGE, page_app
from bot.demo.telegram import TOKEN, Standin

FILES = {file.name: file.read_text("utf-8") for file in PAGE.iterdir()}


@pytest.fixture
async def site(standin: Standin) -> AsyncIterator[str]:
    async def invite(role: str) -> str:
        if role == "lead":
            raise CommandError("firstsay: not now")
        return f"{role}-link"

    runner = web.AppRunner(page_app(standin, Feed(standin, run="one"), invite), shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://127.0.0.1:{1}".format(*runner.addresses[0])
    standin.closing.set()
    await runner.cleanup()


async def test_the_page_asks_for_nothing_from_elsewhere(site: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{site}/") as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()
    assert "default-src 'none'" in policy and "http" not in policy
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        async with http.get(f"{site}{address}") as response:
            assert response.status == 200, address
    for name, source in FILES.items():
        addresses = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", source)
        assert [address for address in addresses if "w3.org" not in address] == [], name


def test_the_page_never_calls_a_person_what_they_are_not() -> None:
    for name, source in FILES.items():
        assert not re.search(r"victim|beneficiar|\bscore", source, re.IGNORECASE), name


async def test_phones_are_given_out_and_invitations_made(site: str, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{site}/demo/phones", json={"role": "client", "name": "Thiri", "language": "my"}) as response:
        held = await response.json()
    assert held == {**held, "role": "client", "name": "Thiri", "language": "my", "blocked": False}
    async with http.post(f"{site}/demo/invite", json={"role": "client"}) as response:
        assert await response.json() == {"start": "client-link"}
    async with http.post(f"{site}/demo/invite", json={"role": "lead"}) as response:
        assert (response.status, await response.json()) == (409, {"error": "firstsay: not now"})


@pytest.mark.parametrize("path", ["/demo/phones", "/demo/invite"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"role": "owner"}', b'{"role": "owner", "language": "my"}'])
async def test_what_makes_no_sense_is_refused(site: str, http: aiohttp.ClientSession, path: str, body: bytes) -> None:
    async with http.post(site + path, data=body) as response:
        assert response.status == 400


async def test_there_is_an_end_to_phones(site: str, http: aiohttp.ClientSession) -> None:
    asked = {"role": "client", "name": "Someone", "language": "en"}
    for expected in (*[200] * MOST_PHONES, 409):
        async with http.post(f"{site}/demo/phones", json=asked) as response:
            assert response.status == expected


async def test_a_page_from_elsewhere_gets_nothing(site: str, http: aiohttp.ClientSession) -> None:
    for path in ("/", "/demo/events", "/demo/phones"):
        async with http.get(site + path, headers={"Origin": "https://evil.example"}) as response:
            assert response.status == 403
        async with http.get(site + path, headers={"Host": "evil.example"}) as response:
            assert response.status == 403


async def test_the_bots_side_of_telegram_is_not_on_the_pages_port(site: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{site}/bot{TOKEN}/getMe") as response:
        assert response.status == 404


async def test_one_stream_carries_every_phone(site: str, standin: Standin, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{site}/demo/events") as stream:
        assert await next_event(stream) == ("hello", {"run": "one"})
        assert await next_event(stream) == ("bot", {"state": "starting"})
        phones = []
        for role in ("client", "lead"):
            asked = {"role": role, "name": role, "language": "en"}
            async with http.post(f"{site}/demo/phones", json=asked) as response:
                held = await response.json()
            assert await next_event(stream) == ("screen", {**held, "messages": []})
            phones.append(held["chat_id"])
        for chat_id in phones:
            phone = standin.phone(chat_id)
            assert phone
            phone.send("hello")
            kind, told = await next_event(stream)
            assert (kind, told["chat_id"], told["message"]["text"]) == ("message", chat_id, "hello")
            phone.block()
            phone.note("clear")
            assert await next_event(stream) == ("clear", {"chat_id": chat_id})
            assert await next_event(stream) == ("blocked", {"chat_id": chat_id, "blocked": True})
        standin.closing.set()
        assert await stream.content.read() == b""


async def next_event(stream: aiohttp.ClientResponse) -> tuple[str, Any]:
    async with asyncio.timeout(5):
        block = await stream.content.readuntil(b"\n\n")
    kind, data = block.decode().strip().split("\n")
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))
