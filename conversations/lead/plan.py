"""Planning a round: one question a screen, then a summary of what would happen, from which every step can be changed;
and what is asked, as a client sees it."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.acts import PlanRound
from conversations.client.asked import SCRIPTS
from conversations.client.checkin import checkin
from conversations.client.followup import followup
from conversations.client.form import form
from conversations.client.needs import rank_needs
from conversations.instruments.form import Form
from conversations.lead.draft import REFUSED, Made, comes_again, described, settled, would_ask
from conversations.lead.steps import STEPS
from conversations.lead.wording import instrument_name
from conversations.looks import Around, DryRun, LookAround, LookDryRun, LookForm
from conversations.questions import act, confirm, look, say
from conversations.rehearsal import rehearse, sample
from conversations.script import Ending, Json, Option, Script, Then
from conversations.text import Verbatim, Words, _

BLAND = _("Hello. There is something new for you when you have time.")
"""What a client gets first; the same as `bot.talks.BLAND`."""


def plan(draft: Mapping[str, Json] | None = None) -> Script[Ending]:
    """What, whom, when, how often and for how long, then the summary. `draft` is what comes back from a rehearsal."""
    around: Around = yield from look("around", LookAround())
    made: Made = dict(draft or {})
    if not made:
        for choose in STEPS.values():
            made |= yield from choose(around, made)
    note: list[Words] = []
    while True:
        tap = yield from summary(around, made, note)
        note = []
        if tap == "drop":
            yield from say(_("Nothing was planned."))
            return Then("rounds")
        if tap == "change":
            made |= yield from change(around, made)
        elif tap == "see":
            language = yield from choose_language(around, made)
            shown = {key: made[key] for key in ("instrument", "version")}
            return Then("preview", {**shown, "language": language, "draft": made})
        elif tap == "plan":
            clock: Around = yield from look("clock", LookAround())
            planned = yield from act("planned", PlanRound(settled(made, clock)))
            if planned and "plan" in planned:
                yield from say(_("It is planned."))
                return Then("round", {"plan": planned["plan"]})
            note = [REFUSED[planned["refused"]] if planned else _("Please tap “Plan it” once more.")]


def change(around: Around, made: Made) -> Script[Made]:
    """One of the steps once more."""
    step = yield from confirm(
        "change",
        _("What do you want to change?"),
        Option("instrument", _("What it asks")),
        Option("audience", _("Whom it asks")),
        Option("start", _("When it begins")),
        Option("repeat", _("How often it comes")),
        Option("window", _("How long it is open")),
        stop=True,
    )
    return (yield from STEPS[step](around, made))


def summary(around: Around, made: Made, note: list[Words]) -> Script[str]:
    """What would happen, counted anew each time it is shown."""
    clock: Around = yield from look("clock.summary", LookAround())
    dry: DryRun = yield from look("dry", LookDryRun(settled(made, clock)))
    lines = [*note, *described(around, made)]
    if dry["refused"]:
        lines.append(REFUSED[dry["refused"]])
    else:
        lines += [*would_ask(dry), *comes_again(around, made, dry)]
    return (
        yield from confirm(
            "summary",
            lines,
            *([] if dry["refused"] else [Option("plan", _("Plan it")), Option("see", _("See it as a client does"))]),
            Option("change", _("Change something")),
            Option("again", _("Count again")),
            Option("drop", _("Drop it")),
            title=instrument_name(made["instrument"], made["title"]),
            stop=True,
        )
    )


def choose_language(around: Around, made: Made) -> Script[str]:
    """One of the languages that it can be asked in."""
    known = dict(around["languages"])
    spoken = [code for code in made["title"] if code in known] or made["title"]
    return (
        yield from confirm(
            "language",
            [
                _("You see what a client sees, from the first line on. Nothing you tap is kept."),
                _("“Stop for now” brings you back here. In which language?"),
            ],
            *[Option(code, Verbatim(known.get(code, code))) for code in spoken],
        )
    )


def preview(instrument: str, version: int, language: str, draft: Mapping[str, Json]) -> Script[Ending]:
    """The line that a client gets, and then what it asks. `language` is that of these screens (see `bot.dialogue`)."""
    around: Around = yield from look("around", LookAround())
    found: Form | None = yield from look("form", LookForm(instrument, version), live=True)
    yield from confirm("line", BLAND, Option("open", _("Open")), back=False)
    yield from rehearse(asks(instrument, version, last=draft["last"]), lambda query: sample(query, around, found))
    yield from confirm(
        "end",
        _("That is all that a client is asked. Nothing of this was kept."),
        Option("back", _("Back to the plan")),
        back=False,
    )
    return Then("plan", {"draft": draft})


def asks(instrument: str, version: int, *, last: bool) -> Script[Ending]:
    """The client's own script for an instrument."""
    match SCRIPTS.get(instrument):
        case "checkin":
            return checkin(asking=0, last=last)
        case "followup":
            return followup(asking=0)
        case "needs":
            return rank_needs(asking=0)
        case _form:
            return form(instrument, version, asking=0)
