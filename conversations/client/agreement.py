"""Turning one thing around that a client agreed to, what a No stops at once, and who may see their plan and notes."""

from __future__ import annotations

from conversations.acts import Consent
from conversations.client.enrolment import PURPOSES, ROLES, may_be_told
from conversations.client.shares import SHARES
from conversations.looks import LookMoney, OwnMoney
from conversations.questions import act, confirm, look
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Words, _


def change(key: str, purpose: str, granted: set[str]) -> Script[list[Words]]:
    """Turn one around, and say what that means."""
    result = yield from act(key, Consent(purpose, purpose not in granted, sentence_of(purpose)))
    if result is None:
        return []
    note = changed(purpose, result["granted"], over=result["over"])
    if purpose == "tell:caseworker" and not result["granted"] and "plan" in granted:
        note.append(_("Your caseworker can still read your answers. That is “Keep my answers”."))
    return note


def ticked(granted: bool, label: Words) -> Text:
    """A purpose or role as a button that says how it stands."""
    return _("☑ %(what)s", what=label) if granted else _("☐ %(what)s", what=label)


def sentence_of(purpose: str) -> tuple[Words, ...]:
    """What somebody agrees to, in the words that they saw when they came."""
    if purpose.startswith("tell:"):
        return may_be_told(ROLES[purpose.removeprefix("tell:")])
    return ({**PURPOSES, **SHARES}[purpose][0],)


STOPS: dict[str, Text] = {
    "plan": _(
        "From now on nobody here reads your answers, but for a wish for contact that is open. "
        "They are still kept, locked. “Erase everything” destroys them."
    ),
    "checkins": _("From now on you are not asked how things are."),
    "partners": _("From now on nothing of yours is shared with another organisation."),
    "figures": _("From now on your answers are not counted in reports."),
    "first": _("From now on nobody writes to you first. What waits is not sent."),
    "cash:caseworker": _("From now on your caseworker does not see your plan and your notes here."),
    "cash:figures": _("From now on your plan and your notes are not counted in new figures."),
    "cash:words": _("From now on your words are not used. I cannot call back what has left already."),
}
"""What a No stops, at once."""


def changed(purpose: str, granted: bool, *, over: bool) -> list[Words]:
    """What a tap has changed. `over`: nobody is left who may be told of an open wish."""
    if granted:
        return [_("Yes: this counts from now on.")]
    stopped = STOPS.get(purpose, _("From now on they are not told. An open wish is taken from them, your talk ends."))
    return [stopped, *([_("Nobody is left who may be told. The contact you asked for is taken back.")] if over else [])]


def shares() -> Script[Ending]:
    """From the screen on one's own money."""
    yield from choose_shares()
    return Then("money")


def choose_shares() -> Script[None]:
    """Who may see plan and notes, each by one tap."""
    note: list[Words] = []
    while True:
        own: OwnMoney = yield from look("shares.now", LookMoney(), live=True)
        granted = set(own["shares"])
        tap = yield from confirm(
            "shares",
            [
                *note,
                _("Your plan and your notes are yours alone, unless you say so here:"),
                *(_("• %(sentence)s", sentence=sentence) for sentence, _label in SHARES.values()),
                _("Tap to change. Each change counts at once. You lose nothing by a No."),
            ],
            *(Option(code, ticked(code in granted, label)) for code, (_sentence, label) in SHARES.items()),
            Option("back", _("Back to the list")),
            back=False,
            live=True,
        )
        if tap == "back":
            return
        note = yield from change("shares.line", tap, granted)
