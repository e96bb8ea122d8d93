"""Two clients that were not made for this stand-in: what they can read is Telegram's shape and not only ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiogram
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import SendMessage
from aiogram.types import BufferedInputFile, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, RetryAfter

from bot.demo.telegram import TOKEN, Standin

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (320).to_bytes(4, "big") + (200).to_bytes(4, "big")


@pytest.fixture
async def gram(standin: Standin) -> AsyncIterator[aiogram.Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(standin.url))
    async with aiogram.Bot(TOKEN, session=session) as bot:
        yield bot


@pytest.fixture
async def ptb(standin: Standin) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(TOKEN, base_url=f"{standin.url}/bot", base_file_url=f"{standin.url}/file/bot") as bot:
        yield bot


async def test_aiogram_sends_edits_and_deletes(standin: Standin, gram: aiogram.Bot) -> None:
    phone = standin.person("Thandar", "my")
    phone.start("abc")
    phone.voice(b"OggS words", duration=3)
    phone.sticker()
    phone.photo()
    updates = await gram.get_updates(allowed_updates=["message", "callback_query", "my_chat_member"])
    assert updates[0].message is not None
    assert updates[0].message.text == "/start abc"
    assert updates[1].message is not None
    assert updates[1].message.voice is not None
    content = await gram.download(updates[1].message.voice.file_id)
    assert content is not None
    assert content.read() == b"OggS words"
    rows = [
        [InlineKeyboardButton(text="Yes", callback_data="y")],
        [InlineKeyboardButton(text="Copy", copy_text=CopyTextButton(text="123"))],
    ]
    sent = await gram.send_message(
        phone.chat_id, "<b>Well?</b>", parse_mode="HTML", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )
    assert sent.html_text == "<b>Well?</b>"
    assert phone.last.entities == [{"type": "bold", "offset": 0, "length": 5}]
    query = phone.tap(sent.message_id, "Yes")
    phone.block()
    phone.unblock()
    tapped, blocked, _unblocked = await gram.get_updates(offset=updates[-1].update_id + 1)
    assert tapped.callback_query is not None
    assert tapped.callback_query.message == sent
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert await gram.answer_callback_query(tapped.callback_query.id, text="Noted")
    assert await query.answer() == ("Noted", False)
    edited = await gram.edit_message_text("Good", chat_id=phone.chat_id, message_id=sent.message_id)
    assert isinstance(edited, aiogram.types.Message)
    assert edited.edit_date is not None
    await gram.send_photo(phone.chat_id, BufferedInputFile(PNG, "chart.png"), caption="A chart")
    assert phone.last.raw["photo"][0]["width"] == 320
    await gram.send_document(phone.chat_id, BufferedInputFile(b"a,b", "table.csv"))
    assert phone.last.raw["document"]["mime_type"] == "text/csv"
    assert await gram.delete_messages(phone.chat_id, [message.message_id for message in phone.messages])
    assert phone.messages == []


async def test_aiogram_understands_refusals(standin: Standin, gram: aiogram.Bot) -> None:
    phone = standin.person("Thandar", opened=True)
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await gram.send_message(1, "x")
    standin.fail("sendMessage", 429, retry_after=5)
    with pytest.raises(TelegramRetryAfter) as pause:
        await gram(SendMessage(chat_id=phone.chat_id, text="x"))
    assert pause.value.retry_after == 5
    phone.block()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await gram.send_message(phone.chat_id, "x")


async def test_aiogram_reads_what_the_bot_says_of_itself(standin: Standin, gram: aiogram.Bot) -> None:
    phone = standin.person("Thandar", opened=True)
    assert (await gram.get_me()).username == "first_say_bot"
    assert (await gram.get_chat(phone.chat_id)).first_name == "Thandar"
    assert await gram.set_my_commands([aiogram.types.BotCommand(command="help", description="Help")])
    assert [command.command for command in await gram.get_my_commands()] == ["help"]
    assert await gram.set_webhook("https://example.org/hook", secret_token="abc", max_connections=2)
    assert (await gram.get_webhook_info()).max_connections == 2
    assert await gram.delete_webhook(drop_pending_updates=True)
    assert (await gram.get_my_name()).name == "First Say"


async def test_python_telegram_bot_sends_edits_and_deletes(standin: Standin, ptb: telegram.Bot) -> None:
    phone = standin.person("Thandar", "my")
    phone.start()
    phone.voice(b"OggS words", duration=3)
    phone.document()
    updates = await ptb.get_updates(allowed_updates=["message", "callback_query", "my_chat_member"])
    assert updates[1].message is not None
    assert updates[1].message.voice is not None
    kept = await updates[1].message.voice.get_file()
    assert bytes(await kept.download_as_bytearray()) == b"OggS words"
    rows = [[telegram.InlineKeyboardButton("Yes", callback_data="y")]]
    sent = await ptb.send_message(
        phone.chat_id,
        "Well?",
        reply_markup=telegram.InlineKeyboardMarkup(rows),
        protect_content=True,
        link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        reply_parameters=telegram.ReplyParameters(updates[0].message.message_id) if updates[0].message else None,
    )
    assert sent.reply_to_message is not None
    assert sent.has_protected_content
    query = phone.tap(sent.message_id, "y")
    [tapped] = await ptb.get_updates(offset=updates[-1].update_id + 1)
    assert tapped.callback_query is not None
    assert tapped.callback_query.message == sent
    assert await tapped.callback_query.answer("Noted", show_alert=True)
    assert await query.answer() == ("Noted", True)
    edited = await ptb.edit_message_reply_markup(phone.chat_id, sent.message_id)
    assert isinstance(edited, telegram.Message)
    assert edited.reply_markup is None
    await ptb.send_voice(phone.chat_id, b"OggS ours", duration=2)
    assert phone.last.kind == "voice"
    await ptb.send_photo(phone.chat_id, PNG)
    await ptb.send_document(phone.chat_id, b"words", filename="words.txt", caption="<i>yours</i>", parse_mode="HTML")
    assert phone.last.text == "yours"
    assert await ptb.delete_message(phone.chat_id, sent.message_id)
    assert await ptb.send_chat_action(phone.chat_id, "typing")


async def test_python_telegram_bot_understands_refusals(
    standin: Standin, ptb: telegram.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it RetryAfter warns that it will change
    phone = standin.person("Thandar", opened=True)
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(1, "x")
    standin.fail("sendMessage", 429, retry_after=5)
    with pytest.raises(RetryAfter):
        await ptb.send_message(phone.chat_id, "x")
    phone.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await ptb.send_message(phone.chat_id, "x")
    older = asyncio.create_task(ptb.get_updates(timeout=20))
    await standin.called("getUpdates")
    await standin.execute("getUpdates", {})
    with pytest.raises(Conflict):
        await older


async def test_python_telegram_bot_reads_what_the_bot_says_of_itself(standin: Standin, ptb: telegram.Bot) -> None:
    phone = standin.person("Thandar", opened=True)
    assert ptb.username == "first_say_bot"
    assert (await ptb.get_chat(phone.chat_id)).first_name == "Thandar"
    scope = telegram.BotCommandScopeChat(phone.chat_id)
    assert await ptb.set_my_commands([("help", "Help")], scope=scope)
    assert [command.command for command in await ptb.get_my_commands(scope=scope)] == ["help"]
    assert await ptb.set_webhook("https://example.org/hook", allowed_updates=["message"])
    assert list((await ptb.get_webhook_info()).allowed_updates) == ["message"]
    assert await ptb.delete_webhook()
    assert (await ptb.get_my_description()).description == ""
