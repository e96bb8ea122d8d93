"""The versioned instruments, read once at import from the TOML files beside this module.

An instrument carries its own wording in every language, because the wording is part of the instrument: one digest
for the structure (what is asked, in which order, with which steps), one digest per language for the words.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from conversations.instruments.form import Form, read_form
from conversations.text import Verbatim


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked about. `urgency` is urgent, dated or normal (DOMAIN D5), a programme may change it."""

    code: str
    category: str
    urgency: str
    label: Verbatim
    hint: Verbatim


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the scale: an ASCII code and its label."""

    code: str
    label: Verbatim


@dataclass(frozen=True, slots=True)
class Instrument:
    """A frozen questionnaire with its wording in each language it has."""

    name: str
    version: int
    question: Verbatim
    meaning: Verbatim
    scale: tuple[Step, ...]
    categories: Mapping[str, Verbatim]
    items: tuple[Item, ...]
    structure: str
    """sha256 (hex) of what is asked, without the words."""
    wording: Mapping[str, str]
    """sha256 (hex) of the words, by language."""

    def item(self, code: str) -> Item:
        """The item of that code; KeyError if there is none."""
        return self._by_code()[code]

    def blocks(self, first: int) -> Iterator[Item]:
        """All items, category by category, beginning with category number `first` and going round."""
        order = list(self.categories)
        turned = order[first % len(order) :] + order[: first % len(order)]
        for category in turned:
            yield from (item for item in self.items if item.category == category)

    def words(self, language: str) -> str:
        """Everything this instrument says in a language, as JSON, for the archive."""
        spoken = [self.question, self.meaning, *(step.label for step in self.scale), *self.categories.values()]
        spoken += [words for item in self.items for words in (item.label, item.hint)]
        return json.dumps([words.wordings.get(language) for words in spoken], ensure_ascii=False)

    def _by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}


def read(text: str) -> Instrument:
    """Read an instrument from TOML text."""
    data = tomllib.loads(text)
    return Instrument(
        name=data["name"],
        version=data["version"],
        question=Verbatim(wordings=data["question"]),
        meaning=Verbatim(wordings=data["meaning"]),
        scale=tuple(Step(step["code"], Verbatim(wordings=step["label"])) for step in data["scale"]),
        categories={c["code"]: Verbatim(wordings=c["label"]) for c in data["categories"]},
        items=tuple(_item(item) for item in data["items"]),
        structure=_digest(_without_words(data)),
        wording={language: _digest(_words(data, language)) for language in data["question"]},
    )


def _item(data: Mapping[str, Any]) -> Item:
    label, hint = Verbatim(wordings=data["label"]), Verbatim(wordings=data["hint"])
    return Item(data["code"], data["category"], data["urgency"], label, hint)


def _without_words(data: Mapping[str, Any]) -> Any:
    """Codes, order, categories and scale; urgency is a default of the programme's and no part of what is asked."""
    items = [[item["code"], item["category"]] for item in data["items"]]
    scale = [step["code"] for step in data["scale"]]
    return [data["name"], data["version"], scale, [c["code"] for c in data["categories"]], items]


def _words(data: Mapping[str, Any], language: str) -> Any:
    entries = [data["question"], data["meaning"]]
    for part in (*data["scale"], *data["categories"], *data["items"]):
        entries += [part["label"], part.get("hint", {})]
    return [entry.get(language) for entry in entries]


def _digest(content: Any) -> str:
    return sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


_HERE = Path(__file__).parent
NEEDS = read((_HERE / "needs.toml").read_text(encoding="utf-8"))
CHECKIN = read_form((_HERE / "checkin.toml").read_text(encoding="utf-8"))
FOLLOWUP = read_form((_HERE / "followup.toml").read_text(encoding="utf-8"))
TRANSFER = read_form((_HERE / "transfer.toml").read_text(encoding="utf-8"))
FORMS: Mapping[str, Form] = {form.name: form for form in (CHECKIN, FOLLOWUP, TRANSFER)}
"""The forms this release carries."""

INSTRUMENTS: Mapping[str, Instrument | Form] = {NEEDS.name: NEEDS, **FORMS}
