"""What it went for: a line, a tap or a voice note, for who wants to keep track for themselves. No receipts."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import NoteEntry
from conversations.client.amount import Counted, ask_amount, is_right, listed
from conversations.client.line import HOW_MUCH, bring_back, change_one, lines_of, sums_of, undo
from conversations.client.planning import currency_of
from conversations.client.shares import seen_by
from conversations.client.transfer import choose_money
from conversations.client.uses import For, ask_use, options_of, read_words, said_back, uses_for
from conversations.instruments import NEEDS
from conversations.looks import Around, First, LookAround, LookFirsts, LookMoney, OwnMoney
from conversations.questions import jot, look, pick, record, say
from conversations.script import Ending, Jotted, Option, Script, Then
from conversations.text import Text, Words, _

QUICK = 3
"""Uses on the first screen: those of their own plan, then what is bought most days."""

DAILY = ("food", "travel", "phone")

UNSURE = _("I am not sure how much that is. Please write one number, or tap it together.")
"""The same as `bot.reading` says."""


def spending(transfer: int | None = None, changed: int | None = None) -> Script[Ending]:
    """Note something, again and again for who likes; or look over what was noted. `changed`: as for `planning`."""
    around: Around = yield from look("around", LookAround(), live=True)
    own: OwnMoney = yield from look("own", LookMoney(), live=True)
    noted = lines_of(own, "spent", transfer)
    planned = list(dict.fromkeys(line["use"] for line in own["plan"] if line["use"]))
    quick = options_of(dict.fromkeys((*planned, *DAILY)))[:QUICK]
    reply = yield from jot(
        "jot",
        standing(own, transfer, around),
        currency_of(own, transfer),
        [
            *quick,
            Option("other", _("Something else")),
            *([Option("look", _("What I noted"))] if noted or own["taken"].get("spent") else []),
            *([Option("undo", _("As it was before"))] if changed is not None else []),
            *([Option("which", _("For which money"))] if len(own["transfers"]) > 1 else []),
            Option("done", _("Done")),
        ],
        skip=False,
        stop=False,
        back=False,
    )
    shown: int | None = transfer
    newest: int | None = None
    match reply.value:
        case "done" | None:
            return Then("money")
        case "which":
            shown = yield from choose_money(own, _("Note for which money? You lose nothing, whichever you take."))
        case "look":
            newest = yield from look_over(own, transfer)
        case "undo":
            if changed is not None:
                yield from undo(changed)
        case str(use):
            yield from note_use(own, transfer, use, planned)
        case jotted:
            yield from note_words(own, transfer, jotted, planned)
    return Then("spending", {"transfer": shown, "changed": newest})


def standing(own: OwnMoney, transfer: int | None, around: Around) -> list[Words]:
    """How to note something, what was noted so far, and who sees it."""
    sums = sums_of(lines_of(own, "spent", transfer))
    so_far: list[Text] = [_("Noted so far: %(amounts)s.", amounts=listed(sums, own))] if sums else []
    return [
        _("If you want to keep track for yourself: what was it for?"),
        _("Write one line, for example: 500 food. Or tap, or leave a voice note. No receipt is needed."),
        *so_far,
        *seen_by(own["shares"], around),
        _("Whatever you note or leave out, you lose nothing."),
    ]


def note_use(own: OwnMoney, transfer: int | None, use: str, planned: Sequence[str]) -> Script[None]:
    """A tap: what for, then how much for who likes."""
    what: For | None = For(use)
    if use == "other":
        firsts: list[First] = yield from look("firsts", LookFirsts(NEEDS.name), live=True)
        uses = list(dict.fromkeys((*planned, *uses_for(firsts))))
        what = yield from ask_use(
            "use", _("What was it for? Tap, write it, or say it. Whatever you say, you lose nothing."), uses
        )
    if what is not None:
        yield from note(own, transfer, what, None)


def note_words(own: OwnMoney, transfer: int | None, jotted: Jotted, planned: Sequence[str]) -> Script[None]:
    """A line or a voice note: matched to their own plan where the words are the same, and said back."""
    is_bare = jotted.said.voice is None and not jotted.said.text.strip()
    what = For("") if is_bare else read_words(jotted.said, planned)
    is_unsure = jotted.amount is None and any(sign.isdecimal() for sign in jotted.said.text)
    yield from note(own, transfer, what, jotted.amount, *([UNSURE] if is_unsure else []))


def note(own: OwnMoney, transfer: int | None, what: For, minor: int | None, *above: Words) -> Script[None]:
    """Keep it, once the amount is right or left out."""
    currency = currency_of(own, transfer)
    counted: Counted | None = Counted(minor, currency)
    if minor == 0:
        yield from say(_("That is zero, so it stands without an amount. That is fine, and you lose nothing."))
        counted = None
    elif minor is None or not (yield from is_right("jot", minor, currency, own, *said_back(what))):
        counted = yield from ask_amount("amount", [*above, *said_back(what), HOW_MUCH], own, currency)
    kept = counted or Counted(None, currency)
    yield from record("kept", NoteEntry("spent", None, transfer, kept.amount, kept.currency, what.use, what.words))
    yield from say(_("It is noted."))


def look_over(own: OwnMoney, transfer: int | None) -> Script[int | None]:
    """Change what was noted, or bring back what was taken away."""
    tap = "change"
    if own["taken"].get("spent"):
        options = [Option("change", _("What I noted")), Option("bring", _("Bring a line back"))]
        tap = yield from pick("notes", _("What would you like to see? You lose nothing by it."), options)
    if tap == "bring":
        yield from bring_back("spent")
        return None
    return (yield from change_one("spent", transfer))
