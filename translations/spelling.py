"""Spelling: a whole number in words, for someone who is asked whether it is the right one."""

from __future__ import annotations

import unicodedata

from translations.languages import known
from translations.numerals import NUMERALS, Numerals


def spell(number: int, language: str) -> str | None:
    """The number in words of the language, or in English where we have none; None where figures are clearer.

    These are numbers too large for a table, negative ones, and those whose words a reader could take for another
    number (Thai 2,005, said as many say 2,500).
    """
    numerals = NUMERALS.get(known(language).locale, NUMERALS["en"])
    if not 0 <= number < numerals.below:
        return None
    spelled = _round(number, numerals) or _words(number, numerals)
    return spelled and unicodedata.normalize("NFC", spelled)


def _round(number: int, numerals: Numerals) -> str | None:
    """The unit before a round count, where the language says it so; ten alone is not round."""
    unit = max(numerals.units)
    count, rest = divmod(number, unit)
    if unit not in numerals.round or rest or count <= 10 or count % 10:
        return None
    counted = _words(count, numerals)
    return counted and numerals.units[unit] + counted


def _words(number: int, numerals: Numerals) -> str | None:
    if number < 10:
        return numerals.digits[number]
    if number < 100:
        return _below_hundred(number, numerals)
    unit = max(unit for unit in numerals.units if unit <= number)
    count, rest = divmod(number, unit)
    counted = _words(count, numerals)
    if counted is None:
        return None
    if not rest:
        return counted + numerals.gap + numerals.units[unit]
    said, joint = _words(rest, numerals), _joint(unit, rest, numerals)
    if said is None or joint is None:
        return None
    return counted + numerals.gap + numerals.linked.get(unit, numerals.units[unit]) + joint + said


def _below_hundred(number: int, numerals: Numerals) -> str:
    if number in numerals.small:
        return numerals.small[number]
    tens, digit = number // 10, number % 10
    ten = numerals.units.get(10, "")
    if digit:
        ten = numerals.linked.get(10, ten)
    said = numerals.small.get(tens * 10) or (numerals.digits[tens] if tens > 1 else "") + ten
    if not digit:
        return said
    one = numerals.last_one if digit == 1 and numerals.last_one else numerals.digits[digit]
    return said + ("-" if numerals.gap else "") + one


def _joint(unit: int, rest: int, numerals: Numerals) -> str | None:
    """What stands between a unit and the rest; None where nothing would make it sure."""
    if rest < 100 and numerals.joins:
        return f" {numerals.joiner[0]} "
    surely = unit <= (numerals.digit_after if rest < 10 else numerals.tens_after) or unit in numerals.linked
    return numerals.gap if surely or rest >= 100 else None
