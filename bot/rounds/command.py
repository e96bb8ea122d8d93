"""`firstsay round`: rounds planned, watched and steered from where the bot runs, also while it does."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from bot.errand import clock, is_right, read, say, write
from bot.errors import OperatorError
from bot.forms import askable
from bot.home import Home, open_home
from bot.programme import FILE_NAME, meant
from bot.rounds import calendar, plans, result, state, terminal
from bot.rounds.counts import STATES
from bot.rounds.dryrun import try_out
from bot.turn import Turn
from conversations.client.contact import STAGES
from conversations.instruments import TRANSFER
from conversations.lead import draft
from conversations.lead.wording import described, in_short, instrument_name, name_of
from conversations.looks import DryRun, Here, PlanState
from storage import people
from translations.languages import SOURCE
from translations.wording import word

T = TypeVar("T")

NOW: Final = "now"
WRITTEN: Final = "2026-12-01 09:00"

POLLED_AFTER: Final = 1.0
"""Seconds between two looks at a round that is followed."""

WAYS: Final = {"pause": "paused", "resume": "active", "stop": "stopped"}


class RoundError(OperatorError):
    """What was asked for does not go, or not like this."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `firstsay round plan` was given. `audience` is by language, place, stage and caseload, None where that was
    left out."""

    instrument: str
    at: str
    every: str | None
    times: int | None
    last: bool
    window_days: int
    audience: Mapping[str, str | None]


# --- planning --------------------------------------------------------------------------------------------------


def plan(options: Options, *, yes: bool) -> None:
    """Say what it would do, ask whether that is right, and plan it. Raises OperatorError."""
    home = open_home()
    made, dry, here = read(home, lambda turn: _try_out(turn, options))
    _refuse(dry["refused"])
    say(
        instrument_name(made["instrument"], made["title"]),
        *draft.described(here, made),
        *draft.would_ask(dry),
        *draft.comes_again(here, made, dry),
    )
    if not yes and not is_right("Plan it?"):
        typer.echo("Nothing was planned.")
        return
    number = write(home, lambda turn: _make(turn, made))
    typer.echo(f"Planned as round {number}: firstsay round show {number} --follow")


def _make(turn: Turn, made: draft.Made) -> int:
    planned = plans.make_plan(turn, None, draft.settled(made, clock(turn)))
    _refuse(planned.get("refused", ""))
    found = state.find_plan(turn, planned["plan"])
    assert found is not None
    return found["number"]


def _try_out(turn: Turn, options: Options) -> tuple[draft.Made, DryRun, Here]:
    """What was asked for, as a lead would have planned it in the chat; and what it would do."""
    made = {
        **_instrument(turn, options.instrument),
        **_audience(turn, options.audience),
        **_repeat(options),
        "at": _start(turn, options.at),
        "window_hours": options.window_days * 24,
    }
    here = clock(turn)
    return made, try_out(turn, draft.settled(made, here)), here


def _instrument(turn: Turn, name: str) -> draft.Made:
    known = {each["name"]: each for each in askable(turn)}
    if name == TRANSFER.name:
        raise RoundError(f"--instrument: {name} is asked by itself, some days after each transfer; it needs no round")
    if name not in known:
        raise RoundError(f"--instrument: {name} is not one of {', '.join(known)}{meant(name, known)}")
    found = known[name]
    if found["wrong"]:
        raise RoundError(f"--instrument: {found['wrong']}")
    return {"instrument": name, "version": found["version"], "title": found["title"]}


def _audience(turn: Turn, given: Mapping[str, str | None]) -> draft.Made:
    chosen = {by: which for by, which in given.items() if which is not None}
    if len(chosen) > 1:
        raise RoundError(f"{' and '.join(f'--{by}' for by in chosen)}: only one of them goes; plan a round for each")
    for by, which in chosen.items():
        if by == "caseload":
            return _caseload(turn, which)
        _check_one_of(by, which, {"language": turn.programme.languages, "place": turn.programme.places}.get(by, STAGES))
        return {"audience": [by, which], "name": which}
    return {"audience": ["everyone", ""], "name": ""}


def _caseload(turn: Turn, code: str) -> draft.Made:
    staff = {person.code: person for person in people.find_by_role(turn.store, "caseworker")}
    _check_one_of("caseload", code, staff)
    return {"audience": ["caseload", str(staff[code].id)], "name": staff[code].shown}


def _check_one_of(option: str, given: str, known: Iterable[str]) -> None:
    known = list(known)
    if given not in known:
        among = f"one of {', '.join(known)}" if known else f"there: none is set in {FILE_NAME}"
        raise RoundError(f"--{option}: {given} is not {among}{meant(given, known)}")


def _start(turn: Turn, at: str) -> str:
    if at == NOW:
        return at
    try:
        local = datetime.fromisoformat(at)
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None or len(at) < len(WRITTEN):
        raise RoundError(f'--at: {at!r} is neither now nor a day and time; write it like "{WRITTEN}"')
    here = clock(turn)
    if local <= draft.local(here):
        raise RoundError(f"--at: {at} has passed in {here['zone']}; name a time to come, or now")
    return local.isoformat(timespec="minutes")


def _repeat(options: Options) -> draft.Made:
    if options.every is None:
        if options.times is not None:
            raise RoundError("--times: is for what comes again; name --every too, or leave it out")
        return {"repeat": "once", "times": 1, "last": options.last}
    if options.last:
        raise RoundError("--last: is for what comes once; leave it or --every out")
    try:
        calendar.check(options.every)
    except ValueError as error:
        raise RoundError(f"--every: {error}") from None
    return {"repeat": options.every, "times": options.times, "last": False}


def _refuse(why: str) -> None:
    if why:
        raise RoundError(word(draft.REFUSED[why], SOURCE))


# --- watching and steering -------------------------------------------------------------------------------------


def list_all() -> None:
    """Print every plan in a line. Raises OperatorError."""
    home = open_home()
    found, here = read(home, lambda turn: (state.list_plans(turn), clock(turn)))
    say(*(in_short(each, here) for each in found))
    if not found:
        typer.echo("No round is planned; firstsay round plan makes one.")


def show(number: int, *, follow: bool) -> None:
    """Print how a plan stands, and the result of its newest round once that has closed; `follow` waits for it. Raises
    OperatorError."""
    home = open_home()
    if follow:
        _follow(home, number)
    found, text, here = read(home, lambda turn: _look_at(turn, number))
    say(name_of(found), *described(found, here))
    if text is not None:
        typer.echo()
        terminal.show(result.read(text), SOURCE)


def steer(number: int, way: str) -> None:
    """Pause, resume or stop a plan. Raises OperatorError."""
    home = open_home()
    outcome = write(home, lambda turn: _steer(turn, number, way))
    if outcome == "over":
        raise RoundError(f"round {number} is over already; firstsay round list shows those that go on")
    if outcome == "paused first":
        raise RoundError(f"round {number} is not paused; there is nothing to resume")
    typer.echo(f"round {number} is {WAYS[way]}")


def _steer(turn: Turn, number: int, way: str) -> str:
    found = _find(turn, number)
    if found["state"] == WAYS[way]:
        return {"resume": "paused first", "stop": "over"}.get(way, "done")
    return str(plans.steer(turn, None, found["plan"], found["stamp"], way)["outcome"])


def _find(turn: Turn, number: int) -> PlanState:
    id_ = turn.store.value("plans", "by_number", number=number)
    found = None if id_ is None else state.find_plan(turn, id_)
    if found is None:
        raise RoundError(f"there is no round {number}; firstsay round list shows what there is")
    return found


def _goes_on(found: PlanState) -> bool:
    """Whether something is still to come of it that can be waited for."""
    newest = found["round"]
    if newest is not None and newest["state"] in ("running", "closed"):
        return newest["round"] not in [round_ for round_, _number in found["results"]]
    return found["state"] in ("active", "paused")


def _look_at(turn: Turn, number: int) -> tuple[PlanState, str | None, Here]:
    """A plan, and the newest result there is, as it is kept."""
    found = _find(turn, number)
    row = turn.store.row("rounds", "one", id=found["results"][0][0]) if found["results"] else None
    return found, None if row is None else row["result"], clock(turn)


def _follow(home: Home, number: int) -> None:
    """Watch it until its round has closed, or the person has seen enough (Ctrl-C)."""
    told = TextColumn("{task.completed} of {task.total} asked or left out: {task.fields[where]}")
    with Progress(BarColumn(), told, console=Console(highlight=False)) as progress:
        bar = progress.add_task("", total=None, where="")
        while True:
            found = read(home, lambda turn: _find(turn, number))
            counts = found["round"]["counts"] if found["round"] is not None else {}
            total = sum(counts.values())
            done = total - counts.get("waiting", 0)
            progress.update(bar, total=total or None, completed=done, where=_counted(counts))
            if not _goes_on(found):
                return
            try:
                time.sleep(POLLED_AFTER)
            except KeyboardInterrupt:
                return


def _counted(counts: Mapping[str, int]) -> str:
    """Where everybody is, in a line; each number by itself."""
    return ", ".join(f"{name} {counts[name]}" for name in STATES if counts.get(name))
