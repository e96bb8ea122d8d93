"""Planning a client's transfers: for whom, how many, from which day on, how much; then all of them on one screen."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from conversations.acts import PlanTransfers
from conversations.caseworker.payments import (
    choose_amount,
    choose_coming_day,
    dated,
    echoed,
    today_of,
)
from conversations.looks import (
    Around,
    Here,
    LookAround,
    LookPaid,
    LookPlanned,
    LookRates,
    LookTransfers,
    Rates,
    Transfer,
)
from conversations.questions import act, confirm, look, own_words, say
from conversations.script import Ending, Option, Said, Script, Then
from conversations.text import Money, Text, Verbatim, Words, _, n_

TIMES = (1, 2, 3, 6, 12)
"""Numbers of monthly transfers that one tap chooses, beside the programme's own."""

REFUSED: dict[str, Text] = {
    "gone": _("Nothing was planned: this client is not here any more."),
    "past": _("Nothing was planned: the first day has passed."),
    "rate": _("Nothing was planned: for one of the days there is no rate in that country."),
    "amount": _("Nothing was planned: that is not an amount that can be paid."),
}
"""Why transfers cannot be planned as they are."""


def pay(code: str = "") -> Script[Ending]:
    """Plan a client's transfers. `code` where it is known already for whom."""
    around: Around = yield from look("around", LookAround())
    client: int
    client, code = yield from choose_client(code)
    times = yield from choose_times(around, client, code)
    if times is None:
        return Then("payments", {"client": client})
    first = yield from choose_first(around)
    country, minor, currency = yield from choose_money(around, first)
    plan = PlanTransfers(client, first.isoformat(), times or 1, country, minor, currency, gift=times == 0)
    planned: list[tuple[str, int | None, str]] = yield from look("planned", LookPlanned(plan), live=True)
    tap = yield from confirm(
        "plan",
        summary(around, code, planned),
        Option("yes", _("Plan it")),
        Option("no", _("Plan nothing")),
        stop=True,
    )
    if tap == "yes":
        done = yield from act("made", plan)
        if done is not None:
            refused = REFUSED.get(done.get("refused", ""))
            yield from say(refused or _("It is planned. %(code)s finds it in their own chat.", code=Verbatim(code)))
    return Then("payments", {"client": client})


def choose_client(code: str) -> Script[tuple[int, str]]:
    """A client of theirs, or for a lead any, by the code that stands on every screen of them."""
    note: list[Words] = []
    while True:
        if not code:
            reply = yield from own_words(
                "code",
                [*note, _("For whom? Please write their code: C- and a number.")],
                voice=False,
                skip=False,
            )
            code = reply.value.text if isinstance(reply.value, Said) else ""
        found = yield from look("client", LookPaid(code))
        if found is not None:
            return found["client"], found["code"]
        note = [_("“%(code)s” is no client for whom you can plan.", code=Verbatim(code[:20]))]
        code = ""


def choose_times(around: Around, client: int, code: str) -> Script[int | None]:
    """How many monthly ones; 0 for a gift beside them, None for none after all."""
    known: list[Transfer] = yield from look("known", LookTransfers(client))
    running = [each for each in known if each["state"] == "planned" and each["number"] is not None]
    rates: Rates = yield from look("usual", LookRates(today_of(around).isoformat()))
    usual = rates["times"]
    numbers = [usual, *(number for number in TIMES if number != usual)]
    tap = yield from confirm(
        "times",
        [
            *already(around, code, running),
            _("How many monthly transfers for %(code)s?", code=Verbatim(code)),
            _("Monthly ones keep their day: the 31st is the last day of a shorter month."),
        ],
        *[Option(str(number), n_("%(number)s transfer", "%(number)s transfers", number)) for number in numbers],
        Option("gift", _("One gift beside them")),
        Option("none", _("None")),
        stop=True,
    )
    return {"gift": 0, "none": None}[tap] if tap in ("gift", "none") else int(tap)


def already(here: Here, code: str, running: list[Transfer]) -> list[Words]:
    """That a series goes on already, so that nobody plans it twice by mistake."""
    if not running:
        return []
    on = dated(date.fromisoformat(running[0]["on"]), here["zone"])
    return [
        n_(
            "%(code)s has %(number)s planned transfer already, the next for %(day)s. New ones come beside it.",
            "%(code)s has %(number)s planned transfers already, the next for %(day)s. New ones come beside them.",
            len(running),
            code=Verbatim(code),
            day=on,
        )
    ]


def choose_first(around: Around) -> Script[date]:
    """The day of the first one, or of the only one."""
    today = today_of(around)
    last = today.replace(day=monthrange(today.year, today.month)[1])
    days = {"today": today, "tomorrow": today + timedelta(days=1), "last": last}
    tap = yield from confirm(
        "first",
        _("From which day on?"),
        Option("today", _("Today")),
        Option("tomorrow", _("Tomorrow")),
        Option("last", _("The last day of this month")),
        Option("other", _("Another day")),
        stop=True,
    )
    return days[tap] if tap in days else (yield from choose_coming_day(around))


def choose_money(around: Around, first: date) -> Script[tuple[str | None, int, str]]:
    """By the rates of a country, or by hand: country, amount in minor units, currency."""
    rates: Rates = yield from look("rates.first", LookRates(first.isoformat()))
    if rates["rates"]:
        tap = yield from confirm(
            "rate",
            [
                _("How much is one of them?"),
                *(
                    _(
                        "%(country)s: %(amount)s since %(day)s",
                        country=Verbatim(country),
                        amount=Money(minor, currency),
                        day=dated(date.fromisoformat(since), around["zone"]),
                    )
                    for country, minor, currency, since in rates["rates"]
                ),
            ],
            *[
                Option(country, _("%(country)s: %(amount)s", country=Verbatim(country), amount=Money(minor, currency)))
                for country, minor, currency, _since in rates["rates"]
            ],
            Option("hand", _("Another amount")),
            stop=True,
        )
        if tap != "hand":
            return tap, 0, ""
    minor, currency = yield from choose_amount(rates["currency"], first, [_("How much is one of them?")])
    return None, minor, currency


def summary(here: Here, code: str, planned: list[tuple[str, int | None, str]]) -> list[Words]:
    """Every one of them with its day and its amount; what each is in words, and what they are together."""
    amounts = [None if minor is None else Money(minor, currency) for _on, minor, currency in planned]
    known = [each for each in amounts if each is not None]
    lines: list[Words] = [_("For %(code)s:", code=Verbatim(code))]
    for (on, _minor, _currency), money in zip(planned, amounts, strict=True):
        shown = _("no rate yet") if money is None else money
        lines.append(_("• %(day)s: %(amount)s", day=dated(date.fromisoformat(on), here["zone"]), amount=shown))
    lines += [echoed(each) for each in dict.fromkeys(known)]
    if len(known) > 1 and len({each.currency for each in known}) == 1:
        together = Money(sum(each.amount for each in known), known[0].currency)
        lines.append(_("Together: %(amount)s", amount=together))
    return lines
