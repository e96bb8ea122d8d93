"""What a script may record or change. Each act says what comes back (plain JSON), or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.script import Json, Said, Status
from conversations.text import Words

# --- anyone ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Redeem:
    """Use a one-time invitation. Back: {"outcome": "client" | "caseworker" | "lead" | "expired" | "used" |
    "unknown" | "already" | "other" (already too, and the link waits for another client)}; the first three join this
    chat in that role."""

    code: str


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Speak with this person in that language from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class ChooseName:
    """What this person wants to be called; None leaves it open."""

    name: str | None


# --- client ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SayAge:
    """Adult or not. For a minor the caseworker (or, without one, the leads) is told that a person is needed.
    Back: {"told": [name, …]}."""

    adult: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """One line of the consent ledger: a purpose, or a role who may be told of something urgent.
    `words` is what was on the screen; the ledger keeps its digest, as it was worded for this client. What a No
    covers stops with it. Back: {"granted": as given, "over": whether a wish ended since nobody is left to be told}."""

    purpose: str
    granted: bool
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class BeginSitting:
    """An instrument is begun with that block of it first, as the answer to an asking of a round where it is one."""

    instrument: str
    version: int
    start: int = 0
    asking: int | None = None


@dataclass(frozen=True, slots=True)
class Respond:
    """One answer to one item of an instrument. `item` is the item's code, with `.meaning` or `.wish` behind it
    for what hangs on it; `value` for steps (of a form: see `conversations.instruments.form.encode`), `words` for own
    words."""

    instrument: str
    version: int
    item: str
    status: Status
    value: int | None = None
    words: Said | None = None


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    """Tell the roles this client agreed to, in their order, that contact is wanted.

    `level` is today or week; `items` are needs with the level wished for each, [code, level] (none: "I need a
    person"); `words` is what they want done, in their own words. Back: {"alert": id}.
    """

    level: str
    items: tuple[tuple[str, str], ...] = ()
    how: str = ""
    when: Said | str = ""
    words: Said | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take an alert back before anyone has seen it. Back: {"outcome": "taken back" | "seen" | "closed"}."""

    alert: int


@dataclass(frozen=True, slots=True)
class AskToClose:
    """Ask whoever has the alert to close it. Back: {"outcome": "asked" | "closed"}."""

    alert: int


@dataclass(frozen=True, slots=True)
class ChooseHours:
    """When it is safe to be contacted: any, morning, afternoon or evening, in the programme's time zone."""

    hours: str


@dataclass(frozen=True, slots=True)
class ChooseDays:
    """On which weekdays it is safe: a bit for each from Monday on; 0 for any day."""

    days: int


@dataclass(frozen=True, slots=True)
class AskLess:
    """Be left twice the time between two things that are asked, or as long as others again."""

    less: bool


@dataclass(frozen=True, slots=True)
class SayStage:
    """Where a client is now (`conversations.client.contact.STAGES`), or None to leave it open."""

    stage: str | None


@dataclass(frozen=True, slots=True)
class OpenAsking:
    """A client opens what they are asked; noted once. Back: {"instrument", "version", "last": whether it is the last of
    its plan, and after a transfer "transfer": its id}, or {"over": "answered" | "declined"} where they have done so, or
    None where it has closed or is not theirs."""

    asking: int


@dataclass(frozen=True, slots=True)
class DeclineAsking:
    """Not now: it is not asked again."""

    asking: int


@dataclass(frozen=True, slots=True)
class FinishAsking:
    """Everything was answered or left out."""

    asking: int


@dataclass(frozen=True, slots=True)
class ShowWay:
    """Put the picture of a client's own way under the screen. Back: whether there was anything to draw."""


@dataclass(frozen=True, slots=True)
class SeeTransfer:
    """A client looks at a transfer of theirs: it is no news any more."""

    transfer: int


@dataclass(frozen=True, slots=True)
class AnswerTransfer:
    """Whether a transfer has reached this client. `state`: received, part or notyet; `amount`, in minor units, is how
    much of it where they say so. Nobody on the staff's side learns of a part or a not yet by this. Back: {"outcome":
    "noted" | "over" (it is not theirs, or was not sent after all)}."""

    transfer: int
    state: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class TellOfMoney:
    """With this client's leave: tell somebody who neither marked nor handed over that money, and is not their
    caseworker. `what`: part, notyet, took, share, fee, trouble or wrong; `words` what they want to add. Back: {"alert":
    id, "told": [name, …]}; nobody could be reached where that is empty."""

    transfer: int
    what: str
    words: Said | None = None


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A line of a client's own: `kind` is plan, spent or outcome. `line` is the one that it changes, None for a new
    one; `transfer` the money it is about, None for all of it together; `amount` is in minor units of `currency`, None
    where they leave it open; `use` is a code of `conversations.client.uses`, "" for own words. Back: {"line": id}, or
    None where it is not theirs."""

    kind: str
    line: int | None = None
    transfer: int | None = None
    amount: int | None = None
    currency: str = ""
    use: str = ""
    words: Said | None = None


@dataclass(frozen=True, slots=True)
class TakeEntry:
    """Take a line away; it is gone for good a day later. Back: {"line": id}, or None where it is not there."""

    line: int


@dataclass(frozen=True, slots=True)
class BringEntry:
    """Bring back what was taken away, or bring a line to what it said before its last change. Back: {"line": id}, or
    None where there is nothing to go back to."""

    line: int


@dataclass(frozen=True, slots=True)
class ChooseDigits:
    """Show money in the digits of this person's language, or in Latin ones."""

    native: bool


@dataclass(frozen=True, slots=True)
class ShowMoney:
    """Put the picture of one's own plan, with what was noted beside it, under the screen: of a transfer, or (None) of
    all together. Back: whether there was anything to draw."""

    transfer: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent first until then (epoch seconds); None ends a pause."""

    until: int | None


@dataclass(frozen=True, slots=True)
class Leave:
    """Stop taking part: every consent is withdrawn, open wishes and talks end, nothing is sent first."""


@dataclass(frozen=True, slots=True)
class ComeBack:
    """Take part again; consent is asked anew by the script."""


@dataclass(frozen=True, slots=True)
class SetTidy:
    """Whether what is said in the chat is taken from it again."""

    tidy: bool


@dataclass(frozen=True, slots=True)
class SendMine:
    """Send everything kept about this person as a file into this chat."""


@dataclass(frozen=True, slots=True)
class EraseLater:
    """Erase everything at that time (epoch seconds), unless None takes it back before."""

    at: int | None


@dataclass(frozen=True, slots=True)
class Erase:
    """Erase everything about this person now. Nothing comes back: the script and its session are gone with them."""


# --- anyone, once more -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClearChat:
    """Take both sides' messages from this chat. Back: {"left": how many are too old for Telegram}."""


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """Words to the leads, never to the caseworker; `named` says that they may see whose they are.
    Back: {"told": [name, …]}."""

    words: Said
    named: bool


# --- lead: what people wrote -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadFeedback:
    """Open what somebody wrote to the leads; the reading is recorded. Back: {"feedback": id}, or None where it is not
    for this person to open. The words themselves come by `LookFeedback`."""

    feedback: int


@dataclass(frozen=True, slots=True)
class HearFeedback:
    """Send the voice note into this chat, until its screen is left; the hearing is recorded. Back: {"feedback": id}, or
    None where there is nothing to hear."""

    feedback: int


@dataclass(frozen=True, slots=True)
class AnswerFeedback:
    """Open a talk with a client who gave their code. Back: {"talk": id}, or None where nobody wants an answer."""

    feedback: int


# --- talking through the bot -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SendLine:
    """Say something to the other person of a talk. Back: {"outcome": "sent" | "ended" | "away" | "kept"}; away: they
    cannot be reached in this chat; kept: they see it when they look, since they do not wish to be written to first.
    """

    talk: int
    words: Said


@dataclass(frozen=True, slots=True)
class EndTalk:
    """Neither side can write in this talk any more until it is opened again."""

    talk: int


# --- lead --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invite:
    """Make a one-time invitation for that role. Back: {"code", "link", "until": epoch seconds}; the link is None as
    long as nobody has learnt what the bot is called."""

    role: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class ShowPicture:
    """Put a link into this chat as a picture (QR); it goes when the dialogue that shows it ends."""

    link: str


# --- caseworker --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """Take an alert. Back: {"outcome": "yours" | "already yours" | "taken" | "closed" | "not for you",
    "by": name, "talk": id}."""

    alert: int


@dataclass(frozen=True, slots=True)
class CloseAlert:
    """The alert is dealt with. Back: {"outcome": "closed" | "already closed" | "not yours"}."""

    alert: int


@dataclass(frozen=True, slots=True)
class ReadAlert:
    """Open what the client wished, and their 4s with what they mean; the reading is recorded and relayed.
    Back: {"client": id}, or None where it is not for this person to open. The words themselves come by
    `LookDetails`, so that they stand in no log of the reader's."""

    alert: int


@dataclass(frozen=True, slots=True)
class ReadClient:
    """Open a client's 4s and what they mean; the reading is recorded.
    Back: {"client": id}, or None where it is not for this person to open."""

    client: int


# --- staff: transfers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanTransfers:
    """Plan a client's transfers: `times` of them, a month apart, the first on the local day `first_on` (2026-12-31). By
    the rates of a `country`, each by the one in force on its day; or `amount`, in minor units of `currency`, by hand.
    `gift`: a single one beside any series. For a lead, or the client's own caseworker. Back: {"series": id of the
    first}, or {"refused": "gone" (no such client) | "past" | "rate" (none in force on one of the days) | "amount"}."""

    client: int
    first_on: str
    times: int
    country: str | None = None
    amount: int = 0
    currency: str = ""
    gift: bool = False


@dataclass(frozen=True, slots=True)
class MarkSent:
    """A transfer was sent or handed over on the local day `on`. `how`: hand, bank, wallet or other; `handed_by` the
    member of staff who handed it over, None for nobody of them. The client is told with one bland line. Back:
    {"outcome": "done" | "already" | "cancelled" | "gone"}; so for every act of staff on a transfer."""

    transfer: int
    on: str
    how: str
    handed_by: int | None = None


@dataclass(frozen=True, slots=True)
class UnmarkSent:
    """It was not sent after all: a slip. Back: as above; "already" where its client has said something of it."""

    transfer: int


@dataclass(frozen=True, slots=True)
class PutOffTransfer:
    """Another day, and why: a code of `conversations.caseworker.payments.WHY`. The client is told, as by `MarkSent`."""

    transfer: int
    to: str
    why: str


@dataclass(frozen=True, slots=True)
class RepriceTransfer:
    """Another amount, or another currency, of one that was not sent yet. The client is told."""

    transfer: int
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class CancelTransfer:
    """It will not be sent. The client is told."""

    transfer: int


# --- lead --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowReport:
    """Put the report's picture under the screen; `by` is language, place or None for all together. Back: {"clients":
    how many are counted, or None while they are too few; "least": how many it takes}."""

    by: str | None


@dataclass(frozen=True, slots=True)
class PlanRound:
    """Plan a round, or one that comes back, as `conversations.looks.Draft` says. Back: {"plan": id}, or {"refused":
    why} where that is "past" (it would be over by now), "nobody" (no client is in that audience), "gone" (the
    instrument is not there) or "repeat" (cron that cannot be read, or comes more than once a day)."""

    draft: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ShowResult:
    """Put the result of a closed round under the screen, as a picture. Back: whether there was one."""

    round: int


@dataclass(frozen=True, slots=True)
class SteerPlan:
    """Pause, resume or stop a plan as it was when `stamp` was read. `way`: pause, resume or stop. Back: {"outcome":
    "done" | "changed" (somebody was quicker) | "over" (it has ended already)}."""

    plan: int
    stamp: int
    way: str
