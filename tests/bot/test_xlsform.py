"""Forms of KoboToolbox and ODK, brought over: what we have, what is said of the rest, and files that are none."""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.errors import OperatorError
from bot.proof import examine
from bot.xlsform.conditions import read_condition
from bot.xlsform.form import Brought, bring
from bot.xlsform.words import language_of, plain, safe_code
from bot.xlsform.writing import write_form
from conversations.instruments.form import KINDS, read_form
from tests.bot.test_commands import leave

Sheet: TypeAlias = Sequence[Sequence[object]]

EN, MY = "label::English (en)", "label::Burmese (my)"

YES_NO: Final[Sheet] = (
    ("list_name", "name", EN, MY),
    ("yn", "yes", "Yes", "ဟုတ်တယ်"),
    ("yn", "no", "No", "မဟုတ်ဘူး"),
    ("yn", "later", "Later", "နောက်မှ"),
)
SETTINGS: Final[Sheet] = (("form_title", "form_id", "version"), ("After a visit", "visit", "3"))

Bring: TypeAlias = Callable[..., Brought]


def write_book(path: Path, **sheets: Sheet) -> Path:
    """A workbook as Excel writes it."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


@pytest.fixture
def brought(tmp_path: Path) -> Bring:
    """What comes of a survey with these rows below its heads."""

    def make(
        *rows: Sequence[object],
        heads: Sequence[str] = ("type", "name", EN, MY),
        choices: Sheet = YES_NO,
        settings: Sheet = SETTINGS,
    ) -> Brought:
        path = write_book(tmp_path / "form.xlsx", survey=[heads, *rows], choices=choices, settings=settings)
        return bring(path)

    return make


def questions_of(brought: Brought) -> list[dict[str, Any]]:
    """The questions of the new file, which must be one that can be asked."""
    examined = examine(brought.source)
    assert examined.form is not None, [fault.told_of("x") for fault in examined.faults]
    questions: list[dict[str, Any]] = tomllib.loads(brought.source)["questions"]
    return questions


def of_rows(brought: Brought) -> list[str]:
    """What is said of single rows."""
    return [remark for remark in brought.remarks if remark.startswith("row ")]


def test_what_we_have_is_brought_over_whole(brought: Bring) -> None:
    made = brought(
        ("begin_group", "about", "About it", "အကြောင်း"),
        ("select_one yn", "came", "Did you come?", "လာခဲ့လား။"),
        ("select_multiple yn", "which", "Which?", "ဘယ်ဟာလဲ။"),
        ("text", "why", "Why?", "ဘာကြောင့်လဲ။"),
        ("end_group",),
        ("date", "day", "On which day?", "ဘယ်နေ့လဲ။"),
        ("note", "thanks", "Thank you.", "ကျေးဇူးတင်ပါတယ်။"),
    )
    assert [(q["code"], q["kind"]) for q in questions_of(made)] == [
        ("came", "choice"),
        ("which", "several"),
        ("why", "words"),
        ("day", "day"),
        ("thanks", "note"),
    ]
    form = read_form(made.source)
    assert (form.name, form.version, dict(form.title.wordings)) == (
        "visit",
        3,
        {"en": "After a visit", "my": "After a visit"},
    )
    assert dict(form.question("came").text.wordings) == {"en": "Did you come?", "my": "လာခဲ့လား။"}
    assert [(a.code, dict(a.label.wordings)["my"]) for a in form.question("which").answers] == [
        ("yes", "ဟုတ်တယ်"),
        ("no", "မဟုတ်ဘူး"),
        ("later", "နောက်မှ"),
    ]
    assert made.remarks == ["name: visit; title: After a visit in every language"]


@pytest.mark.parametrize(
    ("relevant", "ask_if"),
    [
        ("${came} = 'yes'", {"came": ["yes"]}),
        ("${came}='yes'", {"came": ["yes"]}),
        ('${ came } = "no"', {"came": ["no"]}),
        ("${came} = ‘yes’", {"came": ["yes"]}),
        ("selected(${which}, 'no')", {"which": ["no"]}),
        ("selected( ${came} ,'no') and ${which}='yes'", {"came": ["no"], "which": ["yes"]}),
        ("${came}='yes' or ${came}='later'", {"came": ["yes", "later"]}),
        ("(${came}='yes' or ${came}='later') and ${which}='no'", {"came": ["yes", "later"], "which": ["no"]}),
    ],
)
def test_a_condition_that_we_have(brought: Bring, relevant: str, ask_if: dict[str, list[str]]) -> None:
    made = brought(
        ("select_one yn", "came", "Came?", None, None),
        ("select_multiple yn", "which", "Which?", None, None),
        ("text", "why", "Why?", None, relevant),
        heads=("type", "name", EN, MY, "relevant"),
    )
    assert questions_of(made)[-1]["ask_if"] == ask_if
    assert of_rows(made) == []


@pytest.mark.parametrize(
    ("relevant", "why"),
    [
        ("${age} > 18", "its condition cannot be brought over: ${age} > 18"),
        ("not(selected(${came}, 'yes'))", "its condition cannot be brought over: not(selected(${came}, 'yes'))"),
        ("${came} != 'yes'", "its condition cannot be brought over: ${came} != 'yes'"),
        (
            "${came}='yes' or ${which}='no'",
            "its condition cannot be brought over: ${came}='yes' or ${which}='no'",
        ),
        (
            "${came}='yes' or ${came}='no' and ${which}='no'",
            "its condition cannot be brought over: ${came}='yes' or ${came}='no' and ${which}='no'",
        ),
        (
            "selected(${which}, 'yes') and selected(${which}, 'no')",
            "its condition asks for two things of which at once",
        ),
        ("${words} = 'yes'", "its condition looks at words, which is no choice that comes before it here"),
        ("${after} = 'yes'", "its condition looks at after, which is no choice that comes before it here"),
        ("${came} = 'maybe'", "its condition looks for maybe, which is no option of came"),
    ],
)
def test_nothing_is_asked_without_a_condition_that_we_do_not_have(brought: Bring, relevant: str, why: str) -> None:
    made = brought(
        ("select_one yn", "came", "Came?", None, None),
        ("select_multiple yn", "which", "Which?", None, None),
        ("text", "words", "Words?", None, None),
        ("text", "why", "Why?", None, relevant),
        ("select_one yn", "after", "After?", None, None),
        heads=("type", "name", EN, MY, "relevant"),
    )
    assert [question["code"] for question in questions_of(made)] == ["came", "which", "words", "after"]
    assert of_rows(made) == [f"row 5 (why): left out: {why}"]


def test_what_hangs_on_a_question_that_is_left_out_is_left_out_with_it(brought: Bring) -> None:
    made = brought(
        ("select_one yn", "came", "Came?", None, "${gone} = 1"),
        ("select_one yn", "then", "Then?", None, "${came} = 'yes'"),
        ("begin_group", "g", "G", None, "${then} = 'yes'"),
        ("text", "inside", "Inside?", None, None),
        ("end_group",),
        ("text", "last", "Last?", None, None),
        heads=("type", "name", EN, MY, "relevant"),
    )
    assert [question["code"] for question in questions_of(made)] == ["last"]
    assert [line.partition(":")[0] for line in of_rows(made)] == ["row 2 (came)", "row 3 (then)", "row 5 (inside)"]


def test_a_question_keeps_the_conditions_of_the_groups_around_it(brought: Bring) -> None:
    made = brought(
        ("select_one yn", "a", "A?", None, None),
        ("select_one yn", "b", "B?", None, None),
        ("begin group", "g", "G", None, "${a} = 'yes'"),
        ("begin group", "h", "H", None, None),
        ("text", "c", "C?", None, "${b} = 'no'"),
        ("end group",),
        ("text", "d", "D?", None, None),
        ("end group",),
        ("text", "e", "E?", None, None),
        heads=("type", "name", EN, MY, "relevant"),
    )
    conditions = {question["code"]: question.get("ask_if") for question in questions_of(made)}
    assert conditions == {"a": None, "b": None, "c": {"a": ["yes"], "b": ["no"]}, "d": {"a": ["yes"]}, "e": None}


def test_of_two_questions_with_one_name_neither_can_be_looked_at(brought: Bring) -> None:
    made = brought(
        ("select_one yn", "a", "A?", None, None),
        ("select_one yn", "a", "A again?", None, None),
        ("text", "b", "B?", None, "${a} = 'yes'"),
        heads=("type", "name", EN, MY, "relevant"),
    )
    assert [question["code"] for question in questions_of(made)] == ["a", "a_2"]
    assert of_rows(made) == [
        "row 4 (b): left out: its condition looks at a, which is no choice that comes before it here"
    ]


@pytest.mark.parametrize(
    ("what", "kind", "remark"),
    [
        ("integer", "words", "integer: asked for in own words; there are no numbers"),
        ("decimal", "words", "decimal: asked for in own words; there are no numbers"),
        ("time", "words", "time: asked for in own words; there are days, without hours"),
        ("dateTime", "words", "dateTime: asked for in own words; there are days, without hours"),
        ("audio", "words", "audio: asked for in own words, which can be spoken"),
        ("acknowledge", "note", "acknowledge: shown as a note"),
        ("rank yn", "several", "rank yn: any of them, in no order"),
        (
            "select_one yn or_other",
            "choice",
            "select_one yn or_other: without 'or other': add an option, and a question for its words",
        ),
        ("geopoint", "", "left out: geopoint; nobody is asked where they are"),
        ("image", "", "left out: image; no pictures or files are asked for"),
        ("calculate", "", "left out: calculate; nothing is calculated"),
        ("deviceid", "", "left out: deviceid; First Say keeps its own times, and nothing about a phone"),
        ("select_one gone", "", "left out: select_one gone; there is no list gone in the sheet choices"),
        ("select_one lone", "", "left out: select_one lone; the list lone has one option only"),
        (
            "select_one_from_file towns.csv",
            "",
            "left out: select_one_from_file towns.csv; options cannot come from another file",
        ),
        ("holiday", "", "left out: holiday; there is nothing like it"),
    ],
)
def test_every_other_type_is_named_with_what_becomes_of_it(brought: Bring, what: str, kind: str, remark: str) -> None:
    made = brought(("text", "first", "First?"), (what, "it", "What?"), choices=[*YES_NO, ("lone", "one", "One", "တစ်")])
    assert [question["kind"] for question in questions_of(made)] == ["words", *([kind] if kind else [])]
    assert of_rows(made) == [f"row 3 (it): {remark}"]


def test_columns_without_a_meaning_here_are_named_row_by_row(brought: Bring) -> None:
    made = brought(
        ("text", "a", "A?", None, "yes", "w1", ". != ''", "Please", "5", "cat.png", "x"),
        ("text", "b", "B?", None, "no", None, None, None, None, None, None),
        ("begin_group", "g", "G", None, None, "field-list", None, None, None, None, None),
        ("end_group",),
        heads=(
            *("type", "name", EN, MY, "required", "appearance", "constraint", "constraint_message", "default"),
            *("media::image", "$kuid"),
        ),
    )
    assert of_rows(made) == [
        "row 2 (a): without required, constraint, constraintMsg, appearance, default, image",
        "row 4 (g): without appearance",
    ]


def test_a_repeat_is_left_out_with_everything_in_it(brought: Bring) -> None:
    made = brought(
        ("begin_repeat", "children", "Children"),
        ("begin_group", "g", "G"),
        ("text", "name", "Name?"),
        ("end_group",),
        ("end_repeat",),
        ("text", "last", "Last?"),
    )
    assert [question["code"] for question in questions_of(made)] == ["last"]
    assert of_rows(made) == [
        "row 2 (children): left out: begin_repeat and all that is in it; a form here has questions only",
        "row 4 (name): left out: text; it is in something that cannot be brought over",
    ]


def test_words_lose_their_formatting_and_never_show_a_placeholder(brought: Bring) -> None:
    made = brought(
        ("text", "a", "How **was** <b>it</b>,\nfor <span style='x'>you</span>?"),
        ("note", "b", "Dear ${a}, thank you"),
        ("text", "c", "C?"),
    )
    first, _last = questions_of(made)
    assert first["text"]["en"] == "How was it,\nfor you?"
    assert of_rows(made) == ["row 3 (b): left out: its words repeat another answer, ${…}; write them without it"]


def test_codes_are_made_safe_and_the_mapping_is_told(brought: Bring) -> None:
    choices = (
        ("list_name", "name", EN),
        ("A list", "Yes!", "Yes"),
        ("A list", "yes", "Yes, yes"),
        ("A list", "3", "3"),
    )
    made = brought(
        ("select_one A", "Q 1", "One?"),
        ("select_one AB", "Q-1", "Two?"),
        ("text", "a_name_that_is_much_too_long", "Three?"),
        ("text", None, "Four?", None, "${Q 1} = 'Yes!'"),
        heads=("type", "name", EN, MY, "relevant"),
        choices=[(row[0].replace("A list", name), *row[1:]) for name in ("A", "AB") for row in choices],
    )
    questions = questions_of(made)
    assert [question["code"] for question in questions] == ["q_1", "q_1_2", "a_name_that_is_much_too", "row_5"]
    assert questions[-1]["ask_if"] == {"q_1": ["yes"]}
    assert made.remarks[1] == (
        "codes: the list A is a, A: Yes! is yes, A: yes is yes_2, "
        "the list AB is ab, AB: Yes! is yes, AB: yes is yes_2, "
        "Q 1 is q_1, Q-1 is q_1_2, a_name_that_is_much_too_long is a_name_that_is_much_too"
    )


def test_a_language_that_is_not_complete_is_left_out_and_said_where(brought: Bring) -> None:
    made = brought(("text", "a", "A?", "က?"), ("select_one yn", "b", "B?", None), ("text", "c", "C?", "ဂ?"))
    assert set(read_form(made.source).wording) == {"en"}
    assert made.remarks[0] == (
        "my: left out, since 1 of 6 texts are not there (row 3); fill them in and bring the form over again"
    )


def test_the_language_with_most_words_is_the_one_that_counts(brought: Bring) -> None:
    made = brought(
        ("text", "a", None, "က?"), ("text", "b", "B?", "ခ?"), ("text", "c", "C?", None), ("text", "d", None, "ဃ?")
    )
    assert set(read_form(made.source).wording) == {"my"}
    assert of_rows(made) == ["row 4 (c): left out: it has no words in my"]


def test_a_hint_that_is_not_there_in_every_language_is_left_out(brought: Bring) -> None:
    made = brought(
        ("text", "a", "A?", "က?", "As you like", "ကြိုက်သလို"),
        ("text", "b", "B?", "ခ?", "As you like", None),
        heads=("type", "name", EN, MY, "hint::English (en)", "hint::Burmese (my)"),
    )
    first, second = questions_of(made)
    assert first["hint"] == {"en": "As you like", "my": "ကြိုက်သလို"}
    assert "hint" not in second
    assert of_rows(made) == ["row 3 (b): without its hint, which is there in en only"]


def test_columns_without_a_language_are_in_the_default_one(brought: Bring) -> None:
    settings = (("form_title", "default_language", "version"), ("မေးခွန်း", "Burmese (my)", "2026-11 draft"))
    made = brought(
        ("text", "a", "က?", "fr"),
        heads=("type", "name", "label", "label::French (fr)"),
        settings=settings,
    )
    form = read_form(made.source)
    assert (set(form.wording), form.version, form.name) == ({"my"}, 1, "x")
    assert "version: 1, since 2026-11 draft is not a number from 1 to 9999" in made.remarks
    assert "French (fr): a language that First Say does not know; left out" in made.remarks


def test_an_option_without_words_shows_its_name(brought: Bring) -> None:
    choices = (("list_name", "name", EN), ("yn", "yes", "Yes"), ("yn", "no", None), ("yn", "yes", "Yes again"))
    made = brought(("select_one yn", "a", "A?"), choices=choices)
    labels = [answer.label.wordings["en"] for answer in read_form(made.source).questions[0].answers]
    assert labels == ["Yes", "no"]
    assert "choices row 3: no words; its name stands in their place" in made.remarks
    assert "choices row 4: yes is there twice; left out" in made.remarks


def test_what_only_a_person_can_mend_is_written_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    choices = (
        ("list_name", "name", EN),
        ("yn", "yes", "Yes, and that is quite a lot to read here"),
        ("yn", "no", "No"),
    )
    survey = [("type", "name", EN), ("select_one yn", "a", "A?")]
    path = write_book(tmp_path / "long.xlsx", survey=survey, choices=choices, settings=SETTINGS)
    monkeypatch.setattr("bot.logs.configure", lambda **kinds: None)
    out = tmp_path / "new.toml"
    assert leave(monkeypatch, "instrument", "import", str(path), "--out", str(out)) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith(f"{out}:")
    assert said[-1].endswith("scales.yn[0].label.en: is 41 letters long; 32 fit on a button")


def test_the_command_writes_a_file_once_and_says_the_rest_beside_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    survey = [("type", "name", EN), ("start", "start"), ("text", "a", "A?")]
    path = write_book(tmp_path / "small.xlsx", survey=survey, settings=SETTINGS)
    monkeypatch.setattr("bot.logs.configure", lambda **kinds: None)
    remarks = [
        f"{path}: name: visit; title: After a visit in every language",
        f"{path}: row 2 (start): left out: start; First Say keeps its own times, and nothing about a phone",
    ]
    assert leave(monkeypatch, "instrument", "import", str(path)) == 0
    printed = capsys.readouterr()
    assert printed.err.splitlines() == remarks
    assert examine(printed.out).form is not None
    out = tmp_path / "new.toml"
    assert leave(monkeypatch, "instrument", "import", str(path), "--out", str(out)) == 0
    assert out.read_text("utf-8") == printed.out
    for remark in remarks:
        assert f"# {remark.removeprefix(f'{path}: ')}" in printed.out
    capsys.readouterr()
    assert leave(monkeypatch, "instrument", "import", str(path), "--out", str(out)) == 2
    assert capsys.readouterr().err == f"firstsay: {out}: is there already; name another file, or take it away first\n"
    nowhere = tmp_path / "none" / "new.toml"
    assert leave(monkeypatch, "instrument", "import", str(path), "--out", str(nowhere)) == 2
    assert "No such file or directory" in capsys.readouterr().err


def test_a_csv_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows: list[Sequence[object]] = [("survey",), ("", "type", "name", EN), ("", "select_one yn", "a", "A?")]
        rows += [("choices",), ("", "list_name", "name", EN), ("", "yn", "yes", "Yes"), ("", "yn", "no", "No")]
        rows += [("settings",), ("", "form_title"), ("", "A form")]
        csv.writer(file).writerows(rows)
    assert [question["code"] for question in questions_of(bring(path))] == ["a"]


def test_what_the_reader_warns_of_is_not_for_an_operator(tmp_path: Path) -> None:
    """Tools that write workbooks by themselves leave out what openpyxl then warns of."""
    path = write_book(tmp_path / "form.xlsx", survey=[("type", "name", EN), ("text", "a", "A?")])
    bare = tmp_path / "bare.xlsx"
    with ZipFile(path) as old, ZipFile(bare, "w") as new:
        for name in old.namelist():
            style = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
            new.writestr(name, style if name == "xl/styles.xml" else old.read(name))
    with pytest.warns(UserWarning, match="no stylesheet"):
        load_workbook(bare)
    assert len(questions_of(bring(bare))) == 1


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("none.xlsx", None, "is not there"),
        ("form.pdf", b"%PDF", "is not one of .xlsx, .xlsm, .xls, .csv; save the form as .xlsx"),
        ("empty.xlsx", b"", "cannot be read as an XLSForm ("),
        ("torn.xlsx", b"PK\x03\x04 and no more", "cannot be read as an XLSForm ("),
        ("torn.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more", "cannot be read as an XLSForm ("),
        ("bytes.csv", b"survey,\xff\xfe,,,,\n", "cannot be read as an XLSForm ("),
        ("other.csv", b"a,b,c\n1,2,3\n4,5,6\n", "cannot be read as an XLSForm ("),
    ],
)
def test_what_is_no_spreadsheet_is_one_line(tmp_path: Path, name: str, content: bytes | None, line: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OperatorError) as caught:
        bring(path)
    assert str(caught.value).startswith(f"{path}: {line}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("sheets", "line"),
    [
        ({"survey": [("type", "name", EN)]}, "has no sheet survey with a row in it"),
        ({"settings": SETTINGS, "choices": YES_NO}, "has no sheet survey with a row in it"),
        ({"survey": [("type", "name", EN), ("geopoint", "a", "A?")]}, "no row of it can be brought over"),
        ({"survey": [("type", "name", EN), ("text", "a", None)]}, "no row of it can be brought over"),
    ],
)
def test_a_spreadsheet_without_anything_to_bring(tmp_path: Path, sheets: dict[str, Sheet], line: str) -> None:
    path = write_book(tmp_path / "form.xlsx", **sheets)
    with pytest.raises(OperatorError) as caught:
        bring(path)
    assert str(caught.value) == f"{path}: {line}"


def test_without_the_reader_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyxform"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyxform", None)
    monkeypatch.setattr("bot.logs.configure", lambda **kinds: None)
    assert leave(monkeypatch, "instrument", "import", str(tmp_path / "form.xlsx")) == 2
    assert capsys.readouterr().err == "firstsay: pyxform is not installed; run: pip install -e '.[xlsform]'\n"


# --- its parts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("English (en)", "en"), ("Burmese (my)", "my"), ("my", "my"), ("EN", "en"), ("Burmese", "my")),
        *(("Myanmar", "my"), ("မြန်မာ", "my"), ("Thai", "th"), ("ไทย (th)", "th"), ("Khmer (km)", "km")),
        *(("French (fr)", None), ("", None), ("Klingon", None), ("(my)", "my")),
    ],
)
def test_a_language_by_the_name_of_its_column(name: str, code: str | None) -> None:
    assert language_of(name) == code


@given(st.lists(st.text(max_size=40), max_size=30))
def test_codes_are_safe_and_each_its_own(names: list[str]) -> None:
    codes: list[str] = []
    for name in names:
        codes.append(safe_code(name, codes))
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert 1 <= len(code.encode()) <= 24
        assert code.strip("abcdefghijklmnopqrstuvwxyz0123456789_") == ""


@given(st.text())
def test_a_condition_is_understood_or_refused_but_never_half(text: str) -> None:
    wanted, why_not = read_condition([f"${{a}} = 'x' and {text}"], {"a": ["x"], "b": ["y"]})
    assert bool(wanted) != bool(why_not)
    if wanted:
        assert text.strip().replace(" ", "") in ("${a}='x'", "selected(${a},'x')"), text


WORDS = st.dictionaries(st.sampled_from(["en", "my"]), st.text(min_size=1, max_size=20), min_size=1)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"code": st.from_regex(r"[a-z0-9_]{1,24}", fullmatch=True), "kind": st.sampled_from(KINDS), "text": WORDS},
            optional={
                "most": st.integers(1, 9),
                "options": st.lists(st.fixed_dictionaries({"code": st.just("x"), "label": WORDS}), min_size=1),
                "ask_if": st.dictionaries(
                    st.from_regex(r"[a-z0-9_]{1,9}", fullmatch=True), st.lists(st.just("y")), min_size=1
                ),
            },
        ),
        min_size=1,
    ),
    WORDS,
    st.lists(st.text()),
)
def test_what_is_written_is_read_back_as_it_was(
    questions: list[dict[str, Any]], title: dict[str, str], remarks: list[str]
) -> None:
    scales = {"s": [{"code": "x", "label": title}]}
    data = {"name": "x", "version": 1, "title": title, "scales": scales, "questions": questions}
    assert tomllib.loads(write_form(data, remarks)) == data


def test_formatting_goes_and_everything_else_stays() -> None:
    assert plain("  2 < 3 and 5 > 4 ") == "2 < 3 and 5 > 4"
    assert plain("a\xa0b__c__ <br/>\n **d** ") == "a bc\nd"
