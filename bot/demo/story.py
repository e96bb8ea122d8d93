"""How far the stories on the page have come, as the store tells it: whoever plays them, by hand or not."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection

from bot.demo.messages import Json
from bot.demo.window import Window
from conversations.instruments import NEEDS
from storage import people
from storage.store import Row, Store, listed


def tell_story(window: Window, apart: Collection[int] = ()) -> Json:
    """What has come to pass for the newest client, but for the chats that stand ``apart``; ``{"client": None, "erased":
    n}`` where there is none.

    ``client`` their row's id, ``arrived`` and ``asked`` whether, ``alert`` their newest wish's id, ``rated`` how many
    needs, ``told`` how many roles beside the first, ``taken`` by whom (their code), ``wrote`` how many have written;
    ``leads`` and ``erased`` how many people.
    """
    try:
        store = window.store()
        erased = len(store.rows("erased", "all"))
        clients = _clients(store, apart)
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
        "alert": str(alerts[-1]["id"]) if alerts else None,
        "told": max((row["rung"] for row in alerts), default=0),
        "taken": next((row["claimed_by_code"] for row in alerts if row["claimed_by"] is not None), None),
        "wrote": len(_writers(store, client)),
        "leads": len(people.reachable(store, "lead")),
        "erased": erased,
    }


def tell_round(window: Window) -> Json:
    """What has come of the newest plan that goes on, or else of the newest; ``{"plan": None}`` where there is none.

    ``plan`` its row's id, ``state`` that of its newest round that has begun ("" while none has), and how many clients
    were ``sent`` the line, have ``opened`` it or have ``answered``.
    """
    try:
        store = window.store()
        plans = store.rows("plans", "all", most=1)
    except sqlite3.Error:
        return {"plan": None}
    if not plans:
        return {"plan": None}
    told: Json = {"plan": str(plans[0]["id"]), "state": "", "sent": 0, "opened": 0, "answered": 0}
    begun = [row for row in store.rows("rounds", "of_plan", plan_id=plans[0]["id"]) if row["began_at"] is not None]
    if not begun:
        return told
    clients: Counter[str] = Counter()
    for row in store.rows("askings", "counts", round_id=begun[-1]["id"]):
        clients[row["state"]] += row["clients"]
    opened = clients["opened"] + clients["answered"] + clients["declined"]
    return told | {
        "state": begun[-1]["state"],
        "sent": opened + clients["sent"] + clients["blocked"],
        "opened": opened,
        "answered": clients["answered"],
    }


def tell_cash(window: Window, apart: Collection[int] = ()) -> Json:
    """What has come of the newest client's series of transfers that was planned last; ``series`` is None where there is
    none.

    ``code`` the client's, ``series`` the id of its first one, how many were ``planned``, have been ``sent`` and, as
    the client says, ``came``; how many ``lines`` stand in their plan, and how many they ``noted``.
    """
    told: Json = {"code": None, "series": None, "planned": 0, "sent": 0, "came": 0, "lines": 0, "noted": 0}
    try:
        store = window.store()
        clients = _clients(store, apart)
        found = store.rows("transfers", "of_person", person_id=clients[-1]["id"]) if clients else []
    except sqlite3.Error:
        return told
    if not clients:
        return told
    told["code"] = clients[-1]["code"]
    if not found:
        return told
    newest = max(row["series_id"] for row in found)
    series = [row for row in found if row["series_id"] == newest]
    entries = store.rows("entries", "newest", person_id=clients[-1]["id"])
    counts = Counter(row["kind"] for row in entries if row["body"] is not None)
    return told | {
        "series": str(newest),
        "planned": len(series),
        "sent": sum(row["sent_at"] is not None for row in series),
        "came": sum(row["state"] in ("received", "part") for row in series),
        "lines": counts["plan"],
        "noted": counts["spent"],
    }


def _clients(store: Store, apart: Collection[int]) -> list[Row]:
    """The clients, oldest first, but for the chats that stand apart."""
    others = {store.keyring.hash_chat(chat) for chat in apart}
    return [row for row in store.rows("people", "by_role", role="client") if row["chat_hash"] not in others]


def _writers(store: Store, client: Row) -> set[int]:
    """Who has written in the client's talks."""
    talks = store.rows("talks", "open_of", person_id=client["id"])
    return {line["sender_id"] for talk in talks for line in store.rows("lines", "latest", talk_id=talk["id"], most=50)}
