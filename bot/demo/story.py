"""How far the story on the page has come, as the store tells it: whoever plays it, by hand or not."""

from __future__ import annotations

import sqlite3

from bot.demo.messages import Json
from bot.demo.window import Window
from conversations.instruments import NEEDS
from storage import people
from storage.store import Row, Store, listed


def tell_story(window: Window) -> Json:
    """What has come to pass for the newest client; ``{"client": None, "erased": n}`` where there is none.

    ``client`` their row's id, ``arrived`` and ``asked`` whether, ``rated`` how many needs, ``told`` how many roles
    beside the first, ``taken`` by whom (their code), ``wrote`` how many have written; ``leads`` and ``erased`` how many
    people.
    """
    try:
        store = window.store()
        erased = len(store.rows("erased", "all"))
        clients = store.rows("people", "by_role", role="client")
    except sqlite3.Error:  # the bot is just making it
        return {"client": None, "erased": 0}
    if not clients:
        return {"client": None, "erased": erased}
    client = clients[-1]
    enrolling = any(row["script"] == "enrol" for row in store.rows("sessions", "open", people=listed([client["id"]])))
    alerts = [row for row in store.rows("alerts", "with_staff") if row["client_id"] == client["id"]]
    ratings = store.rows("responses", "newest", person_id=client["id"], instrument=NEEDS.name, version=NEEDS.version)
    return {
        "client": str(client["id"]),
        "arrived": not enrolling,
        "rated": sum(row["item"] in {item.code for item in NEEDS.items} for row in ratings),
        "asked": bool(alerts),
        "told": max((row["rung"] for row in alerts), default=0),
        "taken": next((row["claimed_by_code"] for row in alerts if row["claimed_by"] is not None), None),
        "wrote": len(_writers(store, client)),
        "leads": len(people.reachable(store, "lead")),
        "erased": erased,
    }


def _writers(store: Store, client: Row) -> set[int]:
    """Who has written in the client's talks."""
    talks = store.rows("talks", "open_of", person_id=client["id"])
    return {line["sender_id"] for talk in talks for line in store.rows("lines", "latest", talk_id=talk["id"], most=50)}
