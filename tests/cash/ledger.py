"""A programme in which everybody has come in already, and what scripts would do and read is done and read directly."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from bot import looks
from bot.acts import Moment, perform
from bot.dialogue import follow_nudges
from bot.programme import Programme
from bot.tables import Rate, Safeguarding
from bot.turn import Turn
from bot.turns import Taken
from conversations import acts
from conversations.looks import LookMoney, LookTransfers, MoneyLine, OwnMoney, Transfer
from conversations.script import Json
from storage import people
from storage.database import transact
from storage.sessions import Session
from storage.store import Row, Store
from tests.player import MONDAY, PROGRAMME, Phone, Stage

T = TypeVar("T")

RATES: Final = (
    Rate(country="MM", currency="MMK", amount=Decimal(300_000), valid_from=date(2026, 1, 1)),
    Rate(country="MM", currency="MMK", amount=Decimal(330_000), valid_from=date(2026, 12, 1)),
    Rate(country="TH", currency="THB", amount=Decimal("8500.50"), valid_from=date(2026, 12, 1)),
)


def programme(*safe: str) -> Programme:
    """With rates, and these codes to be told of trouble."""
    return PROGRAMME.model_copy(update={"rates": RATES, "safeguarding": Safeguarding(people=safe)})


class Ledger(Stage):
    """A stage whose people are admitted at once."""

    def __init__(self, programme: Programme, *, path: Path | None = None, at: datetime = MONDAY) -> None:
        super().__init__(programme, restarts=False, path=path, at=at)
        self._acts = 0

    def admit(self, role: str, name: str | None = None, caseworker: Phone | None = None, **settings: Any) -> Phone:
        """Somebody new; a client is grown up, and may be written to first at any hour."""
        phone = self.phone()
        usual = {"adult": True, "first": True, "hours": "any"} if role == "client" else {}

        def work(store: Store) -> None:
            stranger = people.add_stranger(store, phone.chat, "en")
            worker = self.person(caseworker).id if caseworker is not None else None
            known = people.admit(store, stranger, role, worker)
            people.save(store, replace(known, name=name, **{**usual, **settings}))

        self._write(work)
        return phone

    def change(self, phone: Phone, **settings: Any) -> None:
        """Somebody is another from now on."""
        self._write(lambda store: people.save(store, replace(self.person(phone), **settings)))

    def agree(self, phone: Phone, purpose: str) -> None:
        """A Yes of theirs."""
        self.do(phone, acts.Consent(purpose, granted=True, words=()))

    def do(self, phone: Phone, act: object) -> Any:
        """Let somebody do that, with all that follows; what came back."""
        self._acts += 1

        def work(store: Store) -> tuple[Json, Turn]:
            turn = Turn(store, self.programme, {})
            scene = turn.scene(self.person(phone).id)
            back = perform(act, Moment(turn, scene, Session(self._acts, scene.person.id, "", "live", {}), 1))
            follow_nudges(turn, actor=scene.person.id)
            return back, turn

        back, turn = self._write(work)
        self._deliver(turn)
        return back

    def run(self, work: Callable[[Turn], T]) -> T:
        """Something within a turn that is nobody's, with all that follows."""

        def within(store: Store) -> tuple[T, Turn]:
            turn = Turn(store, self.programme, {})
            done = work(turn)
            follow_nudges(turn)
            return done, turn

        done, turn = self._write(within)
        self._deliver(turn)
        return done

    def look(self, phone: Phone, query: object) -> Any:
        """What somebody reads."""

        def work(store: Store) -> Json:
            turn = Turn(store, self.programme, {})
            return looks.read(query, turn, turn.scene(self.person(phone).id))

        return self._write(work)

    def stored(self, table: str, query: str, **values: Any) -> list[Row]:
        """What a query of the store finds."""
        return self._write(lambda store: store.rows(table, query, **values))

    def transfers(self, phone: Phone) -> list[Transfer]:
        """Transfers as a client, or a member of staff, sees them."""
        if self.person(phone).role == "client":
            found: list[Transfer] = self.look(phone, LookMoney())["transfers"]
        else:
            found = self.look(phone, LookTransfers())
        return found

    def money(self, client: Phone) -> OwnMoney:
        """Everything of a client's own money."""
        found: OwnMoney = self.look(client, LookMoney())
        return found

    def lines(self, phone: Phone, kind: str = "spent") -> list[MoneyLine]:
        """A client's own lines."""
        found: list[MoneyLine] = self.money(phone)[kind]  # type: ignore[literal-required]
        return found

    def voice_of(self, client: Phone) -> int:
        """A voice note of a client's, kept; its id."""

        def work(store: Store) -> int:
            id_, person = store.new_id(), self.person(client)
            sealed = {name: person.box.seal(b"{}", f"voices.{name}:{id_}") for name in ("body", "sound")}
            values = {"person_id": person.id, "message_id": 1, "seconds": 4, "due_at": store.at}
            store.later("voices", "insert", id=id_, body=sealed["body"], **values)
            store.later("voices", "keep", id=id_, sound=sealed["sound"])
            return id_

        return self._write(work)

    def plan(self, staff: Phone, client: Phone, first_on: str = "2026-11-30", times: int = 3, **how: Any) -> list[int]:
        """Plan transfers by hand; their ids."""
        how = how or {"amount": 300_000, "currency": "MMK"}
        back = self.do(staff, acts.PlanTransfers(self.person(client).id, first_on, times, **how))
        rows = self.rows("SELECT id FROM transfers WHERE series_id = ? ORDER BY id", back["series"])
        return [row["id"] for row in rows]

    def send(self, staff: Phone, transfer: int, handed_by: Phone | None = None) -> str:
        """Mark one as sent today; what came of it."""
        by = self.person(handed_by).id if handed_by is not None else None
        return str(self.do(staff, acts.MarkSent(transfer, self.now.date().isoformat(), "hand", by))["outcome"])

    def _write(self, work: Callable[[Store], T]) -> T:
        def within(connection: sqlite3.Connection) -> T:
            store = Store(connection, self.keyring, self.now)
            done = work(store)
            store.flush()
            return done

        return transact(self.connection, within)

    def _deliver(self, turn: Turn) -> None:
        taken = Taken()
        taken.add(turn)
        self._settle(taken)
