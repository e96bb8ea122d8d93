"""Who is counted, how figures are told, and when there is a new edition."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report.census import SMALLEST, Counted
from bot.report.crowd import Crowd, choose_names
from bot.report.disclosure import Count, percent, rounded
from bot.report.figures import Figure, Line, Report, make_report
from conversations.instruments import NEEDS
from storage.database import connect, transact
from storage.keys import Keyring
from storage.store import Store
from tests.player import MASTER, MONDAY, PROGRAMME
from tests.report.house import CODES, House
from tests.report.paper import invent


def figures(report: Report) -> dict[str, int | None]:
    """How many 4s each need is shown with."""
    return {line.code: line.figure.yes if line.figure else None for line in report.needs}


def line_of(report: Report, code: str) -> Line:
    """The line of a need or category."""
    return next(line for line in (*report.needs, *report.categories) if line.code == code)


def twenty(house: House) -> list[int]:
    """10 who put a debt first and 10 who put food first."""
    return [house.join({"debt"} if number % 2 else {"food"}) for number in range(20)]


@given(st.integers(0, 500), st.integers(1, 500))
def test_halves_go_up(part: int, whole: int) -> None:
    exact = Fraction(100 * part, whole)
    assert int(rounded(100 * part, whole)) == int(exact + Fraction(1, 2))
    assert rounded(part, whole, 2) == f"{int(Fraction(100 * part, whole) + Fraction(1, 2)) / 100:.2f}"


def test_half_a_percent_goes_up_where_python_would_round_to_even() -> None:
    assert percent(Count(200, 101)) == "51"
    assert round(100 * 101 / 200) == 50


def test_nothing_is_told_of_fewer_than_ten() -> None:
    house = House()
    for _ in range(SMALLEST - 1):
        house.join({"debt"})
    report = house.report()
    assert report.clients is None
    assert report.needs == report.categories == ()
    assert house.count("editions") == house.count("counted") == 0
    house.join({"debt"})
    assert house.report().clients == SMALLEST


def test_equal_shares_have_one_place_and_the_order_of_the_questions() -> None:
    house = House()
    for number in range(24):
        house.join({"food"} if number < 12 else {"debt", "housing"} if number < 18 else {"employment", "housing"})
    told = [line for line in house.report().needs if line.figure]
    assert [(line.code, line.place, line.tied) for line in told] == [
        ("housing", 1, True),
        ("food", 1, True),
        ("employment", 3, True),
        ("debt", 3, True),
    ]


def test_what_is_hidden_stands_last_without_a_figure() -> None:
    house = House()
    for number in range(20):
        house.join({"child_school"} if number < 10 else {"employment"} if number < 14 else set())
    report = house.report()
    assert report.needs[0].code == "child_school"
    assert [line.code for line in report.needs[1:]] == [code for code in CODES if code != "child_school"]
    assert all(line == Line(line.code) for line in report.needs[1:])


@pytest.mark.parametrize(
    "gone",
    [
        lambda house, person: house.change(person, left_at=1),
        lambda house, person: house.change(person, erase_at=2_000_000_000),
        lambda house, person: house.change(person, adult=0),
        lambda house, person: house.change(person, adult=None),
        lambda house, person: house.change(person, role="stranger"),
        lambda house, person: house.consent(person, False),
        lambda house, person: house.erase(person),
    ],
    ids=["left", "going", "minor", "no age", "no client", "no consent", "erased"],
)
def test_who_is_not_counted(gone: Callable[[House, int], None]) -> None:
    house = House()
    people = twenty(house)
    for person in people[:6]:
        gone(house, person)
    assert house.report().clients == 14


def test_the_newest_consent_and_the_newest_rating_count() -> None:
    house = House()
    people = twenty(house)
    house.consent(people[0], False)
    house.consent(people[0], True)
    house.rate(people[0], "food", 1)
    house.rate(people[0], "debt", 4)
    report = house.report()
    assert report.clients == 20
    assert (figures(report)["debt"], figures(report)["food"]) == (11, 9)


def test_a_need_left_out_completes_and_one_not_asked_does_not() -> None:
    house = House()
    twenty(house)
    house.join({"debt"}, skips=set(CODES) - {"debt"})
    stopped = house.join({"debt"})
    unasked = "DELETE FROM responses WHERE person_id = ? AND item = 'food'"
    house.write(lambda store: store.connection.execute(unasked, (stopped,)))
    report = house.report()
    assert report.clients == 21
    assert figures(report)["debt"] == 11


def test_answers_to_another_version_are_not_pooled() -> None:
    house = House()
    people = twenty(house)
    for person in people:
        for code in CODES:
            house.rate(person, code, 4, version=NEEDS.version + 1)
    assert figures(house.report())["employment"] is None
    assert house.report().version == NEEDS.version


def test_editions_of_another_version_go() -> None:
    house = House()
    people = twenty(house)
    house.report()
    house.write(lambda store: store.connection.execute("UPDATE editions SET version = version + 1"))
    assert house.report().clients == 20
    assert (house.count("editions"), house.count("counted")) == (1, len(people))


def test_skips_are_told_apart() -> None:
    house = House()
    for number in range(30):
        house.join({"debt"} if number < 10 else set(), skips={"debt"} if number >= 22 else set())
    line = line_of(house.report(), "debt")
    assert line.figure == Figure(10, 30)
    assert line.skipped == 8


def test_nothing_hidden_gives_the_total_and_the_mean() -> None:
    house = House()
    for number in range(40):
        house.join({code for place, code in enumerate(CODES) if (number + place) % 3 == 0 or (number * place) % 7 == 1})
    report = house.report()
    told = [line.figure.yes for line in report.needs if line.figure]
    assert len(told) == len(CODES)
    assert report.total == str(sum(told))
    assert report.mean == f"{sum(told) / 40:.2f}"


def test_the_paper_by_language_and_place_adds_up() -> None:
    house = House()
    for number, firsts in enumerate(invent()):
        house.join(firsts, language="my" if number % 3 else "en", place=("Yangon", "Mae Sot")[number % 2])
    for by, names in (("language", ["en", "my"]), ("place", ["Mae Sot", "Yangon"])):
        report = house.report(by)
        assert report.groups == names
        assert sum(bool(line.groups) for line in report.needs) > 15
        for line in (*report.needs, *report.categories):
            if line.groups and line.figure:
                assert sum(each.yes for each in line.groups) == line.figure.yes
                assert sum(each.clients for each in line.groups) == line.figure.clients
    assert all(not line.groups for line in house.report().needs)


@given(st.dictionaries(st.integers(0, 200), st.sampled_from(("my", "en", "th", "km", ""))))
def test_small_groups_are_told_of_together(languages: dict[int, str]) -> None:
    people = {person: Counted(language, "", 0) for person, language in languages.items()}
    crowd, names = Crowd(people, {person: bit for bit, person in enumerate(people)}), choose_names(people.values())
    sizes = [crowd.of(cell, names).bit_count() for cell in crowd.cells(names)[0]]
    assert sum(sizes) == len(people)
    assert len(sizes) < 2 or min(sizes) >= SMALLEST
    assert set(names.languages) <= set(languages.values())


def test_a_report_can_be_kept_as_json() -> None:
    house = House()
    for number, firsts in enumerate(invent()):
        house.join(firsts, language="my" if number % 3 else "en")
    report = house.report("language")
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
    few = House().report()
    assert Report.from_json(json.loads(json.dumps(few.to_json()))) == few


# --- editions -----------------------------------------------------------------------------------------------------


def test_asking_again_tells_the_same() -> None:
    house = House()
    twenty(house)
    first = house.report()
    assert house.report() == house.report() == first
    assert house.count("editions") == 1


def test_a_few_people_make_no_new_edition() -> None:
    house = House()
    people = twenty(house)
    first = house.report()
    house.join({"debt"})
    house.consent(people[0], False)
    house.erase(people[1])
    house.rate(people[2], "debt", 4)
    assert house.report() == first
    assert house.count("editions") == 1


def test_enough_people_make_one_and_the_rest_keeps_its_date() -> None:
    house = House()
    for number in range(40):
        house.join({"debt"} if number % 2 else {"housing"} if number < 30 else set())
    first = house.report()
    for number in range(12):
        house.join({"debt"} if number % 2 else set())
    second = house.report()
    assert (second.clients, second.at > first.at) == (52, True)
    assert line_of(second, "debt").figure == Figure(26, 52)
    assert line_of(second, "housing") == line_of(first, "housing"), "12 came, and none of them put it first"


def test_whoever_was_erased_is_no_longer_in_what_is_kept_of_them() -> None:
    house = House()
    people = twenty(house)
    first = house.report()
    house.erase(people[0])
    assert house.count("counted") == 19
    assert house.report() == first, "a figure that was told stays told"


def test_two_who_ask_at_once_find_one_edition(tmp_path: Path) -> None:
    house = House()
    twenty(house)
    path = tmp_path / "firstsay.db"
    with sqlite3.connect(path) as file:
        house.connection.backup(file)
    together, told = Barrier(2), list[Report]()

    def ask() -> None:
        connection = connect(path)
        together.wait()
        told.append(transact(connection, lambda c: make_report(Store(c, Keyring(MASTER), MONDAY), PROGRAMME)))
        connection.close()

    askers = [Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert told[0] == told[1]
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT count(*) FROM editions").fetchone() == (1,)
    file.close()
