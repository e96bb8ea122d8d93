"""What an alert about money says to whoever was told of it."""

from __future__ import annotations

from conversations.looks import Details, Trouble
from conversations.text import Money, Text, Verbatim, Words, _, shortened

WHAT: dict[str, Text] = {
    "part": _("Only a part of it has reached them."),
    "notyet": _("It has not reached them."),
    "took": _("Somebody took a part of it."),
    "fee": _("Somebody took a fee from it."),
    "share": _("Somebody asked them for a share of it."),
    "trouble": _("Getting it or keeping it was not safe for them."),
    "wrong": _("Something about it is not right."),
}
"""As in `conversations.acts.TellOfMoney`."""

LONGEST = 1_500
"""Characters of a client's words that are shown."""


def told(trouble: Trouble, details: Details) -> list[Words]:
    """The money, what is wrong with it, and who must not hear of it."""
    lines: list[Words] = []
    transfer = trouble["transfer"]
    if transfer is not None:
        money = Money(transfer["amount"], transfer["currency"])
        lines.append(_("%(code)s, about %(money)s:", code=Verbatim(details["code"]), money=money))
    lines.append(WHAT.get(trouble["what"], WHAT["wrong"]))
    if trouble["words"]:
        lines.append(_("Their words: “%(words)s”", words=Verbatim(shortened(trouble["words"], LONGEST))))
    elif trouble["voice"] is not None:
        lines.append(_("There is a voice note. Please ask them."))
    lines.append(
        _("Their caseworker, and whoever sent or handed over this money, cannot see this. Please do not tell them.")
    )
    return lines
