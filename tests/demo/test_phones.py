"""The human side: in Python, and over HTTP as the demo page uses it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from bot.demo.messages import PhoneError
from bot.demo.telegram import Standin
from tests.demo.conftest import Call

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


async def test_waiting_for_what_happens(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    waiting = asyncio.create_task(phone.sees("Good morning"))
    event = asyncio.create_task(phone.next_event())
    await asyncio.sleep(0)
    await call("sendMessage", chat_id=phone.chat_id, text="Good morning")
    assert (await waiting).text == "Good morning"
    assert (await event).kind == "message"
    with pytest.raises(TimeoutError, match="Good morning"):
        await phone.until(lambda p: len(p.messages) == 9, timeout=0.01)
    with pytest.raises(TimeoutError):
        await phone.next_event("delete", timeout=0.01)


async def test_what_a_phone_cannot_do(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    sent = await call("sendMessage", chat_id=phone.chat_id, text="x", reply_markup=KEYBOARD)
    for act in (
        lambda: phone.send("  "),
        lambda: phone.edit(sent["message_id"], "x"),
        lambda: phone.tap(sent["message_id"], "Maybe"),
        lambda: phone.tap(12345, "Yes"),
    ):
        with pytest.raises(PhoneError):
            act()
    phone.block()
    with pytest.raises(PhoneError):
        phone.send("hello")


async def test_a_cleared_screen_is_empty_only_on_the_phone(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    sent = await call("sendMessage", chat_id=phone.chat_id, text="x")
    phone.clear_history()
    assert phone.messages == []
    edited = await call("editMessageText", chat_id=phone.chat_id, message_id=sent["message_id"], text="y")
    assert edited["text"] == "y"
    assert phone.messages == []
    with pytest.raises(PhoneError):
        _ = phone.last


async def post(http: aiohttp.ClientSession, url: str, body: Any = None) -> Any:
    async with http.post(url, json=body) as response:
        return await response.json()


async def read_event(stream: aiohttp.StreamReader) -> tuple[int, str, Any]:
    lines: dict[str, str] = {}
    async with asyncio.timeout(5):
        while line := (await stream.readline()).decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            lines[name] = value
    return int(lines["id"]), lines["event"], json.loads(lines["data"])


async def test_a_phone_over_http(call: Call, standin: Standin, http: aiohttp.ClientSession) -> None:
    chat_id = (await post(http, f"{standin.url}/phones", {"name": "Thandar", "language": "my"}))["chat_id"]
    phone = f"{standin.url}/phones/{chat_id}"
    own = (await post(http, f"{phone}/start", {"payload": "abc"}))["message_id"]
    async with http.get(f"{phone}/events") as events:
        number, kind, data = await read_event(events.content)
        assert (number, kind) == (1, "screen")
        assert [message["text"] for message in data["messages"]] == ["/start abc"]
        assert data["messages"][0]["out"] is True
        sent = await call(
            "sendMessage", chat_id=chat_id, text="Well?", disable_notification=True, reply_markup=KEYBOARD
        )
        assert await read_event(events.content) == (
            2,
            "message",
            {
                "message_id": sent["message_id"],
                "date": sent["date"],
                "out": False,
                "kind": "text",
                "text": "Well?",
                "entities": [],
                "buttons": [[{"text": "Yes", "data": "y"}]],
                "edited": False,
                "silent": True,
            },
        )
        await call("sendChatAction", chat_id=chat_id, action="typing")
        assert (await read_event(events.content))[1] == "typing"
        await call("editMessageText", chat_id=chat_id, message_id=sent["message_id"], text="Good.")
        assert (await read_event(events.content))[1:][0] == "edit"
        await call("deleteMessages", chat_id=chat_id, message_ids=[own])
        assert await read_event(events.content) == (5, "delete", {"message_ids": [own]})
    async with http.get(f"{phone}/events", headers={"Last-Event-ID": "3"}) as events:
        assert [(await read_event(events.content))[0] for _ in range(2)] == [4, 5]
    async with http.get(f"{phone}/events", headers={"Last-Event-ID": "99"}) as events:
        number, kind, data = await read_event(events.content)
        assert (number, kind) == (5, "screen")
        assert [message["text"] for message in data["messages"]] == ["Good."]
    async with http.get(phone) as response:
        assert await response.json() == data


async def test_a_tap_over_http_waits_for_the_answer(
    call: Call, standin: Standin, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = standin.person("Thandar", opened=True)
    url = f"{standin.url}/phones/{phone.chat_id}/tap"
    tap = asyncio.create_task(post(http, url, {"message_id": 1, "data": "y"}))
    [update] = await call("getUpdates", timeout=5)
    await call("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="Noted")
    assert await tap == {"text": "Noted", "alert": False}
    assert (await phone.next_event("toast")).text == "Noted"
    monkeypatch.setattr("bot.demo.phones.TAP_SECONDS", 0.01)
    assert await post(http, url, {"message_id": 1, "data": "y"}) == {"text": "", "alert": False}


async def test_voice_blocking_and_editing_over_http(call: Call, standin: Standin, http: aiohttp.ClientSession) -> None:
    phone = standin.person("Thandar", opened=True)
    url = f"{standin.url}/phones/{phone.chat_id}"
    async with http.post(f"{url}/voice?duration=7", data=b"OggS") as response:
        assert response.status == 200
    own = (await post(http, f"{url}/send", {"text": "one"}))["message_id"]
    await post(http, f"{url}/edit", {"message_id": own, "text": "two"})
    await post(http, f"{url}/block")
    assert await post(http, f"{url}/send", {"text": "three"}) == {
        "error": "a phone that blocked the bot, or whose account is gone, sends nothing"
    }
    await post(http, f"{url}/unblock")
    kinds = [next(key for key in update if key != "update_id") for update in await call("getUpdates")]
    assert kinds == ["message", "message", "edited_message", "my_chat_member", "my_chat_member"]
    async with http.get(url) as response:
        voice, words = (await response.json())["messages"]
    assert (words["text"], words["edited"]) == ("two", True)
    async with http.get(standin.url + voice["media_url"]) as response:
        assert response.content_type == "audio/ogg"
        assert await response.read() == b"OggS"
    for path in ("/phones/5", f"/phones/{phone.chat_id}/media/nothing"):
        async with http.get(standin.url + path) as response:
            assert response.status == 404
    async with http.post(f"{url}/send", data=b"[") as response:
        assert response.status == 400
