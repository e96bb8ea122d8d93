"""Conditions of an XLSForm, as far as our forms have them: one of these options was chosen, for each question named.

Source of the syntax: https://xlsform.org/en/#relevant
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

_NAME: Final = r"\$\{\s*([^}]+?)\s*\}"
_EQUALS: Final = re.compile(rf"""{_NAME}\s*=\s*(['"]?)([^'"\s]+)\2""")
_SELECTED: Final = re.compile(rf"""selected\(\s*{_NAME}\s*,\s*(['"])([^'"\s]+)\2\s*\)""")

_CURLY: Final = str.maketrans("‘’“”", "''\"\"")
"""Quotes as word processors put them."""


def read_condition(texts: Sequence[str], options: Mapping[str, Collection[str]]) -> tuple[dict[str, list[str]], str]:
    """Which options are looked for, by question, and why this cannot be had, or "".

    `texts`: every condition that must hold. `options`: those of each choice that may be looked at.
    """
    wanted: dict[str, list[str]] = {}
    for text in texts:
        for part in _parts(text):
            terms = [_term(each) for each in part]
            names = {term[0] for term in terms if term is not None}
            if None in terms or len(names) != 1:
                return {}, f"its condition cannot be brought over: {_shortened(text)}"
            (name,) = names
            if not options.get(name):
                return {}, f"its condition looks at {name}, which is no choice that comes before it here"
            values = [term[1] for term in terms if term is not None]
            unknown = [value for value in values if value not in options[name]]
            if unknown:
                return {}, f"its condition looks for {unknown[0]}, which is no option of {name}"
            if wanted.setdefault(name, values) != values:
                return {}, f"its condition asks for two things of {name} at once"
    return wanted, ""


def _parts(text: str) -> list[list[str]]:
    """What must all hold, each as what may hold instead of one another."""
    parts = re.split(r"\s+and\s+", text.translate(_CURLY).strip(), flags=re.IGNORECASE)
    return [_either(part, alone=len(parts) == 1) for part in parts]


def _either(part: str, *, alone: bool) -> list[str]:
    """`or` binds less than `and`, so beside one it counts in brackets only."""
    bare = part[1:-1].strip() if part.startswith("(") and part.endswith(")") else part
    return re.split(r"\s+or\s+", bare, flags=re.IGNORECASE) if alone or bare != part else [part]


def _term(text: str) -> tuple[str, str] | None:
    """The name of a question and of the option it looks for; None for anything else."""
    found = _EQUALS.fullmatch(text.strip()) or _SELECTED.fullmatch(text.strip())
    return (found[1], found[3]) if found else None


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
