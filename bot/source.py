"""What an export holds, read from one snapshot of the database, row by row."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from operator import itemgetter
from random import SystemRandom
from sqlite3 import Connection
from typing import Any, Final, NamedTuple

from bot import answers, nameless
from bot.cash.shared import FIGURES, OUTCOME, PLAN, SPENT, WORDS, Shared, decimal
from bot.checkins import is_for_caseworkers
from bot.codebook import FILES, WITH_WORDS, Column, describe
from conversations.client.wish import LEVELS
from conversations.instruments import CHECKIN, FORMS, INSTRUMENTS, NEEDS, TRANSFER, Instrument
from conversations.instruments.form import Form
from conversations.script import Status
from storage.keys import Box, Keyring
from storage.store import QUERIES, Row
from translations.languages import SOURCE

NOT_ASKED: Final = Status.NOT_ASKED.value
WITHHELD: Final = "(not shown: this client no longer agrees that we keep their answers)"


class Table(NamedTuple):
    """One file; each row has a cell for each column."""

    file: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[object, ...]]


class Source:
    """What is exported, read from `connection` as the rows are asked for. `now` is aware; days are those of `zone`."""

    def __init__(self, connection: Connection, keyring: Keyring, words: bool, now: datetime, zone: tzinfo) -> None:
        self._connection = connection
        self._keyring = keyring
        self._words = words
        self._now = now
        self._zone = zone
        self._forms = answers.frozen(self._rows("forms", "all"))
        self._archive = _read_archive(connection)
        self._older: dict[tuple[str, int], list[str]] = {}
        """Items of versions that this release does not carry, as far as they were answered."""

    @property
    def encoding(self) -> str:
        """The plainest one that holds everything."""
        places = "".join(row["place"] for row in self._rows("people", "places"))
        return "utf-8-sig" if self._words or not places.isascii() else "ascii"

    def tables(self) -> list[Table]:
        """Every file, the codebook last."""
        columns = FILES | ({file: (*FILES[file], column) for file, column in WITH_WORDS.items()} if self._words else {})
        figures = Shared(self._rows, self._keyring, self._now, FIGURES, (PLAN, SPENT))
        words = Shared(self._rows, self._keyring, self._now, WORDS, (OUTCOME,))
        rows: dict[str, Iterable[tuple[object, ...]]] = {
            "ratings.csv": self.ratings(),
            "checkins.csv": self.checkins(),
            "services.csv": self.services(),
            "rounds.csv": self.rounds(),
            "clients.csv": self.clients(),
            "alerts.csv": self.alerts(),
            "consents.csv": self.consents(),
            "transfers.csv": self.transfers(),
            "plans.csv": figures.amounts(PLAN),
            "spending.csv": figures.amounts(SPENT),
            "outcomes.csv": words.outcomes(self._words),
            "codebook.csv": describe(columns),
        }
        return [Table(file, columns[file], rows[file]) for file in FILES]

    def ratings(self) -> Iterator[tuple[object, ...]]:
        """All ratings in order of time, and between them what each sitting did not come to."""
        merged = heapq.merge(self._rated(), self._not_asked(), key=itemgetter(0))
        return (cells for _at, cells in merged)

    def checkins(self) -> Iterator[tuple[object, ...]]:
        """What was answered to every other instrument, but for services: first, in order of time, what a client's own
        caseworker may read too, with the client's code; then all the rest, person by person, under numbers drawn anew
        for each export, and with no more of the time than its month."""
        for row, asked in self._checked("checked"):
            if is_for_caseworkers(row["instrument"], row["item"]):
                yield self._check(row, asked, row["code"], _iso(row["at"]), round_=row["round"])
        people = [row["id"] for row in self._rows("people", "clients_with_staff")]
        SystemRandom().shuffle(people)
        for number, person in enumerate(people, 1):
            for row, asked in self._checked("checked_of", person_id=person):
                if not is_for_caseworkers(row["instrument"], row["item"]):
                    month = f"{datetime.fromtimestamp(row['at'], UTC):%Y-%m}"
                    yield self._check(row, asked, f"P-{number}", month, round_=None)  # which tells who else was in it

    def _checked(self, query: str, **values: Any) -> Iterator[tuple[Row, answers.Asked]]:
        """Answers with their questions, but for services, and for what is asked after a transfer: it is known who had
        one and when."""
        for row in self._rows("responses", query, needs=NEEDS.name, **values):
            if row["instrument"] == TRANSFER.name:
                continue
            form = self._form(row["instrument"], row["version"])
            asked = None if form is None else answers.find(form, row["item"])
            if asked is not None and asked.question.part != answers.SERVICE:
                yield row, asked

    def _check(
        self, row: Row, asked: answers.Asked, client: str, at: str | None, *, round_: str | None
    ) -> tuple[object, ...]:
        structure, wording = self._digests(row["instrument"], row["version"], row["language"])
        cells = (
            *(client, round_, row["instrument"], row["version"], structure, wording),
            *(row["language"], row["mode"], row["assisted_by"], row["item"], row["status"]),
            *(self._answer(row["instrument"], row, asked), at),
        )
        return (*cells, self._said(row, row["id"])) if self._words else cells

    def services(self) -> list[tuple[object, ...]]:
        """What was said of services, so that nobody can tell who said it."""
        return nameless.tell(self._served(), self._now)

    def rounds(self) -> Iterator[tuple[object, ...]]:
        """Who was asked in each round, and what became of it."""
        for row in self._rows("askings", "with_codes"):
            yield (
                *(row["round"], row["code"], row["instrument"], row["version"], row["state"], row["reason"]),
                *(_iso(row["sent_at"]), _iso(row["opened_at"]), _iso(row["ended_at"]), row["doubts"]),
            )

    def clients(self) -> Iterator[tuple[object, ...]]:
        """Every client, in the order in which they first came."""
        for row in self._rows("people", "clients_with_staff"):
            agreed = [each["purpose"] for each in self._rows("consents", "granted", person_id=row["id"])]
            adult = None if row["adult"] is None else _yes(row["adult"])
            yield (
                *(row["code"], row["language"], adult, _iso(row["enrolled_at"])),
                *(row["caseworker"], row["place"]),
                " ".join(purpose for purpose in agreed if not purpose.startswith("tell:")),
                " ".join(purpose.removeprefix("tell:") for purpose in agreed if purpose.startswith("tell:")),
            )

    def alerts(self) -> Iterator[tuple[object, ...]]:
        """Every alert, in order of time."""
        for row in self._rows("alerts", "with_staff"):
            body = json.loads(self._box(row, "client_id").open(row["body"], f"alerts.body:{row['id']}"))
            yield (
                *(row["code"], row["kind"], row["level"]),
                " ".join(f"{item}:{level}" for item, level in body["items"]),
                *(body["how"], row["state"], _iso(row["raised_at"])),
                *(_iso(row["seen_at"]), row["seen_by_code"], _iso(row["claimed_at"]), row["claimed_by_code"]),
                *(_iso(row["close_asked_at"]), _iso(row["closed_at"]), row["closed_by_code"]),
            )

    def consents(self) -> Iterator[tuple[object, ...]]:
        """The ledger, in order of time."""
        for row in self._rows("consents", "all"):
            yield (
                *(row["code"], row["purpose"], _yes(row["granted"]), _iso(row["at"])),
                *(row["language"], row["mode"], row["digest"]),
            )

    def transfers(self) -> Iterator[tuple[object, ...]]:
        """Every transfer as staff may know it, series by series."""
        every = groupby(self._rows("transfers", "with_codes"), itemgetter("series_id"))
        for series, (_id, rows) in enumerate(every, 1):
            for row in rows:
                confirmed = row["confirmed_at"]
                yield (
                    *(row["code"], "gift" if row["number"] is None else series, row["number"], row["total"]),
                    *(decimal(row["amount"], row["currency"]), row["currency"]),
                    *(decimal(row["first_amount"], row["first_currency"]), row["first_currency"]),
                    *(row["planned_for"], row["sent_on"]),
                    *(row["handed_how"], row["shown"]),
                    None if confirmed is None else datetime.fromtimestamp(confirmed, self._zone).date().isoformat(),
                    *(row["planned_by_code"], row["marked_by_code"], row["handed_by_code"]),
                )

    def _rated(self) -> Iterator[tuple[int, tuple[object, ...]]]:
        for row in self._rows("responses", "ratings", instrument=NEEDS.name):
            structure, wording = self._digests(row["instrument"], row["version"], row["language"])
            cells = (
                *(row["code"], row["item"], row["value"], row["status"], _iso(row["at"])),
                *(row["instrument"], row["version"], structure, wording),
                *(row["language"], row["mode"], row["assisted_by"], _iso(row["sitting_at"]), row["start"]),
                row["wish_status"] if row["wish"] is None else LEVELS[row["wish"]],
                row["meaning_status"],
            )
            yield row["at"], (*cells, self._said(row, row["meaning_id"])) if self._words else cells

    def _not_asked(self) -> Iterator[tuple[int, tuple[object, ...]]]:
        """For each sitting its items for which nothing came back."""
        sittings = self._rows("sittings", "answered", instrument=NEEDS.name)
        for _session, rows in groupby(sittings, key=itemgetter("session_id")):
            together = list(rows)
            sitting, answered = together[0], {row["item"] for row in together}
            name, version, at = sitting["instrument"], sitting["version"], _iso(sitting["at"])
            structure, _wording = self._digests(name, version, SOURCE)
            for item in self._items(name, version):
                if item not in answered:
                    cells = (
                        *(sitting["code"], item, None, NOT_ASKED, at, name, version, structure, None, None, None),
                        *(None, at, sitting["start"], None, None),
                    )
                    yield sitting["at"], (*cells, None) if self._words else cells

    def _served(self) -> Iterator[nameless.Answer]:
        for row in self._rows("responses", "behind_a_point", instrument=CHECKIN.name):
            form = self._form(CHECKIN.name, row["version"])
            asked = None if form is None else answers.find(form, row["item"])
            if asked is not None and asked.question.part == answers.SERVICE and row["status"] != NOT_ASKED:
                yield nameless.Answer(
                    *(row["person_id"], row["at"], row["version"], asked.about, asked.question.code, row["status"]),
                    self._answer(CHECKIN.name, row, asked),
                )

    def _form(self, name: str, version: int) -> Form | None:
        """A form to tell what is asked; of a version that is not carried any more, the one that came after it."""
        return self._forms.get((name, version)) or FORMS.get(name)

    def _answer(self, instrument: str, row: Row, asked: answers.Asked) -> str:
        """An answer by its codes, or as it is kept where these are not known any more."""
        if (instrument, row["version"]) in self._forms:
            return answers.plain(asked.question, row["value"])
        return "" if row["value"] is None else str(row["value"])

    def _said(self, row: Row, id_: int | None) -> str | None:
        """The words sealed for this response."""
        if row["words"] is None:
            return None
        if not row["may_keep"]:
            return WITHHELD
        said = json.loads(self._box(row, "person_id").open(row["words"], f"responses.words:{id_}"))
        if said.get("voice") is not None:
            return f"(voice note, {said.get('seconds', 0)} seconds)"
        return str(said.get("text", ""))

    def _items(self, instrument: str, version: int) -> Iterable[str]:
        """The items of an instrument; of a version that this release does not carry, those that were answered."""
        known = INSTRUMENTS.get(instrument)
        if isinstance(known, Instrument) and known.version == version:
            return [item.code for item in known.items]
        if (instrument, version) not in self._older:
            rows = self._rows("responses", "items_of", instrument=instrument, version=version)
            self._older[instrument, version] = [row["item"] for row in rows]
        return self._older[instrument, version]

    def _digests(self, instrument: str, version: int, language: str) -> tuple[str | None, str | None]:
        """Of structure and wording. What has no words in a language was asked in English."""
        wordings = self._archive.get((instrument, version), {})
        return wordings.get(language) or wordings.get(SOURCE) or (None, None)

    def _box(self, row: Row, owner: str) -> Box:
        return self._keyring.box(row[owner], row["key"])

    def _rows(self, table: str, query: str, **values: Any) -> Iterable[Row]:
        return stream(self._connection, table, query, **values)


def stream(connection: Connection, table: str, query: str, **values: Any) -> Iterable[Row]:
    """Rows as they are read; aiosql's own way fetches them all at once."""
    return connection.execute(getattr(QUERIES[table], query).sql, values)


def _read_archive(connection: Connection) -> dict[tuple[str, int], dict[str, tuple[str, str]]]:
    """Digests by instrument and version, then by language: this release's, and over them what was archived."""
    found = {
        (each.name, each.version): {code: (each.structure, wording) for code, wording in each.wording.items()}
        for each in INSTRUMENTS.values()
    }
    for row in stream(connection, "instruments", "digests"):
        wordings = found.setdefault((row["name"], row["version"]), {})
        wordings[row["language"]] = (row["structure"], row["wording"])
    return found


def _yes(value: int) -> str:
    return "yes" if value else "no"


def _iso(at: int | None) -> str | None:
    """Seconds since 1970 as ISO 8601, in UTC."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
