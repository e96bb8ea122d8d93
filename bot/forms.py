"""Forms: the check-in and its like, and what a programme adds in TOML files of its own: checked, frozen once used.

A form of a programme lives in two places. Its file in the home's folder can be changed until a plan asks by it; then
its source goes into the database, where it stays, and what clients are asked comes from there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from bot import looks
from bot.faults import Fault, Lines
from bot.home import archive
from bot.programme import Programme
from bot.proof import Examined, examine
from bot.turn import Scene, Turn
from conversations.instruments import CHECKIN, FOLLOWUP, INSTRUMENTS, NEEDS, Instrument
from conversations.instruments.form import Form, read_form
from conversations.looks import Askable, LookForm
from storage.database import connect
from storage.schema import HEAD, revision_of
from storage.store import QUERIES, Row, Store

LARGEST: Final = 200_000
"""Bytes of a file; a form of fifty questions in two languages has 20,000."""

Kept: TypeAlias = Mapping[tuple[str, int], Row]
"""What is frozen, by name and version: rows of the table `forms`."""

_read_frozen = lru_cache(maxsize=64)(read_form)
"""Kept by its source, which never changes once it is frozen."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the programme's folder: the form, if everything is right, its source, and what there is to say."""

    path: Path
    source: str
    name: str
    version: int
    form: Form | None
    faults: tuple[Fault, ...]

    @property
    def wrong(self) -> str:
        """The first thing that is wrong, as a line; "" where nothing is."""
        return next((fault.told_of(self.path.name) for fault in self.faults if not fault.note), "")


# --- what is asked ---------------------------------------------------------------------------------------------


def find_form(turn: Turn, name: str, version: int) -> Form | None:
    """A form as it is asked: built in, frozen in the database, or else as it stands in the home's folder."""
    known = INSTRUMENTS.get(name)
    if known is not None and known.version == version:
        return known if isinstance(known, Form) else None
    row = turn.store.row("forms", "one", name=name, version=version)
    if row is not None:
        return _read_frozen(row["source"])
    file = _find_file(turn, name, version)
    return None if file is None else file.form


def languages_of(turn: Turn, name: str, version: int) -> Collection[str]:
    """The languages an instrument can be asked in; none where it is not there."""
    known = INSTRUMENTS.get(name)
    if known is not None and known.version == version:
        return known.wording.keys()
    form = find_form(turn, name, version)
    return form.wording.keys() if form is not None else ()


def askable(turn: Turn) -> list[Askable]:
    """What a round can ask: what is built in; then of each form of the programme's own the newest version, and
    whatever is wrong in its folder."""
    kept = _kept(turn.store)
    found: dict[tuple[str, int], Askable] = {}
    for key, row in kept.items():
        found[key] = _askable(*key, dict(_read_frozen(row["source"]).title.wordings))
    for file in read_folder(turn.programme, kept):
        if file.form is not None:
            found[file.name, file.version] = _askable(file.name, file.version, dict(file.form.title.wordings))
        else:
            name = file.name or file.path.stem
            found[name, file.version] = _askable(name, file.version, {"en": name}, file.wrong)
    newest = {name: version for (name, version), each in sorted(found.items()) if not each["wrong"]}
    own = [each for (name, version), each in sorted(found.items()) if each["wrong"] or newest[name] == version]
    built_in: tuple[Form | Instrument, ...] = (CHECKIN, FOLLOWUP, NEEDS)
    titles = [dict((each.title if isinstance(each, Form) else each.question).wordings) for each in built_in]
    return [*(_askable(i.name, i.version, t) for i, t in zip(built_in, titles, strict=True)), *own]


def _askable(name: str, version: int, title: dict[str, str], wrong: str = "") -> Askable:
    return Askable(name=name, version=version, title=title, wrong=wrong)


def freeze(turn: Turn, name: str, version: int) -> Form | None:
    """From now on this form is asked as it stands now; None where there is no such form. Freezing it once more, or
    what is built in, changes nothing."""
    form = find_form(turn, name, version)
    file = None if form is None or name in INSTRUMENTS else _find_file(turn, name, version)
    if form is not None and file is not None:
        store = turn.store
        store.later("forms", "keep", name=name, version=version, source=file.source, at=store.at)
        for language in form.wording:
            archive(store, form, language)
    return form


def _kept(store: Store) -> Kept:
    return {(row["name"], row["version"]): row for row in store.rows("forms", "all")}


def _find_file(turn: Turn, name: str, version: int) -> File | None:
    files = read_folder(turn.programme, _kept(turn.store))
    return next((f for f in files if f.form is not None and (f.name, f.version) == (name, version)), None)


@looks.read.register
def _look_form(query: LookForm, turn: Turn, scene: Scene) -> Form | None:
    return find_form(turn, query.name, query.version)


# --- the files -------------------------------------------------------------------------------------------------


def read_folder(programme: Programme, kept: Kept) -> list[File]:
    """Every file of the programme's folder, by name, with whatever there is to say about it."""
    folder = programme.instruments
    paths = sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else []
    return list(_judge([read_file(path) for path in paths], programme, kept))


def read_file(path: Path) -> File:
    """One file, as far as its text goes."""
    source, trouble = _read_text(path)
    examined = Examined(None, (Fault(trouble),), "", 0) if trouble else examine(source)
    return File(path, source, examined.name, examined.version, examined.form, examined.faults)


def check(path: Path, programme: Programme | None = None, kept: Kept | None = None) -> File:
    """One file, wherever it is, with whatever there is to say about it in this programme, if there is one."""
    file = read_file(path)
    if programme is None:
        return file
    others = [each for each in read_folder(programme, {}) if each.path.resolve() != path.resolve()]
    return list(_judge([*others, file], programme, kept or {}))[-1]


def frozen_in(database: Path) -> Kept:
    """What is frozen in a database, for those who only look at it; nothing where it is not there or an older one."""
    if not database.exists():
        return {}
    with closing(connect(database, read_only=True)) as connection:
        if revision_of(connection) != HEAD:
            return {}
        return {(row["name"], row["version"]): row for row in QUERIES["forms"].all(connection)}


def _read_text(path: Path) -> tuple[str, str]:
    """The text of a file, and why it cannot be read, if it cannot."""
    try:
        if path.stat().st_size > LARGEST:
            return "", f"is larger than {LARGEST // 1000} kB; a form is not"
        return path.read_text("utf-8-sig"), ""  # some editors put a mark before the text
    except FileNotFoundError:
        return "", "is not there"
    except UnicodeDecodeError:
        return "", "is not UTF-8 text; save it as UTF-8"
    except OSError as error:
        return "", f"cannot be read ({error.strerror}); look at its owner and mode"


def _judge(files: Iterable[File], programme: Programme, kept: Kept) -> Iterator[File]:
    """What a programme and its past have to say about files that are right in themselves."""
    seen: dict[tuple[str, int], str] = {}
    for file in files:
        if file.form is None:
            yield file
            continue
        more = [*_changed(file.form, programme, kept), *_unspoken(file.form, programme)]
        first = seen.setdefault((file.name, file.version), file.path.name)
        if first != file.path.name:
            text = f"{file.name} {file.version} is in {first} too; give one of them another name or version"
            more.append(Fault(text, ("version",)))
        lines = Lines(file.source)
        faults = [fault._replace(line=lines.find(fault.place)) for fault in more]
        form = file.form if all(fault.note for fault in faults) else None
        yield replace(file, form=form, faults=(*file.faults, *faults))


def _changed(form: Form, programme: Programme, kept: Kept) -> Iterator[Fault]:
    """A version that was used once stays as it was; what does not change what is asked, such as a comment, may."""
    row = kept.get((form.name, form.version))
    if row is None:
        return
    frozen = _read_frozen(row["source"])
    if (frozen.structure, dict(frozen.wording)) != (form.structure, dict(form.wording)):
        day = datetime.fromtimestamp(row["at"], programme.zone).date()
        newer = max(version for name, version in kept if name == form.name) + 1
        what = f"version {form.version} was first used on {day} as it was then"
        yield Fault(f"{what}; give the changed one version = {newer}", ("version",))


def _unspoken(form: Form, programme: Programme) -> Iterator[Fault]:
    for language in programme.languages:
        if language not in form.wording:
            yield Fault(f"has no {language}: clients who read that language are not asked", ("title",), note=True)
