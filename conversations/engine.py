"""The engine: plays a script against the log of what came back, up to the next question.

The log is addressed by key and occurrence, not by position, so that a script may change under a session: an
inserted question is asked, a removed one is passed over, and the client returns to where they were.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from conversations.script import (
    Amount,
    Ask,
    Choice,
    Day,
    Do,
    Ending,
    Jotted,
    Jotting,
    Json,
    Kind,
    Look,
    OwnWords,
    Reply,
    Said,
    Say,
    Script,
    Several,
    Status,
    Step,
)

Address: TypeAlias = tuple[str, int]
"""A key and which time it came up in this run (0, 1, …)."""

STEPS_PER_RUN: Final = 5_000
"""No script may hold the writer longer than this many steps."""


BEGUN: Final = 1
"""The least number of a log whose script has been started, so that drawing its first screen again is not a start."""


class ScriptError(Exception):
    """A bug in a script: it caught around a yield, never rests, or yields something that is not a step."""


@dataclass(slots=True)
class Entry:
    """What came back once: `kind` is ask, look, do or missed; `number` grows within the session."""

    kind: str
    value: Json
    number: int


@dataclass(slots=True)
class Log:
    """A session's memory. `number` only ever grows, also across Back and releases."""

    number: int = 0
    entries: dict[Address, Entry] = field(default_factory=dict)

    def put(self, address: Address, kind: str, value: Json) -> int:
        """Note what came back and return its number."""
        self.number += 1
        self.entries[address] = Entry(kind, value, self.number)
        return self.number

    def to_json(self) -> Json:
        """Shape: {"number": n, "entries": [[key, occurrence, kind, value, number], …]}."""
        rows = [[key, nth, e.kind, e.value, e.number] for (key, nth), e in self.entries.items()]
        return {"number": self.number, "entries": rows}

    @classmethod
    def from_json(cls, data: Json) -> Log:
        """The inverse of `to_json`."""
        entries = {(key, nth): Entry(kind, value, number) for key, nth, kind, value, number in data["entries"]}
        return cls(data["number"], entries)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to the question that was on the screen."""

    address: Address
    value: Json


@dataclass(frozen=True, slots=True)
class Back:
    """Drop the last answer and what depended on it."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Where a script came to rest: at a question, or (`ask` is None) at its end."""

    ask: Ask | None
    address: Address
    can_go_back: bool
    said: tuple[Say, ...]
    ending: Ending
    run: Run | None = None
    """The run itself, resting; good for the next answer."""


Perform: TypeAlias = Callable[[Look | Do, int], Json]
"""Carries out a step now; the number is the step's own within its session (for a live look: 0)."""


def advance(
    script: Callable[[], Script[Ending]],
    log: Log,
    move: Given | Back | None,
    perform: Perform,
    kept: Run | None = None,
) -> Rest:
    """Play `script` on `log` and `move`, doing through `perform` what the log does not hold yet.

    Changes `log` in place. Nothing a person can send makes it raise; only a bug in a script does. `kept` is the run
    of an earlier `Rest` on the same log: an answer to the question it rests at goes on from there, instead of from
    the top (unless it looked at something live). It changes what a turn costs, never what comes of it.
    """
    if isinstance(move, Given):
        log.put(move.address, "ask", move.value)
    if kept is not None and isinstance(move, Given) and kept.rests_at(log, move.address):
        return kept.play(perform, fresh=True)
    run = Run(script, log)
    rest = run.play(perform, fresh=isinstance(move, Given) or log.number == 0)
    log.number = max(log.number, BEGUN)
    if isinstance(move, Back) and rest.can_go_back:
        for address in run.trace[run.last_answer :]:
            log.entries.pop(address, None)
        log.number += 1
        rest = Run(script, log).play(perform, fresh=False)
    return rest


class Run:
    """One run of a script from the top; it may rest at a question and go on from there."""

    def __init__(self, script: Callable[[], Script[Ending]], log: Log) -> None:
        self._script = script
        self._generator = script()
        self._log = log
        self._seen: dict[str, int] = {}
        self._said: list[Say] = []
        self._resting: tuple[Ask, Address] | None = None
        self._looked_live = False
        self.trace: list[Address] = []
        self.last_answer = -1
        """Index in `trace` of the answer that Back would reopen; -1 if there is none."""

    def rests_at(self, log: Log, address: Address) -> bool:
        """Whether it waits, on this very log, for the answer to that question, and knows nothing that may have changed
        since: what was looked at live is looked at again, from the top."""
        waits = self._resting is not None and self._resting[1] == address
        return waits and self._log is log and not self._looked_live

    def play(self, perform: Perform, *, fresh: bool) -> Rest:
        """Go on to the next question without an answer, or to the end. `fresh`: a person's answer led here."""
        resting, self._resting = self._resting, None
        back: Any = None
        step: Step
        for _ in range(STEPS_PER_RUN):
            if resting is not None:
                (step, address), resting = resting, None
            else:
                try:
                    step = self._generator.send(back)
                except StopIteration as end:
                    return Rest(None, ("", 0), False, tuple(self._said), end.value)
                if isinstance(step, Say):
                    self._said.append(step)
                    back = None
                    continue
                if not isinstance(step, Ask | Look | Do):
                    raise ScriptError(f"not a step: {type(step).__name__}")
                address = self._address(step.key)
            if isinstance(step, Ask):
                reply = self._answered(step, address)
                if reply is None:
                    self._resting = (step, address)
                    can_go_back = step.back and not step.firm and self.last_answer >= 0
                    return Rest(step, address, can_go_back, tuple(self._said), None, self)
                back = reply
            else:
                back = self._carry_out(step, address, perform, fresh=fresh)
        raise ScriptError("the script does not come to rest")

    def _answered(self, ask: Ask, address: Address) -> Reply[Any] | None:
        entry = self._log.entries.get(address)
        reply = decode(ask.kind, entry.value) if entry is not None and entry.kind == "ask" else None
        if reply is not None:
            self.trace.append(address)
            self.last_answer = -1 if ask.firm else len(self.trace) - 1
            self._said.clear()
        return reply

    def _address(self, key: str) -> Address:
        nth = self._seen.get(key, 0)
        self._seen[key] = nth + 1
        return (key, nth)

    def _carry_out(self, step: Look | Do, address: Address, perform: Perform, *, fresh: bool) -> Json:
        if isinstance(step, Look) and step.live:
            self._looked_live = True
            return perform(step, 0)
        self.trace.append(address)
        final = isinstance(step, Do) and step.final
        if final:
            self.last_answer = -1
        entry = self._log.entries.get(address)
        kind = "do" if isinstance(step, Do) else "look"
        if entry is not None and (entry.kind == kind or (final and entry.kind == "missed")):
            return entry.value
        if final and not (fresh and not self._is_passed(address, perform)):
            self._log.put(address, "missed", None)
            return None
        value = perform(step, self._log.number + 1)
        self._log.put(address, kind, value)
        return value

    def _is_passed(self, address: Address, perform: Perform) -> bool:
        """Whether the client has already answered something that comes after this final act."""
        return _Probe(self._script, self._log, address).meets_an_answer(perform)


class _Probe(Run):
    """A look ahead past a final act, with nothing done: is there an answered question behind it?"""

    def __init__(self, script: Callable[[], Script[Ending]], log: Log, act: Address) -> None:
        super().__init__(script, Log(log.number, dict(log.entries)))
        self._act = act
        self._guessed = False

    def meets_an_answer(self, perform: Perform) -> bool:
        """Plays on until a question nobody answered. What is to be read is read; what was never done comes back as
        None, and a script that cannot live with that is followed no further."""

        def read(step: Look | Do, number: int) -> Json:
            if isinstance(step, Look):
                return perform(step, 0)
            self._guessed = True
            return None

        try:
            self.play(read, fresh=False)
        except Exception:
            if not self._guessed:
                raise
        behind = self.trace[self.trace.index(self._act) + 1 :] if self._act in self.trace else []
        return any(self._log.entries[a].kind == "ask" for a in behind if a in self._log.entries)


def decode(kind: Kind, value: Json) -> Reply[Any] | None:
    """What a logged answer means to a question of this kind; None where it no longer fits."""
    if not isinstance(value, dict):
        return None
    status, said = value.get("status"), value.get("value")
    if status in (Status.SKIPPED, Status.DECLINED):
        return Reply(Status(status))
    if status != Status.ANSWERED:
        return None
    meaning = _decode_value(kind, said)
    return None if meaning is None else Reply(Status.ANSWERED, meaning)


def _decode_value(kind: Kind, said: Json) -> Any:
    match kind:
        case Choice(options, live):
            known = (live and isinstance(said, str)) or any(option.code == said for option in options)
            return said if known else None
        case Several(options, most):
            if not isinstance(said, list) or len(said) > most:
                return None
            codes = [option.code for option in options]
            return said if all(code in codes and said.count(code) == 1 for code in said) else None
        case OwnWords(options):
            if isinstance(said, str):
                return said if any(option.code == said for option in options) else None
            return _decode_words(said)
        case Amount(currency, options):
            if isinstance(said, str):
                return said if any(option.code == said for option in options) else None
            fits = isinstance(said, list) and len(said) == 2 and said[1] == currency
            return said[0] if fits and isinstance(said[0], int) else None
        case Jotting(currency, options):
            if isinstance(said, str):
                return said if any(option.code == said for option in options) else None
            return _decode_jotted(currency, said)
        case Day():
            try:
                return date.fromisoformat(said)
            except (TypeError, ValueError):
                return None


def _decode_jotted(currency: str, said: Json) -> Jotted | None:
    words = _decode_words(said)
    if words is None or said.get("currency", currency) != currency:
        return None
    amount = said.get("amount")
    return Jotted(amount if isinstance(amount, int) else None, words)


def _decode_words(said: Json) -> Said | None:
    if not isinstance(said, dict):
        return None
    if isinstance(said.get("text"), str):
        return Said(text=said["text"], original=str(said.get("original", "")))
    if isinstance(said.get("voice"), int):
        return Said(voice=said["voice"], seconds=int(said.get("seconds", 0)))
    return None
