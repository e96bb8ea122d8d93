"""Through whose hands a transfer has gone, and who may hear of trouble with it: the one who handles money may be the
one who kept some.

Who marked it or changed its amount is known. Who handed it over is what somebody else says of them, and might be said
to silence them: so it keeps the one named last from what comes, never takes anything from somebody who was told, and
whoever was named before that and is not any more is told where nobody else is left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bot.turn import Turn
from storage import people
from storage.people import Person

MONEY: Final = "money"
"""The kind of an alert about trouble with money."""

SAFE: Final = "safe"
"""The rung that such an alert goes to."""

HANDLED: Final = frozenset({"sent", "repriced"})
"""Steps by which somebody has a hand in how much comes."""


class Touched(NamedTuple):
    """Ids of people: whose hands it was in for sure, and who is said, or was once said, to have handed it over."""

    sure: frozenset[int]
    named: frozenset[int]
    formerly: frozenset[int]


def touched(turn: Turn, client: Person, transfer: int) -> Touched:
    """What its steps tell. The client's caseworker, of then and of now, counts among the first."""
    sure, named = {client.caseworker}, []
    for step in turn.store.rows("transfer_steps", "of_transfer", transfer_id=transfer):
        if step["step"] in HANDLED:
            said = json.loads(client.box.open(step["body"], f"transfer_steps.body:{step['id']}"))
            sure |= {step["by_id"], said["caseworker"]}
            named += [said["handed_by"]] if "handed_by" in said else []
    known = frozenset(each for each in sure if each is not None)
    now, before = frozenset(named[-1:]) - {None}, frozenset(named[:-1]) - {None}
    return Touched(known, now - known, before - now - known)


def hands_of(turn: Turn, client: Person, about: Mapping[str, Any]) -> set[int]:
    """Who may know nothing of this trouble, whatever they are later; `about`: the body of an alert."""
    return {*about["hands"], *touched(turn, client, about["transfer"]).sure}


def ladder(turn: Turn, client: Person, transfer: int) -> list[list[Person]]:
    """Who is told, one rung after another: each of those the programme names, or else all its leads together."""
    named = turn.programme.safeguarding.people
    known = people.find_by_codes(turn.store, named) if named else {}
    everyone = [[known[code]] if code in known else [] for code in named]
    everyone = everyone or [people.find_by_role(turn.store, "lead")]
    hands = touched(turn, client, transfer)
    free = [[each for each in rung if _may_hear(each) and each.id not in hands.sure | hands.named] for rung in everyone]
    first = [[each for each in rung if each.id not in hands.formerly] for rung in free]
    return [*first, *([each for each in rung if each.id in hands.formerly] for rung in free)]


def _may_hear(person: Person) -> bool:
    return person.role in ("caseworker", "lead") and person.is_reachable
