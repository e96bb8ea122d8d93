"""Who is asked in a round: everybody it is for is gathered, asked in their own safe hours, reminded once, then left.

All of it goes in small pieces, each a transaction of its own, so that nobody's answer waits behind a round. What
follows a transfer (`bot.cash.asking`) is asked in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot import checkins, looks
from bot.forms import languages_of
from bot.rounds.budget import BLOCKED, CONSENTS, EARLIEST, LATEST, Verdict, Wanted, weigh
from bot.talks import BLAND
from bot.turn import ROUND, Scene, Turn, slot_of
from conversations.instruments import FOLLOWUP, TRANSFER
from conversations.looks import Asking, LookAsking
from conversations.script import Json
from storage import people
from storage.people import Person
from storage.store import Row, listed

GATHERED: Final = 200
"""Clients who are gathered in one piece."""

CLOSED: Final = 200
"""Askings that are closed in one piece."""

ENDLESS: Final = 2**62
"""Closes at no time: what keeps somebody from being asked then is never only the hour."""


def go_on(turn: Turn, round_: Row, most: int) -> bool:
    """One small piece of what a round has to do: gather some of its clients, and ask at most so many whose time has
    come, or, once it is over, end it for some; whether there was anything to do. `round_`: a row of `rounds.asking`."""
    gathered = _gather(turn, round_)
    ended = round_["state"] == "closing"
    return (_close(turn, round_) if ended else _ask(turn, round_, most)) or gathered


def want(turn: Turn, instrument: str, version: int, closes_at: int, clients: Collection[int], at: int) -> Wanted:
    """What is wanted of these clients (ids) at that time (epoch seconds), as the budget weighs it."""
    due = checkins.due_among(turn, clients, at).keys() if instrument == FOLLOWUP.name else None
    return Wanted(instrument, closes_at, languages_of(turn, instrument, version), due=due)


def _want(turn: Turn, round_: Row, rows: Iterable[Row]) -> Wanted:
    """What a round wants of these clients now."""
    clients = [row["person_id"] for row in rows]
    return want(turn, round_["instrument"], round_["version"], round_["closes_at"], clients, turn.store.at)


def candidates(turn: Turn, audience: str, reached: int) -> tuple[list[Row], int]:
    """The next clients of an audience after `reached`, as the budget weighs them, and how far that comes (-1: to the
    end)."""
    by, which = json.loads(audience)
    piece = {"after": reached, "most": GATHERED}
    found = turn.store.rows("people", "of_audience", by=by, which=which, **piece)
    return _facts(turn, [row["id"] for row in found]), people.next_piece(turn.store, **piece) or -1


def _facts(turn: Turn, clients: Sequence[int] | Mapping[int, int]) -> list[Row]:
    """What the budget must know of these clients: ids, or ids by the asking that does not count against itself."""
    return turn.store.rows("askings", "facts", people=json.dumps(clients), now=turn.store.at)


def _gather(turn: Turn, round_: Row) -> bool:
    """Go on with the next people, by their ids; whether there was still something to gather. Of a round that is over
    the rest is gathered too, so that also for them it is known why they were not asked."""
    store, over, reached = turn.store, _over(round_), round_["reached"]
    if reached < 0:
        return False
    rows, reached = candidates(turn, round_["audience"], reached)
    wanted = _want(turn, round_, rows)
    for row in rows:
        verdict = weigh(row, wanted._replace(closes_at=ENDLESS) if over else wanted, turn.programme, turn.now)
        if over and verdict.at is not None:
            verdict = Verdict(False, None, over)
        store.later(
            "askings",
            "insert",
            id=store.new_id(),
            round_id=round_["id"],
            person_id=row["person_id"],
            state="waiting" if verdict.at is not None else _state_of(verdict.reason),
            reason=verdict.reason,
            due_at=verdict.at or store.at,
        )
    store.later("rounds", "reach", id=round_["id"], reached=reached)
    return True


def _ask(turn: Turn, round_: Row, most: int) -> bool:
    """Ask whose time has come in a round; whether there was anybody."""
    rows = turn.store.rows("askings", "due", round_id=round_["id"], now=turn.store.at, most=most)
    wanted = _want(turn, round_, rows)
    ask(turn, [(row, wanted) for row in rows])
    return bool(rows)


def ask(turn: Turn, due: Sequence[tuple[Row, Wanted]]) -> None:
    """Ask whose time has come, or remind them, as far as the budget lets it be now; the rest waits, or is left out.
    `due`: a row of `askings.due` or its like for each, and what it wants."""
    if not due:
        return
    found = _facts(turn, {row["id"]: row["person_id"] for row, _wanted in due})
    facts = {each["asking_id"]: each for each in found}
    now: list[tuple[Row, int]] = []
    for row, wanted in due:
        since = row["sent_at"] if row["state"] == "sent" else None
        verdict = weigh(facts[row["id"]], wanted._replace(reminds_of=since), turn.programme, turn.now)
        if verdict.send:
            now.append((row, wanted.closes_at))
        else:
            _put_off(turn, row, verdict, wanted.closes_at)
    known = people.find_by_ids(turn.store, [row["person_id"] for row, _closes_at in now]) if now else {}
    for row, closes_at in now:
        _note(turn, row, closes_at)
        turn.ask(known[row["person_id"]], BLAND, row["id"], closes_at)


def _note(turn: Turn, row: Row, closes_at: int) -> None:
    store = turn.store
    if row["state"] == "sent":
        store.later("askings", "remind", id=row["id"], now=store.at, due_at=closes_at)
    else:
        after = timedelta(days=turn.programme.asking.reminder_days)
        store.later("askings", "queue", id=row["id"], due_at=store.at + int(after.total_seconds()))


def _put_off(turn: Turn, row: Row, verdict: Verdict, closes_at: int) -> None:
    """Later, or not at all; somebody who was asked is not reminded then."""
    if verdict.at is None and verdict.reason == BLOCKED:
        turn.store.later("askings", "blocked", id=row["id"])
    elif row["state"] == "sent":
        due_at = closes_at if verdict.at is None else verdict.at
        turn.store.later("askings", "put_off", id=row["id"], due_at=due_at)
    elif verdict.at is None:
        leave_out(turn, row["id"], verdict.reason)
    else:
        turn.store.later("askings", "wait", id=row["id"], reason=verdict.reason, due_at=verdict.at)


def leave_out(turn: Turn, asking: int, reason: str) -> None:
    """It is not asked at all."""
    turn.store.later("askings", "leave_out", id=asking, reason=reason)


def _close(turn: Turn, round_: Row) -> bool:
    """End what nobody has opened in a round that is over, some at a time; whether there was any."""
    rows = turn.store.rows("askings", "to_close", round_id=round_["id"], most=CLOSED)
    close(turn, [row["id"] for row in rows], _over(round_))
    return bool(rows)


def close(turn: Turn, askings: Sequence[int], reason: str) -> None:
    """End these, as far as they were not opened, and take their lines away. `reason`: why whoever was not asked is
    not."""
    standing = turn.store.rows("askings", "standing", ids=listed(askings)) if askings else ()
    for asking in askings:
        turn.store.later("askings", "close", id=asking, now=turn.store.at, reason=reason)
    _take_away(turn, standing)


def _over(round_: Row) -> str:
    """Why whoever was not asked will not be, in a round that is over; "" while it goes on."""
    if round_["state"] != "closing":
        return ""
    return "stopped" if round_["plan_state"] == "stopped" else "late"


def _state_of(reason: str) -> str:
    """How an asking ends that is never sent: who has blocked the bot is not one of those left out."""
    return BLOCKED if reason == BLOCKED else "unsent"


def hold_plan(turn: Turn, plan: int) -> None:
    """A lead pauses or stops a plan: what was handed over and has not left yet waits again."""
    _hold(turn, turn.store.rows("askings", "on_way_of_plan", plan_id=plan))


def hold_person(turn: Turn, person: Person) -> None:
    """Something has changed in when a client may be asked: what is on its way to them is weighed anew."""
    _hold(turn, turn.store.rows("askings", "on_way_of_person", person_id=person.id))


def _hold(turn: Turn, rows: Iterable[Row]) -> None:
    rows = [*rows]
    for row in rows:
        turn.store.later("askings", "wait", id=row["id"], reason="", due_at=turn.store.at)
    _take_away(turn, rows)


def _take_away(turn: Turn, rows: Iterable[Row]) -> None:
    """The lines of these askings, whether they stand or are on their way."""
    wanted = [row["person_id"] for row in rows]
    for person in people.find_by_ids(turn.store, wanted).values() if wanted else ():
        turn.clear(person, slot_of(person.id, "ask"), lane=ROUND)


def withdraw(turn: Turn, person: Person, reason: str) -> None:
    """A client does not want to be asked any more: nothing more goes to them, and the line that stands goes away."""
    turn.store.now_or_not("askings", "withdraw", person_id=person.id, reason=reason)
    turn.clear(person, slot_of(person.id, "ask"))


def block(turn: Turn, person: Person) -> None:
    """A client blocks the bot: what they have not opened they will not open."""
    turn.store.later("askings", "block_person", person_id=person.id)


def open_asking(turn: Turn, person: Person, asking: int) -> Json:
    """A client opens what they are asked. Back: as `OpenAsking` says."""
    row = turn.store.row("askings", "one", id=asking, since=turn.store.at - LATEST)
    if row is None or row["person_id"] != person.id:
        return None
    if row["state"] in ("answered", "declined"):
        return {"over": row["state"]}
    if not row["is_open"] or not _agrees(turn, person):
        return None
    if not turn.store.now_or_not("askings", "open", id=asking, person_id=person.id, now=turn.store.at):
        return None
    hold_person(turn, person)
    version = row["version"] or TRANSFER.version  # what follows a transfer has no plan that says it
    opened = {"instrument": row["instrument"], "version": version, "last": bool(row["last"])}
    return opened | ({"transfer": row["transfer_id"]} if row["transfer_id"] is not None else {})


def finish(turn: Turn, person: Person, asking: int, state: str) -> None:
    """A client has answered it, or does not want to now."""
    turn.store.later("askings", "finish", id=asking, person_id=person.id, state=state, now=turn.store.at)


def _agrees(turn: Turn, person: Person) -> bool:
    """Whether they agree to be asked, and that answers are kept, as it stands now."""
    return len(looks.granted_to(turn, person) & {"plan", "checkins"}) == CONSENTS


def offered(turn: Turn, person: Person) -> list[Row]:
    """What this client is asked now, what they were written to about first; rows of `askings.offered`."""
    at = turn.store.at
    rows = turn.store.rows("askings", "offered", person_id=person.id, since=at - LATEST, until=at - EARLIEST)
    return rows if rows and _agrees(turn, person) else []


@looks.read.register
def _look_asking(query: LookAsking, turn: Turn, scene: Scene) -> Json:
    for row in offered(turn, scene.person):
        return Asking(asking=row["id"], instrument=row["instrument"], begun=row["state"] == "opened")
    return None
