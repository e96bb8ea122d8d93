"""What a check-in asks of somebody: plays the script along typical ways and counts screens and taps.

    python -m tests.benchmarks.checkin          a table
    python -m tests.benchmarks.checkin --json   the same as JSON

Seconds are an estimate: DOMAIN D4's for each kind of screen, and ours (marked so) for the two it does not name.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from conversations.client.checkin import checkin
from conversations.engine import Given, Log, advance
from conversations.instruments import CHECKIN, FOLLOWUP
from conversations.looks import Around, Checkins, Contact, First
from conversations.script import Ask, Do, Json, Look, Several, Status

SECONDS: Final = {
    "list": 15,
    "axes": 6,
    "item": 8,
    "service": 6,
    "close": 10,
    "follow-up": 6,
    "first screen": 10,  # ours
    "offer": 4,  # ours
}
TARGET: Final = 150
"""Seconds, without follow-ups (DOMAIN D4)."""

TICKS: Final = 2
"""What somebody ticks in a list, of the three they may."""

SAID: Final[Mapping[str, Json]] = {"start": "start", "statements": "on", "anything": "no"}
NEEDS: Final = ("housing", "debt", "employment")
AROUND: Final = Around(
    organisation="The House",
    languages=[["en", "English"]],
    zone="Asia/Yangon",
    now=1_770_000_000,
    open=True,
    opens_at=None,
    numbers=[],
    role="client",
    name=None,
    language="en",
    adult=True,
    caseworker="Aye",
    reads_by=1_770_200_000,
    purposes=["plan", "checkins", "first"],
    roles=["tell:caseworker"],
    urgency={},
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way through: what is answered where it is not the usual, and what is known from before. `skips`: all."""

    name: str
    said: Mapping[str, Json] = field(default_factory=dict)
    answered: int = 1
    followups: int = 0
    skips: bool = False


WAYS: Final = (
    Way("everything"),
    Way("without the statements", {"statements": "leave"}),
    Way("everything and three follow-ups", followups=3),
    Way("the first time (four statements more)", answered=0),
    Way("no help lately", {"services": ["nothing"]}),
    Way("all skipped", skips=True),
)


def play(way: Way) -> Counter[str]:
    """Plays a way to its end. Back: "screens", "taps", "seconds", and the screens of each kind."""
    log, found = Log(), Counter[str]()
    script = partial(checkin, 7)
    rest = advance(script, log, None, partial(answer_look, way))
    while rest.ask is not None:
        kind, value = kind_of(rest.ask.key), reply(way, rest.ask)
        found["screens"] += 1
        found["taps"] += 1 + (len(value["value"]) if isinstance(value.get("value"), list) else 0)
        found["seconds"] += SECONDS[kind]
        found[kind] += 1
        rest = advance(script, log, Given(rest.address, value), partial(answer_look, way))
    return found


def answer_look(way: Way, step: Look | Do, number: int) -> Json:
    """What the script reads."""
    due = [First(item=need, text="", voice=None) for need in NEEDS[: way.followups]]
    world: Mapping[str, Json] = {
        "around": AROUND,
        "before": Checkins(answered=way.answered, services={}),
        "due": due,
        "contact": Contact(hours="evening", days=0, first=True, less=False, stage=None),
    }
    return world[step.key] if isinstance(step, Look) else None


def reply(way: Way, ask: Ask) -> dict[str, Json]:
    """What is tapped: the first option, the first of a list, or Skip where it is offered."""
    if way.skips and ask.skip:
        return {"status": Status.SKIPPED}
    said = {**SAID, **way.said}.get(ask.key)
    if said is None:
        codes = [option.code for option in getattr(ask.kind, "options", ())]
        ticks = 1 if kind_of(ask.key) == "axes" else TICKS
        said = codes[:ticks] if isinstance(ask.kind, Several) else codes[0]
    return {"status": Status.ANSWERED, "value": said}


def kind_of(key: str) -> str:
    """What kind of screen a question is on, in the terms of `SECONDS`."""
    if key in ("start", "statements"):
        return {"start": "first screen", "statements": "offer"}[key]
    code = key.rpartition(".")[2]
    if key != code and code in {question.code for question in FOLLOWUP.questions}:
        return "follow-up"
    question = CHECKIN.question(code)
    kinds = {"core": "item", "extra": "item", "service": "service", "close": "close"}
    if question.kind == "several":
        return "axes" if code.endswith("_touched") else "list"
    return kinds[question.part]


def table() -> Iterator[str]:
    """A line for each way, and what the usual one is made of."""
    yield f"{'':40} {'screens':>7} {'taps':>5} {'seconds':>8}"
    for way in WAYS:
        found = play(way)
        yield f"{way.name:40} {found['screens']:7} {found['taps']:5} {found['seconds']:8}"
    usual = play(WAYS[0])
    parts = (f"{usual[kind]} {kind} x {seconds} s" for kind, seconds in SECONDS.items() if usual[kind])
    yield f"{WAYS[0].name} = {', '.join(parts)}; the target is about {TARGET} s"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.checkin", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, by way")
    as_json: bool = parser.parse_args(arguments).json
    print(json.dumps({way.name: play(way) for way in WAYS}, indent=1) if as_json else "\n".join(table()))


if __name__ == "__main__":
    main()
