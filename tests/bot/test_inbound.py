from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import ALLOWED, Inbound, UnreadableError, Voice, read_update

KINDS = {"tap", "words", "voice", "command", "other", "edited", "blocked", "unblocked"}
SENDER = {"id": 700, "is_bot": False, "first_name": "Somebody", "language_code": "my"}
CHAT = {"id": 700, "type": "private"}
GROUP = {"id": -100123, "type": "supergroup", "title": "A group"}


def message(**content: Any) -> dict[str, Any]:
    return {"update_id": 5, "message": {"message_id": 9, "date": 1000, "chat": CHAT, "from": SENDER, **content}}


def read(raw: dict[str, Any]) -> Inbound:
    inbound = read_update(raw)
    assert inbound is not None
    return inbound


def test_words_come_with_their_time_and_place() -> None:
    assert read(message(text="hello")) == Inbound(5, 700, "words", "hello", message_id=9, at=1000, language="my")


@pytest.mark.parametrize(
    ("text", "command", "payload"),
    [
        *(("/start abc-_9", "start", "abc-_9"), ("/start", "start", ""), ("/START  x", "start", "x")),
        *(("/start@first_say_bot y", "start", "y"), ("/menu ", "menu", ""), ("/start\nz", "start", "z")),
        *((f"/start {'a' * 64}", "start", "a" * 64), (f"/start {'a' * 65}", "start", "")),
        *(("/start a b", "start", "a"), ("/help I am afraid", "help", "I")),
    ],
)
def test_a_command_comes_with_its_payload(text: str, command: str, payload: str) -> None:
    inbound = read(message(text=text))
    assert (inbound.kind, inbound.text, inbound.argument) == ("command", command, payload)


@pytest.mark.parametrize("text", ["/", "/ start", "say /start", "/ကူညီ", "/help!", "/" + "a" * 33])
def test_what_only_looks_like_a_command_is_words(text: str) -> None:
    inbound = read(message(text=text))
    assert (inbound.kind, inbound.text, inbound.argument) == ("words", text, "")


def test_a_tap_comes_with_its_data_and_where_to_answer() -> None:
    tap = {"id": "44", "from": SENDER, "data": "x.1.a", "chat_instance": "1"}
    inbound = read({"update_id": 5, "callback_query": tap | {"message": {"message_id": 9, "date": 0, "chat": CHAT}}})
    assert inbound == Inbound(5, 700, "tap", "x.1.a", message_id=9, callback="44", language="my")
    assert read({"update_id": 5, "callback_query": tap}).message_id == 0


def test_a_voice_note_comes_with_where_to_fetch_it() -> None:
    inbound = read(message(voice={"file_id": "f", "duration": 4, "file_size": 2000, "file_unique_id": "u"}))
    assert (inbound.kind, inbound.voice) == ("voice", Voice("f", 4, 2000))


@pytest.mark.parametrize("content", [{"sticker": {}}, {"photo": [], "caption": "/start x"}, {"pinned_message": {}}, {}])
def test_anything_else_is_something_else(content: dict[str, Any]) -> None:
    assert read(message(**content)).kind == "other"


@pytest.mark.parametrize(("status", "kind"), [("kicked", "blocked"), ("member", "unblocked")])
def test_blocking_and_unblocking_are_told_apart(status: str, kind: str) -> None:
    change = {"chat": CHAT, "from": SENDER, "date": 1, "new_chat_member": {"status": status}}
    assert read({"update_id": 5, "my_chat_member": change}).kind == kind


@pytest.mark.parametrize("chat", [GROUP, {"id": -5, "type": "group"}, {"id": -6, "type": "channel"}])
def test_groups_and_channels_are_no_concern_of_ours(chat: dict[str, Any]) -> None:
    content = {"message_id": 9, "date": 1, "chat": chat, "from": SENDER, "text": "/start"}
    tap = {"id": "1", "from": SENDER, "data": "x", "message": content}
    change = {"chat": chat, "from": SENDER, "date": 1, "new_chat_member": {"status": "kicked"}}
    raws: list[dict[str, Any]] = [
        {"message": content},
        {"edited_message": content},
        {"callback_query": tap},
        {"my_chat_member": change},
    ]
    for raw in raws:
        assert read_update({"update_id": 5, **raw}) is None


def test_somebody_elses_chat_is_not_a_tappers_own() -> None:
    other = {"message_id": 9, "date": 1, "chat": {"id": 701, "type": "private"}}
    assert read_update({"update_id": 5, "callback_query": {"id": "1", "from": SENDER, "message": other}}) is None


def test_a_kind_we_did_not_ask_for_is_no_concern_of_ours() -> None:
    assert read_update({"update_id": 5, "poll": {}}) is None


@pytest.mark.parametrize("text", ["\ud83d", "\ude42", "a\udfffb", "\ud83d\ude42", "/start \ud83d"])
def test_half_a_character_is_replaced_and_stops_nobody(text: str) -> None:
    raw = json.loads(json.dumps(message(text=text)))
    read(raw).text.encode()
    read(raw).argument.encode()
    tap = read({"update_id": 5, "callback_query": {"id": text, "from": SENDER, "data": text}})
    tap.text.encode()
    tap.callback.encode()
    voice = read(message(voice={"file_id": text})).voice
    assert voice is not None
    voice.file.encode()


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, float("inf"), float("nan"), 10**400, "9" * 30, None, [], {}])
def test_a_number_that_no_database_holds_makes_the_update_unreadable(number: object) -> None:
    for place in ("message_id", "date"):
        with pytest.raises(UnreadableError):
            read_update(message(text="hello", **{place: number}))
    with pytest.raises(UnreadableError):
        read_update(message(text="hello", chat={"id": number, "type": "private"}))
    with pytest.raises(UnreadableError):
        read_update(message(voice={"file_id": "f", "duration": number}))


def test_what_went_wrong_is_told_without_a_word_of_the_update() -> None:
    with pytest.raises(UnreadableError) as raised:
        read_update(message(text="hello", date="my secret"))
    assert str(raised.value) == "ValueError"
    assert raised.value.__suppress_context__


NAMES = st.sampled_from(
    [
        *("update_id", "message", "edited_message", "callback_query", "my_chat_member", "chat", "from", "id", "type"),
        *("text", "voice", "date", "message_id", "data", "file_id", "duration", "file_size", "language_code"),
        *("new_chat_member", "status"),
    ]
)
odd_text = st.text(st.characters(), max_size=20)
LEAVES: st.SearchStrategy[Any] = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), odd_text, st.just("private"), st.just("/start x")),
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=20
)


def bend(raw: Any, path: list[int], value: Any) -> Any:
    """The update with something else at one place."""
    if not path or not isinstance(raw, dict) or not raw:
        return value
    name = [*raw][path[0] % len(raw)]
    return {**raw, name: bend(raw[name], path[1:], value)}


def check(raw: dict[str, Any]) -> None:
    try:
        inbound = read_update(raw)
    except UnreadableError:
        return
    if inbound is None:
        return
    assert inbound.kind in KINDS
    for number in (inbound.update_id, inbound.chat, inbound.message_id, inbound.at):
        assert type(number) is int and -(2**63) <= number < 2**63
    for text in (inbound.text, inbound.argument, inbound.callback):
        assert isinstance(text, str)
        text.encode()


@given(st.dictionaries(NAMES | odd_text, JSON, max_size=6))
def test_reading_is_total_over_any_object(raw: dict[str, Any]) -> None:
    check(raw)


WELL_FORMED = [
    message(text="/start abc"),
    message(voice={"file_id": "f", "duration": 4, "file_size": 2000}),
    {"update_id": 5, "edited_message": {"message_id": 9, "date": 1, "chat": CHAT, "from": SENDER, "text": "x"}},
    {"update_id": 5, "my_chat_member": {"chat": CHAT, "from": SENDER, "new_chat_member": {"status": "kicked"}}},
    {
        "update_id": 5,
        "callback_query": {
            "id": "1",
            "from": SENDER,
            "data": "x",
            "message": {"message_id": 9, "date": 1, "chat": CHAT},
        },
    },
]


@given(st.sampled_from(WELL_FORMED), st.lists(st.integers(0, 9), max_size=4), JSON)
def test_reading_is_total_over_updates_bent_at_one_place(raw: dict[str, Any], path: list[int], value: Any) -> None:
    bent = bend(raw, path, value)
    check(bent if isinstance(bent, dict) else {"update_id": 5, "message": bent})


def test_every_kind_that_is_asked_for_is_read() -> None:
    assert {kind for raw in WELL_FORMED for kind in raw if kind != "update_id"} == set(ALLOWED)
