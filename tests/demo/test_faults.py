"""What a test can switch on: refusals, lost answers, waiting, hooks, and the flood limits."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.demo.faults import Limits
from bot.demo.telegram import TOKEN, Standin
from tests.demo.conftest import Call, Clock


async def test_the_next_calls_are_refused_and_then_all_is_well(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    standin.fail("sendMessage", 429, retry_after=7)
    standin.fail("sendMessage", 500, times=2)
    standin.fail("*", 403)
    values = {"chat_id": phone.chat_id, "text": "x"}
    assert await call("sendMessage", **values) == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    for _ in range(2):
        assert (await call("sendMessage", **values))["description"] == "Internal Server Error"
    assert (await call("sendMessage", **values))["description"] == "Forbidden: bot was blocked by the user"
    assert phone.messages == []
    assert (await call("sendMessage", **values))["text"] == "x"
    assert len(standin.faults) == 0


async def test_a_bad_gateway_can_come_as_a_page(standin: Standin, http: aiohttp.ClientSession) -> None:
    standin.fail("getMe", 502, body=b"<html>Bad Gateway</html>")
    async with http.post(f"{standin.url}/bot{TOKEN}/getMe") as response:
        assert response.status == 502
        assert await response.text() == "<html>Bad Gateway</html>"


async def test_a_lost_answer_leaves_the_sender_in_doubt(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    standin.drop("sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=phone.chat_id, text="x")
    assert phone.last.text == "x"


async def test_an_answer_can_be_late(call: Call, standin: Standin, http: aiohttp.ClientSession) -> None:
    standin.delay("getMe", 30)
    with pytest.raises(TimeoutError):
        async with http.post(f"{standin.url}/bot{TOKEN}/getMe", timeout=aiohttp.ClientTimeout(total=0.05)):
            pass
    assert (await call("getMe"))["is_bot"]


async def test_hooks_stand_before_and_after_each_method(call: Call, standin: Standin) -> None:
    seen: list[tuple[str, Any]] = []

    def before(method: str, values: dict[str, Any]) -> None:
        seen.append((method, values["chat_id"]))

    async def after(method: str, _values: dict[str, Any], answer: dict[str, Any]) -> None:
        seen.append((method, answer["ok"]))

    standin.before.append(before)
    standin.after.append(after)
    await call("sendMessage", chat_id=5, text="x")
    assert seen == [("sendMessage", 5), ("sendMessage", False)]
    assert standin.counts["sendmessage"] == 1


async def test_one_chat_gets_a_burst_and_then_one_a_second(call: Call, standin: Standin, clock: Clock) -> None:
    standin.methods.limits = Limits(chat_burst=3, pause=3)
    phone, other = standin.person("Thandar", opened=True), standin.person("Other", opened=True)
    values = {"chat_id": phone.chat_id, "text": "x"}
    for _ in range(3):
        assert "message_id" in await call("sendMessage", **values)
    assert (await call("sendMessage", **values))["parameters"] == {"retry_after": 3}
    assert "message_id" in await call("sendMessage", chat_id=other.chat_id, text="x")
    clock.forward(seconds=2)
    assert (await call("sendMessage", **values))["parameters"] == {"retry_after": 1}, "asking does not prolong it"
    clock.forward(seconds=1)
    assert "message_id" in await call("sendMessage", **values)
    assert standin.methods.limits.refused == 2


async def test_thirty_a_second_in_all_edits_too(call: Call, standin: Standin, clock: Clock) -> None:
    standin.methods.limits = Limits()
    phones = [standin.person(f"P{number}", opened=True) for number in range(30)]
    sent = [await call("sendMessage", chat_id=phone.chat_id, text="x") for phone in phones]
    edit = {"chat_id": phones[0].chat_id, "message_id": sent[0]["message_id"], "text": "y"}
    assert (await call("editMessageText", **edit))["error_code"] == 429
    assert (await call("deleteMessage", **edit)) is True, "deleting is not limited"
    clock.forward(seconds=3)
    assert "message_id" in await call("sendMessage", chat_id=phones[1].chat_id, text="x")
