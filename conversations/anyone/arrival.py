"""The door: an invitation brings a person in; without one there is a neutral line and a way to a person."""

from __future__ import annotations

from conversations.acts import ChooseLanguage, Redeem
from conversations.looks import Around, Line, LookAround
from conversations.questions import act, confirm, look, record, say, settle
from conversations.script import Ending, Option, Script, Then
from conversations.text import Verbatim, Words, _

ROLES = {"client": "enrol", "caseworker": "join", "lead": "join"}


def arrive(code: str) -> Script[Ending]:
    """Someone came through a link; the invitation is used up by whoever comes first."""
    result = yield from act("redeem", Redeem(code))
    outcome = result["outcome"] if result else "unknown"
    if outcome in ROLES:
        return Then(ROLES[outcome])
    if outcome == "already":
        return None
    if outcome == "other":
        yield from confirm(
            "other",
            [
                _("This chat belongs to one person already. Two in one chat would see what is the other's."),
                _("A second person can open the link in a Telegram account of their own. It still works."),
                _("Without one, please come to us: we do it together. Nobody loses anything by that."),
            ],
            Option("close", _("Close")),
            back=False,
        )
        return None
    yield from say(
        {
            "expired": _("This link is too old to use. Please ask for a new one."),
            "used": _("This link was already used. Please ask for a new one."),
        }.get(outcome, _("This link does not work. Please ask for a new one."))
    )
    return Then("stranger")


def stranger() -> Script[Ending]:
    """Someone without an invitation: nothing here tells what this is."""
    around: Around = yield from look("around", LookAround())
    tap = yield from confirm(
        "neutral",
        _("Hello. This chat opens with a personal link."),
        Option("person", _("Reach a person")),
        Option("feedback", _("Tell us something")),
        language_option(around),
        back=False,
    )
    if tap == "language":
        yield from choose_language(around)
        return Then("stranger")
    if tap == "feedback":
        return Then("feedback")
    yield from confirm("numbers", numbers(around["numbers"]), Option("close", _("Close")), back=False)
    return Then("stranger")


def choose_language(around: Around) -> Script[None]:
    """Each language named in itself, so that nobody has to read another one first."""
    names = [Option(code, Verbatim(name)) for code, name in around["languages"]]
    language = yield from settle("language", Verbatim(language_names(around)), *names)
    yield from record("speak", ChooseLanguage(language))


def language_option(around: Around) -> Option:
    """The way to another language, readable to someone stuck in the wrong one."""
    return Option("language", Verbatim(language_names(around)))


def language_names(around: Around) -> str:
    """Every language in itself."""
    return " · ".join(name for _code, name in around["languages"])


def change_language() -> Script[Ending]:
    """From the menu or by command."""
    around: Around = yield from look("around", LookAround())
    yield from choose_language(around)
    return None


def numbers(lines: list[Line]) -> list[Words]:
    """The numbers that work, as the programme verified them; honest where there are none."""
    if not lines:
        return [
            _("There is no telephone number here yet."),
            _("Please ask the person who gave you the link, or someone you trust."),
        ]
    listed: list[Words] = [Verbatim(f"{line['label']}: {line['number']}") for line in lines]
    return [
        _("If you are in danger now, or feel you might hurt yourself, you don't have to be alone."),
        _("These people answer:"),
        *listed,
        _("This chat is not watched all the time."),
    ]
