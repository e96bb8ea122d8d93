"""What a process leaves behind, and what the next one does about it."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.delivery import MOST_LOADED
from bot.demo.chats import Phone
from bot.demo.telegram import Standin
from bot.gate import Purpose
from bot.turn import Turn, slot_of
from bot.turns import Turns
from tests.delivery.office import Calls, Clock, Gate, Office, open_office, screen, showing


@pytest.fixture
def phone(standin: Standin) -> Phone:
    return standin.person("Somebody", "en", opened=True)


async def test_what_was_leased_when_the_process_died_is_sent_by_the_next_one(
    path: Path, standin: Standin, clock: Clock, phone: Phone
) -> None:
    async with open_office(path, standin.url, clock) as office:
        person = await office.admit(phone)
        for number in range(4):
            await office.write(showing(person, f"line {number}", slot=f"s{number}"))
        assert await office.states() == {"leased": 4}
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.load()
        await office.settled()
        assert screen(phone) == [], "a row that somebody holds is not taken from them"
        await office.delivery.recover()
        await office.settled()
        assert screen(phone) == [f"line {number}" for number in range(4)]
        assert await office.states() == {"sent": 4}
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.recover()
        await office.settled()
        assert len(screen(phone)) == 4, "what was noted is not sent again"


async def test_what_was_sent_and_not_noted_is_in_doubt_and_goes_again(
    path: Path, standin: Standin, clock: Clock, phone: Phone
) -> None:
    async with open_office(path, standin.url, clock) as office:
        person = await office.admit(phone)
        await office.show(person, "wanted")
        await phone.sees("wanted")
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.recover()
        await office.settled()
        assert screen(phone) == ["wanted", "wanted"]
        await office.show(person, "next")
        await office.settled()
        assert screen(phone) == ["wanted", "next"]


async def test_an_edit_in_doubt_is_made_again_without_a_second_message(
    path: Path, standin: Standin, clock: Clock, phone: Phone
) -> None:
    async with open_office(path, standin.url, clock) as office:
        person = await office.admit(phone)
        await office.show(person, "one")
        await office.settled()
        await office.show(person, "two")
        await phone.sees("two")
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.recover()
        await office.settled()
        assert screen(phone) == ["two"]


async def test_a_longer_line_than_one_page_is_sent_before_anything_newer(
    path: Path, standin: Standin, clock: Clock, phone: Phone, calls: Calls
) -> None:
    async with open_office(path, standin.url, clock) as office:
        person = await office.admit(phone)

        def work(turn: Turn) -> None:
            for number in range(MOST_LOADED + 30):
                showing(person, f"line {number}", slot=f"s{number}")(turn)
            showing(person, "old screen")(turn)

        await office.write(work)
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.recover()
        await office.show(person, "new screen")
        await office.settled()
        assert screen(phone) == [*(f"line {number}" for number in range(MOST_LOADED + 30)), "new screen"]
        assert "old screen" not in calls.texts()


async def test_an_answer_that_a_crash_made_late_passes_the_gate(
    path: Path, standin: Standin, clock: Clock, phone: Phone
) -> None:
    clock.forward(hours=9)
    async with open_office(path, standin.url, clock) as office:
        person = await office.admit(phone, hours="morning")
        await office.write(showing(person, "late"))
    clock.forward(minutes=11)
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.recover()
        await office.settled()
        assert screen(phone) == []
        assert await office.outbox() == [("queued", "not in safe hours")]


async def test_a_stop_lets_what_is_under_way_end_and_notes_it(office: Office, standin: Standin, phone: Phone) -> None:
    person = await office.admit(phone)
    gate = Gate(standin, phone)
    await office.show(person, "one")
    await gate.reached.wait()
    closing = asyncio.create_task(office.delivery.close())
    await asyncio.sleep(0)
    assert not closing.done()
    gate.opened.set()
    await closing
    assert await office.states() == {"sent": 1}
    assert await office.slot(person) == phone.last.message_id


async def test_a_stop_does_not_wait_for_ever_and_leaves_what_is_in_doubt_as_it_is(
    office: Office, standin: Standin, phone: Phone
) -> None:
    person = await office.admit(phone)
    gate = Gate(standin, phone)
    await office.show(person, "one")
    await gate.reached.wait()
    await office.delivery.close(seconds=0.05)
    assert await office.states() == {"leased": 1}
    gate.opened.set()


# --- noting ----------------------------------------------------------------------------------------------


async def test_what_became_of_rows_is_noted_with_the_next_batch(
    office: Office, standin: Standin, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await office.admit(phone)
    await office.show(person, "one")
    await phone.sees("one")
    while office.delivery._tasks:
        await asyncio.wait({*office.delivery._tasks})
    assert await office.states() == {"leased": 1}
    commits = 0
    transact = office.database.transact

    async def count(work: object) -> object:
        nonlocal commits
        commits += 1
        return await transact(work)  # type: ignore[arg-type]

    monkeypatch.setattr(office.database, "transact", count)
    phone.send("/menu")
    await office.intake.take([update.body for update in standin.updates.pending.values()], polled=True)
    assert commits == 1
    assert (await office.outbox())[0] == ("sent", "")
    assert await office.slot(person) == 1


async def test_what_could_not_be_noted_is_noted_later(
    office: Office, standin: Standin, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await office.admit(phone)
    await office.show(person, "one")
    while office.delivery._tasks:
        await asyncio.wait({*office.delivery._tasks})
    phone.send("/menu")
    updates = [update.body for update in standin.updates.pending.values()]

    def fail(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Turns, "take", fail)
        with pytest.raises(sqlite3.OperationalError):
            await office.intake.take(updates, polled=True)
    assert await office.states() == {"leased": 1}
    assert not office.delivery.idle
    await office.intake.take(updates, polled=True)
    assert (await office.outbox())[0] == ("sent", "")


async def test_marks_that_come_back_give_way_to_newer_ones(office: Office, standin: Standin, phone: Phone) -> None:
    person = await office.admit(phone)
    slot = slot_of(person.id, "living")

    async def done() -> None:
        while office.delivery._tasks:
            await asyncio.wait({*office.delivery._tasks})

    await office.show(person, "one")
    await done()
    older = office.delivery.take_marks()
    assert [*older.slots] == [slot]
    await office.turn(lambda turn: turn.clear(person, slot))
    await done()
    office.delivery.restore_marks(older)
    await office.delivery.note_marks()
    assert await office.slot(person) is None
    await office.show(person, "two")
    await done()
    older = office.delivery.take_marks()
    await office.show(person, "three", renew=True)
    await done()
    office.delivery.restore_marks(older)
    await office.delivery.note_marks()
    assert await office.slot(person) == phone.last.message_id
    assert await office.states() == {"sent": 4}


async def test_marks_are_noted_by_themselves_while_nobody_writes(
    office: Office, standin: Standin, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    noting = asyncio.create_task(office.delivery.run(pause=0))
    noted = asyncio.Event()
    note = office.delivery.note_marks
    failures = [sqlite3.OperationalError("database is locked")]
    sleep = asyncio.sleep

    async def fail_once() -> None:
        if failures:
            raise failures.pop()
        await note()
        noted.set()

    monkeypatch.setattr(office.delivery, "note_marks", fail_once)
    monkeypatch.setattr("bot.delivery.asyncio.sleep", lambda seconds: sleep(0))
    await office.show(await office.admit(phone), "one")
    await asyncio.wait_for(noted.wait(), 5)
    assert await office.states() == {"sent": 1}
    noting.cancel()
    await asyncio.gather(noting, return_exceptions=True)


async def test_a_purpose_is_kept_with_its_row(path: Path, standin: Standin, clock: Clock, phone: Phone) -> None:
    async with open_office(path, standin.url, clock) as office:
        person = await office.admit(phone)
        for purpose in Purpose:
            await office.write(showing(person, purpose, slot=purpose, purpose=purpose))
        rows = await office.query("SELECT purpose, slot_id FROM outbox ORDER BY id")
        assert [row["purpose"] for row in rows] == [*Purpose]
