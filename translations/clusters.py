"""Clusters: what a reader counts as one sign, so that labels are measured and cut between signs.

After Unicode's default rule (UAX 29, extended grapheme clusters), by the standard library's character data and
for the scripts we write: it agrees with `regex`'s `\\X` on Latin, Myanmar, Thai, Lao, Khmer and emoji. Two rules
that matter to us are ours to state: a stacked consonant belongs to the one above it (Burmese န္န, Khmer ស្រ), and
a Burmese ာ or း stands on its own, as it takes its own width. Conjoining Korean letters are not handled.
"""

from __future__ import annotations

import unicodedata

ZWJ = "\u200d"
STACKERS = frozenset("\u1039\u17d2\u1a60")
"""Signs that put the next consonant under the one before: Myanmar, Khmer, Tai Tham."""
INVISIBLE = frozenset("\u200b\ufeff\u2060")
"""Signs without any width: where a long label may be broken."""
_STANDING = frozenset(
    "\u102b\u102c\u1038\u1062\u1063\u1064\u1067\u1068\u1069\u106a\u106b\u106c\u106d\u1083"
    "\u1087\u1088\u1089\u108a\u108b\u108c\u108f\u109a\u109b\u109c\uaa7b\uaa7d"
)
_JOINING = frozenset("\u200c\u200d\u0e33\u0eb3\uff9e\uff9f")


def split(text: str) -> list[str]:
    """Return the clusters of a text, in order; joined, they are the text."""
    clusters: list[str] = []
    for character in text:
        if clusters and _joins(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def count(text: str) -> int:
    """Return how many clusters a reader sees."""
    return sum(cluster not in INVISIBLE for cluster in split(text))


def shorten(text: str, most: int) -> str:
    """Return the text, cut between clusters to at most `most` with a final "…" if it is longer."""
    clusters = split(text)
    return text if len(clusters) <= most else "".join(clusters[: max(most - 1, 0)]) + "…"


def _joins(cluster: str, character: str) -> bool:
    """Say whether a character belongs to the cluster before it."""
    last = cluster[-1]
    if last == "\r":
        return character == "\n"
    if unicodedata.category(last) in ("Cc", "Zl", "Zp") or last in INVISIBLE:
        return False
    if _extends(character):
        return True
    if last in STACKERS:
        return unicodedata.category(character) == "Lo"
    if last == ZWJ:
        return _pictures(character) and _pictures(cluster[0])
    return _flags(character) and len(cluster) == 1 and _flags(last)


def _extends(character: str) -> bool:
    """Say whether a character is drawn on, under or around the one before it."""
    if character.isascii():
        return False
    if character in _JOINING or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    category = unicodedata.category(character)
    if category == "Mc":
        return character not in _STANDING
    return category in ("Mn", "Me") or "\U000e0020" <= character <= "\U000e007f"


def _pictures(character: str) -> bool:
    return unicodedata.category(character) == "So" and not _flags(character)


def _flags(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
