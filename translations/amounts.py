"""Amounts: money as people type it, read only when there is no doubt.

Never with Babel, which reads a Lao "12,345" as 12.345.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from translations.currencies import LEAST, MOST, to_minor
from translations.numerals import Numeral, Part
from translations.sums import Figures, add_up
from translations.tokens import Sign, Token, scan

LONGEST_LINE: Final = 1000
"""Characters of a line in which an amount is looked for."""


def parse_amount(text: str, currency: str) -> Decimal | None:
    """The amount of a currency (ISO 4217) that the text holds and nothing else, in major units from 0 to 10^12.

    None where that is not sure: ask again, kindly. What was read is said back in figures and words. Digits may be of
    any script, number words are those of `numerals`; `12.345` and `12,345` are twelve thousand in every language.
    """
    tokens = scan(text, currency)
    return None if tokens is None else _amount(tokens, currency)


def names_another_currency(text: str, currency: str) -> bool:
    """Say whether a word or sign of the text stands for money, but not for this currency."""
    if len(text) > LONGEST_LINE:
        return False
    read = [scan(piece, currency) or () for piece in (text, *text.split())]
    return any(_is_foreign(token, currency) for tokens in read for token in tokens)


def _amount(tokens: Sequence[Token], currency: str) -> Decimal | None:
    """What the tokens come to, with signs of the currency before or behind them."""
    parts = [token for token in tokens if not isinstance(token, Sign)]
    signs_within = any(isinstance(token, Sign) for token in tokens[_lead(tokens) : len(tokens) - _lead(tokens[::-1])])
    if not parts or signs_within or any(_is_foreign(token, currency) for token in tokens):
        return None
    amount = add_up(parts)
    return amount if amount is not None and amount <= MOST and to_minor(amount, currency) is not None else None


def _lead(tokens: Sequence[Token]) -> int:
    """How many signs stand first."""
    return next((at for at, token in enumerate(tokens) if not isinstance(token, Sign)), len(tokens))


def _is_foreign(token: Token, currency: str) -> bool:
    return isinstance(token, Sign) and currency not in token.currencies


# --- an amount among words -----------------------------------------------------------------------------------

FISH: Final = "ငါး"
"""Five, and fish: beside figures it is what the money went for."""

BEFORE: Final = frozenset(
    {
        *("about", "around", "almost", "nearly", "over", "under", "than", "maybe", "or", "to", "not", "minus", "less"),
        *("plus", "at", "no", "number", "room", "x", "×", "~", "#"),
        "ခန့်မှန်း",
        *("ประมาณ", "ราว", "เกือบ", "เกิน", "ไม่", "ไม่ถึง"),
        *("ប្រហែល", "ជិត", "មិន"),
        *("ປະມານ", "ເກືອບ", "ບໍ່"),
    }
)
AFTER: Final = frozenset(
    {
        *("a", "an", "each", "per", "or", "to", "and", "half", "more", "less", "times", "x", "×", "%", "percent"),
        *("people", "persons", "kg", "kilo", "kilos", "g", "gram", "grams", "litre", "litres", "liter", "liters", "km"),
        *("day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "pieces", "pcs"),
        *("ခွဲ", "လောက်", "ကျော်", "ခန့်", "စီ", "ကီလို", "ပိဿာ", "လီတာ", "ရက်", "ပတ်", "လ", "နှစ်", "ယောက်", "ခု"),
        *("လုံး", "ထုပ်", "အိတ်", "ကြိမ်", "ခါ", "မဟုတ်", "မပြည့်", "အောက်"),
        *("กว่า", "โล", "กิโล", "วัน", "เดือน", "ปี", "คน", "ชิ้น", "ครั้ง", "ต่อ"),
        *("គីឡូ", "ថ្ងៃ", "ខែ", "ឆ្នាំ", "នាក់", "ជាង", "កន្លះ"),
        *("ກິໂລ", "ມື້", "ວັນ", "ເດືອນ", "ປີ", "ຄົນ", "ກວ່າ", "ເຄິ່ງ"),
    }
)
"""Words that make a number beside them a guess, a rate, or a count of something else than money."""

_LETTER_WA = re.compile("(?<![၀-၉])၀(?=[\u102b-\u103e]|[\u1000-\u1021]\u103a)")
"""The digit typed for the letter ဝ, as in ၀ယ်: no number goes on like this."""
_CHUNK = re.compile(r"[^\s:=၊]+")
_LOOSE = " \t\r\n\u00a0-–—:=,;.•*၊"
"""What may stand between an amount and the words beside it."""
_GLUED = re.compile("\\D*(?<=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u4e00-\u9fff])(?<![ဝရ])(\\d.*)")
"""Figures right behind a word of a script without spaces."""


def find_amount(text: str, currency: str) -> tuple[Decimal, str] | None:
    """The one amount at the beginning or the end of a line, in major units, and the words beside it.

    None where there is none, where another number stands in the line ("2 phones 500"), or where it may be no money.
    """
    line = unicodedata.normalize("NFC", text.strip()) if len(text) <= LONGEST_LINE else ""
    line = _LETTER_WA.sub("ဝ", line)
    whole = parse_amount(line, currency)
    if whole is not None:
        return (whole, "") if _is_money(scan(line, currency), whole, currency) else None
    chunks = [found.span() for found in _CHUNK.finditer(line)]
    read = [scan(line[start:end].rstrip(","), currency) for start, end in chunks]
    for at, (start, end) in enumerate(chunks):
        if line[start:end] == FISH and (
            _holds_figures(read[max(at - 1, 0) : at]) or _holds_figures(read[at + 1 :][:1])
        ):
            read[at] = None
    if None not in read or any(_is_foreign(token, currency) for tokens in read for token in tokens or ()):
        return None
    first, last = read.index(None), len(read) - 1 - read[::-1].index(None)
    until = chunks[first - 1][1] if first else 0
    since = chunks[last + 1][0] if last + 1 < len(chunks) else len(line)
    glued = _GLUED.fullmatch(line, *chunks[last])
    if glued and scan(glued[1], currency):
        since = glued.start(1)
    return _beside(line[:until], line[until:], currency, 0) or _beside(line[since:], line[:since], currency, -1)


def _beside(typed: str, rest: str, currency: str, near: int) -> tuple[Decimal, str] | None:
    """The amount, and the rest of its line, if that leaves no doubt. `near`: which word of the rest is beside it."""
    tokens, words = scan(typed.rstrip(","), currency) or [], rest.strip(_LOOSE)
    amount = _amount(tokens, currency)
    if amount is None or not _is_money(tokens, amount, currency):
        return None
    if any(isinstance(token, Figures) and token.alone for token in tokens) or not _says_something(words):
        return None
    if _counts(words, currency) or _is_unsure(words.split()[near].lower(), near):
        return None
    return amount, words


def _is_money(tokens: Sequence[Token] | None, amount: Decimal, currency: str) -> bool:
    """Whether it is more than a small count ("2 phones"), and more than a bare unit ("several thousand")."""
    match tokens:
        case [Numeral(part=Part.UNIT)]:
            return False
        case [_]:
            return amount >= LEAST.get(currency, 10) or amount % 1 > 0
    return True


def _says_something(words: str) -> bool:
    """Whether there are letters, or an emoji, and not punctuation only."""
    return any((kind := unicodedata.category(character))[0] == "L" or kind == "So" for character in words)


def _counts(words: str, currency: str) -> bool:
    """Whether there is any other number in the words."""
    if any(unicodedata.category(character)[0] == "N" for character in words):
        return True
    numbers = (Part.DIGIT, Part.SMALL, Part.UNIT, Part.HALF)
    read = [token for chunk in words.split() if chunk != FISH for token in scan(chunk, currency) or ()]
    return any(isinstance(token, Numeral) and token.part in numbers for token in read)


def _is_unsure(word: str, near: int) -> bool:
    """Whether the word beside an amount puts it in doubt; where words are not spaced, also as a piece of one."""
    unsure = BEFORE if near else AFTER
    pieces = tuple(piece for piece in unsure if len(piece) > 2 and not piece.isascii())
    return word in unsure or (word.endswith(pieces) if near else word.startswith(pieces))


def _holds_figures(read: Iterable[Sequence[Token] | None]) -> bool:
    return any(isinstance(token, Figures) for tokens in read for token in tokens or ())
