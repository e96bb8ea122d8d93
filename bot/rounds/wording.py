"""What the result of a round says, in the reader's language: the same in a picture, in the chat and in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bot.report.census import SMALLEST
from bot.report.wording import HIDDEN
from bot.rounds.figures import Line, Section
from bot.rounds.result import HALF, Result
from bot.rounds.telling import HELPED, MET
from conversations.instruments import NEEDS
from conversations.lead.wording import OVER, instrument_name, reason
from conversations.looks import moment
from conversations.text import Text, Verbatim, Words, _, n_
from translations.languages import LANGUAGES
from translations.wording import word

CUT: Final = _("The rest is in the picture.")
MORE: Final = _("The rest is in the office: firstsay round show.")

LONGEST: Final = 3500
"""Characters of a result as text in a chat."""

SECTIONS: Final = {
    "needs": _("What they put first, a while later"),
    "services": _("Services, all together"),
    "helped": _("What helped"),
    "helped_touched": _("Where it helped"),
    "helped.crossed": _("What helped first, and where"),
    "harder": _("What made things harder"),
    "pressed": _("What else made things harder"),
    "harder_touched": _("Where it made things harder"),
    "harder.crossed": _("What made things harder first, and where"),
}
LINES: Final = {
    MET: _("Something is solved or better"),
    "harder": _("Something is harder"),
    HELPED: _("We helped, or partly helped"),
    "wanted.yes": _("It was what they wanted"),
    "respect.yes": _("Treated with respect"),
    "refuse.yes": _("Free to say no"),
    "retold.yes": _("Asked to tell their story again"),
    "since.stronger": _("Feel stronger since"),
    "since.weaker": _("Feel less strong since"),
}


class Row(NamedTuple):
    """One figure in words: of so many clients, so many."""

    label: Words
    yes: int
    clients: int

    @property
    def value(self) -> Text:
        """14 of 22."""
        return _("%(yes)s of %(clients)s", yes=self.yes, clients=self.clients)


class Table(NamedTuple):
    """A title, the figures that are told, and what is not shown, if anything."""

    title: Words
    rows: list[Row]
    hidden: Words | None


def title(result: Result) -> Text:
    """What the round asked, and the how manieth it was."""
    name = instrument_name(result.instrument, result.title)
    return _("%(title)s: round %(number)s", title=name, number=result.number)


def facts(result: Result) -> list[Words]:
    """When it was, and the first thing to know: how many were asked."""
    return [
        _(
            "From %(start)s to %(end)s.",
            start=moment(result.starts_at, result.zone),
            end=moment(result.closed_at, result.zone),
        ),
        n_(
            "%(number)s client was asked; %(opened)s opened it.",
            "%(number)s clients were asked; %(opened)s opened it.",
            result.asked,
            opened=result.opened,
        ),
    ]


def process(result: Result) -> Table:
    """What became of everybody it was for."""
    everybody = sum(result.counts.values())
    rows = [Row(label, number, everybody) for state, label in OVER.items() if (number := result.counts.get(state, 0))]
    return Table(_("What became of it"), rows, None)


def reasons(result: Result) -> list[Words]:
    """Why some were not asked, and what may have arrived twice."""
    said: list[Words] = [reason(why, clients) for why, clients in result.reasons.items()]
    if result.doubts:
        said.append(
            n_(
                "%(number)s message may have arrived twice.",
                "%(number)s messages may have arrived twice.",
                result.doubts,
            )
        )
    return said


def counted(result: Result) -> list[Words]:
    """How many of those who answered are counted, or why nothing is told of what they said."""
    if result.instrument == NEEDS.name:
        return [_("What clients put first is in the report.")]
    if result.clients is None:
        return [
            _(
                "What was said is told from %(number)s clients on who answered and agreed to be counted.",
                number=SMALLEST,
            ),
            _("There were fewer. No figures are shown, so that nobody can be recognised."),
        ]
    said: list[Words] = [
        _(
            "What follows is of %(number)s clients who came to the questions and agreed to be counted.",
            number=result.clients,
        )
    ]
    if result.seconds is not None:
        minutes = Verbatim(f"{result.seconds / (2 * HALF):g}")
        said.append(_("Half of them took %(minutes)s minutes or less.", minutes=minutes))
    if result.left_out is not None:
        said.append(_("%(percent)s %% of the questions asked were left out.", percent=result.left_out))
    return said


def tables(result: Result) -> list[Table]:
    """Every section of what was said."""
    return [_table(section) for section in result.sections]


def notes(result: Result) -> list[Words]:
    """How the figures are to be read, and what is not among them."""
    if result.clients is None:
        return []
    return [
        _("Out of all counted, also of those who left a question out; that is not a no."),
        *HIDDEN,
        _("Few people, and they said it to us: a place to begin from, no proof of anything."),
        _("Version %(version)s; not to be added to figures of another version.", version=result.version),
    ]


def lines(result: Result) -> list[Words]:
    """All of it as text for a chat, cut where it would be longer than 3500 characters in any language."""
    said: list[Words] = []
    left = LONGEST - max(_length([CUT], language) for language in LANGUAGES)
    for words in _lines(result):
        left -= max(_length([words], language) for language in LANGUAGES)
        if left < 0:
            return [*said, CUT]
        said.append(words)
    return said


def _lines(result: Result) -> Iterator[Words]:
    yield title(result)
    yield from facts(result)
    for row in process(result).rows:
        yield _("• %(label)s: %(number)s", label=row.label, number=row.yes)
    yield from reasons(result)
    yield from counted(result)
    for table in tables(result):
        yield table.title
        for row in table.rows:
            yield _("• %(label)s: %(value)s", label=row.label, value=row.value)
        if table.hidden is not None:
            yield table.hidden
    yield from notes(result)


def _length(words: list[Words], language: str) -> int:
    return sum(len(word(each, language)) + 1 for each in words)


def _table(section: Section) -> Table:
    told = [Row(_label(line), line.yes, section.clients) for line in section.lines if line.yes is not None]
    hidden = [_label(line) for line in section.lines if line.yes is None]
    return Table(_title(section), told, _("Not shown: %(what)s", what=_joined(hidden)) if hidden else None)


def _title(section: Section) -> Words:
    name = Verbatim(wordings=section.label)
    if section.code.startswith("service."):
        return _("Service: %(service)s", service=name)
    return name if section.label else SECTIONS[section.code]


def _label(line: Line) -> Words:
    return Verbatim(wordings=line.label) if line.label else LINES[line.code]


def _joined(parts: Sequence[Words]) -> Verbatim:
    """Words in a row; some have commas of their own."""
    return Verbatim(wordings={language: "; ".join(word(each, language) for each in parts) for language in LANGUAGES})
