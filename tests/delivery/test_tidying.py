"""What is taken from chats again, files that go into them, and what an erasure stops on its way out."""

from __future__ import annotations

from typing import Any

import pytest

from bot.delivery import MOST_SWEPT
from bot.demo.telegram import Standin
from bot.erasing import erase
from bot.files import DRAWERS, Drawer
from bot.gate import Purpose
from bot.screens import caption
from bot.telegram import File
from bot.turn import Scene, Turn, slot_of
from bot.turns import Taken
from storage.store import Store
from tests.delivery.office import Calls, Clock, Gate, Office, screen

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(24)


async def test_many_messages_go_in_as_few_calls_as_telegram_takes(
    office: Office, standin: Standin, calls: Calls
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    ids = [phone.send("hello").message_id for _number in range(MOST_SWEPT + 5)]
    await office.turn(lambda turn: turn.sweep(person, ids))
    await office.settled()
    assert calls.methods(phone.chat_id) == ["deleteMessages", "deleteMessages"]
    assert phone.messages == []


async def test_what_is_too_old_for_that_becomes_a_dot_if_it_is_ours(
    office: Office, standin: Standin, clock: Clock
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    await office.show(person, "old words", slot="one")
    await office.settled()
    old = phone.last.message_id
    clock.forward(hours=49)
    await office.show(person, "new words", slot="two")
    await office.settled()
    new = phone.last.message_id
    await office.turn(lambda turn: turn.sweep(person, [old, new]))
    await office.settled()
    assert screen(phone) == ["·"]


async def test_both_sides_are_known_in_the_ledger_and_leave_it_when_they_go(office: Office, standin: Standin) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    await office.show(person, "one", slot="one")
    await office.show(person, "two", slot="two")
    await office.settled()
    kept = "SELECT message_id FROM messages WHERE person_id = ? AND ours = 1 ORDER BY message_id"
    before = [row[0] for row in await office.query(kept, person.id)]
    assert len(before) == 2
    await office.show(person, "one again", slot="one", renew=True)
    await office.turn(lambda turn: turn.clear(person, slot_of(person.id, "two")))
    await office.settled()
    after = [row[0] for row in await office.query(kept, person.id)]
    assert after == [phone.last.message_id]
    assert not {*before} & {*after}


async def test_an_answer_takes_the_place_of_a_message_that_could_soon_not_be_deleted(
    office: Office, standin: Standin, clock: Clock, calls: Calls
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    await office.show(person, "one")
    await office.settled()
    clock.forward(hours=39)
    await office.show(person, "two")
    await office.settled()
    assert calls.methods(phone.chat_id) == ["sendMessage", "editMessageText"]
    clock.forward(hours=2)
    await office.show(person, "three, silently", purpose=Purpose.EDIT)
    await office.settled()
    assert calls.methods(phone.chat_id)[2:] == ["editMessageText"], "an edit stays silent"
    await office.show(person, "four")
    await office.settled()
    assert calls.methods(phone.chat_id)[3:] == ["deleteMessage", "sendMessage"]
    assert screen(phone) == ["four"]


# --- files ---------------------------------------------------------------------------------------------------


def drawing(monkeypatch: pytest.MonkeyPatch, read: Any, make: Any) -> dict[str, str]:
    monkeypatch.setitem(DRAWERS, "test", Drawer(read, make))
    return {"kind": "photo", "draw": "test"}


async def test_a_picture_is_drawn_when_it_is_sent_and_stands_in_no_row(
    office: Office, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    file = drawing(
        monkeypatch, lambda turn, whose, wanted: whose.id, lambda found: File("photo", "a.png", PICTURE, "image/png")
    )
    taken = await office.write(lambda turn: turn.show_file(person, slot_of(person.id, "p"), file, caption("·", [])))
    body = (await office.query("SELECT body FROM outbox"))[0][0]
    assert len(body) < 400
    office.delivery.put(taken)
    await office.settled()
    assert phone.last.raw["photo"]
    assert await office.slot(person, "p") == phone.last.message_id
    await office.turn(lambda turn: turn.clear(person, slot_of(person.id, "p")))
    await office.settled()
    assert screen(phone) == []


async def test_a_file_about_something_gone_is_not_sent_and_one_that_cannot_be_drawn_does_not_come_back(
    office: Office, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)

    def fail(found: object) -> File:
        raise ValueError("cannot be drawn")

    for read, make in ((lambda *_given: None, fail), (lambda *_given: 1, fail)):
        file = drawing(monkeypatch, read, make)
        await office.turn(lambda turn, file=file: turn.show_file(person, "1.p", file, caption("·", [])))  # type: ignore[misc]
        await office.settled()
    assert await office.outbox() == [("expired", "gone"), ("failed", "refused")]
    assert screen(phone) == []


# --- erasing -------------------------------------------------------------------------------------------------


async def test_what_is_still_to_be_sent_to_or_about_someone_erased_is_not_sent(
    office: Office, standin: Standin
) -> None:
    phone, staff = standin.person("Somebody", opened=True), standin.person("Aye", opened=True)
    gates = [Gate(standin, phone), Gate(standin, staff)]
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    await office.show(client, "under way")
    await office.show(client, "still to come", slot="other")
    await office.show(worker, "nothing about anybody")
    await office.show(worker, "about a client", slot="alert.1", subject=client, purpose=Purpose.ALERT)
    await gates[0].reached.wait()
    await gates[1].reached.wait()

    def work(store: Store) -> Taken:
        turn = Turn(store, office.programme, {})
        erase(turn, Scene(client))
        return Taken(sendings=turn.sendings, erased=turn.erased)

    office.delivery.put(await office.transact(work))
    for gate in gates:
        gate.opened.set()
    await office.settled()
    assert screen(phone) == [], "also what was under way is taken away again"
    assert screen(staff) == ["nothing about anybody"]
    assert not await office.query("SELECT 1 FROM slots WHERE person_id = ?", client.id)
    assert not await office.query("SELECT 1 FROM messages WHERE person_id = ?", client.id)
