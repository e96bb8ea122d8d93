"""The stand-in as a process of its own, as the crash tests use it."""

from __future__ import annotations

import asyncio
import json
import sys

import aiohttp


async def test_it_says_where_it_listens_and_nothing_else(http: aiohttp.ClientSession) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.demo.telegram", "--port", "0", "--token", "5:alone"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            url = json.loads(await process.stdout.readline())["url"]
        async with http.post(f"{url}/bot5:alone/getMe") as response:
            assert (await response.json())["result"]["id"] == 5
        async with http.post(f"{url}/phones", json={"name": "Thandar"}) as response:
            assert (await response.json())["chat_id"] > 0
    finally:
        process.terminate()
        rest, errors = await process.communicate()
    assert (rest, errors) == (b"", b"")
