"""What donors are given: proof of what was sent; figures of nobody; words that a person has looked over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import donor
from bot.cash import notes
from bot.cash.fives import Sum, coarse, told
from bot.cash.shared import FIGURES, PLAN, SPENT, WORDS
from bot.codebook import FOR_DONORS
from bot.donor import LEFT_OUT, export_for_donors
from bot.errors import OperatorError
from bot.export import export
from conversations import acts
from storage.database import connect
from tests.cash.ledger import Ledger
from tests.cash.sharing import agree, codes, everything, read, take_back, write
from tests.terminal import Run

LEAST = 5


def sit_down(monkeypatch: pytest.MonkeyPatch, typed: Mapping[str, Sequence[str]]) -> list[str]:
    """Somebody at the terminal, who types this for the note in which a word stands; the notes, as they are shown."""
    shown: list[str] = []
    left = {word: list(answers) for word, answers in typed.items()}

    def prompt(_question: str, **_options: object) -> str:
        return next(answers.pop(0) for word, answers in left.items() if word in shown[-1])

    def echo(text: str, **_options: object) -> None:
        if text.startswith("\nNote"):
            shown.append(text)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr("typer.echo", echo)
    return shown


def copies(home: Path) -> list[tuple[str, int]]:
    with connect(home / "firstsay.db", read_only=True) as file:
        return [tuple(row) for row in file.execute("SELECT kind, words FROM copies")]


def test_proof_is_of_what_was_sent_and_of_nobody(books: Ledger, out: Path, home: Path) -> None:
    worker = books.admit("caseworker", "Marker-Worker")
    one, other = books.admit("client", "Marker-Client", worker), books.admit("client", caseworker=worker)
    first, second, _planned = books.plan(worker, one)
    for transfer in (first, second, books.plan(worker, other)[0]):
        books.send(worker, transfer)
    books.do(one, acts.AnswerTransfer(first, "received"))
    books.do(one, acts.AnswerTransfer(second, "part", 5))
    export_for_donors(out, words=False)
    rows = read(out, "transfers.csv")
    month = f"{books.now:%Y-%m}"
    assert sorted([*row.values()][1:] for row in rows) == [
        *[["300000", "MMK", month, "hand", ""]] * 2,
        ["300000", "MMK", month, "hand", "yes"],
    ]
    assert sorted(row["number"] for row in rows) in (["N-1", "N-1", "N-2"], ["N-1", "N-2", "N-2"])
    forbidden = [*codes(books, [worker, one, other]), "Marker", *(str(books.person(each).id) for each in (one, other))]
    assert not [each for each in forbidden if each in everything(out)]
    assert copies(home) == [("export", 0)]
    assert {file.name for file in out.iterdir()} == set(FOR_DONORS)
    described = [(row["file"], row["column"]) for row in read(out, "codebook.csv") if row["file"] != "*"]
    assert described == [(file, column.name) for file, columns in FOR_DONORS.items() for column in columns]


def test_each_kind_of_export_has_a_folder_of_its_own(books: Ledger, out: Path) -> None:
    export_for_donors(out, words=False)
    export_for_donors(out, words=False)
    with pytest.raises(OperatorError, match="no such export wrote"):
        export(out, words=False)
    with pytest.raises(OperatorError, match="--words does not go with --donor"):
        export_for_donors(out, words=True)


def test_uses_are_of_those_who_agreed_and_small_groups_are_hidden(books: Ledger, out: Path) -> None:
    clients = agree(books, 23, FIGURES)
    for client in agree(books, 9, WORDS):
        write(books, client, use="phone")
    for number, client in enumerate(clients):
        write(books, client, use="home", amount=300_000)
        if number < 7:
            write(books, client, use="debt", amount=50_000 + number)
            write(books, client, SPENT, use="debt", amount=20_000)
            write(books, client, SPENT, use="debt", amount=20_000)
        if number < 4:
            write(books, client, use="ritual", amount=777_777)
        if number < 6:
            write(books, client, use="health", amount=9_000_000 if number == 0 else 1_000)
    export_for_donors(out, words=False)
    assert [[*row.values()] for row in read(out, "uses.csv")] == [
        ["*", "", "20", "10", "", "5", ""],
        ["debt", "", "20", "5", "", "5", ""],
        ["debt", "MMK", "20", "", "300000", "", "250000"],
        ["health", "", "20", "5", "", "", ""],
        ["home", "", "20", "10", "", "", ""],
        ["home", "MMK", "20", "", "6000000", "", ""],
    ]
    take_back(books, clients[15], FIGURES)
    export_for_donors(out, words=False)
    assert read(out, "uses.csv") == [], "ten are left, of whom nothing can be told"


def test_notes_are_told_as_somebody_has_looked_them_over(
    books: Ledger, out: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, third = agree(books, 3, WORDS)
    (silent,) = agree(books, 1, FIGURES)
    write(books, silent, "outcome", "marker-silent", amount=None)
    write(books, one, "outcome", "=good \x1b[2Jfor\nme", amount=None)
    write(books, one, PLAN, "for my aunt Marker in Marker-town")
    write(books, other, "outcome", "marker-left-out", amount=None)
    books.do(other, acts.TakeEntry(write(books, other, SPENT, "marker-taken")))
    write(books, third, SPENT, "marker-taken-back", amount=5)
    changed = write(books, other, SPENT, "marker-before")
    write(books, other, SPENT, "now", line=changed, use="phone")
    typed = {"good": "y", "aunt": ("e", "for my family", "y"), "left-out": "n", "now": ("?", "y"), "taken-back": "y"}
    seen = sit_down(monkeypatch, typed)
    look_over = notes.look_over

    def meanwhile(*given: Any) -> list[notes.Note]:
        found = look_over(*given)
        take_back(books, third, WORDS)
        vars(donor)["open_home"]()
        return found

    monkeypatch.setattr(notes, "look_over", meanwhile)
    export_for_donors(out, words=False)
    rows = sorted(tuple(row.values()) for row in read(out, "notes.csv"))
    assert rows == [
        ("outcome", "", "'=good [2Jfor me"),
        ("plan", "words", "for my family"),
        ("spent", "phone", "now"),
    ]
    assert len(seen) == 5
    assert not [each for each in seen if "\x1b" in each or "100" in each or "MMK" in each or "marker-silent" in each]
    assert "arker" not in everything(out)
    assert copies(home)[-1] == ("export", 1)


def test_who_stops_has_written_nothing(books: Ledger, out: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (client,) = agree(books, 1, WORDS)
    write(books, client, "outcome", "one note", amount=None)
    write(books, client, "outcome", "another note", amount=None)
    sit_down(monkeypatch, {"note": "yq"})
    assert export_for_donors(out, words=False) == []
    assert [*out.iterdir()] == [] and copies(home) == []


def test_without_a_terminal_notes_are_left_out_and_it_is_said(books: Ledger, out: Path, terminal: Run) -> None:
    (client,) = agree(books, 1, WORDS)
    write(books, client, "outcome", "marker", amount=None)
    code, _printed, complaint = terminal("export", str(out), "--donor")
    assert (code, complaint.strip()) == (0, LEFT_OUT)
    assert read(out, "notes.csv") == [] and "marker" not in everything(out)


# --- somebody who compares figures ----------------------------------------------------------------------------


def fewest(exports: Sequence[Sequence[int]], number: int) -> int:
    """Of how many things at the least a reader is left to choose, about any of these tens together, after these were
    told of one after the other; whatever they did."""
    left: defaultdict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for yes in product(range(11), repeat=number):
        left[tuple(told(sum(yes[ten] for ten in tens), 10 * len(tens)) for tens in exports)].append(yes)
    together = [tens for size in range(1, number + 1) for tens in combinations(range(number), size)]
    return min(
        len({sum(yes[ten] for ten in tens) for yes in possible}) for possible in left.values() for tens in together
    )


def test_no_figure_is_known_to_within_less_than_five() -> None:
    assert fewest([(0,), (0, 1), (0, 1, 2)], 3) == LEAST, "as ten come at a time"
    assert fewest([(0, 1, 2), (0, 2), (0,)], 3) == LEAST, "as they go"
    assert fewest([(0, 1), (0, 1, 2), (0, 2)], 3) == LEAST - 1, "where some come and others go"


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=9))
def test_a_sum_shows_nobodys_part(amounts: list[int]) -> None:
    """What it is rounded to is more than anybody's part: without them it could have been told the same."""
    found = Sum()
    for amount in amounts:
        found.add(amount)
    step, figure = coarse(max(amounts)), found.told()
    assert max(amounts) <= step < 5 * max(amounts)
    assert (figure is None) == (len(amounts) < LEAST or sum(amounts) < step)
    assert figure is None or (figure % step == 0 and 0 <= sum(amounts) - figure < step)
