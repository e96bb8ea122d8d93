"""What goes wrong on the way to Telegram, and at Telegram."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.demo.chats import Phone
from bot.demo.faults import Limits
from bot.demo.telegram import Standin
from bot.gate import Purpose
from bot.pace import Pace
from bot.screens import message
from bot.telegram import TokenError
from bot.turn import REPLY, ROUND, URGENT, slot_of
from bot.turns import Taken, Toast
from tests.delivery.office import Calls, Clock, Gate, Office, open_office, screen, showing


def opened(standin: Standin, name: str = "Somebody") -> Phone:
    return standin.person(name, "en", opened=True)


# --- the messages themselves -----------------------------------------------------------------------------


async def test_an_edit_of_a_message_that_vanished_is_sent_anew(office: Office, standin: Standin, calls: Calls) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    await office.show(person, "one")
    await office.settled()
    await standin.execute("deleteMessage", {"chat_id": phone.chat_id, "message_id": phone.last.message_id})
    calls.clear()
    await office.show(person, "two")
    await office.settled()
    assert calls.methods() == ["editMessageText", "sendMessage"]
    assert screen(phone) == ["two"]
    assert await office.slot(person) == phone.last.message_id
    await office.show(person, "three")
    await office.settled()
    assert screen(phone) == ["three"]
    assert calls.methods() == ["editMessageText", "sendMessage", "editMessageText"]


async def test_not_modified_is_as_good_as_done(office: Office, standin: Standin, calls: Calls) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    for _time in range(2):
        await office.show(person, "the same")
        await office.settled()
    assert calls.methods() == ["sendMessage", "editMessageText"]
    assert screen(phone) == ["the same"]
    assert await office.states() == {"sent": 2}


async def test_what_is_sent_can_be_neither_forwarded_nor_saved_and_shows_no_preview(
    office: Office, standin: Standin
) -> None:
    phone = opened(standin)
    await office.show(await office.admit(phone), "see https://example.org")
    await office.settled()
    assert phone.last.protected
    assert phone.last.raw["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("way", ["deleted", "renewed", "cleared"])
async def test_a_message_too_old_to_be_deleted_becomes_a_dot(
    office: Office, standin: Standin, clock: Clock, way: str
) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    await office.show(person, "my sister's name")
    await office.settled()
    old = phone.last
    clock.forward(hours=49)
    match way:
        case "deleted":
            await office.turn(lambda turn: turn.delete(person, old.message_id))
        case "renewed":
            await office.show(person, "new", renew=True)
        case _:
            await office.turn(lambda turn: turn.clear(person, slot_of(person.id, "living")))
    await office.settled()
    assert screen(phone) == (["·", "new"] if way == "renewed" else ["·"])
    assert await office.states() == {"sent": 2}


async def test_a_message_that_telegram_refuses_stops_nobody(office: Office, standin: Standin) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    empty = {**message("x", []), "text": ""}
    await office.turn(lambda turn: turn.show(person, slot_of(person.id, "notice"), empty, Purpose.ANSWER))
    await office.show(person, "the next")
    await office.settled()
    assert screen(phone) == ["the next"]
    assert await office.outbox() == [("failed", "refused"), ("sent", "")]


# --- 429 -------------------------------------------------------------------------------------------------


async def test_429_stops_all_lanes_for_as_long_as_telegram_says_and_nothing_is_lost(
    office: Office, standin: Standin, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = [opened(standin) for _number in range(5)]
    persons = [await office.admit(phone) for phone in phones]
    paused = asyncio.Event()
    pause = office.pace.pause

    def note(seconds: float) -> None:
        pause(seconds)
        paused.set()

    monkeypatch.setattr(office.pace, "pause", note)
    standin.fail("sendMessage", 429, retry_after=1)
    await office.show(persons[0], "first")
    await paused.wait()
    refused_at = calls.times[-1]
    for person, lane in zip(persons, [REPLY, URGENT, REPLY, ROUND, URGENT], strict=True):
        await office.show(person, "later", slot="notice", lane=lane)
    await office.settled()
    assert len(calls.made) == 1 + 1 + 5
    assert min(calls.times[1:]) - refused_at >= 0.99
    assert [screen(phone) for phone in phones] == [["first", "later"], *[["later"]] * 4]
    assert await office.states() == {"sent": 6}


@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage"])
async def test_429_counts_wherever_it_comes_up(
    office: Office, standin: Standin, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    await office.show(person, "one")
    await office.settled()
    pauses: list[float] = []
    monkeypatch.setattr(office.pace, "pause", pauses.append)
    standin.fail(method, 429, retry_after=7)
    await office.show(person, "two", renew=method == "deleteMessage")
    await office.settled()
    assert pauses == [7.0]
    assert screen(phone) == ["two"]


async def test_429_to_the_answer_of_a_tap_stops_all_lanes_too(
    office: Office, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(office.pace, "pause", pauses.append)
    standin.fail("answerCallbackQuery", 429, retry_after=7)
    office.delivery.put(Taken(toasts=[Toast("1", "kept")]))
    await office.settled()
    assert pauses == [7.0]


async def test_the_pace_stays_within_telegrams_limits(
    path: Path, standin: Standin, clock: Clock, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-in refuses what Telegram refuses, by the same wall clock."""
    loop = asyncio.get_running_loop()
    limits = Limits(per_second=40, chat_per_second=100, chat_burst=100)
    monkeypatch.setattr(standin.methods, "limits", limits)
    monkeypatch.setattr(standin.chats, "clock", loop.time)
    async with open_office(path, standin.url, clock, Pace(20, 100, loop.time)) as office:
        persons = [await office.admit(opened(standin)) for _number in range(30)]
        for person in persons:
            await office.show(person, "hello")
        await office.settled()
        assert limits.refused == 0
        assert len(calls.made) == 30
        assert calls.times[-1] - calls.times[0] >= 10 / 20 - 0.1


# --- who does not want the bot ---------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["blocked", "deactivated", "never opened"])
async def test_a_person_who_cannot_be_reached_is_marked_and_not_tried_again_and_again(
    office: Office, standin: Standin, calls: Calls, how: str
) -> None:
    phone = standin.person("Somebody", opened=how != "never opened")
    person = await office.admit(phone)
    if how == "blocked":
        phone.block()
    elif how == "deactivated":
        phone.deactivate()
    for number in range(3):
        await office.show(person, "x", slot=f"s{number}")
    await office.settled()
    assert calls.methods() == ["sendMessage"] * 3, "each once, none again"
    assert await office.outbox() == [("blocked", "blocked")] * 3
    found = await office.person(phone)
    assert found.blocked_at is not None
    taken = await office.write(showing(found, "y"))
    assert taken.sendings == []
    assert len(await office.outbox()) == 3


async def test_a_block_is_noted_once_and_lifted_when_the_person_comes_back(office: Office, standin: Standin) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    phone.block()
    await office.show(person, "x")
    await office.settled()
    phone.start()
    await office.intake.take([update.body for update in standin.updates.pending.values()], polled=True)
    await office.settled()
    assert (await office.person(phone)).blocked_at is None
    assert screen(phone)


# --- no answer -------------------------------------------------------------------------------------------


async def test_a_message_in_doubt_is_sent_exactly_once_more(office: Office, standin: Standin, calls: Calls) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    standin.drop("sendMessage")
    await office.show(person, "wanted")
    await office.show(person, "next", slot="notice")
    await office.settled()
    assert calls.texts() == ["wanted", "wanted", "next"]
    assert screen(phone) == ["wanted", "wanted", "next"]
    assert await office.states() == {"sent": 2}
    assert await office.slot(person) == phone.messages[1].message_id


@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage"])
async def test_an_edit_or_deletion_in_doubt_is_done_again_without_harm(
    office: Office, standin: Standin, method: str
) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    await office.show(person, "one")
    await office.settled()
    standin.drop(method)
    await office.show(person, "two", renew=method == "deleteMessage")
    await office.settled()
    assert screen(phone) == ["two"]
    assert await office.states() == {"sent": 2}


async def test_what_is_in_doubt_gives_way_to_what_is_newer(office: Office, standin: Standin, calls: Calls) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    await office.show(person, "one")
    await office.settled()
    gate = Gate(standin, phone)
    standin.fail("editMessageText", 502)
    await office.show(person, "two")
    await gate.reached.wait()
    await office.show(person, "three")
    gate.opened.set()
    await office.settled()
    assert calls.texts() == ["one", "two", "three"]
    assert [reason for _state, reason in await office.outbox()] == ["", "replaced", ""]
    assert screen(phone) == ["three"]


async def test_an_old_message_is_not_left_behind_when_its_deletion_fails_at_first(
    office: Office, standin: Standin
) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    await office.show(person, "my sister's name")
    await office.settled()
    standin.fail("deleteMessage", 500, times=2)
    await office.show(person, "new", renew=True)
    await office.settled()
    assert screen(phone) == ["new"]


# --- Telegram is down ------------------------------------------------------------------------------------


def fail_with(code: int, body: bytes | None) -> Callable[[Standin], None]:
    return lambda standin: standin.fail("*", code, times=14, body=body)


@pytest.mark.parametrize(
    "break_down",
    [
        fail_with(500, None),
        fail_with(502, b"<html>Bad Gateway</html>"),
        fail_with(503, b"[1]"),
        fail_with(504, b'{"parameters": {"retry_after": null}}'),
        lambda standin: standin.drop("answerCallbackQuery", times=3),
    ],
    ids=["500", "a page of HTML", "a list", "null", "taps only"],
)
async def test_everything_arrives_in_order_once_telegram_is_back(
    office: Office, standin: Standin, break_down: Callable[[Standin], None]
) -> None:
    phones = [opened(standin) for _number in range(4)]
    persons = [await office.admit(phone) for phone in phones]
    break_down(standin)
    for number in range(5):
        for person in persons:
            await office.show(person, f"line {number}", slot=f"s{number}")
        office.delivery.put(Taken(toasts=[Toast("1", "kept")]))
    await office.settled()
    assert [screen(phone) for phone in phones] == [[f"line {number}" for number in range(5)]] * 4
    assert await office.states() == {"sent": 20}


async def test_everything_arrives_in_order_when_nobody_answered_at_first(path: Path, clock: Clock) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    standin = Standin(now=clock)
    phones = [opened(standin) for _number in range(3)]
    async with open_office(path, f"http://127.0.0.1:{port}", clock) as office:
        persons = [await office.admit(phone) for phone in phones]
        for number in range(5):
            for person in persons:
                await office.show(person, f"line {number}", slot=f"s{number}")
        assert await office.states() == {"leased": 15}
        await standin.serve(port)
        try:
            await office.settled()
        finally:
            await standin.close()
        assert [screen(phone) for phone in phones] == [[f"line {number}" for number in range(5)]] * 3
        assert standin.counts["sendmessage"] == 15
        assert await office.states() == {"sent": 15}


async def test_waits_between_tries_double_up_to_a_limit_and_start_anew(
    office: Office, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    waits: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr("bot.delivery.FIRST_WAIT", 1.0)
    monkeypatch.setattr("bot.delivery.LONGEST_WAIT", 60.0)
    monkeypatch.setattr("bot.delivery.asyncio.sleep", note)
    standin.fail("sendMessage", 500, times=8)
    await office.show(person, "one", slot="a")
    await office.settled()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    standin.fail("sendMessage", 500, times=1)
    await office.show(person, "two", slot="b")
    await office.settled()
    assert waits[8:] == [1]


async def test_a_late_answer_to_a_tap_is_harmless(office: Office, standin: Standin, clock: Clock) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    await office.show(person, "one")
    await office.settled()
    query = phone.tap_data(phone.last.message_id, "x")
    clock.forward(minutes=2)
    office.delivery.put(Taken(toasts=[Toast(query.query_id, "kept" * 100)]))
    await office.settled()
    assert query.toast is None
    assert standin.counts["answercallbackquery"] == 1


async def test_a_token_that_is_refused_ends_the_process(office: Office, standin: Standin) -> None:
    running = asyncio.create_task(office.delivery.run())
    await asyncio.sleep(0)
    standin.fail("sendMessage", 401)
    await office.show(await office.admit(opened(standin)), "one")
    with pytest.raises(TokenError, match="BotFather"):
        await asyncio.wait_for(running, 5)
    assert await office.states() == {"leased": 1}
