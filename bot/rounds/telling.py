"""Which figures of one round may stand beside each other, so that none under 5 can be worked out from them.

Every figure is of people who said yes, out of all who were counted in the round (or, for services, out of all who were
asked about one). It is told only if at least 5 of them said yes and at least 5 did not, whether they said otherwise,
left it out or stopped before. Figures that do not hang together tell nothing more than that of each other: in whatever
way two of them overlap, at least six values stay possible. Those that do hang together leave 5 people over:

- options of which one is chosen add up: `figures.choose` leaves 5 who chose none of those that are told;
- of options of which three may be ticked, so many ticks are left over as 5 people have, also beside an option that is
  hidden because nearly all have ticked it;
- a question that is asked only after an answer is told out of those who gave that answer, and only where enough did not
  give it;
- an axis touched holds what each factor did to it, and so does the factor (`factors`);
- all services together hold each of them, and what is left for those not named must be safe itself (`services`);
- how many were asked about a service or a need is told only where enough were not (`figures.among`).

Whoever reads them may know these rules, and which figures are hidden by them.

Answers of different rounds are different answers, and are told side by side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from bot.answers import SERVICE
from bot.report.disclosure import Count, is_safe, rounded
from bot.rounds.factors import factors
from bot.rounds.figures import Client, Line, Section, among, choose, count, lines_of
from bot.rounds.services import services
from conversations.instruments import CHECKIN, FOLLOWUP
from conversations.instruments.form import CHOICE, DAY, SEVERAL, WORDS, Form

MET, HARDER, HELPED = "met", "harder", "helped"
NEED_FIGURES: Final = {
    MET: {("now", "solved"), ("now", "better")},
    HARDER: {("now", "harder")},
    HELPED: {("helped", "yes"), ("helped", "partly")},
}
"""What is told of needs that were put first a while ago: who gave one of these answers about any of theirs."""

NEVER_TOLD: Final = frozenset({"core", "extra", "close"})
"""Parts of the check-in that are the client's own affair."""


def tell(form: Form, clients: Collection[Client]) -> list[Section]:
    """Every section of figures on the answers of these clients; they are at least `SMALLEST`."""
    if form.name == CHECKIN.name:
        return [*_needs(clients), *services(form, clients), *factors(form, clients)]
    if form.name == FOLLOWUP.name:
        return [*_needs(clients)]
    return [*_questions(form, clients)]


def share_left_out(clients: Iterable[Client]) -> int | None:
    """Percent of the questions asked that were left out. None where it could tell how many left out a question whose
    figures are told: only those of which nothing is ever told hide that, if enough were answered and left out."""
    given = [each for client in clients for each in client.values() if "." not in each.question.code]
    never_told = [each for each in given if each.question.kind in (WORDS, DAY) or each.question.part in NEVER_TOLD]
    if not is_safe(Count(len(never_told), sum(each.left_out for each in never_told))):
        return None
    return int(rounded(100 * sum(each.left_out for each in given), len(given)))


def _questions(form: Form, clients: Collection[Client]) -> Iterator[Section]:
    """The options of each question; words and days are not told of. A question that was asked only after an answer is
    told if that answer could be: it says that enough gave it, and so how few did not."""
    chosen = [{item: given.codes for item, given in client.items()} for client in clients]
    asked: dict[str, int] = {}
    for question in form.questions:
        number = sum(map(question.is_asked, chosen))
        if all(code in asked and is_safe(Count(asked[code], number)) for code in question.ask_if):
            asked[question.code] = number
        if question.kind in (CHOICE, SEVERAL):
            most = question.most if question.kind == SEVERAL else 1
            counts = count(question, (client.get(question.code) for client in clients))
            told = choose(counts, asked.get(question.code, 0), most)
            yield Section(question.code, len(clients), lines_of(question, told), question.text.wordings)


def _needs(clients: Collection[Client]) -> Iterator[Section]:
    """Clients with a need that is met, or harder: one who follows up a single need can say only one of the two."""
    said = [_said_of_needs(client) for client in clients]
    number = among(sum(bool(each) for each in said), len(clients))
    if number is not None:
        now = {code: sum(bool(each & figure) for each in said) for code, figure in NEED_FIGURES.items()}
        told = choose({code: now[code] for code in (MET, HARDER)}, number) | choose({HELPED: now[HELPED]}, number)
        yield Section("needs", number, tuple(Line(code, told.get(code)) for code in NEED_FIGURES))


def _said_of_needs(client: Client) -> set[tuple[str, str]]:
    about_needs = (each for each in client.values() if each.about and each.question.part != SERVICE)
    return {(each.question.code, code) for each in about_needs for code in each.codes}
