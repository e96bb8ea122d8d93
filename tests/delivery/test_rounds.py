"""What rounds ask on its way: how much of it at once, how it leaves, and what a stop or a bug does to it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.demo.chats import Phone
from bot.demo.telegram import Standin
from bot.erasing import erase
from bot.gate import Purpose
from bot.pace import Pace
from bot.rounds import asking
from bot.schedule import ASKED_AT_ONCE, Schedule
from bot.talks import BLAND
from bot.turn import ROUND, Scene, Turn, slot_of
from bot.turns import FAILED_RESTS, Taken
from conversations.text import Verbatim
from storage.people import Person
from storage.store import Row, Store
from tests.chaos.lives import wait_until
from tests.delivery.office import Calls, Clock, Gate, Office, open_office, screen, showing
from tests.rounds.running import add_consent, run_round

HOURS = 3600


def consent(store: Store, everybody: Iterable[Person]) -> None:
    for person, purpose in product(everybody, ("plan", "checkins")):
        add_consent(store, person, purpose)


async def clients(office: Office, standin: Standin, number: int) -> list[tuple[Phone, Person]]:
    """Clients who may be asked."""
    phones = [standin.person(f"Client {each}", "en", opened=True) for each in range(number)]
    found = [(phone, await office.admit(phone)) for phone in phones]
    await office.transact(lambda store: consent(store, [person for _phone, person in found]))
    return found


async def ask(office: Office, most: int = ASKED_AT_ONCE) -> Taken | None:
    """One piece of what rounds have to do, as the schedule takes it."""
    return await office.database.transact(partial(office.turns.ask, now=office.clock(), most=most))


async def askings(office: Office) -> list[tuple[str, str, int]]:
    rows = await office.query("SELECT state, reason, doubts FROM askings ORDER BY id")
    return [(row["state"], row["reason"], row["doubts"]) for row in rows]


# --- room ----------------------------------------------------------------------------------------------------


async def cleared(office: Office, person: Person, _phone: Phone) -> None:
    await office.turn(lambda turn: turn.clear(person, slot_of(person.id, "ask")))


async def replaced(office: Office, person: Person, _phone: Phone) -> None:
    await office.show(person, "newer", slot="ask")


async def erased(office: Office, person: Person, _phone: Phone) -> None:
    def work(store: Store) -> Taken:
        turn = Turn(store, office.programme, {})
        erase(turn, Scene(person))
        return Taken(sendings=turn.sendings, erased=turn.erased)

    office.delivery.put(await office.transact(work))


async def sent(_office: Office, _person: Person, _phone: Phone) -> None:
    """The gates are opened."""


async def refused(_office: Office, _person: Person, phone: Phone) -> None:
    phone.block()


async def too_old(office: Office, _person: Person, _phone: Phone) -> None:
    office.clock.forward(hours=25)


async def not_now(office: Office, person: Person, _phone: Phone) -> None:
    def work(store: Store) -> None:
        store.connection.execute("UPDATE people SET hours = 'evening' WHERE id = ?", (person.id,))

    await office.transact(work)
    office.clock.forward(minutes=2)


Way = Callable[[Office, Person, Phone], Awaitable[None]]


@pytest.mark.parametrize("way", [sent, cleared, replaced, erased, refused, too_old, not_now])
async def test_there_is_room_again_however_a_message_leaves(office: Office, standin: Standin, way: Way) -> None:
    several = await clients(office, standin, 3)
    gates = [Gate(standin, phone) for phone, _person in several]
    for _phone, person in several:
        await office.show(person, "something before it")
    for gate in gates:
        await gate.reached.wait()
    closes_at = int(office.clock().timestamp()) + 24 * HOURS

    def work(turn: Turn) -> None:
        for number, (_phone, person) in enumerate(several):
            turn.ask(person, Verbatim("There is something new."), number, closes_at)

    await office.turn(work)
    waiting = asyncio.create_task(office.delivery.wait_for_room(4))
    await asyncio.sleep(0)
    await asyncio.wait_for(office.delivery.wait_for_room(6), 5)
    assert not waiting.done()
    phone, person = several[0]
    await way(office, person, phone)
    gates[0].opened.set()
    await asyncio.wait_for(waiting, 5)
    for gate in gates:
        gate.opened.set()
    await office.settled()
    assert not office.delivery._of_rounds


async def test_a_message_that_comes_back_for_someone_erased_meanwhile_makes_room(
    office: Office, standin: Standin
) -> None:
    [(phone, person)] = await clients(office, standin, 1)
    gate = Gate(standin, phone)
    standin.fail("sendMessage", 502)
    await office.show(person, "asked", slot="ask", lane=ROUND)
    await gate.reached.wait()
    await erased(office, person, phone)
    gate.opened.set()
    await office.settled()
    assert not office.delivery._of_rounds
    assert screen(phone) == []


async def test_a_message_that_is_put_off_makes_room(office: Office, standin: Standin) -> None:
    [(phone, person)] = await clients(office, standin, 1)
    gate = Gate(standin, phone)
    await office.show(person, "something before it")
    await gate.reached.wait()
    await office.show(person, "of a round", slot="ask", lane=ROUND, purpose=Purpose.ROUND)
    await not_now(office, person, phone)
    gate.opened.set()
    await office.settled()
    assert not office.delivery._of_rounds
    assert await office.states() == {"sent": 1, "queued": 1}


async def test_room_has_nothing_to_do_with_replies(office: Office, standin: Standin) -> None:
    [(phone, person)] = await clients(office, standin, 1)
    gate = Gate(standin, phone)
    for number in range(4):
        await office.show(person, f"reply {number}", slot=f"s{number}")
    await asyncio.wait_for(office.delivery.wait_for_room(1), 5)
    gate.opened.set()
    await office.settled()


# --- a round, asked ------------------------------------------------------------------------------------------


async def test_everybody_is_asked_once_and_nobody_costs_a_way_to_the_database(
    office: Office, standin: Standin, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = await clients(office, standin, 25)
    await office.transact(run_round)
    reads = 0
    read = office.database.read

    async def count(work: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(work)

    monkeypatch.setattr(office.database, "read", count)
    while (taken := await ask(office, most=10)) is not None:
        office.delivery.put(taken)
        await office.settled()
    assert reads == 0
    assert calls.methods() == ["sendMessage"] * 25
    assert all(len(screen(phone)) == 1 for phone, _person in several)
    assert Counter(await askings(office)) == {("sent", "", 0): 25}


async def test_a_reminder_takes_the_place_of_the_line_that_stands_there(
    path: Path, standin: Standin, clock: Clock
) -> None:
    async with open_office(path, standin.url, clock) as office:
        [(phone, _person)] = await clients(office, standin, 1)
        await office.transact(partial(run_round, hours=24 * 7))
        office.delivery.put(await ask(office) or Taken())
        await office.settled()
        first = phone.last.message_id
    clock.forward(days=office.programme.asking.reminder_days, minutes=1)
    async with open_office(path, standin.url, clock) as office:  # nothing is remembered
        while (taken := await ask(office)) is not None:
            office.delivery.put(taken)
            await office.settled()
        assert phone.last.message_id != first
        assert screen(phone) == ["·", phone.last.text], "too old to be deleted, it tells nothing any more"
        assert await askings(office) == [("sent", "", 0)]


async def test_what_is_in_doubt_goes_again_and_is_counted(office: Office, standin: Standin, calls: Calls) -> None:
    await clients(office, standin, 1)
    await office.transact(run_round)
    standin.drop("sendMessage", times=2)
    office.delivery.put(await ask(office) or Taken())
    await office.settled()
    assert calls.methods() == ["sendMessage"] * 3
    assert await askings(office) == [("sent", "", 2)]


async def test_what_a_crash_leaves_in_doubt_is_counted_and_a_clean_stop_leaves_nothing_in_doubt(
    path: Path, standin: Standin, clock: Clock
) -> None:
    slow = Pace(1, 1, asyncio.get_running_loop().time)
    async with open_office(path, standin.url, clock, slow) as office:
        several = await clients(office, standin, 4)
        await office.transact(run_round)
        office.delivery.put(await ask(office) or Taken())
        await office.delivery.close(seconds=0.2)
        assert await office.states() == {"sent": 1, "queued": 3}
    async with open_office(path, standin.url, clock, Pace(1, 1, asyncio.get_running_loop().time)) as office:
        await office.delivery.recover()
        assert await office.states() == {"sent": 1, "leased": 3}
        assert {doubts for _state, _reason, doubts in await askings(office)} == {0}
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.recover()
        await office.settled()
        counted = await askings(office)
        assert Counter(counted) == {("sent", "", 0): 1, ("sent", "", 1): 3}
        repeats = [len(screen(phone)) - 1 for phone, _person in several]
        assert sum(repeats) <= 1
        assert all(0 <= seen <= doubts for seen, (_state, _reason, doubts) in zip(repeats, counted, strict=True))


async def test_what_was_under_way_at_a_stop_stays_in_doubt(office: Office, standin: Standin) -> None:
    [(phone, person)] = await clients(office, standin, 1)
    gate = Gate(standin, phone)
    await office.show(person, "under way", slot="ask", lane=ROUND, purpose=Purpose.ROUND)
    await gate.reached.wait()
    await office.show(person, "waits")
    await office.delivery.close(seconds=0.05)
    assert [state for state, _reason in await office.outbox()] == ["leased", "queued"]
    gate.opened.set()


# --- the schedule --------------------------------------------------------------------------------------------


def make_schedule(office: Office) -> Schedule:
    voices: Any = None  # nothing is fetched here
    return Schedule(office.database, office.keyring, office.turns, office.delivery, voices)


async def test_a_round_goes_out_as_fast_as_it_leaves_and_no_faster(
    office: Office, standin: Standin, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.schedule.ASKED_AT_ONCE", 4)
    several = await clients(office, standin, 12)
    gates = [Gate(standin, phone) for phone, _person in several]
    await office.transact(run_round)
    asked = asyncio.create_task(make_schedule(office).ask())
    await wait_until(lambda: len(office.delivery._of_rounds) == 4, "nobody is asked")
    for _turn in range(50):
        await office.database.read(lambda _connection: None)
    assert len(office.delivery._of_rounds) == 4
    for gate in gates:
        gate.opened.set()
    await asyncio.wait_for(asked, 5)
    await office.settled()
    assert calls.methods() == ["sendMessage"] * 12


async def test_a_stop_ends_a_round_that_waits_for_room(
    office: Office, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.schedule.ASKED_AT_ONCE", 2)
    several = await clients(office, standin, 5)
    for phone, _person in several:
        Gate(standin, phone)
    await office.transact(run_round)
    running = asyncio.create_task(make_schedule(office).run_rounds())
    await wait_until(lambda: len(office.delivery._of_rounds) == 2, "nobody is asked")
    running.cancel()
    await asyncio.wait_for(asyncio.gather(running, return_exceptions=True), 5)
    await office.delivery.close(seconds=0.01)
    assert await office.states() == {"leased": 2}, "both were under way"


async def test_what_a_stop_left_in_the_database_alone_is_not_in_doubt(
    path: Path, standin: Standin, clock: Clock
) -> None:
    """It was committed, and the process was stopped before the delivery had it."""
    async with open_office(path, standin.url, clock) as office:
        several = await clients(office, standin, 3)
        await office.transact(run_round)
        await ask(office)
        assert await office.states() == {"leased": 3}
        await office.delivery.close()
        assert await office.states() == {"queued": 3}
    async with open_office(path, standin.url, clock) as office:
        await office.delivery.recover()
        await office.settled()
        assert [len(screen(phone)) for phone, _person in several] == [1, 1, 1]
        assert await askings(office) == [("sent", "", 0)] * 3


async def test_rounds_go_on_when_the_database_takes_something_again(
    office: Office, standin: Standin, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.schedule.TICK_SECONDS", 0.01)
    await clients(office, standin, 2)
    await office.transact(run_round)
    failures = [sqlite3.OperationalError("database or disk is full")]
    go_on = asking.go_on

    def fail_once(turn: Turn, round_: Row, most: int) -> bool:
        if failures:
            raise failures.pop()
        return go_on(turn, round_, most)

    monkeypatch.setattr("bot.rounds.asking.go_on", fail_once)
    running = asyncio.create_task(make_schedule(office).run_rounds())
    await standin.called("sendMessage", 2)
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await office.settled()


# --- a bug ---------------------------------------------------------------------------------------------------


async def test_a_round_that_fails_rests_and_the_others_go_on(
    office: Office, standin: Standin, clock: Clock, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clients(office, standin, 6)
    broken = await office.transact(run_round)
    await office.transact(run_round)
    tried = 0

    go_on = asking.go_on

    def fail_one(turn: Turn, round_: Row, most: int) -> bool:
        nonlocal tried
        done = go_on(turn, round_, most)
        if round_["id"] == broken:
            tried += 1
            raise RuntimeError("a bug")
        return done

    monkeypatch.setattr("bot.rounds.asking.go_on", fail_one)
    schedule = make_schedule(office)
    await schedule.ask()
    await office.settled()
    assert calls.methods() == ["sendMessage"] * 6, "the other round asks everybody"
    assert tried == 1
    await schedule.ask()
    assert tried == 1
    clock.forward(seconds=FAILED_RESTS)
    await schedule.ask()
    assert tried == 2
    rows = await office.query("SELECT count(*) FROM askings WHERE round_id = ?", broken)
    assert rows[0][0] == 0, "nothing of what failed stands"


async def test_a_round_alone_that_fails_does_not_spin(
    office: Office, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clients(office, standin, 1)
    await office.transact(run_round)

    def fail(*_given: object) -> bool:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.rounds.asking.weigh", fail)
    await asyncio.wait_for(make_schedule(office).ask(), 5)
    assert await askings(office) == []


async def test_rounds_share_what_goes_out(office: Office, standin: Standin, clock: Clock) -> None:
    """A small round does not wait until a large one has asked everybody."""
    await clients(office, standin, 8)
    for by in (("everyone", ""), ("language", "en")):
        await office.transact(partial(run_round, audience=by))
    taken = await ask(office, most=6)
    assert taken is not None
    rows = await office.query("SELECT round_id, count(*) FROM askings WHERE state = 'queued' GROUP BY round_id")
    assert [row[1] for row in rows][:1] == [3]
    office.delivery.put(taken)
    await office.settled()


async def test_a_gate_that_stays_shut_for_one_chat_does_not_hold_the_others(
    office: Office, standin: Standin, calls: Calls
) -> None:
    several = await clients(office, standin, 3)
    gate = Gate(standin, several[0][0])
    await office.transact(run_round)
    office.delivery.put(await ask(office) or Taken())
    for phone, _person in several[1:]:
        await phone.sees("")
    await office.turn(showing(several[1][1], "a reply"))
    await several[1][0].sees("a reply")
    gate.opened.set()
    await office.settled()


# --- between the piece that asks and the line that leaves ------------------------------------------------------


async def test_nobody_is_asked_after_their_hours_have_ended_on_the_way(
    office: Office, standin: Standin, calls: Calls
) -> None:
    """Lines wait behind a pause of Telegram's, and an afternoon ends meanwhile: the budget decides anew."""
    [(_phone, person)] = await clients(office, standin, 1)
    local = office.clock().astimezone(office.programme.zone)
    ends = local.replace(hour=17, minute=0, second=0)
    office.clock.forward(seconds=(ends - local).total_seconds() - 10)
    sql = "UPDATE people SET hours = 'afternoon' WHERE id = ?"
    await office.transact(lambda store: store.connection.execute(sql, (person.id,)))
    await office.transact(run_round)
    gate = Gate(standin, _phone)
    await office.show(person, "something before it")
    await gate.reached.wait()
    taken = await ask(office)
    assert taken is not None
    assert [sending.purpose for sending in taken.sendings] == [Purpose.ROUND]
    office.delivery.put(taken)
    office.clock.forward(seconds=50)
    gate.opened.set()
    await office.settled()
    assert calls.texts() == ["something before it"]
    assert await askings(office) == [("waiting", "", 0)]


async def test_a_line_that_took_the_place_of_another_is_the_only_one(
    office: Office, standin: Standin, calls: Calls
) -> None:
    """A pause and a resume within moments, while a line waits: the asking is not put back behind the newer line."""
    [(phone, person)] = await clients(office, standin, 1)
    round_ = await office.transact(run_round)
    gate = Gate(standin, phone)
    await office.show(person, "something before it")
    await gate.reached.wait()
    first = await ask(office)
    assert first is not None
    office.delivery.put(first)
    sql = "UPDATE askings SET state = 'waiting', due_at = 0 WHERE round_id = ?"
    await office.transact(lambda store: store.connection.execute(sql, (round_,)))
    second = await ask(office)
    assert second is not None
    office.delivery.put(second)
    await office.delivery.note_marks()
    assert await askings(office) == [("queued", "", 0)]
    third = await ask(office)
    assert third is None or not third.sendings
    gate.opened.set()
    await office.settled()
    assert [text for text in calls.texts() if text != "something before it"] == [BLAND.message]
    assert await askings(office) == [("sent", "", 0)]
