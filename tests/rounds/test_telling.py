"""No figure under 5 can be worked out from a result, and each rule that sees to it is needed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pytest

from bot.report.disclosure import Count, is_safe
from bot.rounds import factors, figures, services, telling
from bot.rounds.figures import Section
from bot.rounds.telling import share_left_out, tell
from conversations.instruments.form import Form
from tests.rounds.attacker import CHECKIN, SERVED, SERVICES, Attacker, Said, crowd, given_by
from tests.rounds.worlds import find_out, form_of


def of(number: int, **said: str) -> list[Said]:
    """So many clients who said the same and left out the rest: options with a space between, `__` for a point."""
    given = {item.replace("__", "."): tuple(codes.split()) for item, codes in said.items()}
    services = {item.partition(".")[0] for item in given if item.partition(".")[0] in SERVICES}
    left_out = ["helped", "harder", "pressed", *(f"{each}.{about}" for each in services for about in SERVED)]
    return [dict.fromkeys(left_out, ()) | given] * number


def told(people: Sequence[Said]) -> list[Section]:
    return tell(CHECKIN, [given_by(said) for said in people])


def figure(sections: Sequence[Section], section: str, line: str) -> int | None:
    """A figure, or None where it or its whole section is not told."""
    found = [each.yes for one in sections if one.code == section for each in one.lines if each.code == line]
    return found[0] if found else None


def found_out(people: Sequence[Said]) -> list[str]:
    return list(Attacker(people, told(people)).find())


# --- somebody who wants to find out ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_nothing_small_is_found_out(seed: int) -> None:
    dice = random.Random(seed)
    people = crowd(dice, (12, 16, 22, 30)[seed % 4])
    assert found_out(people) == []


def test_enough_is_told_to_be_of_use() -> None:
    people = crowd(random.Random(1), 45)
    assert sum(line.yes is not None for section in told(people) for line in section.lines) >= 8


def first(factor: str, axes: str = "", more: str = "") -> dict[str, str]:
    """What helped: this first, then more, and where."""
    return {"helped": f"{factor} {more}", "helped__first": factor, "helped_touched": axes}


def leave_nobody_over(counts: Mapping[str, int], clients: int, most: int = 1) -> dict[str, int]:
    """`choose` without what makes options that add up safe."""
    return {code: yes for code, yes in counts.items() if is_safe(Count(clients, yes))}


BROKEN: dict[str, tuple[Any, str, Callable[..., Any], list[Said]]] = {
    "a figure is of five at least": (
        figures,
        "is_safe",
        lambda count: count.no >= 5,
        [*of(2, **first("family")), *of(18, helped="")],
    ),
    "options of which one is chosen add up": (
        services,
        "choose",
        leave_nobody_over,
        [*of(12, legal__since="stronger"), *of(8, legal__since="weaker"), *of(6, helped="")],
    ),
    "what nearly all have picked takes of what they could pick": (
        factors,
        "choose",
        lambda counts, clients, most: leave_nobody_over(counts, clients) if sum(counts.values()) < 2 * clients else {},
        [
            *of(4, harder="family work", harder__first="work", harder_touched=""),
            *of(4, harder="family home", harder__first="home", harder_touched=""),
            *of(1, harder="work home", harder__first="home", harder_touched=""),
            *of(3, harder="", pressed="gossip", pressed__first="gossip", harder_touched=""),
        ],
    ),
    "a few who were not asked": (
        services,
        "among",
        lambda asked, clients: asked,
        [*of(7, legal__wanted="yes"), *of(7, legal__wanted="no"), *of(2, helped="")],
    ),
    "what a factor did is part of what the axis was touched by": (
        factors,
        "_leaves_enough",
        lambda *given: True,
        [
            *of(6, **first("family", "1")),
            *of(6, **first("family")),
            *of(2, **first("work", "1")),
            *of(4, **first("work")),
            *of(6, helped=""),
        ],
    ),
    "what a factor did is part of how many named it": (
        factors,
        "is_safe",
        lambda count: count.yes >= 5,
        [
            *of(6, **first("family", "1")),
            *of(2, **first("family")),
            *of(6, **first("work", "1")),
            *of(6, **first("work")),
            *of(6, helped=""),
        ],
    ),
    "whoever was touched picked something": (
        factors,
        "_most_touched",
        lambda picked, hidden: 1000,
        [
            *of(5, **first("family", "1")),
            *of(5, **first("work", "1")),
            *of(2, **first("home", "1")),
            *of(8, helped=""),
        ],
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_every_rule_is_needed(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, instead, people = BROKEN[rule]
    assert found_out(people) == []
    monkeypatch.setattr(module, name, instead)
    assert found_out(people)


def test_what_nearly_everybody_said_is_not_told() -> None:
    assert figures.choose({"a": 15, "b": 16, "c": 3}, 20, most=3) == {"a": 15}


def test_a_service_is_told_only_where_the_others_hide_what_is_left_over() -> None:
    legal = [*of(7, legal__wanted="yes"), *of(7, legal__wanted="no")]
    job = [*of(5, job__wanted="yes"), *of(5, job__wanted="no")]
    rest = of(6, helped="")
    assert figure(told([*legal, *job, *rest]), "service.legal", "wanted.yes") == 7
    unlike = [*of(3, job__wanted="yes"), *of(7, job__wanted="no")]
    sections = told([*legal, *unlike, *rest])
    assert figure(sections, "services", "wanted.yes") == 10
    assert figure(sections, "service.legal", "wanted.yes") is None
    assert figure(told([*legal, *job[:9], *rest]), "service.legal", "wanted.yes") is None
    assert figure(told([*legal, *job, *rest[:4]]), "service.legal", "wanted.yes") is None, "24 or more were asked"


def test_who_named_none_of_the_factors_told_are_enough() -> None:
    cells = {("family", "1"): 7, ("family", "2"): 7, ("work", "3"): 7}
    touched = {"1": 12, "2": 12, "3": 12}
    assert factors._leaves_enough(cells, touched, 19)
    assert not factors._leaves_enough(cells, touched, 18)


# --- every round there could be -------------------------------------------------------------------------------

Kinds: TypeAlias = tuple[Sequence[Said], Form]

CHOICE: Kinds = ([{"a": ("x",)}, {"a": ("y",)}, {"a": ("z",)}, {"a": ()}], form_of(a="x y z"))
AFTER: Kinds = (
    [{"a": ("x",), "b": ("v",)}, {"a": ("x",), "b": ("w",)}, {"a": ("x",), "b": ()}, {"a": ("y",)}, {"a": ()}],
    form_of(a="x y", b="v w:a.x"),
)
LEFT_OUT: Kinds = (
    [{"a": (a,) if a else (), "b": (b,) if b else ()} for a in ("x", "y", "") for b in ("w", "")],
    form_of(a="x y", b="w"),
)
SERVICE: Kinds = (
    [{"helped": ()}, *({f"{service}.wanted": (code,)} for service in ("legal", "job") for code in ("yes", "no"))],
    CHECKIN,
)
SINCE: Kinds = (
    [{"helped": ()}, *({"legal.since": (code,)} for code in ("stronger", "same", "weaker"))],
    CHECKIN,
)
NEED: Kinds = (
    [
        {"helped": ()},
        *({"employment.now": (now,), "employment.helped": ()} for now in ("solved", "harder", "same", "unimportant")),
    ],
    CHECKIN,
)


@pytest.mark.parametrize(
    ("kinds", "form", "clients"),
    [
        *((*CHOICE, clients) for clients in (10, 11, 14, 17)),
        *((*AFTER, clients) for clients in (12, 16)),
        (*LEFT_OUT, 12),
        *((*SERVICE, clients) for clients in (14, 20)),
        *((*SINCE, clients) for clients in (13, 14, 19)),
        *((*NEED, clients) for clients in (14, 17)),
    ],
)
def test_no_small_figure_of_any_round_can_be_known(kinds: Sequence[Said], form: Form, clients: int) -> None:
    assert list(find_out(form, kinds, clients)) == []


def test_a_question_after_an_answer_would_tell_how_few_gave_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "is_safe", lambda count: True)
    assert next(find_out(AFTER[1], AFTER[0], 12), None)


def test_a_few_could_have_been_asked_about_no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than 14 clients of whom at least 10 were asked leave fewer than five possible who were not."""
    monkeypatch.setattr(services, "among", lambda asked, clients: clients if asked >= 10 else None)
    assert next(find_out(SINCE[1], SINCE[0], 12), None)


# --- what was left out ----------------------------------------------------------------------------------------


def left_out(form: Form, *people: Sequence[Said]) -> int | None:
    return share_left_out([given_by(said, form) for some in people for said in some])


def test_the_share_left_out_is_told_where_words_hide_whose_it_is() -> None:
    form = form_of(a="x y", w="")
    answered: list[Said] = [{"a": ("x",), "w": ("said",)}] * 6
    assert left_out(form, answered, [{"a": ("x",), "w": ()}] * 6) == 25
    assert left_out(form, answered, [{"a": (), "w": ()}] * 6) == 50
    assert left_out(form, answered, [{"a": (), "w": ()}] * 4) is None
    assert left_out(form_of(a="x y"), [{"a": ("x",)}] * 6, [{"a": ()}] * 6) is None
