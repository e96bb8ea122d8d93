"""The burden budget: whether a round may ask somebody now, later within its time, or not at all, and why.

It stands before the send gate, which it asks too: what a programme starts goes to nobody who did not agree to it, who
is in the middle of something, or who was asked something a short while ago (DOMAIN B9).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from bot.gate import Purpose, decide
from bot.programme import Programme

CHECKIN: Final = "checkin"

URGENT_AGAIN: Final = timedelta(hours=1)
"""How soon it is looked again whether a wish for contact today is still open."""

AFTER_TALK: Final = timedelta(hours=24)
"""While a person is talking with somebody, the bot is silent."""

AFTER_TOUCH: Final = timedelta(minutes=30)
"""Whoever is in the middle of a dialogue is not interrupted."""

LESS: Final = 2
"""Whoever asked to be asked less waits so many times as long."""

CONSENTS: Final = 2
"""To be asked, and that answers are kept."""


class Verdict(NamedTuple):
    """`send` now; or wait until `at` (epoch seconds); or, where that is None, not in this round. `reason` says why not
    now: blocked, minor, left, consent, language, first, paused, asked, urgent, talking, busy or hours."""

    send: bool
    at: int | None
    reason: str


class Wanted(NamedTuple):
    """What a round wants to ask, until when (epoch seconds), and in which languages it can."""

    instrument: str
    closes_at: int
    languages: Collection[str]
    reminder: bool = False


class Facts(Protocol):
    """A row of `askings.candidates` or `askings.due`, or a mapping like it."""

    def __getitem__(self, name: str, /) -> Any: ...


def weigh(facts: Facts, wanted: Wanted, programme: Programme, now: datetime) -> Verdict:
    """Whether to ask a client now."""
    never = _never(facts, wanted, programme)
    if never:
        return Verdict(False, None, never)
    at = int(now.timestamp())
    waits = dict(_waits(facts, wanted, programme, at))
    reason = max(waits, key=lambda name: waits[name]) if waits else ""
    earliest = max([at, *waits.values()])
    moment = datetime.fromtimestamp(earliest, UTC) if earliest > at else now
    decision = decide(Purpose.ROUND, _Reader(facts), programme.zone, moment, moment)
    if decision.never:
        return Verdict(False, None, {"not to be written to first": "first"}.get(decision.reason, decision.reason))
    if decision.not_before is not None:
        earliest = int(decision.not_before.timestamp())
        reason = "paused" if decision.reason == "paused" else reason or "hours"
    if earliest >= wanted.closes_at:
        return Verdict(False, None, reason or "late")
    return Verdict(True, earliest, "") if earliest <= at else Verdict(False, earliest, reason)


def _never(facts: Facts, wanted: Wanted, programme: Programme) -> str:
    """Why this client is not asked at all in this round; "" where they may be."""
    if facts["blocked_at"] is not None:
        return "blocked"
    if facts["adult"] != 1:
        return "minor" if facts["adult"] == 0 else "consent"
    if facts["left_at"] is not None or facts["erase_at"] is not None:
        return "left"
    if facts["consents"] < CONSENTS:
        return "consent"
    language = facts["language"] or programme.default_language
    return "" if language in wanted.languages else "language"


def _waits(facts: Facts, wanted: Wanted, programme: Programme, at: int) -> dict[str, int]:
    """Until when each thing holds it up (epoch seconds), where one does."""
    times = LESS if facts["less"] else 1
    found: dict[str, int] = {}
    if facts["asked_at"] is not None and not wanted.reminder:
        found["asked"] = facts["asked_at"] + times * programme.asking.days_between * 86_400
    if facts["checkin_at"] is not None and wanted.instrument == CHECKIN and not wanted.reminder:
        again = facts["checkin_at"] + times * programme.asking.checkin_days * 86_400
        found["asked"] = max(found.get("asked", 0), again)
    if facts["urgent"]:
        found["urgent"] = at + int(URGENT_AGAIN.total_seconds())
    if facts["talked_at"] is not None:
        found["talking"] = facts["talked_at"] + int(AFTER_TALK.total_seconds())
    if facts["busy_at"] is not None:
        found["busy"] = facts["busy_at"] + int(AFTER_TOUCH.total_seconds())
    return {reason: until for reason, until in found.items() if until > at}


class _Reader:
    """A row as the gate reads a person."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def role(self) -> str:
        return str(self._facts["role"])

    @property
    def hours(self) -> str:
        return str(self._facts["hours"])

    @property
    def days(self) -> int:
        return int(self._facts["days"])

    @property
    def first(self) -> bool:
        return bool(self._facts["first"])

    @property
    def asked(self) -> bool:
        return False

    @property
    def blocked_at(self) -> int | None:
        return None

    @property
    def left_at(self) -> int | None:
        return None

    @property
    def quiet_until(self) -> int | None:
        quiet: int | None = self._facts["quiet_until"]
        return quiet
