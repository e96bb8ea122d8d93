"""An erasure, or a No, that comes while something is on its way: queued, under way, put back, or just delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot import consents, talks
from bot.demo.chats import Phone
from bot.demo.telegram import Standin
from bot.erasing import erase
from bot.gate import Purpose
from bot.screens import message
from bot.turn import Scene, Turn, slot_of
from bot.turns import Taken
from storage import people
from storage.people import Person
from storage.store import Store
from tests.delivery.office import Calls, Clock, Gate, Office, screen


@pytest.fixture
def phone(standin: Standin) -> Phone:
    return standin.person("Somebody", opened=True)


@pytest.fixture
def staff(standin: Standin) -> Phone:
    return standin.person("Aye", opened=True)


async def erased(office: Office, client: Person) -> Taken:
    """The transaction that erases somebody; the delivery is not told yet."""

    def work(store: Store) -> Taken:
        turn = Turn(store, office.programme, {})
        erase(turn, Scene(client))
        return Taken(sendings=turn.sendings, erased=turn.erased)

    return await office.transact(work)


async def alert(office: Office, worker: Person, client: Person, **settings: Any) -> None:
    await office.show(worker, "C-1 wants contact", slot="alert.1", subject=client, purpose=Purpose.ALERT, **settings)


async def ended(office: Office) -> None:
    """Wait until nothing is under way, and note nothing."""
    while office.delivery._tasks:
        await asyncio.wait({*office.delivery._tasks})


async def remains(office: Office, client: Person, *others: Person) -> list[Any]:
    """What slots and ledger still hold of somebody's messages, or about them."""
    whose = ", ".join(str(person.id) for person in (client, *others))
    slots = await office.query(f"SELECT id FROM slots WHERE subject_id = {client.id} OR person_id = {client.id}")
    return [*slots, *await office.query(f"SELECT message_id FROM messages WHERE ours = 1 AND person_id IN ({whose})")]


# --- under way -----------------------------------------------------------------------------------------------


async def test_what_arrives_about_someone_erased_meanwhile_is_taken_away_at_once(
    office: Office, standin: Standin, phone: Phone, staff: Phone
) -> None:
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    gates = [Gate(standin, phone), Gate(standin, staff)]
    await office.show(client, "her words")
    await alert(office, worker, client)
    for gate in gates:
        await gate.reached.wait()
    office.delivery.put(await erased(office, client))
    for gate in gates:
        gate.opened.set()
    await staff.sees("C-1 wants contact")
    await office.settled()
    assert screen(staff) == []
    assert screen(phone) == []
    assert await remains(office, client, worker) == []


async def test_what_arrives_before_the_delivery_hears_of_the_erasure_is_taken_away_too(
    office: Office, standin: Standin, staff: Phone, phone: Phone
) -> None:
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    gate = Gate(standin, staff)
    await alert(office, worker, client)
    await gate.reached.wait()
    taken = await erased(office, client)
    gate.opened.set()
    await ended(office)
    assert screen(staff) == ["C-1 wants contact"]
    office.delivery.put(taken)
    await office.settled()
    assert screen(staff) == []
    assert await remains(office, client, worker) == []


async def test_what_the_delivery_gets_only_after_the_erasure_is_not_sent(
    office: Office, staff: Phone, phone: Phone, calls: Calls
) -> None:
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    slot = slot_of(worker.id, "alert.1")
    words = message("C-1 wants contact", [])
    late = await office.write(lambda turn: turn.show(worker, slot, words, Purpose.ALERT, subject=client))
    office.delivery.put(await erased(office, client))
    office.delivery.put(late)
    await office.settled()
    assert calls.texts() == []


async def test_taking_it_away_is_tried_until_it_is_done(
    office: Office, standin: Standin, staff: Phone, phone: Phone
) -> None:
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    gate = Gate(standin, staff)
    await alert(office, worker, client)
    await gate.reached.wait()
    standin.fail("deleteMessage", 502, times=2)
    office.delivery.put(await erased(office, client))
    gate.opened.set()
    await office.settled()
    assert screen(staff) == []


@pytest.mark.parametrize("code", [429, 502])
async def test_what_comes_back_about_someone_erased_meanwhile_does_not_go_again(
    office: Office, standin: Standin, phone: Phone, staff: Phone, calls: Calls, code: int
) -> None:
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    gate = Gate(standin, staff)
    standin.fail("sendMessage", code, retry_after=1 if code == 429 else None)
    await alert(office, worker, client)
    await office.show(worker, "nothing about anybody")
    await gate.reached.wait()
    office.delivery.put(await erased(office, client))
    gate.opened.set()
    await office.settled()
    assert calls.texts().count("C-1 wants contact") == 1
    assert screen(staff) == ["nothing about anybody"]


async def test_an_alert_that_stood_before_says_that_its_client_is_gone(
    office: Office, standin: Standin, staff: Phone, phone: Phone
) -> None:
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    await alert(office, worker, client)
    await office.settled()
    office.delivery.put(await erased(office, client))
    await office.settled()
    assert len(screen(staff)) == 1
    assert "erased" in screen(staff)[0]
    other = await office.admit(standin.person("Else", opened=True))
    office.delivery.put(await erased(office, other))
    await office.settled()
    assert len(screen(staff)) == 1, "the next erasure has nothing to do with it"


@pytest.mark.parametrize("pause", ["wait_for_chat", "enter"])
async def test_a_queue_that_an_erasure_empties_in_a_pause_ends_nothing(
    office: Office, phone: Phone, staff: Phone, monkeypatch: pytest.MonkeyPatch, pause: str
) -> None:
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    running = asyncio.create_task(office.delivery.run(pause=0))
    reached, opened = asyncio.Event(), asyncio.Event()
    wait: Callable[[Any], Any] = getattr(office.pace, pause)

    async def hold(*given: Any) -> None:
        reached.set()
        await opened.wait()
        await wait(*given)

    monkeypatch.setattr(office.pace, pause, hold)
    await alert(office, worker, client)
    await reached.wait()
    office.delivery.put(await erased(office, client))
    opened.set()
    await office.settled()
    assert not running.done()
    assert office.pace._under_way == 0
    await office.show(worker, "and on it goes")
    await office.settled()
    assert screen(staff) == ["and on it goes"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_was_to_be_taken_from_their_chat_is_taken_although_they_are_gone(
    office: Office, standin: Standin, clock: Clock, phone: Phone
) -> None:
    client = await office.admit(phone)
    said = phone.send("her words").message_id
    gate = Gate(standin, phone)
    await office.show(client, "under way")
    await gate.reached.wait()
    await office.turn(lambda turn: turn.delete(client, said))
    office.delivery.put(await erased(office, client))
    clock.forward(minutes=2)
    gate.opened.set()
    await office.settled()
    assert phone.messages == []


async def test_what_only_memory_knows_of_is_swept_though_the_first_try_fails(
    office: Office, standin: Standin, phone: Phone
) -> None:
    client = await office.admit(phone)
    for number in range(3):
        await office.show(client, f"her words {number}", slot=f"s{number}")
    await ended(office)
    taken = await erased(office, client)
    assert [sending.payload["message_ids"] for sending in taken.sendings] == [[]], "nothing of it was noted"
    standin.fail("deleteMessages", 429, retry_after=1)
    office.delivery.put(taken)
    await office.settled()
    assert screen(phone) == []
    assert await remains(office, client) == []


# --- a No ----------------------------------------------------------------------------------------------------


def withdraw(turn: Turn, scene: Scene) -> None:
    consents.take_effect(turn, scene, "first", False)


def pause(turn: Turn, scene: Scene) -> None:
    until = int(turn.now.timestamp()) + 3600
    turn.change(scene, replace(scene.person, quiet_until=until))


@pytest.mark.parametrize(
    ("purpose", "said", "state"),
    [
        (Purpose.LINE, withdraw, "blocked"),
        (Purpose.NEWS, consents.leave, "expired"),
        (Purpose.LINE, consents.leave, "expired"),
        (Purpose.NEWS, pause, "queued"),
    ],
)
async def test_a_no_counts_for_what_waits_to_be_sent_since_a_moment(
    office: Office,
    standin: Standin,
    phone: Phone,
    calls: Calls,
    purpose: Purpose,
    said: Callable[[Turn, Scene], None],
    state: str,
) -> None:
    person = await office.admit(phone)
    gate = Gate(standin, phone)
    await office.show(person, "an answer")
    await gate.reached.wait()
    await office.turn(lambda turn: turn.push(person, talks.BLAND, "talk", 1, purpose))

    def work(store: Store) -> Taken:
        turn = Turn(store, office.programme, {})
        said(turn, Scene(people.find_by_ids(store, [person.id])[person.id]))
        return Taken(sendings=turn.sendings)

    office.delivery.put(await office.transact(work))
    gate.opened.set()
    await office.settled()
    assert screen(phone) == ["an answer"]
    assert calls.methods(phone.chat_id) == ["sendMessage"]
    slot = slot_of(person.id, "push")
    rows = await office.query("SELECT state FROM outbox WHERE slot_id = ? AND method = 'show'", slot)
    assert [row["state"] for row in rows] == [state]
