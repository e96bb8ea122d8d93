"""What a script may read, and the shape of what comes back (plain JSON; times are epoch seconds, UTC)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict

from conversations.text import Moment


@dataclass(frozen=True, slots=True)
class LookAround:
    """Back: `Around`."""


@dataclass(frozen=True, slots=True)
class LookRatings:
    """The newest rating of every item of an instrument. Back: {item: [status, value]}."""

    instrument: str


@dataclass(frozen=True, slots=True)
class LookFirsts:
    """What this client put first (their 4s), in the order rated. Back: list of `First`."""

    instrument: str


@dataclass(frozen=True, slots=True)
class LookStart:
    """Which block of an instrument comes first this time. Back: int."""

    instrument: str
    blocks: int


@dataclass(frozen=True, slots=True)
class LookParked:
    """Dialogues this person left on the way. Back: list of `Parked`, newest first."""


@dataclass(frozen=True, slots=True)
class LookAlert:
    """One alert as its client may see it. Back: `AlertState` or None."""

    alert: int


@dataclass(frozen=True, slots=True)
class LookAlerts:
    """Open alerts: a client's own, or those a caseworker was told of. Back: list of `AlertState`."""


@dataclass(frozen=True, slots=True)
class LookTalk:
    """A talk with its latest lines. Back: `Talk` or None where it is not this person's."""

    talk: int


@dataclass(frozen=True, slots=True)
class LookTalks:
    """Talks this person is in that are open. Back: list of `Talk`, without their lines."""


@dataclass(frozen=True, slots=True)
class LookClients:
    """A caseworker's consenting clients. Back: [[person id, code, how many 4s], …]."""


@dataclass(frozen=True, slots=True)
class LookDetails:
    """What a caseworker has just opened (`ReadAlert`, `ReadClient`). Back: `Details` or None. Always read live."""

    client: int
    alert: int | None = None


@dataclass(frozen=True, slots=True)
class LookEnrolment:
    """Figures for a lead; None stands for "fewer than 5, hidden". Back: {"invited", "enrolled", "rated",
    "alerts", "caseworkers"}."""


class Line(TypedDict):
    """A telephone number that works, as the programme verified it."""

    label: str
    number: str


class Around(TypedDict):
    """The programme, the hour and the person, as a dialogue needs them."""

    organisation: str
    languages: list[list[str]]
    zone: str
    now: int
    open: bool
    opens_at: int | None
    numbers: list[Line]
    role: str
    name: str | None
    language: str
    adult: bool | None
    caseworker: str | None
    reads_by: int
    purposes: list[str]
    roles: list[str]
    urgency: dict[str, str]


class First(TypedDict):
    """A 4: the item and, if it was said, what it means in the client's own words."""

    item: str
    text: str
    voice: int | None


class Parked(TypedDict):
    """A dialogue left on the way; `place` is [7, 21] for "7 of 21", or None."""

    session: int
    script: str
    place: list[int] | None


class AlertState(TypedDict):
    """Where an alert stands. `items` are [need, level]; `told` and `seen_by` name people as they chose to be named;
    `waiting` says that the other side of its talk wrote last."""

    alert: int
    code: str
    level: str
    items: list[list[str]]
    state: str
    told: list[str]
    seen_by: str | None
    seen_at: int | None
    mine: bool
    by: str | None
    due_at: int | None
    talk: int | None
    waiting: bool


class Details(TypedDict):
    """What a caseworker reads after tapping Show details."""

    client: int
    code: str
    name: str | None
    level: str
    items: list[list[str]]
    how: str
    when: str
    firsts: list[First]


class TalkLine(TypedDict):
    """One line of a talk."""

    mine: bool
    text: str
    voice: int | None
    at: int


class Talk(TypedDict):
    """Who one is talking with, and what was said last."""

    talk: int
    other: str
    open: bool
    lines: list[TalkLine]


def moment(at: int, zone: str, style: str = "day and time") -> Moment:
    """An epoch second as something to be worded."""
    return Moment(datetime.fromtimestamp(at, UTC), zone, style)
