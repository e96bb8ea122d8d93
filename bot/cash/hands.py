"""Through whose hands a transfer has gone, and who may hear of trouble with it: the one who handles money may be the
one who kept some."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.turn import Turn
from storage import people
from storage.people import Person

MONEY: Final = "money"
"""The kind of an alert about trouble with money."""

SAFE: Final = "safe"
"""The rung that such an alert goes to."""


def hands_of(turn: Turn, client: Person, about: Mapping[str, Any]) -> set[int]:
    """Who may never hear of this trouble, whatever they are later: everybody who ever marked that money as sent or
    handed it over, and the client's caseworker, now and when it was told. `about`: the body of an alert."""
    hands = {client.caseworker, *about.get("hands", ())}
    for step in turn.store.rows("transfer_steps", "of_transfer", transfer_id=about["transfer"]):
        if step["step"] == "sent":
            said = json.loads(client.box.open(step["body"], f"transfer_steps.body:{step['id']}"))
            hands |= {step["by_id"], said["handed_by"]}
    return {hand for hand in hands if hand is not None}


def ladder(turn: Turn, client: Person, about: Mapping[str, Any]) -> list[list[Person]]:
    """Who is told, one rung after another: each of those the programme names, or else all its leads together."""
    named = turn.programme.safeguarding.people
    known = people.find_by_codes(turn.store, named) if named else {}
    rungs = [[known[code]] if code in known else [] for code in named]
    rungs = rungs or [people.find_by_role(turn.store, "lead")]
    hands = hands_of(turn, client, about)
    return [[each for each in rung if _may_hear(each) and each.id not in hands] for rung in rungs]


def _may_hear(person: Person) -> bool:
    return person.role in ("caseworker", "lead") and person.is_reachable
