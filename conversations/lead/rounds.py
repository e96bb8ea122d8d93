"""Rounds as leads see them: what goes on, what is planned, what is over; one of them, to be paused or stopped."""

from __future__ import annotations

from conversations.acts import ShowResult, SteerPlan
from conversations.lead.wording import described, headline, in_short, is_single, name_of, overtaken
from conversations.looks import (
    Around,
    LookAround,
    LookParked,
    LookPlan,
    LookPlans,
    LookResult,
    Parked,
    PlanState,
)
from conversations.questions import act, confirm, look, say
from conversations.script import Ending, GoOn, Option, Script, Then
from conversations.text import Text, Words, _

MOST_PLANS = 6
"""Plans on one screen."""

STEERED: dict[str, Text] = {
    "pause": _("It is paused. Whoever has it on their screen can still answer."),
    "resume": _("It goes on."),
    "stop": _("It is stopped. Nobody is asked any more."),
}


def rounds(page: int = 0) -> Script[Ending]:
    """Every plan, those that go on first."""
    around: Around = yield from look("around", LookAround())
    plans: list[PlanState] = yield from look("plans", LookPlans(), live=True)
    parked: list[Parked] = yield from look("parked", LookParked(), live=True)
    begun = next((left for left in parked if left["script"] in ("plan", "preview")), None)
    shown = plans[page * MOST_PLANS : (page + 1) * MOST_PLANS]
    lines: list[Words] = [in_short(plan, around) for plan in shown]
    tap = yield from confirm(
        "rounds",
        lines or [_("No round is planned. A round asks clients something, in hours that are safe for them.")],
        Option("plan", _("Plan a round") if begun is None else _("Go on with the plan I began")),
        *[Option(str(plan["plan"]), headline(plan)) for plan in shown],
        *([Option("older", _("Older ones"))] if len(plans) > (page + 1) * MOST_PLANS else []),
        Option("close", _("Close")),
        back=False,
        live=True,
    )
    match tap:
        case "plan":
            return Then("plan") if begun is None else GoOn(begun["session"])
        case "older":
            return Then("rounds", {"page": page + 1})
        case "close":
            return Then("overview")
        case plan:
            return Then("round", {"plan": int(plan)})


def show_round(plan: int) -> Script[Ending]:
    """One plan: how it stands, and what can be done with it."""
    around: Around = yield from look("around", LookAround())
    state: PlanState | None = yield from look("plan", LookPlan(plan), live=True)
    if state is None:
        yield from say(_("This round is not here."))
        return Then("rounds")
    tap = yield from confirm(
        "round", described(state, around), *possible(state), title=name_of(state), back=False, live=True
    )
    way, _dot, argument = tap.partition(".")
    match way:
        case "pause" | "resume" | "stop":
            return (yield from steer(plan, int(argument), way))
        case "result":
            return Then("result", {"plan": plan, "of": int(argument)})
        case "again":
            return Then("round", {"plan": plan})
        case _others:
            return Then("rounds")


def steer(plan: int, stamp: int, way: str) -> Script[Ending]:
    """Pause, resume or stop it, unless somebody else was quicker: then how it stands now is shown instead. `stamp` is
    that of the screen on which it was tapped."""
    if way == "stop":
        sure = yield from confirm(
            "sure",
            [
                _("Stop it? Nobody is asked any more, and it does not come again."),
                _("What was answered is kept."),
            ],
            Option("stop", _("Yes, stop it")),
            Option("no", _("No, let it go on")),
        )
        if sure == "no":
            return Then("round", {"plan": plan})
    steered = yield from act("steered", SteerPlan(plan, stamp, way))
    outcome = steered["outcome"] if steered else "missed"
    if outcome == "done":
        yield from say(STEERED[way])
    elif outcome == "over":
        yield from say(_("It is over already. There is nothing to change any more."))
    elif outcome == "changed":
        around: Around = yield from look("since", LookAround())
        state: PlanState | None = yield from look("changed", LookPlan(plan))
        if state is not None:
            yield from say(overtaken(state, around))
    return Then("round", {"plan": plan})


def result(plan: int, of: int) -> Script[Ending]:
    """What came of one round (`of`), in words; and as a picture."""
    lines: list[Words] | None = yield from look("result", LookResult(of), live=True)
    if lines is None:
        yield from say(_("There is no result yet."))
        return Then("round", {"plan": plan})
    options = [Option("picture", _("As a picture")), Option("back", _("Back to the round"))]
    while (yield from confirm("result", lines, *options, back=False, live=True)) == "picture":
        yield from act("picture", ShowResult(of))
    return Then("round", {"plan": plan})


def possible(plan: PlanState) -> list[Option]:
    """What a lead can do with it now; each button carries the stamp of what is on the screen."""
    stamp, state = plan["stamp"], plan["state"]
    options = []
    if state == "active":
        options.append(Option(f"pause.{stamp}", _("Pause")))
    if state == "paused":
        options.append(Option(f"resume.{stamp}", _("Resume")))
    if state in ("active", "paused"):
        options.append(Option(f"stop.{stamp}", _("Stop")))
    for round_, number in plan["results"][:3]:
        label = _("Result") if is_single(plan) else _("Result of round %(number)s", number=number)
        options.append(Option(f"result.{round_}", label))
    return [*options, Option("again", _("Look again")), Option("rounds", _("All rounds"))]
