from __future__ import annotations

import logging
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.encoding import Read, comparable, read_burmese, write_zawgyi

# Unicode and the same in Zawgyi; ICU's transliterator (Zawgyi-my) turns each right one into the left.
SURE = [
    ("ကျွန်တော် အလုပ်ရှာချင်ပါတယ်", "ကြၽန္ေတာ္ အလုပ္ရွာခ်င္ပါတယ္"),
    ("ကျေးဇူးတင်ပါတယ်", "ေက်းဇူးတင္ပါတယ္"),
    ("အလုပ်", "အလုပ္"),
    ("ငွေ", "ေငြ"),
    ("ဆေး", "ေဆး"),
    ("အိမ်", "အိမ္"),
    ("ကလေးတွေအတွက် ကျောင်းစရိတ်လိုတယ်", "ကေလးေတြအတြက္ ေက်ာင္းစရိတ္လိုတယ္"),
    ("နေကောင်းလား", "ေနေကာင္းလား"),
    ("ရဲစခန်း", "ရဲစခန္း"),
    ("ဟုတ်တယ်", "ဟုတ္တယ္"),
    ("မဟုတ်ဘူး", "မဟုတ္ဘူး"),
    ("ကျန်းမာရေး", "က်န္းမာေရး"),
    ("သူငယ်ချင်း", "သူငယ္ခ်င္း"),
    ("ရန်ကုန်", "ရန္ကုန္"),
    ("မြန်မာ", "ျမန္မာ"),
    ("ကြောက်တယ်", "ေၾကာက္တယ္"),
    ("ပိုက်ဆံ မရှိဘူး", "ပိုက္ဆံ မရွိဘူး"),
    ("အကူအညီ လိုချင်ပါတယ်", "အကူအညီ လိုခ်င္ပါတယ္"),
    ("ဘယ်သူမှ မပြောပါနဲ့", "ဘယ္သူမွ မေျပာပါနဲ႔"),
    ("ဖုန်းမဆက်ပါနဲ့", "ဖုန္းမဆက္ပါနဲ႔"),
    ("မနက်ဖြန် လာပါ", "မနက္ျဖန္ လာပါ"),
    ("သားသမီး ၃ ယောက် ရှိတယ်", "သားသမီး ၃ ေယာက္ ရွိတယ္"),
    ("ကုန်သည်", "ကုန္သည္"),
    ("တက္ကသိုလ်", "တကၠသိုလ္"),
    ("ဦးလေး", "ဦးေလး"),
    ("ဉာဏ်ကြီးရှင်", "ဉာဏ္ႀကီးရွင္"),
]
MIDDLING = [("ဟုတ်ကဲ့", "ဟုတ္ကဲ့"), ("မင်္ဂလာပါ", "မဂၤလာပါ")]
"""Too short for the detector to be sure (0.66 and 0.54)."""
ALIKE = ["မလိုဘူး", "ကား", "မိသားစု", "စား", "မလို", "မသိဘူး"]
"""The detector gives these Unicode words 0.69 to 0.93; they are written alike in both encodings."""
SHAN = ["မႂ်ႇသုင်ၶႃႈ", "ၵႃႈၸႂ်", "လိၵ်ႈတႆး"]
KAREN = ["ကညီကျိာ်", "တၢ်ဘျုး"]


@pytest.mark.parametrize(("right", "zawgyi"), SURE)
def test_zawgyi_is_converted_and_the_original_kept(right: str, zawgyi: str) -> None:
    assert read_burmese(zawgyi, "my") == Read(right, zawgyi, "zawgyi")


@pytest.mark.parametrize("right", [right for right, _zawgyi in SURE + MIDDLING])
def test_unicode_is_left_alone(right: str) -> None:
    read = read_burmese(right, "my")
    assert read.text == read.original == right
    assert read.encoding == ("unsure" if right in ("တက္ကသိုလ်", "အိမ်") else "unicode")


@pytest.mark.parametrize(("right", "zawgyi"), SURE + MIDDLING)
def test_what_goes_out_in_zawgyi(right: str, zawgyi: str) -> None:
    assert write_zawgyi(right) == zawgyi
    assert write_zawgyi(f"OK {right} 09-123 https://t.me/x") == f"OK {zawgyi} 09-123 https://t.me/x"


@pytest.mark.parametrize("zawgyi", [zawgyi for _right, zawgyi in MIDDLING])
def test_a_middling_text_is_kept_and_flagged(zawgyi: str) -> None:
    assert read_burmese(zawgyi, "my") == Read(zawgyi, zawgyi, "unsure")


@pytest.mark.parametrize("word", ALIKE)
def test_a_word_written_alike_in_both_is_not_in_doubt(word: str) -> None:
    assert read_burmese(word, "my") == Read(word, word, "unicode")
    assert write_zawgyi(word) == word


@pytest.mark.parametrize("text", ["", "123", "၁၂၃", "hello", "😀", "สวัสดี", " \n"])
def test_without_burmese_letters_there_is_nothing_to_judge(text: str) -> None:
    assert read_burmese(text, "my") == Read(text, text, "unicode")
    assert write_zawgyi(text) == text


@pytest.mark.parametrize("language", ["shn", "ksw", "kac"])
@pytest.mark.parametrize("text", SHAN + KAREN + [zawgyi for _right, zawgyi in SURE[:3]])
def test_shan_and_karen_are_left_alone(text: str, language: str) -> None:
    read = read_burmese(text, language)
    assert (read.original, read.encoding) == (text, "unicode")
    assert read.text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("language", ["en", "th", ""])
def test_for_another_language_zawgyi_is_flagged_and_not_converted(language: str) -> None:
    zawgyi = SURE[0][1]
    assert read_burmese(zawgyi, language) == Read(zawgyi, zawgyi, "unsure")


@pytest.mark.parametrize("text", SHAN + KAREN)
def test_shan_and_karen_typed_by_a_burmese_reader_are_not_damaged(text: str) -> None:
    assert read_burmese(text, "my").text == unicodedata.normalize("NFC", text)


def test_text_is_normalised() -> None:
    assert read_burmese("ဥ" + "ီ", "my").text == "ဦ"
    assert read_burmese("e\u0301", "en") == Read("é", "e\u0301", "unicode")


def test_a_syllable_the_converter_does_not_know_costs_nothing(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert write_zawgyi("ကျွန်တော် ၎း") == "ကျွန်တော် ၎း", "the whole text, not all but a piece"
    assert capsys.readouterr().out == "", "the library would print the person's words"
    assert "၎" not in caplog.text
    assert len(caplog.records) == 1


@given(st.one_of(st.text(), st.text("ကခဂငစညတနမရလသအဥ္်ျြွှါာိီုူေဲံ့း၌၍၎၏ၤႀ၁၂ abc")), st.sampled_from(["my", "shn", "en"]))
def test_reading_and_writing_never_raise_and_never_lose_the_original(text: str, language: str) -> None:
    read = read_burmese(text, language)
    assert read.original == text
    assert unicodedata.is_normalized("NFC", read.text)
    assert isinstance(write_zawgyi(text), str)


def test_texts_are_compared_without_what_is_not_seen() -> None:
    assert comparable("မနက်\u200bဖြန်\ufeff") == comparable("မနက်ဖြန်")
    assert comparable("TODAY") == "today"
