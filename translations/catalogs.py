"""Catalogs: the translated sentences of each language, straight from its `.po` file.

Nothing is compiled: a fresh clone works, and an editable install is never behind its `.po`. Babel reads the
file; what comes out is a plain dictionary, because a catalog is read once and asked for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from translations import placeholders
from translations.languages import KNOWN, SOURCE

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog as Po
    from babel.messages.catalog import Message

FOLDER = Path(__file__).with_name("locale")
TEMPLATE = "firstsay.pot"
NEEDS_READER = "Status: needs a native reader"
HAS_READER = "Status: read by a native reader"


_LINE = re.compile(r'(?:msg(?:id|id_plural|ctxt|str|str\[\d+\])\s*)?"(?:[^"\\]|\\.)*"')


class CatalogError(Exception):
    """A catalog file that cannot be read: a mistake in the repository, told in one line."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A translation that is there and is not used, so that English is said instead."""

    message: str
    """The English message id."""
    reason: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """What can be said in one language."""

    language: str
    plain: dict[str, str] = field(default_factory=dict)
    """By message id, the words as they stand, for a sentence without parameters."""
    templates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By message id, one text for each plural form (one for a plain sentence), ready for `%`."""
    form: Callable[[int], int] = lambda number: 0
    """Which plural form a number takes."""
    faults: tuple[Fault, ...] = ()
    needs_review: bool = True


def _english_form(number: int) -> int:
    return 0 if number == 1 else 1


LOADED: dict[str, Catalog] = {SOURCE: Catalog(SOURCE, form=_english_form, needs_review=False)}
"""The catalogs in use, by language code. English has no file: its sentences are the message ids."""


def load(language: str) -> Catalog:
    """Return the catalog of a language, read once; an unknown code or a language without a file has none.

    Raises `CatalogError` if the file is damaged. The process loads every offered language when it starts, so
    that this happens then and not in a turn.
    """
    catalog = LOADED.get(language)
    if catalog is None:
        if language not in KNOWN:
            return LOADED[SOURCE]
        path = locate(language)
        catalog = LOADED[language] = read(path, language) if path.exists() else Catalog(language)
    return catalog


def locate(language: str, folder: Path = FOLDER) -> Path:
    """Return where the `.po` file of a language stands, whether or not it is there."""
    return folder / language / "LC_MESSAGES" / "firstsay.po"


def parse(path: Path, locale: str | None = None) -> Po:
    """Read a `.po` or `.pot` file (UTF-8) with Babel; raises `CatalogError` naming the file if it is damaged."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        text = path.read_text("utf-8-sig")
        _check_lines(text)
        return read_po(StringIO(text), locale=locale, abort_invalid=True)
    except (PoFileError, ValueError, LookupError, TypeError, OSError) as error:
        raise CatalogError(f"{path.name} ({locale or 'template'}) cannot be read: {error}") from error


def _check_lines(text: str) -> None:
    """Refuse a line that is neither a comment nor a quoted text.

    Babel cuts the last sign off a text whose closing quote is missing, and says nothing.
    """
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare and not bare.startswith("#") and not _LINE.fullmatch(bare):
            raise ValueError(f"line {number} is not a quoted text")


def read(path: Path, language: str) -> Catalog:
    """Read one catalog file; raises `CatalogError` if it is damaged.

    An entry marked fuzzy, or whose placeholders do not fit, is left out and told in `faults`. A *header*
    marked fuzzy says nothing about the entries, and they are used (pybabel would drop the whole catalog).
    """
    po = parse(path, language)
    catalog = Catalog(
        language,
        form=_plural_form(po, path),
        faults=tuple(_unusable(po)),
        needs_review=HAS_READER not in po.header_comment,
    )
    left_out = {fault.message for fault in catalog.faults}
    for message in po:
        identity, forms = singular(message), _forms(message)
        if identity and identity not in left_out and all(forms):
            catalog.plain[identity] = forms[0]
            catalog.templates[identity] = tuple(map(placeholders.template, forms))
    return catalog


def singular(message: Message) -> str:
    """Return the message id under which gettext keeps an entry: its English, in the singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    """Return the translated forms; an untranslated one is empty."""
    if isinstance(message.string, str) or message.string is None:
        return (message.string or "",)
    return tuple(message.string) or ("",)


def _unusable(po: Po) -> list[Fault]:
    """Find the translated entries that must not be used, with why."""
    faults = []
    for message in po:
        if not message.id or not any(_forms(message)):
            continue
        reason = "marked fuzzy" if message.fuzzy else None
        if not reason:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            plural = len(ids) > 1
            found = (placeholders.fault(ids[-1], form, plural) for form in _forms(message) if form)
            reason = next((each for each in found if each), None)
        if reason:
            faults.append(Fault(singular(message), reason))
    return faults


def _plural_form(po: Po, path: Path) -> Callable[[int], int]:
    """Return the catalog's own plural rule, kept within the forms it has."""
    last = po.num_plurals - 1
    if last == 0:
        return lambda number: 0
    from gettext import c2py

    try:
        rule: Callable[[int], int] = c2py(po.plural_expr)
    except ValueError as error:
        raise CatalogError(f"{path.name} has a Plural-Forms line that cannot be read: {error}") from error
    return lambda number: min(max(rule(number), 0), last)


def sentences(folder: Path = FOLDER) -> list[str]:
    """Return the message ids of everything the product says, in the order of the template."""
    return [singular(message) for message in parse(folder / TEMPLATE) if message.id]


def missing(language: str, folder: Path = FOLDER) -> list[str]:
    """Return the message ids that are said in English to a reader of this language.

    The reasons: no translation yet, one marked fuzzy, or one whose placeholders do not fit
    (`load(language).faults` tells the last two). This is what the programme lead is shown.
    """
    if language == SOURCE:
        return []
    path = locate(language, folder)
    usable = load(language) if folder == FOLDER else read(path, language) if path.exists() else Catalog(language)
    return [message for message in sentences(folder) if message not in usable.plain]


def needs_review(language: str) -> bool:
    """Say whether no native reader has signed the catalog yet (the status line in its header)."""
    return load(language).needs_review
