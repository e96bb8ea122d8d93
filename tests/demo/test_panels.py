"""What stands beside the phones: the store, the links and files in a chat, and the way through it all by keyboard."""

from __future__ import annotations

import io
import time
import wave
from typing import Any

import pytest
from playwright.async_api import expect

from bot.demo.params import Upload
from tests.demo.browsing import NO_BROWSER, SIZES, Stage, find_barriers, keys

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea135813d0000000049454e44ae426082"
)
"""A picture of one point, as PNG."""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), NO_BROWSER]


def table(name: str, *rows: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    return {"name": name, "total": len(rows) if total is None else total, "rows": list(rows)}


def row(id_: int, content: str, words: Any = None, **cells: Any) -> dict[str, Any]:
    sealed = {"hex": content, "bytes": 63, **({} if words is None else {"words": words})}
    return {"id": str(id_), "cells": cells, "sealed": {"words": sealed}}


def show(stage: Stage, *tables: dict[str, Any], erased: list[dict[str, int]] | None = None) -> None:
    """The store has changed to this."""
    stage.stored = {"tables": [*tables, table("erased", total=len(erased or []))], "erased": erased or []}
    stage.feed.tell("store", {"client": None, "erased": len(erased or [])})


async def test_what_just_changed_lights_up_and_is_sealed_without_the_key(stage: Stage) -> None:
    first = row(10001, "01 aa", item="housing.meaning")
    show(stage, table("responses", first))
    tile = stage.page.locator(".tile[data-table=responses]")
    await expect(tile).to_have_text("Answers1")
    await stage.page.locator("button[data-leaf=store]").click()
    record = stage.page.locator(".record")
    await expect(record).to_contain_text("01 aa … 63 bytes")
    await expect(stage.page.locator(".lit")).to_have_count(0)  # what was there before did not just change
    show(stage, table("responses", row(10002, "01 bb"), first))
    await expect(tile).to_have_class("tile lit")
    await expect(stage.page.locator(".record.lit")).to_have_count(1)
    await expect(stage.page.locator(".record.lit")).to_contain_text("01 bb")
    show(stage, table("responses", row(10002, "01 bb"), row(10001, "01 cc")))
    await expect(stage.page.locator(".record.lit")).to_contain_text("01 cc")


async def test_the_key_is_turned_by_keyboard_and_a_drawer_pulled_out(stage: Stage) -> None:
    words = {"text": "<b>A room</b>"}
    show(stage, table("lines", row(10001, "01 aa", words)), table("responses", row(10002, "01 bb", {"text": "Other"})))
    await stage.page.locator("button[data-leaf=store]").press("Enter")
    await stage.page.get_by_role("switch", name="With the key").press("Space")
    await expect(stage.page.get_by_role("switch")).to_have_attribute("aria-checked", "true")
    await stage.page.locator(".tile[data-table=lines]").press("Enter")
    await expect(stage.page.locator(".opened")).to_have_text("“<b>A room</b>”")
    await expect(stage.page.locator(".drawer-word")).to_contain_text("write to each other")
    assert await find_barriers(stage.page) == []


async def test_what_is_erased_is_seen_going_and_counted(stage: Stage) -> None:
    rows = [row(10000 + number, f"01 0{number}") for number in range(3)]
    show(stage, table("identities", row(10009, "01 09")), table("responses", *rows, total=23))
    await stage.page.locator("button[data-leaf=store]").click()
    await expect(stage.page.locator(".record")).to_have_count(4)
    show(stage, table("identities"), table("responses"), erased=[{"texts": 9, "left": 9}])
    gone = stage.page.locator(".gone")
    await expect(stage.page.locator(".record.going")).to_have_count(4)
    await expect(gone).to_contain_text(
        "24 rows are gone from 2 drawers. Of the 9 sealed texts of theirs that stood here, 9"
    )
    stage.stored["erased"] = [{"texts": 9, "left": 0}]
    await expect(gone).to_contain_text("none is left in the files")  # the page looks again by itself
    await expect(stage.page.locator(".record")).to_have_count(0)
    assert await find_barriers(stage.page) == []


async def test_a_row_that_only_left_the_newest_ones_was_not_erased(stage: Stage) -> None:
    show(stage, table("responses", row(10001, "01 aa"), total=40))
    await stage.page.locator("button[data-leaf=store]").click()
    await expect(stage.page.locator(".record")).to_have_count(1)
    show(stage, table("responses", row(10002, "01 bb"), total=41))
    await expect(stage.page.locator(".record")).to_contain_text("01 bb")
    await expect(stage.page.locator(".gone")).to_be_hidden()
    await expect(stage.page.locator(".tile.fell")).to_have_count(0)


@pytest.mark.parametrize("link", ["in the words", "under the words", "on a button"])
async def test_an_invitation_in_a_chat_opens_on_a_new_phone(stage: Stage, link: str) -> None:
    lead = await stage.open("lead")
    address = "https://t.me/first_say_bot?start=caseworker-7"
    if link != "on a button":
        await stage.bot("sendMessage", lead, text=f"For them alone: {address}.")
        await stage.on("lead", ".row.in .command" if link == "in the words" else ".invitation").click()
    else:
        rows = {"inline_keyboard": [[{"text": "Their link", "url": address}]]}
        await stage.bot("sendMessage", lead, text="For them alone", reply_markup=rows)
        await stage.on("lead", ".key").click()
    await expect(stage.on("caseworker", ".row.out .text")).to_have_text("/start")
    assert stage.feed.held[1].phone.messages[0].text == "/start caseworker-7"
    assert stage.feed.held[1].role == "caseworker"


async def test_pictures_show_files_open_and_the_bots_voice_plays(stage: Stage) -> None:
    phone = await stage.open("client")
    paper = (
        b"<!doctype html><title>Mine</title><style>p{color:rgb(1, 2, 3)}</style>"
        b"<p>All of it</p><script>document.body.remove()</script>"
    )
    await send(stage, phone.chat_id, "sendPhoto", "photo", "qr.png", PIXEL, caption="Show this")
    await send(stage, phone.chat_id, "sendDocument", "document", "mine.html", paper)
    await send(stage, phone.chat_id, "sendVoice", "voice", "voice.oga", sound())
    photo = stage.on("client", ".photo")
    await expect(photo).to_be_visible()
    assert await photo.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1
    async with stage.page.context.expect_page() as opened:
        await stage.on("client", ".file").click()
    page = await opened.value
    await expect(page.locator("p")).to_have_text("All of it")  # nothing in it acts
    await expect(page.locator("p")).to_have_css("color", "rgb(1, 2, 3)")  # but it looks as it should
    await page.close()
    await stage.on("client", ".play").click()
    await expect(stage.on("client", ".play")).to_have_attribute("aria-label", "Pause")


async def send(
    stage: Stage, chat_id: int, method: str, field: str, name: str, content: bytes, caption: str = ""
) -> None:
    """The bot uploads a file."""
    upload = Upload(name, "application/octet-stream", content)
    values = {"chat_id": chat_id, **({"caption": caption} if caption else {})}
    answer = await stage.standin.execute(method, values, {field: upload})
    assert answer["ok"], answer


def sound() -> bytes:
    """Two seconds of silence, as a WAV file."""
    with io.BytesIO() as file:
        with wave.open(file, "wb") as written:
            written.setparams((1, 2, 8000, 0, "NONE", ""))
            written.writeframes(bytes(32000))
        return file.getvalue()


@pytest.mark.parametrize("stage", SIZES, indirect=True)
async def test_nothing_stands_in_the_way(stage: Stage) -> None:
    assert await find_barriers(stage.page) == []
    phone = await stage.open("client")
    message = await stage.ask(phone, "အခု ဖတ်ဖို့ ဘေးကင်းပါသလား။", "ဟုတ်ကဲ့", "Later")
    await stage.bot("editMessageText", phone, message_id=message, text="2 of 2", reply_markup=keys("Done", "Back"))
    await stage.on("client", ".commands summary").click()
    assert await find_barriers(stage.page) == []
    stage.feed.tell("kill", {"state": "armed", "steps": []})
    midnight = 86_400 - time.time() % 86_400
    for ahead, colour in ((midnight, "rgb(29, 36, 67)"), (midnight + 12 * 3600, "rgb(246, 240, 230)")):
        stage.feed.tell("time", {"ahead": ahead, "zone": "UTC", "open": False, "opens_at": 0})
        await expect(stage.page.locator("html")).to_have_css("background-color", colour)
        assert await find_barriers(stage.page) == []


async def test_the_kill_claims_only_what_was_counted(stage: Stage) -> None:
    word = stage.page.locator(".kill-word")
    counted = {"what": "counted", "ms": 900, "noted": 1, "before": 4, "after": 5, "shown": 1}
    stage.feed.tell("kill", {"state": "over", "steps": [counted]})
    await expect(word).to_have_text("Nothing is lost, and nothing is there twice.")
    await expect(stage.page.locator(".kill-steps")).to_contain_text("4 before, 5 now")
    for wrong in ({"noted": 0}, {"after": 6}, {"after": 3}):
        stage.feed.tell("kill", {"state": "over", "steps": [{**counted, **wrong}]})
        await expect(word).to_have_text("This should not be:")
    stage.feed.tell("kill", {"state": "over", "steps": [{"what": "late", "ms": 20000}]})
    await expect(word).to_have_text("This did not go as it should:")
