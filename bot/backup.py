"""`firstsay backup` and `firstsay restore`: a folder with copies of the data, and one file with everybody's keys.

In the folder stand `firstsay-20261102T033000Z.db`, the data as it was at that time (UTC), others like it, and
`identities.sealed`, which every backup replaces. Without it no copy can be read, and it lacks whoever was erased: so an
erasure reaches all copies with the next backup. It opens only with the home's key file, which is in no backup.

A backup puts the new keys in place before the new data. Wherever it is cut off, the keys that stand there are at least
as new as the newest data, and that is all a restore needs.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.errors import OperatorError
from bot.home import Home, only_one, open_home
from bot.init import read_master_key
from bot.settings import KEY_FILE_NAME, load_environment
from storage import backup as parts
from storage.backup import BrokenError, Keys
from storage.database import connect, transact
from storage.keys import Keyring, WrongKeyError
from storage.schema import NewerSchemaError
from storage.store import Store

KEYS: Final = "identities.sealed"
DATA: Final = re.compile(r"firstsay-\d{8}T\d{6}Z\.db")
STAMP: Final = "firstsay-%Y%m%dT%H%M%SZ.db"
PART: Final = ".part"
"""What a file is called while it is being written: `.identities.sealed.part`."""


class BackupError(OperatorError):
    """A backup cannot be written there, or not be restored from there."""


# --- backup ----------------------------------------------------------------------------------------------------


def backup(folder: Path, keep: int) -> list[str]:
    """Write a copy of the data into `folder` (made 0700 if it is missing; files are 0600), replace the keys there, and
    remove all copies but the newest `keep`. Works while the bot runs. Returns what to say. Raises OperatorError."""
    home = open_home()
    if folder.resolve().is_relative_to(home.environment.home.resolve()):
        raise BackupError(f"{folder}: lies in the home and would be lost with it; name a folder on another disk")
    with _telling(folder, "what was backed up before is still there"), only_one(home.environment.home, "backup"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = _write(home, folder)
        gone = _list(folder)[:-keep]
        for file in gone:
            file.unlink()
    key = home.environment.home / KEY_FILE_NAME
    return [
        *(f"made  {file}" for file in made),
        *(f"gone  {file}" for file in gone),
        f"Not in it: {key}. Keep it elsewhere: without it this is worthless, and who has both can read everything.",
    ]


def _write(home: Home, folder: Path) -> tuple[Path, Path]:
    former = _read_keys(folder, home.keyring) if _list(folder) or (folder / KEYS).exists() else None
    # Later than all before it, even if the clock was put back: what is newer is known by the name.
    at = max(int(datetime.now(UTC).timestamp()), former.at + 1 if former else 0)
    data, keys = folder / datetime.fromtimestamp(at, UTC).strftime(STAMP), folder / KEYS
    for left in folder.glob(f".*{PART}"):
        if DATA.fullmatch(left.name[1 : -len(PART)]) or left == _part(keys):
            left.unlink()
    try:
        _create(_part(data))
        parts.copy_data(home.database, _part(data))
        parts.check(_part(data))
        _sync(_part(data))
        digests = {**(former.digests if former else {}), data.name: _digest(_part(data))}
        _note(home)
        image = parts.copy_keys(home.database, former)
        _create(_part(keys), parts.seal(Keys(at, digests, image), home.keyring))
        for file in (keys, data):
            _part(file).replace(file)
            _sync(folder)
    except BrokenError:
        raise BackupError(f"{home.database} is broken, and was not backed up; restore an earlier backup") from None
    finally:
        for file in (data, keys):
            _part(file).unlink(missing_ok=True)
    return data, keys


def _note(home: Home) -> None:
    """Clients are told of copies that an erasure cannot reach at once: before there is one rather than after."""

    def work(connection: sqlite3.Connection) -> None:
        store = Store(connection, home.keyring, datetime.now(UTC))
        store.later("copies", "note", id=store.new_id(), kind="backup", words=1, at=store.at)
        store.flush()

    with closing(connect(home.database)) as connection:
        transact(connection, work)


# --- restore ---------------------------------------------------------------------------------------------------


def restore(folder: Path, name: str | None, replace: bool) -> list[str]:
    """Make the copy `name` (or the newest one in `folder`) the home's database; `replace` one that is there.

    Nothing of a replaced database is kept: it would be a copy of words with their keys, which no erasure reaches.
    Returns what to say. Raises OperatorError; the home is then as it was.
    """
    environment = load_environment()
    keyring = Keyring(read_master_key(environment.home))
    database = environment.database_file
    with (
        _telling(folder, "this home is as it was"),
        only_one(environment.home),
        only_one(environment.home, "backup"),
    ):
        data = _choose(folder, name)
        keys = _read_keys(folder, keyring)
        _see_that_keys_fit(data, keys)
        if not replace and any(database.with_name(database.name + end).exists() for end in ("", *parts.BESIDE)):
            raise BackupError(f"{database} is there: back it up, then add --replace (nothing of it is kept)")
        work = database.with_name(f".{database.name}.restoring")
        if work.exists():
            shutil.rmtree(work)  # of a restore that was killed
        work.mkdir(mode=0o700)
        try:
            return _restore(data, keys, database, work)
        except BrokenError:
            raise BackupError(f"{data}: is broken; take another one with --from") from None
        except NewerSchemaError as error:
            raise BackupError(f"{data}: was written by a newer First Say ({error}); install that version") from None
        finally:
            shutil.rmtree(work)


def _restore(data: Path, keys: Keys, database: Path, work: Path) -> list[str]:
    copy, packed = work / data.name, work / database.name
    shutil.copyfile(data, copy)
    if _digest(copy) != keys.digests[data.name]:
        raise BrokenError("its digest")
    parts.check(copy)
    try:
        memory = parts.recall(database) if database.exists() else None
    except sqlite3.Error:
        memory = None
    joined = parts.join(copy, keys, memory)
    _create(packed)
    parts.pack(copy, packed)
    _sync(packed)
    copy.unlink()  # before anybody could take the restore for done: it holds what packing left out
    parts.put_in_place(packed, database)
    _sync(database.parent)
    lines = [
        (True, f"{database} is now {data}"),
        (joined.erased, f"{joined.erased} people who had been erased since then were erased again"),
        (memory is None, f"Whoever was erased after {_iso(keys.at)} is there again: nothing here knows of it"),
        (joined.missing, f"{joined.missing} people who came later are not in it: invite them again"),
        (joined.unsent, f"{joined.unsent} messages that waited at that time will not be sent"),
    ]
    return [line for said, line in lines if said]


def _choose(folder: Path, name: str | None) -> Path:
    found = _list(folder)
    if not found:
        raise BackupError(f"{folder}: holds no backup; name the folder that firstsay backup wrote to")
    if name is None:
        return found[-1]
    if folder / name not in found:
        raise BackupError(f"{folder}: holds no {name}; the newest one there is {found[-1].name}")
    return folder / name


def _see_that_keys_fit(data: Path, keys: Keys) -> None:
    if data.name in keys.digests:
        return
    if data.name > datetime.fromtimestamp(keys.at, UTC).strftime(STAMP):
        raise BackupError(
            f"{KEYS} of {_iso(keys.at)} is older than {data.name}, and lacks who came since; put back the newer one"
        )
    raise BackupError(f"{data}: was not written by a backup into this folder; take another one with --from")


# --- the folder ------------------------------------------------------------------------------------------------


def _list(folder: Path) -> list[Path]:
    """The copies of the data, oldest first."""
    return sorted(file for file in folder.iterdir() if DATA.fullmatch(file.name))


def _read_keys(folder: Path, keyring: Keyring) -> Keys:
    file = folder / KEYS
    try:
        return parts.unseal(file.read_bytes(), keyring)
    except FileNotFoundError:
        trouble = "is missing, and without it no copy there can be read; put it back"
    except WrongKeyError:
        trouble = f"belongs to another key file than the {KEY_FILE_NAME} of this home; put the right one back"
    except BrokenError:
        trouble = "is broken; take it from a copy of this folder"
    raise BackupError(f"{file}: {trouble}, or name another folder")


@contextmanager
def _telling(folder: Path, comfort: str) -> Iterator[None]:
    """What goes wrong on a disk, in one line."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"{error.filename or folder}: cannot be used ({error.strerror}); {comfort}") from None
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "sqlite3")
        raise BackupError(f"{folder}: it could not be done ({name}); {comfort}") from None


def _part(file: Path) -> Path:
    return file.with_name(f".{file.name}{PART}")


def _create(file: Path, content: bytes = b"") -> None:
    """Write a file that was not there, for its owner only, onto the disk."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(path: Path) -> None:
    """See a file, or the names in a folder, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
