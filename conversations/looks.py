"""What a script may read, and the shape of what comes back (plain JSON; times are epoch seconds, UTC)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict

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
    """Figures for a lead; None stands for "fewer than 5, hidden". Back: {"enrolled", "caseworkers"}."""


@dataclass(frozen=True, slots=True)
class LookInviting:
    """What a lead needs to know to invite somebody. Back: `Inviting`."""


@dataclass(frozen=True, slots=True)
class LookOwn:
    """What a client has set for themselves. Back: `Own`."""


@dataclass(frozen=True, slots=True)
class LookKept:
    """Everything that is kept about a client. Back: `Kept`."""


@dataclass(frozen=True, slots=True)
class LookLedger:
    """What a client agreed to and in which words, newest first. Back: list of `Agreement`."""


@dataclass(frozen=True, slots=True)
class LookReach:
    """What an erasure cannot reach. Back: `Reach`."""


@dataclass(frozen=True, slots=True)
class LookLeads:
    """Who reads what is written to the leads. Back: `Leads`."""


@dataclass(frozen=True, slots=True)
class LookInbox:
    """What was written to the leads, in pages from 0. Back: `Inbox`; an empty one for whoever is no lead."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class LookFeedback:
    """What a lead has just opened (`ReadFeedback`). Back: `Feedback` or None. Always read live."""

    feedback: int


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
    `opens_at` is when the programme opened next, if it was raised out of hours; `waiting` says that the other side of
    its talk wrote last."""

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
    opens_at: int | None
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
    shared: bool
    firsts: list[First]


class TalkLine(TypedDict):
    """One line of a talk."""

    mine: bool
    text: str
    voice: int | None
    at: int


class Own(TypedDict):
    """What a client has set: whether their chat is tidied, until when they have paused, when everything is erased, and
    whether they have left."""

    left: bool
    tidy: bool
    quiet_until: int | None
    erase_at: int | None


class Agreement(TypedDict):
    """One line of the consent ledger, with the words as they were on the screen."""

    at: int
    purpose: str
    granted: bool
    words: str


class Reading(TypedDict):
    """Who opened a client's words, and when. `what` is needs, alert or feedback."""

    by: str
    what: str
    at: int


class Kept(TypedDict):
    """Everything that is kept about a client. `rated` is [[item, status, value, at, words, voice id], …], every answer
    there ever was; `wished` [[at, level, [[item, level], …], how, when, state], …]; `said` [[at, to whom, mine, text,
    voice id], …]; `feedback` [[at, text, voice id, named], …]."""

    code: str
    name: str | None
    language: str
    hours: str
    place: str | None
    caseworker: str | None
    since: int
    rated: list[list[Any]]
    wished: list[list[Any]]
    said: list[list[Any]]
    feedback: list[list[Any]]
    agreed: list[Agreement]
    readings: list[Reading]


class Reach(TypedDict):
    """What an erasure cannot reach: `copies` [[kind, with words, at], …], newest first; `names` of the staff who read
    something or wrote with this client; whether a wish is open."""

    copies: list[list[Any]]
    names: list[str]
    wish: bool


class Leads(TypedDict):
    """`names` of the leads who can be reached; `days` for which the words of someone without an invitation are kept;
    whether a lead could answer this person here."""

    names: list[str]
    days: int
    can_answer: bool


class Inbox(TypedDict):
    """`rows` are [[feedback, at, whether it is new], …], what nobody has opened first, then the newest; `new` is how
    many of all are new; whether there are `more` behind this page."""

    rows: list[tuple[int, int, bool]]
    new: int
    more: bool


class Feedback(TypedDict):
    """What one person wrote to the leads. `code` only where they gave it; `sound` of a voice note is waiting, kept or
    lost, of typed words ""; whether this lead can answer here."""

    at: int
    code: str | None
    text: str
    voice: int | None
    seconds: int
    sound: str
    can_answer: bool


class Missing(TypedDict):
    """Something without which a client would come to nobody. `what`: hours, caseworker, or what there is not for a
    country (ISO 3166) and a language: number (none at all), old (none called within `days`), future (none with a day
    that has been)."""

    what: str
    country: str
    language: str
    days: int


class Inviting(TypedDict):
    """What is missing before a client can come, and the places that an invitation can carry."""

    missing: list[Missing]
    places: list[str]


class Talk(TypedDict):
    """Who one is talking with, and what was said last."""

    talk: int
    other: str
    open: bool
    lines: list[TalkLine]


def moment(at: int, zone: str, style: str = "day and time") -> Moment:
    """An epoch second as something to be worded."""
    return Moment(datetime.fromtimestamp(at, UTC), zone, style)
