"""The result of a round on the terminal, for `firstsay round show`."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from bot.rounds import wording
from bot.rounds.result import Result
from bot.rounds.wording import Table
from conversations.text import Words
from translations.wording import word


def show(result: Result, language: str) -> None:
    """Print a result."""
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)

    def say(words: Words) -> str:
        return word(words, language)

    console.print(f"{say(wording.title(result))} · {result.organisation}", style="bold")
    for line in wording.facts(result):
        console.print(say(line))
    console.print(_grid(wording.process(result), language))
    for line in (*wording.reasons(result), *wording.counted(result)):
        console.print(say(line))
    for table in wording.tables(result):
        console.print(_grid(table, language))
        if table.hidden is not None:
            console.print(say(table.hidden), style="dim")
    for line in wording.notes(result):
        console.print(say(line), style="dim")


def _grid(table: Table, language: str) -> Grid:
    grid = Grid(
        box=SIMPLE_HEAD, title=word(table.title, language), title_justify="left", title_style="bold", show_header=False
    )
    grid.add_column("")
    grid.add_column("", justify="right", no_wrap=True)
    for row in table.rows:
        grid.add_row(word(row.label, language), word(row.value, language))
    return grid
