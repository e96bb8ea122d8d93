"""What was answered to a form, read from rows: to which question, about what, and which options were chosen.

An item is the code of a question. Where one is asked about several things it is `<thing>.<question>`, a service or a
need before the point. Behind a question, `.first` holds which of its options was ticked first, and `.wish` by when
somebody is to make contact about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from conversations.client.wish import LEVELS
from conversations.instruments import FORMS, NEEDS
from conversations.instruments.form import CHOICE, DAY, SEVERAL, Answer, Form, Question, decode, read_form
from conversations.text import Verbatim
from storage.store import Row

SERVICE: Final = "service"
"""The part of a form whose answers are read without the name of who gave them."""

FIRST: Final = "first"

WISH: Final = "wish"
WISHES: Final = tuple(Answer(level, Verbatim(level)) for level in LEVELS)


class Asked(NamedTuple):
    """The question behind an item; `about` is the code of the service or the need that it was asked about, or ""."""

    question: Question
    about: str = ""


def find(form: Form, item: str) -> Asked | None:
    """The question behind an item; None where the form has none such."""
    questions = {question.code: question for question in form.questions}
    before, point, after = item.partition(".")
    if not point:
        return Asked(questions[item]) if item in questions else None
    if before in questions and after in (FIRST, WISH):
        answers = questions[before].answers if after == FIRST else WISHES
        return Asked(Question(item, CHOICE, questions[before].text, answers=answers))
    return Asked(questions[after], before) if after in questions else None


def codes(question: Question, value: int | None) -> list[str]:
    """The options chosen, in the form's order; none of them for words, a day, and what was not answered."""
    if question.kind not in (CHOICE, SEVERAL):
        return []
    decoded = decode(question, value)
    return decoded if isinstance(decoded, list) else [] if decoded is None else [decoded]


def plain(question: Question, value: int | None) -> str:
    """An answer in one cell: codes with a space between, or a day as 2026-11-23."""
    if question.kind == DAY:
        return decode(question, value) or ""
    return " ".join(codes(question, value))


def labels(question: Question, value: int | None) -> list[Verbatim]:
    """The options chosen, as they stood on the screen."""
    chosen = codes(question, value)
    return [answer.label for answer in question.answers if answer.code in chosen]


def about(form: Form, code: str) -> Verbatim:
    """What a service or a need is called; "" where it is neither."""
    answers = [answer for question in form.part(SERVICE) for answer in question.answers]
    known = {answer.code: answer.label for answer in answers} | {item.code: item.label for item in NEEDS.items}
    return known.get(code, Verbatim(code))


def frozen(rows: Iterable[Row]) -> dict[tuple[str, int], Form]:
    """Every form there is by name and version: this release's, and what the programme has used, from `forms.all`."""
    kept = {(row["name"], row["version"]): read_form(row["source"]) for row in rows}
    return {(form.name, form.version): form for form in FORMS.values()} | kept
