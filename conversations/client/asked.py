"""What is asked: behind the tap on Open, where an asking leads, and what stands before anything that is asked."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import AskLess, DeclineAsking, FinishAsking, OpenAsking
from conversations.client.contact import change_contact, when_written
from conversations.looks import Asking, Contact, LookAsking, LookContact
from conversations.questions import act, confirm, look, record, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Words, _

SCRIPTS = {"checkin": "checkin", "followup": "followup", "needs": "needs", "transfer": "after"}
"""Instruments with a script of their own; every other one is a form."""

OVER: dict[str, Text] = {
    "answered": _("You have answered this already. There is nothing more to do."),
    "declined": _("You said “Not now” to this. That is fine."),
    "closed": _("This has closed. You do not need to do anything, and you lose nothing."),
}
"""Why there is nothing to answer any more."""


def asked(asking: int) -> Script[Ending]:
    """Open what is asked; where that is over, what another one asks instead, or nothing."""
    opened = yield from act("open", OpenAsking(asking))
    if opened is None or "over" in opened:
        yield from say(OVER[opened["over"] if opened else "closed"])
        other: Asking | None = yield from look("other", LookAsking())
        return Then("asked", {"asking": other["asking"]}) if other and other["asking"] != asking else None
    script = SCRIPTS.get(opened["instrument"], "form")
    given = {"asking": asking, "last": opened["last"]} if script == "checkin" else {"asking": asking}
    if script == "form":
        given |= {"name": opened["instrument"], "version": opened["version"]}
    if script == "after":
        given |= {"transfer": opened["transfer"]}
    return Then(script, given)


def begin(asking: int | None, lines: Sequence[Words]) -> Script[bool]:
    """The first screen of something that is asked: what it is, and, where a round asks, when we write to this client
    now, to be changed on the spot (safety changes: DOMAIN B1). Whether they want to go on."""
    note: list[Words] = []
    while True:
        options = [Option("start", _("Start")), Option("no", _("Not now"))]
        shown = [*note, *lines]
        if asking is not None:
            contact: Contact = yield from look("contact", LookContact())
            shown.append(when_written(contact))
            shown += [_("Is that still safe?")] if contact["first"] else []
            options.append(Option("contact", _("Change when you write to me")))
            options += [] if contact["less"] else [Option("less", _("Ask me less"))]
        tap = yield from confirm("start", shown, *options, back=False)
        note = []
        if tap == "contact":
            yield from change_contact()
        elif tap == "less":
            yield from record("less", AskLess(True))
            note = [_("From now on we leave more time before we ask you something again.")]
        else:
            return tap == "start"


def put_off(asking: int | None) -> Script[None]:
    """Not now: a round does not ask again."""
    if asking is not None:
        yield from record("declined", DeclineAsking(asking))
        yield from say(_("That is fine. You are not reminded of this, and you lose nothing."))


def finish(asking: int | None) -> Script[None]:
    """Everything was answered or left out."""
    if asking is not None:
        yield from record("asked", FinishAsking(asking))
