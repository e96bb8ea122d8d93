"""A programme lead's overview: how many, never who said what."""

from __future__ import annotations

from typing import Any

from conversations.anyone.arrival import language_option
from conversations.looks import Around, LookAround, LookEnrolment
from conversations.questions import confirm, look
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Verbatim, Words, _


def overview() -> Script[Ending]:
    """Who is enrolled and how many have rated; anything under 5 is hidden."""
    around: Around = yield from look("around", LookAround())
    figures: dict[str, Any] = yield from look("figures", LookEnrolment())
    lines: list[Words] = [
        _("Clients enrolled: %(number)s", number=shown(figures["enrolled"])),
        _("Of these, have rated their needs: %(number)s", number=shown(figures["rated"])),
        _("Caseworkers who can be reached: %(number)s", number=figures["caseworkers"]),
        _("Figures under 5 are hidden, so that nobody can be recognised."),
    ]
    tap = yield from confirm("overview", lines, Option("again", _("Look again")), language_option(around), back=False)
    return Then("overview") if tap == "again" else Then(tap)


def shown(figure: int | None) -> Text | Verbatim:
    """A figure, or that it is hidden."""
    return _("fewer than 5") if figure is None else Verbatim(str(figure))
