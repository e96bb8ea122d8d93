"""Transfers: planned, sent, and whether they came. Every step is a row, and of two who do the same one wins.

Two sides look at a transfer. Its client sees what they said of it. Staff see `shown`: that it has come, once its client
has said so, and never that it came in part, did not come, or that nothing was said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot import alerts, looks
from bot.cash import asking
from bot.cash.hands import HANDLED
from bot.cash.views import may_handle, today
from bot.gate import Purpose
from bot.rounds.calendar import add_months
from bot.screens import message
from bot.turn import Scene, Turn, slot_of
from conversations import acts
from conversations.looks import LookPlanned
from conversations.script import Json
from conversations.text import Money, Verbatim, _
from storage import people
from storage.people import Person
from storage.store import Row

SENT: Final = "transfer"
"""Among `places`: who was ever sent money."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one transfer is; `country` where it is by a rate, not by hand."""

    amount: int
    currency: str
    country: str | None


# --- planning --------------------------------------------------------------------------------------------------


def make_plan(turn: Turn, staff: Person | None, wanted: acts.PlanTransfers) -> Json:
    """Plan a client's transfers. Back: as `PlanTransfers` says."""
    client = turn.find(wanted.client)
    if client is None or client.role != "client" or not client.adult or not may_handle(staff, client):
        return {"refused": "gone"}
    if date.fromisoformat(wanted.first_on) < today(turn):
        return {"refused": "past"}
    planned = [(day, price) for day, price in priced(turn, wanted) if price is not None]
    if len(planned) < (1 if wanted.gift else wanted.times):
        return {"refused": "rate"}
    if not planned or any(price.amount <= 0 or not price.currency for _day, price in planned):
        return {"refused": "amount"}
    series = [turn.store.new_id() for _each in planned]
    for number, (id_, (day, price)) in enumerate(zip(series, planned, strict=True), 1):
        turn.store.later(
            "transfers",
            "insert",
            id=id_,
            person_id=client.id,
            series_id=series[0],
            number=None if wanted.gift else number,
            total=None if wanted.gift else len(series),
            amount=price.amount,
            currency=price.currency,
            country=price.country,
            planned_for=day.isoformat(),
            seen_at=turn.store.at if number > 1 else None,
            planned_by=staff.id if staff else None,
            at=turn.store.at,
        )
        _note_step(turn, client, id_, staff, "planned", {"on": day.isoformat()})
    _tell(turn, client, series[0])
    return {"series": series[0]}


def priced(turn: Turn, wanted: acts.PlanTransfers) -> list[tuple[date, Price | None]]:
    """Each day on which one would come, and what it is then; None where no rate is in force."""
    first = date.fromisoformat(wanted.first_on)
    days = [add_months(first, number) for number in range(1 if wanted.gift else wanted.times)]
    return [(day, _price_on(turn, wanted, day)) for day in days]


def _price_on(turn: Turn, wanted: acts.PlanTransfers, day: date) -> Price | None:
    """What one is on that day; None where no rate is in force."""
    if wanted.country is None:
        return Price(wanted.amount, wanted.currency, None)
    rate = turn.programme.rate(wanted.country, day)
    return None if rate is None else Price(rate.minor, rate.currency, wanted.country)


# --- what becomes of one ---------------------------------------------------------------------------------------


def mark_sent(turn: Turn, staff: Person | None, act: acts.MarkSent) -> Json:
    """It was sent, or handed over."""
    said: dict[str, Json] = {"on": act.on, "how": act.how, "handed_by": act.handed_by}
    values = {"sent_on": act.on, "handed_how": act.how, "handed_by": act.handed_by}
    back = _take_step(turn, staff, act.transfer, ("send", "sent"), said, marked_by=_id(staff), **values)
    row = turn.store.row("transfers", "one", id=act.transfer) if back["outcome"] == "done" else None
    if row is not None:
        client = turn.scene(row["person_id"]).person
        turn.store.later("places", "take", purpose=SENT, person_id=client.id)
        _tell_giver(turn, client, row)
    return back


def _tell_giver(turn: Turn, client: Person, row: Row) -> None:
    """Whoever is said to have handed money over hears of it, so that nobody can be named behind their back."""
    if row["handed_by"] in (None, row["marked_by"]):
        return
    giver, marker = turn.find(row["handed_by"]), turn.find(row["marked_by"]) if row["marked_by"] else None
    if giver is None or not giver.is_reachable:
        return
    facts: dict[str, Verbatim | Money] = {
        "who": Verbatim(marker.shown if marker else turn.programme.organisation),
        "amount": Money(row["amount"], row["currency"]),
        "code": Verbatim(client.code),
    }
    lines = (
        _("%(who)s noted that you handed over %(amount)s to %(code)s.", **facts),
        _("If that is not so, please tell the programme lead."),
    )
    text = message("\n".join(turn.word(line, giver) for line in lines), [])
    turn.show(giver, slot_of(giver.id, f"handed.{row['id']}"), text, Purpose.ALERT, subject=client)


def unmark_sent(turn: Turn, staff: Person | None, act: acts.UnmarkSent) -> Json:
    """It was not sent after all."""
    return _take_step(turn, staff, act.transfer, ("unsend", "unsent"), {})


def put_off(turn: Turn, staff: Person | None, act: acts.PutOffTransfer) -> Json:
    """It comes on another day."""
    said = {"on": act.to, "why": act.why}
    return _take_step(turn, staff, act.transfer, ("put_off", "put off"), said, planned_for=act.to, delay=act.why)


def reprice(turn: Turn, staff: Person | None, act: acts.RepriceTransfer) -> Json:
    """It is another amount."""
    said = {"amount": act.amount, "currency": act.currency}
    return _take_step(turn, staff, act.transfer, ("reprice", "repriced"), said, **said)


def cancel(turn: Turn, staff: Person | None, act: acts.CancelTransfer) -> Json:
    """It does not come."""
    return _take_step(turn, staff, act.transfer, ("cancel", "cancelled"), {})


def _take_step(
    turn: Turn, staff: Person | None, transfer: int, step: tuple[str, str], said: dict[str, Json], **values: Any
) -> dict[str, Json]:
    """What staff do to a transfer, if it is still as that takes. `step`: the query that contends for it, and what it is
    called in the history, where `said` is kept with it."""
    row = turn.store.row("transfers", "one", id=transfer)
    client = None if row is None or row["person_id"] is None else turn.find(row["person_id"])
    if row is None or client is None or not may_handle(staff, client):
        return {"outcome": "gone"}
    if not turn.store.now_or_not("transfers", step[0], id=transfer, at=turn.store.at, **values):
        return {"outcome": "cancelled" if row["state"] == "cancelled" else "already"}
    _note_step(turn, client, transfer, staff, step[1], {**said, "caseworker": client.caseworker})
    if step[1] in HANDLED:
        alerts.keep_from_hands(turn, client)
    asking.plan_asking(turn, client, transfer)
    _tell(turn, client, transfer)
    return {"outcome": "done"}


def answer(turn: Turn, client: Person, act: acts.AnswerTransfer) -> Json:
    """Its client says whether it came. Staff's screens change only where what staff may know does."""
    before = turn.store.row("transfers", "one", id=act.transfer)
    values = {"id": act.transfer, "person_id": client.id, "at": turn.store.at}
    if before is None or not turn.store.now_or_not("transfers", "answer", state=act.state, **values):
        return {"outcome": "over"}
    _note_step(turn, client, act.transfer, client, act.state, {"amount": act.amount})
    if act.state == "received" != before["shown"]:
        _tell_staff(turn, client, act.transfer)
    return {"outcome": "noted"}


def _note_step(turn: Turn, client: Person, transfer: int, by: Person | None, step: str, said: dict[str, Json]) -> None:
    id_ = turn.store.new_id()
    body = client.box.seal(json.dumps(said).encode(), f"transfer_steps.body:{id_}")
    values = {"transfer_id": transfer, "by_id": _id(by), "step": step, "body": body, "at": turn.store.at}
    turn.store.later("transfer_steps", "insert", id=id_, **values)


def _id(person: Person | None) -> int | None:
    return None if person is None else person.id


def _tell(turn: Turn, client: Person, transfer: int) -> None:
    """Something has happened to a transfer: one bland line to its client, and staff's lists stay true."""
    turn.nudge(client.id, "transfer", transfer)
    turn.nudge(client.id, "menu", silent=True)
    _tell_staff(turn, client, transfer)


def _tell_staff(turn: Turn, client: Person, transfer: int) -> None:
    staff = {lead.id for lead in people.find_by_role(turn.store, "lead")}
    for one in sorted(staff | ({client.caseworker} if client.caseworker is not None else set())):
        turn.nudge(one, "payment", transfer, silent=True)
        turn.nudge(one, "payments", silent=True)


def look_at(turn: Turn, client: Person, transfer: int) -> None:
    """Its client looks at it."""
    turn.store.later("transfers", "look_at", id=transfer, person_id=client.id, at=turn.store.at)


@looks.read.register
def _look_planned(query: LookPlanned, turn: Turn, scene: Scene) -> Json:
    found = ((day.isoformat(), price) for day, price in priced(turn, query.wanted))
    return [[day, price.amount, price.currency] if price else [day, None, ""] for day, price in found]
