"""The way in for a client: language, a safe moment, age, consent in short screens, who may be told, a name."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.acts import ChooseName, Consent, SayAge
from conversations.anyone.arrival import choose_language
from conversations.looks import Around, LookAround
from conversations.questions import act, choose_several, confirm, look, own_words, record, say, settle
from conversations.script import Ending, Option, Said, Script
from conversations.text import Text, Verbatim, Words, _

PURPOSES: dict[str, tuple[Text, Text]] = {
    "plan": (_("Keep my answers, so that we can plan help together."), _("Keep my answers")),
    "checkins": (_("Ask me about once a month how things are."), _("Ask how things are")),
    "partners": (_("Share something with another organisation, only when I ask."), _("Share when I ask")),
    "figures": (_("Count my answers in reports, without my name."), _("Count without name")),
    "first": (_("Write to me first, with neutral words."), _("Write to me first")),
}
"""Each purpose as a sentence and as a button; none is ticked before the client does."""

ROLES: dict[str, Text] = {
    "caseworker": _("your caseworker"),
    "team": _("another caseworker of the team"),
    "lead": _("the programme lead"),
}
"""Who may be told of something urgent, in this order."""


def enrol() -> Script[Ending]:
    """From the first tap to the menu; nothing but age is asked of someone under 18."""
    around: Around = yield from look("around", LookAround())
    yield from choose_language(around)
    yield from safe_moment()
    age = yield from settle(
        "adult",
        _("How old are you?"),
        Option("adult", _("18 or older")),
        Option("minor", _("Under 18")),
    )
    result = yield from act("age", SayAge(age == "adult"))
    if age == "minor":
        yield from welcome_minor(result["told"] if result else [])
        return None
    yield from consent(around)
    yield from choose_name()
    return None


def safe_moment() -> Script[None]:
    """Nothing of substance is shown before the client says that it is safe to read."""
    while True:
        now = yield from settle(
            "safe",
            _("Are you alone, and is it safe to read now?"),
            Option("yes", _("Yes, now is fine")),
            Option("later", _("Later")),
        )
        if now == "yes":
            return
        yield from settle("later", _("That is fine. Come back when you like."), Option("on", _("Go on")))


def welcome_minor(told: list[str]) -> Script[None]:
    """Kind, true about who is told, and nothing else is asked."""
    if told:
        names = Verbatim(", ".join(told))
        yield from say(
            _("Thank you for telling me. People under 18 do this together with a person here."),
            _("I am telling %(names)s that you are here and under 18. Nothing else.", names=names),
            _("You have done nothing wrong. You can always tap “I need a person”."),
        )
    else:
        yield from say(
            _("Thank you for telling me. People under 18 do this together with a person here."),
            _("I could not reach that person now. Please speak with whoever gave you the link."),
        )


def screens(around: Around) -> Iterator[tuple[Words, ...]]:
    """What a client is told before anything is kept (DOMAIN D2)."""
    yield (
        _("This is a private chat run by %(organisation)s.", organisation=Verbatim(around["organisation"])),
        _("It lets you say what matters to you. You decide what to share."),
    )
    yield (
        _("You can skip any question, or stop at any time."),
        _("Your money and your help stay the same."),
    )
    yield (
        _("Your caseworker, and those you allow, can read what you answer here."),
        _("We do not give it to police, employers or your family."),
        _("If a law ever forces us to, we tell you if we can."),
    )
    yield (
        _("There is one thing to know."),
        _("If someone's life is in danger now, we may need to call for help. We try to ask you first."),
    )
    yield (
        _("Telegram can store messages. Someone holding your phone can read them."),
        _("You can clear this chat with /clear, and erase your answers with /mine."),
    )


def consent(around: Around) -> Script[None]:
    """Short screens, then each purpose and each role by itself."""
    shown: list[Words] = []
    for screen in screens(around):
        shown += screen
        yield from settle("consent", screen, Option("next", _("Next")))
    sentences = [purpose[0] for purpose in PURPOSES.values()]
    reply = yield from choose_several(
        "purposes",
        [_("What may we do? Tap each one you agree to. No is fine: you lose nothing."), *_bullets(sentences)],
        [Option(code, label) for code, (_sentence, label) in PURPOSES.items()],
        most=len(PURPOSES),
        skip=False,
        back=False,
        stop=False,
        firm=True,
    )
    for code, (sentence, _label) in PURPOSES.items():
        yield from act("consent.line", Consent(code, code in (reply.value or []), (*shown, sentence)))
    yield from consent_to_roles()
    yield from teach_back()


def consent_to_roles() -> Script[None]:
    """Who may be told of something urgent, one by one, each to be struck out."""
    for role, name in ROLES.items():
        words = may_be_told(name)
        tap = yield from settle(
            "role",
            words,
            Option("yes", _("Yes, they may be told")),
            Option("no", _("No, not them")),
        )
        yield from act("consent.role", Consent(f"tell:{role}", tap == "yes", words))


def may_be_told(role: Text) -> tuple[Words, ...]:
    """What somebody agrees to who lets a role be told."""
    return (
        _("If you say that something is urgent and want contact: may %(role)s be told?", role=role),
        _(
            "At first they hear only that you want contact, and about what. "
            "To help you, they can then open what you put first."
        ),
    )


def teach_back() -> Script[None]:
    """One question, to see whether it was explained well enough; no answer to it is wrong (DOMAIN D2)."""
    tap = yield from settle(
        "teachback",
        [
            _("One thing, to see whether I explained it well."),
            _("If you say no to a question, what happens to your help?"),
        ],
        Option("stays", _("It stays the same")),
        Option("less", _("It gets less")),
        Option("unsure", _("I am not sure")),
    )
    if tap == "stays":
        yield from say(_("Yes, it stays the same."))
        return
    yield from settle(
        "taught",
        [
            _("I did not say it well enough: your help stays the same."),
            _("Say no, skip, or stop whenever you like. Your help and your money do not change."),
        ],
        Option("on", _("Go on")),
    )


def choose_name() -> Script[None]:
    """A name to be called by, or none."""
    reply = yield from own_words(
        "name",
        [_("What may we call you here? Any name is fine, it need not be your own.")],
        voice=False,
        stop=False,
        back=False,
    )
    if isinstance(reply.value, Said):
        yield from record("name", ChooseName(reply.value.text[:40]))
        yield from confirm(
            "welcome",
            [
                _("Thank you, %(name)s.", name=Verbatim(reply.value.text[:40])),
                _("You can change your mind about anything, at any time."),
            ],
            Option("on", _("Go on")),
            back=False,
        )


def _bullets(sentences: list[Text]) -> list[Words]:
    return [_("• %(sentence)s", sentence=sentence) for sentence in sentences]
