"""How many clients are where in a round: for the message that fills, for the command line, and for the result."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final, NamedTuple

from bot.rounds.dryrun import tell_reasons
from bot.turn import Turn

STATES: Final = ("waiting", "sent", "opened", "partly", "answered", "declined", "blocked", "unsent")


class Figures(NamedTuple):
    """Where the clients of a round are: see `conversations.looks.RoundState`."""

    counts: dict[str, int]
    reasons: list[list[Any]]
    doubts: int


def count(turn: Turn, round_id: int) -> Figures:
    """How many clients are where in a round; why some wait or are not asked, with small numbers hidden."""
    counts = dict.fromkeys(STATES, 0)
    reasons: dict[str, dict[str, int]] = defaultdict(dict)
    doubts = 0
    for row in turn.store.rows("askings", "counts", round_id=round_id):
        state = "waiting" if row["state"] == "queued" else row["state"]
        begun = row["begun"] or 0
        counts[state] += row["clients"] - begun
        counts["partly"] += begun
        doubts += row["doubts"]
        if state in ("waiting", "unsent"):
            reasons[state][row["reason"]] = reasons[state].get(row["reason"], 0) + row["clients"]
    told = [[state, why, many] for state, found in reasons.items() for why, many in tell_reasons(found).items()]
    return Figures(counts, told, doubts)
