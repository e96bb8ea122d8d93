"""Rating one's needs (paper 001: 21 needs, 1 to 4, as many 4s as one likes; after a 4, what it means)."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.acts import BeginSitting, Consent, Respond
from conversations.client.asked import begin, finish, put_off
from conversations.client.enrolment import PURPOSES
from conversations.instruments import NEEDS, Item, Step
from conversations.looks import Around, First, LookAround, LookFirsts, LookRatings, LookStart
from conversations.questions import act, choose, confirm, look, own_words, record, say
from conversations.script import Ending, Option, Said, Script, Then
from conversations.text import Text, Verbatim, Words, _, n_, shortened

ONE_OF_THE_FIRST = "4"


def numbered(step: Step) -> Verbatim:
    """A step of the scale beginning with its digit."""
    return Verbatim(wordings={language: f"{step.code} · {label}" for language, label in step.label.wordings.items()})


RATINGS = tuple(Option(step.code, numbered(step)) for step in NEEDS.scale)

Earlier = Mapping[str, list[object]]


def rank_needs(asking: int | None = None) -> Script[Ending]:
    """The client rates each need from 1 to 4, then looks over what they put first."""
    around: Around = yield from look("around", LookAround())
    if asking is not None and not (yield from begin(asking, introduction())):
        yield from put_off(asking)
        return None
    if not (yield from may_keep(around)):
        yield from put_off(asking)
        return None
    earlier: Earlier = yield from look("earlier", LookRatings(NEEDS.name))
    start: int = yield from look("start", LookStart(NEEDS.name, len(NEEDS.categories)))
    yield from record("begin", BeginSitting(NEEDS.name, NEEDS.version, start, asking))
    items = list(NEEDS.blocks(start))
    for number, item in enumerate(items, 1):
        yield from rate(item, earlier, place=(number, len(items)), first=number == 1)
    yield from finish(asking)
    return Then("firsts")


def introduction() -> list[Words]:
    """What a round asks: how much each need matters now."""
    return [
        _("What matters to you now? These are %(number)s short questions.", number=len(NEEDS.items)),
        _("You can skip any of them, or stop at any time. Whatever you answer, you lose nothing."),
    ]


def may_keep(around: Around) -> Script[bool]:
    """Nothing is kept without the client's yes; a no is a good answer too."""
    if "plan" in around["purposes"]:
        return True
    sentence = PURPOSES["plan"][0]
    tap = yield from confirm(
        "keep",
        [_("To use this, I need your yes to one thing:"), sentence, _("No is fine: you lose nothing.")],
        Option("yes", _("Yes, keep my answers")),
        Option("no", _("No, do not keep them")),
        back=False,
    )
    if tap == "no":
        return False
    yield from act("keep.consent", Consent("plan", True, (sentence,)))
    return True


def rate(item: Item, earlier: Earlier, *, place: tuple[int, int] | None = None, first: bool = False) -> Script[None]:
    """One need: one tap, and after a 4 what would help most (or Skip)."""
    lines: list[Words] = [item.hint, NEEDS.question]
    if first:
        lines.append(_("You can choose 4 as many times as you like."))
    lines += last_time(item, earlier)
    rating = yield from choose(item.code, lines, RATINGS, title=item.label, place=place)
    value = int(rating.value) if rating.value else None
    yield from record(f"{item.code}.rated", Respond(NEEDS.name, NEEDS.version, item.code, rating.status, value))
    if rating.value != ONE_OF_THE_FIRST:
        return
    meaning = yield from own_words(f"{item.code}.meaning", NEEDS.meaning, title=item.label, place=place)
    words = meaning.value if isinstance(meaning.value, Said) else None
    said = Respond(NEEDS.name, NEEDS.version, f"{item.code}.meaning", meaning.status, words=words)
    yield from record(f"{item.code}.explained", said)


def firsts() -> Script[Ending]:
    """Look over one's 4s, change any rating, then say whether someone should make contact."""
    while True:
        mine: list[First] = yield from look("firsts", LookFirsts(NEEDS.name))
        options = [Option("on", _("Yes, go on")), Option("change", _("Change something"))]
        tap = yield from confirm("review", overview(mine), *options, back=False, stop=True)
        if tap == "on":
            break
        yield from change(mine)
    if mine:
        return Then("wish")
    yield from say(_("Thank you. You can come back to this at any time."))
    return None


def overview(mine: list[First]) -> list[Words]:
    """What the client put first, with their own words beside it."""
    if not mine:
        return [_("You put nothing first for now. That is fine. Is it right like this?")]
    lines: list[Words] = [
        n_("You put this first:", "You put these %(number)s first:", len(mine)),
        *(described(first) for first in mine),
        _("Is it right like this?"),
    ]
    return lines


def described(first: First, longest: int = 160) -> Words:
    """A need and, if there are any, the client's own words about it, as many as fit."""
    label = NEEDS.item(first["item"]).label
    if first["text"]:
        return _("• %(need)s: “%(words)s”", need=label, words=Verbatim(shortened(first["text"], longest)))
    if first["voice"] is not None:
        return _("• %(need)s (voice note)", need=label)
    return _("• %(need)s", need=label)


def change(mine: list[First]) -> Script[None]:
    """Rate one need again; the newer answer counts and the older one stays in the history."""
    earlier: Earlier = yield from look("before", LookRatings(NEEDS.name))
    picks = [Option(first["item"], NEEDS.item(first["item"]).label) for first in mine[:6]]
    which = yield from choose("which", _("Which one?"), [*picks, Option("other", _("Another one"))], stop=False)
    code = which.value
    if code == "other":
        groups = [Option(code, label) for code, label in NEEDS.categories.items()]
        group = yield from choose("group", _("Which part?"), groups, stop=False)
        if group.value is None:
            return
        inside = [Option(i.code, i.label) for i in NEEDS.items if i.category == group.value]
        code = (yield from choose("item", _("Which one?"), inside, stop=False)).value
    if code is not None:
        yield from rate(NEEDS.item(code), earlier)


def last_time(item: Item, earlier: Earlier) -> list[Text]:
    """What this client said about it before, so that nobody is asked as if for the first time."""
    value = str(earlier.get(item.code, [None, None])[1])
    return [_("Last time you said: %(step)s", step=step.label) for step in RATINGS if step.code == value]
