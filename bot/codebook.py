"""What `firstsay export` writes: every file, every column of it, and what the codebook says of each."""

from __future__ import annotations

from typing import Final, NamedTuple

from conversations.client.shares import SHARES
from conversations.client.wish import LEVELS
from conversations.instruments import CHECKIN, FORMS, NEEDS, TRANSFER
from conversations.lead.wording import REASONS
from conversations.script import Status
from translations.languages import SOURCE


class Column(NamedTuple):
    """One column, and what the codebook says of it."""

    name: str
    meaning: str
    values: str = ""


_MOMENT: Final = "ISO 8601, UTC"
_CODE: Final = "C- and a number"
_STAFF: Final = "W- or L- and a number; empty: nobody, or someone who has left"
_PURPOSES: Final = f"plan checkins partners figures first {' '.join(SHARES)}"
_SCALE: Final = "; ".join(f"{step.code} = {step.label.wordings[SOURCE]}" for step in NEEDS.scale)

RATINGS: Final = (
    Column("client", "The client's code", _CODE),
    Column("need", "The need that was rated", " ".join(item.code for item in NEEDS.items)),
    Column("rating", "How much it matters now; empty unless it was answered", _SCALE),
    Column(
        "status",
        "How the question was left. A skip is not a low rating, and not_asked says nothing about the client: they "
        "stopped before, or had not answered it when this file was written",
        " ".join(Status),
    ),
    Column("at", "When it was said; for not_asked, when the sitting began", _MOMENT),
    Column("instrument", "The questionnaire", NEEDS.name),
    Column("version", "Its version; answers to two versions are not to be pooled", "a whole number"),
    Column("structure", "Digest of what was asked, without its words", "SHA-256"),
    Column("wording", "Digest of the words in which it was asked; empty for not_asked", "SHA-256"),
    Column("language", "Language in which it was asked; empty for not_asked", "ISO 639 code"),
    Column("mode", "Who tapped; empty for not_asked", "self = the client; assisted = with a person beside them"),
    Column("assisted_by", "Who was beside the client", _STAFF),
    Column("sitting_at", "When the sitting began; empty for a need that was rated again by itself", _MOMENT),
    Column("start", "Number of the block that came first in the sitting", f"0 to {len(NEEDS.categories) - 1}"),
    Column(
        "wish",
        "Whether the client wants contact about this need: the newest answer before they rated it again",
        f"{' '.join(LEVELS)}; {Status.SKIPPED} or {Status.DECLINED} = asked, and no answer; empty = not asked",
    ),
    Column(
        "meaning_status",
        "How the question of what would help most was left; it is asked after a 4",
        f"{Status.ANSWERED} {Status.SKIPPED} {Status.DECLINED}; empty = not asked",
    ),
)
MEANING: Final = Column(
    "meaning",
    "What would help most with this need, in the client's own words; the newest in the same sitting",
    "text; a voice note is not written out, its length stands in its place; only with --words",
)
_ROUND: Final = "number of the plan, a point, and the number of the time it came round, as in 3.1"
_OWN: Final = f"{' '.join(name for name in FORMS if name != TRANSFER.name)}, or the name of a programme's own"

CHECKINS: Final = (
    Column(
        "client",
        "The client's code, where their own caseworker may read the answer too (how needs are now, what is wanted); "
        "else a number that ties the answers of one person together, drawn anew for each export",
        f"{_CODE}; P- and a number",
    ),
    Column("round", "The round that asked; empty: the client answered by themselves, or under a number", _ROUND),
    Column("instrument", "The questionnaire", _OWN),
    *RATINGS[6:12],
    Column(
        "item",
        "What was asked: a question, or a need and a question about it; .first is which of those ticked was first, "
        ".wish by when contact is wanted. Questions on services are in services.csv; those after a transfer are in no "
        "file, since it is known who had one",
        "the code of a question, or need.question",
    ),
    Column("status", "How the question was left; not_asked: an earlier answer made it needless", " ".join(Status)),
    Column(
        "answer",
        "What was chosen; empty: nothing, or it was said in words. A bare number stands where the version that was "
        "asked is not known any more",
        "codes with a space between, or a day as in 2026-11-23",
    ),
    Column("at", "When it was said; under a number only the month", f"{_MOMENT}; or a month as in 2026-11"),
)
SAID: Final = Column(
    "said",
    "What was said, in the client's own words",
    "text; a voice note is not written out, its length stands in its place; only with --words",
)
SERVICES: Final = (
    Column(
        "months",
        "When it was said: the months together in which 10 clients or more answered; later ones are not told yet. "
        "Rows say nothing of each other: not that one client gave them, nor in which order",
        "as in 2026-11, or 2026-09/2026-11 for the first and the last",
    ),
    Column("version", "Version of the check-in; answers to two versions are not to be pooled", "a whole number"),
    Column(
        "service",
        "The service; * stands for all those of which fewer than 10 clients said something",
        " ".join(answer.code for answer in CHECKIN.question("services").answers if answer.code != "nothing"),
    ),
    Column(
        "question",
        "What was asked about it",
        " ".join(question.code for question in CHECKIN.part("service") if question.code != "services"),
    ),
    Column("status", "How the question was left", f"{Status.ANSWERED} {Status.SKIPPED} {Status.DECLINED}"),
    Column("answer", "What was chosen; empty: nothing", "a code of the question"),
)
ROUNDS: Final = (
    Column("round", "The round", _ROUND),
    Column("client", "The client's code", _CODE),
    Column("instrument", "The questionnaire", f"{NEEDS.name} {_OWN}"),
    Column("version", "Its version", "a whole number"),
    Column(
        "state",
        "What became of it",
        "waiting queued sent opened answered declined = said not now; blocked = has blocked the chat; unsent",
    ),
    Column("reason", "Why they wait, or were not asked; empty: they were", " ".join(each for each in REASONS if each)),
    Column("sent_at", "When Telegram took the message; empty: it did not", _MOMENT),
    Column("opened_at", "When the client tapped Open", _MOMENT),
    Column("ended_at", "When it was answered or declined, or closed without", _MOMENT),
    Column("doubts", "Messages that may have arrived twice", "a whole number"),
)
CLIENTS: Final = (
    Column("client", "The client's code", _CODE),
    Column("language", "The language they chose; empty: none yet", "ISO 639 code"),
    Column("adult", "Whether they said they are 18 or older; empty: not asked yet", "yes no"),
    Column("enrolled_at", "When they came in with their invitation", _MOMENT),
    Column("caseworker", "Their caseworker", _STAFF),
    Column("place", "Where they came in; empty: their invitation did not say", "one of the programme's places"),
    Column("purposes", "What they agree to now", f"{_PURPOSES}, with a space between"),
    Column("roles", "Who may be told of something urgent, as they agree now", "caseworker team lead, likewise"),
)
ALERTS: Final = (
    Column("client", "The client's code", _CODE),
    Column("kind", "What it is about", "need = needs they rated; person = they need a person; minor = under 18"),
    Column("level", "By when the client wants contact", "today week"),
    Column("needs", "The needs, each with its own level", "need:level, with a space between"),
    Column("how", "How they want it; empty: they did not say", "here = in the chat; call; meeting"),
    Column("state", "Where it stands", "open seen claimed closed; withdrawn = taken back; unanswered = nobody came"),
    Column("raised_at", "When the client sent it", _MOMENT),
    Column("seen_at", "When somebody first looked at it", _MOMENT),
    Column("seen_by", "Who did", _STAFF),
    Column("claimed_at", "When somebody took it", _MOMENT),
    Column("claimed_by", "Who did", _STAFF),
    Column("close_asked_at", "When the client asked to close it", _MOMENT),
    Column("closed_at", "When it was closed, or taken back", _MOMENT),
    Column("closed_by", "Who closed it; empty: the client took it back", _STAFF),
)
CONSENTS: Final = (
    Column("client", "The client's code", _CODE),
    Column(
        "purpose",
        "What was asked; the newest row of a client and purpose counts",
        f"{_PURPOSES}; tell: and a role = that role may be told of something urgent",
    ),
    Column("granted", "Whether they agreed", "yes no"),
    Column("at", "When they answered", _MOMENT),
    Column("language", "Language in which they were asked", "ISO 639 code"),
    Column("mode", "Who tapped", "self = the client; assisted = with a person beside them"),
    Column("text", "Digest of the text that was on the screen, which the database keeps", "SHA-256"),
)
_AMOUNT: Final = "a number, with a point before decimals"
_CURRENCY: Final = "ISO 4217"
_DAY: Final = "as in 2026-12-31, where the programme is"
_HOW: Final = "hand bank wallet other; empty: it was not sent"
TRANSFERS: Final = (
    Column("client", "Whose it is; empty: they have erased everything, and this is what the books need", _CODE),
    Column("series", "What was planned together", "a number, drawn anew for each export; gift = beside any series"),
    Column("number", "Which of its series; empty: a gift", "a whole number"),
    Column("total", "How many its series has; empty: a gift", "a whole number"),
    Column("amount", "How much", _AMOUNT),
    Column("currency", "Of what", _CURRENCY),
    Column("first_amount", "How much it was planned to be at first", _AMOUNT),
    Column("first_currency", "Of what, at first", _CURRENCY),
    Column("planned_for", "The day it is planned for", _DAY),
    Column("sent_on", "The day it was sent or handed over; empty: it was not", _DAY),
    Column("how", "How it was sent", _HOW),
    Column(
        "state",
        "Where it stands. That it came in part, or did not come, is for its client to tell whom they choose: it looks "
        "like one of which they have said nothing",
        "planned; sent; received = in full, as its client said; cancelled",
    ),
    Column("confirmed_on", "The day on which its client first said that it came in full; empty: they did not", _DAY),
    Column("planned_by", "Who planned it; empty also: it was planned at the command line", _STAFF),
    Column("marked_by", "Who noted that it was sent; empty also: that was noted at the command line", _STAFF),
    Column("handed_by", "Who handed it over; empty also: nobody of the staff", _STAFF),
)
_USES: Final = (
    f"{' '.join(answer.code for answer in TRANSFER.question('use').answers)}, n. and a need, words = own words"
)
_DRAWN: Final = (
    "A number that ties together what one client wrote, drawn anew for each export. Only clients who agreed to it, ten "
    "by ten as they did, as long as all of the ten do"
)
_MONTHS: Final = (
    "When it was last changed: the months together, once they are over, in which 5 or more of the client's ten wrote "
    "something; later ones are not told yet"
)
_SPAN: Final = "as in 2026-11, or 2026-09/2026-11 for the first and the last"
PLANS: Final = (
    Column("client", f"{_DRAWN}. The same in spending.csv", "P- and a number"),
    Column("months", _MONTHS, _SPAN),
    Column("use", "What the line of the plan is for", _USES),
    Column(
        "share",
        "Whole percent of all this client planned, in the currency in which they planned most; empty: no amount, or "
        "another currency. Amounts are not told, since one could be that of somebody's transfer; sums are in what "
        "--donor writes",
        "0 to 100",
    ),
)
SPENDING: Final = (
    Column("client", f"{_DRAWN}. The same in plans.csv", "P- and a number"),
    PLANS[1],
    Column("use", "What was noted", _USES),
    Column("share", "As in plans.csv, of all this client noted", "0 to 100"),
)
OUTCOMES: Final = (
    Column("client", f"{_DRAWN}, and another than in plans.csv. A row is something that they said", "P- and a number"),
    PLANS[1],
)
OUTCOME: Final = Column(
    "said",
    "What the money made possible, in the client's own words. They agreed to it being passed on without their name, "
    "after a person has read it over: nobody has yet",
    SAID.values,
)
CODEBOOK: Final = (
    Column("file", "The file; * stands for all of them"),
    Column("column", "The column"),
    Column("meaning", "What it says"),
    Column("values", "What may stand in it"),
)
NOTES: Final = (
    ("*", "", "An apostrophe before a sign that begins a formula was put there by us, so that the cell stays text", ""),
    ("*", "", "A code belongs to one person; their name stands in no file", ""),
)
FILES: Final = {
    "ratings.csv": RATINGS,
    "checkins.csv": CHECKINS,
    "services.csv": SERVICES,
    "rounds.csv": ROUNDS,
    "clients.csv": CLIENTS,
    "alerts.csv": ALERTS,
    "consents.csv": CONSENTS,
    "transfers.csv": TRANSFERS,
    "plans.csv": PLANS,
    "spending.csv": SPENDING,
    "outcomes.csv": OUTCOMES,
    "codebook.csv": CODEBOOK,
}
"""Every file and its columns."""

WITH_WORDS: Final = {"ratings.csv": MEANING, "checkins.csv": SAID, "outcomes.csv": OUTCOME}
"""The column that a file has as well where words are wanted."""


_COUNTED: Final = (
    "a number rounded down to 5, 10, 15 and so on, and at most 10 less than all; empty: fewer than 5, or one of fewer "
    "than 15 clients. So nobody can be told from the others, also by what is written later"
)
_SUM: Final = (
    "a number, with a point before decimals, rounded down to whole 1, 2, 5, 10, 20, 50 and so on, as far as it takes "
    "for no client's part to show; empty: of fewer than 5 clients, or one of which planned_by or noted_by is empty"
)
FOR_DONORS: Final = {
    "transfers.csv": (
        Column("number", "A client, or a series of one who has erased everything; drawn anew for each export", "N-"),
        Column("amount", "How much was sent", _AMOUNT),
        Column("currency", "Of what", _CURRENCY),
        Column("month", "When it was sent", "as in 2026-11"),
        Column("how", "How it was sent", "hand bank wallet other"),
        Column(
            "confirmed",
            "Whether the client has said that it came in full. Nobody is asked for a receipt, and nobody loses "
            "anything by saying nothing",
            "yes; empty: they have not said so",
        ),
    ),
    "uses.csv": (
        Column("use", "What it is for; * stands for all of them", _USES),
        Column("currency", "Of the sums; empty: the row tells how many clients", _CURRENCY),
        Column("clients", "How many clients are counted: who agreed to it, ten by ten", "a whole number"),
        Column("planned_by", "How many of these planned it", _COUNTED),
        Column("planned", "What they planned for it together", _SUM),
        Column("noted_by", "How many of these noted it", _COUNTED),
        Column("noted", "What they noted for it together", _SUM),
    ),
    "notes.csv": (
        Column("about", "What the words are about", "plan = planned; spent = noted; outcome = what it made possible"),
        Column("use", "What it is for; empty: what it made possible", _USES),
        Column(
            "note",
            "A client's words. Only of clients who agreed to it, each looked over by a person and perhaps shortened by "
            "them; in an order that tells nothing",
            "text",
        ),
    ),
    "codebook.csv": CODEBOOK,
}
"""The same of what donors are given."""


def describe(columns: dict[str, tuple[Column, ...]]) -> list[tuple[str, ...]]:
    """The rows of codebook.csv, for the columns that the files of this export have."""
    return [*((file, *column) for file, each in columns.items() for column in each), *NOTES]
