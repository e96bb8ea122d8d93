"""Words and names as spreadsheets have them: whose language, how they are cleaned, and what makes a code of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.proof import LONGEST_CODE
from translations.languages import KNOWN


def language_of(name: str) -> str | None:
    """The code behind a column's language, as in English (en), en, English or မြန်မာ."""
    from babel import Locale

    found = re.search(r"\(\s*([A-Za-z]{2,3})\s*\)\s*$", name)
    bare = (found[1] if found else name).strip().lower()
    if bare in KNOWN:
        return bare
    english = Locale.parse("en").languages
    names = {code: {each.name.lower(), english.get(code, "").lower()} for code, each in KNOWN.items()}
    names["my"] |= {"myanmar"}
    plain = re.sub(r"\(.*\)", "", name).strip().lower()
    return next((code for code, known in names.items() if plain and plain in known), None)


def plain(text: str) -> str:
    """A text without the formatting that a phone would show as signs, and without breaks at its ends."""
    bare = re.sub(r"</?[A-Za-z][^<>]*>|\*\*|__", "", text).replace("\xa0", " ")
    return "\n".join(line.strip() for line in bare.strip().splitlines())


def safe_code(name: str, taken: Iterable[str]) -> str:
    """A name as a code that nothing else has."""
    safe = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:LONGEST_CODE].rstrip("_") or "x"
    code, number, others = safe, 1, set(taken)
    while code in others:
        number += 1
        code = f"{safe[: LONGEST_CODE - 1 - len(str(number))]}_{number}"
    return code
