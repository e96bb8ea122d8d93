from __future__ import annotations

import csv
import os
import stat
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import export as module
from bot.codebook import CODEBOOK, FILES, RATINGS
from bot.export import FORMULAS, ExportError, export, guard
from bot.home import Home, open_home
from bot.source import WITHHELD, Table
from conversations.instruments import CHECKIN, FOLLOWUP, NEEDS
from storage.database import connect, transact
from storage.store import Store
from tests.dialogue.checking import ask, come_in, come_to_close, come_to_services, put_first, say_factors, state, tick
from tests.dialogue.checking import begin as begin_check_in
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


# Check-ins


def november(monkeypatch: pytest.MonkeyPatch, month: int = 12) -> None:
    """The export is made in that month; what is played is in November."""
    monkeypatch.setattr(module, "now", lambda: datetime(2026, month, 1, tzinfo=UTC))


def serve(client: Phone, service: str = "Papers", answers: str = "Yes") -> Phone:
    """A check-in that says nothing but this of one service, all the same but for the last two questions."""
    tick(come_to_services(client), service)
    for answer in (*[answers] * 3, "No", "The same"):
        client.tap(answer)
    return client.tap("No").tap("Close")


def in_rounds(out: Path, name: str, encoding: str = "ascii") -> Rows:
    """That file of a new export."""
    export(out, words=encoding != "ascii")
    return read(out, name, encoding)


def test_ratings_hold_the_needs_alone(stage: Stage, out: Path) -> None:
    client = rate(begin_rating(come_in(stage).tap("Open")), until="debt").tap("Stop")
    serve(client)
    begin_check_in(come_in(stage)).tap("Skip").tap("Stop")
    rows = ratings(out)
    assert len(rows) == 21
    assert {row["instrument"] for row in rows} == {"needs"}


def test_a_check_in_by_its_codes_and_without_what_was_said_of_services(stage: Stage, out: Path) -> None:
    client = come_in(stage)
    ask(stage)
    say_factors(client.tap("Open").tap("Start"), ["Home", "Family"], ["Money, debt"])
    tick(state(client, {"open": "●●●●"}), "Legal help", "Papers").tap("Yes").tap("Skip").tap("Stop")
    rows = in_rounds(out, "checkins.csv")
    found = {row["item"]: (row["status"], row["answer"]) for row in rows}
    assert found["helped"] == ("answered", "family home")
    assert found["helped.first"] == ("answered", "home")
    assert found["helped_touched"] == ("skipped", "")
    assert found["pressed.first"] == ("not_asked", "")
    assert (found["open"], found["calm"]) == (("answered", "4"), ("skipped", ""))
    assert not [item for item in found if "services" in item or "legal" in item or "papers" in item]
    assert {row["round"] for row in rows} == {""}, "which would tell whose they are"
    assert {(row["client"], row["at"]) for row in rows} == {("P-1", "2026-11")}, "without a name, as was promised"
    digests = {(row["structure"], row["wording"], row["mode"], row["assisted_by"]) for row in rows}
    assert digests == {(CHECKIN.structure, CHECKIN.wording["en"], "self", "")}


def test_only_what_a_caseworker_may_read_stands_under_a_clients_code(stage: Stage, out: Path) -> None:
    people = [come_in(stage) for _ in range(6)]
    for number, client in enumerate(people):
        say_factors(begin_check_in(client), ["Home"] if number else ["Learning"]).tap("Leave them out")
        tick(client, "None of these").tap("No")
    rows = in_rounds(out, "checkins.csv")
    coded = [row for row in rows if row["client"].startswith("C-")]
    assert [(row["client"], row["item"]) for row in coded] == [(stage.person(c).code, "anything") for c in people]
    assert [row["at"] for row in coded] == sorted(row["at"] for row in coded)
    assert {row["client"] for row in rows if row not in coded} == {f"P-{number}" for number in range(1, 7)}
    [learning] = [row["client"] for row in rows if row["item"] == "helped" and row["answer"] == "learning"]
    drawn = {learning}
    for _export in range(12):
        rows = in_rounds(out, "checkins.csv")
        drawn |= {row["client"] for row in rows if row["item"] == "helped" and row["answer"] == "learning"}
    assert len(drawn) > 1, "the numbers are drawn anew each time"


def test_what_is_wanted_stands_in_the_file_only_when_asked_for(stage: Stage, out: Path) -> None:
    client = come_to_close(come_in(stage)).tap("Yes, I will write it").send(WORDS)
    client.tap("No, just note it")
    plain = in_rounds(out, "checkins.csv")
    found = {row["item"]: (row["round"], row["status"], row["answer"]) for row in plain}
    assert found["anything"] == ("", "answered", "write")
    assert found["wanting"] == ("", "answered", "")
    assert found["anything.wish"] == ("", "answered", "none")
    assert "said" not in plain[0]
    worded = in_rounds(out, "checkins.csv", "utf-8-sig")
    assert {row["item"]: row["said"] for row in worded if row["said"]} == {"wanting": f"'{WORDS}"}
    stage.connection.execute("UPDATE consents SET granted = 0 WHERE purpose = 'plan'")
    assert {row["said"] for row in in_rounds(out, "checkins.csv", "utf-8-sig")} == {"", WITHHELD}


def test_a_need_that_was_followed_up(stage: Stage, out: Path) -> None:
    client = put_first(come_in(stage).tap("Open"), {"debt": ""})
    stage.wait(days=15)
    ask(stage, "followup")
    client.tap("Open", on=client.standing("ask")[0]).tap("Start").tap("Getting better").tap("Partly")
    rows = in_rounds(out, "checkins.csv")
    found = [(row["instrument"], row["item"], row["answer"], row["structure"]) for row in rows]
    structure = FOLLOWUP.structure
    assert found == [("followup", "debt.now", "better", structure), ("followup", "debt.helped", "partly", structure)]


def test_services_are_told_without_anybody_and_once_the_month_is_over(
    stage: Stage, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        serve(come_in(stage), answers="No" if number == 2 else "Yes")
        stage.wait(hours=2)
    november(monkeypatch)
    assert in_rounds(out, "services.csv") == []
    serve(come_in(stage))
    november(monkeypatch, month=11)
    assert in_rounds(out, "services.csv") == [], "the month is not over"
    november(monkeypatch)
    rows = in_rounds(out, "services.csv")
    assert list(rows[0]) == ["months", "version", "service", "question", "status", "answer"]
    assert len(rows) == 50
    assert {(row["months"], row["version"], row["service"]) for row in rows} == {("2026-11", "1", "papers")}
    assert sum(row["answer"] == "no" for row in rows if row["question"] == "respect") == 1
    assert rows == sorted(rows, key=lambda row: [*row.values()])


def test_who_was_asked_in_a_round(stage: Stage, out: Path) -> None:
    first, second = come_in(stage), enrol(stage, purposes=())
    ask(stage)
    first.tap("Open").tap("Not now")
    rows = in_rounds(out, "rounds.csv")
    found = [(row["client"], row["round"], row["instrument"], row["state"], row["reason"]) for row in rows]
    codes = [stage.person(phone).code for phone in (first, second)]
    assert found == [
        (codes[0], "1.1", "checkin", "declined", ""),
        (codes[1], "1.1", "checkin", "unsent", "consent"),
    ]
    assert rows[0]["sent_at"] < rows[0]["opened_at"] < rows[0]["ended_at"]
    assert (rows[0]["doubts"], rows[1]["sent_at"]) == ("0", "")


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
    with pytest.raises(ExportError, match=f"holds {name}, which no such export wrote") as caught:
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
