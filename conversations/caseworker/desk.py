"""A caseworker's desk: alerts, clients, and what a client said, behind a tap that is recorded."""

from __future__ import annotations

from typing import Any

from conversations.acts import ChooseName, Claim, CloseAlert, ReadAlert, ReadClient
from conversations.anyone.arrival import choose_language, language_option
from conversations.anyone.talk import talk_options
from conversations.caseworker.shared import shared
from conversations.caseworker.trouble import told
from conversations.client.kept import CONTACT
from conversations.client.needs import described
from conversations.client.wish import LEVELS as WISHED
from conversations.client.wish import WHEN
from conversations.instruments import CHECKIN, FOLLOWUP, NEEDS
from conversations.instruments.form import Question, decode
from conversations.looks import (
    AlertState,
    Around,
    Details,
    Lately,
    LookAlert,
    LookAlerts,
    LookAround,
    LookClients,
    LookDetails,
    LookLately,
    LookTalks,
    LookTrouble,
    Talk,
    Trouble,
    moment,
)
from conversations.questions import act, confirm, look, own_words, record, say
from conversations.script import Ending, Option, Said, Script, Then
from conversations.text import Text, Verbatim, Words, _, n_, shortened

ONE_MESSAGE = 3_000
"""Characters of clients' words that one message shows, shared among their needs."""

LEVELS = {"today": _("today"), "week": _("this week")}
HOW = {"here": _("here in the chat"), "call": _("by a call"), "meeting": _("at a meeting")}


def join() -> Script[Ending]:
    """A member of staff joins: language, and the name clients will see."""
    around: Around = yield from look("around", LookAround())
    yield from choose_language(around)
    reply = yield from own_words(
        "name",
        [_("Which name should others see? The name people call you is enough.")],
        voice=False,
        skip=False,
        back=False,
        stop=False,
    )
    if isinstance(reply.value, Said):
        yield from record("name", ChooseName(reply.value.text[:40]))
    return None


def desk() -> Script[Ending]:
    """What waits for this caseworker."""
    around: Around = yield from look("around", LookAround())
    alerts: list[AlertState] = yield from look("alerts", LookAlerts(), live=True)
    clients: list[list[object]] = yield from look("clients", LookClients(), live=True)
    talks: list[Talk] = yield from look("talks", LookTalks(), live=True)
    others = [
        *talk_options(talks, 2),
        *([Option("clients", _("My clients"))] if clients else []),
        Option("payments", _("Money")),
        language_option(around),
    ]
    options = [*[Option(f"alert.{alert['alert']}", headline(alert)) for alert in alerts[: 8 - len(others)]], *others]
    lines: list[Words] = [
        n_("%(number)s alert is open.", "%(number)s alerts are open.", len(alerts))
        if alerts
        else _("No alert is open.")
    ]
    tap = yield from confirm("desk", lines, *options, back=False, live=True)
    name, _dot, argument = tap.partition(".")
    if name == "alert":
        return Then("alert", {"alert": int(argument)})
    if name == "talk":
        return Then("talk", {"talk": int(argument)})
    return Then(name)


def headline(alert: AlertState) -> Text:
    """Code and level: all that a button shows."""
    if alert["kind"] == "money":
        return _("%(code)s · their money", code=Verbatim(alert["code"]))
    return _("%(code)s · %(level)s", code=Verbatim(alert["code"]), level=LEVELS[alert["level"]])


def take(alert: int) -> Script[Ending]:
    """Claim an alert: one wins, the others see who."""
    result = yield from act("claim", Claim(alert))
    outcome = result["outcome"] if result else "not for you"
    if outcome in ("yours", "already yours"):
        return Then("alert", {"alert": alert})
    yield from say(refused(outcome, result["by"] if result else None))
    return None


def refused(outcome: str, by: str | None) -> Text:
    """Why a claim did not win."""
    if outcome == "taken":
        return _("%(name)s has already taken this one.", name=Verbatim(by or "?"))
    if outcome == "closed":
        return _("This one is already closed.")
    return _("This one is not for you to take.")


def show_alert(alert: int) -> Script[Ending]:
    """Details of one alert: the wish, and the client's 4s with what they mean. Opening it is recorded."""
    opened = yield from act("read", ReadAlert(alert))
    details = yield from details_of(opened, alert)
    if details is None:
        yield from say(_("This one is not for you to open."))
        return None
    state: AlertState | None = yield from look("state", LookAlert(alert), live=True)
    trouble: Trouble | None = yield from look("trouble", LookTrouble(alert), live=True)
    lines = told(trouble, details) if trouble else [*wished(details), *firsts_of(details)]
    options = [*possible(state, details["code"]), Option("close", _("Hide this"))]
    tap = yield from confirm("alert", lines, *options, back=False, live=True)
    if tap == "take":
        return Then("take", {"alert": alert})
    if tap == "talk" and state is not None:
        return Then("talk", {"talk": state["talk"]})
    return Then("done", {"alert": alert}) if tap == "done" else None


def details_of(opened: Any, alert: int | None = None) -> Script[Details | None]:
    """What was just opened; read anew each time, so that a reader's log never holds a client's words."""
    if opened is None:
        return None
    details: Details | None = yield from look("details", LookDetails(opened["client"], alert), live=True)
    return details


def possible(state: AlertState | None, code: str) -> list[Option]:
    """What this caseworker can do with an alert now."""
    if state is None or state["state"] in ("closed", "withdrawn"):
        return []
    if not state["mine"]:
        return [Option("take", _("I'll take it"))] if state["by"] is None else []
    write = [Option("talk", _("Write to %(code)s", code=Verbatim(code)))] if state["talk"] else []
    return [*write, Option("done", _("Done"))]


def close(alert: int) -> Script[Ending]:
    """Close an alert after asking once."""
    tap = yield from confirm(
        "sure",
        _("Is this done? The client will see that it is closed."),
        Option("yes", _("Yes, done")),
        Option("no", _("Not yet")),
    )
    if tap == "yes":
        result = yield from act("closed", CloseAlert(alert))
        said = result["outcome"] if result else "not yours"
        yield from say(_("Closed.") if said == "closed" else _("It was closed already, or is not yours to close."))
    return None


def clients() -> Script[Ending]:
    """Clients who agreed that their answers are kept, by code."""
    rows: list[list[object]] = yield from look("clients", LookClients(), live=True)
    options = [Option(str(person), Verbatim(f"{code} · {count}")) for person, code, count in rows[:7]]
    tap = yield from confirm(
        "clients",
        _("Code, and how many needs they put first."),
        *options,
        Option("close", _("Close")),
        back=False,
        live=True,
    )
    return None if tap == "close" else Then("client", {"client": int(tap)})


def show_client(client: int) -> Script[Ending]:
    """A client's 4s and what they mean, in the client's order; and what they last said about how things are."""
    around: Around = yield from look("around", LookAround(), live=True)
    opened = yield from act("read", ReadClient(client))
    details = yield from details_of(opened)
    if details is None:
        yield from say(_("This one is not for you to open."))
        return None
    lately: Lately | None = yield from look("lately", LookLately(client), live=True)
    lines = [*firsts_of(details), *(said_lately(lately, around["zone"]) if lately else [])]
    options = [
        Option("money", _("Money")),
        *([Option("shared", _("Their plan and notes"))] if around["role"] == "caseworker" else []),
        Option("close", _("Hide this")),
    ]
    tap = yield from confirm("client", lines, *options, back=False)
    if tap == "shared":
        yield from shared(client, details["code"])
        return Then("client", {"client": client})
    return Then("payments", {"client": client}) if tap == "money" else None


def said_lately(lately: Lately, zone: str) -> list[Words]:
    """The newest check-in, as far as it is for a caseworker: how what was put first is now, and what is wanted."""
    day = moment(lately["at"], zone, "day")
    return [
        _("How things were on %(day)s:", day=day),
        *(answered(instrument, item, value) for instrument, item, value in lately["answers"] if item != "anything"),
        *wanted(lately["words"], lately["voice"]),
    ]


def answered(instrument: str, item: str, value: int) -> Words:
    """One answer in a line, with the need that it is about."""
    code, _dot, about = item.partition(".")
    if instrument == FOLLOWUP.name:
        question = FOLLOWUP.question(about)
        need, answer = NEEDS.item(code).label, chosen(question, value)
        return _("• %(need)s. %(question)s %(answer)s", need=need, question=question.text, answer=answer)
    if about == "wish":
        return _("• Contact they want: %(level)s", level=CONTACT[WISHED[value]])
    question = CHECKIN.question(code)
    return _("• %(question)s %(answer)s", question=question.text, answer=chosen(question, value))


def chosen(question: Question, value: int) -> Verbatim:
    """The options chosen, one after another in every language."""
    decoded = decode(question, value)
    codes = decoded if isinstance(decoded, list) else [decoded]
    labels = [answer.label.wordings for answer in question.answers if answer.code in codes]
    return Verbatim(
        wordings={language: ", ".join(each[language] for each in labels) for language in question.text.wordings}
    )


def wished(details: Details) -> list[Words]:
    """How and when this client wants to be contacted."""
    level = LEVELS.get(details["level"], LEVELS["week"])
    lines: list[Words] = [_("%(code)s wants contact: %(level)s", code=Verbatim(named(details)), level=level)]
    lines += [
        _("• %(need)s: %(level)s", need=NEEDS.item(item).label, level=LEVELS[level]) for item, level in details["items"]
    ]
    if details["how"]:
        lines.append(_("How: %(how)s", how=HOW.get(details["how"], Verbatim(details["how"]))))
    if details["when"]:
        lines.append(_("Safe: %(when)s", when=WHEN.get(details["when"], Verbatim(details["when"]))))
    return [*lines, *wanted(details["words"], details["voice"])]


def wanted(words: str, voice: int | None) -> list[Words]:
    """What a client wants to be done, in their own words."""
    if words:
        return [_("What they want: “%(words)s”", words=Verbatim(shortened(words, ONE_MESSAGE // 2)))]
    return [_("What they want: there is a voice note. Please ask them.")] if voice is not None else []


def firsts_of(details: Details) -> list[Words]:
    """What the client put first, with their words."""
    if not details["shared"]:
        return [_("%(code)s does not share their answers now.", code=Verbatim(named(details)))]
    if not details["firsts"]:
        return [_("%(code)s has put nothing first so far.", code=Verbatim(named(details)))]
    head = _("What %(code)s put first:", code=Verbatim(named(details)))
    longest = max(160, ONE_MESSAGE // len(details["firsts"]))
    return [head, *(described(first, longest) for first in details["firsts"])]


def named(details: Details) -> str:
    """The code, and the name the client chose if there is one."""
    return f"{details['code']} ({details['name']})" if details["name"] else details["code"]
