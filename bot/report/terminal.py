"""`firstsay report`: the newest edition on the terminal, or as a page in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.clock import now
from bot.errors import OperatorError
from bot.home import open_home
from bot.report import wording
from bot.report.figures import Line, Report, make_report
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
    console.print(_table(report, wording.NEEDS_TITLE, report.needs, wording.need, say, ranked=True))
    console.print(_table(report, wording.CATEGORIES_TITLE, report.categories, wording.category, say))
    for note in wording.notes(report):
        console.print(say(note), style="dim")


def _table(
    report: Report,
    title: Words,
    lines: Iterable[Line],
    label: Callable[[str], Words],
    say: Callable[[Words], str],
    *,
    ranked: bool = False,
) -> Table:
    """The lines as rows; as many of the later columns as any line fills."""
    table = Table(box=SIMPLE_HEAD, title=say(title), title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("", justify="right", style="dim")
    table.add_column("")
    for head in wording.HEADS[1:]:
        table.add_column(say(head), justify="right", no_wrap=True)
    for line in lines:
        cells = [say(cell) for cell in wording.cells(report, line)]
        table.add_row(wording.place(line) if ranked else "", say(label(line.code)), *cells)
        for figure in line.groups:
            name = f"  {say(wording.group(report, figure.group or ''))}"
            table.add_row("", name, *(say(cell) for cell in wording.figure(figure)), style="dim")
    return table
