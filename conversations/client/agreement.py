"""Turning one thing around that a client agreed to, and what a No stops at once."""

from __future__ import annotations

from conversations.acts import Consent
from conversations.client.enrolment import PURPOSES, ROLES, may_be_told
from conversations.questions import act
from conversations.script import Script
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
    return (PURPOSES[purpose][0],)


STOPS: dict[str, Text] = {
    "plan": _(
        "From now on nobody here reads your answers, but for a wish for contact that is open. "
        "They are still kept, locked. “Erase everything” destroys them."
    ),
    "checkins": _("From now on you are not asked how things are."),
    "partners": _("From now on nothing of yours is shared with another organisation."),
    "figures": _("From now on your answers are not counted in reports."),
    "first": _("From now on nobody writes to you first. What waits is not sent."),
}
"""What a No stops, at once."""


def changed(purpose: str, granted: bool, *, over: bool) -> list[Words]:
    """What a tap has changed. `over`: nobody is left who may be told of an open wish."""
    if granted:
        return [_("Yes: this counts from now on.")]
    stopped = STOPS.get(purpose, _("From now on they are not told. An open wish is taken from them, your talk ends."))
    return [stopped, *([_("Nobody is left who may be told. The contact you asked for is taken back.")] if over else [])]
