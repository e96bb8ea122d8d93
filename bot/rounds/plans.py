"""Plans: a lead's wish to ask something, once or again and again, and each time it comes round.

A round whose time has come starts, also late, as long as its window is open and the next one is not due yet; else it
is missed. So whatever happened meanwhile, at most one round of a plan starts, and leads are told once of those that
were missed. One that comes due while its plan is paused waits in the same way, and is missed in silence. Rounds are
counted by the calendar: a missed one is one of the `times`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice, takewhile
from typing import Final

from bot import forms
from bot.rounds import asking, calendar, dryrun, progress, result
from bot.turn import Turn
from conversations.looks import Draft
from conversations.script import Json
from storage.store import Row

STEERED: Final = {"pause": "paused", "resume": "active", "stop": "stopped"}
GOES_ON: Final = frozenset({"planned", "running", "closing"})


def make_plan(turn: Turn, lead: int | None, draft: Draft) -> dict[str, Json]:
    """Plan it, with its first round; the instrument stays from now on as it is. `lead`: None from the command line.
    Back: as `PlanRound` says."""
    refused = dryrun.refuse(turn, draft)
    if refused:
        return {"refused": refused}
    times = dryrun.read_times(turn, draft)
    store, id_ = turn.store, turn.store.new_id()
    forms.freeze(turn, draft["instrument"], draft["version"])
    store.later(
        "plans",
        "insert",
        id=id_,
        lead_id=lead,
        instrument=draft["instrument"],
        version=draft["version"],
        audience=json.dumps(draft["audience"]),
        anchor=times.anchor,
        zone=turn.programme.time_zone,
        repeat=draft["repeat"],
        times=dryrun.times_of(draft["repeat"], draft["times"]),
        window_hours=draft["window_hours"],
        last=int(draft["last"]),
        stamp=1,
        at=store.at,
    )
    _add_round(turn, _plan(turn, id_), 1, times.starts[0])
    return {"plan": id_}


def steer(turn: Turn, who: int | None, plan: int, stamp: int, way: str) -> dict[str, Json]:
    """Pause, resume or stop a plan as it was when `stamp` was read. A pause holds what was not sent; a stop ends the
    round that is running. Back: as `SteerPlan` says."""
    store = turn.store
    state = STEERED[way]
    if not store.now_or_not("plans", "steer", id=plan, stamp=stamp, state=state, at=store.at, lead_id=who):
        known = store.row("plans", "one", id=plan)
        return {"outcome": "changed" if known is not None and known["state"] in ("active", "paused") else "over"}
    if way != "resume":
        asking.hold_plan(turn, plan)
    if way == "stop":
        store.later("rounds", "close_now", plan_id=plan, now=store.at)
        store.later("rounds", "drop_planned", plan_id=plan, now=store.at)
    return {"outcome": "done"}


def due(turn: Turn) -> Iterator[Callable[[Turn], None]]:
    """What has become due of plans and rounds, one by one. Leads are told apart from it: should that fail, the round
    goes on all the same."""
    store = turn.store
    news: list[tuple[int, str]] = []
    for plan in dict.fromkeys(row["plan_id"] for row in store.rows("rounds", "due", now=store.at)):
        yield partial(_come_round, plan_id=plan, news=news)
    for row in store.rows("rounds", "over", now=store.at):
        yield partial(_turn_to, round_id=row["id"], was="running", state="closing")
    for row in store.rows("rounds", "closing"):
        if row["reached"] < 0 and not store.rows("askings", "to_close", round_id=row["id"], most=1):
            yield partial(_conclude, round_id=row["id"], news=news)
    for round_id, what in news:
        yield partial(progress.tell, round_id=round_id, what=what)
    running = store.rows("rounds", "running")
    for row in running:
        yield partial(progress.refresh, round_id=row["id"], beside=len(running))


def _come_round(turn: Turn, plan_id: int, news: list[tuple[int, str]]) -> None:
    """The newest round whose time has come starts, where it still can; those before it are missed."""
    plan = _plan(turn, plan_id)
    known = _waiting(turn, plan)[-1]["number"]
    for number, start in takewhile(lambda each: each[1] <= turn.now, _comings(plan, known)):
        _add_round(turn, plan, number, start)
    *missed, newest = _waiting(turn, plan)
    goes_on = plan["state"] == "active"
    if newest["closes_at"] <= turn.store.at:
        missed.append(newest)
    elif goes_on:
        _turn_to(turn, newest["id"], "planned", "running")
    for row in missed:
        _turn_to(turn, row["id"], "planned", "missed")
    if goes_on or newest in missed:
        for number, start in islice(_comings(plan, newest["number"]), 1):
            _add_round(turn, plan, number, start)
    _end_plan(turn, plan_id)
    if goes_on and missed:
        news.append((missed[-1]["id"], "missed"))
    if goes_on and newest not in missed:
        news.append((newest["id"], "started"))


def _conclude(turn: Turn, round_id: int, news: list[tuple[int, str]]) -> None:
    """The last asking of a round is done: what came of it is worked out, and stays."""
    text = result.conclude(turn, round_id)
    if turn.store.now_or_not("rounds", "conclude", id=round_id, now=turn.store.at, result=text):
        _end_plan(turn, turn.store.value("rounds", "plan_of", id=round_id))
        news.append((round_id, "closed"))


def _turn_to(turn: Turn, round_id: int, was: str, state: str) -> None:
    at = turn.store.at
    began_at = at if state == "running" else None
    ended_at = at if state == "missed" else None
    turn.store.later("rounds", "turn", id=round_id, was=was, state=state, began_at=began_at, ended_at=ended_at)


def _end_plan(turn: Turn, plan_id: int) -> None:
    """A plan whose last round is over is over itself."""
    if not GOES_ON & {row["state"] for row in turn.store.rows("rounds", "of_plan", plan_id=plan_id)}:
        turn.store.later("plans", "end", id=plan_id)


def _plan(turn: Turn, plan_id: int) -> Row:
    plan = turn.store.row("plans", "one", id=plan_id)
    assert plan is not None
    return plan


def _waiting(turn: Turn, plan: Row) -> list[Row]:
    """The rounds of a plan that should have started by now, oldest first."""
    return [row for row in turn.store.rows("rounds", "due", now=turn.store.at) if row["plan_id"] == plan["id"]]


def _comings(plan: Row, number: int) -> Iterator[tuple[int, datetime]]:
    """The numbers of the rounds after that one, and when they start."""
    starts = calendar.starts(plan["anchor"], plan["zone"], plan["repeat"])
    return enumerate(islice(starts, number, plan["times"]), number + 1)


def _add_round(turn: Turn, plan: Row, number: int, start: datetime) -> None:
    closes = start + timedelta(hours=plan["window_hours"])
    is_last = number == plan["times"] and (number > 1 or plan["last"])
    turn.store.later(
        "rounds",
        "insert",
        id=turn.store.new_id(),
        plan_id=plan["id"],
        number=number,
        last=int(is_last),
        starts_at=int(start.timestamp()),
        closes_at=int(closes.timestamp()),
    )
