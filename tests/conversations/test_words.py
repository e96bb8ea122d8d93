"""What every screen about a client's own money says, and what none of them says, in every language that is offered.

The scripts are walked: each button, words, amounts great and small and none, until no new screen comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Final, NamedTuple

import pytest

from conversations import acts, looks
from conversations.client.after import after
from conversations.client.agreement import shares
from conversations.client.money import OWN_DIGITS, beside, money
from conversations.client.outcome import outcome
from conversations.client.planning import planning
from conversations.client.shares import SHARES
from conversations.client.spending import spending
from conversations.client.transfer import transfer
from conversations.engine import Given, Log, Rest, advance
from conversations.instruments import NEEDS, TRANSFER
from conversations.looks import Contact, First, MoneyLine, OwnMoney, Transfer
from conversations.script import Amount, Ask, Do, Ending, Jotting, Json, Look, OwnWords, Script, Several
from conversations.text import Words
from tests.benchmarks.checkin import AROUND
from translations.clusters import count
from translations.languages import KNOWN, LANGUAGES
from translations.wording import word

MOST_CLUSTERS: Final = 22
"""Of a button: 20, and two for a tick."""

OF_NEEDS: Final = [item.label for item in NEEDS.items]
"""Frozen with their instrument, and longer here and there."""

LOSES_NOTHING: Final[dict[str, tuple[str, ...]]] = {
    "en": ("lose nothing",),
    "my": ("မဆုံးရှုံး",),
}
"""How a screen may say it. What has no words in a language yet is said in English."""

BLAME: Final[dict[str, str]] = {
    "en": r"\b(must|should|ought|failed|failure|(?<!nothing )wrong|mistake|overspent|over budget|overdue|late|too much|"
    r"too late|exceed\w*|wasted?|careless|unapproved|approv\w+|allowed|remaining|best|why did|you did not)\b",
    # must, should, failed, careless, wasted, overspent, beyond measure, you … late, fault (but "no fault")
    "my": r"ရမယ်|သင့်တယ်|သင့်ပါတယ်|ပျက်ကွက်|ပေါ့ဆ|ဖြုန်း|အပိုသုံး|လွန်သွား|အလွန်အကျွံ|သင်[^။]*နောက်ကျ|အပြစ်(?!မရှိ| မရှိ)",
}
"""Words that would blame (DOMAIN D1), as patterns. The list in Burmese still needs a native reader."""

DAY: Final = 1_793_595_600


def a_transfer(number: int | None, state: str, **settings: Json) -> Transfer:
    """A transfer of this client."""
    made = Transfer(
        transfer=number or 9,
        client=1,
        code="C-101",
        number=number,
        total=None if number is None else 3,
        amount=300_000,
        currency="MMK",
        day=DAY,
        on="2026-11-02",
        state=state,
        late=False,
        delay="",
        answered=state in ("received", "part", "notyet"),
        asking=None,
        was=None,
        news=False,
        read=False,
        slip=False,
        said="",
    )
    return Transfer(**{**made, **settings})  # type: ignore[typeddict-item]


def a_line(line: int, amount: int | None, use: str = "", text: str = "", voice: int | None = None) -> MoneyLine:
    """A line of theirs."""
    return MoneyLine(line=line, transfer=None, amount=amount, currency="MMK", use=use, text=text, voice=voice, at=DAY)


LINES = [a_line(11, 500, "food"), a_line(12, None, text="my mother"), a_line(13, 10**9, voice=3), a_line(14, 7)]


def world(*transfers: Transfer, lines: list[MoneyLine], agrees: bool) -> OwnMoney:
    """What is there of a client's own money."""
    return OwnMoney(
        transfers=[*transfers],
        plan=lines,
        spent=lines,
        outcomes=lines,
        taken={"plan": lines, "spent": lines, "outcome": lines},
        shares=list(SHARES) if agrees else [],
        native=agrees,
        currency="MMK",
        currencies=["MMK", "THB"],
    )


STATES = ("planned", "sent", "received", "part", "notyet", "cancelled")
WORLDS: Final = (
    world(lines=[], agrees=False),
    world(a_transfer(1, "sent"), a_transfer(None, "planned", delay="bank"), lines=LINES, agrees=True),
    world(a_transfer(1, "planned", late=True, delay="other"), a_transfer(2, "planned"), lines=LINES[:1], agrees=False),
    *(world(a_transfer(1, state), lines=LINES[:2], agrees=False) for state in STATES),
    world(
        a_transfer(1, "planned", was=[250_000, "MMK"], slip=True, said="notyet"),
        a_transfer(None, "part", was=[8_500, "THB"], read=True, said="part", asking=7),
        lines=[],
        agrees=False,
    ),
)
STARTS: Final[tuple[Callable[[], Script[Ending]], ...]] = (
    money,
    shares,
    beside,
    partial(beside, 1),
    partial(transfer, 1),
    partial(transfer, 9),
    *(partial(script, about, 11) for script in (planning, spending, outcome) for about in (None, 1)),
    partial(after, 7, 1),
)


class Screen(NamedTuple):
    """What stands on it: its lines, what was said before them, and its buttons."""

    key: str
    lines: tuple[Words, ...]
    said: tuple[Words, ...]
    labels: tuple[Words, ...]

    def text(self, language: str) -> str:
        """Its lines in a language."""
        return "\n".join(word(line, language) for line in self.lines)

    def everything(self, language: str) -> str:
        """All that is to be read on it."""
        return "\n".join(word(words, language) for words in (*self.said, *self.lines, *self.labels))


def find(own: OwnMoney, is_lucky: bool, step: Look | Do, _number: int) -> Json:
    """What a script finds and what comes back from what it does; `is_lucky`: there is somebody to tell."""
    match step.query if isinstance(step, Look) else step.act:
        case looks.LookMoney():
            return own
        case looks.LookAround():
            return {**AROUND, "language": "my", "caseworker": "Aye" if is_lucky else None}
        case looks.LookContact():
            return Contact(hours="evening", days=0, first=True, less=True, stage=None)
        case looks.LookFirsts():
            return [First(item="debt", text="", voice=None), First(item="housing", text="", voice=None)]
        case looks.LookSafe():
            return [["Bo"], ["Su", "Zaw"]] if is_lucky else []
        case looks.LookTransfer(wanted):
            return next((each for each in own["transfers"] if each["transfer"] == wanted), None)
        case acts.AnswerTransfer():
            return {"outcome": "noted" if is_lucky else "over"}
        case acts.Consent(granted=granted):
            return {"granted": granted, "over": False}
        case acts.TellOfMoney():
            return {"alert": 1, "told": ["Bo"]}
        case acts.ShowMoney():
            return is_lucky
        case acts.NoteEntry() | acts.TakeEntry() | acts.BringEntry():
            return {"line": 11} if is_lucky else None
    return None


def answers(ask: Ask) -> Iterator[Json]:
    """Everything of interest that can be answered; not the way to what is no screen about money."""
    if ask.skip:
        yield {"status": "skipped"}
    values: list[Json] = [option.code for option in getattr(ask.kind, "options", ()) if option.code != "contact"]
    match ask.kind:
        case Several():
            values = [values[:1], [*values[5:6]], []]
        case OwnWords():
            values += [{"text": "medicine"}, {"voice": 3, "seconds": 2}]
        case Amount(currency):
            values += [[minor, currency] for minor in (0, 500, 10**12)]
        case Jotting(currency):
            said = {"text": "food", "currency": currency}
            values += [{**said, "amount": minor} for minor in (0, 500, 10**12)]
            values += [said, {"voice": 3, "seconds": 2}, {**said, "text": "", "amount": 7}]
    yield from ({"status": "answered", "value": value} for value in values)


def walk(start: Callable[[], Script[Ending]], own: OwnMoney, is_lucky: bool) -> Iterator[Screen]:
    """Every screen that a script can come to."""
    seen: set[str] = set()
    waiting = [Log()]
    while waiting:
        log = waiting.pop()
        rest: Rest = advance(start, log, None, partial(find, own, is_lucky))
        said = tuple(line for say in rest.said for line in say.lines)
        if rest.ask is None:
            yield Screen("", (), said, ())
            continue
        yield Screen(rest.ask.key, rest.ask.lines, said, labels_of(rest.ask))
        place = repr((rest.ask.key, rest.ask.lines, rest.ask.place))
        if place in seen:
            continue
        seen.add(place)
        for answer in answers(rest.ask):
            branch = Log.from_json(log.to_json())
            advance(start, branch, Given(rest.address, answer), partial(find, own, is_lucky))
            waiting.append(branch)


def labels_of(ask: Ask) -> tuple[Words, ...]:
    return tuple(option.label for option in getattr(ask.kind, "options", ()))


@cache
def screens() -> tuple[Screen, ...]:
    """Every screen about a client's own money, once."""
    found: dict[str, Screen] = {}
    for own in WORLDS:
        for start in STARTS:
            for is_lucky in (True, False):
                for screen in walk(start, own, is_lucky):
                    found.setdefault(repr(screen), screen)
    return tuple(found.values())


def test_the_walk_comes_to_every_kind_of_screen() -> None:
    wanted = {"money", "one", "which", "shares", "beside", "came", "known", "amount", "amount.right", "tell", "words"}
    wanted |= {"nobody", "plan", "use", "line", "what", "taken.line", "jot", "jot.right", "notes", "outcome", "start"}
    wanted |= {question.code for question in TRANSFER.part("after")}
    assert wanted - {screen.key for screen in screens()} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_says_that_they_lose_nothing(language: str) -> None:
    accepted = (*LOSES_NOTHING[language], *LOSES_NOTHING["en"])
    silent = {
        (screen.key, text)
        for screen in screens()
        if screen.key and not any(words in (text := screen.text(language)) for words in accepted)
    }
    assert not silent


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_screen_blames(language: str) -> None:
    found = {
        (screen.key, blame[0])
        for screen in screens()
        for pattern in {BLAME[language], BLAME["en"]}
        for blame in re.finditer(pattern, screen.everything(language), re.IGNORECASE)
    }
    assert not found


@pytest.mark.parametrize(
    ("sentence", "blames"),
    [
        ("You should save more.", True),
        ("That was wrong.", True),
        ("You did nothing wrong.", False),
        ("It comes later.", False),
        ("You overspent.", True),
        ("သင့်အပြစ်ပါ", True),
        ("သင့်မှာ အပြစ်မရှိပါဘူး", False),
        ("ဖြုန်းလိုက်တယ်", True),
    ],
)
def test_the_list_knows_blame_from_comfort(sentence: str, blames: bool) -> None:
    assert any(re.search(pattern, sentence, re.IGNORECASE) for pattern in BLAME.values()) is blames


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_screen_has_more_than_eight_buttons_and_none_is_longer_than_a_line(language: str) -> None:
    for screen in screens():
        assert len(screen.labels) <= 8, (screen.key, [word(label, language) for label in screen.labels])
        if screen.key != "start":  # what stands before anything that is asked is not only about money
            long = [word(label, language) for label in screen.labels if label not in OF_NEEDS]
            assert not [said for said in long if count(said) > MOST_CLUSTERS]


def test_digits_of_their_own_are_offered_where_there_are_any() -> None:
    assert {code for code, known in KNOWN.items() if not known.digits.isascii()} == OWN_DIGITS
