"""What a round asks: behind the tap on Open, where an asking leads."""

from __future__ import annotations

from conversations.acts import OpenAsking
from conversations.questions import act, say
from conversations.script import Ending, Script, Then
from conversations.text import _

SCRIPTS = {"checkin": "checkin", "followup": "followup", "needs": "needs"}
"""Instruments with a script of their own; every other one is a form."""


def asked(asking: int) -> Script[Ending]:
    """Open what a round asks."""
    opened = yield from act("open", OpenAsking(asking))
    if opened is None:
        yield from say(_("This has closed. You do not need to do anything."))
        return None
    script = SCRIPTS.get(opened["instrument"], "form")
    given = {"asking": asking, "last": opened["last"]} if script == "checkin" else {"asking": asking}
    if script == "form":
        given |= {"name": opened["instrument"], "version": opened["version"]}
    return Then(script, given)
