"""`firstsay report`: the newest edition on the terminal, or as a page in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.clock import now
from bot.errors import OperatorError
from bot.home import open_home
from bot.report import wording
from bot.report.figures import Report, make_report
from conversations.text import Words
from storage.database import connect, transact
from storage.store import Store
from translations.languages import LANGUAGES
from translations.wording import word


class ReportError(OperatorError):
    """The report cannot be made or written so."""


def run_report(by: str | None, language: str | None, html: Path | None) -> None:
    """Make the report and show it. Raises OperatorError."""
    home = open_home()
    language = language or home.programme.default_language
    if language not in LANGUAGES:
        raise ReportError(f"--language: {language} is not spoken yet; choose from {', '.join(LANGUAGES)}")

    def make(connection: sqlite3.Connection) -> Report:
        return make_report(Store(connection, home.keyring, now()), home.programme, by=by)

    with closing(connect(home.database)) as connection:
        report = transact(connection, make)
    if html is None:
        show(report, language)
    else:
        write_page(report, language, html)


def write_page(report: Report, language: str, file: Path) -> None:
    """The report as an HTML file, readable for its owner alone until they pass it on. Raises ReportError."""
    from bot.report.page import draw_page

    page = draw_page(report, language)
    try:
        file.touch(mode=0o600)
        file.write_text(page, "utf-8")
    except OSError as error:
        raise ReportError(f"{file}: cannot be written ({error.strerror}); name another file") from None


def show(report: Report, language: str) -> None:
    """Print the report."""
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)

    def say(words: Words) -> str:
        return word(words, language)

    console.print(f"{say(wording.TITLE)} · {report.organisation}", style="bold")
    for fact in wording.facts(report):
        console.print(say(fact))
    if report.clients is None:
        return
    for table in wording.tables(report):
        console.print(_table(table, say))
    for note in wording.notes(report):
        console.print(say(note), style="dim")


def _table(words: wording.Table, say: Callable[[Words], str]) -> Table:
    table = Table(box=SIMPLE_HEAD, title=say(words.title), title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("", justify="right", style="dim", no_wrap=True)
    table.add_column("")
    for head in words.heads:
        table.add_column(say(head), justify="right", no_wrap=True)
    for row in words.rows:
        label = f"  {say(row.label)}" if row.within else say(row.label)
        table.add_row(row.place, label, *map(say, row.cells), style="dim" if row.within else None)
    return table
