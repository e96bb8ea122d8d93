from __future__ import annotations
import asyncio
from typing import Any
from dataclasses import replace
import pytest
from bot.erasing import erase
from bot.gate import Purpose
from bot.screens import caption
from bot.telegram import File
from bot.files import DRAWERS, Drawer
from bot.turn import Scene, Turn, slot_of
from bot.turns import Taken
from bot import consents
from storage.store import Store
from tests.delivery.office import *

def erasing_of(office, client):
    def work(store):
        turn = Turn(store, office.programme, {})
        erase(turn, Scene(client))
        return Taken(sendings=turn.sendings, erased=turn.erased)
    return work

async def test_1_inflight_about_erased_is_put_back(office, standin, calls):
    phone, staff = standin.person("Somebody", opened=True), standin.person("Aye", opened=True)
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    gate = Gate(standin, staff)
    standin.fail("sendMessage", 502)   # in doubt / later: tried again
    await office.show(worker, "C-1 wants contact, her words", slot="alert.1", subject=client, purpose=Purpose.ALERT)
    await gate.reached.wait()
    office.delivery.put(await office.transact(erasing_of(office, client)))
    gate.opened.set()
    await office.settled()
    print("STAFF AFTER ERASURE:", screen(staff), await office.query("SELECT id FROM slots"))

async def test_1b_inflight_about_erased_sent(office, standin, calls):
    phone, staff = standin.person("Somebody", opened=True), standin.person("Aye", opened=True)
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    gate = Gate(standin, staff)
    await office.show(worker, "C-1 wants contact, her words", slot="alert.1", subject=client, purpose=Purpose.ALERT)
    await gate.reached.wait()
    office.delivery.put(await office.transact(erasing_of(office, client)))
    gate.opened.set()
    await office.settled()
    print("STAFF AFTER ERASURE:", screen(staff), [tuple(r) for r in await office.query("SELECT id, subject_id FROM slots")])

async def test_2_drop_empties_queue(office, standin):
    phone, staff = standin.person("Somebody", opened=True), standin.person("Aye", opened=True)
    client, worker = await office.admit(phone), await office.admit(staff, "caseworker")
    await office.transact(lambda s: __import__("storage.people").people.save(s, replace(worker, blocked_at=None)))
    running = asyncio.create_task(office.delivery.run())
    await asyncio.sleep(0)
    office.pace.pause(0.3)
    await office.show(worker, "about a client", slot="alert.1", subject=client, purpose=Purpose.ALERT)
    await asyncio.sleep(0.05)
    office.delivery.put(await office.transact(erasing_of(office, client)))
    await asyncio.sleep(0.8)
    print("RUN ENDED:", running.done(), running.exception() if running.done() else None)
    running.cancel()

async def test_3_forget_slots_lost_on_429(office, standin, calls):
    phone = standin.person("Somebody", opened=True)
    client = await office.admit(phone)
    gate = Gate(standin, phone)
    await office.show(client, "under way: her words")
    await gate.reached.wait()
    standin.fail("deleteMessages", 429, retry_after=1)
    office.delivery.put(await office.transact(erasing_of(office, client)))
    gate.opened.set()
    await office.settled()
    print("CLIENT AFTER ERASURE:", screen(phone), calls.methods())

async def test_4_file_in_doubt_blocks_help(office, standin, calls, monkeypatch):
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    monkeypatch.setitem(DRAWERS, "mine", Drawer(lambda *a: 1, lambda f: File("document", "my-notes.html", b"x"*100, "text/html")))
    standin.drop("sendDocument", times=10000)
    payload = {**caption("·", []), "protect_content": False}
    await office.turn(lambda turn: turn.show_file(person, slot_of(person.id, "file"), {"kind":"document","draw":"mine"}, payload))
    await asyncio.sleep(0.3)
    await office.show(person, "numbers to call")
    await asyncio.sleep(1.5)
    docs=[m for m in phone.messages if m.raw.get("document")]
    print("COPIES:", len(docs), "HELP:", "numbers to call" in screen(phone), await office.states(), "ledger", len(await office.query("SELECT 1 FROM messages")))

async def test_5_sweep_429(office, standin, calls, clock):
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    await office.show(person, "old", slot="one"); await office.settled()
    old = phone.last.message_id
    clock.forward(hours=49)
    ids = [old] + [phone.send("hello").message_id for _ in range(60)]
    # every 30th deleteMessage call in a row is refused by 429
    n = {"c": 0}
    def limit(method, values):
        if method == "deleteMessage":
            n["c"] += 1
            if n["c"] % 30 == 0: standin.fail("deleteMessage", 429, retry_after=0)
    standin.before.append(limit)
    await office.turn(lambda turn: turn.sweep(person, ids))
    try:
        await office.settled(timeout=8)
    except TimeoutError: print("NEVER ENDS")
    print("deleteMessage calls", calls.methods().count("deleteMessage"), "edits", calls.methods().count("editMessageText"), "left", len(phone.messages))

async def test_6_line_in_memory_after_no(office, standin, calls):
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    office.pace.pause(0.5)
    await office.turn(lambda t: t.push(person, __import__("bot.talks").talks.BLAND, "talk", 1, Purpose.LINE))
    def no(store):
        t = Turn(store, office.programme, {}); consents.take_effect(t, Scene(person), "first", False); return Taken(sendings=t.sendings)
    office.delivery.put(await office.transact(no))
    await office.settled()
    print("AFTER NO:", screen(phone), await office.outbox())

async def test_7_leave_in_memory(office, standin, calls):
    phone = standin.person("Somebody", opened=True)
    person = await office.admit(phone)
    office.pace.pause(0.5)
    await office.turn(lambda t: t.push(person, __import__("bot.talks").talks.BLAND, "sent", 1, Purpose.NEWS))
    def no(store):
        t = Turn(store, office.programme, {}); consents.leave(t, Scene(person)); return Taken(sendings=t.sendings)
    office.delivery.put(await office.transact(no))
    await office.settled()
    print("AFTER LEAVE:", screen(phone), await office.outbox())
