"""What is kept about a client, in sections that a screen and a file show alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from conversations.client.amount import money_of
from conversations.client.contact import STAGES, days_named, hours_named
from conversations.client.enrolment import PURPOSES, ROLES
from conversations.client.line import of_transfer
from conversations.client.shares import SHARES
from conversations.client.transfer import standing
from conversations.client.uses import described
from conversations.client.wish import LEVELS, WHEN
from conversations.instruments import NEEDS
from conversations.looks import Agreement, Checked, Kept, MoneyLine, moment
from conversations.script import Status
from conversations.text import Text, Verbatim, Words, _

CONTACT = {"today": _("today"), "week": _("this week"), "talk": _("when we next talk"), "none": _("just noted")}
"""The level of a wish, within a sentence."""

STATES = {
    "open": _("sent"),
    "seen": _("seen"),
    "claimed": _("taken"),
    "unanswered": _("nobody has answered"),
    "closed": _("closed"),
    "withdrawn": _("taken back"),
}
ASKED = {
    "sent": _("not opened"),
    "opened": _("opened"),
    "answered": _("answered"),
    "declined": _("not now"),
    "waiting": _("not asked yet"),
    "queued": _("not asked yet"),
    "unsent": _("not asked"),
}
"""What became of something that was asked."""

READ = {
    "needs": _("what you put first"),
    "checkin": _("how things are for you"),
    "alert": _("your wish for contact"),
    "feedback": _("what you wrote to the leads"),
    "money": _("your plan and your notes"),
}


class Section(NamedTuple):
    """A heading, and lines under it; `voice` is the id of the voice note that a line stands for."""

    code: str
    title: Text
    lines: list[Entry]


class Entry(NamedTuple):
    """One line of a section."""

    words: Words
    voice: int | None = None


def sections(kept: Kept, zone: str) -> list[Section]:
    """Everything that is kept, as it is told; sections that hold nothing are left out."""
    found = [
        Section("me", _("About me"), list(_about(kept, zone))),
        Section("needs", _("What matters to me"), list(_rated(kept, zone))),
        Section("checkins", _("How things are for me"), list(_checked(kept, zone))),
        Section("asked", _("When I was asked something"), list(_asked(kept, zone))),
        Section("wishes", _("Contact I asked for"), list(_wished(kept, zone))),
        Section("talks", _("What was written"), list(_said(kept, zone))),
        Section("transfers", _("What was sent to me"), list(_sent(kept, zone))),
        Section("money", _("My plan and notes"), list(_noted(kept, zone))),
        Section("feedback", _("What I told the leads"), list(_feedback(kept, zone))),
        Section("agreed", _("My yes and no"), [Entry(agreement(each, zone)) for each in kept["agreed"]]),
        Section("readings", _("Who has read it"), list(_readings(kept, zone))),
    ]
    return [section for section in found if section.lines]


def agreement(line: Agreement, zone: str) -> Text:
    """One line of the ledger: when, what, and the answer."""
    what, at = purpose_name(line["purpose"]), moment(line["at"], zone)
    if line["granted"]:
        return _("%(time)s · Yes: %(what)s", time=at, what=what)
    return _("%(time)s · No: %(what)s", time=at, what=what)


def purpose_name(purpose: str) -> Text | Verbatim:
    """What a line of the ledger is about, shortly."""
    if purpose.startswith("tell:"):
        role = ROLES.get(purpose.removeprefix("tell:"))
        return _("tell %(role)s of something urgent", role=role) if role else Verbatim(purpose)
    names = {**PURPOSES, **SHARES}
    return names[purpose][1] if purpose in names else Verbatim(purpose)


def _about(kept: Kept, zone: str) -> Iterator[Entry]:
    yield Entry(_("My code: %(code)s", code=Verbatim(kept["code"])))
    if kept["name"]:
        yield Entry(_("What you call me: %(name)s", name=Verbatim(kept["name"])))
    yield Entry(_("Here since: %(time)s", time=moment(kept["since"], zone, "day")))
    contact = kept["contact"]
    if contact["hours"] in WHEN or contact["days"]:
        hours, days = hours_named(contact["hours"]), days_named(contact["days"])
        yield Entry(_("Safe for me: %(hours)s, %(days)s", hours=hours, days=days))
    if contact["less"]:
        yield Entry(_("I want to be asked less."))
    if contact["stage"] in STAGES:
        yield Entry(_("Where I am now: %(stage)s", stage=STAGES[contact["stage"]]))
    if kept["caseworker"]:
        yield Entry(_("My caseworker: %(name)s", name=Verbatim(kept["caseworker"])))
    if kept["place"]:
        yield Entry(_("Place on my invitation: %(place)s", place=Verbatim(kept["place"])))
    yield Entry(_("The number of this chat, so that I can be answered. Not my telephone number."))


def _rated(kept: Kept, zone: str) -> Iterator[Entry]:
    steps = {int(step.code): Verbatim(wordings=step.label.wordings) for step in NEEDS.scale}
    items = {item.code: item.label for item in NEEDS.items}
    for item, status, value, at, words, voice in kept["rated"]:
        code, _dot, about = item.partition(".")
        need, time = items.get(code, Verbatim(code)), moment(at, zone, "day")
        if about == "meaning":
            if voice is not None:
                yield Entry(_("%(time)s · %(need)s: a voice note", time=time, need=need), voice)
            elif words:
                yield Entry(_("%(time)s · %(need)s: “%(words)s”", time=time, need=need, words=Verbatim(words)))
        elif about == "wish":
            level = CONTACT[LEVELS[value]] if value is not None else _("skipped")
            yield Entry(_("%(time)s · %(need)s, contact: %(answer)s", time=time, need=need, answer=level))
        else:
            answer = steps.get(value) if status == Status.ANSWERED else None
            yield Entry(
                _("%(time)s · %(need)s: %(answer)s", time=time, need=need, answer=answer or _("skipped")),
            )


def _checked(kept: Kept, zone: str) -> Iterator[Entry]:
    for each in kept["checked"]:
        time, asked = moment(each["at"], zone, "day"), {"question": Verbatim(wordings=each["question"])}
        if each["voice"] is not None:
            yield Entry(_("%(time)s · %(question)s A voice note", time=time, **asked), each["voice"])
            continue
        answer = _answer(each)
        if each["hangs"] == "first":
            yield Entry(_("%(time)s · %(question)s First: %(answer)s", time=time, answer=answer, **asked))
        elif each["hangs"] == "wish":
            yield Entry(_("%(time)s · %(question)s Contact: %(answer)s", time=time, answer=answer, **asked))
        elif each["about"]:
            about = Verbatim(wordings=each["about"])
            entry = _("%(time)s · %(about)s. %(question)s %(answer)s", time=time, about=about, answer=answer, **asked)
            yield Entry(entry)
        else:
            yield Entry(_("%(time)s · %(question)s %(answer)s", time=time, answer=answer, **asked))


def _answer(each: Checked) -> Words:
    """What was chosen or said."""
    if each["words"]:
        return _("“%(words)s”", words=Verbatim(each["words"]))
    if each["plain"]:
        return CONTACT.get(each["plain"], Verbatim(each["plain"]))
    if not each["chosen"]:
        return _("skipped") if each["skipped"] else _("none of them")
    languages = each["chosen"][0]
    return Verbatim(wordings={code: ", ".join(label[code] for label in each["chosen"]) for code in languages})


def _asked(kept: Kept, zone: str) -> Iterator[Entry]:
    for at, title, state in kept["asked"]:
        what, became = Verbatim(wordings=title), ASKED.get(state, ASKED["unsent"])
        yield Entry(_("%(time)s · %(what)s: %(state)s", time=moment(at, zone, "day"), what=what, state=became))


def _wished(kept: Kept, zone: str) -> Iterator[Entry]:
    for at, level, _items, _how, when, state in kept["wished"]:
        yield Entry(
            _(
                "%(time)s · contact %(level)s: %(state)s",
                time=moment(at, zone),
                level=CONTACT.get(level, Verbatim(level)),
                state=STATES.get(state, Verbatim(state)),
            )
        )
        if when:
            yield Entry(_("Safe: %(when)s", when=WHEN.get(when, Verbatim(when))))


def _said(kept: Kept, zone: str) -> Iterator[Entry]:
    for at, other, mine, text, voice in kept["said"]:
        time, name, words = moment(at, zone), Verbatim(other), Verbatim(text)
        if mine:
            yield Entry(_("%(time)s · I to %(name)s: “%(words)s”", time=time, name=name, words=words), voice)
        else:
            yield Entry(_("%(time)s · %(name)s to me: “%(words)s”", time=time, name=name, words=words), voice)


def _sent(kept: Kept, zone: str) -> Iterator[Entry]:
    for each in kept["money"]["transfers"]:
        yield Entry(standing(each, kept["money"], zone))


def _noted(kept: Kept, zone: str) -> Iterator[Entry]:
    money = kept["money"]
    for line in money["plan"]:
        yield _line(line, kept, zone, _("plan"))
    for line in money["spent"]:
        yield _line(line, kept, zone, _("noted"))
    for line in money["outcomes"]:
        yield _line(line, kept, zone, _("made possible"))
    for line in (line for lines in money["taken"].values() for line in lines):
        yield _line(line, kept, zone, _("taken away, and gone for good within a day"))


def _line(line: MoneyLine, kept: Kept, zone: str, kind: Text) -> Entry:
    """The words stand by themselves, so that a screen can cut them and the file has all of them."""
    about = of_transfer(line, kept["money"])
    if about is not None:
        kind = _("%(kind)s, %(which)s", kind=kind, which=about)
    if line["amount"] is not None:
        money = money_of(line["amount"], line["currency"], kept["money"])
        kind = _("%(kind)s, %(amount)s", kind=kind, amount=money)
    what = Verbatim(line["text"]) if line["text"] else described(line["use"], "", line["voice"])
    return Entry(
        _("%(time)s · %(kind)s · %(what)s", time=moment(line["at"], zone, "day"), kind=kind, what=what), line["voice"]
    )


def _feedback(kept: Kept, zone: str) -> Iterator[Entry]:
    for at, text, voice, named in kept["feedback"]:
        time = moment(at, zone)
        how = _("with my code") if named else _("without my code")
        if voice is not None:
            yield Entry(_("%(time)s, %(how)s · a voice note", time=time, how=how), voice)
        else:
            yield Entry(_("%(time)s, %(how)s · “%(words)s”", time=time, how=how, words=Verbatim(text)))


def _readings(kept: Kept, zone: str) -> Iterator[Entry]:
    for reading in kept["readings"]:
        yield Entry(
            _(
                "%(time)s · %(name)s opened %(what)s",
                time=moment(reading["at"], zone),
                name=Verbatim(reading["by"]),
                what=READ.get(reading["what"], Verbatim(reading["what"])),
            )
        )
