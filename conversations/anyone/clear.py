"""Clearing a chat, and what stands in it when nothing else does."""

from __future__ import annotations

from conversations.acts import ClearChat
from conversations.questions import act, confirm, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Verbatim, Words, _


def clear() -> Script[Ending]:
    """Take both sides' messages away at once; honest about what stays."""
    result = yield from act("clear", ClearChat())
    lines: list[Words] = [_("Done.")]
    if result and result["left"]:
        lines.append(_("Some older messages of yours are still here. I may only take away what is under two days old."))
    lines.append(_("To be sure, use Telegram's own “Clear history” for this chat."))
    yield from confirm("cleared", lines, Option("close", _("Close")), back=False)
    return Then("closed")


def closed() -> Script[Ending]:
    """A screen that tells nothing, with a way back."""
    yield from confirm("closed", Verbatim("·"), Option("open", _("Open")), back=False)
    return None


def gone() -> Script[Ending]:
    """The last screen after everything was erased."""
    yield from say(_("It is done. Everything about you here is destroyed."))
    yield from confirm(
        "gone",
        _("Thank you for your trust. To come back one day, ask for a new link."),
        Option("close", _("Close")),
        back=False,
    )
    return Then("closed")
