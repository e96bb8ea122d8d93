from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keys import MOST_KEPT, VERSION, Box, Keyring, WrongKeyError

MASTER, OTHER = bytes(range(32)), bytes(range(1, 33))
BOX, OTHER_BOX = Box(MASTER), Box(OTHER)
SEALED = BOX.seal(b"My sister is still there", "lines.body:1")


@given(st.binary(), st.text(max_size=40).filter(lambda text: text.isprintable()))
def test_what_was_sealed_opens_in_its_place(content: bytes, place: str) -> None:
    sealed = BOX.seal(content, place)
    assert BOX.open(sealed, place) == content
    assert BOX.seal(content, place) != sealed, "the same words must not look the same twice"
    assert len(content) < 4 or content not in sealed


def test_it_does_not_open_under_another_key() -> None:
    with pytest.raises(WrongKeyError):
        OTHER_BOX.open(SEALED, "lines.body:1")


@pytest.mark.parametrize("place", ["lines.body:2", "lines.body:11", "lines.body:", "outbox.body:1", ""])
def test_it_does_not_open_for_another_row(place: str) -> None:
    with pytest.raises(WrongKeyError):
        BOX.open(SEALED, place)


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_it_does_not_open_with_one_bit_changed(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(WrongKeyError):
        BOX.open(bytes(changed), "lines.body:1")


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_it_does_not_open_cut_short(length: int) -> None:
    with pytest.raises(WrongKeyError):
        BOX.open(SEALED[:length], "lines.body:1")


def test_a_version_byte_stands_in_front_and_an_unknown_one_is_refused() -> None:
    assert SEALED[:1] == VERSION
    with pytest.raises(WrongKeyError, match="version"):
        BOX.open(b"\x02" + SEALED[1:], "lines.body:1")


def test_a_persons_key_opens_from_its_wrapping() -> None:
    here = Keyring(MASTER)
    wrapped = here.new(7)
    sealed = here.box(7, wrapped).seal(b"words", "x:1")
    later = Keyring(MASTER)
    assert later.box(7, wrapped).open(sealed, "x:1") == b"words"


def test_a_wrapped_key_opens_only_for_its_person_and_under_its_master() -> None:
    wrapped = Keyring(MASTER).new(7)
    with pytest.raises(WrongKeyError):
        Keyring(MASTER).box(8, wrapped)
    with pytest.raises(WrongKeyError):
        Keyring(OTHER).box(7, wrapped)


def test_every_person_has_a_key_of_their_own() -> None:
    keyring = Keyring(MASTER)
    one, two = keyring.box(1, keyring.new(1)), keyring.box(2, keyring.new(2))
    with pytest.raises(WrongKeyError):
        two.open(one.seal(b"words", "x:1"), "x:1")
    with pytest.raises(WrongKeyError):
        keyring.programme.open(one.seal(b"words", "x:1"), "x:1")


def test_a_forgotten_key_is_not_in_memory_any_more() -> None:
    keyring = Keyring(MASTER)
    wrapped = keyring.new(7)
    keyring.forget(7)
    keyring.forget(7)
    with pytest.raises(WrongKeyError):
        keyring.box(7, wrapped[:-1] + b"\0\0")


def test_no_more_keys_than_agreed_are_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_KEPT > 10
    monkeypatch.setattr("storage.keys.MOST_KEPT", 10)
    keyring = Keyring(MASTER)
    made = {person: keyring.new(person) for person in range(30)}
    sealed = {person: keyring.box(person, key).seal(b"words", "x:1") for person, key in made.items()}
    assert len(keyring._boxes) == 10
    assert all(keyring.box(person, key).open(sealed[person], "x:1") == b"words" for person, key in made.items())


def test_keyed_hashes_differ_for_each_master_and_tell_nothing() -> None:
    here, there = Keyring(MASTER), Keyring(OTHER)
    assert here.hash_chat(700_000_001) == Keyring(MASTER).hash_chat(700_000_001)
    assert here.hash_chat(700_000_001) != there.hash_chat(700_000_001)
    assert here.hash_code("abc") != there.hash_code("abc")
    assert here.hash_code("700000001") != here.hash_chat(700_000_001), "a code must not find a chat"
    assert len(here.hash_chat(-5)) == 64
    assert "700000001" not in here.hash_chat(700_000_001)


def test_the_programmes_own_box_is_not_the_one_that_wraps() -> None:
    keyring = Keyring(MASTER)
    with pytest.raises(WrongKeyError):
        keyring.programme.open(keyring.new(7), "identities.key:7")
