"""Editions: what was told and when, kept so that no later figure gives an earlier one away.

A report is not counted anew each time it is asked for: it shows the newest edition, and an edition is made only when
enough people have come, gone or changed an answer. Asking again and again, by every group, tells nothing more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.report.census import ROWS, SMALLEST, Counted, Question, take_census
from bot.report.crowd import Cell, Crowd, Names, choose_names
from bot.report.disclosure import LEAST, Count
from bot.report.telling import Earlier, Figures, Telling, Told, averages
from conversations.instruments import NEEDS
from storage.store import Store

_ROW: Final = {f"{row.kind}.{row.code}": row for row in ROWS}


@dataclass(frozen=True, slots=True)
class Edition:
    """What was told at one time: how many were counted, the rows told anew, by which groups, and the averages."""

    at: int
    clients: int
    told: Told
    names: Names
    averages: Mapping[str, str]


def bring_up_to_date(store: Store) -> list[Edition]:
    """All editions of the needs as they are rated now, oldest first, with a new one where there is enough to tell.

    Within a transaction that writes: whoever asks at the same time waits, and then finds the same edition.
    """
    store.later("editions", "prune", instrument=NEEDS.name, version=NEEDS.version)
    kept = store.rows("editions", "of_instrument", instrument=NEEDS.name, version=NEEDS.version)
    editions = [_read(json.loads(row["figures"]), row["at"]) for row in kept]
    people = take_census(store)
    if len(people) < SMALLEST:
        return editions
    if editions and not _moved_enough(people, _counted(store, kept[-1]["id"]), editions[-1].clients):
        return editions
    past = [_counted(store, row["id"]) for row in kept]
    bits = {id_: bit for bit, id_ in enumerate({id_: None for one in (people, *past) for id_ in one})}
    history = [
        Earlier(edition.told, Crowd(those, bits), edition.names) for edition, those in zip(editions, past, strict=True)
    ]
    telling = Telling(Crowd(people, bits), choose_names(people.values()), history)
    if telling.tell() or not editions:
        editions.append(Edition(store.at, len(people), telling.told, telling.names, averages(telling)))
        _save(store, editions[-1], people)
    return editions


def _moved_enough(people: Mapping[int, Counted], last: Mapping[int, Counted], clients: int) -> bool:
    """Whether so much is new since the last edition that its number of clients gives nobody away."""
    came_or_went = len(people.keys() ^ last.keys()) + clients - len(last)  # the erased have no row any more
    changed = sum(people[id_].said != last[id_].said for id_ in people.keys() & last.keys())
    return came_or_went >= LEAST or (came_or_went == 0 and changed >= LEAST)


def _counted(store: Store, edition: int) -> dict[int, Counted]:
    rows = store.rows("counted", "of_edition", edition_id=edition)
    return {row["person_id"]: Counted(row["language"], row["place"], row["said"]) for row in rows}


def _save(store: Store, edition: Edition, people: Mapping[int, Counted]) -> None:
    id_ = store.new_id()
    figures = json.dumps(_write(edition), ensure_ascii=False)
    store.later(
        "editions",
        "insert",
        id=id_,
        instrument=NEEDS.name,
        version=NEEDS.version,
        at=edition.at,
        figures=figures,
    )
    for person, counted in people.items():
        store.later("counted", "insert", edition_id=id_, person_id=person, **counted._asdict())
    store.flush()


def _write(edition: Edition) -> dict[str, Any]:
    told = {
        f"{row.kind}.{row.code}": [[*cell, *count] for cell, count in figures.items()]
        for row, figures in edition.told.items()
    }
    return {"clients": edition.clients, "told": told, "names": edition.names, "averages": edition.averages}


def _read(figures: Mapping[str, Any], at: int) -> Edition:
    told: dict[Question, Figures] = {
        _ROW[name]: {Cell(*cell[:2]): Count(*cell[2:]) for cell in cells} for name, cells in figures["told"].items()
    }
    names = Names(*map(tuple, figures["names"]))
    return Edition(at, figures["clients"], told, names, figures["averages"])
