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
async def test_the_others_are_let_in_by_keyboard_once_and_counted(stage: Stage) -> None:
    page = stage.page
    leaf = page.locator("button[data-leaf=round]")
    if await leaf.is_visible():
        await leaf.press("Enter")
    button = page.get_by_role("button", name="Let two dozen others in")
    stage.refuse = "The bot is only just starting."
    await button.press("Enter")
    word = page.locator(".others-word")
    await expect(word).to_have_text(stage.refuse)
    stage.refuse = None
    assert stage.troubles and all("409" in trouble for trouble in stage.troubles)  # the browser's own line about it
    stage.troubles.clear()
    assert await find_barriers(page) == []
    async with page.expect_response("**/demo/others"):
        await button.press("Enter")
    await expect(page.locator(".others")).to_be_focused()  # the button goes away, whoever stood on it does not
    assert stage.invited == ["others"]

    tally = page.locator(".tally")
    counts = {"coming": 24, "in": 0, "asked": 0, "answering": 0, "done": 0}
    for moved, word_told, seen in (
        ({"coming": 3, "in": 21}, "They are coming in", "21 in0 asked0 answering0 done"),
        ({"coming": 0, "in": 24}, "They are in", "24 in0 asked0 answering0 done"),
        ({"in": 4, "asked": 12, "answering": 8}, "A line came", "24 in12 asked8 answering0 done"),
        ({"asked": 1, "answering": 0, "done": 19}, "Whoever wanted to", "24 in1 asked0 answering19 done"),
    ):
        counts |= moved
        stage.feed.tell("others", {"of": 24, **counts})
        await expect(tally).to_have_text(seen)
        await expect(word).to_contain_text(word_told)
    await expect(button).to_be_hidden()
    await expect(page.locator(".round-story .step[data-state=done]")).to_have_count(1)
    assert await find_barriers(page) == []
    assert not await stage.is_too_wide()


async def test_the_story_of_a_round_goes_on_as_the_store_tells(stage: Stage) -> None:
    page = stage.page
    await page.locator("button[data-leaf=round]").click()
    done, counts = page.locator(".round-story .step[data-state=done]"), page.locator(".round-story .step-count")
    plan = {"plan": "1", "state": "", "sent": 0, "opened": 0, "answered": 0}
    for change, ticked in (({}, 1), ({"state": "running", "sent": 20}, 2), ({"opened": 9, "answered": 7}, 3)):
        plan = {**plan, **change}
        stage.feed.tell("round", plan)
        await expect(done).to_have_count(ticked)
    await expect(counts.nth(2)).to_have_text("20 sent")
    await expect(counts.nth(3)).to_have_text("7 answered")
    stage.feed.tell("round", {**plan, "state": "closed"})
    await expect(done).to_have_count(4)
    stage.feed.tell("round", {"plan": "2", "state": "", "sent": 0, "opened": 0, "answered": 0})
    await expect(done).to_have_count(1)  # another plan is another story


async def test_the_others_can_be_let_in_where_phones_are_added(stage: Stage) -> None:
    await stage.page.locator(".add summary").click()
    await stage.page.get_by_role("button", name="Two dozen others, without phones here").click()
    await expect(stage.page.locator(".add .pop-card")).to_be_hidden()
    await expect(stage.page.locator(".others")).to_be_visible()
    stage.feed.tell("others", {"of": 24, "coming": 24, "in": 0, "asked": 0, "answering": 0, "done": 0})
    await stage.page.locator(".add summary").click()
    await expect(stage.page.locator(".add .let-in")).to_be_disabled()
    assert stage.invited == ["others"]
    assert await find_barriers(stage.page) == []


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
