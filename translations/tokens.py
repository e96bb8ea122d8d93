"""Tokens: what a person typed, cut into figures, number words and signs for money; for `amounts`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from translations.currencies import NAMES, SAID
from translations.numbers import LOOKALIKES, latin, zero
from translations.numerals import LEXICON, Numeral
from translations.sums import MOST_COUNTED, Figures

LONGEST: Final = 200
"""Characters of an amount; the longest that we spell ourselves has about 120."""

AMBIGUOUS: Final = ("MMK", "LAK")
"""Where K stands for the currency as well as for a thousand."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A word or sign for money; the currencies that it may stand for."""

    currencies: frozenset[str]


Token: TypeAlias = Figures | Numeral | Sign


def _signs() -> dict[str, Sign]:
    """Every name, code and sign of a currency, in lower case."""
    meant: dict[str, set[str]] = {}
    for currency, said in SAID.items():
        for word in (currency, *said.split(", "), *NAMES.get(currency, {}).values()):
            meant.setdefault(unicodedata.normalize("NFC", word.lower()), set()).add(currency)
    return {word: Sign(frozenset(currencies)) for word, currencies in meant.items()}


WORDS: Final[dict[str, Numeral | Sign]] = {**LEXICON, **_signs()}

_UNSPACED = "|".join(
    re.escape(word) for word in sorted(WORDS, key=len, reverse=True) if not (word.isascii() and word.isalpha())
)
"""Words of scripts without spaces, and signs: the longest that fits."""
_MARKS = ",.'’ \u00a0\u202f"
_TOKEN = re.compile(
    rf"\s*(?:(?P<figures>\d+(?:[{_MARKS}]\d+)*(?:[km](?![a-z]))?)|(?P<word>{_UNSPACED})|(?P<letters>[a-z]+))\s*",
    re.IGNORECASE,
)
_NATIVE = re.compile(_UNSPACED)
_SHAPES: Final = {
    "plain": re.compile(r"0|[1-9]\d{0,12}"),
    "grouped": re.compile(rf"[1-9]\d{{0,2}}([{_MARKS}])\d{{3}}(?:\1\d{{3}}){{0,3}}(?:(?!\1)[.,]\d{{1,2}})?"),
    "decimal": re.compile(r"(?:0|[1-9]\d{0,12})[.,]\d{1,2}"),
}
_SHORT: Final = {"k": 1000, "m": 10**6}

_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))
_EDGES = " \t\r\n\u00a0\"“”'‘’«»"
_END = re.compile(r"(?<=\d)(?:[.,/][-–]|/=)$|[.!။។]$")
"""The end of a price (500.-, 500/-), or of a sentence."""
_HYPHEN = re.compile(r"(?<=ty)-(?=[a-z])", re.IGNORECASE)
_ALIKE = re.compile(r"[၀-၉][၀-၉ဝရ]*+(?:[,.'’][၀-၉ဝရ]{3})*+")


def scan(text: str, currency: str) -> list[Token] | None:
    """The text as figures, number words and signs for money; None where there is anything else, or nothing."""
    bare = _clean(text) if len(text) <= LONGEST else ""
    tokens: list[Token] = []
    at = 0
    while at < len(bare):
        found = _TOKEN.match(bare, at)
        if found is None:
            return None
        typed = found[found.lastgroup or 0]
        match found.lastgroup:
            case "figures":
                token: Token | None = _figures(typed, currency)
            case "letters":
                token = _letters(typed, tokens, currency)
            case _:
                token = WORDS.get(typed.casefold())
        if token is None:
            return None
        tokens.append(token)
        at = found.end()
    return tokens or None


def _clean(text: str) -> str:
    bare = unicodedata.normalize("NFC", text.translate(_INVISIBLE)).strip(_EDGES)
    bare = _HYPHEN.sub(" ", _END.sub("", bare).rstrip(_EDGES))
    return bare if bare.isascii() else _ALIKE.sub(_digits_meant, bare)


def _digits_meant(found: re.Match[str]) -> str:
    """Letters among Burmese digits as the digits they look like, unless they may be a word ("၅၀၀ရ": got 500)."""
    after = found.string[found.end() : found.end() + 1]
    if found[0][-1] == "ရ" or ("\u1000" <= after <= "\u103f" and not _NATIVE.match(found.string, found.end())):
        return found[0]
    return "".join(LOOKALIKES.get(character, character) for character in found[0])


def _figures(typed: str, currency: str) -> Figures | None:
    """A number in digits of one script, grouped in threes or with decimals, and k or m right behind it."""
    letter = typed[-1] if typed[-1].isalpha() else ""
    typed = typed.removesuffix(letter)
    if len({zero(character) for character in typed if character.isdecimal()}) > 1:
        return None
    number = latin(typed)
    shape = next((shape for shape, pattern in _SHAPES.items() if pattern.fullmatch(number)), None)
    if letter == "K" and currency in AMBIGUOUS:
        letter, shape = "", shape if shape == "grouped" else None  # nobody counts 12,000 thousands
    if shape is None or (letter and shape == "grouped"):
        return None
    if shape == "grouped":
        mark = next(character for character in number if not character.isdecimal())
        return Figures(Decimal(number.replace(mark, "").replace(",", ".")), "grouped", alone=mark == " ")
    value = Decimal(number.replace(",", "."))
    if letter:
        if value >= MOST_COUNTED:
            return None
        return Figures(value * _SHORT[letter.lower()], "short", alone=letter in "mM")
    return Figures(value, "plain" if shape == "plain" else "decimal")


def _letters(typed: str, before: Sequence[Token], currency: str) -> Token | None:
    """A word in Latin letters. K is the currency before a number, and behind one that is grouped."""
    if typed == "K" and currency in AMBIGUOUS:
        last = before[-1] if before else None
        own = last is None or (isinstance(last, Figures) and last.shape == "grouped")
        return Sign(frozenset(AMBIGUOUS)) if own else None
    if typed.upper() == currency:
        return Sign(frozenset((currency,)))
    return WORDS.get(typed.casefold())
