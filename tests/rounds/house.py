"""A programme with rounds, played without dialogues: clients stand in the store as they are wished for, plans are made
and steered by the functions that scripts call, and every line that a round sends is noted down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from bot import looks
from bot.acts import Moment, perform
from bot.cash import transfers
from bot.marks import Asked, note_asked
from bot.rounds import plans
from bot.turn import Scene, Sending, Turn
from bot.turns import Taken
from conversations.acts import AnswerTransfer, MarkSent, OpenAsking, PlanTransfers, RaiseAlert, Respond
from conversations.instruments import CHECKIN, FOLLOWUP, NEEDS
from conversations.looks import Draft
from conversations.script import Status
from storage import people
from storage.database import transact
from storage.people import Person
from storage.sessions import Session
from storage.store import Row, Store
from tests.player import Phone, Stage

T = TypeVar("T")
VERSIONS: Final = {each.name: each.version for each in (CHECKIN, FOLLOWUP, NEEDS)}
AGREED: Final = ("plan", "checkins")


@dataclass(frozen=True, slots=True)
class Line:
    """A line by which a round wrote to somebody."""

    at: datetime
    chat: int
    asking: int


class House(Stage):
    """A stage with people on it who came in long ago."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.lines: list[Line] = []
        self.emptied: dict[str | None, int] = {}
        """The last sending that emptied each slot."""

    def client(self, *, consents: Collection[str] = AGREED, first: bool = True, **fields: Any) -> Phone:
        """An adult who agreed to be asked and to be written to first, at any hour, unless `fields` say otherwise."""
        return self._person("client", consents, {"adult": True, "hours": "any", "first": first} | fields)

    def staff(self, role: str = "lead") -> Phone:
        """Somebody of the staff."""
        return self._person(role, (), {"name": role})

    def _person(self, role: str, consents: Collection[str], fields: dict[str, Any]) -> Phone:
        phone = self.phone()

        def admit(turn: Turn) -> None:
            stranger = people.add_stranger(turn.store, phone.chat, "en")
            admitted = people.admit(turn.store, stranger, role, None)
            people.save(turn.store, replace(admitted, **fields))
            for purpose in consents:
                self._consent(turn, admitted.id, purpose, granted=True)

        self.do(admit)
        return phone

    def consent(self, phone: Phone, purpose: str, *, granted: bool) -> None:
        """A line in the ledger, without what follows from it."""
        self.do(lambda turn: self._consent(turn, self.person(phone).id, purpose, granted=granted))

    @staticmethod
    def _consent(turn: Turn, person: int, purpose: str, *, granted: bool) -> None:
        values = {"id": turn.store.new_id(), "person_id": person, "session_id": turn.store.new_id(), "number": 0}
        told = {"purpose": purpose, "granted": int(granted), "digest": "", "language": "en", "mode": "self"}
        turn.store.later("consents", "insert", **values, **told, at=turn.store.at)

    def change(self, phone: Phone, **fields: Any) -> Person:
        """Somebody is different from now on."""
        changed = replace(self.person(phone), **fields)
        self.do(lambda turn: people.save(turn.store, changed))
        return changed

    def wish(self, phone: Phone) -> int:
        """Somebody wishes for contact today; their alert."""
        return int(self.say(phone, RaiseAlert("today"))["alert"])

    def say(self, phone: Phone, act: object) -> Any:
        """What somebody does in a dialogue."""

        def run(turn: Turn, scene: Scene) -> Any:
            session = Session(turn.store.new_id(), scene.person.id, "menu", "live", {})
            return perform(act, Moment(turn, scene, session, 0))

        return self.act(phone, run)

    def look(self, phone: Phone, query: object) -> Any:
        """What somebody's script finds."""
        return self.act(phone, lambda turn, scene: looks.read(query, turn, scene))

    def open(self, phone: Phone, plan: int) -> Any:
        """Somebody opens what the first round of a plan asks of them; what comes back to the script."""
        return self.say(phone, OpenAsking(self.asking(phone, plan)["id"]))

    def pay(self, phone: Phone) -> int:
        """Money was sent to somebody today; the transfer."""
        today = f"{self.now.astimezone(self.programme.zone):%Y-%m-%d}"

        def send(turn: Turn) -> int:
            gift = PlanTransfers(self.person(phone).id, today, 1, amount=300_000, currency="MMK", gift=True)
            series = cast(dict[str, int], transfers.make_plan(turn, None, gift))["series"]
            transfers.mark_sent(turn, None, MarkSent(series, today, "hand"))
            return series

        return self.do(send)

    def came(self, phone: Phone) -> int:
        """Money was sent to somebody, who says that it came; the transfer."""
        transfer = self.pay(phone)
        self.say(phone, AnswerTransfer(transfer, "received"))
        return transfer

    def put_first(self, phone: Phone) -> None:
        """Somebody puts something first, which a follow-up asks about two weeks later."""
        self.say(phone, Respond(NEEDS.name, NEEDS.version, "debt", Status.ANSWERED, 4))

    # --- what scripts do -------------------------------------------------------------------------------------

    def do(self, work: Callable[[Turn], T]) -> T:
        """One turn, in a transaction of its own, and what it wants sent."""
        found: list[T] = []
        taken = Taken()

        def run(connection: Any) -> None:
            turn = Turn(Store(connection, self.keyring, self.now), self.programme, {})
            found.append(work(turn))
            turn.store.flush()
            taken.add(turn)

        transact(self.connection, run)
        self._settle(taken)
        return found[0]

    def act(self, phone: Phone, work: Callable[[Turn, Scene], T]) -> T:
        """The same for what concerns one person."""
        return self.do(lambda turn: work(turn, turn.scene(self.person(phone).id)))

    def plan(self, instrument: str = "checkin", lead: Phone | None = None, **fields: Any) -> int:
        """Plan a round for everyone, now and for three days, unless `fields` say otherwise; its plan."""
        who = None if lead is None else self.person(lead).id
        made = self.do(lambda turn: plans.make_plan(turn, who, draft(instrument, **fields)))
        assert "refused" not in made, made
        return int(str(made["plan"]))

    def steer(self, plan: int, way: str, stamp: int | None = None) -> object:
        """Pause, resume or stop a plan as it is now, or was when `stamp` was read."""
        read = self.rows("SELECT stamp FROM plans WHERE id = ?", plan)[0]["stamp"] if stamp is None else stamp
        return self.do(lambda turn: plans.steer(turn, None, plan, read, way))["outcome"]

    # --- what the process does ---------------------------------------------------------------------------------

    def tick(self) -> None:
        """A sweep, without letting rounds ask."""
        self._settle(transact(self.connection, lambda c: self.turns().sweep(c, self.now)))

    def ask(self) -> Taken:
        """One piece of what rounds have to do, of which nothing has left yet."""
        taken = self.piece(200)
        assert taken is not None
        return taken

    def piece(self, most: int) -> Taken | None:
        """The same with at most so many messages; None where there is nothing to do."""
        return transact(self.connection, lambda c: self.turns().ask(c, self.now, most))

    def settle(self, taken: Taken) -> None:
        """It leaves only now, unless something that came after it has emptied its place."""
        for sending in taken.sendings:
            if sending.asking is not None and self.emptied.get(sending.slot, 0) > sending.id:
                self.note(Asked(sending.asking, "expired", "replaced"))
            else:
                self._carry_out([sending])

    def note(self, asked: Asked) -> None:
        """What became of a line, as the delivery notes it."""
        self.do(lambda turn: note_asked(turn.store, asked))

    # --- what came of it -------------------------------------------------------------------------------------

    def rounds(self, plan: int) -> list[str]:
        """The states of a plan's rounds, oldest first."""
        return [row["state"] for row in self.rows("SELECT state FROM rounds WHERE plan_id = ? ORDER BY number", plan)]

    def state(self, plan: int) -> str:
        """Where a plan stands."""
        return str(self.rows("SELECT state FROM plans WHERE id = ?", plan)[0]["state"])

    def asking(self, phone: Phone, plan: int, number: int = 1) -> Row:
        """What a round asks of somebody."""
        sql = "SELECT a.* FROM askings a JOIN rounds r ON r.id = a.round_id WHERE r.plan_id = ? AND r.number = ?"
        (row,) = self.rows(f"{sql} AND a.person_id = ?", plan, number, self.person(phone).id)
        return row

    def asked_after(self, transfer: int) -> Row:
        """What is asked after a transfer."""
        (row,) = self.rows("SELECT * FROM askings WHERE transfer_id = ?", transfer)
        return row

    def stands(self, phone: Phone, plan: int, number: int = 1) -> str:
        """The state of that, and why."""
        row = self.asking(phone, plan, number)
        return f"{row['state']} {row['reason']}".strip()

    def counted(self, plan: int, number: int = 1) -> Counter[str]:
        """How many are where."""
        sql = "SELECT a.state, a.reason FROM askings a JOIN rounds r ON r.id = a.round_id"
        rows = self.rows(f"{sql} WHERE r.plan_id = ? AND r.number = ?", plan, number)
        return Counter(f"{row['state']} {row['reason']}".strip() for row in rows)

    def heard(self, phone: Phone) -> list[datetime]:
        """When rounds wrote to somebody."""
        return [line.at for line in self.lines if line.chat == phone.chat]

    def order(self, phone: Phone) -> list[int]:
        """The askings of these lines."""
        return [line.asking for line in self.lines if line.chat == phone.chat]

    def _carry_out(self, sendings: Iterable[Sending]) -> None:
        going = [*sendings]
        super()._carry_out(going)
        for sending in going:
            if sending.method == "clear":
                self.emptied[sending.slot] = sending.id
            if sending.asking is not None:
                self.lines.append(Line(self.now, sending.person.chat, sending.asking))


def draft(instrument: str = "checkin", **fields: Any) -> Draft:
    """A plan for everyone, now and for three days, unless `fields` say otherwise."""
    plain = {
        "instrument": instrument,
        "version": VERSIONS[instrument],
        "audience": ["everyone", ""],
        "at": None,
        "repeat": "once",
        "times": None,
        "last": False,
        "window_hours": 72,
    }
    return cast(Draft, plain | fields)
