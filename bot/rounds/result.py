"""The result of a round on one page: how many were asked and what became of it, and what those who answered said.

It is worked out once, when the round closes, and kept as JSON. What people said is told only of those who agree to be
counted, at least 10 of them, and only as far as `bot.rounds.telling` lets it. How many were asked, opened and answered
are figures of our own work, and are told as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any, Final

from bot import answers
from bot.forms import find_form
from bot.report.census import SMALLEST
from bot.rounds.counts import count
from bot.rounds.figures import Client, Given, Line, Section
from bot.rounds.telling import share_left_out, tell
from bot.turn import Turn
from conversations.instruments import FOLLOWUP
from conversations.instruments.form import Form
from conversations.script import Status
from storage.store import Row

HALF: Final = 30
"""Seconds to which the time taken is rounded."""


@dataclass(frozen=True, slots=True)
class Result:
    """One round, closed. Times are epoch seconds; `title` is by language. `counts` says how many clients are sent (and
    did not open), opened (and went no further), partly, answered, declined, blocked and unsent; `reasons` why these
    were not asked. `clients` is how many are counted, whatever they answered or left out, or None where
    they are too few for any figure; `left_out` the percent of questions left out, `seconds` the median time taken."""

    organisation: str
    zone: str
    instrument: str
    version: int
    title: Mapping[str, str]
    number: int
    starts_at: int
    closed_at: int
    counts: Mapping[str, int]
    reasons: Mapping[str, int]
    doubts: int
    clients: int | None = None
    left_out: int | None = None
    seconds: int | None = None
    sections: tuple[Section, ...] = field(default_factory=tuple)

    @property
    def asked(self) -> int:
        """Clients whose message Telegram accepted, or who opened it by themselves."""
        return sum(self.counts[state] for state in ("sent", "opened", "partly", "answered", "declined"))

    @property
    def opened(self) -> int:
        """Clients who tapped Open, whatever they did then."""
        return self.asked - self.counts["sent"]


def conclude(turn: Turn, round_id: int) -> str:
    """The result of a round that is over, as JSON for `read`. Raises KeyError if there is no such round."""
    round_ = turn.store.row("rounds", "one", id=round_id)
    plan = None if round_ is None else turn.store.row("plans", "one", id=round_["plan_id"])
    if round_ is None or plan is None:
        raise KeyError(round_id)
    form = find_form(turn, plan["instrument"], plan["version"])
    result = _process(turn, round_, plan, form)
    if form is not None:
        result = _add_answers(turn, result, form, round_id)
    return json.dumps(asdict(result), ensure_ascii=False)


def read(text: str) -> Result:
    """What `conclude` gave."""
    kept: dict[str, Any] = json.loads(text)
    return Result(**{**kept, "sections": tuple(map(_section, kept["sections"]))})


def _section(kept: Mapping[str, Any]) -> Section:
    return Section(**{**kept, "lines": tuple(Line(**line) for line in kept["lines"])})


def _process(turn: Turn, round_: Row, plan: Row, form: Form | None) -> Result:
    """What became of the asking."""
    found = count(turn, round_["id"])
    return Result(
        organisation=turn.programme.organisation,
        zone=turn.programme.time_zone,
        instrument=plan["instrument"],
        version=plan["version"],
        title={"en": plan["instrument"]} if form is None else form.title.wordings,
        number=round_["number"],
        starts_at=round_["starts_at"],
        closed_at=turn.store.at,
        counts={state: clients for state, clients in found.counts.items() if state != "waiting"},
        reasons={why: clients for state, why, clients in found.reasons if state == "unsent"},
        doubts=found.doubts,
    )


def _add_answers(turn: Turn, result: Result, form: Form, round_id: int) -> Result:
    """What those who are counted said, and how long it took them."""
    rows = turn.store.rows("responses", "of_round", round_id=round_id)
    read_one = cache(partial(_read_one, {(each.name, each.version): each for each in (form, FOLLOWUP)}))
    clients: list[Client] = []
    seconds: list[int] = []
    for _person, given in groupby(rows, itemgetter("person_id")):
        said = list(given)
        newest = {row["item"]: read_one(*row[:5]) for row in said}
        client = {item: answer for item, answer in newest.items() if answer is not None}
        if client:
            clients.append(client)
            seconds.append(said[-1]["at"] - said[0]["opened_at"])
    if len(clients) < SMALLEST:
        return result
    sections = tell(form, clients)
    return replace(
        result,
        clients=len(clients),
        left_out=share_left_out(clients),
        seconds=max(HALF, HALF * round(median(seconds) / HALF)),
        sections=tuple(sections),
    )


def _read_one(
    forms: Mapping[tuple[str, int], Form], instrument: str, version: int, item: str, status: str, value: int | None
) -> Given | None:
    """An answer as it was kept; None where the question was not asked after all, or is of another form or version."""
    form = forms.get((instrument, version))
    asked = None if form is None else answers.find(form, item)
    if asked is None or status == Status.NOT_ASKED:
        return None
    return Given(asked.question, asked.about, status != Status.ANSWERED, answers.codes(asked.question, value))
