"""The Burmese words as they are shipped: all there, clean Unicode, short on buttons, bland on a locked screen.

Nothing here can say whether they are right. That is for someone who grew up with the language (see the catalog's head).
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from inspect import getsource
from itertools import chain

import pytest

from bot import process, talks, turns
from conversations.caseworker import desk
from conversations.client import menu, wish
from conversations.client.enrolment import PURPOSES
from conversations.instruments import FORMS, INSTRUMENTS, NEEDS, Instrument
from conversations.instruments.form import Form
from conversations.text import Text, Verbatim
from translations import catalogs, checks
from translations.clusters import count
from translations.encoding import DOUBT
from translations.extract import ROOMS, ROOT
from translations.placeholders import NAMED
from translations.wording import word

CATALOG = catalogs.read(catalogs.locate("my"), "my")

BUTTONS = ("Option", "button", "made")
"""The calls whose sentence stands on a button."""
NUMBERED = 4
"""The signs of "4 · " before a step of the scale."""
LABELLING = (desk.headline, menu.going_on, wish.today)
"""The functions whose sentences stand on a button."""
SAMPLES = {
    "name": "Htet Htet",
    "code": "A-1742",
    "time": "မနက်ဖြန်၊ 09:00",
    "level": "ဒီတစ်ပတ်ထဲမှာ",
    "number": "12",
    "total": "21",
    "country": "TH",
    "currency": "MMK",
    "amount": "300,000 ကျပ်",
    "day": "ဒီဇင်ဘာ 31 ကြာသပတေး",
    "when": "စီစဉ်ထား: ဒီဇင်ဘာ 31",
    "what": "မြန်မာဂဏန်း",
}
"""What stands for the placeholders of a button."""

NAMES = ("Telegram", "Clear history", "QR", "/[a-z]+", "cron", r"[\d *]+ fri", "firstsay round show", "C-")
"""The words in Latin letters that a Burmese reader sees so on the phone."""
SYLLABLE = re.compile(
    "(?:[က-အ]်္)?"  # a nga written above, as in အင်္ဂါ
    "[က-ဧဩဪဿ](?:္[က-အ])?"
    "ျ?ြ?ွ?ှ?ေ?[ိီဲ]?[ုူ]?[ါာ]?ံ?့?်?း?"
)
"""A letter with its signs in Unicode's order (UTN 11). What else there is of Burmese would show a dotted circle."""
BESIDE = re.compile(r"[ 0-9.:/()=•·‹“”၊။☐☑⚠–*%]*")
"""Burmese digits too are left out: figures are Latin everywhere, as on the buttons."""
ROUND = re.compile("[ခဂငဒပဝ]ေ?ာ|(?:^|[^ခဂငဒပဝေ])ေ?ါ")
"""A short ာ after a round letter, where ါ is written, or the other way round."""
GENDERED = ("ကျွန်တော်", "ကျွန်မ", "ကျနော်", "ကျမ", "ခင်ဗျား", "ခင်ဗျ", "ရှင့်", "ဗျာ")
"""What only a man or only a woman says. Not ရှင် alone, which is in အလုပ်ရှင် (employer)."""
LITERARY = ("သည်။", "၌", "၏", "၍", "၎")
UNKIND = ("လူကုန်ကူး", "သားကောင်", "ခံရသူ", "နစ်နာသူ", "အမှု", "အကူအညီခံ", "ရမှတ်", "စောင့်ကြည့်")
"""Victim and survivor, case, receiver, score; and to watch, which is also to spy."""
HINTING = ("ကူညီ", "လိုအပ်", "ငွေ", "ဥပဒေ", "ဘေးကင်း", "အန္တရာယ်", "အမြန်", "အရေးကြီး")
"""Help, need, money, law, safe, danger, urgent, important: nothing that makes someone curious."""


def spoken(instrument: Instrument | Form) -> Iterator[Verbatim]:
    """Everything an instrument says."""
    if isinstance(instrument, Form):
        yield instrument.title
        for question in instrument.questions:
            yield from (question.text, *([question.hint] if question.hint.wordings else []))
            yield from (answer.label for answer in question.answers)
        return
    yield from (instrument.question, instrument.meaning)
    yield from (step.label for step in instrument.scale)
    yield from instrument.categories.values()
    for item in instrument.items:
        yield from (item.label, item.hint)


WORDS: dict[str, str] = {
    **CATALOG.plain,
    **{
        words.wordings["en"]: words.wordings.get("my", "")
        for instrument in INSTRUMENTS.values()
        for words in spoken(instrument)
    },
}
"""All that is said in Burmese, by its English."""


def bare(said: str) -> str:
    """A sentence without its placeholders and the names in Latin letters."""
    return re.sub("|".join(NAMES), "", NAMED.sub("", said))


def placed(said: str) -> str:
    """A label as somebody may see it."""
    return NAMED.sub(lambda found: SAMPLES[found[1]], said)


def on_buttons() -> set[str]:
    """The message ids that stand on buttons, as the sources show it in the call; for the rest see `LABELLING`."""
    found = {text.message for text in process.COMMANDS.values()} | {label.message for _, label in PURPOSES.values()}
    found.update(chain.from_iterable(_sentences(ast.parse(getsource(each))) for each in LABELLING))
    for path in chain.from_iterable(sorted((ROOT / room).rglob("*.py")) for room in ROOMS):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id in BUTTONS:
                found.update(chain.from_iterable(_spoken_by(each) for each in call.args))
    return found


def _sentences(tree: ast.AST) -> Iterator[str]:
    """The message ids anywhere in a piece of source."""
    for call in ast.walk(tree):
        yield from _spoken_by(call)


def _spoken_by(call: ast.AST) -> Iterator[str]:
    """The message id of a call of `_`."""
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_":
        yield from (each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str))


def test_every_sentence_has_its_burmese() -> None:
    assert CATALOG.faults == ()
    assert [sentence for sentence in catalogs.sentences() if not CATALOG.plain.get(sentence)] == []
    assert checks.misplaced("my") == []


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=INSTRUMENTS)
def test_every_instrument_is_wholly_in_burmese(instrument: Instrument | Form) -> None:
    assert [words.wordings["en"] for words in spoken(instrument) if not words.wordings.get("my")] == []
    assert "my" in instrument.wording, "so that the archive holds a digest of the Burmese words"


def test_the_catalog_says_that_it_needs_a_native_reader() -> None:
    assert CATALOG.needs_review, "change this test together with the status line"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # how the detector reads its model
def test_the_encoding_is_clean() -> None:
    from myanmartools import ZawgyiDetector

    zawgyi = ZawgyiDetector().get_zawgyi_probability
    longer = [rest for rest in map(bare, WORDS.values()) if len(re.findall("[က-႟]", rest)) > 10]
    assert [rest for rest in longer if zawgyi(rest) >= DOUBT] == []
    assert [said for said in WORDS.values() if not unicodedata.is_normalized("NFC", said) or said != said.strip()] == []


def test_every_syllable_is_written_as_unicode_has_it() -> None:
    assert [said for said in WORDS.values() if not BESIDE.fullmatch(SYLLABLE.sub("", bare(said)))] == []
    assert [said for said in WORDS.values() if ROUND.search(bare(said))] == []


def test_the_words_are_spoken_to_an_equal() -> None:
    avoided = (*GENDERED, *LITERARY, *UNKIND)
    assert [(each, said) for said in WORDS.values() for each in avoided if each in said] == []


def test_labels_fit_on_a_button() -> None:
    labels = {placed(CATALOG.plain[sentence]) for sentence in on_buttons()}
    labels |= {words.wordings["my"] for words in NEEDS.categories.values()}
    labels |= {item.label.wordings["my"] for item in NEEDS.items}
    labels |= {a.label.wordings["my"] for form in FORMS.values() for q in form.questions for a in q.answers}
    assert checks.long_labels(labels) == []
    assert [label for label in labels if "\u200b" in label] == []


def test_the_steps_of_the_scale_fit_on_a_button() -> None:
    steps = [step.label.wordings["my"] for step in NEEDS.scale]
    assert [step for step in steps if count(step) > checks.LABEL - NUMBERED] == []
    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize(
    ("button", "named"),
    [
        ("I need a person", "“I need a person”"),
        ("‹ Back", "use Back"),
        ("My plan", "“My plan”"),
        ("Did it come?", "“Did it come?”"),
    ],
)
def test_buttons_that_a_sentence_names_are_called_so(button: str, named: str) -> None:
    called = CATALOG.plain[button].removeprefix("‹ ")
    naming = {english: said for english, said in CATALOG.plain.items() if named in english}
    assert naming
    assert [english for english, said in naming.items() if f"“{called}”" not in said] == []


@pytest.mark.parametrize(
    "pushed", [talks.BLAND, turns.SORRY, turns.UNREAD, Text("%(code)s wrote to you."), Text("Open")]
)
def test_what_may_stand_on_a_locked_screen_is_bland(pushed: Text) -> None:
    assert pushed.message in CATALOG.plain
    said = word(Text(pushed.message, {"code": Verbatim("A-17")}), "my")
    assert checks.telling([said], "my") == []
    assert [each for each in HINTING if each in said] == []


def test_the_names_of_the_commands_are_bland() -> None:
    said = [CATALOG.plain[text.message] for text in process.COMMANDS.values()]
    assert checks.telling(said, "my") == []
