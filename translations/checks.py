"""Checks: what tests ask of the words, since neither gettext nor Babel asks it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from translations import placeholders
from translations.catalogs import FOLDER, TEMPLATE, Fault, locate, missing, parse, singular
from translations.clusters import count
from translations.encoding import comparable
from translations.languages import SOURCE

__all__ = ["LABEL", "MESSAGE", "TELLING", "long_labels", "long_texts", "misplaced", "missing", "telling"]

LABEL = 20
"""Clusters that fit on an option button on a small phone."""
MESSAGE = 4096
"""UTF-16 units in one Telegram message. Source: https://core.telegram.org/bots/api#sendmessage"""

TELLING: dict[str, tuple[str, ...]] = {
    "en": ("victim", "trafficking", "trafficked", "survivor", "beneficiary", "case", "police", "shelter"),
    "my": ("လူကုန်ကူး", "ရဲစခန်း", "အမှု", "ခိုလှုံရာ"),
}
"""Words that would tell whoever glances at the phone what the chat is about. The Burmese ones need a native reader."""


def misplaced(language: str, folder: Path = FOLDER) -> list[Fault]:
    """Return every wrong placeholder of a catalog, also in entries marked fuzzy; for English, of the source.

    Babel checks only the placeholders that it takes for Python's, and only when a catalog is compiled.
    """
    if language == SOURCE:
        return _misplaced_at_source(folder)
    found = []
    path = locate(language, folder)
    for message in parse(path, language) if path.exists() else ():
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        reasons = (placeholders.fault(ids[-1], form, len(ids) > 1) for form in forms if form and ids[-1])
        found += [Fault(singular(message), reason) for reason in reasons if reason]
    return found


def _misplaced_at_source(folder: Path) -> list[Fault]:
    """Find English sentences that hold placeholders and, beside them, a `%` that is none."""
    found = []
    for message in parse(folder / TEMPLATE):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        formatted = len(ids) > 1 or any(map(placeholders.names, ids)) or any("%(" in each for each in ids)
        if formatted and any(map(placeholders.strays, ids)):
            found.append(Fault(ids[0], "a % that is neither %% nor a placeholder"))
    return found


def long_labels(labels: Iterable[str], most: int = LABEL) -> list[str]:
    """Return the button labels of more than `most` clusters, as worded for the reader."""
    return [label for label in labels if count(label) > most]


def long_texts(texts: Iterable[str], most: int = MESSAGE) -> list[str]:
    """Return the messages that Telegram would refuse; counted in UTF-16 units, its own measure."""
    return [text for text in texts if len(text.encode("utf-16-le", "surrogatepass")) // 2 > most]


def telling(texts: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Return (text, word) for each worded message that holds a telling word of the language or of English.

    For what may stand on a locked screen: messages that the programme starts, and notifications. English counts
    in every language, because an untranslated sentence is said in English.
    """
    words = TELLING[SOURCE] + (TELLING.get(language, ()) if language != SOURCE else ())
    patterns = [(each, _pattern(comparable(each))) for each in words]
    return [(text, each) for text in texts for each, pattern in patterns if pattern.search(comparable(text))]


def _pattern(word: str) -> re.Pattern[str]:
    """Match an English word whole, with its plural; a word of a script without spaces anywhere."""
    if not word.isascii():
        return re.compile(re.escape(word))
    stem = re.escape(word.removesuffix("y"))
    return re.compile(rf"\b{stem}(?:y|ies)\b" if word.endswith("y") else rf"\b{stem}(?:s|es)?\b")
