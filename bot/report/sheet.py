"""The report as a picture in a lead's chat: told within the turn, drawn when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.picture import SLOT
from bot.report.chart import draw_png
from bot.report.figures import Report, make_report
from bot.screens import caption
from bot.telegram import File
from bot.turn import Turn, slot_of
from storage.people import Person


def show(turn: Turn, lead: Person, by: str | None) -> int | None:
    """Put the report under the screen of a lead; how many clients are counted, None while they are too few."""
    report = make_report(turn.store, turn.programme, by=by)
    if report.clients is not None:
        wanted = {"kind": "photo", "draw": "report", "report": report.to_json(), "language": turn.language_of(lead)}
        turn.show_file(lead, slot_of(lead.id, SLOT), wanted, caption("·", []))
    return report.clients


def read(_turn: Turn, _lead: Person, wanted: Mapping[str, Any]) -> tuple[Report, str]:
    """The report as it was told, and the language it was told in."""
    return Report.from_json(wanted["report"]), str(wanted["language"])


def make(told: tuple[Report, str]) -> File:
    """The picture."""
    return File("photo", "report.png", draw_png(*told), "image/png")
