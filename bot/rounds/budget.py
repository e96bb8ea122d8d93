"""The burden budget: whether somebody may be asked something now, later within its time, or not at all, and why.

It stands before the send gate, which it asks too: what a programme starts goes to nobody who did not agree to it, who
is in the middle of something, or who was asked something a short while ago (DOMAIN B9).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol

from bot.gate import Purpose, decide
from bot.programme import Programme

CHECKIN: Final = "checkin"
BLOCKED: Final = "blocked"

REASONS: Final = (
    *("blocked", "minor", "left", "consent", "language", "nothing", "first"),
    *("paused", "asked", "urgent", "talking", "busy", "hours", "late", "stopped", "refused", "gone", "restored"),
)
"""Why somebody is not asked. The first never are (nothing: there is nothing to ask them now); the next are asked later,
where there is time for it; late: it was over before; stopped: a lead did so; refused and gone: Telegram took no message
for this chat; restored: a backup was put back, which does not know whether it arrived."""

URGENT_AGAIN: Final = timedelta(hours=1)
"""How soon it is looked again whether a wish for contact today is still open."""

AFTER_TALK: Final = timedelta(hours=24)
"""While a person is talking with somebody, the bot is silent."""

AFTER_TOUCH: Final = timedelta(minutes=30)
"""Whoever is in the middle of a dialogue is not interrupted."""

DAY: Final = 86_400
"""Seconds. A reminder is no second asking, but nothing else is asked for a day after it."""

LESS: Final = 2
"""Whoever asked to be asked less waits so many times as long."""

CONSENTS: Final = 2
"""To be asked, and that answers are kept."""

EARLIEST: Final = 3 * DAY
LATEST: Final = 28 * DAY
"""How soon, and how long, something is asked after a transfer, from when its client said that it came (DOMAIN B5)."""


class Verdict(NamedTuple):
    """`send` now; or wait until `at` (epoch seconds); or, where that is None, not in this round. `reason` is one of
    `REASONS`, "" where it may go now."""

    send: bool
    at: int | None
    reason: str


class Wanted(NamedTuple):
    """What is to be asked, until when (epoch seconds), and in which languages it can; where it reminds of what was
    asked, since when that has waited; the people (ids) of whom it would ask anything (None: of all)."""

    instrument: str
    closes_at: int
    languages: Collection[str]
    reminds_of: int | None = None
    due: Container[int] | None = None


class Facts(Protocol):
    """A row of `askings.facts`, or a mapping like it."""

    def __getitem__(self, name: str, /) -> Any: ...


def weigh(facts: Facts, wanted: Wanted, programme: Programme, now: datetime) -> Verdict:
    """Whether to ask a client now."""
    never = _never(facts, wanted, programme)
    if never:
        return Verdict(False, None, never)
    at = int(now.timestamp())
    reason, earliest = max([("", at), *_waits(facts, wanted, programme, at)], key=itemgetter(1))
    moment = datetime.fromtimestamp(earliest, UTC) if earliest > at else now
    reader = _Reader(facts["role"], facts["hours"], facts["days"], bool(facts["first"]), facts["quiet_until"])
    decision = decide(Purpose.ROUND, reader, programme.zone, moment, moment)
    if decision.never:
        return Verdict(False, None, told(decision.reason))
    if decision.not_before is not None:
        earliest = int(decision.not_before.timestamp())
        reason = "paused" if decision.reason == "paused" else reason or "hours"
    if earliest >= wanted.closes_at:
        return Verdict(False, None, reason or "late")
    return Verdict(True, earliest, "") if earliest <= at else Verdict(False, earliest, reason)


def told(reason: str) -> str:
    """What the gate or the delivery says of a line that did not go, as a round tells it."""
    return {"not to be written to first": "first", "too old": "late"}.get(reason, reason)


def _never(facts: Facts, wanted: Wanted, programme: Programme) -> str:
    """Why this client is not asked at all in this round; "" where they may be."""
    if facts["blocked_at"] is not None:
        return BLOCKED
    if facts["adult"] != 1:
        return "minor" if facts["adult"] == 0 else "consent"
    if facts["left_at"] is not None or facts["erase_at"] is not None:
        return "left"
    if facts["consents"] < CONSENTS:
        return "consent"
    language = facts["language"] or programme.default_language
    if language not in wanted.languages:
        return "language"
    if wanted.due is not None and facts["person_id"] not in wanted.due:
        return "nothing"
    # Whoever was asked something else meanwhile is not reminded of what went before it.
    asked_at = max(facts["asked_at"] or 0, _checked_in_at(facts, wanted))
    return "asked" if wanted.reminds_of is not None and asked_at >= wanted.reminds_of else ""


def _waits(facts: Facts, wanted: Wanted, programme: Programme, at: int) -> Iterator[tuple[str, int]]:
    """Until when each thing holds it up (epoch seconds)."""
    asking, times = programme.asking, LESS if facts["less"] else 1
    if wanted.reminds_of is not None:
        yield "asked", wanted.reminds_of + asking.reminder_days * DAY
    else:
        yield "asked", (facts["asked_at"] or 0) + times * asking.days_between * DAY
        yield "asked", (facts["reminded_at"] or 0) + DAY
        yield "asked", _checked_in_at(facts, wanted) + times * asking.checkin_days * DAY
    if facts["urgent"]:
        yield "urgent", at + int(URGENT_AGAIN.total_seconds())
    yield "talking", (facts["talked_at"] or 0) + int(AFTER_TALK.total_seconds())
    yield "busy", (facts["busy_at"] or 0) + int(AFTER_TOUCH.total_seconds())


def _checked_in_at(facts: Facts, wanted: Wanted) -> int:
    """Where this is a check-in: when the last one was asked, or begun without being asked; else 0."""
    return max(facts["checkin_at"] or 0, facts["sat_at"] or 0) if wanted.instrument == CHECKIN else 0


class _Reader(NamedTuple):
    """A client as the gate reads a person; who has blocked the bot or left has been sorted out before."""

    role: str
    hours: str
    days: int
    first: bool
    quiet_until: int | None
    asked: bool = False
    blocked_at: int | None = None
    left_at: int | None = None
