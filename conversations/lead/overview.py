"""A programme lead's overview: how many, never who said what."""

from __future__ import annotations

from typing import Any

from conversations.anyone.arrival import language_option
from conversations.looks import Around, Inbox, Inviting, LookAround, LookEnrolment, LookInbox, LookInviting
from conversations.questions import confirm, look
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Verbatim, Words, _, n_


def overview() -> Script[Ending]:
    """Who is enrolled, and what is missing before clients can come; anything under 5 is hidden."""
    around: Around = yield from look("around", LookAround())
    figures: dict[str, Any] = yield from look("figures", LookEnrolment())
    inviting: Inviting = yield from look("inviting", LookInviting())
    missing = len(inviting["missing"])
    lines: list[Words] = [
        _("Clients enrolled: %(number)s", number=shown(figures["enrolled"])),
        _("Caseworkers who can be reached: %(number)s", number=figures["caseworkers"]),
        _("Figures under 5 are hidden, so that nobody can be recognised."),
    ]
    if missing:
        lines.append(
            n_(
                "%(number)s thing is missing before clients can come.",
                "%(number)s things are missing before clients can come.",
                missing,
            )
        )
    inbox: Inbox = yield from look("inbox", LookInbox(), live=True)
    if inbox["new"]:
        lines.append(_("New words to you: %(number)s", number=inbox["new"]))
    options = [
        *([Option("written", _("What people wrote"))] if inbox["rows"] else []),
        Option("rounds", _("Rounds")),
        Option("report", _("Report")),
        Option("payments", _("Money")),
        Option("invite", _("Invite someone")),
        *([Option("missing", _("What is missing"))] if missing else []),
        Option("again", _("Look again")),
        language_option(around),
    ]
    tap = yield from confirm("overview", lines, *options, back=False, live=True)
    return Then("overview") if tap == "again" else Then(tap)


def shown(figure: int | None) -> Text | Verbatim:
    """A figure, or that it is hidden."""
    return _("fewer than 5") if figure is None else Verbatim(str(figure))
