from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.text import Moment, Text, Verbatim, Words, _, n_
from tests.translations.conftest import MakeCatalog
from translations.languages import KNOWN
from translations.numbers import digits
from translations.wording import DEEPEST, GAP, word

AT = datetime(2026, 3, 3, 7, 10, tzinfo=UTC)  # a Tuesday; 13:40 in Yangon


def test_a_sentence_without_parameters_stands_as_written() -> None:
    assert word(_("100% yours"), "en") == "100% yours"
    assert word(_("%% and %(name)s and %"), "en") == "%% and %(name)s and %"


def test_a_sentence_with_parameters_is_formatted_and_a_stray_percent_survives() -> None:
    assert word(_("%(name)s: 100%% or 50% off", name="Aye"), "en") == "Aye: 100% or 50% off"
    assert word(_("%(name)d %(name)s", name="Aye"), "en") == "%(name)d Aye"


def test_what_a_person_typed_is_never_read_as_a_format() -> None:
    assert word(_("You said %(words)s", words="%(words)s %s %%"), "en") == "You said %(words)s %s %%"
    assert word(Verbatim("100%(x)s"), "en") == "100%(x)s"


def test_a_missing_parameter_is_a_gap_and_the_log_names_it_without_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert word(_("%(who)s reads this %(when)s", who="MARKER"), "en") == f"MARKER reads this {GAP}"
    assert "when" in caplog.text
    assert "MARKER" not in caplog.text


def test_english_chooses_its_plural_without_a_catalog() -> None:
    days = [word(n_("%(number)s day", "%(number)s days", number), "en") for number in (0, 1, 2, 11)]
    assert days == ["0 days", "1 day", "2 days", "11 days"]


def test_a_language_with_one_form_uses_it_for_every_number(use: MakeCatalog) -> None:
    use('msgid "%(number)s day"\nmsgid_plural "%(number)s days"\nmsgstr[0] "%(number)s ရက်"\n')
    days = [word(n_("%(number)s day", "%(number)s days", number), "my") for number in (0, 1, 2)]
    assert days == ["0 ရက်", "1 ရက်", "2 ရက်"]


def test_a_catalog_with_three_forms_chooses_by_its_own_rule(use: MakeCatalog) -> None:
    forms = "".join(f'msgstr[{form}] "%(number)s {name}"\n' for form, name in enumerate(("one", "few", "many")))
    use(
        f'msgid "%(number)s day"\nmsgid_plural "%(number)s days"\n{forms}',
        "ksw",
        plurals="nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2);",
    )
    days = [word(n_("%(number)s day", "%(number)s days", number), "ksw") for number in (1, 4, 5)]
    assert days == ["1 one", "4 few", "5 many"]


def test_sentences_within_sentences_are_worded_in_the_same_language(use: MakeCatalog) -> None:
    use('msgid "Food"\nmsgstr "အစားအစာ"\n\nmsgid "You chose %(need)s"\nmsgstr "%(need)s ကို ရွေးခဲ့သည်"\n')
    assert word(_("You chose %(need)s", need=_("Food")), "my") == "အစားအစာ ကို ရွေးခဲ့သည်"
    assert word(_("You left %(need)s", need=_("Food")), "my") == "You left Food", "never half and half"


def test_an_instrument_brings_its_own_wording() -> None:
    need = Verbatim("food", {"en": "Food", "my": "အစားအစာ", "th": ""})
    assert [word(need, language) for language in ("en", "my", "th", "lo")] == ["Food", "အစားအစာ", "Food", "Food"]
    assert word(Verbatim("A-17"), "my") == "A-17"


def test_nesting_without_end_is_cut() -> None:
    text: Words = Verbatim("core")
    for _depth in range(DEEPEST + 5):
        text = _("(%(inner)s)", inner=text)
    assert GAP in word(text, "en")
    assert word(_("(%(a)s)", a=_("(%(b)s)", b=Verbatim("core"))), "en") == "((core))"


@pytest.mark.parametrize(
    ("style", "language", "now", "words"),
    [
        ("time", "en", None, "13:40"),
        ("day", "en", None, "Tuesday 3 March"),
        ("day and time", "en", None, "Tuesday 3 March, 13:40"),
        ("day", "en", AT, "today"),
        ("day", "en", AT - timedelta(days=1), "tomorrow"),
        ("day", "en", AT + timedelta(days=1), "yesterday"),
        ("day", "en", AT - timedelta(days=2), "Tuesday 3 March"),
        ("day", "en", AT - timedelta(hours=15), "tomorrow"),  # the evening before, in Yangon
        ("day", "en", AT - timedelta(hours=13), "today"),  # past midnight in Yangon, not yet in UTC
        ("day and time", "en", AT, "today, 13:40"),
        ("day", "en", AT - timedelta(days=300), "Tuesday 3 March 2026"),
        ("day", "my", None, "မတ် 3 အင်္ဂါ"),
        ("day", "my", AT - timedelta(days=300), "2026 မတ် 3 အင်္ဂါ"),
        ("day", "th", None, "วันอังคารที่ 3 มีนาคม"),
        ("day", "th", AT - timedelta(days=300), "วันอังคารที่ 3 มีนาคม 2569 (2026)"),
        ("day", "shn", None, "Tuesday 3 March"),
        ("day", "ksw", None, "Tuesday 3 March"),
    ],
)
def test_moments_are_worded_on_the_readers_clock(
    use: MakeCatalog, style: str, language: str, now: datetime | None, words: str
) -> None:
    use('msgid "at %(when)s"\nmsgstr "%(when)s"\n', language)
    worded = word(_("at %(when)s", when=Moment(AT, "Asia/Yangon", style)), language, now=now)
    assert worded.removeprefix("at ") == words


def test_near_days_use_the_catalogs_words_and_order(use: MakeCatalog) -> None:
    use(
        'msgid "at %(when)s"\nmsgstr "%(when)s"\n\nmsgid "tomorrow"\nmsgstr "မနက်ဖြန်"\n\n'
        'msgid "%(day)s, %(time)s"\nmsgstr "%(time)s၊ %(day)s"\n'
    )
    when = Moment(AT, "Asia/Yangon")
    assert word(_("at %(when)s", when=when), "my", now=AT - timedelta(days=1)) == "13:40၊ မနက်ဖြန်"


@pytest.mark.parametrize("zone", ["Nowhere/Land", "", "../etc/passwd", "Asia", "\0"])
def test_a_zone_that_does_not_exist_is_worded_in_utc_and_says_so(zone: str) -> None:
    assert word(_("%(at)s", at=Moment(AT, zone, "time")), "en") == "07:10 UTC"


def test_digits_are_latin_unless_asked_for() -> None:
    assert word(_("%(n)s left", n=40), "my") == "40 left"
    assert digits("1,204 / 3", "my") == "၁,၂၀၄ / ၃"
    assert digits("1,204", "shn") == "႑,႒႐႔"
    assert digits("1,204", "en") == digits("1,204", "nowhere") == "1,204"


moments = st.builds(
    Moment,
    st.datetimes(timezones=st.one_of(st.none(), st.just(UTC), st.just(timezone(timedelta(hours=14))))),
    st.one_of(st.sampled_from(["Asia/Yangon", "America/New_York", "UTC"]), st.text(max_size=12)),
    st.one_of(st.sampled_from(["time", "day", "day and time"]), st.text(max_size=5)),
)
names = st.one_of(st.sampled_from(["name", "number", "b"]), st.text(max_size=5))
messages = st.one_of(
    st.lists(st.sampled_from(["%", "%%", "%(name)s", "%(b)s", "%(number)d", "(", "s", "%(", "ကား", " "])).map("".join),
    st.text(),
)
verbatims = st.builds(Verbatim, st.text(), st.dictionaries(st.sampled_from(["en", "my", "x"]), st.text(), max_size=3))
leaves = st.one_of(st.text(), st.integers(), st.just(10**5000), moments, verbatims)
texts = st.recursive(
    st.builds(Text, messages, st.just({})),
    lambda inner: st.builds(
        Text, messages, st.dictionaries(names, st.one_of(leaves, inner), max_size=4), st.one_of(st.none(), messages)
    ),
    max_leaves=6,
)


@given(
    st.one_of(texts, verbatims),
    st.one_of(st.sampled_from(sorted(KNOWN)), st.text(max_size=4)),
    st.one_of(st.none(), st.just(AT), st.datetimes()),
)
def test_wording_never_raises(text: Words, language: str, now: datetime | None) -> None:
    assert isinstance(word(text, language, now=now), str)


@given(st.text(), st.text())
def test_parameters_come_through_whole(before: str, value: str) -> None:
    sentence = before.replace("%", "%%") + "%(value)s"
    assert word(Text(sentence, {"value": value}), "en") == before + value
