"""A client's plan and notes, as far as they show them to their caseworker. Opening them is recorded."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.client.transfer import named
from conversations.client.uses import described
from conversations.looks import LookShared, MoneyLine, SharedMoney
from conversations.questions import confirm, look, say
from conversations.script import Option, Script
from conversations.text import Money, Text, Verbatim, Words, _, n_, shortened

MOST_SHOWN = 12
"""Lines of a plan, or of what was noted, on one screen: the newest."""

LONGEST = 100
"""Characters of own words in one line."""


def shared(client: int, code: str) -> Script[None]:
    """Theirs to look at, not to judge: nothing is added up."""
    found: SharedMoney | None = yield from look("shared", LookShared(client), live=True)
    if found is None:
        yield from say(_("%(code)s keeps their plan and notes to themselves.", code=Verbatim(code)))
        return
    lines = [
        *listed(_("What %(code)s plans:", code=Verbatim(code)), found["plan"], found),
        *listed(_("What %(code)s noted:", code=Verbatim(code)), found["spent"], found),
    ]
    yield from confirm(
        "shared",
        [*(lines or [_("There is nothing in it yet.")]), _("It is theirs. They need not explain any of it.")],
        Option("close", _("Hide this")),
        back=False,
    )


def listed(head: Words, lines: Sequence[MoneyLine], found: SharedMoney) -> list[Words]:
    """Lines one below the other."""
    if not lines:
        return []
    before = len(lines) - MOST_SHOWN
    more = [n_("and %(number)s before", "and %(number)s before", before)] if before > 0 else []
    return [head, *(in_short(line, found) for line in lines[-MOST_SHOWN:]), *more]


def in_short(line: MoneyLine, found: SharedMoney) -> Text:
    """What for, how much where that is said, and of which transfer where it is of one."""
    what = described(line["use"], shortened(line["text"], LONGEST), line["voice"])
    if line["amount"] is not None:
        what = _("%(what)s: %(amount)s", what=what, amount=Money(line["amount"], line["currency"]))
    which = next((named(each) for each in found["transfers"] if each["transfer"] == line["transfer"]), None)
    return _("• %(line)s", line=what) if which is None else _("• %(line)s (%(which)s)", line=what, which=which)
