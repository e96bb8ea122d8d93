from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import acts
from bot.acts import Moment
from bot.turns import Taken, Turns
from conversations.acts import Respond
from conversations.script import Json
from storage import people
from storage.database import connect, transact
from storage.keys import Box, WrongKeyError
from storage.store import TABLES, KeptBackError, Store, listed
from tests.dialogue.stories import asked, begin_rating, enrol, join
from tests.player import Phone, Stage, Update


def mark(store: Store, name: str, value: int = 1) -> None:
    store.later("marks", "put", name=name, value=value)


def note(store: Store, update: int) -> None:
    """A row that can be there only once."""
    store.later("updates", "note", update_id=update, at=store.at)


def count(store: Store, table: str = "marks") -> int:
    """What is in the database by now, past the store."""
    return int(store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_row_kept_back_is_seen_by_the_next_read(store: Store) -> None:
    mark(store, "one")
    assert count(store) == 0
    assert store.value("marks", "get", name="one") == 1
    store.begin_turn()
    mark(store, "two")
    assert store.value("marks", "get", name="two") == 1
    store.end_turn()
    assert store.value("marks", "get", name="two") == 1


def test_a_row_kept_back_stays_back_until_someone_asks(store: Store) -> None:
    for name in ("one", "two"):
        store.begin_turn()
        mark(store, name)
        store.end_turn()
    assert count(store) == 0
    store.flush()
    assert count(store) == 2


def test_rows_are_written_after_what_they_point_at_whatever_the_order_of_asking(store: Store) -> None:
    id_ = store.new_id()
    store.later("slots", "save", id="x", person_id=id_, message_id=1, sent_at=1, subject_id=None)
    people.save(store, people.Person(id_, "stranger", chat=5, code="S-5", box=Box(bytes(32))))
    store.flush()
    assert count(store, "slots") == 1


def test_writes_of_one_table_keep_their_order(store: Store) -> None:
    mark(store, "one", 1)
    store.later("attempts", "note", update_id=1, at=store.at)
    store.later("attempts", "forget", update_id=1)
    mark(store, "one", 2)
    store.later("attempts", "note", update_id=1, at=store.at)
    assert store.value("marks", "get", name="one") == 2
    assert [tuple(row) for row in store.rows("attempts", "all")] == [(1, 1)]


@pytest.mark.parametrize("reads", [False, True])
def test_a_turn_undone_leaves_nothing_and_earlier_turns_stay(store: Store, reads: bool) -> None:
    store.begin_turn()
    mark(store, "earlier")
    store.end_turn()
    store.begin_turn()
    mark(store, "undone")
    if reads:
        assert store.value("marks", "get", name="undone") == 1
        assert store.now_or_not("marks", "put", name="at once", value=1)
        mark(store, "after reading")
    store.undo_turn()
    store.begin_turn()
    mark(store, "later")
    store.end_turn()
    store.flush()
    kept = {row[0] for row in store.connection.execute("SELECT name FROM marks")}
    assert kept == {"earlier", "later"}


def test_a_contest_is_won_once(store: Store) -> None:
    values = {"role": "client", "caseworker_id": None, "place": None, "created_at": 0, "expires_at": store.at + 10}
    store.later("invitations", "insert", id=1, code_hash="x", **values)
    assert store.now_or_not("invitations", "redeem", code_hash="x", now=store.at, person_id=1)
    assert not store.now_or_not("invitations", "redeem", code_hash="x", now=store.at, person_id=2)
    assert not store.now_or_not("invitations", "redeem", code_hash="y", now=store.at, person_id=2)


def test_a_row_of_an_earlier_turn_that_is_refused_is_not_blamed_on_this_one(store: Store) -> None:
    note(store, 5)
    store.flush()
    store.begin_turn()
    note(store, 5)
    store.end_turn()
    store.begin_turn()
    mark(store, "innocent")
    with pytest.raises(KeptBackError):
        store.value("marks", "get", name="innocent")


def test_a_row_of_this_turn_that_is_refused_is_its_own_fault(store: Store) -> None:
    note(store, 5)
    store.begin_turn()
    note(store, 5)
    with pytest.raises(sqlite3.IntegrityError):
        store.value("marks", "get", name="x")
    store.undo_turn()
    store.flush()
    assert count(store, "updates") == 1


def test_lists_go_in_as_json() -> None:
    assert listed([1, 2]) == "[1, 2]"
    assert listed(x for x in ("a'b", '"')) == '["a\'b", "\\""]'


def test_a_slot_of_someone_who_is_forgotten_by_now_is_passed_over(store: Store) -> None:
    store.later("slots", "save", id="5.living", person_id=5, message_id=1, sent_at=1, subject_id=None)
    store.flush()
    assert count(store, "slots") == 0


# --- people ----------------------------------------------------------------------------------------------


def test_a_person_is_found_by_chat_and_opens_with_their_own_key(stage: Stage) -> None:
    client = enrol(stage, "Mya")
    person = stage.person(client)
    assert (person.name, person.chat, person.role) == ("Mya", client.chat, "client")
    other = stage.person(join(stage))
    with pytest.raises(WrongKeyError):
        other.box.open(person.box.seal(b"x", "p"), "p")


def test_strangers_are_forgotten_after_a_week_and_nobody_else(stage: Stage) -> None:
    client, stranger = enrol(stage), stage.phone().send("/start")
    stage.wait(days=6)
    assert stage.person(stranger).role == "stranger"
    stage.wait(days=1, minutes=1)
    assert stage.person(client)
    with pytest.raises(KeyError):
        stage.person(stranger)
    assert stage.rows("SELECT count(*) FROM identities")[0][0] == stage.count("people")


def test_a_code_is_free_even_when_all_short_ones_are_taken(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.people.secrets.randbelow", lambda most: 0)
    first = people.add_stranger(store, 1, "en")
    assert people.admit(store, first, "client", None).code == "C-100"
    second = people.add_stranger(store, 2, "en")
    assert people.admit(store, second, "client", None).code == "C-1000"


# --- a batch in which something is refused ---------------------------------------------------------------


@pytest.fixture
def clients(stage: Stage) -> list[Phone]:
    """Three clients at the first question."""
    return [begin_rating(enrol(stage)) for _number in range(3)]


def answer(phone: Phone, label: str = "2") -> Update:
    message, button = phone.find(label)
    return phone.pressing(button.data, message.id)


Fault = Callable[[Moment], None]


def write_twice(moment: Moment) -> None:
    """A row that breaks a constraint only when it is written."""
    for _time in range(2):
        note(moment.turn.store, -1)


def raise_error(moment: Moment) -> None:
    raise ZeroDivisionError


def break_for(monkeypatch: pytest.MonkeyPatch, stage: Stage, phone: Phone, fault: Fault) -> None:
    """Let this person's answers meet a fault in what records them."""
    person, original = stage.person(phone).id, acts.perform

    def perform(act: object, moment: Moment) -> Json:
        done: Json = original(act, moment)
        if isinstance(act, Respond) and moment.scene.person.id == person:
            fault(moment)
        return done

    monkeypatch.setattr(acts, "perform", perform)


@pytest.mark.parametrize("fault", [write_twice, raise_error])
def test_only_the_turn_at_fault_becomes_a_dead_letter(
    stage: Stage, clients: list[Phone], monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    break_for(monkeypatch, stage, clients[1], fault)
    questions = [asked(client) for client in clients]
    stage.take(*(answer(client) for client in clients))
    assert [len(stage.ratings(client)) for client in clients] == [1, 0, 1]
    assert stage.letters == stage.count("letters") == 1
    assert [asked(client) for client in clients][1] == questions[1]
    assert all(asked(clients[n]) != questions[n] for n in (0, 2))
    assert stage.rows("SELECT count(*) FROM updates WHERE update_id = -1")[0][0] == 0


def test_a_batch_that_is_refused_as_a_whole_is_done_again_one_by_one(
    stage: Stage, clients: list[Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_for(monkeypatch, stage, clients[1], write_twice)
    ways: list[bool] = []
    original = Turns._take

    def spy(self: Turns, *args: Any, one_by_one: bool) -> Taken:
        ways.append(one_by_one)
        return original(self, *args, one_by_one=one_by_one)

    monkeypatch.setattr(Turns, "_take", spy)
    stage.take(*(answer(client) for client in clients))
    assert ways == [False, True]
    stage.take(answer(clients[0]))
    assert ways == [False, True, False]


def test_the_letter_opens_with_the_programmes_key_and_holds_the_whole_update(
    stage: Stage, clients: list[Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_for(monkeypatch, stage, clients[1], raise_error)
    update = answer(clients[1])
    stage.take(update)
    row = stage.rows("SELECT * FROM letters")[0]
    opened = stage.keyring.programme.open(row["body"], f"letters.body:{row['id']}")
    assert json.loads(opened) == update
    assert row["update_id"] == update["update_id"]
    assert row["error"] == "ZeroDivisionError"


def test_the_person_goes_on_where_they_were_once_it_is_mended(
    stage: Stage, clients: list[Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_for(patch, stage, clients[1], write_twice)
        stage.take(*(answer(client) for client in clients))
    clients[1].tap("2")
    assert [len(stage.ratings(client)) for client in clients] == [1, 1, 1]


def test_an_update_that_came_before_is_not_taken_again(stage: Stage, clients: list[Phone]) -> None:
    update = answer(clients[0])
    assert stage.take(update, update).turns == 1
    assert stage.take(update).turns == 0
    assert len(stage.ratings(clients[0])) == 1


def test_a_full_disk_leaves_nothing_of_a_batch(tmp_path: Path) -> None:
    stage = Stage(path=tmp_path / "full.db")
    writer = begin_rating(enrol(stage))
    before = {table: stage.count(table) for table in TABLES}
    full = connect(tmp_path / "full.db")
    try:
        pages = full.execute("PRAGMA page_count").fetchone()[0]
        full.execute(f"PRAGMA max_page_count={pages}")
        turns = Turns(stage.keyring, stage.programme)
        updates = [stage.phone().saying(text="/start") for _stranger in range(60)]
        updates.insert(30, answer(writer))
        with pytest.raises(sqlite3.OperationalError, match="full"):
            transact(full, lambda connection: turns.take(connection, updates, stage.now))
        assert not full.in_transaction
        full.execute("PRAGMA max_page_count=100000")
        assert {table: stage.count(table) for table in TABLES} == before
        taken = transact(full, lambda connection: turns.take(connection, updates, stage.now))
        assert (taken.turns, taken.letters) == (61, 0)
        assert len(stage.ratings(writer)) == 1
    finally:
        full.close()
        stage.connection.close()


def test_of_a_session_that_is_done_nothing_that_was_said_stays(stage: Stage) -> None:
    join(stage)
    client = enrol(stage, "Mya")
    session = stage.rows("SELECT * FROM sessions WHERE script = 'enrol' AND state = 'done'")[-1]
    body = stage.person(client).box.open(session["body"], f"sessions.body:{session['id']}")
    assert b"Mya" not in body
    assert not json.loads(body)["log"].get("entries")
