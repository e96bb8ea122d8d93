"""A programme's own forms: proved as text, judged in their programme, frozen once used."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import conversations.instruments
from bot import forms, looks
from bot.doctor import examine as examine_home
from bot.faults import Lines
from bot.home import open_home
from bot.proof import LONG, LONGEST_LABEL, LONGEST_TEXT, MOST_OPTIONS, examine
from bot.rounds.plans import make_plan
from bot.turn import Turn
from conversations.instruments import CHECKIN, FOLLOWUP, FORMS, NEEDS
from conversations.instruments.form import decode, read_form
from conversations.looks import Askable, Draft, LookForm
from storage.database import connect, transact
from storage.store import Store
from tests.bot.test_commands import leave
from tests.dialogue.stories import enrol
from tests.player import PROGRAMME, Stage

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = re.findall(r"```toml\n(name = \"visit\".+?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)[0]
"""The form that the README shows."""


def lines_of(text: str) -> list[str]:
    """What there is to say about a text, as the command says it."""
    return [fault.told_of("x.toml") for fault in examine(text).faults]


def changed(old: str, new: str, text: str = EXAMPLE) -> str:
    """The example with one thing changed."""
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


# --- the text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_what_is_shipped_passes_the_same_proof(name: str) -> None:
    path = Path(conversations.instruments.__file__).parent / f"{name}.toml"
    examined = examine(path.read_text("utf-8"), shipped=True)
    assert examined.faults == ()
    assert examined.form == FORMS[name]
    (taken,) = examine(path.read_text("utf-8")).faults
    assert taken.what == f"{name} is one of First Say's own; choose another name"


def test_the_example_of_the_readme_passes() -> None:
    examined = examine(EXAMPLE)
    assert examined.faults == ()
    assert examined.form is not None
    assert set(examined.form.wording) == {"en", "my"}
    assert (examined.name, examined.version) == ("visit", 1)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('name = "visit"', "", 'x.toml: name: is missing; write it like name = "visit"'),
        ("name =", "names =", "x.toml:1: names: is not known here; did you mean name?"),
        (
            "version = 1",
            "version = true",
            "x.toml:2: version: is not a whole number from 1 on; write it like version = 1",
        ),
        ("version = 1", "version = 0", "x.toml:2: version: is not a whole number from 1 on; write it like version = 1"),
        ('"visit"', '"Visit 1"', 'x.toml:1: name: "Visit 1" is no code: 1 to 24 of a-z, 0-9 and _'),
        ('"visit"', f'"{"a" * 25}"', f'x.toml:1: name: "{"a" * 25}" is no code: 1 to 24 of a-z, 0-9 and _'),
        ('"visit"', '"needs"', "x.toml:1: name: needs is one of First Say's own; choose another name"),
        (
            'title.my = "လာလည်ပြီးနောက်"',
            'title.bu = "?"',
            "x.toml:4: title.bu: is no language that First Say knows; choose from en, my, th, km, lo, shn, ksw",
        ),
        (
            'label.my = "မဟုတ်ဘူး"',
            "",
            "x.toml:13: scales.agree[1].label.my: is missing; the title is in my, so everything must be",
        ),
        (
            'label.my = "မဟုတ်ဘူး"',
            'label.my = "မဟုတ်ဘူး"\nlabel.th = "ไม่"',
            "x.toml:15: scales.agree[1].label.th: the title is not in this language; give it one, or take this out",
        ),
        (
            'label.en = "No"',
            'label.en = " "',
            "x.toml:13: scales.agree[1].label.en: is empty; write it, or take this language out everywhere",
        ),
        (
            'label.en = "No"',
            "label.en = 3",
            'x.toml:13: scales.agree[1].label.en: is not a text; write it in quotes, like "Yes"',
        ),
        (
            'label.en = "No"',
            f'label.en = "{"n" * (LONGEST_LABEL + 1)}"',
            f"x.toml:13: scales.agree[1].label.en: is {LONGEST_LABEL + 1} letters long; {LONGEST_LABEL} fit on a "
            "button",
        ),
        (
            'label.en = "No"',
            'label.en = "No\\nway"',
            "x.toml:13: scales.agree[1].label.en: holds a sign that cannot be shown, such as a line break or a tab; "
            "take it out",
        ),
        (
            'label.en = "No"\nlabel.my = "မဟုတ်ဘူး"',
            'label = "No"',
            'x.toml:13: scales.agree[1].label: is not worded by language; write it like label.en = "…"',
        ),
        ('code = "no"', 'code = "yes"', "x.toml:12: scales.agree[1].code: yes is there twice; give each its own"),
        (
            'kind = "choice" ',
            'kind = "chioce" ',
            'x.toml:18: questions[0].kind: "chioce" is no kind of question; did you mean choice?',
        ),
        (
            'kind = "choice" ',
            "kind = 4 ",
            "x.toml:18: questions[0].kind: 4 is no kind of question; choose from choice, several, words, day, note",
        ),
        (
            'scale = "agree"',
            'scale = "agre"',
            'x.toml:19: questions[0].scale: there is no scale "agre"; did you mean agree?',
        ),
        (
            'scale = "agree"',
            'scale = "zzz"',
            'x.toml:19: questions[0].scale: there is no scale "zzz"; write one as [[scales.name]]',
        ),
        (
            'scale = "agree" ',
            "# ",
            "x.toml:16: questions[0].options: a question of the kind choice needs options; add [[questions.options]], "
            'or scale = "…" with a name from scales',
        ),
        (
            'scale = "agree"',
            'options = [{code = "a", label = {en = "A", my = "A"}}]',
            "x.toml:19: questions[0].options: is not a list of 2 to 40 options; write each as "
            'code = "…" and label.en = "…"',
        ),
        (
            'scale = "agree"',
            'scale = "agree"\nmost = 2',
            "x.toml:20: questions[0].most: a question of the kind choice has none; take it out, or make it several",
        ),
        (
            'kind = "choice" ',
            'most = 3\nkind = "several" ',
            "x.toml:18: questions[0].most: is not a whole number from 1 to 2, as there are options",
        ),
        (
            'kind = "words"',
            'kind = "words"\nscale = "agree"',
            "x.toml:26: questions[1].scale: a question of the kind words has none; take it out",
        ),
        (
            'code = "next_time"',
            'code = "respect"',
            "x.toml:24: questions[1].code: respect is that of questions[0] too; give each its own",
        ),
        (
            "ask_if.respect",
            "ask_if.respct",
            'x.toml:26: questions[1].ask_if.respct: there is no question "respct"; did you mean respect?',
        ),
        (
            "ask_if.respect",
            "ask_if.next_time",
            "x.toml:26: questions[1].ask_if.next_time: next_time is not asked before this question; a condition looks "
            "back only",
        ),
        (
            'ask_if.respect = ["no"]',
            'ask_if.respect = ["nein"]',
            'x.toml:26: questions[1].ask_if.respect: respect has no option "nein"; choose from yes, no',
        ),
        (
            'ask_if.respect = ["no"]',
            'ask_if.respect = "no"',
            'x.toml:26: questions[1].ask_if.respect: is not a list of options; write it like ask_if.respect = ["…"]',
        ),
        (
            'ask_if.respect = ["no"]',
            "ask_if = 1",
            'x.toml:26: questions[1].ask_if: is not a table; write it like ask_if.respect = ["no"]',
        ),
        (
            'kind = "words"',
            'kind = "words"\nhints.en = "x"',
            "x.toml:26: questions[1].hints: is not known here; did you mean hint?",
        ),
        ("version = 1", "version = 1\nquestion = 1", "x.toml:3: question: is not known here; did you mean questions?"),
    ],
)
def test_each_mistake_has_its_place_and_its_mend(old: str, new: str, line: str) -> None:
    text = changed(old, new)
    assert line in lines_of(text)
    assert examine(text).form is None


def test_a_condition_cannot_look_at_words() -> None:
    third = '\n[[questions]]\ncode = "c"\nkind = "note"\nask_if.next_time = ["x"]\ntext = {en = "c", my = "c"}\n'
    number = (EXAMPLE + third).splitlines().index('ask_if.next_time = ["x"]') + 1
    place = f"x.toml:{number}: questions[2].ask_if.next_time"
    what = "next_time is a question of the kind words; only choice and several can be looked at"
    assert lines_of(EXAMPLE + third) == [f"{place}: {what}"]


def test_one_mistake_hides_no_other() -> None:
    text = EXAMPLE
    for old, new in [
        ("version = 1", "version = -1"),
        ('code = "no"', 'code = "yes"'),
        ('kind = "choice" ', 'kind = "chioce" '),
        ('text.my = "ကိုယ့်', 'text.xx = "'),
        ("ask_if.respect", "ask_if.zzz"),
        ('text.en = "What should', 'text.en = "\\u0007What should'),
    ]:
        text = changed(old, new, text)
    faults = examine(text).faults
    assert [fault.key for fault in faults if not fault.note] == [
        "version",
        "scales.agree[1].code",
        "questions[0].kind",
        "questions[0].text.my",
        "questions[0].text.xx",
        "questions[1].ask_if.zzz",
        "questions[1].text.en",
    ]
    assert [fault.line for fault in faults] == sorted(fault.line or 0 for fault in faults)


def test_a_text_typed_in_zawgyi_is_told() -> None:
    zawgyi = "ေရွ႕ေန အကူအညီ လိုအပ္ပါသလား။"
    assert any("is typed in Zawgyi" in line for line in lines_of(changed("နောက်တစ်ခါ ဘာပြောင်းစေချင်ပါသလဲ။", zawgyi)))


def test_a_question_that_nobody_reads_to_its_end() -> None:
    text = changed("What should be different next time?", "w" * (LONGEST_TEXT + 1))
    assert lines_of(text) == [
        f"x.toml:27: questions[1].text.en: is {LONGEST_TEXT + 1} letters long; {LONGEST_TEXT} fit in a question"
    ]


def test_what_is_only_to_be_known_stops_nothing() -> None:
    one = '\n[[questions]]\ncode = "q{}"\nkind = "note"\ntext = {{en = "x", my = "x"}}\n'
    text = EXAMPLE + '\n[[scales.idle]]\ncode = "a"\nlabel = {en = "A", my = "A"}\n'
    text += '[[scales.idle]]\ncode = "b"\nlabel = {en = "B", my = "B"}\n'
    text += "".join(one.format(number) for number in range(LONG))
    examined = examine(text)
    assert [(fault.key, fault.note) for fault in examined.faults] == [("questions", True), ("scales.idle", True)]
    assert examined.form is not None
    assert ": note: no question uses it" in examined.faults[1].told_of("x")


def test_the_bits_of_a_question_fit_in_one_number() -> None:
    options = "".join(f'{{code = "o{n}", label = {{en = "{n}", my = "{n}"}}}},' for n in range(MOST_OPTIONS))
    fits = changed('scale = "agree"', f"options = [{options}]")
    assert [f.what for f in examine(changed('["no"]', '["o1"]', fits)).faults if not f.note] == []
    more = fits.replace("options = [", 'options = [{code = "x", label = {en = "x", my = "x"}},')
    assert any("is not a list of 2 to 40 options" in line for line in lines_of(more))
    assert 2**MOST_OPTIONS < 2**63


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "visit', "x.toml:1: is not TOML: Illegal character '\\n' (at line 1, column 14)"),
        ("a = [\n1,\n", "x.toml: is not TOML: "),
        ("a = " + "[" * 20_000, "x.toml: is nested too deeply"),
        ("", "x.toml: name: is missing"),
        ("questions = 1", "x.toml:1: questions: is not a list of questions"),
        ("questions = [1]", "x.toml:1: questions[0]: is not a question"),
        ("scales = 1", "x.toml:1: scales: is not a table"),
        ("[scales]\nagree = 1", "x.toml:2: scales.agree: is not a list of 2 to 40 options"),
        ("title = 1", "x.toml:1: title: is not worded by language"),
    ],
)
def test_what_is_no_form_at_all(text: str, line: str) -> None:
    text = text.replace('"visit', '"visit\n') if text.startswith("name") else text
    assert any(each.startswith(line) for each in lines_of(text)), lines_of(text)
    assert examine(text).form is None


@pytest.mark.parametrize("depth", range(5, 500, 11))
def test_no_depth_makes_the_proof_fail(depth: int) -> None:
    text = f"{EXAMPLE}\naxis = " + "[" * depth + "]" * depth
    assert examine(text).form is None


PIECES = (
    '"',
    "[",
    "]",
    "=",
    "\n",
    "[[questions]]",
    "scale",
    "= 1",
    "= []",
    "= {}",
    '= ""',
    "\u1000",
    "code",
    "ask_if",
    "#",
)


@given(st.data())
def test_nothing_that_is_written_makes_the_proof_fail(data: st.DataObject) -> None:
    text = EXAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(st.sampled_from(("", *PIECES))) + text[end:]
    examined = examine(text)
    assert (examined.form is None) == any(not fault.note for fault in examined.faults)
    for fault in examined.faults:
        assert "\n" not in fault.told_of("x")
        assert fault.line is None or 1 <= fault.line <= text.count("\n") + 1
    if examined.form is not None:
        assert read_form(text) == examined.form


def test_the_line_of_everything_is_the_one_it_stands_on() -> None:
    text = (
        'a = 1\nb = """\nx = 1\n"""\n\n# c\n[[d]]\ne.f = [\n 1,\n 2\n]\n[[d]]\ne = { f = 3 }\r\ng = "\u2028"\nh = 1\n'
    )
    lines = Lines(text)
    places = [("a",), ("b",), ("d", 0), ("d", 0, "e", "f", 1), ("d", 1), ("d", 1, "e", "f"), ("d", 1, "h")]
    assert [lines.find(place) for place in places] == [1, 2, 7, 8, 12, 13, 15]
    assert lines.find(("d", 1, "e", "zzz")) == 13
    assert lines.find(("zzz",)) is None
    long = Lines("a = 1\nb = [\n" + "1,\n" * 20_000 + "]\nc = 1")
    assert [long.find((name,)) for name in "abc"] == [1, None, None], "no line rather than a wrong one, and at once"


# --- the files -------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the programme's own forms, with the example in it."""
    made = tmp_path / "instruments"
    made.mkdir()
    (made / "visit.toml").write_text(EXAMPLE, "utf-8")
    return made


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    """A programme with that folder."""
    stage = Stage(PROGRAMME.at_home(folder.parent))
    yield stage
    stage.connection.close()


def turn_of(stage: Stage) -> Turn:
    """A turn of that programme."""
    return Turn(Store(stage.connection, stage.keyring, stage.now), stage.programme, {})


def freeze(stage: Stage, version: int = 1) -> None:
    """A plan asks by it."""

    def work(connection: sqlite3.Connection) -> None:
        turn = turn_of(stage)
        assert forms.freeze(turn, "visit", version) is not None
        turn.store.flush()

    transact(stage.connection, work)


def wrong_with(path: Path, stage: Stage) -> list[str]:
    """What the command would say of a file here."""
    kept = {(row["name"], row["version"]): row for row in turn_of(stage).store.rows("forms", "all")}
    return [fault.told_of("x.toml") for fault in forms.check(path, stage.programme, kept).faults]


def offered(stage: Stage) -> list[tuple[str, int, str]]:
    """What can be asked, beside what is built in: name, version, and what is wrong with it."""
    listed = forms.askable(turn_of(stage))
    assert [(each["name"], each["wrong"]) for each in listed[:3]] == [("checkin", ""), ("followup", ""), ("needs", "")]
    return [(each["name"], each["version"], each["wrong"]) for each in listed[3:]]


def test_a_file_is_asked_by_as_soon_as_it_is_there(stage: Stage, folder: Path) -> None:
    turn = turn_of(stage)
    assert forms.find_form(turn, "visit", 1) == read_form(EXAMPLE)
    assert set(forms.languages_of(turn, "visit", 1)) == {"en", "my"}
    assert forms.find_form(turn, "visit", 2) is None
    assert forms.find_form(turn, "zzz", 1) is None
    assert not forms.languages_of(turn, "zzz", 1)
    title = {"en": "After a visit", "my": "လာလည်ပြီးနောက်"}
    assert forms.askable(turn)[3:] == [Askable(name="visit", version=1, title=title, wrong="")]


def test_what_is_built_in_is_found_in_its_own_version_only(stage: Stage) -> None:
    turn = turn_of(stage)
    assert forms.find_form(turn, "checkin", CHECKIN.version) is CHECKIN
    assert forms.find_form(turn, "checkin", CHECKIN.version + 1) is None
    assert not forms.languages_of(turn, "checkin", CHECKIN.version + 1)
    assert forms.find_form(turn, "needs", NEEDS.version) is None, "the needs have a script of their own"
    assert set(forms.languages_of(turn, "needs", NEEDS.version)) == set(NEEDS.wording)
    assert forms.freeze(turn, "followup", FOLLOWUP.version) is FOLLOWUP
    assert turn.store.rows("forms", "all") == []


def test_a_programme_that_was_not_read_from_a_file_has_no_forms() -> None:
    stage = Stage()
    assert forms.askable(turn_of(stage))[3:] == []
    assert forms.find_form(turn_of(stage), "visit", 1) is None


def test_a_script_reads_it_live(stage: Stage) -> None:
    phone = stage.phone().send("/start")
    turn = turn_of(stage)
    scene = turn.scene(stage.person(phone).id)
    assert looks.read(LookForm("visit", 1), turn, scene) == read_form(EXAMPLE)
    assert looks.read(LookForm("visit", 9), turn, scene) is None


def test_once_used_it_stays_as_it_was_whatever_becomes_of_the_file(stage: Stage, folder: Path) -> None:
    path = folder / "visit.toml"
    freeze(stage)
    assert [tuple(row) for row in stage.rows("SELECT name, version, source FROM forms")] == [("visit", 1, EXAMPLE)]
    form = read_form(EXAMPLE)
    kept = stage.rows(
        "SELECT language, structure, wording, body FROM instruments WHERE name = 'visit' ORDER BY language"
    )
    assert [tuple(row) for row in kept] == [
        (language, form.structure, form.wording[language], form.words(language)) for language in ("en", "my")
    ]

    path.write_text(changed("with respect", "well"), "utf-8")
    assert forms.find_form(turn_of(stage), "visit", 1) == form
    day = stage.now.astimezone(PROGRAMME.zone).date()
    line = f"version 1 was first used on {day} as it was then; give the changed one version = 2"
    assert wrong_with(path, stage) == [f"x.toml:2: version: {line}"]
    assert offered(stage) == [("visit", 1, f"visit.toml:2: version: {line}")]
    freeze(stage)
    assert stage.rows("SELECT source FROM forms")[0]["source"] == EXAMPLE

    path.write_text(changed("version = 1", "version = 2", changed("with respect", "well")), "utf-8")
    assert wrong_with(path, stage) == []
    assert offered(stage) == [("visit", 2, "")]
    freeze(stage, 2)
    path.unlink()
    assert offered(stage) == [("visit", 2, "")]
    assert forms.find_form(turn_of(stage), "visit", 1) == form
    second = forms.find_form(turn_of(stage), "visit", 2)
    assert second is not None
    assert second.questions[0].text.wordings["en"] == "Did people treat you well?"


def test_a_comment_may_be_changed_but_no_word_and_no_language(stage: Stage, folder: Path) -> None:
    freeze(stage)
    path = folder / "visit.toml"
    path.write_text("# a remark\n" + EXAMPLE.replace("\n", "\r\n"), "utf-8", newline="")
    assert wrong_with(path, stage) == []
    fewer = "\n".join(line for line in EXAMPLE.splitlines() if ".my =" not in line)
    for text in (changed('"no"', '"never"').replace('["no"]', '["never"]'), fewer):
        path.write_text(text, "utf-8")
        assert "was first used on" in wrong_with(path, stage)[0]


def test_the_next_version_is_one_that_was_never_used(stage: Stage, folder: Path) -> None:
    path = folder / "visit.toml"
    freeze(stage)
    path.write_text(changed("version = 1", "version = 7"), "utf-8")
    freeze(stage, 7)
    path.write_text(changed("with respect", "well"), "utf-8")
    assert wrong_with(path, stage)[0].endswith("give the changed one version = 8")


def test_a_language_of_the_programme_that_is_missing_is_told_and_stops_nothing(stage: Stage, folder: Path) -> None:
    path = folder / "visit.toml"
    path.write_text("\n".join(line for line in EXAMPLE.splitlines() if ".my =" not in line), "utf-8")
    assert wrong_with(path, stage) == ["x.toml:3: title: note: has no my: clients who read that language are not asked"]
    assert offered(stage) == [("visit", 1, "")]


def test_two_files_with_one_name_and_version(stage: Stage, folder: Path, tmp_path: Path) -> None:
    text = changed("with respect", "well")
    (folder / "again.toml").write_text(text, "utf-8")
    line = "version: visit 1 is in again.toml too; give one of them another name or version"
    assert offered(stage) == [("visit", 1, f"visit.toml:2: {line}")]
    assert wrong_with(folder / "visit.toml", stage) == [f"x.toml:2: {line}"]
    elsewhere = tmp_path / "new.toml"
    elsewhere.write_text(changed("version = 1", "version = 3"), "utf-8")
    assert wrong_with(elsewhere, stage) == []


def test_a_broken_file_is_named_and_hides_no_other(stage: Stage, folder: Path) -> None:
    (folder / "broken.toml").write_text("name = ", "utf-8")
    (folder / "half.toml").write_text(changed("visit", "half", changed('"choice" ', '"chioce" ')), "utf-8")
    (folder / "notes.txt").write_text("not a form", "utf-8")
    found = offered(stage)
    assert [(name, version, bool(wrong)) for name, version, wrong in found] == [
        ("broken", 0, True),
        ("half", 1, True),
        ("visit", 1, False),
    ]
    assert found[1][2] == 'half.toml:18: questions[0].kind: "chioce" is no kind of question; did you mean choice?'
    assert forms.find_form(turn_of(stage), "half", 1) is None
    assert forms.freeze(turn_of(stage), "half", 1) is None


def test_a_client_is_asked_by_the_form_as_it_was_when_it_was_planned(stage: Stage, folder: Path) -> None:
    client = enrol(stage, purposes=("Keep my answers", "Ask how things are", "Write to me first"))
    draft = Draft(
        instrument="visit",
        version=1,
        audience=["everyone", ""],
        at=None,
        repeat="once",
        times=None,
        last=False,
        window_hours=72,
    )

    def plan(connection: sqlite3.Connection) -> None:
        turn = turn_of(stage)
        assert "plan" in make_plan(turn, None, draft)
        turn.store.flush()

    transact(stage.connection, plan)
    (folder / "visit.toml").write_text(changed("with respect", "well"), "utf-8")
    stage.wait(hours=2)
    client.tap("Open", client.standing("ask")[0]).tap("Start")
    assert "Did people treat you with respect?" in client.text
    client.tap("No").send("Ask me first.")
    kept = stage.rows("SELECT instrument, version, item, status, value FROM responses ORDER BY id")
    assert [tuple(row) for row in kept] == [
        ("visit", 1, "respect", "answered", 1),
        ("visit", 1, "next_time", "answered", None),
    ]
    form = forms.find_form(turn_of(stage), "visit", 1)
    assert form is not None
    assert decode(form.question("respect"), 1) == "no"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    for content, line in [
        (b"\xff\xfe", "is not UTF-8 text; save it as UTF-8"),
        (b"#" * (forms.LARGEST + 1), "is larger than 200 kB; a form is not"),
    ]:
        path.write_bytes(content)
        assert [fault.told_of("x") for fault in forms.check(path).faults] == [f"x: {line}"]
    assert forms.check(tmp_path / "none.toml").wrong == "none.toml: is not there"
    assert forms.check(tmp_path).wrong.startswith(f"{tmp_path.name}: cannot be read (Is a directory)")
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.encode())
    assert forms.check(path).form == read_form(EXAMPLE), "the mark that some editors write is no mistake"


# --- the command, and the doctor -------------------------------------------------------------------------------


def check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path
) -> tuple[int, list[str], list[str]]:
    """`firstsay instrument check`: exit code, and the lines it printed in both places."""
    monkeypatch.setattr("bot.logs.configure", lambda **kinds: None)
    code = leave(monkeypatch, "instrument", "check", str(path))
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err.splitlines()


def test_the_command_says_everything_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("FIRSTSAY_HOME", str(tmp_path / "none"))
    path = tmp_path / "visit.toml"
    path.write_text(EXAMPLE, "utf-8")
    assert check(monkeypatch, capsys, path) == (0, [f"{path}: ok: visit 1, 2 questions, in en, my"], [])
    path.write_text(changed('"choice" ', '"chioce" ', changed("version = 1", "version = 0")), "utf-8")
    code, out, errors = check(monkeypatch, capsys, path)
    assert (code, out, len(errors)) == (2, [], 2)
    assert errors[0].startswith(f"{path}:2: version: ")
    assert not (tmp_path / "none").exists()


def test_the_command_knows_the_programme_and_what_was_used(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / "instruments" / "visit.toml"
    path.parent.mkdir()
    path.write_text("\n".join(line for line in EXAMPLE.splitlines() if ".my =" not in line), "utf-8")
    code, out, errors = check(monkeypatch, capsys, path)
    assert (code, len(out)) == (0, 1)
    assert errors == [f"{path}:3: title: note: has no my: clients who read that language are not asked"]
    keep(home, EXAMPLE)
    path.write_text(changed("with respect", "well"), "utf-8")
    code, out, errors = check(monkeypatch, capsys, path)
    assert (code, out) == (2, [])
    line = "version 1 was first used on 2026-12-01 as it was then; give the changed one version = 2"
    assert errors == [f"{path}:2: version: {line}"]


def keep(home: Path, source: str) -> None:
    """A plan of this home asked by it on 1 December, as its clocks show it."""
    opened = open_home()
    data = tomllib.loads(source)
    with closing(connect(home / "firstsay.db")) as connection:

        def work(connection: sqlite3.Connection) -> None:
            store = Store(connection, opened.keyring, datetime(2026, 11, 30, 18, tzinfo=UTC))
            store.later("forms", "keep", name=data["name"], version=data["version"], source=source, at=store.at)
            store.flush()

        transact(connection, work)


def test_the_doctor_looks_at_the_folder(home: Path) -> None:
    def lines() -> list[tuple[str, str]]:
        now = datetime.now(UTC) + timedelta(days=1)
        return [(check.level.value, check.text) for check in examine_home(now) if check.name == "forms"]

    assert lines() == []
    folder = home / "instruments"
    folder.mkdir()
    (folder / "visit.toml").write_text(EXAMPLE, "utf-8")
    assert lines() == [("ok", "1 form of the programme's own can be asked")]
    (folder / "other.toml").write_text(changed("visit", "other", changed("version = 1", "version = x")), "utf-8")
    (folder / "third.toml").write_text("", "utf-8")
    found = lines()
    assert [level for level, _text in found] == ["mend", "mend", "ok"]
    assert found[0][1].startswith("other.toml:2: is not TOML: ")
    more = f" (3 more: firstsay instrument check {folder / 'third.toml'})"
    assert found[1][1] == f'third.toml: name: is missing; write it like name = "visit"{more}'
