"""A spreadsheet becomes a form: what is brought over of each row, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from bot.proof import LONGEST_LABEL
from bot.xlsform.conditions import read_condition
from bot.xlsform.sheets import Sheets, XlsformError, read_sheets
from bot.xlsform.types import read_type
from bot.xlsform.words import language_of, plain, safe_code
from bot.xlsform.writing import write_form
from translations.clusters import shorten

OWN: Final = frozenset({"type", "name", "label", "hint", "__row"})
"""Columns that are brought over; the condition is too, where we have one like it."""

TABLES: Final = ("bind", "control", "media")
"""Where pyxform puts columns that belong together."""

Worded = dict[str, str]
"""Words by language."""


class Brought(NamedTuple):
    """The text of the new file, and what could not be brought over, line by line."""

    source: str
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be a question. `conditions`: its own, and those of the groups around it; `wanted`: the options
    they look for, by question, as the spreadsheet names both."""

    number: int
    name: str
    kind: str
    list_name: str
    label: Worded
    hint: Worded
    conditions: tuple[str, ...]
    wanted: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """A row of the sheet choices."""

    number: int
    name: str
    label: Worded


def bring(path: Path) -> Brought:
    """Read a spreadsheet and say what becomes of it. Raises XlsformError."""
    return _Bringing(path, read_sheets(path)).finish()


class _Bringing:
    """One spreadsheet on its way."""

    def __init__(self, path: Path, sheets: Sheets) -> None:
        self._path = path
        self._sheets = sheets
        self._remarks = _Remarks()
        self._default = language_of(str(sheets.settings.get("default_language", ""))) or "en"
        self._lists = self._read_lists()

    def finish(self) -> Brought:
        """The file, and the remarks in the order of the rows."""
        rows = self._asked(self._read_rows())
        first, *others = self._order_languages(rows)
        rows = self._asked(row for row in rows if self._has_words(row, first))
        if not rows:
            raise XlsformError(f"{self._path}: no row of it can be brought over")
        languages = [first, *(language for language in others if self._is_complete(rows, language))]
        data = {**self._head(languages), **self._body(rows, languages)}
        remarks = self._remarks.told()
        head = f"Brought over from {self._path.name}, an XLSForm. Look it through: firstsay instrument play FILE"
        return Brought(write_form(data, [head, *remarks]), remarks)

    # --- rows ------------------------------------------------------------------------------------------------

    def _read_lists(self) -> dict[str, list[Option]]:
        found: dict[str, list[Option]] = {}
        for raw in self._sheets.choices:
            name, list_name = str(raw.get("name", "")), str(raw.get("list name", ""))
            listed = found.setdefault(list_name, []) if name and list_name else []
            if any(option.name == name for option in listed):
                self._remarks.say_once(f"choices row {raw['__row']}: {name} is there twice; left out")
            else:
                listed.append(Option(raw["__row"], name, self._words(raw.get("label"))))
        return found

    def _read_rows(self) -> Iterator[Row]:
        """The rows that can be questions; of the others it is said why not."""
        around: list[str] = []
        """The conditions of what is open around a row ("" where it has none)."""
        lost = 0
        """How much that is open cannot be brought over."""
        for raw in self._sheets.survey:
            what = " ".join(str(raw.get("type", "")).split())
            verb, _space, thing = what.lower().replace("_", " ").partition(" ")
            if verb == "begin":
                around.append(_condition(raw))
                lost += thing != "group"
                if thing == "group":
                    self._say_columns(raw)
                else:
                    self._say(raw, f"left out: {what} and all that is in it; a form here has questions only")
            elif verb == "end":
                lost -= lost > 0 and thing != "group"
                del around[-1:]
            elif lost:
                self._say(raw, f"left out: {what}; it is in something that cannot be brought over")
            elif what and (row := self._read_row(raw, what, around)) is not None:
                yield row

    def _read_row(self, raw: Mapping[str, Any], what: str, around: Sequence[str]) -> Row | None:
        kind, list_name, instead, omitted = read_type(what, self._lists)
        if omitted:
            self._say(raw, f"left out: {what}; {omitted}")
            return None
        label, hint = self._words(raw.get("label")), self._words(raw.get("hint"))
        if any("${" in text for text in (*label.values(), *hint.values())):
            self._say(raw, "left out: its words repeat another answer, ${…}; write them without it")
            return None
        if instead:
            self._say(raw, f"{what}: {instead}")
        self._say_columns(raw)
        conditions = tuple(filter(None, (*around, _condition(raw))))
        return Row(raw["__row"], _name(raw), kind, list_name, label, hint, conditions)

    def _asked(self, rows: Iterable[Row]) -> list[Row]:
        """Those whose conditions we can have; without its condition, nothing is asked."""
        options: dict[str, list[str]] = {}
        kept: list[Row] = []
        for row in rows:
            wanted, why_not = read_condition(row.conditions, options)
            if why_not:
                self._remarks.say(row.number, row.name, f"left out: {why_not}")
                continue
            is_second = row.name in options  # two groups may use one name; nobody knows then which is looked at
            options[row.name] = [] if is_second or not row.list_name else [o.name for o in self._lists[row.list_name]]
            kept.append(replace(row, wanted=wanted))
        return kept

    # --- words -----------------------------------------------------------------------------------------------

    def _words(self, cell: object) -> Worded:
        """What a cell, or its columns by language, say in the languages that First Say knows."""
        given = cell if isinstance(cell, Mapping) else {"default": cell}
        found: Worded = {}
        for name, text in given.items():
            language = self._default if name == "default" else language_of(str(name))
            if language is None:
                self._remarks.say_once(f"{name}: a language that First Say does not know; left out")
            elif isinstance(text, str) and plain(text):
                found[language] = plain(text)
        return found

    def _texts(self, rows: Sequence[Row]) -> Iterator[tuple[str, Worded]]:
        """Everything that is to be said, and where it stands."""
        yield from ((f"row {row.number}", row.label) for row in rows)
        for name in {row.list_name: None for row in rows if row.list_name}:
            yield from ((f"choices row {option.number}", option.label) for option in self._lists[name])

    def _order_languages(self, rows: Sequence[Row]) -> list[str]:
        """The languages there are, the one with most words first."""
        texts = [words for _where, words in self._texts(rows)]
        found = dict.fromkeys([self._default, *(language for words in texts for language in words)])
        return sorted(found, key=lambda language: -sum(language in words for words in texts))

    def _has_words(self, row: Row, language: str) -> bool:
        if language not in row.label:
            self._remarks.say(row.number, row.name, f"left out: it has no words in {language}")
        return language in row.label

    def _is_complete(self, rows: Sequence[Row], language: str) -> bool:
        """Whether everything is said in it; nobody is asked half in one language and half in another."""
        texts = list(self._texts(rows))
        missing = [where for where, words in texts if language not in words]
        if 0 < len(missing) < len(texts):
            where = ", ".join(missing[:6]) + (", …" if len(missing) > 6 else "")
            what = f"{len(missing)} of {len(texts)} texts are not there ({where})"
            self._remarks.say_once(f"{language}: left out, since {what}; fill them in and bring the form over again")
        return not missing

    # --- what is written -------------------------------------------------------------------------------------

    def _head(self, languages: Sequence[str]) -> dict[str, Any]:
        settings = self._sheets.settings
        title = str(settings.get("title") or settings.get("id_string") or self._path.stem)
        name = safe_code(str(settings.get("id_string") or title), ())
        short = shorten(title, LONGEST_LABEL)
        cut = "" if short == title else f", cut to the {LONGEST_LABEL} letters that fit on a button"
        self._remarks.say_once(f"name: {name}; title: {short} in every language{cut}")
        version = str(settings.get("version", ""))
        number = int(version) if version.isascii() and version.isdecimal() and 1 <= int(version) <= 9999 else 1
        if version and version != str(number):
            self._remarks.say_once(f"version: {number}, since {shorten(version, 20)} is not a number from 1 to 9999")
        return {"name": name, "version": number, "title": dict.fromkeys(languages, short)}

    def _body(self, rows: Sequence[Row], languages: Sequence[str]) -> dict[str, Any]:
        scales: dict[str, list[dict[str, Any]]] = {}
        codes: dict[str, str] = {}
        """Codes of lists, by their names."""
        options: dict[str, dict[str, str]] = {}
        """Codes of options by their names, for each list."""
        for name in {row.list_name: None for row in rows if row.list_name}:
            codes[name] = self._code("the list ", name, codes.values())
            options[name] = self._option_codes(name)
            scales[codes[name]] = [
                {"code": options[name][option.name], "label": self._label(option, languages)}
                for option in self._lists[name]
            ]
        asked: dict[str, Row] = {}
        """Questions by their codes."""
        for row in rows:
            asked[self._code("", row.name, asked)] = row
        questions = [
            {
                "code": code,
                "kind": row.kind,
                **({"scale": codes[row.list_name]} if row.list_name else {}),
                **({"ask_if": self._ask_if(row, asked, options)} if row.wanted else {}),
                "text": {language: row.label[language] for language in languages},
                **self._hint(row, languages),
            }
            for code, row in asked.items()
        ]
        return {"scales": scales, "questions": questions}

    @staticmethod
    def _ask_if(row: Row, asked: Mapping[str, Row], options: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
        """What a row looks for, by codes."""
        of = {other.name: (code, options.get(other.list_name, {})) for code, other in asked.items()}
        return {of[name][0]: [of[name][1][option] for option in wanted] for name, wanted in row.wanted.items()}

    def _option_codes(self, list_name: str) -> dict[str, str]:
        codes: dict[str, str] = {}
        for option in self._lists[list_name]:
            codes[option.name] = self._code(f"{list_name}: ", option.name, codes.values())
        return codes

    def _label(self, option: Option, languages: Sequence[str]) -> Worded:
        if languages[0] not in option.label:
            self._remarks.say_once(f"choices row {option.number}: no words; its name stands in their place")
        return {language: option.label.get(language, option.name) for language in languages}

    def _hint(self, row: Row, languages: Sequence[str]) -> dict[str, Worded]:
        if row.hint.keys() >= set(languages):
            return {"hint": {language: row.hint[language] for language in languages}}
        if row.hint:
            self._remarks.say(row.number, row.name, f"without its hint, which is there in {', '.join(row.hint)} only")
        return {}

    def _code(self, what: str, name: str, taken: Iterable[str]) -> str:
        code = safe_code(name, taken)
        if code != name:
            self._remarks.renamed.append(f"{what}{name} is {code}")
        return code

    # --- what is said about it -------------------------------------------------------------------------------

    def _say(self, raw: Mapping[str, Any], text: str) -> None:
        self._remarks.say(raw["__row"], _name(raw), text)

    def _say_columns(self, raw: Mapping[str, Any]) -> None:
        """Which of a row's columns have no meaning here."""
        lost: list[str] = []
        for key, value in raw.items():
            if key in OWN or key.startswith(("$", "_", "kobo--")):
                continue
            inner = value if key in TABLES and isinstance(value, Mapping) else {key: value}
            lost += [each.removeprefix("jr:") for each, v in inner.items() if each != "relevant" and _is_set(v)]
        if lost:
            self._say(raw, f"without {', '.join(lost)}")


class _Remarks:
    """What there is to say: about the whole, about codes, and about each row."""

    def __init__(self) -> None:
        self.renamed: list[str] = []
        self._general: dict[str, None] = {}
        self._rows: dict[tuple[int, str], dict[str, None]] = {}

    def say(self, number: int, name: str, text: str) -> None:
        self._rows.setdefault((number, name), {})[text] = None

    def say_once(self, text: str) -> None:
        self._general[text] = None

    def told(self) -> list[str]:
        codes = [f"codes: {', '.join(self.renamed)}"] if self.renamed else []
        rows = [
            f"row {number}{f' ({name})' if name else ''}: {'; '.join(texts)}"
            for (number, name), texts in sorted(self._rows.items())
        ]
        return [*self._general, *codes, *rows]


def _name(raw: Mapping[str, Any]) -> str:
    """A row's name; one without it, such as a note, is named after its number."""
    return str(raw.get("name") or f"row_{raw['__row']}")


def _condition(raw: Mapping[str, Any]) -> str:
    bind = raw.get("bind")
    return str(bind.get("relevant", "")) if isinstance(bind, Mapping) else ""


def _is_set(value: object) -> bool:
    return str(value).strip().lower() not in ("", "no", "false", "false()")
