"""Who may see a client's plan and notes: nobody, until they say so."""

from __future__ import annotations

from conversations.questions import say
from conversations.script import Ending, Script
from conversations.text import Text, _

SHARES: dict[str, tuple[Text, Text]] = {
    "cash:caseworker": (
        _("Show my caseworker my plan and what I note. I can stop this at any time."),
        _("Show my caseworker"),
    ),
    "cash:figures": (
        _("Count my plan and notes in figures, without my name and without my words."),
        _("Count without name"),
    ),
    "cash:words": (
        _("Pass on my own words about it, without my name, after a person has read them over."),
        _("Pass on my words"),
    ),
}
"""Each purpose as a sentence and as a button, as in `enrolment.PURPOSES`; none is ticked before the client does."""


def shares() -> Script[Ending]:
    """Each purpose by one tap."""
    yield from say()
    return None
