from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translations.amounts import find_amount, names_another_currency, parse_amount
from translations.languages import KNOWN
from translations.numbers import digits
from translations.numerals import NUMERALS
from translations.spelling import spell
from translations.tokens import WORDS

SPOKEN = ("en", "my", "th", "km", "lo")
SCRIPTS = sorted({language.digits: language.code for language in KNOWN.values()}.values())
NUMBERS = st.one_of(
    st.integers(0, 10**9),
    st.builds(lambda lead, zeros: lead * 10**zeros, st.integers(1, 999), st.integers(0, 6)),
    st.integers(0, 3000),
)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        # digits of every script, and their groups
        ("500", "MMK", "500"),
        ("0", "MMK", "0"),
        ("5", "MMK", "5"),  # perhaps five lakh: the script says it back and asks
        (" 500. ", "MMK", "500"),
        ("“500”", "MMK", "500"),
        ("၅၀၀", "MMK", "500"),
        ("၅၀၀။", "MMK", "500"),
        ("๑๒,๓๔๕", "THB", "12345"),
        ("៨៣០០០០", "KHR", "830000"),
        ("໕໐.໐໐໐", "LAK", "50000"),
        ("႕႐႐", "MMK", "500"),
        ("12,345", "LAK", "12345"),
        ("12.345", "LAK", "12345"),
        ("12.345", "THB", "12345"),
        ("1 234 567", "VND", "1234567"),
        ("1\u202f234", "VND", "1234"),
        ("12'345", "MMK", "12345"),
        ("1,234.50", "THB", "1234.50"),
        ("1.234,50", "THB", "1234.50"),
        ("12.5", "THB", "12.5"),
        ("12,50", "USD", "12.50"),
        ("12.00", "MMK", "12"),
        ("၁,၀၀၀,၀၀၀", "MMK", "1000000"),
        ("1000000000000", "MMK", "1000000000000"),
        ("50\u200b0\ufeff", "MMK", "500"),
        # letters that look like Burmese digits
        ("၅ဝဝ", "MMK", "500"),
        ("၁ဝ,ဝဝဝ", "MMK", "10000"),
        ("၁ရဝဝ ကျပ်", "MMK", "1700"),
        ("၅ရာ", "MMK", "500"),
        # words and signs for money
        ("500 kyat", "MMK", "500"),
        ("K500", "MMK", "500"),
        ("1,500 K", "MMK", "1500"),
        ("500 Ks", "MMK", "500"),
        ("MMK 5000", "MMK", "5000"),
        ("၅၀၀ကျပ်", "MMK", "500"),
        ("ငွေကျပ် ၅၀၀၀", "MMK", "5000"),
        ("5000/-", "MMK", "5000"),
        ("500.-", "THB", "500"),
        ("฿500", "THB", "500"),
        ("๕๐๐ บ.", "THB", "500"),
        ("500 Baht", "THB", "500"),
        ("៤០០០៛", "KHR", "4000"),
        ("៤០០០ រៀល", "KHR", "4000"),
        ("₭50.000", "LAK", "50000"),
        ("໕໐.໐໐໐ ກີບ", "LAK", "50000"),
        ("50.000 đồng", "VND", "50000"),
        ("Rp. 500.000", "IDR", "500000"),
        ("RM50", "MYR", "50"),
        ("¥500", "CNY", "500"),
        ("五百块", "CNY", "500"),
        ("US$ 1,000.50", "USD", "1000.50"),
        ("5 Singapore dollars", "SGD", "5"),
        ("$5", "HKD", "5"),
        ("500 CHF", "CHF", "500"),
        # Burmese
        ("၂ သောင်း", "MMK", "20000"),
        ("၁.၅ သိန်း", "MMK", "150000"),
        ("၁ သိန်းခွဲ", "MMK", "150000"),
        ("သိန်းခွဲ", "MMK", "150000"),
        ("ဆယ်သိန်းခွဲ", "MMK", "1050000"),
        ("သိန်း ၅၀", "MMK", "5000000"),
        ("သိန်းငါးဆယ်", "MMK", "5000000"),
        ("ကျပ်သိန်းနှစ်ရာ", "MMK", "20000000"),
        ("သန်း ၂၀", "MMK", "20000000"),
        ("၁ ကုဋေ", "MMK", "10000000"),
        ("ငါးသိန်း", "MMK", "500000"),
        ("ငါး သိန်း", "MMK", "500000"),
        ("ဆယ့်ငါးသိန်း", "MMK", "1500000"),
        ("နှစ်ရာ့ငါးဆယ်သိန်း", "MMK", "25000000"),
        ("သုံးသောင်းငါးထောင်", "MMK", "35000"),
        ("ထောင့်ငါးရာ", "MMK", "1500"),
        ("တစ်ထောင့်ငါး", "MMK", "1005"),
        ("တစ်ရာ", "MMK", "100"),
        ("တရာ", "MMK", "100"),
        ("ခုနှစ်ဆယ့်ခုနစ်", "MMK", "77"),
        ("၁ သိန်း ၅ သောင်း", "MMK", "150000"),
        ("၃ သိန်းနဲ့ ၅ သောင်း", "MMK", "350000"),
        ("၁ သိန်း ၂ သောင်းခွဲ", "MMK", "125000"),
        ("၂ သောင်း ၅၀၀", "MMK", "20500"),
        # Thai
        ("3 หมื่น", "THB", "30000"),
        ("สามแสนบาท", "THB", "300000"),
        ("สองหมื่นห้าพัน", "THB", "25000"),
        ("พันห้าร้อย", "THB", "1500"),
        ("ร้อยยี่สิบเอ็ด", "THB", "121"),
        ("แสนครึ่ง", "THB", "150000"),
        ("สองล้านครึ่ง", "THB", "2500000"),
        ("ครึ่งล้าน", "THB", "500000"),
        ("สิบห้าล้าน", "THB", "15000000"),
        # Khmer and Lao
        ("៥ ម៉ឺន", "KHR", "50000"),
        ("ប្រាំមួយរយ", "KHR", "600"),
        ("ដប់ប្រាំពាន់រៀល", "KHR", "15000"),
        ("មួយលានកន្លះ", "KHR", "1500000"),
        ("2 ລ້ານ", "LAK", "2000000"),
        ("ຫ້າຫມື່ນກີບ", "LAK", "50000"),
        ("ຊາວພັນ", "LAK", "20000"),
        ("ລ້ານເຄິ່ງ", "LAK", "1500000"),
        # English
        ("1.5 lakh", "MMK", "150000"),
        ("2 lacs", "MMK", "200000"),
        ("one crore twenty lakh", "MMK", "12000000"),
        ("two lakh fifty thousand", "MMK", "250000"),
        ("three hundred thousand kyat", "MMK", "300000"),
        ("a hundred and twenty-five thousand", "MMK", "125000"),
        ("1 lakh 5000", "MMK", "105000"),
        ("300k", "MMK", "300000"),
        ("5K", "THB", "5000"),
        ("1.5m", "THB", "1500000"),
        # Chinese
        ("3万5千", "CNY", "35000"),
        ("3.5万元", "CNY", "35000"),
        ("二十五万", "CNY", "250000"),
        ("一千零五十", "CNY", "1050"),
    ],
)
def test_ways_to_write_an_amount(text: str, currency: str, amount: str) -> None:
    assert parse_amount(text, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        *[
            (text, "MMK")
            for text in ("", " ", "a lot", "5 or 6", "5-6", "5/6", "-500", "−500", "(500)", "+500", "~500")
        ],
        *[(text, "MMK") for text in ("500?", "500%", "1e5", "0x10", "½", "5²", "9" * 1000, "1000000000001", "0500")],
        *[
            (text, "MMK")
            for text in ("1,23,456", "12,3456", "1,234.567", "1.234.56", "0.500", "1,,000", "1, 000", ".5")
        ],
        *[(text, "MMK") for text in ("12.5", "12,34", "0.5", "1.234,50", "၅၀00", "5 000 00", "10:30", "24/12/2026")],
        # a rest, a count or an order that people and books read differently
        *[
            (text, "MMK")
            for text in ("1 lakh 5", "1 lakh 500", "one lakh fifty", "1.5 lakh 500", "50000k", "1,500 lakh")
        ],
        *[(text, "MMK") for text in ("1.500 lakh", "2 thousand 2 thousand", "5 thousand 3 lakh", "300000 thousand")],
        *[(text, "MMK") for text in ("five thousand and thirty million", "ten five", "twenty ten", "lakh", "and", "a")],
        *[(text, "MMK") for text in ("သောင်း", "သိန်း ၅", "သိန်း ၅၅", "သိန်းငါးထောင်", "တစ်သိန်းငါး", "ဆယ်နှစ်", "၂ နှစ်")],
        *[
            (text, "MMK")
            for text in ("သုံးလေးသောင်း", "ငါးထောင် သုံးသိန်း", "ငါးရာ သုံးဆယ်သိန်း", "သုံးသိန်းနဲ့ နှစ်သိန်း", "၅ သိန်းကျော်", "၂၀-၃၀ သောင်း")
        ],
        *[(text, "THB") for text in ("สองพันห้า", "แสนห้า", "ห้าหกร้อย", "สองสามพัน", "หลายพัน", "ห้า lakh", "สองสิบ")],
        *[(text, "CNY") for text in ("三万五", "3万5", "一百五")],
        # letters or digits
        *[(text, "MMK") for text in ("၅၀၀ရ", "၁ရ", "ရ၅၀", "ဝ", "ရ", "၅၀ဝယ်")],
        # another currency; K as a thousand or as the kyat
        *[(text, "MMK") for text in ("500 baht", "$5", "5 dollars", "၅၀၀ ဘတ်", "500 THB", "฿ 500 kyat", "5 US dollars")],
        *[(text, "MMK") for text in ("300K", "300 K", "kyat", "500 kyat 500", "5 kyat thousand", "5 lak")],
        *[("US$5", "SGD"), ("500 K", "THB"), ("50K", "LAK")],
    ],
)
def test_what_could_be_meant_otherwise_is_no_amount(text: str, currency: str) -> None:
    assert parse_amount(text, currency) is None


def ways_to_write(number: int) -> Iterator[str]:
    """A whole number in every digit set, grouping, spelling, and with every unit that it can be counted in."""
    plain = str(number)
    for language in SCRIPTS:
        for mark in ("", ",", ".", " ", "'"):
            yield digits(f"{number:,}".replace(",", mark), language)
        for numerals in NUMERALS.values():
            for unit, word in [*numerals.units.items(), *((value, word) for word, value in numerals.more.items())]:
                count, rest = divmod(number, unit) if unit >= 10 else (0, 0)
                if not count:
                    continue
                spelled = spell(rest, language) or str(rest)
                for behind in [f" {rest}", rest, f" {spelled}", spelled] if rest else [""]:
                    yield digits(f"{count} {word}{behind}", language)
                if number * 100 % unit == 0:
                    yield digits(f"{number * 100 // unit / 100:.2f} {word}", language)
                if rest * 2 == unit:
                    yield from (digits(f"{count} {word}{half}", language) for half in numerals.half)
        yield spell(number, language) or plain
        yield digits(plain.replace("0", "ဝ"), "my")


@settings(max_examples=15, deadline=None)
@given(NUMBERS)
@example(150_000)
@example(2_005)
@example(5_000_000)
def test_a_number_is_read_as_itself_or_not_at_all(number: int) -> None:
    for text in ways_to_write(number):
        assert parse_amount(text, "MMK") in (number, None), text


@given(NUMBERS, st.sampled_from(SCRIPTS), st.sampled_from(",.' "))
def test_plain_and_grouped_figures_are_always_read(number: int, language: str, mark: str) -> None:
    assert parse_amount(digits(str(number), language), "MMK") == number
    assert parse_amount(digits(f"{number:,}".replace(",", mark), language), "MMK") == number


@given(NUMBERS, st.sampled_from(SPOKEN))
def test_what_is_spelled_is_read_back(number: int, language: str) -> None:
    spelled = spell(number, language)
    assert spelled is None or parse_amount(spelled, "MMK") == number


@pytest.mark.parametrize("language", SPOKEN)
def test_round_amounts_are_spelled_in_every_language(language: str) -> None:
    rounds = [lead * 10**zeros for lead in range(1, 100) for zeros in range(2, 6)]
    assert [number for number in rounds if spell(number, language) is None] == []


@pytest.mark.long
def test_every_number_is_read_as_itself_or_not_at_all() -> None:
    """Every amount that a person may tap or mean, and as many of the others as there is time for."""
    chance = Random(7)
    for number in [*range(1500), *(chance.randrange(10 ** chance.randint(4, 9)) for _ in range(3000))]:
        for text in ways_to_write(number):
            assert parse_amount(text, "MMK") in (number, None), text
    for number in [*range(100_000), *range(100_000, 10**9, 98_765)]:
        for language in SPOKEN:
            spelled = spell(number, language)
            assert spelled is None or parse_amount(spelled, "MMK") == number, spelled


@pytest.mark.parametrize(
    ("line", "currency", "amount", "words"),
    [
        ("500 food", "MMK", 500, "food"),
        ("food 500", "MMK", 500, "food"),
        ("500", "MMK", 500, ""),
        ("food: 500", "MMK", 500, "food"),
        ("food - 500", "MMK", 500, "food"),
        ("500, food", "MMK", 500, "food"),
        ("500 🍚", "MMK", 500, "🍚"),
        ("a phone for mother 50,000 Ks", "MMK", 50_000, "a phone for mother"),
        ("rent 1.5 lakh", "MMK", 150_000, "rent"),
        ("two hundred thousand rent", "MMK", 200_000, "rent"),
        ("ထမင်း ၅၀၀", "MMK", 500, "ထမင်း"),
        ("ထမင်း၅၀၀", "MMK", 500, "ထမင်း"),
        ("၅၀၀ ကျပ် ထမင်း", "MMK", 500, "ထမင်း"),
        ("ဆေးဖိုး ၂ သောင်း", "MMK", 20_000, "ဆေးဖိုး"),
        ("အိမ်လခ သိန်းခွဲ", "MMK", 150_000, "အိမ်လခ"),
        ("ငါး ၅၀၀", "MMK", 500, "ငါး"),  # fish, not five
        ("အိမ် ငါး သိန်း", "MMK", 500_000, "အိမ်"),
        ("၀ယ် ၅၀၀", "MMK", 500, "ဝယ်"),  # zero typed for the letter wa
        ("ข้าว50บาท", "THB", 50, "ข้าว"),
        ("สามร้อย ข้าว", "THB", 300, "ข้าว"),
        ("ผักดอง 50", "THB", 50, "ผักดอง"),  # pickles, not dong
        ("bus 2 USD", "USD", 2, "bus"),
        ("បាយ ៨០០០៛", "KHR", 8000, "បាយ"),
        ("20.000 ເຂົ້າ", "LAK", 20_000, "ເຂົ້າ"),
    ],
)
def test_an_amount_beside_words(line: str, currency: str, amount: int, words: str) -> None:
    assert find_amount(line, currency) == (Decimal(amount), words)


@pytest.mark.parametrize(
    "line",
    [
        *("", "food", "2 phones 500", "two phones 500", "500 food 300 bus", "food 500 600", "2 phones", "5", "ငါး"),
        *("food -500", "- 500", "food (500)", "500 or 600 food", "about 500 food", "food about 500", "500 each egg"),
        *("5 kg rice", "100 days", "500%", "500 % off", "several thousand", "rent one lakh and a half", "cloth 500m"),
        *(
            "food 2 500",
            "10:30 food",
            "food 24/12/2026",
            "room ½ 500",
            "food 500K",
            "phone 500 baht",
            "500 dollars rent",
        ),
        *("500 us dollars rent", "phone 09123456789", "500food", "၅ သိန်းကျော် အိမ်", "၅၀၀ ကျော် ထမင်း", "၂ ရက် အိမ်ငှား"),
        *("ရ၅၀၀", "သုံး လေး သောင်း အိမ်", "ထမင်း ၅၀၀ မဟုတ်ဘူး", "500 +", "x" * 2000 + " 500"),
    ],
)
def test_a_line_in_which_no_amount_is_sure(line: str) -> None:
    assert find_amount(line, "MMK") is None


@given(
    st.lists(st.sampled_from(["food", "ထမင်း", "ငါး", "500", "၂", "-", "K", "or", "a", *WORDS]), max_size=6).map(
        " ".join
    )
)
def test_an_amount_in_a_line_is_one_that_could_stand_alone(line: str) -> None:
    found = find_amount(line, "MMK")
    if found is not None:
        amount, words = found
        typed = line.replace(words, "", 1)
        assert parse_amount(typed.strip(" -"), "MMK") == amount


@given(st.one_of(st.text(), st.lists(st.sampled_from([*WORDS, *" ,.-'0123456789၀၅ဝရkKmſ"])).map("".join)))
@example("ſ$5")  # a long s is an s in lower case only
def test_nothing_typed_raises(text: str) -> None:
    for currency in ("MMK", "THB", ""):
        amount = parse_amount(text, currency)
        assert amount is None or 0 <= amount <= 10**12
        find_amount(text, currency)
        names_another_currency(text, currency)


@pytest.mark.parametrize("piece", ["5", "5 ", "1,", "သိန်း ၅ ", "ဝရ", "၅ဝ,", "a ", "ห้า", "\u0301", "-", "and "])
@pytest.mark.parametrize("length", [190, 990, 100_000])
def test_long_texts_take_no_longer(piece: str, length: int) -> None:
    text = piece * (length // len(piece))
    for read in (parse_amount, find_amount, names_another_currency):
        began = time.process_time()
        read(text, "MMK")
        assert time.process_time() - began < 0.05


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("500 baht", True),
        ("$5", True),
        ("၅၀၀ ဘတ်", True),
        ("500 US dollars", True),
        ("500 kyat", False),
        ("300K", False),
        ("a lot", False),
        ("5 or 6", False),
    ],
)
def test_another_currency_is_noticed(text: str, another: bool) -> None:
    assert names_another_currency(text, "MMK") is another
