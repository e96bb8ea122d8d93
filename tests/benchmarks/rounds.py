"""A round at Telegram's pace and beyond: `python -m tests.benchmarks.rounds [--json]`.

- `speed`: a round to 10,000 clients goes out to a stand-in without a limit, by `firstsay run` as it is, pinned to the
  first core (the stand-in to the last): gathering, budget, gate, encryption, outbox, HTTP, marking. Messages a second
  from the first to the last; the bot's CPU for each, until the last of them is marked in the store.
- `crowd`: so many clients are gathered, with nothing sent: time for each, the longest that anybody waits behind a
  piece, and the most memory held (`crowd.py`).
- `limit`: with Telegram's 30 a second (`flood.py` refuses more within any one second), while clients ask for a person:
  how much of the limit is used, refusals, and how long replies and urgent alerts take.
- `busy`: the same waits while a round goes out as fast as it can.

Every measurement has a home, a bot and a stand-in of its own. Exit code: 0, 1 where a target was missed, 2 for a wrong
command line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import statistics
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.talks import BLAND
from tests.benchmarks.crowd import FIRST_CHAT, begin, count_askings, make_home
from tests.benchmarks.loopback import percentile
from tests.benchmarks.turns import (
    STARTUP,
    TOKEN,
    Record,
    Standin,
    UnmeasuredError,
    cores,
    cpu_seconds,
    describe_machine,
    last_words,
    leave,
    peak_megabytes,
    running,
    while_alive,
)
from translations.wording import word

LIMIT = 30
SECOND_MS = 1000.0
CROWDS = (10_000, 100_000, 1_000_000)
LONGEST = 1800.0
"""Seconds that one measurement may take."""


@dataclass(frozen=True)
class Target:
    """A figure of a part, and its bound."""

    part: str
    figure: str
    least: float | None = None
    most: float | None = None

    def judge(self, seen: float) -> bool:
        """Whether it is met."""
        return (self.least is None or seen >= self.least) and (self.most is None or seen <= self.most)


TARGETS = (
    Target("speed", "messages_per_second", least=1000),
    Target("speed", "asked_more_than_once", most=0),
    Target("crowd", "memory_growth", most=1.25),
    Target("crowd", "longest_wait_ms", most=SECOND_MS),
    Target("limit", "limit_used", least=0.95),
    Target("limit", "refused", most=0),
    *(Target(part, f"{what}_max_ms", most=SECOND_MS) for part in ("limit", "busy") for what in ("replies", "alerts")),
    *(Target(part, "unanswered", most=0) for part in ("limit", "busy")),
)


@dataclass
class Options:
    """What to measure, and how large."""

    parts: list[str]
    clients: int
    limited: int
    visitors: int
    crowds: list[int]
    repeat: int
    home: Path | None
    pin: bool


@dataclass
class Sizes:
    """One round: how many clients, how many of them ask for a person, how often, and Telegram's limit (0: none)."""

    clients: int
    visitors: int = 0
    every: float = 0.5
    limit: int = 0


@dataclass
class Results:
    """Everything that was measured, and what went wrong."""

    runs: list[Record] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


# A round that goes out


async def send_round(sizes: Sizes, options: Options) -> Record:
    """Start everything anew, and let one round go out."""
    with tempfile.TemporaryDirectory(prefix="rounds-", dir=options.home, ignore_cleanup_errors=True) as folder:
        path = Path(folder)
        home = make_home(path, sizes.clients, workers=sizes.visitors, limited=bool(sizes.limit))
        pins = (cores(standin=True), cores(standin=False)) if options.pin else (None, None)
        async with running("tests.benchmarks.flood", errors=path / "flood.log", pin=pins[0], stdout=PIPE) as process:
            standin = Standin(process)
            url = f"http://127.0.0.1:{(await standin.read(STARTUP))['port']}"
            arguments = ("tests.benchmarks.peer_firstsay", "--api-url", url, "--token", TOKEN, "--home", folder)
            async with running(*arguments, errors=path / "bot.log", pin=pins[1]) as bot:
                try:
                    return await while_alive(bot, watch(standin, bot, home, sizes))
                except UnmeasuredError as error:
                    raise UnmeasuredError(f"{error} (its last words: {last_words(path / 'bot.log')})") from error


async def watch(standin: Standin, bot: Process, home: Any, sizes: Sizes) -> Record:
    """Let the round begin while the bot runs, and see it to its end."""
    if not (await standin.order(STARTUP, do="polled"))["polled"]:
        raise UnmeasuredError("did not poll")
    visitors = [FIRST_CHAT + number for number in range(sizes.visitors)]
    order = {"text": word(BLAND, "en"), "messages": sizes.clients, "limit": sizes.limit}
    before = cpu_seconds(bot.pid)
    await asyncio.to_thread(begin, home)
    seen = await standin.order(LONGEST, do="round", visitors=visitors, every=sizes.every, **order)
    await marked(home, sizes.clients)
    used = cpu_seconds(bot.pid) - before
    return summarize(seen, sizes) | {
        "cpu_ms_per_message": used * 1000 / sizes.clients,
        "peak_mb": peak_megabytes(bot.pid),
    }


async def marked(home: Any, clients: int) -> None:
    """Wait until the store says of everybody that they were asked."""
    for _look in range(200):
        states = await asyncio.to_thread(count_askings, home)
        if sum(states.get(state, 0) for state in ("sent", "opened")) == clients:
            return
        await asyncio.sleep(0.1)
    raise UnmeasuredError(f"not everybody was marked as asked: {states}")


def summarize(seen: Record, sizes: Sizes) -> Record:
    """A round in the figures that are judged."""
    if seen["chats"] < sizes.clients:
        raise UnmeasuredError(f"{seen['chats']} of {sizes.clients} clients were asked")
    figures = {
        "clients": sizes.clients,
        "seconds": seen["seconds"],
        "messages_per_second": (seen["messages"] - 1) / seen["seconds"],
        "asked_more_than_once": seen["messages"] - seen["chats"],
        "limit_used": seen["sent"] / seen["seconds"] / sizes.limit if sizes.limit else 0.0,
        "busiest_second": seen["busiest_second"],
        "refused": seen["refused"],
        "unanswered": seen["unanswered"],
    }
    for what in ("replies", "alerts"):
        ordered = sorted(seen[f"{what}_ms"])
        figures |= {
            what: len(ordered),
            f"{what}_p50_ms": percentile(ordered, 0.5),
            f"{what}_p99_ms": percentile(ordered, 0.99),
            f"{what}_max_ms": percentile(ordered, 1.0),
        }
    return figures


# A crowd that is gathered


async def gather_crowds(options: Options) -> Record:
    """Each size in a process of its own; how much memory the largest takes, in terms of the smallest."""
    rows = [await gather_crowd(clients, options) for clients in options.crowds]
    waits = [
        row[each]["longest"] for row in rows for each in ("gather_piece_ms", "ask_piece_ms", "sweep_ms", "counts_ms")
    ]
    growth = rows[-1]["peak_mb"] / rows[0]["peak_mb"]
    return {"crowds": rows, "memory_growth": growth, "longest_wait_ms": max(waits)}


async def gather_crowd(clients: int, options: Options) -> Record:
    """Make a crowd, and gather it."""
    with tempfile.TemporaryDirectory(prefix="rounds-", dir=options.home, ignore_cleanup_errors=True) as folder:
        await asyncio.to_thread(make_home, Path(folder), clients, hours="morning")
        arguments = ("tests.benchmarks.crowd", "--home", folder)
        log = Path(folder) / "crowd.log"
        pin = cores(standin=False) if options.pin else None
        async with running(*arguments, errors=log, pin=pin, stdout=PIPE) as process:
            assert process.stdout is not None
            printed = await asyncio.wait_for(process.stdout.read(), LONGEST)
            await process.wait()
        if process.returncode:
            raise UnmeasuredError(f"could not be gathered: {last_words(log)}")
        return dict(json.loads(printed))


# All of it


def parts(options: Options) -> dict[str, Callable[[], Awaitable[Record]]]:
    """What can be measured, by name."""
    several = options.visitors
    return {
        "speed": lambda: send_round(Sizes(options.clients), options),
        "crowd": lambda: gather_crowds(options),
        "limit": lambda: send_round(Sizes(options.limited, several, limit=LIMIT), options),
        "busy": lambda: send_round(Sizes(options.clients, several, every=0.1), options),
    }


async def measure_all(options: Options, console: Console) -> Results:
    """Every part, as often as it is wanted."""
    results = Results()
    for repetition in range(options.repeat):
        for part in options.parts:
            if part == "crowd" and repetition:
                continue  # it takes long, and says the same each time
            try:
                seen = await parts(options)[part]()
            except UnmeasuredError as error:
                results.failures.append(f"{part}: {error}")
                console.print(f"{part}: {error}", style="red", markup=False)
                continue
            results.runs.append({"part": part, "repetition": repetition, **seen})
            console.print(f"{part} {repetition + 1}/{options.repeat}: done", style="dim", highlight=False)
    return results


def judge(runs: list[Record]) -> list[Record]:
    """Each target of a part that was measured, by the median of the repetitions: met or missed."""
    verdicts = []
    for target in TARGETS:
        figures = [run[target.figure] for run in runs if run["part"] == target.part]
        if figures:
            seen = statistics.median(figures)
            bound = {"least": target.least} if target.least is not None else {"most": target.most}
            met = target.judge(seen)
            verdicts.append({"part": target.part, "figure": target.figure, **bound, "seen": round(seen, 3), "met": met})
    return verdicts


def conclude(options: Options, machine: Record, results: Results) -> Record:
    """The whole outcome as one document."""
    runs = [{name: round(v, 3) if isinstance(v, float) else v for name, v in run.items()} for run in results.runs]
    return {
        "benchmark": "rounds",
        "machine": machine,
        "pinned": options.pin,
        "targets": judge(results.runs),
        "failures": results.failures,
        "runs": runs,
    }


def print_tables(document: Record, console: Console) -> None:
    """The outcome for people."""
    table = Table(title="Rounds")
    for heading in ("part", "figure", "seen", "target", ""):
        table.add_column(heading, justify="right" if heading == "seen" else "left")
    for target in document["targets"]:
        bound = f"at least {target['least']:g}" if "least" in target else f"at most {target['most']:g}"
        verdict = "met" if target["met"] else "MISSED"
        table.add_row(target["part"], target["figure"], f"{target['seen']:g}", bound, verdict)
    console.print(table)
    for run in document["runs"]:
        console.print_json(json.dumps(run))


def read_options() -> tuple[Options, bool]:
    """The command line: what to measure, and whether to print JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.rounds", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    parser.add_argument("--parts", default="speed,crowd,limit,busy", help="comma-separated (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=10_000, help="of a round without a limit (default: 10000)")
    parser.add_argument("--limited", type=int, default=1_500, help="of a round with Telegram's limit (default: 1500)")
    parser.add_argument("--visitors", type=int, default=60, help="who ask for a person meanwhile (default: 60)")
    parser.add_argument("--crowds", default=",".join(map(str, CROWDS)), help="sizes to gather (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="how often all but the crowd is measured (default: 3)")
    parser.add_argument("--home", type=Path, help="where the stores stand (default: the temporary folder)")
    parser.add_argument("--no-pin", action="store_true", help="let the system place the processes on the cores")
    given = parser.parse_args()
    try:
        crowds = sorted(int(size) for size in given.crowds.split(","))
    except ValueError as error:
        parser.error(f"--crowds takes numbers: {error}")
    wanted = given.parts.split(",")
    if unknown := set(wanted) - {"speed", "crowd", "limit", "busy"}:
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    if min(given.repeat, given.clients, given.limited, *crowds) < 1:
        parser.error("numbers start at 1")
    options = Options(
        wanted, given.clients, given.limited, given.visitors, crowds, given.repeat, given.home, not given.no_pin
    )
    return options, given.json


def main() -> int:
    """Measure, print, and say by the exit code whether the targets were met."""
    options, as_json = read_options()
    signal.signal(signal.SIGTERM, leave)
    machine = describe_machine(options.home)
    try:
        results = asyncio.run(measure_all(options, Console(stderr=True)))
    except KeyboardInterrupt:
        return 130
    document = conclude(options, machine, results)
    if as_json:
        print(json.dumps(document, indent=2))
    else:
        print_tables(document, Console())
    return int(bool(document["failures"]) or not all(target["met"] for target in document["targets"]))


if __name__ == "__main__":
    sys.exit(main())
