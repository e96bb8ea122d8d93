"""A client's own way along the four axes, if they ask to see it: in their own measure, beside nobody else's."""

from __future__ import annotations

from conversations.acts import ShowWay
from conversations.instruments import CHECKIN
from conversations.looks import Around, LookAround, LookWay, Way, moment
from conversations.questions import act, confirm, look
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Words, _

SAID: dict[str, Text] = {
    "more": _("more than last time"),
    "less": _("less than last time"),
    "same": _("steady"),
    "first": _("only one so far"),
    "none": _("left out this time"),
}
"""What can be said of an axis; never a figure, and no sum of them."""


def way() -> Script[Ending]:
    """In words, and as a small picture for who likes; a check-in at any time."""
    around: Around = yield from look("around", LookAround())
    mine: Way = yield from look("way", LookWay())
    note: list[Words] = []
    while True:
        tap = yield from confirm(
            "way",
            [*note, *in_words(mine, around["zone"])],
            *([Option("picture", _("See it as a picture"))] if mine["at"] else []),
            Option("checkin", _("Answer some questions now")),
            Option("close", _("Close")),
            back=False,
        )
        if tap != "picture":
            return Then("checkin") if tap == "checkin" else None
        drawn = yield from act("drawn", ShowWay())
        note = [_("The picture is below. It goes when you tap Close.")] if drawn else []


def in_words(mine: Way, zone: str) -> list[Words]:
    """Each part of life in a line."""
    if not mine["at"]:
        return [
            _("Here you can see your own way, once you have answered the short statements."),
            _("It is only for you: no marks, and nobody else beside it."),
        ]
    parts = {answer.code: answer.label for answer in CHECKIN.question("helped_touched").answers}
    last = moment(mine["at"][-1], zone, "day")
    return [
        _("Your own way, from what you answered up to %(day)s:", day=last),
        *(_("• %(part)s: %(said)s", part=parts[axis], said=SAID[said]) for axis, said in mine["said"].items()),
        _("It is only for you: no marks, and nobody else beside it."),
    ]
