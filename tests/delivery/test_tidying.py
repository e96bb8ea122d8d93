"""What is taken from chats again, files that go into them, and what an erasure stops on its way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot import tidying
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
from tests.delivery.office import Calls, Clock, Gate, Office, open_office, screen, showing
from tests.dialogue.stories import enrol
from tests.player import Stage

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


async def test_one_message_that_cannot_be_deleted_makes_the_others_cost_little(
    office: Office, standin: Standin, clock: Clock, calls: Calls
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    await office.show(person, "old words", slot="one")
    await office.settled()
    old = phone.last.message_id
    clock.forward(hours=49)
    ids = [old, *(phone.send("hello").message_id for _number in range(MOST_SWEPT - 1))]
    calls.clear()
    await office.turn(lambda turn: turn.sweep(person, ids))
    await office.settled()
    assert [shown.text for shown in phone.messages] == ["·"]
    assert calls.methods().count("editMessageText") == 1
    assert len(calls.methods()) < 20
    assert await office.states() == {"sent": 2}


async def test_a_sweep_that_is_stopped_again_and_again_goes_on_where_it_was_and_lets_others_pass(
    office: Office, standin: Standin, clock: Clock, calls: Calls
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    for number in range(12):
        await office.show(person, f"old words {number}", slot=f"s{number}")
    await office.settled()
    ids = [shown.message_id for shown in phone.messages]
    clock.forward(hours=49)
    calls.clear()
    asked: list[int] = []

    def stop_every_third(method: str, values: dict[str, Any]) -> None:
        if method == "deleteMessage":
            asked.append(values["message_id"])
            if len(asked) % 3 == 0:
                standin.fail("deleteMessage", 502)

    standin.before.append(stop_every_third)

    def work(turn: Turn) -> None:
        turn.sweep(person, ids)
        showing(person, "numbers to call")(turn)

    await office.turn(work)
    await office.settled()
    assert screen(phone) == ["·"] * 12 + ["numbers to call"]
    assert len(asked) <= 12 * 3 / 2
    assert asked == sorted(asked), "never back to the first"
    assert calls.methods().index("sendMessage") < 3


async def test_what_is_gone_already_is_not_edited_as_well(office: Office, standin: Standin, calls: Calls) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    said = phone.send("hello").message_id
    await standin.execute("deleteMessage", {"chat_id": phone.chat_id, "message_id": said})
    calls.clear()
    await office.turn(lambda turn: turn.delete(person, said))
    await office.settled()
    assert calls.methods() == ["deleteMessage"]
    assert await office.states() == {"sent": 1}


async def test_each_call_of_a_sweep_waits_for_the_pace_of_the_chat(
    office: Office, standin: Standin, clock: Clock, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    for number in range(4):
        await office.show(person, f"old words {number}", slot=f"s{number}")
    await office.settled()
    ids = [shown.message_id for shown in phone.messages]
    clock.forward(hours=49)
    calls.clear()
    waited: list[int] = []
    wait = office.pace.wait_for_chat

    async def count(chat: int) -> None:
        waited.append(chat)
        await wait(chat)

    monkeypatch.setattr(office.pace, "wait_for_chat", count)
    await office.turn(lambda turn: turn.sweep(person, ids))
    await office.settled()
    assert screen(phone) == ["·"] * 4
    assert len(waited) == len(calls.methods())


async def test_a_slot_that_was_swept_shows_the_next_thing_in_a_message_of_its_own(
    office: Office, standin: Standin, clock: Clock
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone, "caseworker")
    await office.show(person, "old words", slot="notice")
    await office.settled()
    clock.forward(hours=49)
    await office.turn(lambda turn: tidying.sweep_rest(turn, person))
    await office.settled()
    await office.show(person, "new words", slot="notice", purpose=Purpose.EDIT)
    await office.settled()
    assert screen(phone) == ["·", "new words"]
    assert await office.slot(person, "notice") == phone.last.message_id


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


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    file = File("document", "mine.html", b"my answers", "text/html")
    return {**drawing(monkeypatch, lambda *_given: 1, lambda found: file), "kind": "document"}


async def test_a_file_in_doubt_goes_once_more_only_and_the_chat_goes_on(
    office: Office, standin: Standin, document: dict[str, str]
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    standin.drop("sendDocument", times=100)
    standin.drop("sendMessage", times=3)
    await office.turn(lambda turn: turn.show_file(person, slot_of(person.id, "f"), document, caption("·", [])))
    await office.show(person, "numbers to call")
    await office.settled()
    assert len([shown for shown in phone.messages if shown.raw.get("document")]) == 2
    assert screen(phone)[2:] == ["numbers to call"] * 4, "words are delivered at least once"
    assert await office.outbox() == [("failed", "in doubt"), ("sent", "")]
    standin.faults.clear()
    await office.turn(lambda turn: turn.show_file(person, slot_of(person.id, "f"), document, caption("·", [])))
    await office.settled()
    assert (await office.outbox())[-1] == ("sent", ""), "it can be asked for again"


async def test_a_file_that_certainly_did_not_go_is_tried_until_it_does(
    office: Office, standin: Standin, document: dict[str, str]
) -> None:
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    standin.fail("sendDocument", 502, times=5)
    await office.turn(lambda turn: turn.show_file(person, slot_of(person.id, "f"), document, caption("·", [])))
    await office.settled()
    assert await office.outbox() == [("sent", "")]
    assert len(phone.messages) == 1


async def test_a_file_that_a_crash_left_in_doubt_goes_once_more_only(
    path: Path, standin: Standin, clock: Clock, document: dict[str, str]
) -> None:
    phone = standin.person("Somebody", opened=True)
    async with open_office(path, standin.url, clock) as office:
        person = await office.admit(phone)
        await office.write(lambda turn: turn.show_file(person, slot_of(person.id, "f"), document, caption("·", [])))
    standin.drop("sendDocument", times=100)
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.recover()
        await office.settled()
        assert len(phone.messages) == 1
        assert await office.outbox() == [("failed", "in doubt")]


# --- erasing -------------------------------------------------------------------------------------------------


async def test_what_is_still_to_be_sent_to_or_about_someone_erased_is_not_sent(
    office: Office, standin: Standin, calls: Calls
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
    assert not {"still to come", "about a client"} & {*calls.texts()}, "not even for a moment"
    assert not await office.query("SELECT 1 FROM slots WHERE person_id = ?", client.id)
    assert not await office.query("SELECT 1 FROM messages WHERE person_id = ?", client.id)


# --- very many chats -----------------------------------------------------------------------------------------


def test_chats_are_looked_through_in_pieces_and_all_of_them_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(restarts=False)
    clients = [enrol(stage) for _number in range(5)]
    monkeypatch.setattr("bot.tidying.LOOKED_THROUGH", 2)
    stage.wait(hours=13)
    assert [client.text for client in clients].count("·") == 2
    for _sweep in range(3):
        stage.wait(seconds=5)
    assert {client.text for client in clients} == {"·"}
    late = enrol(stage)
    stage.wait(hours=13)
    for _sweep in range(3):
        stage.wait(seconds=5)
    assert late.text == "·", "it begins anew with the first one"
