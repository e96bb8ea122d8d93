"""What stands between a programme and its first client: the facts, and each in one line for the terminal.

What a lead reads of the same facts in the chat stands in `conversations.lead.invite`.
"""

from __future__ import annotations

from bot.programme import FILE_NAME, Programme
from bot.tables import VERIFIED_FOR
from conversations.looks import Missing
from storage import people
from storage.store import Store


def missing_for_clients(store: Store, programme: Programme) -> list[Missing]:
    """Everything without which a client would come to nobody; empty where clients can be invited."""
    found = []
    hours = programme.answering_hours
    if hours.next_opening(store.now) is None and not hours.open_at(store.now):
        found.append(_missing("hours"))
    found += [
        _missing(why, country, language)
        for country in programme.countries
        for language in programme.languages
        if (why := _lack_of_number(store, programme, country, language)) is not None
    ]
    if not people.reachable(store, "caseworker"):
        found.append(_missing("caseworker"))
    return found


def _lack_of_number(store: Store, programme: Programme, country: str, language: str) -> str | None:
    """Why nobody who speaks that language can be sent to a number in that country; None if they can."""
    today = store.now.astimezone(programme.zone).date()
    lines = [line for line in programme.crisis if (line.country, line.language) == (country, language)]
    if any(line.is_verified(today) for line in lines):
        return None
    if not lines:
        return "number"
    return "old" if any(line.verified_on <= today for line in lines) else "future"


def _missing(what: str, country: str = "", language: str = "") -> Missing:
    return Missing(what=what, country=country, language=language, days=VERIFIED_FOR.days)


def explain(missing: Missing) -> str:
    """One of them for whoever runs the server: what is missing, and what to do."""
    where = f'country = "{missing["country"]}", language = "{missing["language"]}"'
    match missing["what"]:
        case "hours":
            return f"nobody answers at any hour: fill in [hours] in {FILE_NAME}"
        case "caseworker":
            return "no caseworker has joined: firstsay invite caseworker"
        case "number":
            return f"no number to call: add a [[crisis]] number that someone has called to {FILE_NAME} ({where})"
        case "old":
            return f"no number called within {missing['days']} days: call it, and write who answered and when ({where})"
        case _:
            return f"no number called yet: its verified_on is still to come, put it right in {FILE_NAME} ({where})"
