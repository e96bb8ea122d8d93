"""Transfers: planned, sent, and whether they came. Every step is a row, and of two who do the same one wins.

Two sides look at a transfer. Its client sees what they said of it. Staff see `shown`: that it has come, once its client
has said so, and never that it came in part, did not come, or that nothing was said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from bot import alerts, looks
from bot.cash import asking
from bot.rounds.calendar import add_months
from bot.turn import Scene, Turn
from conversations import acts
from conversations.looks import (
    LookPaid,
    LookPlanned,
    LookRates,
    LookStaff,
    LookTransfer,
    LookTransfers,
    Rates,
    Transfer,
)
from conversations.script import Json
from storage import people
from storage.people import Person
from storage.store import Row

LISTED: Final = timedelta(days=92)
"""For so long after it was sent a transfer stands in the lists of staff."""

ORDER: Final = ("planned", "sent", "received", "cancelled")
"""In which staff see them: what is still to be done first."""

NOON: Final = time(12)


@dataclass(frozen=True, slots=True)
class Price:
    """What one transfer is; `country` where it is by a rate, not by hand."""

    amount: int
    currency: str
    country: str | None


def today(turn: Turn) -> date:
    """The local day in the programme's zone."""
    return turn.now.astimezone(turn.programme.zone).date()


def may_handle(staff: Person | None, client: Person) -> bool:
    """Whether somebody plans and marks this client's transfers: a lead, their own caseworker, or (None) an operator at
    the command line."""
    if staff is None or staff.role == "lead":
        return True
    return staff.role == "caseworker" and client.caseworker == staff.id


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
    said = {"on": act.on, "how": act.how, "handed_by": act.handed_by}
    values = {"sent_on": act.on, "handed_how": act.how, "handed_by": act.handed_by}
    back = _take_step(turn, staff, act.transfer, ("send", "sent"), said, marked_by=_id(staff), **values)
    row = turn.store.row("transfers", "one", id=act.transfer) if back["outcome"] == "done" else None
    if row is not None:
        alerts.keep_from_hands(turn, turn.scene(row["person_id"]).person)
    return back


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
    _note_step(turn, client, transfer, staff, step[1], said)
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
    asking.plan_asking(turn, client, act.transfer)
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


# --- looking ---------------------------------------------------------------------------------------------------


def read_transfer(turn: Turn, row: Row, *, own: bool) -> Transfer:
    """One transfer, as its client (`own`) or as staff may know it."""
    state = row["state"] if own else row["shown"]
    on = row["sent_on"] or row["planned_for"]
    noon = datetime.combine(date.fromisoformat(on), NOON, turn.programme.zone)
    return Transfer(
        transfer=row["id"],
        client=row["person_id"],
        code=row["code"],
        number=row["number"],
        total=row["total"],
        amount=row["amount"],
        currency=row["currency"],
        day=int(noon.astimezone(UTC).timestamp()),
        on=on,
        state=state,
        late=state == "planned" and on < today(turn).isoformat(),
        delay=row["delay"] or "",
        answered=row["answered_at"] is not None if own else True if state == "received" else None,
        asking=asking.find_open(turn, turn.scene(row["person_id"]).person, row["id"]) if own else None,
    )


def of_client(turn: Turn, client: Person, *, own: bool) -> list[Transfer]:
    """Every transfer of a client, in the order they are for."""
    rows = turn.store.rows("transfers", "of_person", person_id=client.id)
    return [read_transfer(turn, row, own=own) for row in rows]


def count_paid(turn: Turn, client: Person) -> int:
    """How many were sent: they stay in the books when everything else is erased."""
    rows = turn.store.rows("transfers", "of_person", person_id=client.id)
    return sum(row["shown"] in ("sent", "received") for row in rows)


def open_to(turn: Turn, caseworker: int | None) -> list[Transfer]:
    """What staff have to do with: of a caseworker's clients, or (None) of everybody; the earliest first."""
    since = turn.store.at - int(LISTED.total_seconds())
    rows = turn.store.rows("transfers", "open_to", caseworker_id=caseworker, since=since)
    return [read_transfer(turn, row, own=False) for row in rows]


@looks.read.register
def _look_transfer(query: LookTransfer, turn: Turn, scene: Scene) -> Json:
    row, reader = turn.store.row("transfers", "one", id=query.transfer), scene.person
    if row is None or row["person_id"] is None:
        return None
    own = row["person_id"] == reader.id
    if not own and not may_handle(reader, turn.scene(row["person_id"]).person):
        return None
    return read_transfer(turn, row, own=own)


@looks.read.register
def _look_transfers(query: LookTransfers, turn: Turn, scene: Scene) -> Json:
    staff = scene.person
    if query.client is not None:
        client = turn.find(query.client)
        found = of_client(turn, client, own=False) if client is not None and may_handle(staff, client) else []
    elif staff.role in ("caseworker", "lead"):
        found = open_to(turn, None if staff.role == "lead" else staff.id)
    else:
        found = []
    return sorted(found, key=lambda each: (ORDER.index(each["state"]), each["on"], each["transfer"]))


@looks.read.register
def _look_paid(query: LookPaid, turn: Turn, scene: Scene) -> Json:
    client = find_client(turn, query.code)
    if client is None or not client.adult or not may_handle(scene.person, client):
        return None
    return {"client": client.id, "code": client.code}


def find_client(turn: Turn, typed: str) -> Person | None:
    """A client by their code, as somebody types it: also in small letters, with other digits, or only the number."""
    digits = "".join(str(int(each)) for each in typed if each.isdecimal())
    code = f"{people.PREFIX['client']}-{digits}"
    bare = typed.strip().upper().removeprefix(people.PREFIX["client"]).strip(" -")
    return people.find_by_codes(turn.store, [code]).get(code) if bare.isdecimal() else None


@looks.read.register
def _look_rates(query: LookRates, turn: Turn, scene: Scene) -> Json:
    programme, day = turn.programme, date.fromisoformat(query.on)
    countries = sorted({rate.country for rate in programme.rates})
    in_force = [rate for country in countries if (rate := programme.rate(country, day)) is not None]
    return Rates(
        rates=[[each.country, each.minor, each.currency, each.valid_from.isoformat()] for each in in_force],
        currency=programme.currency,
        currencies=currencies(turn),
        times=programme.cash.times,
    )


def currencies(turn: Turn) -> list[str]:
    """Every currency there is here, the programme's own first."""
    return list(dict.fromkeys((turn.programme.currency, *(rate.currency for rate in turn.programme.rates))))


@looks.read.register
def _look_planned(query: LookPlanned, turn: Turn, scene: Scene) -> Json:
    found = ((day.isoformat(), price) for day, price in priced(turn, query.wanted))
    return [[day, price.amount, price.currency] if price else [day, None, ""] for day, price in found]


@looks.read.register
def _look_staff(query: LookStaff, turn: Turn, scene: Scene) -> Json:
    if scene.person.role not in ("caseworker", "lead"):
        return []
    everyone = [each for role in ("caseworker", "lead") for each in people.find_by_role(turn.store, role)]
    everyone.sort(key=lambda each: each.id != scene.person.id)
    return [[each.id, each.shown] for each in everyone if each.name is not None]
