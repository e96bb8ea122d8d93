"""The command line: what can be asked of First Say. Each command imports its work when it is called.

`firstsay --help` must be there at once, so nothing heavy is imported here: no pydantic, telegram, aiohttp.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="firstsay",
    help="A Telegram bot in which survivors say first what they need, and a person answers.",
    add_completion=False,
    no_args_is_help=True,
    # Its tracebacks show local variables and the texts of exceptions; __main__ says what may be said.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Way(StrEnum):
    """What a report can be told by."""

    LANGUAGE = "language"
    PLACE = "place"


class Role(StrEnum):
    """Who can be invited."""

    CLIENT = "client"
    CASEWORKER = "caseworker"
    LEAD = "lead"


@app.callback()
def prepare() -> None:
    """Before any command: from here on, nothing is logged that could give anyone away."""
    from bot.logs import configure

    configure(terminal=sys.stderr.isatty())


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine.")] = 8080,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
) -> None:
    """Play the whole bot on this machine, with three phones on one page and no account."""
    from bot.demo.play import run_demo

    raise typer.Exit(run_demo(port=port, open_browser=not no_browser))


@app.command()
def init(
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, take the defaults.")] = False,
) -> None:
    """Make the home: the key file, and firstsay.toml with the programme's settings."""
    from bot.init import run_init

    raise typer.Exit(run_init(yes))


@app.command()
def run() -> None:
    """Run the bot until it is stopped."""
    from bot.process import run as run_process

    raise typer.Exit(run_process())


@app.command()
def invite(
    role: Annotated[Role, typer.Argument(help="Who is invited.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print link, start and expires_at.")] = False,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Where a client comes to: one of places.")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even if the programme is not ready.")] = False,
) -> None:
    """Make an invitation that works once, and print its link."""
    from bot.invite import invite as make_invitation

    invitation = make_invitation(role.value, anyway, place)
    expires_at = invitation.expires_at.isoformat(timespec="seconds")
    if as_json:
        typer.echo(json.dumps({"link": invitation.link, "start": invitation.start, "expires_at": expires_at}))
    else:
        way = invitation.link or f"open the chat with the bot and send: /start {invitation.start}"
        typer.echo(f"{way}\nworks once, until {expires_at}")


@app.command()
def doctor() -> None:
    """Look at everything the bot needs; each line is ok or says how to mend it."""
    from bot.doctor import run_doctor

    raise typer.Exit(run_doctor())


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="Where the files go.")],
    words: Annotated[bool, typer.Option("--words", help="With the clients' own words.")] = False,
) -> None:
    """Write ratings, clients, alerts and consents as CSV files with their codebook."""
    from bot.export import export as write_files

    for file in write_files(folder, words):
        typer.echo(file)


@app.command()
def report(
    by: Annotated[Way | None, typer.Option(help="Also by groups, where they are large enough.")] = None,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Of labels; else default_language.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Into a page.")] = None,
) -> None:
    """Tell which needs clients put first and how many did; what could tell of anybody is hidden."""
    from bot.report.terminal import run_report

    run_report(by.value if by else None, language, html)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="Where the backups are.")],
    keep: Annotated[int, typer.Option(min=1, help="How many copies of the data stay there.")] = 14,
) -> None:
    """Add a copy of the data to DIR and replace the keys there; the bot may be running."""
    from bot.backup import backup as write_backup

    for line in write_backup(folder, keep):
        typer.echo(line)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="Where the backups are.")],
    name: Annotated[str | None, typer.Option("--from", metavar="NAME", help="Another copy than the newest.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Give up the database that is there.")] = False,
) -> None:
    """Make a copy from DIR the database of this home, and erase again everybody who was erased since."""
    from bot.backup import restore as read_backup

    for line in read_backup(folder, name, replace):
        typer.echo(line)
