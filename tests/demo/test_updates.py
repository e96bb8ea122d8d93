"""Long polling: confirmation, waiting, conflicts, what is left out, and what grows too old."""

from __future__ import annotations

import asyncio

from bot.demo.telegram import Standin
from tests.demo.conftest import Call, Clock


async def test_an_update_waits_until_a_higher_offset_confirms_it(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    for word in ("one", "two", "three"):
        phone.send(word)
    first = await call("getUpdates", limit=2)
    assert [update["message"]["text"] for update in first] == ["one", "two"]
    assert await call("getUpdates", limit=2) == first
    number = first[0]["update_id"]
    assert first[1]["update_id"] == number + 1
    rest = await call("getUpdates", offset=number + 1)
    assert [update["message"]["text"] for update in rest] == ["two", "three"]
    assert await call("getUpdates", offset=number + 3) == []
    assert await call("getUpdates", offset=0) == [], "confirmed is gone for good"


async def test_a_negative_offset_keeps_the_newest(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    for word in ("one", "two", "three"):
        phone.send(word)
    [update] = await call("getUpdates", offset=-1)
    assert update["message"]["text"] == "three"
    assert len(await call("getUpdates")) == 1


async def test_a_page_holds_a_hundred(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    for number in range(150):
        phone.send(f"{number}")
    page = await call("getUpdates", limit=1000)
    assert len(page) == 100
    assert len(await call("getUpdates", offset=page[-1]["update_id"] + 1)) == 50


async def test_a_long_poll_ends_as_soon_as_something_comes(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    async with asyncio.timeout(5):
        polling = asyncio.create_task(call("getUpdates", timeout=50))
        await standin.called("getUpdates")
        phone.start("invitation")
        [update] = await polling
    assert update["message"] == {
        "message_id": phone.messages[0].message_id,
        "from": {"id": phone.chat_id, "is_bot": False, "first_name": "Thandar"},
        "chat": {"id": phone.chat_id, "first_name": "Thandar", "type": "private"},
        "date": 1795424400,
        "text": "/start invitation",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }


async def test_the_older_of_two_pollers_is_sent_away(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    async with asyncio.timeout(5):
        older = asyncio.create_task(call("getUpdates", timeout=50))
        await standin.called("getUpdates")
        newer = asyncio.create_task(call("getUpdates", timeout=50))
        assert await older == {
            "ok": False,
            "error_code": 409,
            "description": "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        }
        phone.send("hello")
        assert len(await newer) == 1


async def test_a_poll_that_nobody_feeds_ends_with_nothing(call: Call) -> None:
    assert await call("getUpdates", timeout=1) == []


async def test_allowed_updates_stay_until_given_again(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    await call("getUpdates", allowed_updates=["message"])
    phone.tap_data(1, "x")
    own = phone.send("one")
    phone.edit(own.message_id, "two")
    [update] = await call("getUpdates")
    assert update["message"]["text"] == "one"
    await call("getUpdates", allowed_updates=[])
    phone.edit(own.message_id, "three")
    [_first, second] = await call("getUpdates")
    assert second["edited_message"]["text"] == "three"
    assert second["edited_message"]["edit_date"] == second["edited_message"]["date"]


async def test_blocking_is_told(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    phone.block()
    phone.block()
    phone.start()
    blocked, unblocked, started = await call("getUpdates")
    change = blocked["my_chat_member"]
    assert change["old_chat_member"] == {"user": standin.bot, "status": "member"}
    assert change["new_chat_member"] == {"user": standin.bot, "status": "kicked", "until_date": 0}
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start"


async def test_updates_are_kept_for_a_day(call: Call, standin: Standin, clock: Clock) -> None:
    phone = standin.person("Thandar")
    phone.send("old")
    clock.forward(hours=24)
    phone.send("new")
    clock.forward(seconds=1)
    [update] = await call("getUpdates")
    assert update["message"]["text"] == "new"


async def test_anything_can_be_put_in_line(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    phone.post("auto_delete", {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}})
    phone.sticker()
    phone.photo(caption="look")
    phone.document()
    standin.updates.push("message", {"nonsense": True})
    updates = [update["message"] for update in await call("getUpdates")]
    assert updates[0]["message_auto_delete_timer_changed"] == {"message_auto_delete_time": 86400}
    assert updates[1]["sticker"]["emoji"] == "\N{SLIGHTLY SMILING FACE}"
    assert updates[2]["caption"] == "look"
    assert updates[3]["document"]["file_name"] == "paper.txt"
    assert updates[4] == {"nonsense": True}
