"""Any form, question by question; and the one way in which a question of a form is asked and its answer kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from conversations.acts import BeginSitting, Respond
from conversations.client.asked import begin, finish, put_off
from conversations.client.enrolment import ROLES
from conversations.client.needs import may_keep
from conversations.instruments import form as kinds
from conversations.instruments.form import Answer, Form, Question, encode
from conversations.looks import Around, LookAround, LookForm, moment
from conversations.questions import choose, choose_several, confirm, day, look, own_words, record, say
from conversations.script import Ending, Option, Reply, Said, Script, Status
from conversations.text import Verbatim, Words, _, n_


def form(name: str, version: int, asking: int | None = None) -> Script[Ending]:
    """A form that a programme has written itself."""
    around: Around = yield from look("around", LookAround())
    found: Form | None = yield from look("form", LookForm(name, version), live=True)
    if found is None:
        yield from say(_("This is not here any more. You do not need to do anything."))
        return None
    if not ((yield from begin(asking, introduction(found))) and (yield from may_keep(around))):
        yield from put_off(asking)
        return None
    yield from record("begun", BeginSitting(found.name, found.version, asking=asking))
    yield from ask_all(found)
    yield from finish(asking)
    yield from say(
        _("Thank you for your time. Whatever you answered, you lose nothing."),
        _("Your answers are read by %(who)s, without your name.", who=ROLES["lead"]),
    )
    return None


def introduction(form: Form) -> list[Words]:
    """What it is, how long it is, and who reads it."""
    number = len(_numbered(form))
    return [
        form.title,
        n_("%(number)s question.", "%(number)s questions.", number),
        _("You can skip any of them, or stop at any time. Whatever you answer, you lose nothing."),
        _("Your answers are read by %(who)s, without your name.", who=ROLES["lead"]),
    ]


def ask_all(form: Form) -> Script[None]:
    """Every question whose time comes, in the order of the form."""
    numbered = _numbered(form)
    chosen: dict[str, Collection[str]] = {}
    for question in form.questions:
        if not question.is_asked(chosen):
            continue
        if question.kind == kinds.NOTE:
            yield from choose(question.code, lines_of(question), [Option("next", _("Next"))], skip=False)
            continue
        place = (numbered.index(question.code) + 1, len(numbered))
        reply = yield from ask(form, question, place=place)
        chosen[question.code] = reply.value if isinstance(reply.value, list) else [str(reply.value)]


def ask(
    form: Form,
    question: Question,
    *,
    item: str = "",
    title: Words | None = None,
    above: Sequence[Words] = (),
    place: tuple[int, int] | None = None,
) -> Script[Reply[Any]]:
    """Ask one question in its kind and keep what came back, under the question's code or under `item` where it is asked
    about something; `title` says what that is. The reply is a code, the codes in the order ticked, words or a day."""
    key = item or question.code
    lines = [*above, *lines_of(question)]
    options = [Option(answer.code, label) for answer, label in zip(question.answers, labels(question), strict=True)]
    settings: dict[str, Any] = {"title": title, "place": place}
    reply: Reply[Any]
    match question.kind:
        case kinds.SEVERAL:
            reply = yield from choose_several(key, lines, options, question.most, **settings)
        case kinds.WORDS:
            reply = yield from own_words(key, lines, options, **settings)
        case kinds.DAY:
            reply = yield from ask_day(key, lines, settings)
        case _choice:
            reply = yield from choose(key, lines, options, **settings)
    yield from keep(form, key, reply.status, encode(question, reply), reply.value)
    return reply


def ask_day(key: str, lines: list[Words], settings: dict[str, Any]) -> Script[Reply[date]]:
    """A day, said back as it was read, with its year: what is typed can mean another one."""
    while True:
        reply = yield from day(key, lines, **settings)
        if reply.value is None:
            return reply
        at = int(datetime.combine(reply.value, time(12), UTC).timestamp())
        tap = yield from confirm(
            f"{key}.right",
            _("%(day)s, %(year)s. Is that right?", day=moment(at, "UTC", "day"), year=reply.value.year),
            Option("yes", _("Yes, that is right")),
            Option("no", _("No, write it again")),
        )
        if tap == "yes":
            return reply


def keep(form: Form, item: str, status: Status, value: int | None = None, said: object = None) -> Script[None]:
    """Keep one answer, pinned to its form and version."""
    words = said if isinstance(said, Said) else None
    yield from record(f"{item}.kept", Respond(form.name, form.version, item, status, value, words))


def lines_of(question: Question) -> list[Words]:
    """The question, and its hint where it has one."""
    return [question.text, *([question.hint] if question.hint.wordings else [])]


def labels(question: Question) -> list[Words]:
    """The labels of its buttons; steps that are coded 0, 1, 2 … each with a bar as long as it goes."""
    if not is_scale(question.answers):
        return [answer.label for answer in question.answers]
    most = len(question.answers) - 1
    return [_barred(answer.label, "●" * step + "○" * (most - step)) for step, answer in enumerate(question.answers)]


def is_scale(answers: Sequence[Answer]) -> bool:
    """Whether these are steps of a scale from 0 on."""
    return len(answers) > 2 and [answer.code for answer in answers] == [str(step) for step in range(len(answers))]


def _barred(label: Verbatim, bar: str) -> Verbatim:
    return Verbatim(wordings={language: f"{bar} {words}" for language, words in label.wordings.items()})


def _numbered(form: Form) -> list[str]:
    return [question.code for question in form.questions if question.kind != kinds.NOTE]
