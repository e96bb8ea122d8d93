from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.placeholders import fault, names, strays, template


@pytest.mark.parametrize(
    ("sentence", "found", "stray"),
    [
        ("Hello", set(), False),
        ("%(a)s and %(b_2)s", {"a", "b_2"}, False),
        ("100%%", set(), False),
        ("100%", set(), True),
        ("%%(a)s", set(), False),
        ("%%%(a)s", {"a"}, False),
        ("%(a)d", set(), True),
        ("%( a)s", set(), True),
        ("%(a) s", set(), True),
        ("% (a)s", set(), True),
        ("%(1a)s", set(), True),
        ("%s", set(), True),
    ],
)
def test_what_counts_as_a_placeholder(sentence: str, found: set[str], stray: bool) -> None:
    assert names(sentence) == found
    assert strays(sentence) == stray


@given(st.lists(st.sampled_from(["%", "%%", "%(a)s", "(", ")", "s", "a", "d", " ", "%("])).map("".join))
def test_a_template_is_always_safe_to_format(sentence: str) -> None:
    assert isinstance(template(sentence) % dict.fromkeys(names(sentence), "x"), str)
    assert strays(template(sentence)) is False


def test_a_plural_form_may_leave_out_the_number_and_nothing_else() -> None:
    assert fault("%(number)s of %(who)s", "%(who)s", plural=True) is None
    assert fault("%(number)s of %(who)s", "%(number)s", plural=True) == "a placeholder is left out"
    assert fault("%(number)s of %(who)s", "%(who)s") == "a placeholder is left out"
    assert fault("many", "%(number)s", plural=True) is None


def test_a_percent_is_free_where_nothing_is_formatted() -> None:
    assert fault("100% yours", "၁၀၀% သင့်ဟာ") is None
    assert fault("yours", "%(name)s") == "a placeholder that the sentence does not have"
