from __future__ import annotations

import ast
from pathlib import Path

import pytest

from translations import extract
from translations.catalogs import NEEDS_READER, locate, parse, read, singular
from translations.extract import KEYWORDS, ROOMS, ROOT, collect, main, unwritten

SCRIPT = """from conversations.text import _, n_

def greet(name, n):
    # Translators: the first words a person reads
    yield _("Hello %(name)s", name=name)
    yield _("You chose %(need)s", need=_("Food and water"))
    yield _("Two parts, "
            "one sentence")
    yield n_("%(number)s day", "%(number)s days", n)
    yield Text("not for translators")
"""
SENTENCES = ["Hello %(name)s", "You chose %(need)s", "Food and water", "Two parts, one sentence", "%(number)s day"]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small repository with one script and no catalogs yet."""
    for room in ROOMS:
        (tmp_path / room).mkdir()
    (tmp_path / "conversations" / "greeting.py").write_text(SCRIPT, "utf-8")
    return tmp_path


def run(house: Path, *arguments: str) -> int:
    return main(list(arguments), house, house / "locale")


def po(house: Path, language: str = "my") -> Path:
    return locate(language, house / "locale")


def test_every_sentence_reaches_the_template_and_each_offered_language(house: Path) -> None:
    assert run(house) == 0
    template = parse(house / "locale" / "firstsay.pot")
    assert sorted(singular(message) for message in template if message.id) == sorted(SENTENCES)
    text = po(house).read_text("utf-8")
    assert "#. the first words a person reads\n#: conversations/greeting.py\n" in text
    assert NEEDS_READER in text
    assert 'msgid_plural "%(number)s days"\nmsgstr[0] ""\n' in text
    assert "msgstr[1]" not in text
    assert read(po(house), "my").needs_review


def test_what_is_written_depends_on_nothing_but_the_words(house: Path) -> None:
    run(house)
    first = po(house).read_text("utf-8")
    script = house / "conversations" / "greeting.py"
    script.write_text("import time\n\n\n" + SCRIPT, "utf-8")
    assert run(house, "--check") == 0, "a sentence that moved by three lines is no difference"
    run(house)
    assert po(house).read_text("utf-8") == first
    for churning in ("Date", "Babel", "greeting.py:", "PROJECT", "FULL NAME"):
        assert churning not in first


def test_check_tells_in_one_line_and_writes_nothing(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(house, "--check") == 1
    assert not (house / "locale").exists()
    assert capsys.readouterr().err.count("\n") == 1
    run(house)
    assert run(house, "--check") == 0
    (house / "bot" / "more.py").write_text('text = _("More")\n', "utf-8")
    assert run(house, "--check") == 1
    assert "my/LC_MESSAGES/firstsay.po" in capsys.readouterr().err


def test_translations_are_kept_changed_ones_marked_gone_ones_dropped(house: Path) -> None:
    run(house)
    text = po(house).read_text("utf-8")
    for sentence, translation in (
        ("Hello %(name)s", "ဟဲလို %(name)s"),
        ("Food and water", "အစားအစာ"),
        ("Two parts, one sentence", "နှစ်ပိုင်း"),
    ):
        text = text.replace(f'msgid "{sentence}"\nmsgstr ""', f'msgid "{sentence}"\nmsgstr "{translation}"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "%(number)s ရက်"')
    po(house).write_text(text.replace(NEEDS_READER, "Status: read by a native reader\n# Thanks to A."), "utf-8")
    script = house / "conversations" / "greeting.py"
    changed = SCRIPT.replace("Food and water", "Food and clean water").replace(
        '"Two parts, "\n            "one sentence"', '"New"'
    )
    script.write_text(changed, "utf-8")

    assert run(house) == 0
    catalog = read(po(house), "my")
    assert catalog.plain["Hello %(name)s"] == "ဟဲလို %(name)s"
    assert catalog.plain["%(number)s day"] == "%(number)s ရက်"
    assert [(fault.message, fault.reason) for fault in catalog.faults] == [("Food and clean water", "marked fuzzy")]
    assert "New" not in catalog.plain
    after = po(house).read_text("utf-8")
    assert "နှစ်ပိုင်း" not in after
    assert "# Thanks to A." in after
    assert not catalog.needs_review
    assert run(house, "--check") == 0


def test_a_catalog_saved_by_an_editor_comes_back_to_its_form(house: Path) -> None:
    run(house)
    usual = po(house).read_text("utf-8")
    edited = usual.replace(
        'msgid ""\nmsgstr ""\n"Language: my\\n"',
        '#, fuzzy\nmsgid ""\nmsgstr ""\n"PO-Revision-Date: 2026-01-01 10:00+0000\\n"\n"Language: my\\n"\n'
        '"Last-Translator: A <a@example.org>\\n"\n"X-Generator: Poedit 3\\n"',
    )
    assert edited != usual
    po(house).write_text(edited, "utf-8")
    assert run(house, "--check") == 1
    run(house)
    assert po(house).read_text("utf-8") == usual


def test_a_catalog_without_a_status_is_given_one_and_keeps_its_words(house: Path) -> None:
    run(house)
    po(house).write_text(po(house).read_text("utf-8").replace(NEEDS_READER, "Begun in spring."), "utf-8")
    run(house)
    text = po(house).read_text("utf-8")
    assert "# Begun in spring." in text
    assert NEEDS_READER in text
    assert run(house, "--check") == 0


def test_a_language_that_babel_does_not_know_can_be_begun(house: Path) -> None:
    assert run(house, "--new", "ksw") == 0
    assert read(po(house, "ksw"), "ksw").needs_review
    assert run(house, "--check") == 0


@pytest.mark.parametrize("call", ["_(name)", '_(f"Hello {name}")', '_("a" + name)', 'n_("a", plural, 2)', "_()"])
def test_words_that_reach_no_translator_are_refused(house: Path, call: str, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "bot" / "lost.py").write_text(f"\ntext = {call}\n", "utf-8")
    assert unwritten(house) == ["bot/lost.py:2"]
    assert run(house) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_damaged_catalog_is_one_line(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(house)
    po(house).write_text('msgid "a\n', "utf-8")
    assert run(house) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_babel_finds_every_sentence_that_python_sees() -> None:
    """Babel reads tokens, Python a tree: where they differ, a sentence would be lost in silence."""
    seen = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                    first = node.args[0]
                    assert isinstance(first, ast.Constant), path
                    seen.add(first.value)
    assert {singular(message) for message in collect() if message.id} == seen


def test_the_committed_catalogs_match_the_sources() -> None:
    assert extract.main(["--check"]) == 0
