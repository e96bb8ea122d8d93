"""Placeholders in a sentence: `%(name)s` and `%%`, and nothing else."""

from __future__ import annotations

import re

NAMED = re.compile(r"%\(([A-Za-z_][A-Za-z0-9_]*)\)s")
_PIECE = re.compile(r"%%|%\([A-Za-z_][A-Za-z0-9_]*\)s|%")


def names(sentence: str) -> frozenset[str]:
    """Return the names of the placeholders in a sentence, `%%(x)s` not being one."""
    return frozenset(NAMED.findall(sentence.replace("%%", "")))


def template(sentence: str) -> str:
    """Return the sentence made safe for `%` with a mapping: a stray `%` then stands for itself."""
    if "%" not in sentence:
        return sentence
    return _PIECE.sub(lambda piece: "%%" if piece[0] == "%" else piece[0], sentence)


def strays(sentence: str) -> bool:
    """Say whether the sentence holds a `%` that is neither `%%` nor a well-formed placeholder."""
    return "%" in sentence and any(piece == "%" for piece in _PIECE.findall(sentence))


def fault(original: str, translation: str, plural: bool = False) -> str | None:
    """Return why the translation cannot take the original's parameters, or None if it can.

    A dropped placeholder can be worded, but it would leave out what the sentence was sent to say (an amount,
    a time), so it counts. Only `number` may be left out, and only of a plural form ("one person").
    """
    wanted, found = names(original), names(translation)
    if not wanted and not plural:
        return "a placeholder that the sentence does not have" if found else None
    if strays(translation):
        return "a % that is neither %% nor a placeholder"
    if found - wanted - ({"number"} if plural else set()):
        return "a placeholder that the sentence does not have"
    if wanted - found - ({"number"} if plural else set()):
        return "a placeholder is left out"
    return None
