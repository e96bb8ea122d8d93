"""The proof of a form that a programme wrote: everything that is wrong with it, at once.

What is looked at here is the text alone; `bot.forms` adds what a programme and its past have to say about it.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeGuard

from bot.faults import Fault, Lines, Place
from bot.programme import meant
from conversations.instruments import INSTRUMENTS
from conversations.instruments.form import CHOICE, KINDS, SEVERAL, Form, read_form
from translations.clusters import count
from translations.encoding import read_burmese
from translations.languages import KNOWN

LONGEST_CODE: Final = 24
"""Bytes of a code, which stands in the data of a button."""
LONGEST_LABEL: Final = 32
"""Clusters of a label, which has a row of buttons to itself on a small phone."""
LONGEST_TEXT: Final = 600
"""Letters of a question: more is not read."""
MOST_OPTIONS: Final = 40
"""Options of one question: what was ticked is kept as the bits of one number."""
LONG: Final = 25
"""Questions from which on a form is long: the check-in, about 150 seconds, shows fewer."""

TOP: Final = {
    "name": 'name = "visit"',
    "version": "version = 1",
    "title": 'title.en = "Your visit"',
    "questions": "[[questions]]",
    "scales": "",
}
QUESTION: Final = {
    "code": 'code = "respect"',
    "kind": 'kind = "choice"',
    "text": 'text.en = "Were you treated well?"',
    **dict.fromkeys(("hint", "options", "scale", "most", "part", "axis", "ask_if"), ""),
}
OPTION: Final = {"code": 'code = "yes"', "label": 'label.en = "Yes"'}
"""What a table may hold, and how to write what it must hold."""


class Examined(NamedTuple):
    """A form, if the text is one, and what there is to say about it; `name` and `version` as far as they are right."""

    form: Form | None
    faults: tuple[Fault, ...]
    name: str
    version: int


@lru_cache(maxsize=64)
def examine(text: str, shipped: bool = False) -> Examined:
    """Everything about the text of a form's file. `shipped`: it is one of our own, whose names are its own."""
    try:
        return _examine(text, () if shipped else INSTRUMENTS)
    except tomllib.TOMLDecodeError as error:
        fault = _not_toml(str(error).splitlines()[0])
    except RecursionError:
        fault = Fault("is nested too deeply; a form has questions, and these have options")
    return Examined(None, (fault,), "", 0)


def _examine(text: str, taken: Collection[str]) -> Examined:
    proof = _Proof(tomllib.loads(text), taken)
    lines = Lines(text)
    found = (fault._replace(line=lines.find(fault.place)) for fault in proof.faults)
    faults = tuple(sorted(found, key=lambda fault: fault.line or 0))
    form = read_form(text) if all(fault.note for fault in faults) else None
    return Examined(form, faults, proof.name, proof.version)


def _not_toml(message: str) -> Fault:
    """tomllib ends its sentence with "(at line 3, column 7)", or "(at end of document)"."""
    line = re.search(r"at line (\d+)", message)
    what = f"is not TOML: {message}; https://toml.io shows how it is written"
    return Fault(what, line=int(line[1]) if line else None)


class _Proof:
    """Reads the data of a form and notes whatever is wrong with it; what is wrong in one place hides nothing in
    another."""

    def __init__(self, data: Mapping[str, Any], taken: Collection[str]) -> None:
        self.faults: list[Fault] = []
        self.name = ""
        self.version = 0
        self._languages: tuple[str, ...] = ()
        self._scales: dict[str, list[str]] = {}
        self._asked: dict[str, tuple[str, list[str]]] = {}
        """Kind and options of the questions so far, by code."""
        self._later: set[str] = set()
        self._read(data, taken)

    def _add(self, place: Place, what: str, *, note: bool = False) -> None:
        self.faults.append(Fault(what, place, note=note))

    def _read(self, data: Mapping[str, Any], taken: Collection[str]) -> None:
        self._keys((), data, TOP, optional={"scales"})
        if "name" in data and self._is_code(data["name"], ("name",)):
            if data["name"] in taken:
                self._add(("name",), f"{data['name']} is one of First Say's own; choose another name")
            else:
                self.name = data["name"]
        if "version" in data:
            if _is_number(data["version"], 1, 9999):
                self.version = data["version"]
            else:
                self._add(("version",), "is not a whole number from 1 on; write it like version = 1")
        if "title" in data:
            self._read_title(data["title"])
        self._read_scales(data.get("scales", {}))
        if "questions" in data:
            self._read_questions(data["questions"])

    def _read_title(self, title: object) -> None:
        if isinstance(title, Mapping):
            for language in title:
                if language not in KNOWN:
                    offered = ", ".join(KNOWN)
                    self._add(("title", language), f"is no language that First Say knows; choose from {offered}")
            self._languages = tuple(language for language in title if language in KNOWN)
        self._words(("title",), title, LONGEST_LABEL, "title.en")

    def _read_scales(self, scales: object) -> None:
        if not isinstance(scales, Mapping):
            self._add(("scales",), "is not a table; write a scale as [[scales.agree]]")
            return
        for name, options in scales.items():
            self._is_code(name, ("scales", name))
            self._scales[name] = self._options(("scales", name), options)

    def _read_questions(self, questions: object) -> None:
        if not isinstance(questions, list) or not questions:
            self._add(("questions",), "is not a list of questions; write each as [[questions]]")
            return
        codes = [each.get("code") if isinstance(each, Mapping) else None for each in questions]
        used = set()
        for index, question in enumerate(questions):
            self._later = {code for code in codes[index:] if isinstance(code, str)}
            if isinstance(question, Mapping):
                self._read_question(("questions", index), question, codes[:index])
                used.add(str(question.get("scale")))
            else:
                self._add(("questions", index), "is not a question; write it as [[questions]]")
        for name in self._scales:
            if name not in used:
                self._add(("scales", name), "no question uses it", note=True)
        if len(questions) > LONG:
            text = f"{len(questions)} questions are many at once; the check-in shows fewer, and takes about 150 seconds"
            self._add(("questions",), text, note=True)

    def _read_question(self, at: Place, question: Mapping[str, Any], before: list[Any]) -> None:
        self._keys(at, question, QUESTION, optional=set(QUESTION) - {"code", "kind", "text"})
        kind = question.get("kind")
        if "kind" in question and kind not in KINDS:
            which = meant(kind, KINDS) if isinstance(kind, str) else ""
            mend = which or f"; choose from {', '.join(KINDS)}"
            self._add((*at, "kind"), f"{_quoted(kind)} is no kind of question{mend}")
            kind = None
        for key, longest in (("text", LONGEST_TEXT), ("hint", LONGEST_TEXT)):
            if key in question:
                self._words((*at, key), question[key], longest, f"{key}.en")
        for key in ("part", "axis"):
            if key in question:
                self._is_code(question[key], (*at, key))
        codes = self._read_answers(at, question, kind)
        if "ask_if" in question:
            self._read_condition((*at, "ask_if"), question["ask_if"])
        code = question.get("code")
        if "code" in question and self._is_code(code, (*at, "code")):
            if code in before:
                self._add((*at, "code"), f"{code} is that of questions[{before.index(code)}] too; give each its own")
            else:
                self._asked[code] = (kind or "", codes)

    def _read_answers(self, at: Place, question: Mapping[str, Any], kind: object) -> list[str]:
        """The options of a question, whichever way they are given."""
        given = [key for key in ("options", "scale") if key in question]
        if kind not in (CHOICE, SEVERAL):
            for key in (*given, *(["most"] if "most" in question else [])):
                if kind is not None:
                    self._add((*at, key), f"a question of the kind {kind} has none; take it out")
            return []
        if len(given) == 2:
            self._add((*at, "scale"), "there are options too; take one of both out")
        if not given:
            mend = 'add [[questions.options]], or scale = "…" with a name from scales'
            self._add((*at, "options"), f"a question of the kind {kind} needs options; {mend}")
            return []
        if "options" in given:
            codes = self._options((*at, "options"), question["options"])
        else:
            codes = self._scale((*at, "scale"), question["scale"])
        if "most" in question:
            self._read_most((*at, "most"), question["most"], kind, codes)
        return codes

    def _read_most(self, at: Place, most: object, kind: object, codes: list[str]) -> None:
        if kind == CHOICE:
            self._add(at, "a question of the kind choice has none; take it out, or make it several")
        elif codes and not _is_number(most, 1, len(codes)):
            self._add(at, f"is not a whole number from 1 to {len(codes)}, as there are options")

    def _scale(self, at: Place, name: object) -> list[str]:
        if isinstance(name, str) and name in self._scales:
            return self._scales[name]
        mend = (meant(name, self._scales) if isinstance(name, str) else "") or "; write one as [[scales.name]]"
        self._add(at, f"there is no scale {_quoted(name)}{mend}")
        return []

    def _options(self, at: Place, options: object) -> list[str]:
        """The codes of a list of options; [] where they cannot be relied on."""
        if not isinstance(options, list) or not 2 <= len(options) <= MOST_OPTIONS:
            self._add(at, f'is not a list of 2 to {MOST_OPTIONS} options; write each as code = "…" and label.en = "…"')
            return []
        codes: list[str] = []
        for index, option in enumerate(options):
            here = (*at, index)
            if not isinstance(option, Mapping):
                self._add(here, 'is not an option; write it as code = "…" and label.en = "…"')
                continue
            self._keys(here, option, OPTION)
            if "label" in option:
                self._words((*here, "label"), option["label"], LONGEST_LABEL, "label.en")
            if "code" not in option or not self._is_code(option["code"], (*here, "code")):
                continue
            if option["code"] in codes:
                self._add((*here, "code"), f"{option['code']} is there twice; give each its own")
            codes.append(option["code"])
        return codes

    def _read_condition(self, at: Place, condition: object) -> None:
        if not isinstance(condition, Mapping) or not condition:
            self._add(at, 'is not a table; write it like ask_if.respect = ["no"]')
            return
        for code, wanted in condition.items():
            here = (*at, code)
            kind, codes = self._asked.get(code, ("", []))
            if code not in self._asked and code in self._later:
                self._add(here, f"{code} is not asked before this question; a condition looks back only")
            elif code not in self._asked:
                self._add(here, f"there is no question {_quoted(code)}{meant(code, self._asked)}")
            elif kind not in (CHOICE, SEVERAL, ""):
                self._add(here, f"{code} is a question of the kind {kind}; only choice and several can be looked at")
            elif not isinstance(wanted, list) or not wanted:
                self._add(here, f'is not a list of options; write it like ask_if.{code} = ["…"]')
            else:
                for option in wanted if codes else ():
                    if option not in codes:
                        near = meant(option, codes) if isinstance(option, str) else ""
                        mend = near or f"; choose from {', '.join(codes)}"
                        self._add(here, f"{code} has no option {_quoted(option)}{mend}")

    # --- what is the same everywhere -------------------------------------------------------------------------

    def _keys(
        self, at: Place, table: Mapping[str, Any], known: Mapping[str, str], optional: Collection[str] = ()
    ) -> None:
        for key in table:
            if key not in known:
                self._add((*at, key), f"is not known here{meant(key, known) or '; take it out'}")
        for key, example in known.items():
            if key not in table and key not in optional:
                self._add((*at, key), f"is missing; write it like {example}")

    def _is_code(self, code: object, at: Place) -> TypeGuard[str]:
        if isinstance(code, str) and re.fullmatch(r"[a-z0-9_]+", code, re.ASCII) and len(code) <= LONGEST_CODE:
            return True
        self._add(at, f"{_quoted(code)} is no code: 1 to {LONGEST_CODE} of a-z, 0-9 and _")
        return False

    def _words(self, at: Place, words: object, longest: int, example: str) -> None:
        """Words in every language of the title, none of them empty, too long, or in an encoding of their own."""
        if not isinstance(words, Mapping) or not words:
            self._add(at, f'is not worded by language; write it like {example} = "…"')
            return
        for language in self._languages:
            if language not in words:
                self._add((*at, language), f"is missing; the title is in {language}, so everything must be")
        for language, text in words.items():
            if language not in self._languages and at != ("title",) and self._languages:
                self._add((*at, language), "the title is not in this language; give it one, or take this out")
            for what in _wrong_with(text, longest, language):
                self._add((*at, language), what)


def _wrong_with(text: object, longest: int, language: str) -> Iterator[str]:
    """What is wrong with a text in a language."""
    if not isinstance(text, str):
        yield 'is not a text; write it in quotes, like "Yes"'
        return
    if not text.strip():
        yield "is empty; write it, or take this language out everywhere"
    size = count(text) if longest == LONGEST_LABEL else len(text)
    if size > longest:
        where = "on a button" if longest == LONGEST_LABEL else "in a question"
        yield f"is {size} letters long; {longest} fit {where}"
    if any(unicodedata.category(sign) == "Cc" for sign in text.replace("\n", "" if longest == LONGEST_TEXT else "\n")):
        yield "holds a sign that cannot be shown, such as a line break or a tab; take it out"
    if language == "my" and read_burmese(text, language).encoding == "zawgyi":
        yield "is typed in Zawgyi; type it in Unicode, so that every phone shows it"


def _is_number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _quoted(value: object) -> str:
    """What somebody wrote, short enough to be repeated."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:39]}…"
