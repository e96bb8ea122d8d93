"""A line of a client's own, in a plan, in notes or among outcomes: shown, changed, taken away, brought back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.acts import BringEntry, NoteEntry, TakeEntry
from conversations.client.amount import WITHOUT, Counted, ask_amount, money_of
from conversations.client.transfer import named
from conversations.client.uses import For, ask_use, described, label_of, uses_for
from conversations.instruments import NEEDS
from conversations.looks import First, LookFirsts, LookMoney, MoneyLine, OwnMoney
from conversations.questions import confirm, look, own_words, pick, record, say
from conversations.script import Option, Said, Script
from conversations.text import Text, Verbatim, Words, _, n_, shortened

MOST_SHOWN = 20
"""Lines on one screen."""

LONGEST = 160
"""Characters of own words in a line of a list."""

GONE = _("That line is not here any more. You lose nothing by it.")


def lines_of(own: OwnMoney, kind: str, transfer: int | None) -> list[MoneyLine]:
    """Lines of a kind about one transfer, or (None) all there are."""
    lines = {"plan": own["plan"], "spent": own["spent"], "outcome": own["outcomes"]}[kind]
    return [line for line in lines if transfer is None or line["transfer"] == transfer]


def sums_of(lines: Iterable[MoneyLine]) -> dict[str, int]:
    """What lines with an amount come to, by currency."""
    sums: dict[str, int] = {}
    for line in lines:
        if line["amount"] is not None:
            sums[line["currency"]] = sums.get(line["currency"], 0) + line["amount"]
    return sums


def listed(lines: Sequence[MoneyLine], own: OwnMoney, transfer: int | None) -> list[Words]:
    """Lines one below the other, numbered; where all are together, each says which transfer it is about."""
    shown: list[Words] = []
    for number, line in enumerate(lines[:MOST_SHOWN], 1):
        about = None if transfer is not None else of_transfer(line, own)
        words = in_short(line, own)
        shown.append(
            _("%(number)s · %(line)s", number=number, line=words)
            if about is None
            else _("%(number)s · %(line)s (%(which)s)", number=number, line=words, which=about)
        )
    more = len(lines) - MOST_SHOWN
    return [*shown, n_("and %(number)s more", "and %(number)s more", more)] if more > 0 else shown


def in_short(line: MoneyLine, own: OwnMoney) -> Words:
    """What for, and how much where that is said."""
    what = described(line["use"], shortened(line["text"], LONGEST), line["voice"])
    if line["amount"] is None:
        return what
    return _("%(what)s: %(amount)s", what=what, amount=money_of(line["amount"], line["currency"], own))


def of_transfer(line: MoneyLine, own: OwnMoney) -> Text | None:
    """Which transfer a line is about; None where it is about all of them together."""
    return next((named(each) for each in own["transfers"] if each["transfer"] == line["transfer"]), None)


def change_one(kind: str, transfer: int | None) -> Script[int | None]:
    """Pick a line, and change it or take it away; the id of one that was changed."""
    own: OwnMoney = yield from look("own.lines", LookMoney(), live=True)
    lines = lines_of(own, kind, transfer)
    tap = yield from pick(
        "line",
        [_("Which one? You can change any of them, and lose nothing."), *listed(lines, own, transfer)],
        [Option(str(line["line"]), button(number, line)) for number, line in enumerate(lines, 1)],
    )
    line = next((each for each in lines if str(each["line"]) == tap), None)
    if line is None:
        yield from say(GONE)
        return None
    what = yield from confirm(
        "what",
        [in_short(line, own), _("Change it, or take it away. You lose nothing by it.")],
        *([] if kind == "outcome" else [Option("amount", _("Change the amount"))]),
        Option("use", _("Write it anew") if kind == "outcome" else _("Change what for")),
        Option("take", _("Take it away")),
    )
    if what == "take":
        yield from record("taken", TakeEntry(line["line"]))
        yield from say(_("It is taken away. For a day you can bring it back."))
        return None
    if what == "amount":
        counted = yield from ask_amount(
            "amount", [in_short(line, own), HOW_MUCH_NOW], own, line["currency"] or own["currency"], WITHOUT
        )
        changed = None if counted is None else entry(kind, line, counted=counted)
    else:
        said = yield from (say_anew() if kind == "outcome" else ask_what_for(WHAT_NOW))
        changed = None if said is None else entry(kind, line, said=said)
    if changed is None:
        return None
    kept = yield from record("changed", changed)
    yield from say(_("It is changed.") if kept else GONE)
    return line["line"] if kept else None


HOW_MUCH = _("How much? You can leave it out, and lose nothing.")
HOW_MUCH_NOW = _("How much is it now? Skip leaves it as it is. You lose nothing either way.")
WHAT_NOW = _("What is it for now? Tap, write it, or say it in a voice note. You lose nothing by what you say.")


def button(number: int, line: MoneyLine) -> Words:
    """A line as a button; own words stand only in the list above it."""
    label = None if line["text"] else label_of(line["use"])
    return Verbatim(str(number)) if label is None else _("%(number)s · %(what)s", number=number, what=label)


def ask_what_for(question: Words) -> Script[For | None]:
    """What it is for, beginning with what this client put first."""
    firsts: list[First] = yield from look("firsts", LookFirsts(NEEDS.name), live=True)
    return (yield from ask_use("use", question, uses_for(firsts)))


def say_anew() -> Script[For | None]:
    """Own words once more."""
    reply = yield from own_words("words", _("Write it as you want it, or say it. You lose nothing by what you say."))
    return For("", reply.value) if isinstance(reply.value, Said) else None


def entry(kind: str, line: MoneyLine, *, counted: Counted | None = None, said: For | None = None) -> NoteEntry:
    """A line as it is from now on."""
    minor, currency = counted or Counted(line["amount"], line["currency"])
    use, words = said or For(line["use"], words_of(line))
    return NoteEntry(kind, line["line"], line["transfer"], minor, currency, use, words)


def words_of(line: MoneyLine) -> Said | None:
    """Own words of a line, as they were said."""
    if line["voice"] is not None:
        return Said(voice=line["voice"])
    return Said(text=line["text"]) if line["text"] else None


def bring_back(kind: str) -> Script[None]:
    """Pick a line that was taken away, and bring it back."""
    own: OwnMoney = yield from look("own.taken", LookMoney(), live=True)
    lines = own["taken"].get(kind, [])
    tap = yield from pick(
        "taken.line",
        [_("Which one shall come back? You lose nothing either way."), *listed(lines, own, None)],
        [Option(str(line["line"]), button(number, line)) for number, line in enumerate(lines, 1)],
    )
    yield from undo(int(tap))


def undo(line: int) -> Script[None]:
    """Bring a line back, or to what it said before."""
    back = yield from record("brought", BringEntry(line))
    yield from say(_("It is back as it was.") if back else GONE)
