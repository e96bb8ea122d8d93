"""What order things go out in: within a chat, between lanes, and what takes whose place."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.demo.chats import Phone
from bot.demo.telegram import Standin
from bot.gate import Purpose
from bot.pace import CHAT_BURST, Pace
from bot.turn import REPLY, ROUND, URGENT, Turn, slot_of
from storage.people import Person
from tests.delivery.office import Calls, Clock, Gate, Office, open_office, screen, showing


def opened(standin: Standin, name: str = "Somebody") -> Phone:
    return standin.person(name, "en", opened=True)


async def test_order_is_kept_in_a_chat_while_other_chats_go_on(office: Office, standin: Standin, calls: Calls) -> None:
    slow, quick = opened(standin), opened(standin)
    gate = Gate(standin, slow)
    one, other = await office.admit(slow), await office.admit(quick)
    for number in range(8):
        await office.show(one, f"slow {number}", slot=f"s{number}")
        await office.show(other, f"quick {number}", slot=f"s{number}")
    await quick.sees("quick 7")
    assert screen(slow) == []
    gate.opened.set()
    await office.settled()
    assert screen(slow) == [f"slow {number}" for number in range(8)]
    assert screen(quick) == [f"quick {number}" for number in range(8)]
    assert calls.most_at_once == {slow.chat_id: 1, quick.chat_id: 1}
    assert await office.states() == {"sent": 16}


async def test_urgent_goes_before_replies_and_replies_before_rounds(
    path: Path, standin: Standin, clock: Clock, calls: Calls
) -> None:
    pace = Pace(9, 100, asyncio.get_running_loop().time)
    async with open_office(path, standin.url, clock, pace) as office:
        first = await office.admit(opened(standin))
        lanes = [ROUND, REPLY, URGENT] * 2
        rest = [await office.admit(opened(standin)) for _lane in lanes]

        def fill(turn: Turn) -> None:
            showing(first, "first")(turn)
            for person, lane in zip(rest, lanes, strict=True):
                showing(person, lane, lane=lane)(turn)

        await office.turn(fill)
        await office.settled()
        assert calls.texts() == ["first", URGENT, URGENT, REPLY, REPLY, ROUND, ROUND]


async def test_what_is_urgent_does_not_wait_behind_a_round_because_its_chat_does(
    path: Path, standin: Standin, clock: Clock, calls: Calls
) -> None:
    pace = Pace(9, 100, asyncio.get_running_loop().time)
    async with open_office(path, standin.url, clock, pace) as office:
        several = [await office.admit(opened(standin)) for _number in range(8)]

        def work(turn: Turn) -> None:
            for number, person in enumerate(several):
                showing(person, f"round {number}", slot="ask", lane=ROUND)(turn)

        await office.turn(work)
        await asyncio.sleep(0)
        await office.show(several[-1], "an answer")
        await office.settled()
        assert calls.texts()[1:4] == ["round 7", "an answer", "round 1"], "in its chat it is still the second"


@pytest.mark.parametrize("per_second", [5, 30])
async def test_no_second_sees_more_than_the_programme_allows(per_second: int) -> None:
    """In the time that the loop tells, also after a rest; and hardly less is used."""
    now = 0.0
    pace = Pace(per_second, 100, lambda: now)
    left: list[float] = []
    for second in (0, 100):
        now = float(second)
        while now < second + 20:
            while pace._may_go() == 0:
                pace._go()
                pace.leave()
                left.append(now)
            now += 0.001
    windows = [sum(start <= at < start + 1 for at in left) for start in left]
    assert max(windows) <= per_second
    assert len(left) >= 2 * 20 * per_second * 0.95


async def test_a_newer_edit_takes_the_place_of_one_still_queued(office: Office, standin: Standin, calls: Calls) -> None:
    phone = opened(standin)
    gate, person = Gate(standin, phone), await office.admit(phone)
    await office.show(person, "one")
    await gate.reached.wait()
    for text in ("two", "three", "four"):
        await office.show(person, text)
    await office.show(person, "beside", slot="notice")
    gate.opened.set()
    await office.settled()
    assert calls.texts() == ["one", "four", "beside"]
    assert screen(phone) == ["four", "beside"]
    assert await office.outbox() == [
        *[("sent", ""), ("expired", "replaced"), ("expired", "replaced"), ("sent", ""), ("sent", "")]
    ]


async def test_what_takes_anothers_place_is_put_at_the_bottom_if_that_was_to_be(
    office: Office, standin: Standin, calls: Calls
) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    await office.show(person, "one")
    await office.settled()
    gate = Gate(standin, phone)
    await office.show(person, "two", renew=True)
    await gate.reached.wait()
    await office.show(person, "three", renew=True)
    await office.show(person, "four")
    gate.opened.set()
    await office.settled()
    assert screen(phone) == ["four"]
    assert calls.methods().count("sendMessage") == 3


async def test_an_edit_that_stands_for_an_answer_still_owed_is_sent_as_an_answer(
    office: Office, standin: Standin
) -> None:
    """Somebody else's turn draws the client's screen anew before the client has their own answer."""
    phone = opened(standin)
    person = await office.admit(phone)
    gate = Gate(standin, phone)
    await office.show(person, "beside", slot="notice")
    await gate.reached.wait()
    await office.show(person, "the answer")
    await office.show(person, "the answer, and news", purpose=Purpose.EDIT)
    gate.opened.set()
    await office.settled()
    assert screen(phone) == ["beside", "the answer, and news"]


@pytest.mark.parametrize("renew", [False, True])
async def test_one_message_stands_in_a_slot(office: Office, standin: Standin, renew: bool) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    for text in ("one", "two", "three"):
        await office.show(person, text, renew=renew)
        await office.settled()
        assert screen(phone) == [text]
        assert await office.slot(person) == phone.last.message_id
    sent = [event for event in phone.history if event.kind == "message"]
    assert len(sent) == (3 if renew else 1)


async def test_the_last_screen_always_arrives_however_fast_one_taps(
    path: Path, standin: Standin, clock: Clock, calls: Calls
) -> None:
    rate = 20.0
    loop = asyncio.get_running_loop()
    async with open_office(path, standin.url, clock, Pace(1000, rate, loop.time)) as office:
        phone = opened(standin)
        person = await office.admit(phone)
        began = loop.time()
        for number in range(80):
            await office.show(person, f"screen {number}")
        await office.settled()
        burst = max(CHAT_BURST, rate)
        assert screen(phone) == ["screen 79"]
        assert len(calls.made) <= burst + (loop.time() - began) * rate + 1
        states = await office.states()
        assert states["sent"] == len(calls.made)
        assert states["sent"] + states["expired"] == 80
        shown = [int(text.split()[1]) for text in calls.texts()]
        assert shown == sorted(shown)


async def test_a_chat_that_used_up_its_burst_waits_and_others_do_not(
    path: Path, standin: Standin, clock: Clock, calls: Calls
) -> None:
    loop = asyncio.get_running_loop()
    async with open_office(path, standin.url, clock, Pace(1000, 20, loop.time)) as office:
        busy, calm = opened(standin), opened(standin)
        one, other = await office.admit(busy), await office.admit(calm)

        def work(turn: Turn) -> None:
            for number in range(24):
                showing(one, f"busy {number}", slot=f"s{number}")(turn)

        await office.turn(work)
        await busy.sees("busy 19")
        await office.show(other, "calm")
        await calm.sees("calm")
        assert "busy 23" not in screen(busy)
        await office.settled()
        assert len(screen(busy)) == 24
        times = [at for at, made in zip(calls.times, calls.made, strict=True) if made[1] == busy.chat_id]
        assert times[-1] - times[0] >= 4 / 20 - 0.02


async def test_clearing_and_deleting_take_their_turn(office: Office, standin: Standin, calls: Calls) -> None:
    phone = opened(standin)
    person = await office.admit(phone)
    mine = phone.send("words")

    await office.show(person, "one")
    await office.settled()

    def work(turn: Turn) -> None:
        turn.delete(person, mine.message_id)
        turn.clear(person, slot_of(person.id, "living"))
        showing(person, "two", slot="notice")(turn)

    await office.turn(work)
    await office.settled()
    assert calls.methods() == ["sendMessage", "deleteMessage", "deleteMessage", "sendMessage"]
    assert [shown.text for shown in phone.messages] == ["two"]
    assert await office.slot(person) is None
    await office.turn(lambda turn: turn.clear(person, slot_of(person.id, "living")))
    await office.settled()
    assert len(calls.made) == 4, "nothing stood there"


@pytest.mark.parametrize("standing", [False, True])
async def test_what_is_cleared_before_it_has_gone_is_never_sent(
    office: Office, standin: Standin, calls: Calls, standing: bool
) -> None:
    """A No, or the end of a round, that comes while its line waits; what stood there before goes away as well."""
    phone = opened(standin)
    person = await office.admit(phone)
    if standing:
        await office.show(person, "before", slot="ask")
        await office.settled()
    gate = Gate(standin, phone)
    await office.show(person, "beside", slot="notice")
    await gate.reached.wait()
    await office.show(person, "never", slot="ask", lane=ROUND)
    await office.show(person, "something else")
    await office.turn(lambda turn: turn.clear(person, slot_of(person.id, "ask"), lane=ROUND))
    gate.opened.set()
    await office.settled()
    assert "never" not in calls.texts()
    assert screen(phone) == ["beside", "something else"]
    assert ("expired", "replaced") in await office.outbox()


async def test_a_cleared_slot_is_filled_anew(office: Office, standin: Standin) -> None:
    phone = opened(standin)
    person: Person = await office.admit(phone)
    await office.show(person, "one")
    await office.turn(lambda turn: turn.clear(person, slot_of(person.id, "living")))
    await office.show(person, "two")
    await office.settled()
    assert screen(phone) == ["two"]
    assert await office.slot(person) == phone.last.message_id
