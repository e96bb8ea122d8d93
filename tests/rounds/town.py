"""Many clients and two months, by chance: people change their minds, block the bot, wish for somebody, leave; leads
plan rounds that get in each other's way; Telegram cannot be reached, the process dies, days go by without it.

What a client wants is kept a second time, in `Life`, as they would say it themselves; nothing there is read from the
store.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.gate import NOW, Purpose, decide
from bot.marks import Asked
from bot.programme import Programme
from bot.tables import Asking
from bot.turn import Scene, Sending, Turn
from bot.turns import Taken
from conversations import acts
from conversations.instruments import CHECKIN, TRANSFER
from storage import sessions
from storage.sessions import Session
from tests.player import Phone
from tests.rounds.house import House

ZONES: Final = ("Asia/Yangon", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
REPEATS: Final = ("once", "once", "week", "2 weeks", "4 weeks", "month", "cron 30 1 * * *", "cron 0 9 * * mon,thu")
INSTRUMENTS: Final = ("checkin", "checkin", "needs", "followup")
AUDIENCES: Final = (["everyone", ""], ["everyone", ""], ["language", "en"], ["language", "my"])
HOURS: Final = ("any", "morning", "afternoon", "evening", "")
DAYS: Final = (0, 0, 0b0011111, 0b1100000, 0b0000100)
PURPOSES: Final = ("plan", "checkins", "first")

STALE: Final = 60
"""Seconds after which the delivery asks the gate again."""


@dataclass(slots=True)
class Life:
    """A client, by their own account."""

    id: int
    phone: Phone
    joined_at: datetime
    adult: bool | None
    speaks: str
    hours: str
    days: int
    agreed: set[str]
    plain: bool
    """Never does anything, and is always there."""
    less: bool = False
    left: bool = False
    erased_at: datetime | None = None
    """When everything about them goes."""
    blocked: bool = False
    paused_until: datetime | None = None
    wish: int | None = None
    talk: int | None = None
    wrote_at: datetime | None = None
    touched_at: datetime | None = None
    checked_in_at: datetime | None = None
    put_first_at: datetime | None = None
    money: dict[int, datetime] = field(default_factory=dict)
    """By transfer when it was sent."""


@dataclass(slots=True)
class Plan:
    """A plan, as its lead wants it; or a transfer, which nobody plans to ask about."""

    id: int
    instrument: str
    audience: Sequence[str]
    state: str = "active"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A line that came to a phone. `round`: of the plan; minus the transfer, where it follows one. `stale`: it had lain
    about; `noted`: the store will hear of it."""

    at: datetime
    life: Life
    asking: int
    round: int
    plan: Plan
    stale: bool
    noted: bool


@dataclass(slots=True)
class Weather:
    """What holds things up: for how long Telegram cannot be reached, and what waits for it."""

    closed_until: datetime
    held: list[Sending] = field(default_factory=list)


class Town(House):
    """`watch` sees every line in the moment in which it comes to a phone."""

    def __init__(self, seed: int, clients: int, watch: Callable[[Town, Arrival], None]) -> None:
        self.chance = chance = random.Random(seed)
        self.often = Asking(
            days_between=chance.choice((1, 3, 7, 7, 10)),
            checkin_days=chance.choice((7, 28, 28)),
            reminder_days=chance.choice((1, 3, 3, 5)),
        )
        programme = Programme(time_zone=chance.choice(ZONES), asking=self.often)
        began = datetime(2026, chance.choice((2, 10)), chance.randint(1, 28), 12, tzinfo=UTC)
        super().__init__(programme=programme, restarts=bool(seed % 2), at=began)
        self.began = began
        self.watch = watch
        self.arrivals: list[Arrival] = []
        self.opened: dict[int, tuple[Life, Plan, datetime]] = {}
        self.lives: dict[int, Life] = {}
        self.plans: dict[int, Plan] = {}
        self.weather = Weather(began)
        self._caseworker = self.staff("caseworker")
        for number in range(clients):
            self.join(plain=number < 10)
        self.plan_one(instrument="needs", audience=AUDIENCES[0], repeat="week", window_hours=60)

    # --- days go by ------------------------------------------------------------------------------------------

    def go_on(self, days: int) -> None:
        """Let that many days go by."""
        chance = self.chance
        while self.now < self.began + timedelta(days=days):
            is_down = chance.random() < 0.01
            minutes = chance.randint(60 * 5, 60 * 150) if is_down else chance.choice((5, 30, 90, 150, 240))
            self.now += timedelta(minutes=minutes, seconds=chance.randint(0, 59))
            for _ in range(chance.randint(0, 4 + min(minutes, 240) // 30)):
                self.live()
            if chance.random() < 0.03:
                self.lead()
            self._open_or_close()
            self.sweep()

    def end(self) -> None:
        """Everything is stopped, and what was on its way arrives; then a month goes by."""
        for plan in self.plans.values():
            self._steer(plan, "stop")
        for minutes in (1, 1, 1, 60 * 24 * 30, 1, 1):
            self.now += timedelta(minutes=minutes)
            self.weather.closed_until = self.now
            self._open_or_close()
            self.sweep()

    def _open_or_close(self) -> None:
        """Telegram can be reached again, or cannot for a while."""
        if self.now >= self.weather.closed_until:
            waited, self.weather.held = self.weather.held, []
            for sending in waited:
                self._leave(sending)
            if self.chance.random() < 0.05:
                self.weather.closed_until = self.now + timedelta(minutes=self.chance.randint(1, 2_000))

    # --- leads -----------------------------------------------------------------------------------------------

    def lead(self) -> None:
        """A lead plans something, or thinks better of it."""
        local = self.now.astimezone(self.programme.zone).replace(tzinfo=None)
        if len(self.plans) < 9 and self.chance.random() < 0.6:
            self.plan_one(
                instrument=self.chance.choice(INSTRUMENTS),
                audience=self.chance.choice(AUDIENCES),
                repeat=self.chance.choice(REPEATS),
                window_hours=self.chance.choice((6, 24, 72, 200, 400)),
                times=self.chance.choice((None, 2, 5)),
                at=f"{local + timedelta(hours=self.chance.randint(0, 90)):%Y-%m-%dT%H:%M}",
            )
        elif len(self.plans) > 1:
            self._steer(
                self.chance.choice([*self.plans.values()][1:]),
                self.chance.choice(("pause", "pause", "resume", "resume", "resume", "stop")),
            )

    def plan_one(self, **fields: Any) -> None:
        """One more plan."""
        id_ = self.plan(**fields)
        self.plans[id_] = Plan(id_, fields["instrument"], fields["audience"])

    def _steer(self, plan: Plan, way: str) -> None:
        if self.steer(plan.id, way) == "done":
            plan.state = {"pause": "paused", "resume": "active", "stop": "stopped"}[way]

    # --- clients ---------------------------------------------------------------------------------------------

    def join(self, *, plain: bool = False) -> None:
        """Somebody comes in."""
        chance = self.chance
        adult = True if plain else chance.choice((True,) * 18 + (False, None))
        speaks = "en" if plain else chance.choice(("en", "en", "my", "my", "th"))
        hours, days = ("any", 0) if plain else (chance.choice(HOURS), chance.choice(DAYS))
        agreed = {each for each in PURPOSES if plain or chance.random() < 0.93}
        consents = [each for each in PURPOSES if each in agreed]
        phone = self.client(
            consents=consents, first="first" in agreed, adult=adult, language=speaks, hours=hours, days=days
        )
        self.lives[phone.chat] = life = Life(
            self.person(phone).id, phone, self.now, adult, speaks, hours, days, agreed, plain
        )
        if plain or chance.random() < 0.7:
            life.put_first_at = self.now
            self.put_first(phone)

    def live(self) -> None:
        """Something happens to somebody."""
        if self.chance.random() < 0.02:
            self.join()
            return
        waiting = [self.lives[each.person.chat] for each in self.weather.held]
        is_tender = waiting and self.chance.random() < 0.3  # what is on its way meets most
        some = waiting if is_tender else self.lives.values()
        there = [each for each in some if not each.plain and not self.is_gone(each)]
        if not there:
            return
        life, happening = self.chance.choice(there), self.chance.choice(HAPPENINGS)
        if life.blocked:  # whoever has blocked a chat says nothing in it
            self.blocks_or_comes_back(life)
        elif life.agreed < {*PURPOSES} and not life.left and self.chance.random() < 0.5:
            self._answer(life, min({*PURPOSES} - life.agreed))  # most think better of a No, or this were a silent town
        else:
            happening(self, life)

    def is_gone(self, life: Life) -> bool:
        """Whether everything about them is, or may be, erased by now."""
        return life.erased_at is not None and life.erased_at <= self.now

    def hours_change(self, life: Life) -> None:
        life.hours = self.chance.choice(HOURS[:-1])
        self.say(life.phone, acts.ChooseHours(life.hours))

    def days_change(self, life: Life) -> None:
        life.days = self.chance.choice(DAYS)
        self.say(life.phone, acts.ChooseDays(life.days))

    def asks_for_less(self, life: Life) -> None:
        life.less = not life.less
        self.say(life.phone, acts.AskLess(life.less))

    def pauses(self, life: Life) -> None:
        until = self.now + timedelta(hours=self.chance.randint(5, 300))
        life.paused_until = None if life.paused_until else until
        self.say(life.phone, acts.Pause(int(until.timestamp()) if life.paused_until else None))

    def agrees_or_not(self, life: Life) -> None:
        self._answer(life, self.chance.choice(PURPOSES))

    def _answer(self, life: Life, purpose: str) -> None:
        life.agreed ^= {purpose}
        self.say(life.phone, acts.Consent(purpose, purpose in life.agreed, ()))

    def leaves_or_comes_back(self, life: Life) -> None:
        if not life.left and self.chance.random() < 0.5:
            return
        life.left = not life.left
        if life.left:
            self.say(life.phone, acts.Leave())
            life.agreed, life.paused_until, life.wish, life.talk = set(), None, None, None
            return
        self.say(life.phone, acts.ComeBack())
        for purpose in PURPOSES:
            self._answer(life, purpose)

    def wants_to_be_erased(self, life: Life) -> None:
        wait = self.chance.choice((0, 24, 72))
        if life.erased_at is not None:
            life.erased_at = None
            self.say(life.phone, acts.EraseLater(None))
        elif wait:
            life.erased_at = self.now + timedelta(hours=wait)
            self.say(life.phone, acts.EraseLater(int(life.erased_at.timestamp())))
        elif self.chance.random() < 0.3:
            life.erased_at = self.now
            self.say(life.phone, acts.Erase())

    def blocks_or_comes_back(self, life: Life) -> None:
        if not life.blocked and self.chance.random() < 0.5:
            return
        life.blocked = not life.blocked
        if not life.blocked or self.chance.random() < 0.5:  # Telegram does not always say so
            self.change(life.phone, blocked_at=self.at if life.blocked else None)

    def wishes_for_somebody(self, life: Life) -> None:
        if life.wish is None:
            life.wish = self.wish(life.phone)
        else:
            self.connection.execute("UPDATE alerts SET state = 'closed' WHERE id = ?", (life.wish,))
            life.wish = None

    def talks(self, life: Life) -> None:
        if life.talk is not None and self.chance.random() < 0.4:
            self.connection.execute("UPDATE talks SET closed_at = ? WHERE id = ?", (self.at, life.talk))
            life.talk = None
            return
        client, staff = self.person(life.phone).id, self.person(self._caseworker).id

        def write(turn: Turn) -> int:
            talk, line = life.talk or turn.store.new_id(), turn.store.new_id()
            both = {"client_id": client, "staff_id": staff}
            if life.talk is None:
                turn.store.later("talks", "insert", id=talk, **both, alert_id=None, opened_at=self.at)
            said = {"talk_id": talk, "sender_id": staff, "session_id": line, "number": 0, "body": b"", "at": self.at}
            turn.store.later("lines", "insert", id=line, **said)
            return talk

        life.talk, life.wrote_at = self.do(write), self.now

    def looks_in(self, life: Life) -> None:
        """They are in the middle of something."""

        def touch(turn: Turn, scene: Scene) -> None:
            live = scene.live
            if live is not None and live.script != "needs":
                live.state = "done"
                sessions.save(turn.store, scene.person, live)
            if live is None or live.state == "done":
                live = Session(turn.store.new_id(), scene.person.id, "needs", "live", {})
            live.touched_at = self.at
            sessions.save(turn.store, scene.person, live)

        self.act(life.phone, touch)
        life.touched_at = self.now

    def gets_money(self, life: Life) -> None:
        """It was sent, and has come, or has not, or they do not say; or they say another thing of it than before."""
        if not life.adult:
            return
        transfer = self.chance.choice([*life.money, None]) or self.pay(life.phone)
        life.money.setdefault(transfer, self.now)
        state = self.chance.choice(("received", "received", "part", "notyet", None))
        if state is not None:
            self.say(life.phone, acts.AnswerTransfer(transfer, state))

    def opens(self, life: Life) -> None:
        """What was asked of them, by the line or from the menu; then they answer, do not want to, or stop halfway."""
        sql = "SELECT id FROM askings WHERE person_id = ? AND (state IN ('sent', 'opened', 'unsent')"
        rows = self.rows(f"{sql} OR transfer_id IS NOT NULL) ORDER BY id DESC", self.person(life.phone).id)
        asked = [row["id"] for row in rows][:3]
        if not asked:
            return
        asking = self.chance.choice(asked)
        found = self.say(life.phone, acts.OpenAsking(asking))
        if found is None or "over" in found:
            return
        self.opened.setdefault(asking, (life, self._what_asks(asking)[1], self.now))
        self.looks_in(life)
        if found["instrument"] == CHECKIN.name:
            self._check_in(life, asking)
        done = self.chance.choice((acts.FinishAsking(asking), acts.DeclineAsking(asking), None))
        if done is not None:
            self.say(life.phone, done)

    def checks_in(self, life: Life) -> None:
        """Of their own accord."""
        self._check_in(life, None)

    def _check_in(self, life: Life, asking: int | None) -> None:
        self.say(life.phone, acts.BeginSitting(CHECKIN.name, CHECKIN.version, asking=asking))
        life.checked_in_at = self.now

    # --- what is sent ----------------------------------------------------------------------------------------

    def _settle(self, taken: Taken) -> None:
        gone = taken.erased
        self.weather.held = [each for each in self.weather.held if not each.tells_of(gone)]
        super()._settle(taken)

    def _carry_out(self, sendings: Iterable[Sending]) -> None:
        for sending in sendings:
            if sending.slot is not None and sending.slot.endswith(".ask"):
                for older in [each for each in self.weather.held if each.slot == sending.slot]:
                    self.weather.held.remove(older)
                    self._conclude(older, "expired", "replaced")
            if sending.asking is None:
                super()._carry_out([sending])
            elif self.now < self.weather.closed_until or self.chance.random() < 0.3:
                self.weather.held.append(sending)
            else:
                self._leave(sending)

    def _leave(self, sending: Sending) -> None:
        """As the delivery does it: the gate is asked again about what has lain about."""
        life, stale = self.lives[sending.person.chat], self.at - sending.created_at >= STALE
        queued_at = datetime.fromtimestamp(sending.created_at, UTC)
        person, zone = self.person(life.phone), self.programme.zone
        decision = decide(Purpose.ROUND, person, zone, self.now, queued_at) if stale else NOW
        assert stale or person.blocked_at is None, "they are known to have blocked the bot"
        luck = self.chance.random()
        if sending.expires_at is not None and sending.expires_at <= self.at:
            self._conclude(sending, "expired", "too old")
        elif decision.never:
            self._conclude(sending, "blocked", decision.reason)
        elif decision.not_before is not None:
            self._conclude(sending, "expired", "later")
        elif life.blocked:
            self._conclude(sending, "blocked", "blocked")
            self.change(life.phone, blocked_at=self.at)
        elif luck < 0.005:
            self._conclude(sending, "failed", "refused")
        elif luck < 0.02:  # it arrives, and the process dies before that is noted
            self._arrive(sending, stale=stale, noted=False)
            self.do(lambda turn: turn.store.now_or_not("askings", "doubt"))
            self.weather.held.append(sending)
        else:
            super()._carry_out([sending])
            self._arrive(sending, stale=stale, noted=True)

    def _conclude(self, sending: Sending, state: str, reason: str) -> None:
        assert sending.asking is not None
        asked = Asked(sending.asking, state, reason)
        self.do(lambda turn: turn.store.later("outbox", "settle", id=sending.id, state=state, reason=reason))
        self.note(asked)

    def _arrive(self, sending: Sending, *, stale: bool, noted: bool) -> None:
        assert sending.asking is not None
        round_, plan = self._what_asks(sending.asking)
        life = self.lives[sending.person.chat]
        arrival = Arrival(self.now, life, sending.asking, round_, plan, stale, noted)
        self.watch(self, arrival)
        self.arrivals.append(arrival)

    def _what_asks(self, asking: int) -> tuple[int, Plan]:
        """The round, and its plan; or minus the transfer."""
        sql = "SELECT a.transfer_id, r.id, r.plan_id FROM askings a LEFT JOIN rounds r ON r.id = a.round_id"
        (row,) = self.rows(f"{sql} WHERE a.id = ?", asking)
        if row["transfer_id"] is None:
            return row["id"], self.plans[row["plan_id"]]
        return -row["transfer_id"], Plan(row["transfer_id"], TRANSFER.name, ())


HAPPENINGS: Final = (
    *(Town.hours_change, Town.days_change, Town.asks_for_less, Town.pauses, Town.agrees_or_not),
    *(Town.leaves_or_comes_back, Town.wants_to_be_erased, Town.blocks_or_comes_back, Town.checks_in),
    *(Town.wishes_for_somebody, Town.talks, Town.looks_in, *(Town.opens,) * 9, *(Town.gets_money,) * 2),
)
