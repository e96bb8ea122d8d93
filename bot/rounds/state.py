"""Plans, and the rounds they have come to, as leads read them; whom and what can be asked."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Final

from bot import looks
from bot.forms import askable, find_form
from bot.rounds import calendar, result, wording
from bot.rounds.counts import count
from bot.rounds.dryrun import hide_small
from bot.turn import Scene, Turn
from conversations.instruments import NEEDS
from conversations.looks import (
    Audience,
    LookAudiences,
    LookInstruments,
    LookPlan,
    LookPlans,
    LookResult,
    LookRule,
    PlanState,
    RoundState,
)
from conversations.script import Json
from conversations.text import Words
from storage.store import Row

MOST_PLANS: Final = 200
"""Plans that are listed at most."""

BEGUN: Final = frozenset({"running", "closing", "closed", "missed"})


def list_plans(turn: Turn) -> list[PlanState]:
    """Every plan, those that go on first; without figures."""
    return [_state(turn, row) for row in turn.store.rows("plans", "all", most=MOST_PLANS)]


def find_plan(turn: Turn, plan: int, round_id: int | None = None) -> PlanState | None:
    """One plan, with the figures of this round, or else of the newest one; None if there is none such."""
    row = turn.store.row("plans", "numbered", id=plan)
    if row is None:
        return None
    found = _state(turn, row, round_id)
    if found["round"] is not None:
        figures = count(turn, found["round"]["round"])
        found["round"].update({"counts": figures.counts, "reasons": figures.reasons, "doubts": figures.doubts})
    return found


def title_of(turn: Turn, instrument: str, version: int) -> dict[str, str]:
    """What an instrument is called, by language; its name where it is gone."""
    if instrument == NEEDS.name:
        return dict(NEEDS.question.wordings)
    form = find_form(turn, instrument, version)
    return {"en": instrument} if form is None else dict(form.title.wordings)


def name_of(turn: Turn, person: int | None) -> str:
    """What a member of staff is called; "" for nobody, and for who is gone."""
    found = None if person is None else turn.find(person)
    return "" if found is None else found.shown


def _state(turn: Turn, row: Row, round_id: int | None = None) -> PlanState:
    rounds = turn.store.rows("rounds", "of_plan", plan_id=row["id"])
    begun = [each for each in rounds if each["state"] in BEGUN and round_id in (None, each["id"])]
    planned = [each for each in rounds if each["state"] == "planned"]
    audience: list[str] = json.loads(row["audience"])
    return PlanState(
        plan=row["id"],
        number=row["number"],
        stamp=row["stamp"],
        instrument=row["instrument"],
        title=title_of(turn, row["instrument"], row["version"]),
        audience=audience,
        audience_name=name_of(turn, int(audience[1])) if audience[0] == "caseload" else "",
        state=row["state"],
        repeat=row["repeat"],
        times=row["times"],
        window_hours=row["window_hours"],
        zone=row["zone"],
        by=name_of(turn, row["lead_id"]),
        changed_by=name_of(turn, row["changed_by"]),
        changed_at=row["changed_at"],
        next_at=planned[0]["starts_at"] if planned and row["state"] == "active" else None,
        round=_round(begun[-1]) if begun else None,
        results=[[each["id"], each["number"]] for each in reversed(rounds) if each["result"] is not None],
    )


def _round(row: Row) -> RoundState:
    """A round that nothing of was counted yet."""
    return RoundState(
        round=row["id"],
        number=row["number"],
        last=bool(row["last"]),
        state="closed" if row["state"] == "closing" else row["state"],
        starts_at=row["starts_at"],
        closes_at=row["closes_at"],
        counts={},
        reasons=[],
        doubts=0,
    )


# --- what scripts look at --------------------------------------------------------------------------------------


@looks.read.register
def _look_plans(query: LookPlans, turn: Turn, scene: Scene) -> Json:
    return list_plans(turn) if scene.person.role == "lead" else []


@looks.read.register
def _look_plan(query: LookPlan, turn: Turn, scene: Scene) -> Json:
    return find_plan(turn, query.plan) if scene.person.role == "lead" else None


@looks.read.register
def _look_instruments(query: LookInstruments, turn: Turn, scene: Scene) -> Json:
    return askable(turn)


@looks.read.register
def _look_rule(query: LookRule, turn: Turn, scene: Scene) -> Json:
    try:
        calendar.check(query.rule)
    except ValueError as error:
        return str(error)
    return ""


@looks.read.register
def _look_audiences(query: LookAudiences, turn: Turn, scene: Scene) -> Json:
    """Small groups without their number; and where they could be told by it, others too."""
    if scene.person.role != "lead":
        return []
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for row in turn.store.rows("people", "audiences"):
        groups[row["kind"]][row["which"]] = row["clients"]
    return [
        Audience(by=by, which=which, name=name_of(turn, int(which)) if by == "caseload" else which, clients=clients)
        for by, found in groups.items()
        for which, clients in hide_small(found).items()
    ]


@looks.read.register
def _look_result(query: LookResult, turn: Turn, scene: Scene) -> list[Words] | None:
    row = turn.store.row("rounds", "one", id=query.round)
    if row is None or row["result"] is None or scene.person.role != "lead":
        return None
    return wording.lines(result.read(row["result"]))
