"""One transfer: what is known of it, whether it came by one tap, and who is told where it did not all come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations.acts import AnswerTransfer, SeeTransfer, TellOfMoney
from conversations.anyone.arrival import numbers
from conversations.caseworker.payments import WHY
from conversations.client.amount import ask_amount, money_of
from conversations.looks import Around, LookAround, LookMoney, LookSafe, OwnMoney, Transfer, moment
from conversations.questions import act, confirm, look, own_words, pick, record, say
from conversations.script import Ending, Option, Said, Script, Then
from conversations.text import Text, Verbatim, Words, _

REACHED = ("sent", "received", "part", "notyet")
"""States in which a client can say whether it came."""

SAID: dict[str, Text] = {
    "received": _("You said: all of it came."),
    "part": _("You said: a part of it came."),
    "notyet": _("You said: not yet."),
}
STATES: dict[str, Text] = {
    "planned": _("planned for %(day)s"),
    "sent": _("sent on %(day)s"),
    "received": _("sent on %(day)s, all of it came"),
    "part": _("sent on %(day)s, a part came"),
    "notyet": _("sent on %(day)s, not here yet"),
    "cancelled": _("will not be sent"),
}
OVER = _("This changed in the meantime. Here is how it stands now. You lose nothing by it.")
LATER = _("You can still tell somebody later: tap “My plan”, then “Did it come?”. You lose nothing.")
WRONG = Option("wrong", _("Something is not right"))
ALL = "all"


def transfer(transfer: int) -> Script[Ending]:
    """What is known of it, and did it reach you."""
    yield from record("seen", SeeTransfer(transfer))
    around: Around = yield from look("around", LookAround(), live=True)
    own: OwnMoney = yield from look("own", LookMoney(), live=True)
    state = next((each for each in own["transfers"] if each["transfer"] == transfer), None)
    if state is None:
        yield from say(_("This is not here any more. You lose nothing by it."))
        return None
    if state["state"] not in REACHED:
        return (yield from explain(state, own, around))
    tap = yield from confirm(
        "came",
        did_it_come(state, own, around["zone"]),
        Option("all", _("Yes, all of it")),
        Option("part", _("Part of it")),
        Option("notyet", _("No, not yet")),
        WRONG,
        Option("leave", _("I'd rather not say")),
        back=False,
        live=True,
    )
    if tap == "all":
        result = yield from act("received", AnswerTransfer(transfer, "received"))
        is_noted = bool(result) and result["outcome"] == "noted"
        yield from say(_("Thank you. It is noted that all of it came.") if is_noted else OVER)
        return goes_on(state)
    if tap == "wrong":
        return (yield from offer_to_tell(transfer, "wrong", around)) or Then("money")
    if tap == "leave":
        yield from say(_("That is fine. You can say it here at any time, and lose nothing."))
        return Then("money")
    return (yield from not_all(state, tap, own, around))


def goes_on(state: Transfer) -> Then:
    """What follows once it is said that it came: what waits to be asked about it, if they have opened that."""
    return Then("money") if state["asking"] is None else Then("asked", {"asking": state["asking"]})


def explain(state: Transfer, own: OwnMoney, around: Around) -> Script[Ending]:
    """Where it is not sent yet, or will not be: what is known, and that it is nothing they did."""
    what, *more = told_of(state, own, around["zone"])
    tap = yield from confirm(
        "known",
        [what, *before_that(state, own), *more],
        Option("planning", _("What I plan")),
        Option("help", _("I need a person")),
        WRONG,
        Option("money", _("Back to the list")),
        back=False,
        live=True,
    )
    if tap == "wrong":
        return (yield from offer_to_tell(state["transfer"], "wrong", around)) or Then("money")
    return Then(tap)


def before_that(state: Transfer, own: OwnMoney) -> list[Words]:
    """What it was before, where that was another thing: nobody can change it behind their back."""
    lines: list[Words] = []
    if state["was"] is not None:
        was = money_of(state["was"][0], state["was"][1], own)
        lines += [
            _("It was planned as %(amount)s at first.", amount=was),
            _("The people here changed the amount, not you."),
        ]
    if state["slip"]:
        lines.append(_("It was noted as sent, and then as not sent."))
        lines += [SAID[state["said"]]] if state["said"] in SAID else []
    return lines


def told_of(state: Transfer, own: OwnMoney, zone: str) -> list[Words]:
    """What is known of a transfer that was not sent."""
    which, money = yours(state), money_of(state["amount"], state["currency"], own)
    day = moment(state["day"], zone, "day")
    why = [_("Why: %(why)s.", why=WHY[state["delay"]])] if state["delay"] in WHY else []
    if state["state"] == "cancelled":
        return [
            _("%(which)s, %(amount)s, will not be sent.", which=which, amount=money),
            _("You did nothing wrong. You lose nothing else by this."),
            _("If you want to know more, a person can tell you."),
        ]
    if state["late"]:
        return [
            _(
                "%(which)s, %(amount)s, was planned for %(day)s. It is not noted as sent yet.",
                which=which,
                amount=money,
                day=day,
            ),
            *why,
            _("You did nothing wrong. You lose nothing if you ask a person about it."),
        ]
    if state["delay"]:
        return [
            _(
                "%(which)s, %(amount)s, comes later. The day planned now is %(day)s.",
                which=which,
                amount=money,
                day=day,
            ),
            *why,
            _("You did nothing wrong, and you lose nothing by the wait."),
        ]
    return [
        _("%(which)s, %(amount)s, is planned for %(day)s.", which=which, amount=money, day=day),
        _("You choose what it is for. Whatever you plan, you lose nothing."),
    ]


def did_it_come(state: Transfer, own: OwnMoney, zone: str) -> list[Words]:
    """The question, what was said before, and who comes to know what."""
    money = money_of(state["amount"], state["currency"], own)
    day = moment(state["day"], zone, "day")
    said = SAID.get(state["state"])
    seen = _("If all of it came, the people here see that. Any other answer only you see.")
    if state["read"]:
        seen = _("The people here have read that all of it came, and still see that. Any other answer only you see.")
    return [
        _("%(which)s: %(amount)s was sent on %(day)s.", which=yours(state), amount=money, day=day),
        *before_that({**state, "slip": False}, own),
        *([said, _("You can change that.")] if said else []),
        _("Did it reach you?"),
        seen,
        _("Whatever you say, you lose nothing."),
    ]


def yours(state: Transfer) -> Text:
    """A transfer within a sentence."""
    if state["number"] is None or state["total"] is None:
        return _("An extra payment")
    return _("Payment %(number)s of %(total)s", number=state["number"], total=state["total"])


def named(state: Transfer) -> Text:
    """A transfer on a button, or beside a line; by its day too, since there may be two series."""
    on = date.fromisoformat(state["on"])
    day = Verbatim(f"{on.day}.{on.month}.")
    if state["number"] is None or state["total"] is None:
        return _("Extra · %(day)s", day=day)
    return _("%(number)s of %(total)s · %(day)s", number=state["number"], total=state["total"], day=day)


def standing(state: Transfer, own: OwnMoney, zone: str) -> Text:
    """How a transfer stands, in a line."""
    how = STATES.get(state["state"], STATES["sent"])
    if state["state"] == "planned" and state["delay"] and not state["late"]:
        how = _("later, now planned for %(day)s")
    elif state["state"] == "planned" and state["late"]:
        how = _("was planned for %(day)s")
    dated = Text(how.message, {"day": moment(state["day"], zone, "day")})
    money = money_of(state["amount"], state["currency"], own)
    return _("• %(which)s: %(amount)s, %(how)s", which=yours(state), amount=money, how=dated)


def choose_money(own: OwnMoney, question: Words) -> Script[int | None]:
    """One transfer, or (None) all of them together."""
    tap = yield from pick(
        "which",
        question,
        [Option(str(each["transfer"]), named(each)) for each in own["transfers"] if each["state"] != "cancelled"],
        Option(ALL, _("All together")),
    )
    return None if tap == ALL else int(tap)


# --- where it did not all come -----------------------------------------------------------------------------------


def not_all(state: Transfer, said: str, own: OwnMoney, around: Around) -> Script[Ending]:
    """Note it for the client alone, and tell somebody only if they say so."""
    result = yield from record("answered", AnswerTransfer(state["transfer"], said))
    if not result or result["outcome"] != "noted":
        yield from say(OVER)
        return Then("money")
    if said == "part":
        counted = yield from ask_amount(
            "amount",
            [_("How much of it came? You can leave it out, and lose nothing.")],
            own,
            state["currency"],
            is_fixed=True,
        )
        if counted is not None and counted.amount is not None:
            yield from record("answered.amount", AnswerTransfer(state["transfer"], said, counted.amount))
    yield from say(_("Thank you. You did nothing wrong."))
    told = yield from offer_to_tell(state["transfer"], said, around)
    return told or (goes_on(state) if said == "part" else Then("money"))


def offer_to_tell(transfer: int, what: str, around: Around) -> Script[Ending]:
    """With their leave, and not without: somebody who had nothing to do with this money. Where a wish for contact came
    of it, its screen follows; None where nobody is told."""
    rungs: Sequence[Sequence[str]] = yield from look("safe", LookSafe(transfer))
    if not rungs:
        yield from confirm(
            "nobody",
            [
                _("There is nobody here now whom I could tell of it. So nobody is told."),
                LATER,
                *numbers(around["numbers"]),
            ],
            Option("close", _("Close")),
            back=False,
        )
        return None
    first, *others = (Verbatim(", ".join(names)) for names in rungs)
    tap = yield from confirm(
        "tell",
        [
            _("Somebody can look into this, if you want: %(names)s.", names=first),
            *(_("If they do not answer: %(names)s.", names=names) for names in others),
            _("As far as is noted here, they did not send or hand over this money. Your caseworker is not told."),
            _("If nobody answers in time, I tell you here."),
            _("They see your code, this transfer and what you said of it, and can write to you here. Nothing else."),
            _("Shall I tell them? Whatever you choose, you lose nothing."),
        ],
        Option("yes", _("Yes, tell them")),
        Option("no", _("No, tell nobody")),
    )
    if tap != "yes":
        yield from say(_("Then nobody is told."), LATER)
        return None
    reply = yield from own_words(
        "words",
        [
            _("Do you want to add something? Write it, or leave it out. You lose nothing by what you say."),
            _("A voice note they cannot hear in this chat. They see that there is one, and ask you."),
        ],
        stop=False,
    )
    words = reply.value if isinstance(reply.value, Said) else None
    told = yield from act("told", TellOfMoney(transfer, what, words))
    if told is None:
        yield from say(_("I told nobody."), LATER)
        return None
    return Then("sent", {"alert": told["alert"]})
