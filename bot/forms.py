"""Forms: the check-in and its like, and what a programme adds in TOML files of its own: checked, frozen once used."""

from __future__ import annotations

from collections.abc import Collection

from bot.turn import Turn
from conversations.instruments import INSTRUMENTS
from conversations.instruments.form import Form


def find_form(turn: Turn, name: str, version: int) -> Form | None:
    """A form as it is asked: built in, frozen in the database, or else as it stands in the home's folder."""
    known = INSTRUMENTS.get(name)
    return known if isinstance(known, Form) and known.version == version else None


def languages_of(turn: Turn, name: str, version: int) -> Collection[str]:
    """The languages an instrument can be asked in; none where it is not there."""
    known = INSTRUMENTS.get(name)
    if known is not None and known.version == version:
        return known.wording.keys()
    form = find_form(turn, name, version)
    return form.wording.keys() if form is not None else ()
