"""The same dialogue by First Say and by its peers, side by side: `python -m tests.benchmarks.turns [--json]`.

Ten questions in one living message, for 1, 50 and 500 clients at once, against one fast loopback stand-in.
Each answer is one `answerCallbackQuery` and one edit that shows the next question, stored in the way natural
for the peer: what each one promises stands in its module and in the output, because the figures mean little
without it.

Every measurement starts a peer and a stand-in of their own (the peer on the first core, the stand-in on the
last), waits for the first poll, lets one client go through the dialogue unmeasured, and then sends every
client's `/start` at once. Peers take turns within a repetition, so that a machine that slows down slows down
for all; ratios are taken within a repetition, then their median. `standin_busy` near 1 would mean that the
stand-in was measured, not the peer.

**A peer** is a module started as `python -m MODULE --api-url URL --token T --home DIR` that polls until it
gets SIGTERM. Its standard input closes when this driver is gone. If it `prepares`, then `python -m MODULE
--home DIR --prepare N` runs first and unmeasured, and prints one JSON object, its plan for N clients, each
key optional: `{"openings": [N texts], "steps": [10 steps], "enrolment": {"openings": [N texts], "steps": [any
number]}}`. A step is the number of the button to tap (counted through all rows) or words to type (see
`loopback.py`); the enrolment is a dialogue of the same N clients before the measured one. The last of the N
is the one that warms up.

Exit code: 0, 1 where a target was missed or (in a full run) not measured, 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.dialogue import NEEDS

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "1:loopback"
FIRST_CHAT = 1_000_001
CLIENTS = (1, 50, 500)
STARTUP = 30.0
"""Seconds a process may take to be ready, to prepare, or to stop."""
DIALOGUE = 240.0
"""Seconds one dialogue may take with every client."""
LONGEST = 25.0
"""A dialogue that would take longer than these seconds, judged by a smaller one, asks fewer questions."""
FEWEST = 3

Record = dict[str, Any]


@dataclass(frozen=True)
class Peer:
    """What is measured: a module, and in a line what a client of it can rely on."""

    name: str
    module: str
    promises: str
    prepares: bool = False

    @property
    def exists(self) -> bool:
        """Whether the module is there."""
        return importlib.util.find_spec(self.module) is not None


@dataclass(frozen=True)
class Target:
    """First Say answers at least `factor` times as many a second as a peer, at so many clients."""

    peer: str
    factor: float
    clients: int = 50


PEERS = (
    Peer(
        "firstsay",
        "tests.benchmarks.peer_firstsay",
        "recorded exactly once, delivered at least once, encrypted; commit (FULL) before acknowledging",
        prepares=True,
    ),
    Peer(
        "ptb",
        "tests.benchmarks.peer_ptb",
        "nothing of the last 60 s survives a kill; updates are acknowledged before they are handled",
    ),
    Peer(
        "aiogram",
        "tests.benchmarks.peer_aiogram",
        "replied answers are on disk (FULL); waiting taps and everyone's place are lost by a kill",
    ),
    Peer(
        "bare",
        "tests.benchmarks.peer_bare",
        "commit (FULL) before acknowledging; twice after a kill; no retries, order, limits or encryption",
    ),
)
BY_NAME = {peer.name: peer for peer in PEERS}
TARGETS = (Target("aiogram", 4.0), Target("ptb", 12.0))


class UnmeasuredError(Exception):
    """A measurement that came to nothing, in a line."""


@dataclass(frozen=True)
class Dialogue:
    """What the clients do: what each types first, then the steps they all take."""

    openings: list[str]
    steps: list[int | str]


@dataclass
class Plan:
    """A peer's dialogue for so many clients, and what goes before it unmeasured."""

    measured: Dialogue
    enrolment: Dialogue | None = None


@dataclass
class Options:
    """What to measure."""

    peers: list[Peer]
    clients: list[int]
    repeat: int
    payload: str
    home: Path | None
    pin: bool
    full: bool


@dataclass
class Results:
    """Everything that was measured, and what went wrong."""

    runs: list[Record] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


# Processes


def cores(*, standin: bool) -> set[int]:
    """The stand-in's core is the last one; a peer has all the others."""
    available = sorted(os.sched_getaffinity(0))
    return set(available[-1:] if standin else available[:-1]) or set(available)


def surroundings() -> dict[str, str]:
    """The environment without proxies: everything here is on the loopback address."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


@asynccontextmanager
async def running(*arguments: str, errors: Path, pin: set[int] | None, stdout: int = DEVNULL) -> AsyncIterator[Process]:
    """A Python process that is stopped at the end: kindly, then not."""
    with errors.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            cwd=ROOT,
            env=surroundings(),
            stdin=PIPE,
            stdout=stdout,
            stderr=stderr,
        )
    try:
        if pin:
            os.sched_setaffinity(process.pid, pin)
        yield process
    finally:
        await stop(process)


async def stop(process: Process) -> None:
    """End a process that this driver started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is None:
            process.send_signal(number)
            try:
                await asyncio.wait_for(process.wait(), STARTUP)
            except TimeoutError:
                continue


class Standin:
    """The driver's end of the stand-in's control lines."""

    def __init__(self, process: Process) -> None:
        self.process = process

    async def read(self, seconds: float) -> Record:
        """The next line."""
        assert self.process.stdout is not None
        try:
            line = await asyncio.wait_for(self.process.stdout.readline(), seconds)
        except TimeoutError:
            raise UnmeasuredError("the stand-in does not answer") from None
        if not line:
            raise UnmeasuredError("the stand-in died")
        return dict(json.loads(line))

    async def order(self, seconds: float, **order: object) -> Record:
        """Send one line, and read its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({**order, "timeout": seconds}).encode() + b"\n")
        await self.process.stdin.drain()
        return await self.read(seconds + STARTUP)

    async def play(self, dialogue: Dialogue, first_chat: int) -> Record:
        """Run a dialogue to its end; raise if it does not come to one."""
        steps, openings = dialogue.steps, dialogue.openings
        seen = await self.order(DIALOGUE, do="run", first_chat=first_chat, openings=openings, steps=steps)
        if seen["left"]:
            raise UnmeasuredError(
                f"{seen['left']} of {len(openings)} clients did not come to the end in {DIALOGUE:.0f} s"
            )
        return seen


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads of a process so far, in seconds (the figure of /proc, to the nanosecond).

    A process's clock has its id in the clock's number (clock_getcpuclockid(3), as the Linux kernel makes it);
    should that ever change, /proc/<pid>/stat says it to the hundredth of a second.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(pid: int) -> float:
    """The most memory that a process has held at once, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


# One measurement


async def make_plan(peer: Peer, count: int, home: Path, options: Options, questions: int) -> Plan:
    """The dialogue for `count` clients: the peer's own, or `/start` and the first button each time."""
    plan = await ask_plan(peer, count, home) if peer.prepares else {}
    usual = [f"/start {options.payload.format(client=number)}".strip() for number in range(count)]
    measured = Dialogue(plan.get("openings", usual), plan.get("steps", [0] * len(NEEDS))[:questions])
    enrolment = plan.get("enrolment")
    return Plan(measured, Dialogue(enrolment["openings"], enrolment["steps"]) if enrolment else None)


async def ask_plan(peer: Peer, count: int, home: Path) -> Record:
    """Let a peer prepare its home; its plan."""
    arguments = (peer.module, "--home", str(home), "--prepare", str(count))
    async with running(*arguments, errors=home / "prepare.log", pin=None, stdout=PIPE) as process:
        assert process.stdout is not None
        try:
            printed = await asyncio.wait_for(process.stdout.read(), STARTUP)
            await asyncio.wait_for(process.wait(), STARTUP)
        except TimeoutError:
            raise UnmeasuredError("did not prepare in time") from None
    if process.returncode:
        raise UnmeasuredError(f"could not prepare: {last_words(home / 'prepare.log')}")
    return dict(json.loads(printed))


def last_words(log: Path) -> str:
    """The last line of a process's standard error."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "no word"


async def measure(peer: Peer, clients: int, questions: int, options: Options) -> Record:
    """Start everything anew, and measure one dialogue."""
    with tempfile.TemporaryDirectory(prefix="turns-", dir=options.home, ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        plan = await make_plan(peer, clients + 1, home, options, questions)
        pins = (cores(standin=True), cores(standin=False)) if options.pin else (None, None)
        log = home / "standin.log"
        async with running("tests.benchmarks.loopback", errors=log, pin=pins[0], stdout=PIPE) as process:
            standin = Standin(process)
            url = f"http://127.0.0.1:{(await standin.read(STARTUP))['port']}"
            arguments = (peer.module, "--api-url", url, "--token", TOKEN, "--home", str(home))
            async with running(*arguments, errors=home / "peer.log", pin=pins[1]) as bot:
                try:
                    return await while_alive(bot, play(standin, bot, plan))
                except (UnmeasuredError, ProcessLookupError, FileNotFoundError) as error:
                    raise UnmeasuredError(f"{error} (its last words: {last_words(home / 'peer.log')})") from error


async def while_alive(bot: Process, work: Coroutine[Any, Any, Record]) -> Record:
    """Do something with a bot, but do not wait for one that has died."""
    working, dying = asyncio.create_task(work), asyncio.create_task(bot.wait())
    try:
        await asyncio.wait({working, dying}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise UnmeasuredError(f"died with {bot.returncode}")
    finally:
        working.cancel()
        dying.cancel()


async def play(standin: Standin, bot: Process, plan: Plan) -> Record:
    """Enrol, warm up, measure."""
    if not (await standin.order(STARTUP, do="polled"))["polled"]:
        raise UnmeasuredError("did not poll")
    if plan.enrolment:
        await standin.play(plan.enrolment, FIRST_CHAT)
    openings, steps = plan.measured.openings, plan.measured.steps
    await standin.play(Dialogue(openings[-1:], steps), FIRST_CHAT + len(openings) - 1)
    before = cpu_seconds(bot.pid)
    seen = await standin.play(Dialogue(openings[:-1], steps), FIRST_CHAT)
    used = cpu_seconds(bot.pid) - before
    return {
        "questions": len(steps),
        **seen,
        "answers_per_second": seen["answers"] / seen["seconds"],
        "cpu_ms_per_answer": used * 1000 / seen["answers"],
        "peak_mb": peak_megabytes(bot.pid),
    }


# All measurements


def schedule(options: Options) -> Iterator[tuple[int, int, Peer]]:
    """Repetition, clients and peer: peers side by side, each repetition starting with another one."""
    for repetition in range(options.repeat):
        first = repetition % len(options.peers)
        for clients in options.clients:
            for peer in options.peers[first:] + options.peers[:first]:
                yield repetition, clients, peer


def fit_questions(clients: int, rate: float | None) -> int:
    """As many questions as `LONGEST` has room for at a peer's known rate; all of them if none is known."""
    fits = int(LONGEST * rate / clients) if rate else len(NEEDS)
    return max(min(fits, len(NEEDS)), FEWEST)


async def measure_all(options: Options, console: Console) -> Results:
    """Every measurement, with a line of progress each."""
    results = Results()
    rates: dict[str, float] = {}
    questions: dict[tuple[str, int], int] = {}
    for repetition, clients, peer in schedule(options):
        asked = questions.setdefault((peer.name, clients), fit_questions(clients, rates.get(peer.name)))
        label = f"{repetition + 1}/{options.repeat} {peer.name} at {clients}"
        try:
            seen = await measure(peer, clients, asked, options)
        except UnmeasuredError as error:
            results.failures.append(f"{label}: {error}")
            console.print(f"{label}: {error}", style="red", markup=False)
            continue
        rate = seen["answers_per_second"]
        rates[peer.name] = max(rate, rates.get(peer.name, 0.0))
        results.runs.append({"peer": peer.name, "clients": clients, "repetition": repetition, **seen})
        console.print(f"{label}: {rate:.0f} answers/s", style="dim", highlight=False)
    return results


# Figures

FIGURES = ("answers_per_second", "p50_ms", "p99_ms", "cpu_ms_per_answer", "peak_mb", "standin_busy")


def medians(runs: list[Record]) -> list[Record]:
    """One row for each number of clients and peer: the median of each figure over the repetitions."""
    rows = []
    for clients, name in sorted({(run["clients"], run["peer"]) for run in runs}, key=row_order):
        same = [run for run in runs if (run["clients"], run["peer"]) == (clients, name)]
        middle = {figure: round(statistics.median(run[figure] for run in same), 3) for figure in FIGURES}
        questions = min(run["questions"] for run in same)
        unacknowledged = sum(run["unacknowledged"] for run in same)
        rows.append(
            {
                "clients": clients,
                "peer": name,
                "runs": len(same),
                "questions": questions,
                "shortened": questions < len(NEEDS),
                "unacknowledged": unacknowledged,
                **middle,
            }
        )
    return rows


def row_order(row: tuple[int, str]) -> tuple[int, int]:
    """Clients first, then the peers in their own order."""
    return row[0], list(BY_NAME).index(row[1])


def ratio(runs: list[Record], one: str, other: str, clients: int) -> Record | None:
    """How many times the answers a second within each repetition: median and extremes, if there are pairs."""
    rates = {(r["repetition"], r["peer"]): r["answers_per_second"] for r in runs if r["clients"] == clients}
    pairs = [
        rate / rates[repetition, other]
        for (repetition, name), rate in rates.items()
        if name == one and (repetition, other) in rates
    ]
    if not pairs:
        return None
    median, low, high = (round(value, 3) for value in (statistics.median(pairs), min(pairs), max(pairs)))
    pair = {"of": one, "to": other, "clients": clients}
    return {**pair, "median": median, "lowest": low, "highest": high, "pairs": len(pairs)}


def ratios(runs: list[Record], options: Options) -> list[Record]:
    """Every later peer against the first one that was measured."""
    reference, *others = [peer.name for peer in options.peers]
    found = [ratio(runs, reference, other, clients) for clients in options.clients for other in others]
    return [pair for pair in found if pair]


def judge(runs: list[Record]) -> list[Record]:
    """Each target: met, missed, or (null) not measured."""
    verdicts: list[Record] = []
    for target in TARGETS:
        pair = ratio(runs, "firstsay", target.peer, target.clients)
        seen = pair["median"] if pair else None
        met = None if seen is None else seen >= target.factor
        verdicts.append({"of": "firstsay", **asdict(target), "seen": seen, "met": met})
    return verdicts


def describe_machine(home: Path | None) -> Record:
    """What the figures depend on: cores, versions, the machine's load, how long a sync to the disk takes."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "sync_ms": round(sync_milliseconds(home), 3),
    }


def sync_milliseconds(home: Path | None) -> float:
    """The median time to write and sync 4 kB where the stores will stand; hardly anything: no real disk."""
    taken = []
    with tempfile.TemporaryFile(dir=home, buffering=0) as file:
        for _ in range(30):
            started = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def conclude(options: Options, machine: Record, results: Results) -> Record:
    """The whole outcome as one document."""
    return {
        "benchmark": "turns",
        "machine": {**machine, "load_after": [round(load, 2) for load in os.getloadavg()]},
        "dialogue": {"questions": len(NEEDS), "repeat": options.repeat, "pinned": options.pin},
        "peers": {peer.name: peer.promises for peer in options.peers},
        "medians": medians(results.runs),
        "ratios": ratios(results.runs, options),
        "targets": judge(results.runs),
        "failures": results.failures,
        "runs": results.runs,
    }


def exit_code(document: Record, options: Options) -> int:
    """1 where a target was missed, or not measured although everything should have been."""
    verdicts = [target["met"] for target in document["targets"]]
    missed = False in verdicts or (options.full and None in verdicts)
    return int(missed or bool(document["failures"]))


# Output

HEADINGS = ("clients", "peer", "answers/s", "p50 ms", "p99 ms", "CPU ms", "MB", "busy")
CAPTION = "Medians; CPU of the bot for an answer; its peak memory; the stand-in's share of its core"


def print_tables(document: Record, console: Console) -> None:
    """The outcome for people."""
    table = Table(title="Ten questions, side by side", caption=CAPTION)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "peer" else "right")
    for row in document["medians"]:
        note = f" ({row['questions']} questions)" if row["shortened"] else ""
        note += f" ({row['unacknowledged']} taps not acknowledged)" if row["unacknowledged"] else ""
        figures = [f"{row[name]:.{digits}f}" for name, digits in zip(FIGURES, (0, 1, 1, 2, 0, 2), strict=True)]
        table.add_row(str(row["clients"]), row["peer"] + note, *figures)
    console.print(table)
    for pair in document["ratios"]:
        extremes = f"({pair['lowest']:.2f} to {pair['highest']:.2f})"
        console.print(f"{pair['of']} / {pair['to']} at {pair['clients']}: {pair['median']:.2f} {extremes}")
    for name, promises in document["peers"].items():
        console.print(f"[bold]{name}[/]: {promises}", highlight=False)
    machine = document["machine"]
    console.print(f"Python {machine['python']}, {machine['cores']} cores, sync {machine['sync_ms']} ms")
    for target in document["targets"]:
        verdict = {True: "met", False: "MISSED", None: "not measured"}[target["met"]]
        wanted = f"firstsay >= {target['factor']:g} x {target['peer']} at {target['clients']} clients"
        console.print(f"{wanted}: {verdict} ({target['seen']})", highlight=False)


def read_options() -> tuple[Options, bool]:
    """The command line: what to measure, and whether to print JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.turns", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    parser.add_argument("--peers", help=f"comma-separated, of {', '.join(BY_NAME)} (default: all there are)")
    parser.add_argument("--clients", help="comma-separated numbers of clients at once (default: 1,50,500)")
    parser.add_argument("--repeat", type=int, default=3, help="how often everything is measured (default: 3)")
    parser.add_argument("--payload", default="", help="what follows /start; {client} becomes the client's number")
    parser.add_argument("--home", type=Path, help="where the peers' stores stand (default: the temporary folder)")
    parser.add_argument("--no-pin", action="store_true", help="let the system place the processes on the cores")
    given = parser.parse_args()
    try:
        clients = sorted({int(number) for number in given.clients.split(",")} if given.clients else CLIENTS)
        peers = [BY_NAME[name] for name in (given.peers.split(",") if given.peers else BY_NAME)]
    except (KeyError, ValueError) as error:
        parser.error(f"unknown peer or number: {error}")
    if given.repeat < 1 or min(clients) < 1:
        parser.error("--repeat and --clients start at 1")
    full = not given.peers and not given.clients
    if given.peers and (missing := [peer.name for peer in peers if not peer.exists]):
        parser.error(f"not there yet: {', '.join(missing)}")
    there = [peer for peer in peers if peer.exists]
    return Options(there, clients, given.repeat, given.payload, given.home, not given.no_pin, full), given.json


def leave(number: int, frame: object) -> None:
    """Turn SIGTERM into an orderly end, so that no process stays behind."""
    raise KeyboardInterrupt


def main() -> int:
    """Measure, print, and say by the exit code whether the targets were met."""
    options, as_json = read_options()
    signal.signal(signal.SIGTERM, leave)
    progress = Console(stderr=True)
    if absent := [peer.module for peer in PEERS if not peer.exists]:
        progress.print(f"not there yet, left out: {', '.join(absent)}", style="yellow", markup=False)
    machine = describe_machine(options.home)
    try:
        results = asyncio.run(measure_all(options, progress))
    except KeyboardInterrupt:
        return 130
    document = conclude(options, machine, results)
    if as_json:
        print(json.dumps(document, indent=2))
    else:
        print_tables(document, Console())
    return exit_code(document, options)


if __name__ == "__main__":
    sys.exit(main())
