"""`firstsay instrument`: questions of one's own, looked at before anybody is asked them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import typer

from bot.errors import OperatorError
from bot.faults import Fault
from bot.forms import Kept, check, frozen_in
from bot.programme import Programme
from bot.proof import examine
from bot.settings import load_environment, load_programme
from conversations.instruments.form import NOTE

WRONG = 2
"""Exit code where something is to be mended: the operator's."""


def check_file(path: Path) -> int:
    """Print everything that is wrong with a file, a line each, or that all is well. Exit code."""
    file = check(path, *here())
    _tell(str(path), file.faults)
    if file.form is None:
        return WRONG
    questions = sum(question.kind != NOTE for question in file.form.questions)
    typer.echo(f"{path}: ok: {file.name} {file.version}, {questions} questions, in {', '.join(file.form.wording)}")
    return 0


def play_file(what: str, language: str | None) -> int:
    """Play a file, or an instrument that is built in. Exit code. Raises OperatorError."""
    from bot.rehearse import play

    programme, _kept = here()
    return play(what, language, programme or Programme())


def import_file(path: Path, out: Path | None) -> int:
    """Bring an XLSForm over, say what could not be, and what is still to be mended. Exit code. Raises OperatorError."""
    from bot.xlsform.form import bring

    brought = bring(path)
    if out is None:
        typer.echo(brought.source, nl=False)
    else:
        _write(out, brought.source)
    for remark in brought.remarks:
        typer.echo(f"{path}: {remark}", err=True)
    faults = examine(brought.source).faults
    _tell(str(out or "the new file"), faults)
    return 0 if all(fault.note for fault in faults) else WRONG


def here() -> tuple[Programme | None, Kept]:
    """The programme of this machine and what it has frozen; nothing where there is none, or one that `firstsay doctor`
    would have mended first: a file can be looked at by itself."""
    try:
        environment = load_environment()
        return load_programme(environment.programme_file), frozen_in(environment.database_file)
    except (OperatorError, sqlite3.Error):
        return None, {}


def _tell(file: str, faults: tuple[Fault, ...]) -> None:
    for fault in faults:
        typer.echo(fault.told_of(file), err=True)


def _write(out: Path, source: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(source)
    except FileExistsError:
        raise OperatorError(f"{out}: is there already; name another file, or take it away first") from None
    except OSError as error:
        raise OperatorError(f"{out}: cannot be written ({error.strerror}); name another file") from None
