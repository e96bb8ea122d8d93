"""Numbers: a small whole number that a person typed, in any script's digits."""

from __future__ import annotations

import unicodedata

from translations.languages import MYANMAR_DIGITS, known

OPENING = " \t\r\n\u00a0\u200b\ufeff\"'“‘«([#*"
CLOSING = " \t\r\n\u00a0\u200b\ufeff\"'”’».,:;!?)]*။၊។ฯ"
KEYCAP = "\ufe0f\u20e3"
"""What makes a keycap emoji of a digit."""
LONGEST = 12
LOOKALIKES = {"ဝ": "၀", "ရ": "၇"}
"""Letters that Burmese writers type for ၀ and ၇; read as digits only beside a real Burmese digit."""


def read_number(text: str, low: int, high: int) -> int | None:
    """Return the whole number from `low` to `high` (both included) that the text holds, or None.

    White space and punctuation around it are let go ("၄", "4.", "(3)", "4️⃣"). Anything that could be meant
    otherwise is not a number here: signs, decimals, grouping, two numbers, digits of two scripts.
    """
    bare = "".join(character for character in text.lstrip(OPENING) if character not in KEYCAP)
    bare = bare.rstrip(CLOSING)
    if not 0 < len(bare) <= LONGEST:
        return None
    if any(digit in bare for digit in MYANMAR_DIGITS):
        bare = "".join(LOOKALIKES.get(character, character) for character in bare)
    if not bare.isdecimal() or len({zero(character) for character in bare}) > 1:
        return None
    number = int(bare)
    return number if low <= number <= high else None


def zero(digit: str) -> int:
    """Return the code point of the zero that belongs to a decimal digit, which tells its script."""
    return ord(digit) - unicodedata.decimal(digit)


def latin(text: str) -> str:
    """Return the text with the decimal digits of every script written as Latin ones."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)


def digits(text: str, language: str) -> str:
    """Write figures in the digits of the language, for a reader who chose so; otherwise do not call this.

    For an amount, a count or a date. Not for a whole message: a phone number or a command in other digits
    can no longer be tapped.
    """
    native = known(language).digits
    return text.translate({48 + value: digit for value, digit in enumerate(native)})
