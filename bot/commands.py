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
    donor: Annotated[bool, typer.Option("--donor", help="Proof for donors, and nothing else.")] = False,
) -> None:
    """Write ratings, clients, alerts, consents and transfers as CSV files with their codebook."""
    if donor:
        from bot.donor import export_for_donors as write_files
    else:
        from bot.export import export as write_files

    files = write_files(folder, words)
    for file in files:
        typer.echo(file)
    if not files:
        typer.echo("Stopped: nothing was written.")


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


instrument = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(instrument, name="instrument", help="Questions of your own: check, play and import them.")


@instrument.command("check")
def check_instrument(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A form in TOML.")],
) -> None:
    """Say everything that is wrong with a form, and how to mend it."""
    from bot.instrument import check_file

    raise typer.Exit(check_file(file))


@instrument.command("play")
def play_instrument(
    what: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A form in TOML, or the name of one built in.")],
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Of the words; else the programme's.")] = None,
) -> None:
    """Play it in the terminal as a client has it; nothing is kept."""
    from bot.instrument import play_file

    raise typer.Exit(play_file(what, language))


@instrument.command("import")
def import_instrument(
    file: Annotated[Path, typer.Argument(metavar="FORM", help="An XLSForm: .xlsx, .xls or .csv.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Into a file.")] = None,
) -> None:
    """Bring a form of KoboToolbox or ODK over, and say what could not be."""
    from bot.instrument import import_file

    raise typer.Exit(import_file(file, out))


rounds = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rounds, name="round", help="Rounds: ask clients something, watch it, steer it.")

Number = Annotated[int, typer.Argument(metavar="ID", min=1, help="As firstsay round list shows it.")]


@rounds.command("plan")
def plan_round(
    instrument: Annotated[str, typer.Option(metavar="NAME", help="What is asked: checkin, followup, needs, or yours.")],
    at: Annotated[
        str, typer.Option(metavar="TIME", help='"2026-12-01 09:00" in the programme\'s zone, or now.')
    ] = "now",
    every: Annotated[
        str | None,
        typer.Option(metavar="RULE", help='week, "2 weeks", "4 weeks", month, "3 months", or "cron 0 9 1 * *".'),
    ] = None,
    times: Annotated[int | None, typer.Option(min=1, help="How often; else until it is stopped.")] = None,
    last: Annotated[bool, typer.Option("--last", help="A single one that is the last.")] = False,
    window_days: Annotated[int, typer.Option(min=1, max=90, help="For how long it can be answered.")] = 7,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Only those who read it.")] = None,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Only those of a place.")] = None,
    stage: Annotated[str | None, typer.Option(metavar="CODE", help="Only those at a stage.")] = None,
    caseload: Annotated[str | None, typer.Option(metavar="CODE", help="Only the clients of a caseworker.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Plan it without asking.")] = False,
) -> None:
    """Say what a round would do, and plan it."""
    from bot.rounds.command import Options, plan

    audience = {"language": language, "place": place, "stage": stage, "caseload": caseload}
    plan(Options(instrument, at, every, times, last, window_days, audience), yes=yes)


@rounds.command("list")
def list_rounds() -> None:
    """Tell of every round that was planned, those that go on first."""
    from bot.rounds.command import list_all

    list_all()


@rounds.command("show")
def show_round(
    number: Number,
    follow: Annotated[bool, typer.Option("--follow", help="Watch it until it has closed.")] = False,
) -> None:
    """Tell how a round stands, and what came of it."""
    from bot.rounds.command import show

    show(number, follow=follow)


@rounds.command("pause")
def pause_round(number: Number) -> None:
    """Ask nobody until it is resumed."""
    from bot.rounds.command import steer

    steer(number, "pause")


@rounds.command("resume")
def resume_round(number: Number) -> None:
    """Go on with what was paused."""
    from bot.rounds.command import steer

    steer(number, "resume")


@rounds.command("stop")
def stop_round(number: Number) -> None:
    """End it now; what was answered is kept."""
    from bot.rounds.command import steer

    steer(number, "stop")


cash = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(cash, name="cash", help="Cash transfers: plan them for a client, and note what was sent.")

Client = Annotated[str, typer.Argument(metavar="CODE", help="A client's code, like C-123.")]
Which = Annotated[
    str, typer.Argument(metavar="NUMBER", help="Which of the series, or the day of one, like 2026-12-31.")
]


@cash.command("plan")
def plan_cash(
    client: Client,
    first: Annotated[str, typer.Option(metavar="DAY", help="Day of the first one, like 2026-12-31.")],
    country: Annotated[str | None, typer.Option(metavar="CODE", help="By the rates of this country.")] = None,
    amount: Annotated[str | None, typer.Option(metavar="AMOUNT", help="By hand instead.")] = None,
    currency: Annotated[str | None, typer.Option(metavar="CODE", help="Of that amount; else the programme's.")] = None,
    times: Annotated[int | None, typer.Option(min=1, max=36, help="How many; else as firstsay.toml says.")] = None,
    gift: Annotated[bool, typer.Option("--gift", help="A single one beside any series.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Plan it without asking.")] = False,
) -> None:
    """Plan monthly transfers for a client, or one gift."""
    from bot.cash.command import Options, plan

    plan(Options(client, first, country, amount, currency, times, gift), yes=yes)


@cash.command("list")
def list_cash(
    client: Annotated[str | None, typer.Argument(metavar="CODE", help="Of this client only.")] = None,
) -> None:
    """Tell what is planned and what was sent."""
    from bot.cash.command import list_all

    list_all(client)


@cash.command("sent")
def mark_cash(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with a row for each that was sent.")],
    yes: Annotated[bool, typer.Option("--yes", help="Note them without asking.")] = False,
) -> None:
    """Note everything in a sheet as sent, or nothing where a row is wrong."""
    from bot.cash.command import mark_sent

    raise typer.Exit(mark_sent(file, yes=yes))


@cash.command("unsent")
def unmark_cash(client: Client, number: Which) -> None:
    """It was not sent after all; not once its client has said that it came."""
    from bot.cash.command import unsent

    unsent(client, number)


@cash.command("put-off")
def put_off_cash(
    client: Client,
    number: Which,
    to: Annotated[str, typer.Option(metavar="DAY", help="The new day.")],
    why: Annotated[str, typer.Option(metavar="CODE", help="bank, papers, funds, way or other; the client reads it.")],
) -> None:
    """Give it another day."""
    from bot.cash.command import put_off

    put_off(client, number, to, why)


@cash.command("cancel")
def cancel_cash(client: Client, number: Which) -> None:
    """It will not be sent."""
    from bot.cash.command import cancel

    cancel(client, number)


@cash.command("figures")
def count_cash() -> None:
    """Tell how transfers went, and what clients say of it, where that tells of nobody."""
    from bot.cash.figures import show

    show()
