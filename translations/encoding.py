"""Encoding: Burmese written in Zawgyi, which looks like Unicode and is not.

Many phones in Myanmar still write and show Zawgyi. It uses the same code points for other letters, so a text
must be *judged*. The rule is Google's for conversion without asking (myanmartools: threshold 0.95), and only for a
person who chose Burmese: Shan and Karen use those code points rightly, and conversion would damage them.
"""

from __future__ import annotations

import logging
import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

log = logging.getLogger(__name__)

SURE = 0.95
"""From this probability on, a text is taken for Zawgyi."""
DOUBT = 0.05
"""Up to this probability, a text is taken for Unicode."""
OTHERS = frozenset({"shn", "ksw", "kac", "mnw", "blk", "rki"})
"""Languages in Myanmar script that the detector was not made for."""
_INVISIBLE = dict.fromkeys((0x200B, 0xFEFF))


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it was understood, and as it came."""

    text: str
    """In Unicode as far as we know, NFC-normalised."""
    original: str
    """Exactly what was sent; kept, because a conversion can be wrong."""
    encoding: Literal["unicode", "zawgyi", "unsure"]
    """`zawgyi`: converted. `unsure`: not converted, and whoever reads it is told to check the encoding."""


def read_burmese(text: str, language: str) -> Read:
    """Return what a person with this language typed, converted from Zawgyi if that is what it surely is.

    A text that reads the same either way is not in doubt, however the detector judges it: short words such as
    ကား ("car") get 0.82. The detector gives minus infinity for a text without Myanmar letters.
    """
    normal = unicodedata.normalize("NFC", text)
    if language in OTHERS or not _holds_myanmar(text):
        return Read(normal, text, "unicode")
    probability = _detect()(text)
    if probability <= DOUBT:
        return Read(normal, text, "unicode")
    converted = _convert(text, "zawgyi", "unicode")
    if converted == text:
        return Read(normal, text, "unicode")
    if converted is None or language != "my" or probability < SURE:
        return Read(normal, text, "unsure")
    return Read(unicodedata.normalize("NFC", converted), text, "zawgyi")


def write_zawgyi(text: str) -> str:
    """Return the text for a phone that shows Zawgyi: messages and buttons alike.

    Whatever is not Burmese passes unchanged. If the converter fails, so does the whole text: Unicode on a
    Zawgyi phone is hard to read, but a piece left out would be lost.
    """
    if not _holds_myanmar(text):
        return text
    converted = _convert(text, "unicode", "zawgyi")
    return text if converted is None else converted


def comparable(text: str) -> str:
    """Return the text as it is compared, never as it is kept: NFC, lower case, without zero-width spaces."""
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE).casefold()


def _holds_myanmar(text: str) -> bool:
    """Say whether there are letters of the Myanmar blocks, so that the libraries are loaded only for them."""
    return any("\u1000" <= c <= "\u109f" or "\uaa60" <= c <= "\uaa7f" or "\ua9e0" <= c <= "\ua9ff" for c in text)


@cache
def _detect() -> Callable[[str], float]:
    """Load the detector's model, once, when first needed (about 25 ms)."""
    with warnings.catch_warnings():
        # it reads its model by importlib.resources.open_binary, which Python 3.11 and 3.12 deprecate
        warnings.simplefilter("ignore", DeprecationWarning)
        from myanmartools import ZawgyiDetector

        judge: Callable[[str], float] = ZawgyiDetector().get_zawgyi_probability
    return judge


@cache
def _converter() -> Any:
    """Load the converter, once, when first needed (about 10 ms)."""
    from myanmar import converter

    # For a syllable it has no sign for, the library prints it and goes on without it: a person's words on the
    # standard output, and lost. Its own name `print` is made to stop it, so that the whole text is kept.
    converter.print = _refuse
    return converter


def _refuse(*_words: object) -> None:
    raise LookupError("the converter has no sign for this syllable")


def _convert(text: str, source: str, target: str) -> str | None:
    """Convert between encodings; None if the library cannot, whose errors for odd input are of many kinds."""
    try:
        converted: str = _converter().convert(text, source, target)
    except Exception as error:
        log.warning("a Burmese text could not be converted from %s: %s", source, type(error).__name__)
        return None
    return converted
