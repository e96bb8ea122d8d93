"""TOML, as a person goes on writing it: a form's data in the style of the instruments that are shipped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

WORDED: Final = ("title", "text", "hint", "label")
"""Tables by language, which are written one language a line."""


def write_form(data: Mapping[str, Any], remarks: Sequence[str] = ()) -> str:
    """The text of a form's file; `tomllib` reads the data back. `remarks` stand above it."""
    return "\n".join([*_remarks(remarks), *_form(data)]) + "\n"


def _remarks(remarks: Sequence[str]) -> list[str]:
    lines = [f"# {' '.join(''.join(c if c.isprintable() else ' ' for c in text).split())}" for text in remarks]
    return [*lines, ""] if lines else []


def _form(data: Mapping[str, Any]) -> Iterator[str]:
    yield from _entries({key: data[key] for key in ("name", "version", "title")})
    for name, options in data.get("scales", {}).items():
        for option in options:
            yield from ("", f"[[scales.{name}]]", *_entries(option))
    for question in data["questions"]:
        options = question.get("options", ())
        yield from ("", "[[questions]]", *_entries({k: v for k, v in question.items() if k != "options"}))
        for option in options:
            yield from ("", "[[questions.options]]", *_entries(option))


def _entries(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if key in WORDED or key == "ask_if":
            yield from (f"{key}.{inner} = {_value(each)}" for inner, each in value.items())
        else:
            yield f"{key} = {_value(value)}"


def _value(value: object) -> str:
    """JSON's strings, whole numbers and lists of them are TOML's, but for one sign that TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
