"""The report in a lead's chat: a picture of figures that expose nobody."""

from __future__ import annotations

from conversations.acts import ShowReport
from conversations.looks import Inviting, LookInviting
from conversations.questions import act, confirm, look
from conversations.script import Ending, Option, Script
from conversations.text import Words, _


def report() -> Script[Ending]:
    """Which needs clients put first: all together, by language, or by place where the programme has some."""
    inviting: Inviting = yield from look("inviting", LookInviting())
    note: list[Words] = []
    while True:
        tap = yield from confirm(
            "report",
            note or [_("Which needs clients put first, as a picture.")],
            Option("all", _("All together")),
            Option("language", _("By language")),
            *([Option("place", _("By place"))] if inviting["places"] else []),
            Option("close", _("Close")),
            back=False,
        )
        if tap == "close":
            return None
        drawn = yield from act("drawn", ShowReport(None if tap == "all" else tap))
        note = [] if drawn is None else [_("Here it is.")] if drawn["clients"] else too_few(drawn["least"])


def too_few(least: int) -> list[Words]:
    """Why there are no figures yet."""
    return [
        _("Figures begin at %(number)s clients who agreed to be counted and have answered every need.", number=least),
        _("There are fewer for now. No figures are shown, so that nobody can be recognised."),
    ]
