"""Sums: what the words and figures of one number come to, or None where they could come to something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from translations.numerals import NUMERALS, Numeral, Numerals, Part


@dataclass(frozen=True, slots=True)
class Figures:
    """A number in digits."""

    value: Decimal
    shape: Literal["plain", "grouped", "decimal", "short"]
    """`short`: with k or m behind it, which are counted in."""
    alone: bool = False
    """Sure only where no words stand beside it: 2 500 may be two of 500, and 5m five metres."""


Parts: TypeAlias = Sequence[Figures | Numeral]

COUNTED: Final = {10: 10, 100: 100}
MOST_COUNTED: Final = 10_000
"""What figures before a unit stay below (5 ဆယ်, 15 hundred, 1500 lakh); more than that is a slip."""


def add_up(parts: Parts) -> Decimal | None:
    """The number that the parts say together.

    One language at a time; units fall from left to right; a unit stands once; nothing is taken for granted where
    people and books differ (see `Numerals.digit_after`).
    """
    if len(parts) == 1 and isinstance(parts[0], Figures):
        return parts[0].value
    languages = {part.language for part in parts if isinstance(part, Numeral)}
    if len(languages) != 1:
        return None
    return _value(parts, NUMERALS[languages.pop()], leading=True)


def _value(parts: Parts, numerals: Numerals, *, leading: bool) -> Decimal | None:
    """Split at the largest unit: a count before it, a rest behind it. `leading`: nothing stands before these parts."""
    units = [part.value for part in parts if _is(part, Part.UNIT)]
    if not units:
        return _below_hundred(parts, numerals)
    at = next(at for at, part in enumerate(parts) if _is(part, Part.UNIT) and part.value == max(units))
    unit, before, after = parts[at], parts[:at], parts[at + 1 :]
    assert isinstance(unit, Numeral)
    if not before and unit.value in numerals.round and (times := _round(after, numerals)):
        return times * unit.value
    if len(before) == 1 and _is(before[0], Part.HALF):
        clear = leading and numerals.half_first and unit.value >= 10_000 and not after
        return Decimal(unit.value) / 2 if clear else None
    halved = len(after) == 1 and _is(after[0], Part.HALF) and unit.value >= 1000 and not unit.linked
    if before:
        count = _count(before, unit, numerals, leading=leading)
    else:
        implied = unit.value == 10 or (leading and (numerals.bare or unit.linked or halved))
        count = Decimal(1) if implied else None
    rest = Decimal(unit.value) / 2 if halved else _rest(after, unit, numerals)
    if count is None or rest is None or (rest and count % 1):
        return None
    if unit.value == 10 and count * 10 in numerals.small:  # there is another word for that
        return None
    return count * unit.value + rest


def _count(before: Parts, unit: Numeral, numerals: Numerals, *, leading: bool) -> Decimal | None:
    """How many of the unit."""
    first = before[0]
    if isinstance(first, Figures):
        if first.shape not in ("plain", "decimal"):
            return None
        if len(before) == 1:
            return first.value if 0 < first.value < COUNTED.get(unit.value, MOST_COUNTED) else None
    elif len(before) == 1 and (_is(first, Part.ARTICLE) or _is(first, Part.DIGIT)):
        return Decimal(first.value) or None
    if any(isinstance(part, Figures) for part in before[1:]) or (isinstance(first, Figures) and len(before) > 2):
        return None
    if any(_is(part, Part.HALF) or (_is(part, Part.JOINER) and not numerals.joins) for part in before):
        return None
    inner = [part for part in before[:-1] if isinstance(part, Numeral) and part.part is Part.UNIT]
    if numerals.linked and not all(part.linked for part in inner):
        return None
    value = _value(before, numerals, leading=leading)
    return value if value and value < numerals.many.get(unit.value, 0) and not value % 1 else None


def _rest(after: Parts, unit: Numeral, numerals: Numerals) -> Decimal | None:
    """What is added behind a unit."""
    joined = bool(after) and _is(after[0], Part.JOINER)
    after = after[1:] if joined else after
    if not after:
        return None if joined or unit.linked else Decimal(0)
    first = after[0]
    if isinstance(first, Figures) and len(after) == 1:
        fits = first.shape in ("plain", "grouped") and 1000 <= unit.value <= first.value * 100 < unit.value * 100
        return first.value if fits else None
    value = _value(after, numerals, leading=False)
    if not value or value >= unit.value or value % 1:
        return None
    if unit.linked or (joined and numerals.joins) or any(_is(part, Part.UNIT) for part in after):
        return value
    if unit.value == 10:
        return None if 10 in numerals.linked else value  # ဆယ်နှစ် is ten years, ဆယ့်နှစ် is twelve
    return value if unit.value <= (numerals.digit_after if value < 10 else numerals.tens_after) else None


def _round(after: Parts, numerals: Numerals) -> Decimal | None:
    """A round count behind its unit."""
    if len(after) == 1 and isinstance(after[0], Figures):
        value = after[0].value if after[0].shape == "plain" else None
    else:
        value = None if any(isinstance(part, Figures) for part in after) else _value(after, numerals, leading=True)
    return value if value and 10 <= value < 1000 and not value % 10 else None


def _below_hundred(parts: Parts, numerals: Numerals) -> Decimal | None:
    match parts:
        case [Numeral(part=Part.DIGIT | Part.SMALL, value=value)]:
            return Decimal(value)
        case [Numeral(part=Part.SMALL, value=tens), Numeral(part=Part.DIGIT, value=digit)] if tens % 10 == 0 < digit:
            return None if tens + digit in numerals.small else Decimal(tens + digit)
    return None


def _is(part: Figures | Numeral, what: Part) -> bool:
    return isinstance(part, Numeral) and part.part is what
