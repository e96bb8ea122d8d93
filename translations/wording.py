"""Wording: from what a script means to what a person reads."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from conversations.text import Currency, Moment, Money, Text, Verbatim, Words
from translations import currencies, placeholders
from translations.catalogs import LOADED, Catalog, load
from translations.languages import SOURCE
from translations.moments import phrase

log = logging.getLogger(__name__)

GAP = "…"
"""Stands where a sentence asks for something that it was not given."""
DEEPEST = 8
"""How far sentences may stand within sentences; more is a mistake, and is left out."""

_templates: dict[str, str] = {}
"""English sentences made ready for `%`, so that each is looked through once. Bounded by `_MOST`."""
_MOST = 20_000


def word(text: Words, language: str, *, now: datetime | None = None) -> str:
    """Return the words for a reader of this language; never raises, whatever the parameters hold.

    A sentence without a usable translation is said in English, and so is everything within it, so that one
    sentence is in one language. `%(name)s` and `%%` count only in a sentence with parameters; without any, it
    stands as it is written. `now` (aware) lets near days be called today, tomorrow, yesterday.
    """
    return _word(text, language, now, 0)


def _word(text: Words, language: str, now: datetime | None, depth: int) -> str:
    if isinstance(text, Verbatim):
        return _verbatim(text, language)
    message, parameters = text.message, text.parameters
    catalog = LOADED.get(language) or load(language)
    if not parameters and text.plural is None:
        return catalog.plain.get(message, message)
    forms = catalog.templates.get(message)
    if forms is None:
        language, found = SOURCE, _english(text)
    else:
        found = forms[0] if len(forms) == 1 else forms[_form(catalog, text, len(forms))]
    values = {
        name: value if type(value) is str else _value(value, language, now, depth) for name, value in parameters.items()
    }
    try:
        return found % values
    except KeyError:
        return _with_gaps(found, values)


def _english(text: Text) -> str:
    """Return the English template of a sentence, in the form that its number asks for."""
    sentence = text.message
    if text.plural is not None and text.parameters.get("number") != 1:
        sentence = text.plural
    ready = _templates.get(sentence)
    if ready is None:
        if len(_templates) >= _MOST:
            _templates.clear()
        ready = _templates[sentence] = placeholders.template(sentence)
    return ready


def _form(catalog: Catalog, text: Text, forms: int) -> int:
    """Return which plural form the parameter `number` takes; the last one if there is no such number."""
    number = text.parameters.get("number")
    return min(catalog.form(number), forms - 1) if isinstance(number, int) else forms - 1


def _value(value: object, language: str, now: datetime | None, depth: int) -> str:
    """Word one parameter. Figures are Latin here; see `numbers.digits`."""
    if isinstance(value, int):
        try:
            return str(value)
        except ValueError:  # Python refuses to write out a number of more than 4300 digits
            return GAP
    if isinstance(value, str):
        return value
    if depth >= DEEPEST:
        log.warning("a sentence within too many others was left out")
        return GAP
    if isinstance(value, Money):
        return currencies.show(value, language)
    if isinstance(value, Currency):
        value = currencies.name(value.code)
    if isinstance(value, Moment):
        value = phrase(value, language, now)
    return _word(value, language, now, depth + 1) if isinstance(value, Text | Verbatim) else GAP


def _verbatim(text: Verbatim, language: str) -> str:
    """Return an instrument's wording in the language, else in its first, else the words themselves."""
    wordings = text.wordings
    if not wordings:
        return text.words
    return wordings.get(language) or next(iter(wordings.values())) or text.words


class _Gaps(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return GAP


def _with_gaps(found: str, values: Mapping[str, str]) -> str:
    """Word a sentence that lacks a parameter, and tell the log which (a name from the source, no content)."""
    lacking = ", ".join(sorted(placeholders.names(found) - values.keys()))
    log.error("a sentence was worded without its parameter: %s", lacking)
    return found % _Gaps(values)
