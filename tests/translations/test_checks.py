from __future__ import annotations

from pathlib import Path

import pytest

from conversations.text import Text
from translations import catalogs, checks
from translations.languages import LANGUAGES
from translations.wording import word

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def test_placeholders_are_checked_in_fuzzy_entries_too(tmp_path: Path) -> None:
    path = catalogs.locate("my", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(
        HEAD + '#, fuzzy\nmsgid "a %(x)s"\nmsgstr "က %(y)s"\n\nmsgid "b %(x)s"\nmsgstr "ခ %(x)s"\n\n'
        'msgid "c"\nmsgstr ""\n',
        "utf-8",
    )
    assert [fault.message for fault in checks.misplaced("my", tmp_path)] == ["a %(x)s"]
    assert checks.misplaced("th", tmp_path) == []


def test_the_source_itself_is_checked(tmp_path: Path) -> None:
    sentences = ["100% yours", "100% of %(x)s", "100%% of %(x)s", "%(x)d", "fine %(x)s"]
    entries = "".join(f'msgid "{sentence}"\nmsgstr ""\n\n' for sentence in sentences)
    (tmp_path / catalogs.TEMPLATE).write_text(HEAD + entries, "utf-8")
    assert [fault.message for fault in checks.misplaced("en", tmp_path)] == ["100% of %(x)s", "%(x)d"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_catalogs_hold_no_wrong_placeholder(language: str) -> None:
    assert checks.misplaced(language) == []


def test_every_shipped_sentence_fits_into_a_message() -> None:
    worded = [word(Text(sentence), language) for sentence in catalogs.sentences() for language in LANGUAGES]
    assert checks.long_texts(worded) == []


def test_labels_are_measured_in_clusters() -> None:
    assert checks.long_labels(["a" * 20, "က္ခ" * 20, "b" * 21]) == ["b" * 21]


def test_messages_are_measured_as_telegram_does() -> None:
    assert checks.long_texts(["a" * 4096, "😀" * 2048]) == []
    assert checks.long_texts(["😀" * 2049, "\ud800" * 4097]) == ["😀" * 2049, "\ud800" * 4097]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Your case is open", "en", ["case"]),
        ("Cases and victims", "en", ["victim", "case"]),
        ("All beneficiaries", "en", ["beneficiary"]),
        ("In any event, a suitcase and policy", "en", []),
        ("POLICE", "my", ["police"]),
        ("လူကုန်\u200bကူးမှု", "my", ["လူကုန်ကူး"]),
        ("How are you?", "my", []),
    ],
)
def test_telling_words_are_found(text: str, language: str, words: list[str]) -> None:
    assert [found for _text, found in checks.telling([text], language)] == words
