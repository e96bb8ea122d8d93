"""Telegram's HTML, entities in UTF-16, and commands found in text."""

from __future__ import annotations

import pytest

from bot.demo.markup import find_commands, measure, read_text
from bot.demo.refusals import Refusal


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b>", "a", [{"type": "bold", "offset": 0, "length": 1}]),
        ("\U0001f600<i>b</i>", "\U0001f600b", [{"type": "italic", "offset": 2, "length": 1}]),
        (
            "<b>a<u>b</u></b>",
            "ab",
            [{"type": "bold", "offset": 0, "length": 2}, {"type": "underline", "offset": 1, "length": 1}],
        ),
        ("1 &lt; 2 &amp; &#51;", "1 < 2 & 3", []),
        (
            '<a href="https://example.org/?a=1&amp;b=2">x</a>',
            "x",
            [{"type": "text_link", "offset": 0, "length": 1, "url": "https://example.org/?a=1&b=2"}],
        ),
        ('<a href="example">x</a>', "x", []),
        ('<span class="tg-spoiler">x</span>', "x", [{"type": "spoiler", "offset": 0, "length": 1}]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [{"type": "spoiler", "offset": 0, "length": 1}]),
        ("<blockquote expandable>x</blockquote>", "x", [{"type": "expandable_blockquote", "offset": 0, "length": 1}]),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [{"type": "pre", "offset": 0, "length": 1, "language": "python"}],
        ),
        ("  <s>x </s>\n", "x", [{"type": "strikethrough", "offset": 0, "length": 1}]),
        ("<b></b>x", "x", []),
    ],
)
def test_html(source: str, text: str, entities: list[dict[str, object]]) -> None:
    assert read_text(source, "HTML", ()) == (text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<x>y</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("\u1000<b>x</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html(source: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_text(source, "HTML", ())
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_other_modes_are_refused_rather_than_guessed() -> None:
    for mode in ("MarkdownV2", "Markdown", "rich"):
        with pytest.raises(Refusal, match="Bad Request"):
            read_text("x", mode, ())


def test_entities_given_outright_must_lie_in_the_text() -> None:
    entity = {"type": "bold", "offset": 0, "length": 2}
    assert read_text("ab", "", [entity]) == ("ab", [entity])
    for wrong in ({"type": "bold", "offset": 1, "length": 2}, {"type": "bold"}):
        with pytest.raises(Refusal):
            read_text("ab", "", [wrong])


def test_the_limit_counts_what_is_shown_in_utf_16() -> None:
    assert len(read_text("<b>" + "x" * 4096 + "</b>", "HTML", ())[0]) == 4096
    assert measure("\U0001f600") == 2
    with pytest.raises(Refusal, match="message is too long"):
        read_text("\U0001f600" * 2049, "", ())


def test_commands_are_found_where_a_word_begins() -> None:
    found = find_commands("/start me, then /help@first_say_bot but not a/b or /a/b")
    assert [(entity["offset"], entity["length"]) for entity in found] == [(0, 6), (16, 19)]
