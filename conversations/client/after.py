"""After a transfer: a few questions, days later, each of which can be left out; and the way to somebody who had nothing
to do with that money, where anything was wrong (DOMAIN B5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conversations.acts import BeginSitting, NoteEntry
from conversations.client.asked import begin, finish, put_off
from conversations.client.enrolment import ROLES
from conversations.client.form import ask
from conversations.client.needs import may_keep
from conversations.client.outcome import question
from conversations.client.transfer import offer_to_tell, yours
from conversations.instruments import TRANSFER
from conversations.looks import Around, LookAround, LookMoney, LookTransfer, OwnMoney, Transfer
from conversations.questions import look, own_words, record, say
from conversations.script import Ending, Said, Script, Then
from conversations.text import Words, _

READERS = _(
    "Your answers are read by %(who)s, without your name. Your caseworker does not see them.", who=ROLES["lead"]
)
CAME = ("received", "part")
"""States in which there is something to ask about it."""

TROUBLE: Mapping[str, Mapping[str, str]] = {
    "fee": {"fee": "fee", "asked": "share", "took": "took"},
    "trouble": {"kept": "trouble"},
    "safe": {"no": "trouble"},
}
"""By question, the answers after which somebody can be told, and what they are told of (see `TellOfMoney`)."""

WEIGHT = ("took", "share", "trouble", "fee")
"""What is told of where several things are wrong: the first of these."""


def after(asking: int | None = None, transfer: int | None = None) -> Script[Ending]:
    """Any fee, any trouble, who decided, better another way, and what it made possible. Under two minutes."""
    around: Around = yield from look("around", LookAround())
    state = yield from about(transfer)
    if state is not None and state["state"] not in CAME:
        return Then("transfer", {"transfer": state["transfer"]})
    if not ((yield from begin(asking, introduction(state))) and (yield from may_keep(around))):
        yield from put_off(asking)
        return None
    yield from record("begun", BeginSitting(TRANSFER.name, TRANSFER.version, asking=asking))
    wrong = yield from ask_all()
    yield from ask_outcome(transfer)
    yield from finish(asking)
    ending = yield from if_wrong(wrong, transfer, around)
    yield from say(*thanks(is_told=ending is not None))
    return ending


def about(transfer: int | None) -> Script[Transfer | None]:
    """Which money this is about, as far as it is still there."""
    if transfer is None:
        return None
    state: Transfer | None = yield from look("transfer", LookTransfer(transfer), live=True)
    return state


def introduction(state: Transfer | None) -> list[Words]:
    """What it is, how long it takes, and who reads it."""
    return [
        _("A few questions about the money that came. It takes about 1 minute."),
        *([_("This is about: %(which)s.", which=yours(state))] if state is not None else []),
        _("You can skip any question, or stop at any time. Whatever you answer, you lose nothing."),
        READERS,
        _("If something was not right, I ask at the end whether to tell somebody."),
    ]


def ask_all() -> Script[str]:
    """Every question; what somebody could be told of, where an answer says that something is wrong."""
    questions = TRANSFER.part("after")
    wrong: set[str] = set()
    for number, each in enumerate(questions, 1):
        reply = yield from ask(TRANSFER, each, place=(number, len(questions) + 1))
        wrong.add(what_is_wrong(each.code, reply.value))
    return next((what for what in WEIGHT if what in wrong), "")


def what_is_wrong(code: str, value: str | Sequence[str] | None) -> str:
    """What an answer says is wrong; "" for nothing."""
    chosen = [value] if isinstance(value, str) else value or []
    return next((what for answer, what in TROUBLE.get(code, {}).items() if answer in chosen), "")


def ask_outcome(transfer: int | None) -> Script[None]:
    """What it made possible: among their own lines, so that others see it only if they say so."""
    own: OwnMoney = yield from look("own", LookMoney(), live=True)
    last = len(TRANSFER.part("after")) + 1
    reply = yield from own_words("outcome", question(own["shares"]), place=(last, last))
    if isinstance(reply.value, Said):
        yield from record("outcome.kept", NoteEntry("outcome", transfer=transfer, words=reply.value))


def if_wrong(what: str, transfer: int | None, around: Around) -> Script[Ending]:
    """Where anything was wrong with it, somebody can be told, with their leave."""
    if not what or transfer is None:
        return None
    yield from say(_("Thank you for saying this. You did nothing wrong."))
    return (yield from offer_to_tell(transfer, what, around))


def thanks(*, is_told: bool) -> list[Words]:
    """Who reads what. `is_told`: the screen on a wish says what became of that."""
    return [
        _("Thank you for your time. Whatever you answered, you lose nothing."),
        READERS,
        *([] if is_told else [_("Nobody was asked to contact you.")]),
    ]
