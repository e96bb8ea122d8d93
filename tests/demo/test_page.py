"""The demo's page in a real browser. The bot's part is played by the tests, through Telegram's stand-in."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.demo.keeper import State
from tests.demo.browsing import NO_BROWSER, SIZES, Stage, keys

BURMESE = "အခု ဖတ်ဖို့ ဘေးကင်းပါသလား။"

pytestmark = [pytest.mark.asyncio(loop_scope="module"), NO_BROWSER]


@pytest.mark.parametrize("stage", SIZES, indirect=True)
async def test_three_phones_wait_and_one_click_opens_each(stage: Stage) -> None:
    await expect(stage.page.locator(".phone")).to_have_count(3)
    await expect(stage.page.get_by_text("Nothing leaves it.")).to_be_visible()
    assert not await stage.is_too_wide()
    for tab, role in enumerate(("client", "caseworker", "lead")):
        if await stage.page.locator(".tab").nth(tab + 1).is_visible():
            await stage.page.locator(".tab").nth(tab + 1).click()
        phone = await stage.open(role)
        assert phone.messages[0].text == f"/start {role}-link"
        await stage.ask(phone, "Welcome. " * 20, "A button with rather a long label, for who reads it slowly")
        await expect(stage.on(role, ".key")).to_be_visible()
    assert stage.invited == ["client", "caseworker", "lead"]
    assert not await stage.is_too_wide()


async def test_the_phones_language_is_told_to_the_bot_and_spoken_by_the_app(stage: Stage) -> None:
    await stage.on("client", ".languages label").filter(has_text="မြန်မာ").click()
    phone = await stage.open("client")
    assert phone.user["language_code"] == "my"
    assert await stage.on("client", "textarea").get_attribute("placeholder") == "စာရေးရန်"
    await stage.ask(phone, BURMESE, "ဟုတ်ကဲ့")
    words = stage.on("client", ".row.in .text")
    assert await words.get_attribute("lang") == "my"
    assert await words.evaluate("(e) => parseFloat(getComputedStyle(e).lineHeight) / 16") > 1.7


async def test_a_tap_is_answered_by_a_toast_or_an_alert_that_must_be_put_away(stage: Stage) -> None:
    phone = await stage.open("client")
    await stage.ask(phone, "Say when", "Now")
    await stage.on("client", ".key").click()
    query = await stage.next_tap()
    await stage.bot("answerCallbackQuery", phone, callback_query_id=query, text="Kept")
    await expect(stage.on("client", ".toast")).to_have_text("Kept")
    await expect(stage.on("client", ".toast")).to_be_visible()

    await stage.on("client", ".key").click()
    query = await stage.next_tap()
    answer = {"callback_query_id": query, "text": "Please read this", "show_alert": True}
    await stage.bot("answerCallbackQuery", phone, **answer)
    alert = stage.on("client", ".alert")
    await expect(alert).to_be_visible()
    await expect(alert.get_by_role("button")).to_be_focused()
    await stage.page.keyboard.press("Escape")
    await expect(alert).to_be_hidden()
    await expect(stage.on("client", ".key")).to_be_focused()


async def test_an_edit_changes_the_message_in_place_and_a_deletion_takes_it_away(stage: Stage) -> None:
    phone = await stage.open("client")
    first = await stage.ask(phone, "1 of 2", "Next")
    second = await stage.ask(phone, "Beside it", "Other")
    values = {"message_id": first, "text": "2 of 2", "reply_markup": keys("Done", "Back")}
    await stage.bot("editMessageText", phone, **values)
    await expect(stage.on("client", ".row.in.edited .text")).to_have_text("2 of 2")
    await expect(stage.on("client", ".row.in")).to_have_count(2)
    await expect(stage.on("client", ".row.in").first.locator(".key")).to_have_text(["Done", "Back"])
    await stage.bot("deleteMessages", phone, message_ids=[second, phone.messages[0].message_id])
    await expect(stage.on("client", ".row")).to_have_count(1)
    await expect(stage.on("client", ".row .text")).to_have_text("2 of 2")


async def test_entities_are_counted_in_utf_16_and_markup_stays_text(stage: Stage) -> None:
    phone = await stage.open("client")
    text = "🌱 ဦးစားပေး <b>not bold</b>"
    bold = {"type": "bold", "offset": 3, "length": len("ဦးစားပေး")}
    await stage.bot("sendMessage", phone, text=text, entities=[bold])
    await expect(stage.on("client", ".row.in strong")).to_have_text("ဦးစားပေး")
    await expect(stage.on("client", ".row.in .text")).to_have_text(text)


async def test_words_are_sent_with_enter_and_a_new_line_with_shift(stage: Stage) -> None:
    phone = await stage.open("client")
    box = stage.on("client", "textarea")
    await box.press_sequentially("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")
    await box.press("Enter")
    await phone.until(lambda phone: phone.messages[-1].text == "one\ntwo")
    await expect(box).to_have_value("")


async def test_the_whole_way_can_be_gone_by_keyboard(stage: Stage) -> None:
    keyboard = stage.page.keyboard
    await stage.on("client", ".languages input").first.focus()
    await keyboard.press("Tab")
    await expect(stage.on("client", "button.open")).to_be_focused()
    await keyboard.press("Enter")
    await expect(stage.on("client", ".row.out")).to_have_count(1)
    phone = stage.feed.held[0].phone
    message = await stage.ask(phone, "1 of 2", "A", "B")
    await expect(stage.on("client", ".key").first).to_be_focused()  # what the bot says next is where one stands
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await stage.next_tap()
    values = {"message_id": message, "text": "2 of 2", "reply_markup": keys("C", "D")}
    await stage.bot("editMessageText", phone, **values)
    await expect(stage.on("client", ".key").nth(1)).to_be_focused()  # and an edit does not throw one out
    await stage.bot("deleteMessage", phone, message_id=message)
    await stage.ask(phone, "Another", "E")
    await expect(stage.on("client", ".key").filter(has_text="E")).to_be_focused()


async def test_the_menu_holds_the_bots_own_commands(stage: Stage) -> None:
    phone = await stage.open("client")
    commands = [{"command": "needs", "description": "What matters"}]
    scope = {"type": "chat", "chat_id": phone.chat_id}
    await stage.standin.execute("setMyCommands", {"commands": commands, "scope": scope})
    await stage.on("client", ".commands summary").click()
    await expect(stage.on("client", ".commands .pop-card button")).to_have_text(["/needsWhat matters"])
    await stage.page.keyboard.press("Escape")
    await expect(stage.on("client", ".commands .pop-card")).to_be_hidden()
    await stage.on("client", ".commands summary").click()
    await stage.on("client", ".commands .pop-card button").click()
    await phone.until(lambda phone: phone.messages[-1].text == "/needs")


async def test_without_a_microphone_a_sample_can_be_sent_and_played(stage: Stage) -> None:
    phone = await stage.open("client")
    await stage.on("client", ".voice").click()
    await stage.on("client", ".sample").click()
    await phone.until(lambda phone: phone.messages[-1].kind == "voice")
    play = stage.on("client", ".play")
    await play.click()
    await expect(play).to_have_attribute("aria-label", "Pause")


async def test_a_phone_can_block_the_bot_and_let_it_in_again(stage: Stage) -> None:
    phone = await stage.open("client")
    await stage.on("client", ".more summary").click()
    await stage.on("client", ".block").click()
    await expect(stage.on("client", ".is-blocked")).to_be_visible()
    assert phone.blocked
    await stage.on("client", ".is-blocked button").click()
    await expect(stage.on("client", "textarea")).to_be_visible()
    assert not phone.blocked


async def test_typing_shows_and_copying_copies(stage: Stage) -> None:
    await stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone = await stage.open("client")
    await stage.bot("sendChatAction", phone, action="typing")
    await expect(stage.on("client", ".chat-state")).to_have_text("is typing…")
    rows = {"inline_keyboard": [[{"text": "Copy the number", "copy_text": {"text": "000 000 001"}}]]}
    await stage.bot("sendMessage", phone, text="Here", reply_markup=rows)
    await expect(stage.on("client", ".chat-state")).to_have_text("bot")
    await stage.on("client", ".key").click()
    await expect(stage.on("client", ".toast")).to_have_text("Copied")
    assert await stage.page.evaluate("navigator.clipboard.readText()") == "000 000 001"


async def test_a_refused_invitation_is_said_and_can_be_tried_again(stage: Stage) -> None:
    stage.refuse = "firstsay: no home here; make one with: firstsay init"
    await stage.on("lead", "button.open").click()
    await expect(stage.on("lead", ".door-trouble")).to_have_text(stage.refuse)
    stage.refuse = None
    assert stage.troubles and all("409" in trouble for trouble in stage.troubles)  # the browser's own line about it
    stage.troubles.clear()
    await stage.open("lead")


async def test_more_phones_can_be_added_and_all_are_there_after_a_reload(stage: Stage) -> None:
    first = await stage.open("client")
    await stage.page.locator(".add summary").click()
    await stage.page.get_by_role("button", name="Another client").click()
    second = await stage.open("client", 1)
    await stage.bot("sendMessage", first, text="to the first")
    await stage.bot("sendMessage", second, text="to the second")
    await stage.page.reload()
    await expect(stage.on("client", ".row.in .text", 0)).to_have_text("to the first")
    await expect(stage.on("client", ".row.in .text", 1)).to_have_text("to the second")
    await expect(stage.page.locator(".phone")).to_have_count(4)
    assert not await stage.is_too_wide()


@pytest.mark.parametrize("stage", SIZES[1:], indirect=True)
async def test_news_on_a_phone_out_of_sight_is_marked_on_its_tab(stage: Stage) -> None:
    phone = await stage.open("client")
    client, caseworker = (stage.page.locator(f".tab[data-role={role}]") for role in ("client", "caseworker"))
    await caseworker.click()
    await expect(caseworker).to_have_attribute("aria-current", "true")
    await expect(client).to_have_attribute("aria-current", "false")
    await stage.bot("sendMessage", phone, text="news")
    await expect(client).to_have_class("tab news")
    await client.click()
    await expect(stage.on("client", ".row.in")).to_be_in_viewport()
    await expect(client).to_have_class("tab")


async def test_how_the_bot_is_can_be_seen(stage: Stage) -> None:
    stage.feed.become(State.STOPPED)
    await expect(stage.page.locator(".bot-state")).to_contain_text("being started again")
    stage.feed.become(State.RUNNING)
    await expect(stage.page.locator(".bot-state")).to_have_text("The bot is running.")
