"""Currencies: how many minor units one has, what it is called, and how an amount of it is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from conversations.text import Money, Verbatim
from translations.languages import known
from translations.numbers import digits
from translations.spelling import spell

MOST: Final = 10**12
"""Major units; what is more than this is a slip."""

DIGITS: Final = {"MMK": 0, "LAK": 0, "KHR": 0, "VND": 0, "IDR": 0, "THB": 2, "MYR": 2, "CNY": 2, "USD": 2}
"""Decimals in which people count, which is not always what a bank does; for the others see Babel."""

STEPS: Final = {
    "LAK": (10_000, 100_000, 1_000_000),
    "VND": (10_000, 100_000, 1_000_000),
    "IDR": (10_000, 100_000, 1_000_000),
    "THB": (10, 100, 1_000),
    "PHP": (10, 100, 1_000),
    "INR": (10, 100, 1_000),
    "BDT": (10, 100, 1_000),
    "TWD": (10, 100, 1_000),
}
"""What a tap adds, in major units, where it is not 1,000 and more, or 1 and more of a currency with decimals."""

LEAST: Final = {"MMK": 50, "LAK": 500, "KHR": 100, "VND": 500, "IDR": 100}
"""About the smallest note in use: a number below it, with nothing beside it, may count something else than money."""

NAMES: Final[dict[str, dict[str, str]]] = {
    "MMK": {"en": "kyat", "my": "ကျပ်", "th": "จ๊าต", "km": "គីយ៉ាត", "lo": "ຈ໊າດ"},
    "THB": {"en": "baht", "my": "ဘတ်", "th": "บาท", "km": "បាត", "lo": "ບາດ"},
    "LAK": {"en": "kip", "my": "ကစ်", "th": "กีบ", "km": "គីប", "lo": "ກີບ"},
    "KHR": {"en": "riel", "my": "ရီးယဲ", "th": "เรียล", "km": "រៀល", "lo": "ຣຽວ"},
    "VND": {"en": "dong", "my": "ဒေါင်", "th": "ดอง", "km": "ដុង", "lo": "ດົງ"},
    "MYR": {"en": "ringgit", "my": "ရင်းဂစ်", "th": "ริงกิต", "km": "រីងហ្គីត", "lo": "ຣິງກິດ"},
    "IDR": {"en": "rupiah", "my": "ရူပီးယား", "th": "รูเปียห์"},
    "CNY": {"en": "yuan", "my": "ယွမ်", "th": "หยวน", "km": "យ័ន", "lo": "ຢວນ"},
    "USD": {"en": "USD", "my": "ဒေါ်လာ", "th": "ดอลลาร์", "km": "ដុល្លារ", "lo": "ໂດລາ"},
}
"""The word for a currency by language (after CLDR, without the country); where there is none, its ISO 4217 code."""

DOLLARS: Final = "dollar, dollars, $, ဒေါ်လာ, ดอลลาร์, ดอลล่าร์, ដុល្លារ, ដុល្លា, ໂດລາ, ໂດລ່າ"

SAID: Final[dict[str, str]] = {
    "MMK": "kyats, ks, myanmar kyat, myanmar kyats, ငွေကျပ်, မြန်မာကျပ်, จ๊าด, 缅币, 缅元",
    "THB": "bahts, ฿, thai baht, ဘတ်ငွေ, ထိုင်းဘတ်, บ, 泰铢, 铢",
    "LAK": "kips, ₭, lao kip, ကိပ်, 基普",
    "KHR": "riels, ៛, ຣຽລ",
    "VND": "₫, đ, đồng, vnđ, 越南盾",
    "MYR": "ringgits, rm, 林吉特, 令吉, 马币",
    "IDR": "rupiahs, rp, rp., 印尼盾",
    "CNY": "rmb, renminbi, ¥, ￥, 元, 圆, 块, 人民币",
    "USD": f"us dollar, us dollars, us$, အမေရိကန်ဒေါ်လာ, 美元, 美金, {DOLLARS}",
    "SGD": f"singapore dollar, singapore dollars, s$, 新币, {DOLLARS}",
    "HKD": f"hong kong dollar, hong kong dollars, hk$, 港币, 港元, {DOLLARS}",
    "TWD": f"ntd, nt$, 台币, 元, {DOLLARS}",
    "AUD": f"a$, {DOLLARS}",
    "EUR": "euro, euros, €, ยูโร, ယူရို",
    "GBP": "pound, pounds, £",
    "JPY": "yen, ¥, ￥, 円, 日元",
    "KRW": "₩",
    "INR": "rupee, rupees, ₹, rs",
    "BDT": "taka, ৳",
    "PHP": "peso, pesos, ₱",
}
"""Other words and signs by which a currency is written, beside its names and its code."""


def digits_of(currency: str) -> int:
    """How many decimals people count in."""
    if currency in DIGITS:
        return DIGITS[currency]
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


def to_minor(amount: Decimal, currency: str) -> int | None:
    """Integer minor units; None where the amount is finer than these."""
    minor = amount.scaleb(digits_of(currency))
    return int(minor) if minor == minor.to_integral_value() else None


def most_of(currency: str) -> int:
    """The largest amount there is, in minor units."""
    return int(MOST * 10 ** digits_of(currency))


def steps_of(currency: str) -> tuple[int, ...]:
    """What a tap adds to an amount, in minor units."""
    decimals = digits_of(currency)
    steps = STEPS.get(currency, (1, 10, 100) if decimals else (1_000, 10_000, 100_000))
    return tuple(step * 10**decimals for step in steps)


def name(currency: str) -> Verbatim:
    """What a currency is called, for a sentence."""
    return Verbatim(currency, NAMES.get(currency, {}))


def figures(minor: int, currency: str) -> str:
    """An amount in Latin figures, with groups of three; decimals only where there are any.

    The group mark is a comma in every language, also in Lao, whose locale has a point: client and staff see the same
    figures, `amounts` reads either mark as grouping, and locale data disagree with one another.
    """
    decimals = digits_of(currency)
    major, part = divmod(abs(minor), 10**decimals)
    return ("-" if minor < 0 else "") + f"{major:,}" + (f".{part:0{decimals}}" if part else "")


def show(money: Money, language: str) -> str:
    """An amount, a space, and the word for its currency in the language; what `amounts` reads back as the same.

    Where it cannot be spelled without doubt (see `spelling.spell`), a spelled amount stands in figures.
    """
    language = known(language).code
    locale = known(language).locale
    called = NAMES.get(money.currency, {}).get(locale, money.currency)
    major, part = divmod(money.amount, 10 ** digits_of(money.currency))
    spelled = spell(major, language) if money.spelled and not part else None
    if spelled is None:
        written = figures(money.amount, money.currency)
        return f"{digits(written, language) if money.native else written} {called}"
    if locale == "my" and major % 10 == 0 and major > 10:
        return f"{called} {spelled}"  # what is counted stands before a round number
    glued = locale in ("th", "km", "lo") and not called.isascii()
    return f"{spelled}{called}" if glued else f"{spelled} {called}"
