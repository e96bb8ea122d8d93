"""A client's own plan, and beside it what they noted, as a small picture: bars and figures, not a word of judgement.

What is drawn is read when it is sent, and stands in no row meanwhile. Nothing is red, nothing is a share of anything,
and what is left is told only where something is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from bot import looks
from bot.cash.shared import PLAN, SPENT, one_line
from bot.picture import SLOT
from bot.report.canvas import EDGE, INK, SOFT, TEAL, WIDTH, Canvas, cut
from bot.report.raster import rasterise
from bot.screens import caption
from bot.telegram import File
from bot.turn import Scene, Turn, slot_of
from conversations.client.uses import described, label_of, same
from conversations.looks import LookMoney, MoneyLine, OwnMoney, Transfer
from conversations.text import Money, Text, _
from storage.people import Person
from translations import currencies
from translations.wording import word

OCHRE: Final = "#a97c3f"
"""What was noted; what was planned is teal."""
LONGEST: Final = 440
"""Units of the longest bar; figures stand to the right of it."""
THICK: Final = 18
KINDS: Final = (PLAN, SPENT)
MOST: Final = 12
"""Bars in all currencies together; what is beyond them stands in one of them."""


class Seen(NamedTuple):
    """What is drawn, of which transfer (None: of all together), and in which language."""

    money: OwnMoney
    transfer: int | None
    language: str


@dataclass(slots=True)
class Bar:
    """What was planned for one use, and what was noted, in minor units; None for neither."""

    label: str
    plan: int | None = None
    spent: int | None = None

    @property
    def size(self) -> int:
        """The longer of the two."""
        return max(self.plan or 0, self.spent or 0)

    def add(self, kind: str, amount: int) -> None:
        """One line more."""
        setattr(self, kind, (getattr(self, kind) or 0) + amount)


def show(turn: Turn, person: Person, transfer: int | None) -> bool:
    """Put the picture under the client's screen; whether there is anything to draw."""
    wanted = {"kind": "photo", "draw": "money", "transfer": transfer}
    if read(turn, person, wanted) is None:
        return False
    turn.show_file(person, slot_of(person.id, SLOT), wanted, caption("·", []))
    return True


def read(turn: Turn, person: Person, wanted: Mapping[str, Any]) -> Seen | None:
    """What they plan and note now; None where that is nothing."""
    money: OwnMoney = looks.read(LookMoney(), turn, Scene(person))
    seen = Seen(money, wanted["transfer"], turn.language_of(person))
    return seen if any(_within(seen, kind) for kind in KINDS) else None


def make(seen: Seen) -> File:
    """The picture."""
    return File("photo", "money.png", rasterise(draw_svg(seen)), "image/png")


def draw_svg(seen: Seen) -> str:
    """The drawing as an SVG document, 800 units wide."""
    return Drawing(seen).finish()


class Drawing(Canvas):
    """A block for each currency, and below them what has no amount."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(seen.language, 62.0)
        self._seen = seen
        self.lines([_("My plan, and what I noted")], 32, 44, INK, weight=700)
        self._subtitle()
        found = bars(seen)
        for currency, each in found.items():
            self._block(currency, together(each, max(1, MOST // len(found)), word(_("The rest"), self.language)))
        self._without_amount()
        self.y += 4

    def _subtitle(self) -> None:
        """Which money it is about, where it is not all of it."""
        for transfer in _transfers(self._seen) if self._seen.transfer is not None else ():
            amount = self._money(transfer["amount"], transfer["currency"])
            if transfer["number"] is None:
                self.lines([_("%(amount)s, beside the others", amount=amount)], 22, 30, SOFT)
            else:
                number, total = transfer["number"], transfer["total"] or transfer["number"]
                sentence = _("%(amount)s, %(number)s of %(total)s", amount=amount, number=number, total=total)
                self.lines([sentence], 22, 30, SOFT)

    def _block(self, currency: str, rows: Sequence[Bar]) -> None:
        """The legend, which is what all comes to, and a row for each use."""
        plan, spent = (sum(getattr(bar, kind) or 0 for bar in rows) for kind in KINDS)
        self.y += 12
        if plan:
            self._legend(TEAL, _("My plan: %(amount)s", amount=self._money(plan, currency)))
        if spent:
            self._legend(OCHRE, _("What I noted: %(amount)s", amount=self._money(spent, currency)))
        for fact in facts(self._seen, currency, spent):
            self.lines([fact], 22, 32, INK)
        self.rule()
        longest = max(bar.size for bar in rows) or 1
        for bar in rows:
            self.y += 42
            self.text(EDGE, cut(bar.label, 23, WIDTH - 2 * EDGE), 23)
            self.y += 17
            for amount, color in ((bar.plan, TEAL), (bar.spent, OCHRE)):
                if amount is not None:
                    self._bar(amount / longest, color, self._shown(amount, currency))
        self.y += 46

    def _legend(self, color: str, sentence: Text) -> None:
        self.rect(EDGE, self.y - 17, 20, 20, color, 4)
        self.text(EDGE + 34, sentence, 22)
        self.y += 34

    def _bar(self, part: float, color: str, amount: str) -> None:
        self.rect(EDGE, self.y, max(4, LONGEST * part), THICK, color, 4)
        self.y += THICK - 1
        self.text(WIDTH - EDGE, amount, 22, weight=700, anchor="end")
        self.y += 15

    def _without_amount(self) -> None:
        """What was planned or noted without saying how much, by name."""
        sentences = (_("In my plan, without an amount:"), _("Noted, without an amount:"))
        for kind, sentence in zip(KINDS, sentences, strict=True):
            lines = [line for line in _within(self._seen, kind) if line["amount"] is None]
            names = list(dict.fromkeys(self._name(line) for line in lines))
            if names:
                self.text(EDGE, sentence, 22, weight=700)
                self.y += 32
                for name in names[:MOST]:
                    self.text(EDGE, cut(name, 22, WIDTH - 2 * EDGE), 22)
                    self.y += 31
                if len(names) > MOST:
                    self.text(EDGE, _("and more"), 22, SOFT)
                    self.y += 31
                self.y += 14

    def _name(self, line: MoneyLine) -> str:
        return name_of(line, self.language)

    def _money(self, amount: int, currency: str) -> Money:
        return Money(amount, currency, self._seen.money["native"])

    def _shown(self, amount: int, currency: str) -> str:
        return currencies.show(self._money(amount, currency), self.language)


def bars(seen: Seen) -> dict[str, list[Bar]]:
    """By currency a bar for each use, or for own words said alike: first what is planned, in the order in which it was
    begun; then what is noted beside."""
    found: dict[str, dict[str, Bar]] = {}
    for kind in KINDS:
        for line in _within(seen, kind):
            if line["amount"] is not None:
                own, bar = found.setdefault(line["currency"], {}), Bar(name_of(line, seen.language))
                own.setdefault(same(line["use"], line["text"]), bar).add(kind, line["amount"])
    return {currency: list(each.values()) for currency, each in found.items()}


def together(rows: Sequence[Bar], most: int, rest: str) -> list[Bar]:
    """At most so many bars: those that come to most, in their order, and one for all that is beyond."""
    if len(rows) <= most:
        return [*rows]
    kept = {id(bar) for bar in sorted(rows, key=lambda bar: -bar.size)[: most - 1]}
    beyond = Bar(rest)
    for bar in rows:
        if id(bar) not in kept:
            for kind in KINDS:
                if (amount := getattr(bar, kind)) is not None:
                    beyond.add(kind, amount)
    return [*(bar for bar in rows if id(bar) in kept), beyond]


def facts(seen: Seen, currency: str, spent: int) -> Iterator[Text]:
    """What came in a currency as its client said, and what of it is not noted: only where that is known, and where it
    is not less than nothing."""
    here = [transfer for transfer in _transfers(seen) if transfer["currency"] == currency]
    came, partly = (sum(each["amount"] for each in here if each["state"] == state) for state in ("received", "part"))
    native = seen.money["native"]
    if came:
        yield _("What came: %(amount)s", amount=Money(came, currency, native))
    if partly:
        yield _("Of %(amount)s a part came", amount=Money(partly, currency, native))
    elif came and came >= spent:
        yield _("Of this, not noted for anything: %(amount)s", amount=Money(came - spent, currency, native))


def name_of(line: MoneyLine, language: str) -> str:
    """What a line is for, on one line of a picture."""
    label = label_of(line["use"])
    said = "" if label is not None else one_line(line["text"])
    return said or word(label or described("", "", line["voice"]), language)


def _within(seen: Seen, kind: str) -> list[MoneyLine]:
    lines = seen.money["plan"] if kind == PLAN else seen.money["spent"]
    return [line for line in lines if seen.transfer in (None, line["transfer"])]


def _transfers(seen: Seen) -> list[Transfer]:
    return [each for each in seen.money["transfers"] if seen.transfer in (None, each["transfer"])]
