from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conversations.text import _, n_
from tests.translations.conftest import MakeCatalog
from translations import catalogs
from translations.catalogs import CatalogError, Fault, load, locate, missing, needs_review, read
from translations.languages import LANGUAGES
from translations.wording import word

HELLO = 'msgid "Hello"\nmsgstr "မင်္ဂလာပါ"\n\n'


def test_a_fuzzy_entry_is_english_and_is_told(use: MakeCatalog) -> None:
    catalog = use('#, fuzzy\nmsgid "Hello"\nmsgstr "နေကောင်းလား"\n')
    assert word(_("Hello"), "my") == "Hello"
    assert catalog.faults == (Fault("Hello", "marked fuzzy"),)


def test_a_fuzzy_header_does_not_silence_the_catalog(use: MakeCatalog) -> None:
    assert use(HELLO, flag="#, fuzzy\n").faults == ()
    assert word(_("Hello"), "my") == "မင်္ဂလာပါ"


def test_an_empty_translation_is_english_and_no_fault(use: MakeCatalog) -> None:
    assert use('msgid "Hello"\nmsgstr ""\n').faults == ()
    assert word(_("Hello"), "my") == "Hello"


@pytest.mark.parametrize(
    "translation",
    ["%(nmae)s ပါ", "ပါ", "%(name)d ပါ", "%(name) ပါ", "%s ပါ", "%(name)s ၁၀၀%", "{name} ပါ", "%(name)s %(other)s"],
)
def test_a_placeholder_that_does_not_fit_is_english_and_is_told(use: MakeCatalog, translation: str) -> None:
    catalog = use(f'msgid "Hello %(name)s"\nmsgstr "{translation}"\n')
    assert word(_("Hello %(name)s", name="Aye"), "my") == "Hello Aye"
    assert [fault.message for fault in catalog.faults] == ["Hello %(name)s"]


def test_a_plural_with_some_forms_is_english_as_a_whole(use: MakeCatalog) -> None:
    use(
        'msgid "one day"\nmsgid_plural "%(number)s days"\nmsgstr[0] "ein Tag"\nmsgstr[1] ""\n',
        plurals="nplurals=2; plural=(n != 1);",
    )
    assert [word(n_("one day", "%(number)s days", n), "my") for n in (1, 2)] == ["one day", "2 days"]


def test_missing_lists_what_is_said_in_english(tmp_path: Path) -> None:
    path = locate("my", tmp_path)
    path.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (tmp_path / catalogs.TEMPLATE).write_text(
        head + "".join(f'msgid "{name}"\nmsgstr ""\n\n' for name in ("Hello", "a", "b", "c %(x)s", "d")), "utf-8"
    )
    path.write_text(
        head + HELLO + 'msgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr "ခ"\n\nmsgid "c %(x)s"\nmsgstr "ဂ"\n',
        "utf-8",
    )
    assert missing("my", tmp_path) == ["a", "b", "c %(x)s", "d"]
    assert missing("th", tmp_path) == ["Hello", "a", "b", "c %(x)s", "d"]
    assert missing("en", tmp_path) == []


def test_the_status_line_says_whether_a_native_reader_is_needed(use: MakeCatalog) -> None:
    use(HELLO)
    assert needs_review("my")
    use(HELLO, status=catalogs.HAS_READER)
    assert not needs_review("my")
    use(HELLO, status="by hand, without a status")
    assert needs_review("my")
    assert not needs_review("en")
    assert needs_review("ksw")  # no catalog at all


@pytest.mark.parametrize(
    "damage",
    [
        b'msgid "a"\nmsgstr "b\n',
        b'msgid "a"\nmsgstr "b" c"\n',
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "a"\nmsgstr "\xff\xfe"\n',
        b'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=import os;\\n"\n',
        b'msgid ""\nmsgstr "Plural-Forms: nplurals=many; plural=0;\\n"\n',
        b'msgid "a"\nmsgstr "b"\nmsgtsr "c"\n',
    ],
)
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "firstsay.po"
    path.write_bytes(damage)
    with pytest.raises(CatalogError, match=r"^firstsay\.po .*cannot be read") as error:
        read(path, "my")
    assert "\n" not in str(error.value)


def test_every_offered_language_loads_once_and_without_faults() -> None:
    for code in LANGUAGES:
        assert load(code) is load(code)
        assert load(code).faults == ()


@pytest.mark.parametrize("code", ["", "xx", "../my", "en/../my", "EN"])
def test_a_code_from_elsewhere_opens_no_file(code: str) -> None:
    assert load(code) is load("en")


def test_a_language_that_babel_does_not_know_has_its_catalog_all_the_same(use: MakeCatalog) -> None:
    use('msgid "Hello"\nmsgstr "ဟဲလို"\n', "ksw")
    assert word(_("Hello"), "ksw") == "ဟဲလို"


def test_importing_is_light() -> None:
    heavy = "{'babel', 'myanmartools', 'myanmar', 'gettext'}"
    modules = "translations.wording, translations.numbers, translations.dates, translations.encoding"
    code = f"import sys, {modules}; sys.exit(repr({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
