"""What the money made possible, in their own words."""

from __future__ import annotations

from conversations.acts import NoteEntry
from conversations.client.line import bring_back, change_one, lines_of, listed, undo
from conversations.client.shares import words_seen_by
from conversations.client.transfer import choose_money, yours
from conversations.looks import LookMoney, OwnMoney
from conversations.questions import look, own_words, record, say
from conversations.script import Ending, Option, Said, Script, Then
from conversations.text import Words, _


def outcome(transfer: int | None = None, changed: int | None = None) -> Script[Ending]:
    """About one transfer or (None) all together; what was said before can be changed. `changed`: as for `planning`."""
    own: OwnMoney = yield from look("own", LookMoney(), live=True)
    said = lines_of(own, "outcome", transfer)
    reply = yield from own_words(
        "words",
        [*about(own, transfer), *listed(said, own, transfer), *question(own["shares"])],
        [
            *([Option("change", _("Change what I said"))] if said else []),
            *([Option("undo", _("As it was before"))] if changed is not None else []),
            *([Option("bring", _("Bring a line back"))] if own["taken"].get("outcome") else []),
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
        case "change":
            newest = yield from change_one("outcome", transfer)
        case "undo":
            if changed is not None:
                yield from undo(changed)
        case "bring":
            yield from bring_back("outcome")
        case "which":
            shown = yield from choose_money(own, _("About which money? You lose nothing, whichever you take."))
        case Said() as words:
            yield from record("kept", NoteEntry("outcome", transfer=transfer, words=words))
            yield from say(_("It is kept. Thank you for your time."))
        case _done:
            return Then("money")
    return Then("outcome", {"transfer": shown, "changed": newest})


def question(shares: list[str]) -> list[Words]:
    """The question, who sees what is said, and that nothing hangs on it."""
    return [
        _("What did this money make possible for you? Write it, or leave a voice note."),
        *words_seen_by(shares),
        _("Whatever you say or leave out, you lose nothing."),
    ]


def about(own: OwnMoney, transfer: int | None) -> list[Words]:
    """Which money, where it is one transfer."""
    state = next((each for each in own["transfers"] if each["transfer"] == transfer), None)
    return [_("This is about: %(which)s.", which=yours(state))] if state is not None else []
