"""The Bot API as a bot meets it: answers, refusals word for word, and what the phone then shows."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from bot.demo.telegram import TOKEN, Standin
from tests.demo.conftest import Call, Clock

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]}


def refusal(answer: Any) -> tuple[int, str]:
    return answer["error_code"], answer["description"]


async def test_get_me_says_who_the_bot_is(call: Call, standin: Standin) -> None:
    me = await call("getMe")
    assert me["is_bot"] is True
    assert me["id"] == int(TOKEN.partition(":")[0])
    assert (await call("GETME")) == me, "method names are not case-sensitive"


async def test_strangers_are_turned_away(standin: Standin, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{standin.url}/bot1:wrong/getMe") as response:
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    async with http.get(f"{standin.url}/bot{TOKEN}/flyToTheMoon") as response:
        assert response.status == 404
        assert await response.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_sent_message_has_telegrams_shape_and_is_on_the_phone(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", "my", opened=True)
    sent = await call("sendMessage", chat_id=phone.chat_id, text="Hello /help", reply_markup=KEYBOARD)
    assert sent == {
        "message_id": sent["message_id"],
        "from": standin.bot,
        "chat": {"id": phone.chat_id, "first_name": "Thandar", "type": "private"},
        "date": 1795424400,
        "text": "Hello /help",
        "entities": [{"type": "bot_command", "offset": 6, "length": 5}],
        "reply_markup": KEYBOARD,
    }
    [shown] = phone.messages
    assert shown.from_bot
    assert shown.buttons == [[("Yes", "y"), ("No", "n")]]
    assert shown.labels == ["Yes", "No"]


@pytest.mark.parametrize("how", ["json", "form", "multipart", "query"])
async def test_parameters_come_in_four_ways(how: str, standin: Standin, http: aiohttp.ClientSession) -> None:
    phone = standin.person("Thandar", opened=True)
    url = f"{standin.url}/bot{TOKEN}/sendMessage"
    plain = {"chat_id": str(phone.chat_id), "text": "Hello", "reply_markup": json.dumps(KEYBOARD)}
    if how == "json":
        request = http.post(url, json={**plain, "reply_markup": KEYBOARD})
    elif how == "form":
        request = http.post(url, data=plain)
    elif how == "multipart":
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in plain.items():
            form.add_field(name, value)
        request = http.post(url, data=form)
    else:
        request = http.get(url, params=plain)
    async with request as response:
        assert (await response.json())["ok"]
    assert phone.last.buttons == [[("Yes", "y"), ("No", "n")]]


async def test_a_body_that_is_not_json_is_a_400(standin: Standin, http: aiohttp.ClientSession) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[1]", b"\xff"):
        async with http.post(f"{standin.url}/bot{TOKEN}/getMe", data=body, headers=headers) as response:
            assert response.status == 400


@pytest.mark.parametrize(
    ("values", "code", "description"),
    [
        ({"text": ""}, 400, "Bad Request: message text is empty"),
        ({"text": " \n "}, 400, "Bad Request: text must be non-empty"),
        ({"text": "\ud83d"}, 400, "Bad Request: strings must be encoded in UTF-8"),
        ({"text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ({"text": "x", "chat_id": ""}, 400, "Bad Request: chat_id is empty"),
        ({"text": "x", "chat_id": 5}, 400, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, 400, "Bad Request: chat not found"),
        (
            {"text": "<b>x", "parse_mode": "HTML"},
            400,
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, 400, "Bad Request: message to be replied not found"),
    ],
)
async def test_refused_messages(
    call: Call, standin: Standin, values: dict[str, Any], code: int, description: str
) -> None:
    phone = standin.person("Thandar", opened=True)
    assert refusal(await call("sendMessage", **({"chat_id": phone.chat_id} | values))) == (code, description)
    assert phone.messages == []


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x", "callback_data": "y" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "\u1000" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "x", "copy_text": {"text": "y" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "x", "url": "tel:123"},
            "inline keyboard button URL 'tel:123' is invalid: Unsupported URL protocol",
        ),
    ],
)
async def test_refused_buttons(call: Call, standin: Standin, button: dict[str, Any], description: str) -> None:
    phone = standin.person("Thandar", opened=True)
    markup = {"inline_keyboard": [[button]]}
    answer = await call("sendMessage", chat_id=phone.chat_id, text="x", reply_markup=markup)
    assert refusal(answer) == (400, f"Bad Request: {description}")


async def test_a_button_with_two_actions_or_no_text_is_refused(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    for button in ({"text": "x", "callback_data": "y", "url": "https://a.org"}, {"text": " ", "callback_data": "y"}):
        answer = await call(
            "sendMessage", chat_id=phone.chat_id, text="x", reply_markup={"inline_keyboard": [[button]]}
        )
        assert answer["description"].startswith("Bad Request: can't parse inline keyboard button")


async def test_copy_and_link_buttons_and_the_longest_data_are_fine(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    row = [
        {"text": "Copy the number", "copy_text": {"text": "1" * 256}},
        {"text": "Open", "url": "https://example.org/help"},
        {"text": "Danger", "callback_data": "y" * 64, "style": "danger"},
    ]
    sent = await call("sendMessage", chat_id=phone.chat_id, text="x", reply_markup={"inline_keyboard": [row]})
    assert sent["reply_markup"]["inline_keyboard"] == [row]
    assert phone.last.buttons == [[("Copy the number", None), ("Open", None), ("Danger", "y" * 64)]]


async def test_what_a_message_was_sent_with_is_remembered(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    asked = phone.send("Is anyone there?")
    sent = await call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="Yes",
        disable_notification=True,
        protect_content=True,
        link_preview_options={"is_disabled": True},
        reply_parameters={"message_id": asked.message_id},
    )
    assert sent["has_protected_content"] is True
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert sent["reply_to_message"]["message_id"] == asked.message_id
    assert phone.last.silent
    assert phone.last.protected


async def test_a_bot_cannot_write_first(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    assert refusal(await call("sendMessage", chat_id=phone.chat_id, text="x")) == (400, "Bad Request: chat not found")
    phone.start()
    assert (await call("sendMessage", chat_id=phone.chat_id, text="x"))["text"] == "x"


async def test_people_who_left(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    phone.block()
    for method, values in (("sendMessage", {"text": "x"}), ("sendChatAction", {"action": "typing"})):
        answer = await call(method, chat_id=phone.chat_id, **values)
        assert refusal(answer) == (403, "Forbidden: bot was blocked by the user")
    phone.unblock()
    assert (await call("sendMessage", chat_id=phone.chat_id, text="x"))["text"] == "x"
    phone.deactivate()
    answer = await call("sendMessage", chat_id=phone.chat_id, text="x")
    assert refusal(answer) == (403, "Forbidden: user is deactivated")


async def test_editing(call: Call, standin: Standin, clock: Clock) -> None:
    phone = standin.person("Thandar", opened=True)
    sent = await call("sendMessage", chat_id=phone.chat_id, text="One", reply_markup=KEYBOARD)
    where = {"chat_id": phone.chat_id, "message_id": sent["message_id"]}
    answer = await call("editMessageText", **where, text="One", reply_markup=KEYBOARD)
    assert refusal(answer) == (
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message",
    )
    clock.forward(seconds=5)
    edited = await call("editMessageText", **where, text="Two")
    assert edited == {
        **{key: value for key, value in sent.items() if key != "reply_markup"},
        "text": "Two",
        "edit_date": sent["date"] + 5,
    }
    assert phone.last.edited
    assert phone.last.buttons == []
    await call("editMessageReplyMarkup", **where, reply_markup=KEYBOARD)
    assert phone.last.buttons == [[("Yes", "y"), ("No", "n")]]
    answer = await call("editMessageReplyMarkup", **where, reply_markup=KEYBOARD)
    assert "message is not modified" in answer["description"]
    assert [event.message.text for event in phone.history] == ["One", "Two", "Two"], "history keeps every form"


async def test_what_cannot_be_edited(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar")
    own = phone.send("mine")
    where = {"chat_id": phone.chat_id, "text": "x"}
    assert refusal(await call("editMessageText", **where, message_id=77)) == (
        400,
        "Bad Request: message to edit not found",
    )
    answer = await call("editMessageText", **where, message_id=own.message_id)
    assert answer["description"] == "Bad Request: message can't be edited"
    answer = await call("editMessageText", **where)
    assert answer["description"] == "Bad Request: message identifier is not specified"


async def test_deleting_own_and_incoming_messages_for_48_hours(call: Call, standin: Standin, clock: Clock) -> None:
    phone = standin.person("Thandar")
    own = phone.send("mine")
    sent = await call("sendMessage", chat_id=phone.chat_id, text="ours")
    late = await call("sendMessage", chat_id=phone.chat_id, text="late")
    clock.forward(hours=48)
    assert await call("deleteMessage", chat_id=phone.chat_id, message_id=own.message_id) is True
    assert await call("deleteMessages", chat_id=phone.chat_id, message_ids=[sent["message_id"], 999]) is True
    assert [message.text for message in phone.messages] == ["late"]
    answer = await call("deleteMessage", chat_id=phone.chat_id, message_id=own.message_id)
    assert refusal(answer) == (400, "Bad Request: message to delete not found")
    clock.forward(seconds=1)
    where = {"chat_id": phone.chat_id, "message_id": late["message_id"]}
    assert refusal(await call("deleteMessage", **where)) == (
        400,
        "Bad Request: message can't be deleted for everyone",
    )
    assert (await call("editMessageText", **where, text="."))["text"] == ".", "old words can still be made neutral"
    assert [event.message_ids for event in phone.history if event.kind == "delete"] == [
        (own.message_id,),
        (sent["message_id"],),
    ]


async def test_delete_messages_takes_1_to_100_ids(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    assert await call("deleteMessages", chat_id=phone.chat_id, message_ids=list(range(1, 101))) is True
    for ids in ([], list(range(1, 102)), ["x"]):
        assert (await call("deleteMessages", chat_id=phone.chat_id, message_ids=ids))["error_code"] == 400


async def test_a_tap_comes_back_with_its_whole_message_and_is_answered_once(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", "my", opened=True)
    sent = await call("sendMessage", chat_id=phone.chat_id, text="Well?", reply_markup=KEYBOARD)
    query = phone.tap(sent["message_id"], "Yes")
    [update] = await call("getUpdates")
    tapped = update["callback_query"]
    assert tapped == {
        "id": query.query_id,
        "from": {"id": phone.chat_id, "is_bot": False, "first_name": "Thandar", "language_code": "my"},
        "message": sent,
        "chat_instance": tapped["chat_instance"],
        "data": "y",
    }
    assert await call("answerCallbackQuery", callback_query_id=query.query_id, text="Thank you", show_alert=True)
    assert await query.answer() == ("Thank you", True)
    answer = await call("answerCallbackQuery", callback_query_id=query.query_id)
    assert refusal(answer) == (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )


async def test_a_tap_answered_late(call: Call, standin: Standin, clock: Clock) -> None:
    phone = standin.person("Thandar", opened=True)
    query = phone.tap_data(1, "anything")
    clock.forward(seconds=61)
    answer = await call("answerCallbackQuery", callback_query_id=query.query_id)
    assert answer["description"].startswith("Bad Request: query is too old")
    assert query.toast is None


async def test_old_buttons_can_be_tapped_and_a_deleted_message_is_inaccessible(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    sent = await call("sendMessage", chat_id=phone.chat_id, text="Well?", reply_markup=KEYBOARD)
    await call("editMessageText", chat_id=phone.chat_id, message_id=sent["message_id"], text="Done")
    phone.tap(sent["message_id"], "n")
    await call("deleteMessage", chat_id=phone.chat_id, message_id=sent["message_id"])
    phone.tap(sent["message_id"], "No")
    first, second = [update["callback_query"] for update in await call("getUpdates")]
    assert (first["data"], second["data"]) == ("n", "n")
    assert "reply_markup" not in first["message"]
    assert second["message"] == {"chat": sent["chat"], "message_id": sent["message_id"], "date": 0}


async def test_voice_goes_both_ways(call: Call, standin: Standin, http: aiohttp.ClientSession) -> None:
    phone = standin.person("Thandar")
    phone.voice(b"OggS my words", duration=4)
    [update] = await call("getUpdates")
    voice = update["message"]["voice"]
    assert (voice["duration"], voice["mime_type"], voice["file_size"]) == (4, "audio/ogg", 13)
    kept = await call("getFile", file_id=voice["file_id"])
    async with http.get(f"{standin.url}/file/bot{TOKEN}/{kept['file_path']}") as response:
        assert await response.read() == b"OggS my words"
    sent = await call("sendVoice", chat_id=phone.chat_id, voice=voice["file_id"], caption="You said")
    assert sent["voice"]["file_id"] == voice["file_id"]
    assert phone.last.kind == "voice"
    assert phone.last.text == "You said"
    answer = await call("sendVoice", chat_id=phone.chat_id, voice=voice["file_id"], caption="x" * 1025)
    assert answer["description"] == "Bad Request: message caption is too long"


async def test_files_that_are_refused(call: Call, standin: Standin, http: aiohttp.ClientSession) -> None:
    phone = standin.person("Thandar", opened=True)
    answer = await call("sendDocument", chat_id=phone.chat_id, document="https://example.org/a.pdf")
    assert answer["description"] == "Bad Request: wrong file identifier/HTTP URL specified"
    answer = await call("sendPhoto", chat_id=phone.chat_id)
    assert answer["description"] == "Bad Request: there is no photo in the request"
    assert (await call("getFile", file_id="x"))["description"] == "Bad Request: invalid file_id"
    for content, description in ((b"", "file must be non-empty"), (b"not a picture", "IMAGE_PROCESS_FAILED")):
        form = aiohttp.FormData({"chat_id": str(phone.chat_id)})
        form.add_field("photo", content, filename="a.png")
        async with http.post(f"{standin.url}/bot{TOKEN}/sendPhoto", data=form) as response:
            assert (await response.json())["description"] == f"Bad Request: {description}"
    async with http.get(f"{standin.url}/file/bot{TOKEN}/voice/nothing.oga") as response:
        assert response.status == 404


async def test_what_a_bot_says_of_itself(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    commands = [{"command": "help", "description": "Help"}]
    assert await call("setMyCommands", commands=commands) is True
    assert await call("getMyCommands") == commands
    assert await call("getMyCommands", language_code="my") == []
    scope = {"type": "chat", "chat_id": phone.chat_id}
    assert await call("setMyCommands", commands=[], scope=scope) is True
    assert await call("deleteMyCommands") is True
    assert await call("getMyCommands") == []
    for wrong in ({"language_code": "mya"}, {"commands": [{"command": "Help!", "description": "x"}]}):
        assert (await call("setMyCommands", **({"commands": commands} | wrong)))["error_code"] == 400
    assert await call("getMyName") == {"name": "First Say"}
    assert await call("setMyName", name="Quiet", language_code="th") is True
    assert await call("getMyName", language_code="th") == {"name": "Quiet"}
    assert await call("setMyShortDescription", short_description="Kind") is True
    assert await call("getMyShortDescription") == {"short_description": "Kind"}
    assert (await call("setMyDescription", description="x" * 513))["error_code"] == 400


async def test_typing_is_seen(call: Call, standin: Standin) -> None:
    phone = standin.person("Thandar", opened=True)
    assert await call("sendChatAction", chat_id=phone.chat_id, action="typing") is True
    event = await phone.next_event("typing")
    assert event.text == "typing"
    answer = await call("sendChatAction", chat_id=phone.chat_id, action="dancing")
    assert answer["description"] == "Bad Request: wrong parameter action in request"


async def test_only_this_machine_is_served(standin: Standin, http: aiohttp.ClientSession) -> None:
    own = standin.url.removeprefix("http://")
    for headers, status in (
        ({"Host": "evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": f"http://{own}"}, 200),
        ({"Host": "localhost"}, 200),
    ):
        async with http.post(f"{standin.url}/phones", json={"name": "T"}, headers=headers) as response:
            assert response.status == status, headers
