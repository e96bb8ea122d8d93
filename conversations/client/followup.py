"""Following up: how it is now with what a client put first a while ago, and whether that was of any help."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import BeginSitting
from conversations.client.asked import begin, finish, put_off
from conversations.client.form import ask, keep
from conversations.client.needs import may_keep
from conversations.client.wish import quoted, thanks
from conversations.instruments import FOLLOWUP, NEEDS
from conversations.looks import Around, First, LookAround, LookDueNeeds
from conversations.questions import look, record, say
from conversations.script import Ending, Script, Status
from conversations.text import Words, _, n_


def followup(asking: int | None = None) -> Script[Ending]:
    """An instrument of its own: at most three needs, two taps each."""
    around: Around = yield from look("around", LookAround())
    due: list[First] = yield from look("due", LookDueNeeds())
    if not due:
        yield from finish(asking)
        yield from say(_("There is nothing to ask you about now. Thank you for opening this."))
        return None
    if not ((yield from begin(asking, introduction(due))) and (yield from may_keep(around))):
        yield from put_off(asking)
        return None
    yield from record("begun", BeginSitting(FOLLOWUP.name, FOLLOWUP.version, asking=asking))
    yield from ask_after(due)
    yield from finish(asking)
    yield from say(*thanks(around))
    return None


def introduction(due: Sequence[First]) -> list[Words]:
    """What it is about, without naming it yet."""
    return [
        n_(
            "You put something first a while ago. How is it now?",
            "You put %(number)s things first a while ago. How are they now?",
            len(due),
        ),
        _("You can skip any question, or stop at any time. Whatever you answer, you lose nothing."),
    ]


def ask_after(due: Sequence[First]) -> Script[None]:
    """How each is now, beside the client's own words about it, and whether we helped. Kept as `<need>.now` and
    `<need>.helped`."""
    now, helped = FOLLOWUP.questions
    for number, first in enumerate(due, 1):
        need, place = first["item"], (number, len(due))
        title = NEEDS.item(need).label
        reply = yield from ask(FOLLOWUP, now, item=f"{need}.now", title=title, above=quoted(first), place=place)
        if helped.is_asked({now.code: [reply.value or ""]}):
            yield from ask(FOLLOWUP, helped, item=f"{need}.helped", title=title, place=place)
        else:
            yield from keep(FOLLOWUP, f"{need}.helped", Status.NOT_ASKED)
