"""Numerals: the words for numbers, by language. `amounts` reads what `spelling` writes, so that each checks the other.

Where the words come from: CLDR's spell-out rules (common/rbnf: my, th, km; its Lao units are in Thai letters and were
not taken), the Burmese order of round numbers from J. Okell, *Burmese By Ear* (2.1). Shan and S'gaw Karen have their
digits only: nobody here is sure of their words, and a guess would be money. All of this waits for native readers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerals:
    """How one language says numbers. `spelling` writes the words of the first four; the rest is how they fit."""

    digits: tuple[str, ...]
    """From 0 to 9."""
    small: Mapping[int, str] = field(default_factory=dict)
    """Words of their own from 10 to 99, such as "eleven" and "twenty"."""
    units: Mapping[int, str]
    """What a count stands before: 10 (where "thirty" is "three ten"), 100, 1000 and so on."""
    linked: Mapping[int, str] = field(default_factory=dict)
    """How a unit is written when more follows (ရာ၊ then ရာ့): what follows is surely added to it."""
    last_one: str = ""
    """The one of 21, 31 and so on, where it is another word (เอ็ด)."""
    more: Mapping[str, int] = field(default_factory=dict)
    """Other spellings that are read."""
    article: tuple[str, ...] = ()
    """A one that stands before units only."""
    half: tuple[str, ...] = ()
    """After a unit: and half of that unit."""
    half_first: bool = False
    """Whether it also stands before one: ครึ่งล้าน is half a million."""
    joiner: tuple[str, ...] = ()
    """Between two parts of one number."""
    joins: bool = False
    """Whether a joiner makes sure that what follows is added as it stands ("two thousand and five")."""
    bare: bool = False
    """Whether a unit at the beginning means one of it (พันห้าร้อย is 1,500)."""
    many: Mapping[int, int] = field(default_factory=dict)
    """Units that take a count of several words, and what that count stays below."""
    round: tuple[int, ...] = ()
    """Units that stand before a round count: သိန်း ၅၀ is fifty of them."""
    digit_after: int = 0
    """The largest unit, above ten, after which a digit alone is surely that digit. After others it is in doubt: Thai
    สองพันห้า is 2,005 in a book and 2,500 in the market."""
    tens_after: int = 10**12
    """The same for words from 10 to 99."""
    gap: str = ""
    """Between words."""
    below: int = 10**9
    """What is spelled; from here on figures are clearer."""


NUMERALS: Final[dict[str, Numerals]] = {
    "en": Numerals(
        digits=("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        small=dict(
            zip(
                (*range(10, 20), *range(20, 100, 10)),
                (
                    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
                    *("nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
                ),
                strict=True,
            )
        ),
        units={100: "hundred", 1000: "thousand", 10**6: "million"},
        more={
            **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), 10**5),
            "hundreds": 100,
            "thousands": 1000,
            "millions": 10**6,
            "crore": 10**7,
            "fourty": 40,
        },
        article=("a", "an"),
        joiner=("and",),
        joins=True,
        many={1000: 1000, 10**5: 1000, 10**6: 1000, 10**7: 1000},
        digit_after=100,
        tens_after=100,
        gap=" ",
    ),
    "my": Numerals(
        digits=("သုည", "တစ်", "နှစ်", "သုံး", "လေး", "ငါး", "ခြောက်", "ခုနစ်", "ရှစ်", "ကိုး"),
        units={10: "ဆယ်", 100: "ရာ", 1000: "ထောင်", 10**4: "သောင်း", 10**5: "သိန်း"},
        linked={10: "ဆယ့်", 100: "ရာ့", 1000: "ထောင့်"},
        more={"ခုနှစ်": 7, "ခွန်": 7, "သန်း": 10**6, "ကုဋေ": 10**7},
        article=("တ",),
        half=("ခွဲ",),
        joiner=("နဲ့", "နှင့်"),
        many={10**5: 1000, 10**6: 1000, 10**7: 1000},
        round=(10**5, 10**6, 10**7),
        below=10**8,
    ),
    "th": Numerals(
        digits=("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"),
        small={20: "ยี่สิบ"},
        units={10: "สิบ", 100: "ร้อย", 1000: "พัน", 10**4: "หมื่น", 10**5: "แสน", 10**6: "ล้าน"},
        last_one="เอ็ด",
        half=("ครึ่ง",),
        half_first=True,
        bare=True,
        many={10**6: 10**6},
    ),
    "km": Numerals(
        digits=("សូន្យ", "មួយ", "ពីរ", "បី", "បួន", "ប្រាំ", "ប្រាំមួយ", "ប្រាំពីរ", "ប្រាំបី", "ប្រាំបួន"),
        small=dict(
            zip(
                range(10, 100, 10),
                ("ដប់", "ម្ភៃ", "សាមសិប", "សែសិប", "ហាសិប", "ហុកសិប", "ចិតសិប", "ប៉ែតសិប", "កៅសិប"),
                strict=True,
            )
        ),
        units={100: "រយ", 1000: "ពាន់", 10**4: "ម៉ឺន", 10**5: "សែន", 10**6: "លាន"},
        more={"មុឺន": 10**4, "ម៊ឺន": 10**4},
        half=("កន្លះ",),
        many={1000: 1000, 10**6: 10**6},
        digit_after=100,
        tens_after=100,
    ),
    "lo": Numerals(
        digits=("ສູນ", "ໜຶ່ງ", "ສອງ", "ສາມ", "ສີ່", "ຫ້າ", "ຫົກ", "ເຈັດ", "ແປດ", "ເກົ້າ"),
        small={20: "ຊາວ"},
        units={10: "ສິບ", 100: "ຮ້ອຍ", 1000: "ພັນ", 10**4: "ໝື່ນ", 10**5: "ແສນ", 10**6: "ລ້ານ"},
        last_one="ເອັດ",
        more={"ຫນຶ່ງ": 1, "ນຶ່ງ": 1, "ຫມື່ນ": 10**4},
        half=("ເຄິ່ງ",),
        half_first=True,
        bare=True,
        many={1000: 1000, 10**6: 10**6},
    ),
    "zh": Numerals(
        digits=tuple("〇一二三四五六七八九"),
        units={10: "十", 100: "百", 1000: "千", 10**4: "万", 10**8: "亿"},
        more={"两": 2, "兩": 2, "萬": 10**4, "億": 10**8},
        joiner=("零",),
        joins=True,
        many={10**4: 10**4, 10**8: 10**4},
        below=0,
    ),
}
"""By language; Chinese is read only."""


class Part(Enum):
    """What a word does in a number."""

    DIGIT = "digit"
    SMALL = "from 10 to 99"
    UNIT = "unit"
    ARTICLE = "a one before units"
    HALF = "half"
    JOINER = "joiner"


@dataclass(frozen=True, slots=True)
class Numeral:
    """One word of a number."""

    language: str
    part: Part
    value: int = 0
    linked: bool = False


def _lexicon() -> Iterator[tuple[str, Numeral]]:
    for language, numerals in NUMERALS.items():
        words = [*enumerate(numerals.digits), *((value, word) for word, value in numerals.more.items())]
        words += [*numerals.small.items(), *numerals.units.items()]
        words += [(1, numerals.last_one)] if numerals.last_one else []
        for value, word in words:
            yield word, Numeral(language, _part(value, numerals), value)
        for value, word in numerals.linked.items():
            yield word, Numeral(language, Part.UNIT, value, linked=True)
        for part, words_of in (
            (Part.ARTICLE, numerals.article),
            (Part.HALF, numerals.half),
            (Part.JOINER, numerals.joiner),
        ):
            for word in words_of:
                yield word, Numeral(language, part, int(part is Part.ARTICLE))


def _part(value: int, numerals: Numerals) -> Part:
    if value < 10:
        return Part.DIGIT
    return Part.UNIT if value >= 100 or value in numerals.units else Part.SMALL


LEXICON: Final = {unicodedata.normalize("NFC", word): numeral for word, numeral in _lexicon()}
"""Every word that is read, as it is written (Latin ones in lower case)."""
