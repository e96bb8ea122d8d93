"""What waits: for an hour that is safe, for Telegram, for too long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import MOST_LOADED
from bot.demo.chats import Phone
from bot.demo.telegram import Standin
from bot.gate import Purpose
from bot.turn import PUSH_EXPIRES, ROUND, URGENT, Turn
from conversations.text import Verbatim
from storage.people import Person
from tests.delivery.office import Clock, Gate, Office, screen, showing

MORNING_ENDS = datetime(2026, 11, 2, 5, 30, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 3, 0, 30, tzinfo=UTC)
"""12:00 and 07:00 in Yangon: a client whose safe hours are the morning is between them now."""


@pytest.fixture
def phone(standin: Standin) -> Phone:
    return standin.person("Somebody", "en", opened=True)


@pytest.fixture
async def client(office: Office, phone: Phone) -> Person:
    return await office.admit(phone, hours="morning")


async def due(office: Office) -> list[int]:
    return [row["not_before"] for row in await office.query("SELECT not_before FROM outbox WHERE state = 'queued'")]


async def test_news_at_night_waits_for_the_morning(
    office: Office, standin: Standin, phone: Phone, client: Person, clock: Clock
) -> None:
    clock.time = MORNING_ENDS + timedelta(hours=9)
    await office.turn(lambda turn: turn.push(client, Verbatim("News"), "sent", 1, Purpose.NEWS))
    await office.delivery.load()
    await office.settled()
    assert screen(phone) == []
    assert await office.states() == {"queued": 1}
    assert await due(office) == [int(TOMORROW.timestamp())]
    clock.time = TOMORROW - timedelta(seconds=1)
    await office.delivery.load()
    await office.settled()
    assert screen(phone) == []
    clock.time = TOMORROW
    await office.delivery.load()
    await office.settled()
    assert screen(phone) == ["News"]
    assert await office.states() == {"sent": 1}


@pytest.mark.parametrize("waits", ["Telegram is down", "Telegram says 429", "a request before it takes long"])
async def test_the_gate_is_asked_again_for_what_has_waited(
    office: Office, standin: Standin, phone: Phone, client: Person, clock: Clock, waits: str
) -> None:
    clock.time = MORNING_ENDS - timedelta(minutes=5)
    gate = None
    match waits:
        case "Telegram is down":
            standin.fail("sendMessage", 500, times=1000)
        case "Telegram says 429":
            standin.fail("sendMessage", 429, retry_after=1)
        case _:
            gate = Gate(standin, phone)
            await office.show(client, "before", slot="notice")
            await gate.reached.wait()
    await office.turn(lambda turn: turn.push(client, Verbatim("News"), "sent", 1, Purpose.NEWS))
    await standin.called("sendMessage")
    clock.time = MORNING_ENDS
    standin.faults.clear()
    if gate is not None:
        gate.opened.set()
    await office.settled()
    assert screen(phone) == ([] if gate is None else ["before"])
    assert await due(office) == [int(TOMORROW.timestamp())]
    assert (await office.outbox())[-1] == ("queued", "not in safe hours")
    clock.time = TOMORROW
    await office.delivery.load()
    await office.settled()
    assert screen(phone)[-1] == "News"


async def test_an_answer_goes_at_night_while_it_is_fresh_and_not_when_it_is_old(
    office: Office, standin: Standin, phone: Phone, client: Person, clock: Clock
) -> None:
    clock.time = MORNING_ENDS + timedelta(hours=3)
    for minutes in (9, 10):
        standin.fail("*", 500, times=1000)
        await office.show(client, f"{minutes} minutes late", slot=f"s{minutes}")
        await standin.called("sendMessage", standin.counts["sendmessage"] + 1)
        clock.forward(minutes=minutes)
        standin.faults.clear()
        await office.settled()
    assert screen(phone) == ["9 minutes late"]
    assert await due(office) == [int(TOMORROW.timestamp())]


async def test_staff_get_theirs_at_any_hour(office: Office, standin: Standin, clock: Clock) -> None:
    phone = standin.person("Aye", opened=True)
    worker = await office.admit(phone, "caseworker", hours="morning")
    clock.time = MORNING_ENDS + timedelta(hours=9)
    await office.show(worker, "an alert", slot="alert.1", lane=URGENT, purpose=Purpose.ALERT)
    await office.settled()
    assert screen(phone) == ["an alert"]


async def test_who_blocked_the_bot_meanwhile_gets_nothing(
    office: Office, standin: Standin, phone: Phone, client: Person, clock: Clock
) -> None:
    standin.fail("*", 500, times=1000)
    await office.show(client, "one")
    await standin.called("sendMessage")
    update = {
        "chat": phone.chat,
        "from": phone.user,
        "date": 0,
        "new_chat_member": {"status": "kicked"},
    }
    await office.intake.take([{"update_id": 1, "my_chat_member": update}], polled=True)
    clock.forward(minutes=2)
    standin.faults.clear()
    await office.settled()
    assert screen(phone) == []
    assert await office.outbox() == [("blocked", "blocked")]


async def test_who_is_forgotten_meanwhile_gets_nothing(
    office: Office, standin: Standin, phone: Phone, clock: Clock
) -> None:
    person = await office.admit(phone)
    standin.fail("*", 500, times=1000)
    await office.show(person, "one")
    await standin.called("sendMessage")
    await office.database.transact(lambda c: c.execute("DELETE FROM people WHERE id = ?", (person.id,)))
    clock.forward(minutes=2)
    standin.faults.clear()
    await office.settled()
    assert screen(phone) == []


async def test_what_reached_someone_just_before_they_were_forgotten_stops_nobody(
    office: Office, standin: Standin, phone: Phone
) -> None:
    """The row of the slot has nobody to belong to any more."""
    person = await office.admit(phone)
    gate = Gate(standin, phone)
    await office.show(person, "one")
    await gate.reached.wait()
    await office.database.transact(lambda c: c.execute("DELETE FROM people WHERE id = ?", (person.id,)))
    gate.opened.set()
    await office.settled()
    assert screen(phone) == ["one"]
    assert await office.slot(person) is None


async def test_a_push_that_nobody_could_get_for_a_week_is_given_up(
    office: Office, standin: Standin, phone: Phone, client: Person, clock: Clock
) -> None:
    standin.fail("*", 500, times=1000)
    await office.turn(lambda turn: turn.push(client, Verbatim("News"), "sent", 1, Purpose.NEWS))
    await standin.called("sendMessage")
    clock.forward(seconds=PUSH_EXPIRES.total_seconds())
    standin.faults.clear()
    await office.settled()
    assert screen(phone) == []
    assert await office.outbox() == [("expired", "too old")]


async def test_a_body_is_emptied_once_its_row_is_settled(office: Office, client: Person) -> None:
    await office.show(client, "my sister's name")
    assert all(row["body"] for row in await office.query("SELECT body FROM outbox"))
    await office.settled()
    assert [row["body"] for row in await office.query("SELECT body FROM outbox")] == [b""]


# --- old and new of one slot -----------------------------------------------------------------------------


async def test_a_screen_that_waited_for_the_morning_does_not_replace_a_newer_one(
    office: Office, standin: Standin, phone: Phone, client: Person, clock: Clock
) -> None:
    """Telegram was down at night; the client went on before the morning."""
    clock.time = TOMORROW - timedelta(hours=2)
    standin.fail("*", 500, times=1000)
    await office.show(client, "question 1")
    await standin.called("sendMessage")
    clock.forward(minutes=15)
    standin.faults.clear()
    await office.settled()
    assert await office.states() == {"queued": 1}
    await office.show(client, "question 2")
    await office.settled()
    assert screen(phone) == ["question 2"]
    clock.time = TOMORROW
    await office.delivery.load()
    await office.settled()
    assert screen(phone) == ["question 2"]
    assert await office.outbox() == [("expired", "replaced"), ("sent", "")]


async def test_news_that_waited_comes_even_when_older_news_was_opened_meanwhile(
    office: Office, standin: Standin, phone: Phone, client: Person, clock: Clock
) -> None:
    await office.turn(lambda turn: turn.push(client, Verbatim("Old news"), "sent", 1, Purpose.NEWS))
    await office.settled()
    clock.time = MORNING_ENDS + timedelta(hours=9)
    await office.turn(lambda turn: turn.push(client, Verbatim("New news"), "sent", 2, Purpose.NEWS))
    await office.turn(lambda turn: turn.clear(client, f"{client.id}.push"))
    await office.settled()
    assert screen(phone) == []
    clock.time = TOMORROW
    await office.delivery.load()
    await office.settled()
    assert screen(phone) == ["New news"]


async def test_a_silent_edit_never_becomes_a_message_at_night(
    office: Office, standin: Standin, phone: Phone, client: Person, clock: Clock
) -> None:
    await office.show(client, "sent")
    await office.settled()
    clock.time = MORNING_ENDS + timedelta(hours=9)
    await office.show(client, "sent, and seen", purpose=Purpose.EDIT)
    await office.settled()
    assert screen(phone) == ["sent, and seen"]
    await standin.execute("deleteMessage", {"chat_id": phone.chat_id, "message_id": phone.last.message_id})
    await office.show(client, "sent, seen, and taken up", purpose=Purpose.EDIT)
    await office.settled()
    assert screen(phone) == []
    assert (await office.outbox())[-1] == ("expired", "gone")
    await office.show(client, "what the client asked for")
    await office.settled()
    assert screen(phone) == ["what the client asked for"]


async def test_an_alert_that_staff_deleted_is_put_up_again(office: Office, standin: Standin) -> None:
    phone = standin.person("Aye", opened=True)
    worker = await office.admit(phone, "caseworker")
    await office.show(worker, "an alert", slot="alert.1", lane=URGENT, purpose=Purpose.ALERT)
    await office.settled()
    await standin.execute("deleteMessage", {"chat_id": phone.chat_id, "message_id": phone.last.message_id})
    await office.show(worker, "the alert, nobody took it", slot="alert.1", lane=URGENT, purpose=Purpose.EDIT)
    await office.settled()
    assert screen(phone) == ["the alert, nobody took it"]


async def test_a_long_night_is_caught_up_in_one_go_and_in_order(office: Office, standin: Standin, clock: Clock) -> None:
    phones = [standin.person("Somebody", opened=True) for _number in range(3)]
    clients = [await office.admit(phone, hours="morning") for phone in phones]
    clock.time = MORNING_ENDS + timedelta(hours=9)
    lines = MOST_LOADED // 2

    def work(turn: Turn) -> None:
        for number in range(lines):
            for person in clients:
                showing(person, f"{number}", slot=f"s{number}", lane=ROUND, purpose=Purpose.LINE)(turn)

    await office.turn(work)
    assert await office.states() == {"queued": 3 * lines}
    clock.time = TOMORROW
    await office.delivery.load()
    await office.show(clients[0], "newer")
    await office.settled()
    expected = [str(number) for number in range(lines)]
    assert [screen(phone) for phone in phones] == [[*expected, "newer"], expected, expected]
