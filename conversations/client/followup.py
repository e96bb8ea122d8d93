"""Following up: how it is now with what a client put first a while ago, and whether that was of any help."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import BeginSitting
from conversations.client.asked import begin, finish, put_off
from conversations.client.enrolment import ROLES
from conversations.client.form import ask, keep
from conversations.client.needs import may_keep
from conversations.client.wish import quoted
from conversations.instruments import FOLLOWUP, NEEDS
from conversations.looks import Around, First, LookAround, LookDueNeeds, moment
from conversations.questions import look, record, say
from conversations.script import Ending, Script, Status
from conversations.text import Verbatim, Words, _, n_

REST = _("All the rest is read only by %(who)s, without your name.", who=ROLES["lead"])


def followup(asking: int | None = None) -> Script[Ending]:
    """An instrument of its own: at most three needs, two taps each."""
    around: Around = yield from look("around", LookAround())
    due: list[First] = yield from look("due", LookDueNeeds())
    if not due:
        yield from finish(asking)
        yield from say(_("There is nothing to ask you about now. Thank you for opening this."))
        return None
    if not ((yield from begin(asking, introduction(due, around))) and (yield from may_keep(around))):
        yield from put_off(asking)
        return None
    yield from record("begun", BeginSitting(FOLLOWUP.name, FOLLOWUP.version, asking=asking))
    yield from ask_after(due)
    yield from finish(asking)
    yield from say(*thanks(around, is_said=True, is_told=False))
    return None


def introduction(due: Sequence[First], around: Around) -> list[Words]:
    """What it is about, without naming it yet."""
    return [
        n_(
            "You put something first a while ago. How is it now?",
            "You put %(number)s things first a while ago. How are they now?",
            len(due),
        ),
        _("You can skip any question, or stop at any time. Whatever you answer, you lose nothing."),
        *readers(around),
    ]


def readers(around: Around) -> list[Words]:
    """Who reads what of a check-in or a follow-up; `bot.checkins.is_for_caseworkers` holds to it."""
    if around["caseworker"] is None:
        return [
            _("Once you have a caseworker, they can read how your needs are now, and what you want us to do."),
            REST,
        ]
    name = Verbatim(around["caseworker"])
    return [_("%(who)s can read how your needs are now, and what you want us to do.", who=name), REST]


def thanks(around: Around, *, is_said: bool, is_told: bool) -> list[Words]:
    """The last screen: who reads what, by when. `is_said`: anything for a caseworker; `is_told`: the screen on a wish
    says what became of that."""
    lines: list[Words] = [_("Thank you for your time. Whatever you answered, you lose nothing.")]
    if is_said and around["caseworker"] is not None:
        by, name = moment(around["reads_by"], around["zone"], "day"), Verbatim(around["caseworker"])
        lines.append(_("%(who)s reads how your needs are now, and what you want, by %(day)s.", who=name, day=by))
    lines.append(REST)
    return lines if is_told else [*lines, _("Nobody was asked to contact you.")]


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
