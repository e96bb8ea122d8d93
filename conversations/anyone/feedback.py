"""Telling the leads something, in words or by voice: who reads it, and who never does, stands first."""

from __future__ import annotations

from conversations.acts import GiveFeedback
from conversations.looks import Around, Leads, LookAround, LookLeads
from conversations.questions import act, choose, look, own_words, say
from conversations.script import Ending, Option, Said, Script
from conversations.text import Verbatim, Words, _


def feedback() -> Script[Ending]:
    """Open to every client and to people without an invitation, at any point; only a client has a code to give."""
    around: Around = yield from look("around", LookAround())
    leads: Leads = yield from look("leads", LookLeads())
    is_client = around["role"] == "client"
    promise = told_to_client(leads) if is_client else told_to_stranger(leads)
    reply = yield from own_words("words", [*promise, _("Write it, or send a voice note.")])
    if not isinstance(reply.value, Said):
        yield from say(_("I sent nothing."))
        return None
    named = False
    if is_client:
        named = yield from with_code(reply.value, around["name"], can_answer=leads["can_answer"])
    given = yield from act("give", GiveFeedback(reply.value, named))
    if given is None:
        yield from say(_("I could not send it. I am sorry. Please write it once more: /feedback"))
    elif is_client:
        yield from say(*thanks(given["told"], can_answer=named and leads["can_answer"]))
    else:
        yield from say(_("Thank you. It is kept for the people who lead here."), *if_it_is_urgent())
    return None


def told_to_client(leads: Leads) -> list[Words]:
    """Who reads it and who never does; honest where nobody leads yet."""
    if leads["names"]:
        names = Verbatim(", ".join(leads["names"]))
        lines: list[Words] = [_("What you write here goes to the programme lead: %(names)s.", names=names)]
    else:
        lines = [
            _("There is no programme lead here yet."),
            _("What you write here is kept, locked, until one comes."),
        ]
    return [
        *lines,
        _("Your caseworker does not see it, now or later."),
        _("Whatever you write, you lose no help and no money."),
    ]


def told_to_stranger(leads: Leads) -> list[Words]:
    """The same without a name or a word that tells what this is: anybody may find this chat."""
    lines: list[Words] = [
        _("What you write here goes only to the people who lead here."),
        _("Nobody else here sees it. You need no name."),
    ]
    if not leads["names"]:
        lines.append(_("Nobody is here yet to read it. It waits until someone comes."))
    return [*lines, _("It is kept for %(number)s days, then deleted.", number=leads["days"])]


def with_code(words: Said, name: str | None, *, can_answer: bool) -> Script[bool]:
    """Whether the leads may see whose words these are; nothing has been sent so far. Whoever answers a client sees the
    name they chose as well."""
    asked = _("May the lead see your code, so that they can answer you?")
    if name:
        asked = _("May the lead see your code and “%(name)s”, so that they can answer you?", name=Verbatim(name))
    lines: list[Words] = [asked, _("Without your code nobody can answer.")]
    if not can_answer:
        lines = [_("May the lead see your code?"), _("You have left, so nobody can answer you here.")]
    if words.voice is not None:
        lines.append(_("They hear your voice. Someone who knows you may know it."))
    reply = yield from choose(
        "named",
        [*lines, _("I send it when you tap one.")],
        [Option("yes", _("Yes, with my code")), Option("no", _("No, without"))],
        skip=False,
    )
    return reply.value == "yes"


def thanks(told: list[str], *, can_answer: bool) -> list[Words]:
    """That it has come in, how to see that it was read, and where an answer would be."""
    if told:
        lines: list[Words] = [_("Thank you. It is with %(names)s now.", names=Verbatim(", ".join(told)))]
    else:
        lines = [_("Thank you. It is kept until a programme lead comes.")]
    lines.append(_("When someone has opened it, you can see that: /mine"))
    if can_answer:
        lines.append(_("If they answer you, you find it here in this chat."))
    return [*lines, *if_it_is_urgent()]


def if_it_is_urgent() -> list[Words]:
    """Nobody promised to read it today."""
    return [_("I cannot say when it is read. To reach a person soon: /help")]
