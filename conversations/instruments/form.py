"""A form: a list of questions, each with its own wording in every language, as a programme can write one in TOML.

The check-in is one, and so is whatever a programme adds in a file of its own. The needs are not: they have a script,
and a shape, of their own.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Final

from conversations.script import Json, Reply
from conversations.text import Verbatim

CHOICE, SEVERAL, WORDS, DAY, NOTE = "choice", "several", "words", "day", "note"
KINDS: Final = (CHOICE, SEVERAL, WORDS, DAY, NOTE)
"""One of the options; any of them; own words or voice; a date; something to read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One option: an ASCII code of at most 24 bytes, and its label."""

    code: str
    label: Verbatim


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `part` and `axis` say where the check-in puts it; `ask_if` names options of an earlier choice: it
    is asked only if one of them was chosen there, for each question named."""

    code: str
    kind: str
    text: Verbatim
    hint: Verbatim = field(default_factory=Verbatim)
    answers: tuple[Answer, ...] = ()
    most: int = 0
    part: str = ""
    axis: str = ""
    ask_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def is_asked(self, chosen: Mapping[str, Collection[str]]) -> bool:
        """Whether it is asked after these answers (codes, by question)."""
        return all(set(chosen.get(code, ())) & set(wanted) for code, wanted in self.ask_if.items())


@dataclass(frozen=True, slots=True)
class Form:
    """A frozen questionnaire with its wording in each language it has."""

    name: str
    version: int
    title: Verbatim
    questions: tuple[Question, ...]
    structure: str
    """sha256 (hex) of what is asked, without the words."""
    wording: Mapping[str, str]
    """sha256 (hex) of the words, by language."""

    def question(self, code: str) -> Question:
        """The question of that code; KeyError if there is none."""
        return next((each for each in self.questions if each.code == code), None) or _missing(code)

    def part(self, name: str) -> list[Question]:
        """The questions of one part, in order."""
        return [question for question in self.questions if question.part == name]

    def words(self, language: str) -> str:
        """Everything this form says in a language, as JSON, for the archive."""
        spoken = [self.title]
        for question in self.questions:
            hint = [question.hint] if question.hint.wordings else []
            spoken += [question.text, *hint, *(answer.label for answer in question.answers)]
        return json.dumps([words.wordings.get(language) for words in spoken], ensure_ascii=False)


def _missing(code: str) -> Question:
    raise KeyError(code)


def read_form(text: str) -> Form:
    """Read a form from TOML text that is known to be right (`bot.forms` checks what people write)."""
    data = tomllib.loads(text)
    scales = data.get("scales", {})
    questions = tuple(_question(each, scales) for each in data["questions"])
    return Form(
        name=data["name"],
        version=data["version"],
        title=Verbatim(wordings=data["title"]),
        questions=questions,
        structure=_digest([data["name"], data["version"], [_without_words(each) for each in questions]]),
        wording={language: _digest(_words(data["title"], questions, language)) for language in data["title"]},
    )


def _question(data: Mapping[str, Any], scales: Mapping[str, Any]) -> Question:
    options = scales[data["scale"]] if "scale" in data else data.get("options", ())
    answers = tuple(Answer(option["code"], Verbatim(wordings=option["label"])) for option in options)
    return Question(
        code=data["code"],
        kind=data["kind"],
        text=Verbatim(wordings=data["text"]),
        hint=Verbatim(wordings=data.get("hint", {})),
        answers=answers,
        most=data.get("most", len(answers)) if data["kind"] == SEVERAL else 0,
        part=data.get("part", ""),
        axis=data.get("axis", ""),
        ask_if={code: tuple(wanted) for code, wanted in data.get("ask_if", {}).items()},
    )


def encode(question: Question, reply: Reply[Any]) -> int | None:
    """An answer as the number that is kept: the position of the option chosen, a bit for each option ticked, or a day
    (`date.toordinal`). None for words, and for what was not answered."""
    codes = [answer.code for answer in question.answers]
    match reply.value:
        case None:
            return None
        case str(code):
            return codes.index(code)
        case list(ticked):
            return sum(1 << codes.index(code) for code in ticked)
        case date() as day:
            return day.toordinal()
        case _words:
            return None


def decode(question: Question, value: int | None) -> Json:
    """The inverse of `encode`: a code, a list of codes, a date as 2026-11-23, or None."""
    codes = [answer.code for answer in question.answers]
    if value is None:
        return None
    match question.kind:
        case "choice":
            return codes[value] if 0 <= value < len(codes) else None
        case "several":
            return [code for bit, code in enumerate(codes) if value >> bit & 1]
        case "day":
            return date.fromordinal(value).isoformat()
        case _without:
            return None


def _without_words(question: Question) -> Json:
    codes = [answer.code for answer in question.answers]
    asked_if = {code: list(wanted) for code, wanted in question.ask_if.items()}
    return [question.code, question.kind, codes, question.most, question.part, question.axis, asked_if]


def _words(title: Mapping[str, str], questions: Collection[Question], language: str) -> Json:
    spoken = [title.get(language)]
    for question in questions:
        labels = [answer.label.wordings.get(language) for answer in question.answers]
        spoken += [question.text.wordings.get(language), question.hint.wordings.get(language), *labels]
    return spoken


def _digest(content: Json) -> str:
    return sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
