from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import backup as module
from bot.backup import DATA, KEYS, BackupError, backup, restore
from bot.errors import OperatorError
from bot.home import only_one, open_home
from bot.init import create_key
from conversations.instruments import NEEDS
from storage import people
from storage.backup import seal, unseal
from storage.database import connect, transact
from storage.keys import Keyring
from storage.store import QUERIES, TABLES, Store
from tests.dialogue.stories import ask_for_contact, begin_rating, enrol, join, rate
from tests.player import MASTER, Phone, Stage

WORDS = "marker words"
ROWS = 20_000
"""Texts of a kilobyte each: enough for a backup to be caught in the middle of."""

State = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def stage(home: Path) -> Iterator[Stage]:
    """The people of that home; a bot has run there and a backup was made, so its locks are there."""
    for command in ("run", "backup"):
        with only_one(home, command):
            pass
    stage = Stage()
    with closing(connect(home / "firstsay.db")) as file:
        stage.connection.backup(file)
    reopen(stage, home)
    yield stage
    stage.connection.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def copies(out: Path) -> list[str]:
    """The names of the copies, oldest first."""
    return sorted(file.name for file in out.iterdir() if DATA.fullmatch(file.name))


def state(home: Path) -> State:
    """Everything in a home's database."""
    with closing(connect(home / "firstsay.db")) as connection:
        tables = ("alembic_version", *TABLES)
        return {
            table: list(map(tuple, connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2"))) for table in tables[1:]
        }


def digest(home: Path) -> dict[str, str]:
    """Every file of a home and what is in it."""
    files = [file for file in home.rglob("*") if file.is_file()]
    return {str(file.relative_to(home)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def in_store(stage: Stage, work: Callable[[Store], object]) -> None:
    def and_flush(connection: sqlite3.Connection) -> None:
        store = Store(connection, Keyring(MASTER), stage.now)
        work(store)
        store.flush()

    transact(stage.connection, and_flush)


def erase(stage: Stage, phone: Phone) -> int:
    """What is left of somebody who was erased: a number."""
    person = stage.person(phone).id

    def work(store: Store) -> None:
        for table in ("people", "identities", "invitations"):
            store.now_or_not(table, "erase", person_id=person)
        store.later("erased", "note", person_id=person, at=store.at)

    in_store(stage, work)
    return person


def close(stage: Stage) -> None:
    """The bot stops."""
    stage.connection.close()


def reopen(stage: Stage, home: Path) -> None:
    """And runs again, on whatever is in its home now."""
    stage.connection.close()
    stage.connection = connect(home / "firstsay.db")
    stage.connection.execute("PRAGMA synchronous=OFF")  # the tests need no disk that survives a power cut
    stage.restart()


def elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch, folder: str = "another") -> Path:
    """A new machine, with the key file and the settings of the old one."""
    new = home.parent / folder
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    for file in ("firstsay.key", "firstsay.toml"):
        shutil.copy2(home / file, new / file)
    monkeypatch.setenv("FIRSTSAY_HOME", str(new))
    return new


# --- there and back --------------------------------------------------------------------------------------------


def test_everything_is_there_again(stage: Stage, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    join(stage)
    client = enrol(stage, "Thida")
    ask_for_contact(client, words=WORDS)
    said = backup(out, 14)
    assert said[:2] == [f"made  {out / copies(out)[0]}", f"made  {out / KEYS}"]
    assert len(said) == 3 and str(home / "firstsay.key") in said[2]
    before = state(home)
    close(stage)
    new = elsewhere(home, monkeypatch)
    said = restore(out, None, False)
    assert said[0] == f"{new / 'firstsay.db'} is now {out / copies(out)[0]}"
    assert state(new) == before
    open_home()
    reopen(stage, new)
    assert stage.person(client).name == "Thida"
    client.tap("Back to the menu")
    assert "What matters to me" in client.labels


def test_backups_are_made_while_the_bot_runs(stage: Stage, home: Path, out: Path) -> None:
    with only_one(home):
        begin_rating(enrol(stage)).tap("2")
        backup(out, 14)
    assert len(copies(out)) == 1


def test_files_and_folder_are_for_their_owner_only(stage: Stage, home: Path, out: Path) -> None:
    umask = os.umask(0)
    try:
        backup(out / "deep", 14)
        close(stage)
        restore(out / "deep", None, True)
    finally:
        os.umask(umask)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (*(out / "deep").iterdir(), home / "firstsay.db")}
    assert modes == {0o600}
    assert stat.S_IMODE((out / "deep").stat().st_mode) == 0o700


def test_the_key_file_is_in_no_backup(stage: Stage, home: Path, out: Path) -> None:
    backup(out, 14)
    for file in out.iterdir():
        content = file.read_bytes()
        assert MASTER not in content and (home / "firstsay.key").read_bytes().strip() not in content


def test_copies_stay_up_to_a_number(stage: Stage, out: Path) -> None:
    backup(out, 14)
    (out / "notes.txt").write_text("not ours")
    (out / ".firstsay-20200101T000000Z.db.part").write_text("of one that was killed")
    (out / ".other.part").write_text("not ours")
    for _ in range(3):
        backup(out, 14)
    four = copies(out)
    assert len(four) == 4
    said = backup(out, 2)
    assert [line for line in said if line.startswith("gone")] == [f"gone  {out / name}" for name in four[:3]]
    assert copies(out)[0] == four[3] and len(copies(out)) == 2
    assert sorted(file.name for file in out.iterdir()) == sorted([*copies(out), KEYS, "notes.txt", ".other.part"])


def test_names_are_times_and_grow_even_if_the_clock_goes_back(
    stage: Stage, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return now

    monkeypatch.setattr(module, "datetime", Clock)
    backup(out, 14)
    assert copies(out) == ["firstsay-20261102T033000Z.db"]
    now -= timedelta(days=30)
    backup(out, 14)
    assert copies(out) == ["firstsay-20261102T033000Z.db", "firstsay-20261102T033001Z.db"]


def test_that_there_is_a_copy_is_noted_and_stays_noted(stage: Stage, home: Path, out: Path) -> None:
    backup(out, 14)
    backup(out, 14)
    noted = state(home)["copies"]
    assert [row[1:3] for row in noted] == [("backup", 1)] * 2
    close(stage)
    restore(out, copies(out)[0], True)
    assert state(home)["copies"] == noted


# --- the erased ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backed_up_since", [True, False])
def test_an_erased_client_stays_erased(stage: Stage, home: Path, out: Path, backed_up_since: bool) -> None:
    join(stage)
    client, other = enrol(stage, "Thida"), enrol(stage, "Hla")
    for phone in (client, other):
        ask_for_contact(phone, words=WORDS)
    kept = stage.person(other).id
    backup(out, 14)
    hash_ = stage.keyring.hash_chat(client.chat)
    sealed = stage.rows(
        "SELECT words FROM responses WHERE person_id = ? AND words IS NOT NULL", stage.person(client).id
    )
    person = erase(stage, client)
    if backed_up_since:
        backup(out, 14)
    close(stage)
    said = restore(out, copies(out)[0], True)
    assert "1 people who had been erased since then were erased again" in said
    now = state(home)
    assert [row[0] for row in now["erased"]] == [person]
    for table in set(TABLES) - {"erased"}:
        assert not [row for row in now[table] if person in row or hash_ in row], table
    assert [row for row in now["responses"] if row[1] == kept]
    content = (home / "firstsay.db").read_bytes()
    assert sealed and not [row for row in sealed if row["words"] in content]
    backup(out, 14)  # and from now on
    assert [row[0] for row in state(home)["erased"]] == [person]


def test_on_a_new_machine_a_line_says_what_nothing_there_can_know(
    stage: Stage, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(out, 14)
    close(stage)
    assert not [line for line in restore(out, None, True) if "nothing here knows" in line]
    (home / "firstsay.db").write_bytes(b"rubble " * 1000)
    assert [line for line in restore(out, None, True) if "nothing here knows" in line]
    elsewhere(home, monkeypatch)
    (line,) = [line for line in restore(out, None, False) if "nothing here knows" in line]
    at = datetime.strptime(copies(out)[0], "firstsay-%Y%m%dT%H%M%SZ.db").replace(tzinfo=UTC)
    assert at.isoformat() in line


def test_who_came_later_is_told_of_and_their_own_copies_stay_readable(stage: Stage, home: Path, out: Path) -> None:
    """Back to an older copy, a backup of that, and back to the newer one: nobody's key was lost on the way."""
    rate(begin_rating(enrol(stage, "Thida")), {"housing": WORDS})
    backup(out, 14)
    later = rate(begin_rating(enrol(stage, "Hla")), {"housing": WORDS})
    backup(out, 14)
    with_both = state(home)
    close(stage)
    first, second = copies(out)
    assert "1 people who came later are not in it: invite them again" in restore(out, first, True)
    backup(out, 14)
    restore(out, second, True)
    reopen(stage, home)
    assert stage.person(later).name == "Hla"
    assert state(home)["identities"] == with_both["identities"]


def test_a_backup_of_a_lost_home_takes_no_keys_away(stage: Stage, home: Path, out: Path) -> None:
    client = enrol(stage, "Thida")
    backup(out, 14)
    close(stage)
    for file in home.glob("firstsay.db*"):
        file.unlink()
    backup(out, 14)
    assert state(home)["people"] == []
    restore(out, copies(out)[0], True)
    reopen(stage, home)
    assert stage.person(client).name == "Thida"


def test_what_waited_is_not_sent(stage: Stage, home: Path, out: Path) -> None:
    join(stage)
    enrol(stage)
    in_store(stage, lambda store: store.connection.execute("UPDATE outbox SET state = 'queued', not_before = 0"))
    in_store(stage, lambda store: store.later("marks", "put", name="offset", value=5))
    number = stage.count("outbox")
    backup(out, 14)
    close(stage)
    assert f"{number} messages that waited at that time will not be sent" in restore(out, None, True)
    assert {row[8:10] for row in state(home)["outbox"]} == {("expired", "restored")}
    assert state(home)["marks"] == []


# --- what is refused -------------------------------------------------------------------------------------------

Spoil = Callable[[Path, Path], object]


def newest(out: Path) -> Path:
    return out / copies(out)[-1]


def truncate(out: Path, home: Path) -> None:
    os.truncate(newest(out), newest(out).stat().st_size // 2)


def flip(file: Path, part: float) -> None:
    """Change one bit of a file, so far from its beginning."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * part)] ^= 4
    file.write_bytes(content)


def exchange_key(out: Path, home: Path) -> None:
    (home / "firstsay.key").unlink()
    create_key(home)


def take_key_away(out: Path, home: Path) -> None:
    (home / "firstsay.key").unlink()


def take_keys_away(out: Path, home: Path) -> None:
    (out / KEYS).unlink()


def take_copies_away(out: Path, home: Path) -> None:
    for name in copies(out):
        (out / name).unlink()


def rename(out: Path, home: Path) -> None:
    newest(out).rename(out / "firstsay-20200101T000000Z.db")
    newest(out).unlink()


def put_newer_schema(out: Path, home: Path) -> None:
    """As a newer version would write it: everything fits."""
    ring = Keyring(MASTER)
    with closing(sqlite3.connect(newest(out))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    keys = unseal((out / KEYS).read_bytes(), ring)
    digests = keys.digests | {newest(out).name: hashlib.sha256(newest(out).read_bytes()).hexdigest()}
    (out / KEYS).write_bytes(seal(keys._replace(digests=digests), ring))


REFUSED: dict[str, tuple[Spoil, str]] = {
    "cut off": (truncate, "is broken; take another one with --from"),
    "empty": (lambda out, home: os.truncate(newest(out), 0), "is broken"),
    "no database": (lambda out, home: newest(out).write_bytes(b"x" * 10_000), "is broken"),
    **{
        f"a bit at {part}": (lambda out, home, part=part: flip(newest(out), part), "is broken")  # type: ignore[misc]
        for part in (0.0, 0.001, 0.3, 0.6, 0.9999)
    },
    "older keys": (lambda out, home: shutil.copyfile(out.with_name("older"), out / KEYS), "is older than firstsay-"),
    "no keys": (take_keys_away, "is missing"),
    "a bit of the keys": (lambda out, home: flip(out / KEYS, 0.5), "is broken; take it from a copy"),
    "another key file": (exchange_key, "belongs to another key file"),
    "no key file": (take_key_away, "is not there; put it back"),
    "newer": (put_newer_schema, r"newer First Say \(9999\)"),
    "renamed": (rename, "was not written by"),
    "no copies": (take_copies_away, "holds no backup"),
    "no folder": (lambda out, home: shutil.rmtree(out), "No such file"),
}


@pytest.fixture
def two_backups(stage: Stage, home: Path, out: Path) -> None:
    """And the keys of the first kept; afterwards something more was said."""
    enrol(stage, "Thida")
    backup(out, 14)
    shutil.copyfile(out / KEYS, out.with_name("older"))
    later = rate(begin_rating(enrol(stage, "Hla")), {"housing": WORDS})
    backup(out, 14)
    later.tap("Stop")
    close(stage)


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_restored_leaves_the_home_as_it_was(two_backups: None, home: Path, out: Path, case: str) -> None:
    spoil, line = REFUSED[case]
    spoil(out, home)
    before = digest(home)
    with pytest.raises(OperatorError, match=line) as caught:
        restore(out, None, True)
    assert "\n" not in str(caught.value) and caught.value.exit_code == 2
    assert digest(home) == before


def test_a_sound_copy_beside_a_broken_one_is_restored(two_backups: None, home: Path, out: Path) -> None:
    truncate(out, home)
    assert "is now" in restore(out, copies(out)[0], True)[0]


def test_a_name_that_is_not_there(two_backups: None, home: Path, out: Path) -> None:
    for name in ("firstsay-20200101T000000Z.db", KEYS, "../older"):
        with pytest.raises(BackupError, match=f"holds no {re.escape(name)}; the newest one there is {copies(out)[-1]}"):
            restore(out, name, True)


@pytest.mark.parametrize("file", ["firstsay.db", "firstsay.db-wal"])
def test_a_database_is_replaced_only_when_that_is_said(two_backups: None, home: Path, out: Path, file: str) -> None:
    for other in home.glob("firstsay.db*"):
        if other.name != file:
            other.unlink()
    (home / file).touch()
    before = digest(home)
    with pytest.raises(BackupError, match="is there: back it up, then add --replace"):
        restore(out, None, False)
    assert digest(home) == before
    restore(out, None, True)
    assert len(state(home)["people"]) == 2


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own."""
    return subprocess.run([sys.executable, "-m", "bot", *arguments], capture_output=True, text=True, check=False)


def test_over_a_running_bot(two_backups: None, home: Path, out: Path) -> None:
    before = digest(home)
    with only_one(home):
        done = command("restore", str(out), "--replace")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"firstsay: another firstsay run works in {home}; stop it first\n"
    assert digest(home) == before
    assert command("restore", str(out), "--replace").returncode == 0


@pytest.mark.parametrize("case", ["cut off", "older keys"])
def test_as_a_command_it_is_one_line_and_2(two_backups: None, home: Path, out: Path, case: str) -> None:
    spoil, line = REFUSED[case]
    spoil(out, home)
    before = digest(home)
    done = command("restore", str(out), "--replace")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("firstsay: ") and line in done.stderr
    assert digest(home) == before


def test_at_least_one_copy_stays(two_backups: None, out: Path) -> None:
    before = digest(out)
    assert command("backup", str(out), "--keep", "0").returncode == 2
    assert digest(out) == before
    assert command("backup", str(out), "--keep", "1").returncode == 0
    assert len(copies(out)) == 1


def test_a_backup_lies_outside_of_the_home(stage: Stage, home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home)
    for folder in (home, home / "backups", tmp_path / "link" / "backups"):
        with pytest.raises(BackupError, match="lies in the home"):
            backup(folder, 14)
    assert not (home / "backups").exists()


def test_the_folder_of_another_home_is_left_alone(
    two_backups: None, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = elsewhere(home, monkeypatch)
    exchange_key(out, new)
    before = digest(out)
    with pytest.raises(BackupError, match="belongs to another key file"):
        backup(out, 1)
    flip(out / KEYS, 0.5)
    monkeypatch.setenv("FIRSTSAY_HOME", str(home))
    with pytest.raises(BackupError, match="is broken"):
        backup(out, 1)
    (out / KEYS).unlink()
    with pytest.raises(BackupError, match="is missing"):
        backup(out, 1)
    assert digest(out) == {name: content for name, content in before.items() if name != KEYS}


def test_where_nothing_can_be_written(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BackupError, match=r"cannot be used \(Not a directory\)"):
        backup(tmp_path / "file" / "out", 14)


def test_two_backups_at_once(stage: Stage, home: Path, out: Path) -> None:
    with only_one(home, "backup"), pytest.raises(OperatorError, match="another firstsay backup works"):
        backup(out, 14)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    try:
        mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", str(place)]
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(connection: sqlite3.Connection, rows: int = ROWS) -> None:
    """Make the database large."""
    texts = ((f"{number:064}", "en", os.urandom(500).hex()) for number in range(rows))
    transact(connection, lambda c: c.executemany("INSERT INTO texts VALUES (?, ?, ?)", texts))


def test_a_full_disk_leaves_the_backup_before(stage: Stage, small_disk: Path) -> None:
    out = small_disk / "out"
    backup(out, 14)
    before = digest(out)
    fill(stage.connection, 6000)
    with pytest.raises(BackupError, match=r"SQLITE_FULL\); what was backed up before is still there"):
        backup(out, 14)
    assert digest(out) == before


def test_a_full_disk_leaves_the_home_as_it_was(
    stage: Stage, home: Path, out: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(stage.connection, 2500)
    backup(out, 14)
    close(stage)
    new = elsewhere(home, monkeypatch, "disk/home")
    before = digest(new)
    with pytest.raises(BackupError, match="this home is as it was"):
        restore(out, None, False)
    assert digest(new) == before | {f"{name}.lock": hashlib.sha256().hexdigest() for name in ("run", "backup")}


# --- killed ----------------------------------------------------------------------------------------------------


def kill_somewhere(arguments: list[str], begun: Callable[[], object], seconds: float) -> float | None:
    """Start a command and kill it at random after it has `begun`; how long it took if it was quicker, else None."""
    process = subprocess.Popen([sys.executable, "-m", "bot", *arguments], stdout=subprocess.DEVNULL)
    while not begun() and process.poll() is None:
        time.sleep(0.001)
    started = time.monotonic()
    try:
        code = process.wait(seconds * random.random())
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None
    assert code == 0
    return time.monotonic() - started


def rounds(home: Path) -> list[str]:
    """Which rounds of the test below are in a home's database."""
    return [row[0] for row in state(home)["texts"] if row[1] == "round"]


@pytest.mark.parametrize("done", [0, 1])
def test_a_backup_that_is_cut_off_between_its_two_files_leaves_one_to_restore(
    stage: Stage, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    client = enrol(stage, "Thida")
    backup(out, 14)
    enrol(stage, "Hla")
    moved: list[Path] = []
    move = Path.replace

    def cut_off(self: Path, target: Path) -> Path:
        if len(moved) == done:
            raise OSError(5, "Input/output error")
        moved.append(target)
        return move(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_off)
        with pytest.raises(BackupError, match="still there"):
            backup(out, 14)
    assert len(moved) == done
    new = elsewhere(home, monkeypatch)
    restore(out, None, False)
    close(stage)
    reopen(stage, new)
    assert stage.person(client).name == "Thida" and stage.count("people") == 1


@pytest.mark.parametrize("kills", [5, pytest.param(60, marks=pytest.mark.long)])
def test_a_backup_that_is_killed_leaves_one_to_restore(
    stage: Stage, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    fill(stage.connection)
    client = enrol(stage, "Thida")
    name, ended, seconds, killed = 0, -1, 60.0, 0
    while killed < kills:
        stage.connection.execute("INSERT INTO texts VALUES (?, 'round', '')", (f"{name:09}",))
        spent = kill_somewhere(["backup", str(out), "--keep", "3"], lambda: any(out.glob(".*.part")), seconds)
        if spent is not None:
            ended, seconds = name, spent
        else:
            killed += 1
        new = elsewhere(home, monkeypatch)
        restore(out, None, False)
        found = rounds(new)
        assert found in ([f"{n:09}" for n in range(last + 1)] for last in range(ended, name + 1))
        ring = Keyring(MASTER)
        with closing(connect(new / "firstsay.db")) as connection:
            assert people.find_by_chats(Store(connection, ring, stage.now), [client.chat])[client.chat].name == "Thida"
        monkeypatch.setenv("FIRSTSAY_HOME", str(home))
        name += 1
    backup(out, 3)
    assert not list(out.glob(".*"))
    assert len(copies(out)) <= 3


@pytest.mark.parametrize("kills", [5, pytest.param(60, marks=pytest.mark.long)])
def test_a_restore_that_is_killed_leaves_the_old_database_or_the_new_one(
    stage: Stage, home: Path, out: Path, kills: int
) -> None:
    fill(stage.connection)
    backup(out, 14)
    enrol(stage, "Thida")
    close(stage)
    work, database = home / ".firstsay.db.restoring", home / "firstsay.db"
    kept = shutil.copyfile(database, home.with_name("kept"))
    old = state(home)
    restore(out, None, True)
    new, seconds, killed = state(home), 60.0, 0
    assert (old["people"], new["people"]) != ([], [])
    while killed < kills:
        shutil.copyfile(kept, database)
        inode = database.stat().st_ino
        arguments = ["restore", str(out), "--replace"]
        spent = kill_somewhere(arguments, lambda: work.exists() and any(work.iterdir()), seconds)
        if spent is not None:
            seconds = spent
        else:
            killed += 1
        assert state(home) == (old if database.stat().st_ino == inode else new)
    restore(out, None, True)
    assert not work.exists() and state(home) == new


# --- large -----------------------------------------------------------------------------------------------------


def fill_with_answers(home: Path, number: int) -> None:
    """So many answers of a fiftieth as many people, every fifth with words."""
    now = datetime.now(UTC)
    ring = Keyring(MASTER)

    def work(connection: sqlite3.Connection) -> None:
        store = Store(connection, ring, now)
        who = [
            people.admit(store, people.add_stranger(store, 10**9 + each, "en"), "client", None)
            for each in range(number // 50)
        ]
        store.flush()
        values = {"number": 1, "instrument": "needs", "version": 1, "language": "en", "mode": "self"}
        rest = {"assisted_by": None, "status": "answered", "value": 2, "at": store.at}

        def answers() -> Iterator[dict[str, object]]:
            for each in range(number):
                person, id_ = who[each * 7919 % len(who)], store.new_id()
                words = person.box.seal(b"x" * 150, f"responses.words:{id_}") if each % 5 == 0 else None
                own = {"id": id_, "person_id": person.id, "session_id": id_, "words": words}
                yield values | rest | own | {"item": NEEDS.items[each % 21].code}

        connection.executemany(QUERIES["responses"].insert.sql, answers())

    open_home()
    with closing(connect(home / "firstsay.db")) as connection:
        transact(connection, work)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux how much memory was used")
def test_a_million_answers(home: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Says how long a backup and a restore take; neither takes more memory than ten answers would, nearly."""
    fill_with_answers(home, 1_000_000)
    for arguments in (["backup", str(out)], ["restore", str(out), "--replace"]):
        began, peak = time.monotonic(), 0
        with subprocess.Popen([sys.executable, "-m", "bot", *arguments], stdout=subprocess.DEVNULL) as process:
            while process.poll() is None:
                found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
                peak = max(peak, int(found[1]) // 1024 if found else 0)
                time.sleep(0.05)
        with capsys.disabled():
            print(f"\n{arguments[0]}: {time.monotonic() - began:.1f} s, {peak} MB at most")
        assert process.returncode == 0
        assert 0 < peak < 150
