"""Every round there could be: so many clients, each of whom said one of a few things.

Two rounds of which the same is told cannot be told apart, also not by whoever knows how the product decides. So a small
figure that has fewer than five values among them is found out. Goes through all of them, and so is for few clients.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from bot.rounds.figures import Given
from bot.rounds.telling import share_left_out, tell
from conversations.instruments.form import Form, read_form
from tests.rounds.attacker import SMALL, Said, given_by


def form_of(**questions: str) -> Form:
    """A programme's own form: each question's code, and its options with a space between, or none for words; behind a
    colon the question and the option after which alone it is asked."""
    lines = ['name = "own"', "version = 1", 'title.en = "Own"']
    for code, described in questions.items():
        options, _colon, after = described.partition(":")
        lines.append(f'[[questions]]\ncode = "{code}"\ntext.en = "?"\nkind = "{"choice" if options else "words"}"')
        if after:
            lines.append('ask_if.{} = ["{}"]'.format(*after.split(".")))
        lines += [f'[[questions.options]]\ncode = "{option}"\nlabel.en = "{option}"' for option in options.split()]
    return read_form("\n".join(lines))


def find_out(form: Form, kinds: Sequence[Said], clients: int) -> Iterator[str]:
    """Small figures that are found out: of who said the one thing, or one of several."""
    alike: defaultdict[str, list[tuple[int, ...]]] = defaultdict(list)
    given = [given_by(kind, form) for kind in kinds]
    for world in worlds(len(kinds), clients):
        alike[
            told_of(form, [each for each, number in zip(given, world, strict=True) for _client in range(number)])
        ] += [world]
    for told, these in alike.items():
        for number in range(1, len(kinds)):
            for some in combinations(range(len(kinds)), number):
                values = {sum(world[kind] for kind in some) for world in these}
                if min(values) < SMALL and len(values) < SMALL:
                    yield f"{told}: {[kinds[kind] for kind in some]} are one of {sorted(values)}"


def told_of(form: Form, clients: Sequence[Mapping[str, Given]]) -> str:
    """Everything that is told."""
    told = [(each.code, each.clients, [(line.code, line.yes) for line in each.lines]) for each in tell(form, clients)]
    return f"{told} {share_left_out(clients)}"


def worlds(kinds: int, clients: int) -> Iterator[tuple[int, ...]]:
    """How many of each kind there can be."""
    if kinds == 1:
        yield (clients,)
        return
    for number in range(clients + 1):
        yield from ((number, *rest) for rest in worlds(kinds - 1, clients - number))
