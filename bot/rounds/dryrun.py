"""What a plan would do if it were one: how many it would ask, and why it would not ask each of the others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple, cast

from bot import looks
from bot.forms import languages_of
from bot.looks import HIDDEN_UNDER
from bot.rounds import asking, calendar
from bot.rounds.budget import REASONS, weigh
from bot.turn import Scene, Turn
from conversations.looks import Draft, DryRun, LookDryRun
from conversations.script import Json
from storage.store import Row

TOLD: Final = 4
"""Times that a lead is told of before they agree to a plan that repeats."""

ASKED: Final = ""
"""Stands for who is asked, among the reasons of those who are not."""


OTHER: Final = "other"
"""Reasons too rare to be named."""


class Times(NamedTuple):
    """When a draft would come round: its anchor (local time), the first time and those after it, as far as a lead is
    told of them, and when the first one would close. Moments are aware, UTC."""

    anchor: str
    starts: list[datetime]
    closes: datetime


def read_times(turn: Turn, draft: Draft) -> Times:
    """When it would come round."""
    zone = turn.programme.zone
    anchor = draft["at"] or f"{turn.now.astimezone(zone):%Y-%m-%dT%H:%M}"
    times = times_of(draft["repeat"], draft["times"])
    most = TOLD if times is None else min(TOLD, times)
    starts = list(islice(calendar.starts(anchor, zone.key, draft["repeat"]), most))
    return Times(anchor, starts, starts[0] + timedelta(hours=draft["window_hours"]))


def times_of(repeat: str, times: int | None) -> int | None:
    """How often a plan comes round; None until it is stopped."""
    return 1 if repeat == calendar.ONCE else times


def refuse(turn: Turn, draft: Draft) -> str:
    """Why it cannot be planned, as `PlanRound` says; "" where it can."""
    try:
        calendar.check(draft["repeat"])
    except ValueError:
        return "repeat"
    if not languages_of(turn, draft["instrument"], draft["version"]):
        return "gone"
    if read_times(turn, draft).closes <= turn.now:
        return "past"
    return "" if any(_pieces(turn, draft)) else "nobody"


def try_out(turn: Turn, draft: Draft) -> DryRun:
    """Weigh everybody as the first round would at its start, by what is known now. Who wishes for contact today counts
    as not asked: nobody knows when that will be over. Goes through the clients in pieces, and keeps none of them."""
    refused = refuse(turn, draft)
    if refused:
        return DryRun(refused=refused, asked=0, unsent=[], starts_at=[], closes_at=0)
    times = read_times(turn, draft)
    closes_at = int(times.closes.timestamp())
    start = max(times.starts[0], turn.now)
    found: Counter[str] = Counter()
    for rows in _pieces(turn, draft):
        clients = [row["person_id"] for row in rows]
        wanted = asking.want(turn, draft["instrument"], draft["version"], closes_at, clients, int(start.timestamp()))
        for row in rows:
            verdict = weigh(row, wanted, turn.programme, start)
            found[verdict.reason if verdict.at is None else "urgent" if row["urgent"] else ASKED] += 1
    asked = found.pop(ASKED, 0)
    return DryRun(
        refused="",
        asked=asked if asked >= HIDDEN_UNDER or not asked else None,
        unsent=[*map(list, tell_reasons(found).items())],
        starts_at=[int(each.timestamp()) for each in times.starts],
        closes_at=closes_at,
    )


def tell_reasons(found: Mapping[str, int]) -> dict[str, int]:
    """Why so many clients are not asked (yet), in the order of `REASONS`. A reason that holds for fewer than 5 is not
    named: they stand together under `OTHER`, so that no number tells why one of a few was left out."""
    known = sorted(found, key=lambda reason: (*REASONS, reason).index(reason))
    large = {reason: found[reason] for reason in known if found[reason] >= HIDDEN_UNDER}
    rest = sum(found.values()) - sum(large.values())
    return large | ({OTHER: rest} if rest else {})


def hide_small(found: Mapping[str, int]) -> dict[str, int | None]:
    """Parts of a whole without those under 5, but for 0. Where what is hidden could be told from the whole and the
    rest (only one part, or fewer than 5 people in all), the next smallest is hidden too."""
    by_size = sorted((number, name) for name, number in found.items() if number)
    hidden: list[str] = []
    people = 0
    for number, name in by_size:
        if number >= HIDDEN_UNDER and (not hidden or (len(hidden) > 1 and people >= HIDDEN_UNDER)):
            break
        hidden.append(name)
        people += number
    return {name: None if name in hidden else number for name, number in found.items()}


def _pieces(turn: Turn, draft: Draft) -> Iterator[list[Row]]:
    audience, reached = json.dumps(draft["audience"]), 0
    while reached >= 0:
        rows, reached = asking.candidates(turn, audience, reached)
        yield rows


@looks.read.register
def _look_dry_run(query: LookDryRun, turn: Turn, scene: Scene) -> Json:
    return try_out(turn, cast(Draft, query.draft))
