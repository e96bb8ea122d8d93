"""Who may see a client's plan and notes: nobody, until they say so (see `conversations.client.agreement.shares`)."""

from __future__ import annotations

from collections.abc import Collection

from conversations.looks import Around
from conversations.text import Text, Verbatim, Words, _

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
        _("Use my own words about it without my name. Before they leave this office, a person reads them over."),
        _("Use my words"),
    ),
}
"""Each purpose as a sentence and as a button, as in `enrolment.PURPOSES`; none is ticked before the client does."""

COUNTED = _("It is counted in figures too, without your name and without your words.")
PASSED_ON = _("Your own words may be used without your name. Before they leave this office, a person reads them over.")


def seen_by(shares: Collection[str], around: Around) -> list[Words]:
    """Who sees a plan and notes now."""
    lines: list[Words] = []
    if "cash:caseworker" not in shares:
        lines.append(_("Nobody sees your plan and your notes but you."))
    elif around["caseworker"] is None:
        lines.append(_("Once you have a caseworker, they can see your plan and your notes, as you wished."))
    else:
        who = Verbatim(around["caseworker"])
        lines.append(_("%(who)s can see your plan and your notes, as you wished.", who=who))
    lines += [COUNTED] if "cash:figures" in shares else []
    return [*lines, *([PASSED_ON] if "cash:words" in shares else [])]


def words_seen_by(shares: Collection[str]) -> list[Words]:
    """Who sees what they say it made possible: never their caseworker."""
    return [PASSED_ON] if "cash:words" in shares else [_("Nobody sees what you write here but you.")]
