from __future__ import annotations

import csv
import os
import stat
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import export as module
from bot.codebook import CODEBOOK, FILES, RATINGS
from bot.export import FORMULAS, WITHHELD, ExportError, Table, export, guard
from bot.home import Home, open_home
from conversations.instruments import NEEDS
from storage.database import connect, transact
from storage.store import Store
from tests.dialogue.stories import arrive, begin_rating, enrol, join, rate, wish
from tests.player import Phone, Stage

Rows = list[dict[str, str]]
NAMES = ("Marker-Client", "Marker-Worker", "On Telegram")
WORDS = '=HYPERLINK("x"),\nmarker အလုပ်'


@pytest.fixture
def stage(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The people of that home's database; they live in memory, and an export finds them as they are then."""
    stage = Stage()

    def save() -> Home:
        file = connect(home / "firstsay.db")
        stage.connection.backup(file)
        file.close()
        return open_home()

    monkeypatch.setattr(module, "open_home", save)
    yield stage
    stage.connection.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def read(folder: Path, name: str, encoding: str = "ascii") -> Rows:
    """One file of an export."""
    with (folder / name).open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, strict=True))


def ratings(out: Path, *, words: bool = False) -> Rows:
    """ratings.csv of a new export."""
    export(out, words)
    return read(out, "ratings.csv", "utf-8-sig" if words else "ascii")


def of(rows: Rows, need: str) -> list[dict[str, str]]:
    """The rows about one need."""
    return [row for row in rows if row["need"] == need]


def described(out: Path, encoding: str) -> list[tuple[str, str]]:
    """What the codebook describes: file and column."""
    return [(row["file"], row["column"]) for row in read(out, "codebook.csv", encoding) if row["file"] != "*"]


def test_an_empty_programme_has_files_with_headers_only(stage: Stage, out: Path) -> None:
    files = export(out, words=False)
    assert [file.name for file in files] == [*FILES]
    for file in files[:-1]:
        assert read(out, file.name) == []
        assert file.read_bytes().decode("ascii") == ",".join(column.name for column in FILES[file.name]) + "\r\n"


def test_answers_are_kept_apart_by_how_they_were_given(stage: Stage, out: Path) -> None:
    client = rate(begin_rating(enrol(stage)), {"money_expenses": ""}, until="debt")
    client.tap("Skip").tap("3").tap("Stop")
    rows = ratings(out)
    assert len(rows) == len(NEEDS.items)
    code = stage.person(client).code
    found = {row["need"]: (row["rating"], row["status"]) for row in rows if row["client"] == code}
    assert found.pop("employment") == ("2", "answered")
    assert found.pop("money_expenses") == ("4", "answered")
    assert found.pop("debt") == ("", "skipped")
    assert found.pop("integration_planning") == ("3", "answered")
    assert len(found) == 17
    assert set(found.values()) == {("", "not_asked")}


def test_a_rating_says_when_how_and_by_which_instrument(stage: Stage, out: Path) -> None:
    begin_rating(enrol(stage)).tap("2").tap("Stop")
    (row,) = of(ratings(out), "employment")
    at = datetime.fromisoformat(row["at"])
    assert at == stage.now - timedelta(seconds=1)  # Stop came a second later
    assert datetime.fromisoformat(row["sitting_at"]) == at - timedelta(seconds=1)
    assert (row["instrument"], row["version"], row["start"]) == ("needs", "1", "0")
    assert (row["structure"], row["wording"]) == (NEEDS.structure, NEEDS.wording["en"])
    assert (row["language"], row["mode"], row["assisted_by"]) == ("en", "self", "")
    (missing,) = of(ratings(out), "child_school")
    assert (missing["at"], missing["start"], missing["structure"]) == (row["sitting_at"], "0", NEEDS.structure)
    assert (missing["language"], missing["wording"]) == ("", "")


def test_the_history_stays_in_order_of_time(stage: Stage, out: Path) -> None:
    first = begin_rating(enrol(stage))
    second = begin_rating(enrol(stage)).tap("3")
    rate(first, {"employment": "a reason"})
    second.tap("1").tap("Stop")
    first.tap("Change something").tap("Finding a job").tap("2")
    rows = ratings(out)
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    code = stage.person(first).code
    once, again = [row for row in of(rows, "employment") if row["client"] == code]
    assert (once["rating"], once["meaning_status"], again["rating"], again["meaning_status"]) == (
        "4",
        "answered",
        "2",
        "",
    )
    assert once["sitting_at"]
    assert (again["sitting_at"], again["start"]) == ("", "")


def test_words_stand_in_the_file_only_when_asked_for(stage: Stage, out: Path) -> None:
    rate(begin_rating(enrol(stage)), {"employment": WORDS, "debt": ""}, until="integration_planning").tap("Stop")
    plain = ratings(out)
    assert "meaning" not in plain[0]
    assert {row["meaning_status"] for row in plain} == {"answered", "skipped", ""}
    assert "marker" not in (out / "ratings.csv").read_text("ascii")
    assert ("ratings.csv", "meaning") not in described(out, "ascii")
    worded = ratings(out, words=True)
    assert of(worded, "employment")[0]["meaning"] == f"'{WORDS}"
    assert of(worded, "debt")[0]["meaning"] == ""
    assert [row | {"meaning": ""} for row in worded] == [row | {"meaning": ""} for row in plain]
    assert (out / "ratings.csv").read_bytes().startswith("\ufeffclient,".encode())
    assert ("ratings.csv", "meaning") in described(out, "utf-8-sig")


def test_a_voice_note_says_that_it_is_one(stage: Stage, out: Path) -> None:
    begin_rating(enrol(stage)).tap("4").voice(7).tap("Stop")
    assert of(ratings(out, words=True), "employment")[0]["meaning"] == "(voice note, 7 seconds)"


def test_half_a_surrogate_pair_does_not_stop_an_export(stage: Stage, out: Path) -> None:
    begin_rating(enrol(stage)).tap("4").send("half \ud83d marker").tap("Stop")
    assert of(ratings(out, words=True), "employment")[0]["meaning"] == "half ? marker"


def test_words_belong_to_the_rating_they_were_said_about(stage: Stage, out: Path) -> None:
    client = begin_rating(enrol(stage)).tap("4").send("first words")
    client.tap("‹ Back").send("second words")
    client.tap("‹ Back").tap("‹ Back").tap("3").tap("Stop")
    rows = of(ratings(out, words=True), "employment")
    assert [(row["rating"], row["meaning"]) for row in rows] == [("4", "second words"), ("3", "")]


def test_words_are_withheld_once_their_consent_is_taken_back(stage: Stage, out: Path) -> None:
    client = begin_rating(enrol(stage)).tap("4").send("marker").tap("Stop")
    person = stage.person(client)

    def take_back(store: Store) -> None:
        values = {"person_id": person.id, "session_id": 1, "number": 1, "purpose": "plan", "granted": 0}
        rest = {"digest": "d", "language": "en", "mode": "self", "at": store.at}
        store.later("consents", "insert", id=store.new_id(), **values, **rest)
        store.flush()

    transact(stage.connection, lambda connection: take_back(Store(connection, stage.keyring, stage.now)))
    (row,) = of(ratings(out, words=True), "employment")
    assert (row["rating"], row["meaning"]) == ("4", WITHHELD)
    assert "plan" not in read(out, "clients.csv", "utf-8-sig")[0]["purposes"]


def send_wish(stage: Stage) -> Phone:
    """A client with four 4s, who wants contact about two of them."""
    client = rate(begin_rating(enrol(stage, NAMES[0])), {"employment": "", "debt": "", "housing": "", "food": ""})
    client.tap("Yes, go on")
    wish(client, {"housing": "Today", "food": "This week", "debt": "When we next talk"})
    return client.tap("A call").tap("Any time").tap("Yes, send it")


def test_a_wish_stands_beside_its_rating(stage: Stage, out: Path) -> None:
    join(stage, name=NAMES[1])
    send_wish(stage)
    found = {row["need"]: row["wish"] for row in ratings(out)}
    assert (found["housing"], found["food"], found["debt"], found["employment"]) == ("today", "week", "talk", "none")
    assert found["child_school"] == ""


def test_an_alert_and_who_did_what_by_their_codes(stage: Stage, out: Path) -> None:
    worker = join(stage, name=NAMES[1])
    client = send_wish(stage)
    export(out, words=False)
    (row,) = read(out, "alerts.csv")
    assert (row["client"], row["kind"], row["level"]) == (stage.person(client).code, "need", "today")
    assert (row["needs"], row["how"], row["state"]) == ("housing:today food:week", "call", "open")
    assert (row["seen_at"], row["claimed_by"], row["closed_at"]) == ("", "", "")
    worker.tap("I'll take it").tap("Done").tap("Yes, done")
    export(out, words=False)
    (row,) = read(out, "alerts.csv")
    code = stage.person(worker).code
    assert (row["state"], row["seen_by"], row["claimed_by"], row["closed_by"]) == ("closed", code, code, code)
    assert row["raised_at"] < row["claimed_at"] <= row["closed_at"]


def test_clients_and_what_they_agreed_to(stage: Stage, out: Path) -> None:
    worker = join(stage, name=NAMES[1])
    client = enrol(stage, purposes=("Keep my answers", "Write to me first"), strike=("team",))
    minor = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
    stage.phone().send("/start")
    export(out, words=False)
    first, second = read(out, "clients.csv")
    assert (first["client"], second["client"]) == (stage.person(client).code, stage.person(minor).code)
    assert (first["language"], first["adult"], second["adult"]) == ("en", "yes", "no")
    assert first["caseworker"] == stage.person(worker).code
    assert (set(first["purposes"].split()), set(first["roles"].split())) == ({"plan", "first"}, {"caseworker", "lead"})
    assert first["enrolled_at"] < second["enrolled_at"]
    assert (second["purposes"], second["roles"]) == ("", "")
    ledger = read(out, "consents.csv")
    assert len(ledger) == 8
    assert {row["purpose"]: row["granted"] for row in ledger}["tell:team"] == "no"
    assert {len(row["text"]) for row in ledger} == {64}
    (told,) = read(out, "alerts.csv")
    assert (told["kind"], told["needs"]) == ("minor", "")


def test_clients_come_to_places(stage: Stage, out: Path) -> None:
    for place in (None, "North"):
        stage.phone().send(f"/start {stage.invite('client', place=place)}")
    export(out, words=False)
    assert [row["place"] for row in read(out, "clients.csv")] == ["", "North"]
    stage.phone().send(f"/start {stage.invite('client', place='မြောက်')}")
    export(out, words=False)
    assert [row["place"] for row in read(out, "clients.csv", "utf-8-sig")] == ["", "North", "မြောက်"]


@pytest.mark.parametrize("words", [False, True])
def test_nobody_can_be_found_out(stage: Stage, out: Path, words: bool) -> None:
    worker = join(stage, name=NAMES[1])
    client = send_wish(stage)
    worker.tap("I'll take it")
    forbidden = [*NAMES]
    for phone in (worker, client):
        person = stage.person(phone)
        forbidden += [str(person.id), stage.keyring.hash_chat(phone.chat), f",{phone.chat},"]
    for file in export(out, words):
        text = file.read_text("utf-8-sig")
        assert not [each for each in forbidden if each in text], file.name


def test_items_of_an_older_version_are_those_that_were_answered(stage: Stage, out: Path) -> None:
    client = begin_rating(enrol(stage)).tap("2").tap("Stop")
    other = begin_rating(enrol(stage)).tap("Stop")
    stage.connection.execute("UPDATE responses SET version = 0")
    stage.connection.execute("UPDATE sittings SET version = 0")
    rows = ratings(out)
    found = [(row["client"], row["need"], row["status"], row["structure"]) for row in rows]
    assert sorted(found) == sorted(
        [
            (stage.person(client).code, "employment", "answered", ""),
            (stage.person(other).code, "employment", "not_asked", ""),
        ]
    )


def test_the_codebook_holds_every_column_of_every_file(stage: Stage, out: Path) -> None:
    files = export(out, words=True)
    standing = []
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            standing += [(file.name, column) for column in next(csv.reader(opened))]
    assert described(out, "utf-8-sig") == standing
    assert all(column.meaning for columns in FILES.values() for column in columns)
    assert all(column.meaning.isascii() and column.values.isascii() for column in (*RATINGS, *CODEBOOK))


# Where the files go


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_and_files_are_for_their_owner_only(stage: Stage, out: Path) -> None:
    umask = os.umask(0)
    try:
        files = export(out / "deep", words=True)
    finally:
        os.umask(umask)
    assert mode_of(out / "deep") == 0o700
    assert {mode_of(file) for file in files} == {0o600}
    assert sorted(file.name for file in (out / "deep").iterdir()) == sorted(FILES)


def test_an_earlier_export_is_replaced(stage: Stage, out: Path) -> None:
    export(out, words=True)
    (out / ".ratings.csv.part").write_text("left behind by a kill")
    begin_rating(enrol(stage)).tap("2").tap("Stop")
    assert len(ratings(out)) == 21
    assert sorted(file.name for file in out.iterdir()) == sorted(FILES)


@pytest.mark.parametrize(
    ("name", "content"),
    [("notes.txt", ""), ("ratings.csv", "date,amount\r\n"), (".ratings.part", ""), ("clients.csv", "")],
)
def test_a_folder_with_something_else_in_it_is_left_alone(stage: Stage, out: Path, name: str, content: str) -> None:
    out.mkdir()
    (out / name).write_bytes(content.encode())
    with pytest.raises(ExportError, match=f"holds {name}, which no export wrote") as caught:
        export(out, words=False)
    assert caught.value.exit_code == 2
    assert [file.name for file in out.iterdir()] == [name]
    assert (out / name).read_bytes() == content.encode()


def test_a_link_is_not_followed(stage: Stage, out: Path, tmp_path: Path) -> None:
    export(out, words=False)
    elsewhere = (out / "ratings.csv").rename(tmp_path / "elsewhere.csv")
    (out / "ratings.csv").symlink_to(elsewhere)
    with pytest.raises(ExportError, match=r"holds ratings\.csv"):
        export(out, words=False)


def test_a_file_in_the_place_of_the_folder(stage: Stage, out: Path) -> None:
    out.write_text("x")
    with pytest.raises(ExportError, match="cannot be used"):
        export(out, words=False)
    assert out.read_text() == "x"


def test_a_failure_leaves_the_earlier_export_whole(stage: Stage, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(out, words=False)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    begin_rating(enrol(stage)).tap("2").tap("Stop")
    written: list[Table] = []
    whole = module._write_table

    def fill_up(part: Path, table: Table, encoding: str) -> None:
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        whole(part, table, encoding)
        written.append(table)

    monkeypatch.setattr(module, "_write_table", fill_up)
    with pytest.raises(ExportError, match="No space left on device"):
        export(out, words=False)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_nothing_is_written_to_the_database_but_that_there_is_one_more_copy(
    stage: Stage, out: Path, home: Path
) -> None:
    send_wish(stage)
    export(out, words=True)
    with closing(connect(home / "firstsay.db", read_only=True)) as file:
        assert [tuple(row) for row in file.execute("SELECT kind, words FROM copies")] == [("export", 1)]
        kept = [line for line in file.iterdump() if "'key'" not in line and 'INTO "copies"' not in line]
    assert kept == list(stage.connection.iterdump())


def test_memory_does_not_grow_with_the_ratings(stage: Stage, out: Path) -> None:
    client = begin_rating(enrol(stage)).tap("2").tap("Stop")
    person = stage.person(client)

    def add(store: Store, number: int) -> None:
        values = {"person_id": person.id, "session_id": 5, "instrument": "needs", "version": 1, "language": "en"}
        rest = {"mode": "self", "assisted_by": None, "status": "answered", "value": 2, "words": None, "at": store.at}
        for each in range(number):
            item = NEEDS.items[each % 21].code
            id_ = store.new_id()
            store.later("responses", "insert", id=id_, number=id_, item=item, **values, **rest)
        store.flush()

    def peak() -> int:
        tracemalloc.start()
        try:
            export(out, words=False)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    transact(stage.connection, lambda connection: add(Store(connection, stage.keyring, stage.now), 200))
    few = peak()
    transact(stage.connection, lambda connection: add(Store(connection, stage.keyring, stage.now), 20_000))
    # Twenty thousand rows at once would be fifteen million bytes.
    assert peak() < few + 2_000_000
    assert len(read(out, "ratings.csv")) == 20_200 + 21


# Formulas


@given(st.text())
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    cell = guard(text)
    assert isinstance(cell, str)
    assert cell[:1] not in FORMULAS
    assert cell in (text, f"'{text}")


@given(st.sampled_from(sorted(FORMULAS)), st.text())
def test_a_formula_is_kept_behind_an_apostrophe(sign: str, text: str) -> None:
    assert guard(sign + text) == f"'{sign}{text}"


@given(st.one_of(st.none(), st.integers()))
def test_what_is_no_text_stays_as_it_is(cell: int | None) -> None:
    assert guard(cell) is cell
