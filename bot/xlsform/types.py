"""The types of an XLSForm's rows, and what becomes of each here.

Source: https://xlsform.org/en/#question-types
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Final, NamedTuple

from conversations.instruments.form import CHOICE, DAY, NOTE, SEVERAL, WORDS

KINDS: Final = {"text": WORDS, "string": WORDS, "date": DAY, "note": NOTE}

INSTEAD: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys(("integer", "int", "decimal", "range"), (WORDS, "asked for in own words; there are no numbers")),
    **dict.fromkeys(("time", "datetime"), (WORDS, "asked for in own words; there are days, without hours")),
    "audio": (WORDS, "asked for in own words, which can be spoken"),
    **dict.fromkeys(("acknowledge", "trigger"), (NOTE, "shown as a note")),
}
"""What is asked in place of a type that we do not have."""

OMITTED: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("geopoint", "geotrace", "geoshape", "gps", "start-geopoint", "background-geopoint"),
        "nobody is asked where they are",
    ),
    **dict.fromkeys(("image", "photo", "video", "file", "barcode"), "no pictures or files are asked for"),
    **dict.fromkeys(("calculate", "hidden"), "nothing is calculated"),
    **dict.fromkeys(
        ("start", "end", "today", "deviceid", "phonenumber", "username", "email", "audit", "simserial", "subscriberid"),
        "First Say keeps its own times, and nothing about a phone",
    ),
}
"""Why a row is left out."""


class Type(NamedTuple):
    """The kind of question a row becomes ("" for none) and the name of its list; `instead`: how it is not quite what it
    was; `omitted`: why it is left out."""

    kind: str
    list_name: str = ""
    instead: str = ""
    omitted: str = ""


def read_type(what: str, lists: Mapping[str, Sized]) -> Type:
    """What becomes of a row of that type; `lists` are the lists of options there are."""
    from pyxform import aliases

    for alias in sorted(aliases.select, key=len, reverse=True):
        if what.lower().startswith(f"{alias} "):
            return _read_select(alias, what[len(alias) :].strip(), lists)
    if what.lower() in KINDS:
        return Type(KINDS[what.lower()])
    kind, instead = INSTEAD.get(what.lower(), ("", ""))
    return Type(kind, "", instead, "" if kind else OMITTED.get(what.lower(), "there is nothing like it"))


def _read_select(alias: str, rest: str, lists: Mapping[str, Sized]) -> Type:
    from pyxform import aliases, constants

    list_name, _space, other = rest.partition(" ")
    meaning = aliases.select[alias]
    if alias in aliases.select_from_file or meaning == constants.SELECT_ONE_EXTERNAL:
        return Type("", omitted="options cannot come from another file")
    if list_name not in lists:
        return Type("", omitted=f"there is no list {list_name} in the sheet choices")
    if len(lists[list_name]) < 2:
        return Type("", omitted=f"the list {list_name} has one option only")
    instead = ["any of them, in no order"] if meaning == constants.RANK else []
    instead += ["without 'or other': add an option, and a question for its words"] if other else []
    return Type(CHOICE if meaning == constants.SELECT_ONE else SEVERAL, list_name, "; ".join(instead))
