"""What a lead sees of a round without asking: one message that fills while it goes on, and ends with the result.

It stands in a slot of its own on the phone of whoever planned it; of all leads where nobody did, or where that person
cannot be reached any more.
"""

from __future__ import annotations

import json
from typing import Any, Final

from bot.gate import Purpose
from bot.rounds import state
from bot.screens import Payload, button, message
from bot.turn import Turn, slot_of
from conversations.lead.wording import PAUSED, headline, round_lines
from conversations.looks import PlanState
from conversations.text import Text, Words, _
from storage import people
from storage.people import Person

REDRAWN_AFTER: Final = 4
"""Seconds for which figures that were just drawn stay, however fast they change."""

COUNTED_A_SECOND: Final = 5_000
"""Clients for each of whom a round is counted a little more rarely: one of 100,000 every 20 seconds."""

BEGUN: Final = _("A round has begun.")
MISSED: Final = _("A round was missed.")
CLOSED: Final = _("A round has closed.")
HEADS: Final = {"started": BEGUN, "missed": MISSED, "closed": CLOSED}


def tell(turn: Turn, round_id: int, what: str) -> None:
    """A round has started, was missed, or has closed (`what`): a new message says so."""
    plan = _plan_of(turn, round_id)
    name = f"round.{round_id if what == 'missed' else plan['plan']}"  # the next one may start in the same moment
    for lead in _readers(turn, plan):
        turn.show(lead, slot_of(lead.id, name), draw(turn, plan, lead, HEADS[what]), Purpose.ANSWER, renew=True)
    _note(turn, round_id, _figures(plan))


def refresh(turn: Turn, round_id: int, beside: int = 1) -> None:
    """Draw a round that goes on anew, if its figures have changed and were not drawn a moment ago: the longer ago, the
    more rounds go on (`beside`), so that an alert in the same chat does not wait behind them. Whoever has taken the
    message away gets none before it closes."""
    row = turn.store.row("rounds", "one", id=round_id)
    told: dict[str, Any] = json.loads(row["told"]) if row is not None and row["told"] else {"at": 0, "figures": []}
    if turn.store.at - told["at"] < beside * _rest(told["figures"]):
        return
    plan = _plan_of(turn, round_id)
    figures, name = _figures(plan), f"round.{plan['plan']}"
    readers = [lead for lead in _readers(turn, plan) if _stands(turn, lead, name)]
    if figures != told["figures"]:
        for lead in readers:
            turn.show(lead, slot_of(lead.id, name), draw(turn, plan, lead, BEGUN), Purpose.EDIT)
    _note(turn, round_id, figures if readers else told["figures"])


def draw(turn: Turn, plan: PlanState, lead: Person, head: Text) -> Payload:
    """The message as a lead reads it."""
    lines: list[Words] = [head, headline(plan), *round_lines(plan), *([PAUSED] if plan["state"] == "paused" else [])]
    label = _("See the result") if head is CLOSED else _("Look at it")
    rows = [[button(label, f"!round.{plan['plan']}", turn.language_of(lead))]]
    return message("\n".join(turn.word(line, lead) for line in lines), rows)


def _plan_of(turn: Turn, round_id: int) -> PlanState:
    """The plan of a round, with the figures of that round."""
    found = state.find_plan(turn, turn.store.value("rounds", "plan_of", id=round_id), round_id)
    assert found is not None
    return found


def _readers(turn: Turn, plan: PlanState) -> list[Person]:
    """Who planned it; or all leads, where nobody did in this chat, or nobody can be reached there."""
    row = turn.store.row("plans", "one", id=plan["plan"])
    lead = turn.find(row["lead_id"]) if row is not None and row["lead_id"] is not None else None
    return [lead] if lead is not None and lead.is_reachable else people.reachable(turn.store, "lead")


def _stands(turn: Turn, lead: Person, name: str) -> bool:
    return turn.store.row("slots", "one", id=slot_of(lead.id, name)) is not None


def _figures(plan: PlanState) -> list[Any]:
    """What the message shows, as JSON."""
    return json.loads(json.dumps([plan["state"], plan["round"]]))  # type: ignore[no-any-return]


def _rest(figures: list[Any]) -> float:
    """Seconds for which what was counted stands."""
    clients = sum(figures[1]["counts"].values()) if figures else 0
    return max(REDRAWN_AFTER, clients / COUNTED_A_SECOND)


def _note(turn: Turn, round_id: int, figures: list[Any]) -> None:
    told = json.dumps({"at": turn.store.at, "figures": figures})
    turn.store.later("rounds", "tell", id=round_id, told=told)
