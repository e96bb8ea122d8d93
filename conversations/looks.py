"""What a script may read, and the shape of what comes back (plain JSON; times are epoch seconds, UTC)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict

from conversations.acts import PlanTransfers
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


@dataclass(frozen=True, slots=True)
class LookContact:
    """When and how often a client is written to. Back: `Contact`."""


@dataclass(frozen=True, slots=True)
class LookAsking:
    """What is asked of this client now, if anything: they may answer it also without having been written to.
    Back: `Asking` or None."""


@dataclass(frozen=True, slots=True)
class LookForm:
    """A form by name and version, as it is asked now. Back: `conversations.instruments.form.Form`, or None where it is
    not there. Always read live: it is no JSON."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class LookDueNeeds:
    """What this client put first two weeks ago or longer, and was not asked about for four; at most three, those asked
    about longest ago first. Back: list of `First`."""


@dataclass(frozen=True, slots=True)
class LookCheckins:
    """What a client's earlier check-ins tell the next one. Back: `Checkins`."""


@dataclass(frozen=True, slots=True)
class LookLately:
    """What a caseworker may read of a client's newest check-in, of those they have just opened (`ReadClient`). Back:
    `Lately` or None. Always read live."""

    client: int


@dataclass(frozen=True, slots=True)
class LookWay:
    """A client's own way along the four axes, from check-ins of the newest version. Back: `Way`."""


@dataclass(frozen=True, slots=True)
class LookInstruments:
    """What a round can ask. Back: list of `Askable`, built-in ones first."""


@dataclass(frozen=True, slots=True)
class LookAudiences:
    """Whom a round can ask. Back: list of `Audience`; empty for whoever is no lead."""


@dataclass(frozen=True, slots=True)
class LookDryRun:
    """What a plan would do. Back: `DryRun`."""

    draft: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LookPlans:
    """Every plan, those that go on first, then the newest. Back: list of `PlanState`; an empty one for whoever is no
    lead."""


@dataclass(frozen=True, slots=True)
class LookPlan:
    """One plan. Back: `PlanState`, or None where it is not for this person."""

    plan: int


@dataclass(frozen=True, slots=True)
class LookRule:
    """Whether a plan can come round by a rule of its own: the five fields of cron. Back: "", or in one line (English)
    what is wrong with it."""

    rule: str


@dataclass(frozen=True, slots=True)
class LookResult:
    """What came of a round that has closed. Back: list of `Words`, or None where there is nothing yet, or it is not for
    this person. Always read live: it is no JSON."""

    round: int


@dataclass(frozen=True, slots=True)
class LookMoney:
    """Everything of a client's own money. Back: `OwnMoney`. Always read live: it is theirs alone."""


@dataclass(frozen=True, slots=True)
class LookTransfer:
    """One transfer: of this client, or one that this member of staff has to do with. Back: `Transfer` or None."""

    transfer: int


@dataclass(frozen=True, slots=True)
class LookSteps:
    """What staff have done to a transfer, oldest first, for a lead. Back: [[step, by whom ("": the command line), at,
    who handed it over ("": nobody of the staff)], …]; empty for whoever is no lead."""

    transfer: int


@dataclass(frozen=True, slots=True)
class LookTransfers:
    """Transfers that staff have to do with, of one client or (None) of all: a caseworker those of their own clients, a
    lead everybody's; the earliest day first, those that are done last. Back: list of `Transfer`."""

    client: int | None = None


@dataclass(frozen=True, slots=True)
class LookPaid:
    """A client by their code, as staff type it, for whom this member of staff may plan transfers. Back: {"client": id,
    "code"} or None."""

    code: str


@dataclass(frozen=True, slots=True)
class LookRates:
    """What one transfer is, by country, on that local day. Back: `Rates`."""

    on: str


@dataclass(frozen=True, slots=True)
class LookPlanned:
    """What a plan of transfers would be. Back: [[local day, amount in minor units, currency], …]; [day, None, ""] where
    there is no rate on that day."""

    wanted: PlanTransfers


@dataclass(frozen=True, slots=True)
class LookStaff:
    """Who of the staff may have handed money over. Back: [[person id, name], …], oneself first."""


@dataclass(frozen=True, slots=True)
class LookSafe:
    """Who would be told of trouble with this transfer, one rung after another: nobody through whose hands it has gone,
    and never the client's caseworker. Back: [[name, …], …]; empty where nobody can be reached."""

    transfer: int


@dataclass(frozen=True, slots=True)
class LookShared:
    """What a client shows their caseworker of their plan and their notes. Back: `SharedMoney`, or None where they show
    none or it is not for this person. Always read live."""

    client: int


@dataclass(frozen=True, slots=True)
class LookTrouble:
    """What an alert about money says, for who was told of it. Back: `Trouble` or None. Always read live."""

    alert: int


class Line(TypedDict):
    """A telephone number that works, as the programme verified it."""

    label: str
    number: str


class Here(TypedDict):
    """The programme's languages, [[code, what it is called in itself], …], its time zone, and the hour."""

    languages: list[list[str]]
    zone: str
    now: int


class Around(Here):
    """The programme, the hour and the person, as a dialogue needs them."""

    organisation: str
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
    """Where an alert stands. `kind`: need, person, minor or money; `items` are [need, level]; `told` and `seen_by` name
    people as they chose to be named; `opens_at` is when the programme opened next, if it was raised out of hours;
    `waiting` says that the other side of its talk wrote last; `words` that the client said in own words what they want
    done."""

    alert: int
    code: str
    kind: str
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
    words: bool


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
    words: str
    voice: int | None


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
    """Who opened a client's words, and when. `what` is needs, checkin, alert, feedback or money."""

    by: str
    what: str
    at: int


class Checked(TypedDict):
    """One answer to a form. The `question`, what it was `about` (a service or a need; {} for neither) and the options
    `chosen` are by language; `plain` is a day as 2026-11-23. `hangs`: "first" for the option that was ticked first,
    "wish" for the level of contact about it, in `plain`; else ""."""

    at: int
    question: dict[str, str]
    about: dict[str, str]
    hangs: str
    skipped: bool
    chosen: list[dict[str, str]]
    plain: str
    words: str
    voice: int | None


class Kept(TypedDict):
    """Everything that is kept about a client. `rated` is [[need, status, value, at, words, voice id], …], every answer
    there ever was; `checked` every answer to another form; `asked` [[at, what by language, state], …], each time a
    round asked something; `wished` [[at, level, [[item, level], …], how, when, state], …]; `said` [[at, to whom, mine,
    text, voice id], …]; `feedback` [[at, text, voice id, named], …]."""

    code: str
    name: str | None
    language: str
    contact: Contact
    place: str | None
    caseworker: str | None
    since: int
    rated: list[list[Any]]
    checked: list[Checked]
    asked: list[list[Any]]
    wished: list[list[Any]]
    said: list[list[Any]]
    feedback: list[list[Any]]
    agreed: list[Agreement]
    readings: list[Reading]
    money: OwnMoney


class Reach(TypedDict):
    """What an erasure cannot reach: `copies` [[kind, with words, at], …], newest first; `names` of the staff who read
    something or wrote with this client; whether a wish is open; how many transfers were `paid`, and stay in the books.
    """

    copies: list[list[Any]]
    names: list[str]
    wish: bool
    paid: int


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


class Contact(TypedDict):
    """When and how often a client is written to: hours as in `WHEN` ("" where they have not said), a bit for each
    safe weekday from Monday on (0: any), whether they agreed to be written to first, whether they asked to be asked
    less, and where they are now (None: not said)."""

    hours: str
    days: int
    first: bool
    less: bool
    stage: str | None


class Asking(TypedDict):
    """What is asked of a client: `asking` opens it, `begun` is whether it was opened before."""

    asking: int
    instrument: str
    begun: bool


class Checkins(TypedDict):
    """How many check-ins of the newest version this client has answered any statement of, and when each service was
    last asked about."""

    answered: int
    services: dict[str, int]


class Lately(TypedDict):
    """The newest check-in as the client's own caseworker may read it: `answers` are [[instrument, item, value], …] to
    how things put first are now, and what is wanted; never what helped or was hard, the statements or the services."""

    at: int
    answers: list[list[Any]]
    words: str
    voice: int | None


class Way(TypedDict):
    """`at` of each check-in, oldest first; for each axis where it stood then (0 to 4, None where nothing was answered;
    what is no more than noise does not move it), and what can be said of the newest beside the one before: more, less,
    same, first (nothing to compare with) or none (left out in the newest)."""

    at: list[int]
    axes: dict[str, list[float | None]]
    said: dict[str, str]


class Transfer(TypedDict):
    """One transfer. `number` of `total` in its series (None: a gift beside it); `amount` in minor units of `currency`;
    `day` when it is planned for, or was sent (epoch seconds, noon on that local day), `on` the same as 2026-12-31.
    `state` as this reader may know it: planned, sent, received or cancelled, and to its client also part and notyet.
    `late`: planned for a day that has passed; `delay` why it was put off ("" where it was not); `answered` whether its
    client has said anything (None for staff, but where it was received); `asking` the questions that wait for it.
    `was` [amount, currency] as it was planned at first, where that was another one. To its client only: `news`, it has
    changed since they looked; `read`, staff have read that all of it came; `slip`, it was noted as sent, and then not;
    `said` what they said last of whether it came ("" for nothing), also where that was before a slip."""

    transfer: int
    client: int
    code: str
    number: int | None
    total: int | None
    amount: int
    currency: str
    day: int
    on: str
    state: str
    late: bool
    delay: str
    answered: bool | None
    asking: int | None
    was: list[Any] | None
    news: bool
    read: bool
    slip: bool
    said: str


class MoneyLine(TypedDict):
    """One line of a plan, of notes or of outcomes: as `NoteEntry`, with when it was last said."""

    line: int
    transfer: int | None
    amount: int | None
    currency: str
    use: str
    text: str
    voice: int | None
    at: int


class OwnMoney(TypedDict):
    """A client's own money. `taken` are lines that were taken away and can still be brought back, by kind (as in
    `NoteEntry`); `shares` the purposes of `conversations.client.shares.SHARES` they agreed to; `native` whether they
    see it in their own digits; `currency` the one they most likely count in, `currencies` all there are here."""

    transfers: list[Transfer]
    plan: list[MoneyLine]
    spent: list[MoneyLine]
    outcomes: list[MoneyLine]
    taken: dict[str, list[MoneyLine]]
    shares: list[str]
    native: bool
    currency: str
    currencies: list[str]


class SharedMoney(TypedDict):
    """What a caseworker may see of it."""

    transfers: list[Transfer]
    plan: list[MoneyLine]
    spent: list[MoneyLine]


class Trouble(TypedDict):
    """`what` as in `TellOfMoney`; the transfer, as far as it is needed to help, and the client's words."""

    what: str
    transfer: Transfer | None
    words: str
    voice: int | None


class Rates(TypedDict):
    """`rates` [[country, amount, currency, from which local day], …] in force; the currency of the programme, and all
    that there are here; how many transfers there are by default."""

    rates: list[list[Any]]
    currency: str
    currencies: list[str]
    times: int


class Draft(TypedDict):
    """A plan before it is one. `audience` is [by, which]: everyone, language, place, stage or caseload, and the
    language, the place, the stage or the caseworker's id ("" for everyone). `at` is local time as 2026-12-01T09:00,
    None for now.
    `repeat`: once, week, 2 weeks, 4 weeks, month, 3 months, or "cron " and five fields. `times`: how often (None: until
    stopped). `last`: a single one that is the last."""

    instrument: str
    version: int
    audience: list[str]
    at: str | None
    repeat: str
    times: int | None
    last: bool
    window_hours: int


class Askable(TypedDict):
    """An instrument a round can ask; `title` by language. `wrong` says why it cannot be used ("" where it can)."""

    name: str
    version: int
    title: dict[str, str]
    wrong: str


class Audience(TypedDict):
    """Some of the clients; `name` is what a caseworker is called, and the same as `which` for all others. `clients` is
    None for a number under 5, and for another one of its kind that would give it away."""

    by: str
    which: str
    name: str
    clients: int | None


class DryRun(TypedDict):
    """`asked` now or later within the window, None under 5; `unsent` [[reason, how many], …], where what holds for
    fewer than 5 stands together as other. `starts_at` of this and the next ones; `refused` as in `PlanRound`."""

    refused: str
    asked: int | None
    unsent: list[list[Any]]
    starts_at: list[int]
    closes_at: int


class RoundState(TypedDict):
    """One time that a plan came round. `state`: planned, running, closed, stopped or missed. `counts`: how many
    clients are waiting, sent, opened, partly, answered, declined, blocked, unsent; `reasons` [[waiting or unsent, why,
    how many], …], where a small number is None; `doubts`: messages that may have arrived twice."""

    round: int
    number: int
    last: bool
    state: str
    starts_at: int
    closes_at: int
    counts: dict[str, int]
    reasons: list[list[Any]]
    doubts: int


class PlanState(TypedDict):
    """A plan as a lead sees it. `number` counts plans from the first one ever; `state`: active, paused, stopped or
    ended; `by` who planned it, `changed_by` who last changed it ("" where the bot runs); `next_at` when it comes round
    next; `round` the newest one that has begun or was missed, its figures only for `LookPlan`; `results` [[round, its
    number], …] of those that have closed, newest first."""

    plan: int
    number: int
    stamp: int
    instrument: str
    title: dict[str, str]
    audience: list[str]
    audience_name: str
    state: str
    repeat: str
    times: int | None
    window_hours: int
    zone: str
    by: str
    changed_by: str
    changed_at: int
    next_at: int | None
    round: RoundState | None
    results: list[list[int]]


def moment(at: int, zone: str, style: str = "day and time") -> Moment:
    """An epoch second as something to be worded."""
    return Moment(datetime.fromtimestamp(at, UTC), zone, style)
