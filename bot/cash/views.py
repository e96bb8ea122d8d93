"""Transfers as they are seen: by their client with what they said, by staff as they may know them, and what staff have
done to one, by leads: what somebody notes of others does not stay hidden."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot import looks
from bot.cash import asking
from bot.turn import Scene, Turn
from conversations.caseworker.payments import DONE
from conversations.looks import LookPaid, LookRates, LookStaff, LookSteps, LookTransfer, LookTransfers, Rates, Transfer
from conversations.script import Json
from storage import people
from storage.people import Person
from storage.store import Row

LISTED: Final = timedelta(days=92)
"""For so long after it was sent a transfer stands in the lists of staff."""

ORDER: Final = ("planned", "sent", "received", "cancelled")
"""In which staff see them: what is still to be done first."""

NOON: Final = time(12)

ANSWERS: Final = frozenset({"received", "part", "notyet"})
"""What a client says of a transfer."""

SENT_OR_NOT: Final = frozenset({"sent", "unsent"})


def today(turn: Turn) -> date:
    """The local day in the programme's zone."""
    return turn.now.astimezone(turn.programme.zone).date()


def may_handle(staff: Person | None, client: Person) -> bool:
    """Whether somebody plans and marks this client's transfers: a lead, their own caseworker, or (None) an operator at
    the command line."""
    if staff is None or staff.role == "lead":
        return True
    return staff.role == "caseworker" and client.caseworker == staff.id


def read_transfer(turn: Turn, row: Row, *, own: bool) -> Transfer:
    """One transfer, as its client (`own`) or as staff may know it."""
    state = row["state"] if own else row["shown"]
    on = row["sent_on"] or row["planned_for"]
    noon = datetime.combine(date.fromisoformat(on), NOON, turn.programme.zone)
    taken = turn.store.rows("transfer_steps", "of_transfer", transfer_id=row["id"]) if own else []
    steps = [step["step"] for step in reversed(taken)]
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
        was=[row["first_amount"], row["first_currency"]] if _is_repriced(row) else None,
        news=own and (row["seen_at"] is None or row["seen_at"] < row["changed_at"]),
        read=own and row["shown"] == "received",
        slip=next((step for step in steps if step in SENT_OR_NOT), "") == "unsent",
        said=next((step for step in steps if step in ANSWERS), ""),
    )


def _is_repriced(row: Row) -> bool:
    return (row["first_amount"], row["first_currency"]) != (row["amount"], row["currency"])


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
def _look_staff(query: LookStaff, turn: Turn, scene: Scene) -> Json:
    if scene.person.role not in ("caseworker", "lead"):
        return []
    everyone = [each for role in ("caseworker", "lead") for each in people.find_by_role(turn.store, role)]
    everyone.sort(key=lambda each: each.id != scene.person.id)
    return [[each.id, each.shown] for each in everyone if each.name is not None]


@looks.read.register
def _look_steps(query: LookSteps, turn: Turn, scene: Scene) -> Json:
    row = turn.store.row("transfers", "one", id=query.transfer)
    client = None if row is None or row["person_id"] is None else turn.find(row["person_id"])
    if client is None or scene.person.role != "lead":
        return []
    found = []
    for step in turn.store.rows("transfer_steps", "of_transfer", transfer_id=query.transfer):
        if step["step"] in DONE:
            said = json.loads(client.box.open(step["body"], f"transfer_steps.body:{step['id']}"))
            found.append([step["step"], _name(turn, step["by_id"]), step["at"], _name(turn, said.get("handed_by"))])
    return found


def _name(turn: Turn, person: int | None) -> str:
    """What somebody is called; "" for nobody, and for the command line."""
    found = None if person is None else turn.find(person)
    return found.shown if found else ""
