"""The instruments: what they ask is the paper's, and what was released stays as it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from conversations.instruments import CHECKIN, FOLLOWUP, FORMS, INSTRUMENTS, NEEDS, Instrument, read
from conversations.instruments.form import KINDS, Form, decode, encode, read_form
from conversations.script import Reply, Status
from tests.conversations.freeze import ChangedError, digests_of, freeze, read_lock, write

PAPER = {
    "economic": ["employment", "money_expenses", "debt", "integration_planning", "culture_religion"],
    "legal": ["legal_proceedings", "id_documents", "compensation", "legal_information"],
    "basic": ["family_communication", "housing", "food"],
    "safety": ["safety_destination", "protection_individuals", "family_safety"],
    "health": ["medical_basic", "medical_serious", "psychological"],
    "education": ["life_skills", "vocational", "child_school"],
}
"""The needs of paper 001 by category, numbers 1 to 21 (DOMAIN A1)."""

ORDER = [code for codes in PAPER.values() for code in codes]

URGENT = {
    *("housing", "food", "safety_destination", "protection_individuals"),
    *("family_safety", "medical_serious", "psychological"),
}
DATED = {"culture_religion", "legal_proceedings", "id_documents", "compensation", "child_school"}
"""DOMAIN D5."""

A_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
EVERY = pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda i: f"{i.name}.{i.version}")


def test_the_needs_are_the_21_of_the_paper_in_its_order() -> None:
    assert [item.code for item in NEEDS.items] == ORDER
    assert len(set(ORDER)) == 21
    assert [len(codes) for codes in PAPER.values()] == [5, 4, 3, 3, 3, 3]


def test_the_needs_stand_in_six_categories_with_the_counts_of_the_paper() -> None:
    assert list(NEEDS.categories) == list(PAPER)
    assert list(Counter(item.category for item in NEEDS.items).values()) == [5, 4, 3, 3, 3, 3]


def test_seven_needs_are_urgent_and_five_have_a_date_unless_a_programme_says_otherwise() -> None:
    assert {item.code for item in NEEDS.items if item.urgency == "urgent"} == URGENT
    assert {item.code for item in NEEDS.items if item.urgency == "dated"} == DATED
    assert {item.urgency for item in NEEDS.items} == {"urgent", "dated", "normal"}


def test_the_scale_goes_from_1_to_4() -> None:
    assert [step.code for step in NEEDS.scale] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("first", range(13))
def test_whatever_block_comes_first_each_need_is_asked_once_and_blocks_stay_together(first: int) -> None:
    items = list(NEEDS.blocks(first))
    assert sorted(item.code for item in items) == sorted(ORDER)
    blocks = list(dict.fromkeys(item.category for item in items))
    order = list(PAPER)
    assert blocks == order[first % 6 :] + order[: first % 6]
    for category in blocks:
        codes = [item.code for item in items if item.category == category]
        assert codes == [code for code in ORDER if NEEDS.item(code).category == category]


def fits(code: str) -> bool:
    """Whether a code fits a button; a dot sets apart what hangs on an item."""
    return code.isascii() and 0 < len(code) <= 24 and "." not in code and not code.startswith("~")


def test_every_need_has_words_in_the_first_language_and_a_code_that_fits_a_button() -> None:
    for item in NEEDS.items:
        assert item.label.wordings["en"]
        assert fits(item.code)


# --- forms ---------------------------------------------------------------------------------------------------


@A_FORM
def test_every_question_has_words_in_each_language_and_codes_that_fit_a_button(form: Form) -> None:
    codes = [question.code for question in form.questions]
    assert len(set(codes)) == len(codes)
    for question in form.questions:
        assert question.kind in KINDS
        assert question.text.wordings.keys() == form.wording.keys(), question.code
        assert fits(question.code)
        answers = [answer.code for answer in question.answers]
        assert len(set(answers)) == len(answers)
        assert all(fits(code) for code in answers)
        assert all(answer.label.wordings.keys() == form.wording.keys() for answer in question.answers)


@A_FORM
def test_a_question_depends_only_on_what_was_asked_before_it(form: Form) -> None:
    for number, question in enumerate(form.questions):
        before = {each.code: {answer.code for answer in each.answers} for each in form.questions[:number]}
        for code, wanted in question.ask_if.items():
            assert set(wanted) <= before[code], question.code


def test_the_checkin_has_two_core_statements_on_each_axis_and_one_more() -> None:
    assert Counter(question.axis for question in CHECKIN.part("core")) == dict.fromkeys("1234", 2)
    assert Counter(question.axis for question in CHECKIN.part("extra")) == dict.fromkeys("1234", 1)
    for question in (*CHECKIN.part("core"), *CHECKIN.part("extra")):
        assert [answer.code for answer in question.answers] == ["0", "1", "2", "3", "4"], "kept as 0 to 4"


def test_what_made_things_harder_can_be_what_the_papers_name() -> None:
    pressures = {answer.code for answer in CHECKIN.question("pressed").answers}
    assert pressures == {"gossip", "threats", "waiting", "retelling", "rules", "depending", "nothing"}
    for code in ("helped", "harder", "pressed"):
        assert CHECKIN.question(code).most == 3


def test_the_follow_up_asks_how_it_is_now_and_whether_we_helped_unless_it_no_longer_matters() -> None:
    now, helped = FOLLOWUP.questions
    assert [answer.code for answer in now.answers] == ["solved", "better", "same", "harder", "unimportant"]
    assert [each.code for each in now.answers if helped.is_asked({"now": [each.code]})] == [
        *("solved", "better", "same", "harder"),
    ]
    assert not helped.is_asked({}), "nor after a skip"


@A_FORM
def test_any_answer_is_kept_as_a_number_and_read_back(form: Form) -> None:
    for question in form.questions:
        codes = [answer.code for answer in question.answers]
        if question.kind == "choice":
            for code in codes:
                value = encode(question, Reply(Status.ANSWERED, code))
                assert decode(question, value) == code
        elif question.kind == "several":
            for ticked in ([], codes[:1], codes[2:], codes):
                value = encode(question, Reply(Status.ANSWERED, ticked[::-1]))
                assert decode(question, value) == ticked
        assert encode(question, Reply(Status.SKIPPED)) is None
        assert decode(question, None) is None


def test_the_digests_of_a_form_tell_what_is_asked_from_its_words() -> None:
    text = """
    name = "small"
    version = 1
    title = {en = "Title", my = "ခေါင်းစဉ်"}
    [[questions]]
    code = "a"
    kind = "choice"
    text = {en = "Question", my = "မေးခွန်း"}
    hint = {en = "Hint"}
    options = [{code = "yes", label = {en = "Yes"}}, {code = "no", label = {en = "No"}}]
    [[questions]]
    code = "b"
    kind = "words"
    text = {en = "More"}
    ask_if = {a = ["yes"]}
    """
    small = read_form(text)
    for word in ("Title", "Question", "Hint", "Yes", "More"):
        other = read_form(text.replace(word, f"{word}x"))
        assert other.wording["en"] != small.wording["en"], word
        assert other.wording["my"] == small.wording["my"]
        assert other.structure == small.structure
    for old, new in (('code = "no"', 'code = "non"'), ('["yes"]', '["no"]'), ('"words"', '"day"'), ("= 1", "= 2")):
        assert read_form(text.replace(old, new)).structure != small.structure, old


# --- frozen --------------------------------------------------------------------------------------------------


@EVERY
def test_what_a_released_version_asks_has_not_changed(instrument: Instrument | Form) -> None:
    name = f"{instrument.name}.{instrument.version}"
    frozen = read_lock().get(name)
    assert frozen is not None, f"{name} is new: freeze what it asks with `python -m tests.conversations.freeze`"
    assert instrument.structure == frozen["structure"], (
        f"{name} asks something else than when it was released: put the change into a new version of it"
    )


@EVERY
def test_the_words_of_a_released_version_have_not_changed(instrument: Instrument | Form) -> None:
    name = f"{instrument.name}.{instrument.version}"
    frozen = read_lock().get(name, {})
    now = digests_of(instrument)
    changed = [part for part in now if part in frozen and now[part] != frozen[part]]
    assert not changed, f"{changed} of {name} are not what was released: put the change into a new version of it"
    open_ones = [part for part in now if part not in frozen]
    if open_ones:
        pytest.skip(
            f"{', '.join(open_ones)} of {name} may still change; once they are read by a native reader and released, "
            "freeze them with `python -m tests.conversations.freeze --wording`"
        )


def test_every_frozen_instrument_is_still_there() -> None:
    assert set(read_lock()) == {f"{i.name}.{i.version}" for i in INSTRUMENTS.values()}


def test_freezing_adds_what_is_new_and_keeps_what_stands() -> None:
    lock = freeze({}, [NEEDS], wording=False)
    assert lock == {"needs.1": {"structure": NEEDS.structure}}
    lock = freeze(lock, [NEEDS], wording=True)
    assert lock == {"needs.1": digests_of(NEEDS)}
    assert freeze(lock, [], wording=True) == lock


def test_nothing_frozen_can_be_frozen_anew() -> None:
    lock = freeze({}, [NEEDS], wording=True)
    for changed in (replace(NEEDS, structure="0"), replace(NEEDS, wording={"en": "0"})):
        with pytest.raises(ChangedError, match="higher version"):
            freeze(lock, [changed], wording=False)
    assert freeze(lock, [replace(NEEDS, version=2, structure="0")], wording=False)["needs.2"] == {"structure": "0"}


def test_a_lock_is_read_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("lock") / "lock.toml"
    lock = freeze({}, [NEEDS, replace(NEEDS, version=2)], wording=True)
    path.write_text(write(lock), encoding="utf-8")
    assert read_lock(path) == lock


def test_the_digest_of_the_words_tells_one_language_from_another_and_sees_every_word() -> None:
    text = """
    name = "small"
    version = 1
    question = {en = "Question", my = "မေးခွန်း"}
    meaning = {en = "Meaning"}
    scale = [{code = "1", label = {en = "One"}}]
    categories = [{code = "all", label = {en = "All"}}]
    items = [{code = "a", category = "all", urgency = "normal", label = {en = "A"}, hint = {en = "Hint"}}]
    """
    small = read(text)
    for word in ("Question", "Meaning", "One", "All", '"A"', "Hint"):
        other = read(text.replace(word, f'{word[:-1]}x"' if word.endswith('"') else f"{word}x"))
        assert other.wording["en"] != small.wording["en"], word
        assert other.wording["my"] == small.wording["my"]
        assert other.structure == small.structure
    for old, new in (('code = "1"', 'code = "2"'), ('code = "a"', 'code = "b"'), ("version = 1", "version = 2")):
        assert read(text.replace(old, new)).structure != small.structure
    assert read(text.replace('"normal"', '"urgent"')).structure == small.structure, "a programme may change urgency"
