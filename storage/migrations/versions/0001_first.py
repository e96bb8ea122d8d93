"""The first schema: people and their keys, sessions, what was said, alerts, talks, the outbox.

Column types mean the same in SQLite and PostgreSQL: integer (64 bits; times are epoch seconds), real, text, bytes.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INTEGER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
TEXT = sa.Text()
BYTES = sa.LargeBinary()


def number(name: str, *rest: sa.ForeignKey, key: bool = False, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, INTEGER, *rest, primary_key=key, nullable=null, autoincrement=False)


def text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=null)


def sealed(name: str, *, null: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, BYTES, nullable=null)


def person(name: str = "person_id", *, null: bool = False) -> sa.Column[int]:
    return number(name, sa.ForeignKey("people.id", ondelete="CASCADE"), null=null)


def table(name: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def upgrade() -> None:
    people_and_what_they_said()
    alerts_and_talks()
    traffic()


def people_and_what_they_said() -> None:
    table(
        "people",
        number("id", key=True),
        text("role"),
        text("language", null=True),
        number("adult", null=True),
        number("caseworker_id", null=True),
        text("hours"),
        number("blocked_at", null=True),
        sealed("body"),
        number("created_at"),
        number("expires_at", null=True),
    )
    op.create_index("people_by_role", "people", ["role", "caseworker_id"])
    # The one table that an erasure empties for good and a backup keeps apart: address, code and key.
    table("identities", number("person_id", key=True), text("chat_hash"), text("code"), sealed("key"))
    op.create_index("identities_by_chat", "identities", ["chat_hash"], unique=True)
    op.create_index("identities_by_code", "identities", ["code"], unique=True)
    table(
        "invitations",
        number("id", key=True),
        text("code_hash"),
        text("role"),
        number("caseworker_id", null=True),
        number("created_at"),
        number("expires_at"),
        number("used_at", null=True),
        number("used_by", null=True),
    )
    op.create_index("invitations_by_code", "invitations", ["code_hash"], unique=True)
    table(
        "sessions",
        number("id", key=True),
        person(),
        text("script"),
        text("state"),
        sealed("body"),
        number("started_at"),
        number("touched_at"),
        number("stamp"),
    )
    op.create_index("sessions_by_person", "sessions", ["person_id", "state"])
    table(
        "sittings",
        number("session_id", key=True),
        person(),
        text("instrument"),
        number("version"),
        number("start"),
        number("at"),
    )
    op.create_index("sittings_by_person", "sittings", ["person_id", "instrument"])
    table(
        "responses",
        number("id", key=True),
        person(),
        number("session_id"),
        number("number"),
        text("instrument"),
        number("version"),
        text("language"),
        text("mode"),
        number("assisted_by", null=True),
        text("item"),
        text("status"),
        number("value", null=True),
        sealed("words", null=True),
        number("at"),
        sa.UniqueConstraint("session_id", "number"),
    )
    op.create_index(
        "responses_newest", "responses", ["person_id", "instrument", "version", "item", "id", "status", "value"]
    )
    table(
        "instruments",
        text("name", key=True),
        number("version", key=True),
        text("language", key=True),
        text("structure"),
        text("wording"),
        text("body"),
        number("at"),
    )
    table(
        "consents",
        number("id", key=True),
        person(),
        number("session_id"),
        number("number"),
        text("purpose"),
        number("granted"),
        text("digest"),
        text("language"),
        text("mode"),
        number("at"),
        sa.UniqueConstraint("session_id", "number"),
    )
    op.create_index("consents_newest", "consents", ["person_id", "purpose", "id", "granted"])
    table("texts", text("digest", key=True), text("language"), text("body"))
    table(
        "voices",
        number("id", key=True),
        person(),
        number("message_id"),
        number("seconds"),
        sealed("body"),
        sealed("sound", null=True),
        text("state"),
        number("attempts"),
        number("due_at"),
    )
    op.create_index("voices_waiting", "voices", ["state", "due_at"])
    op.create_index("voices_by_person", "voices", ["person_id"])


def alerts_and_talks() -> None:
    table(
        "alerts",
        number("id", key=True),
        person("client_id"),
        number("session_id"),
        number("number"),
        text("kind"),
        text("level"),
        text("state"),
        number("rung"),
        sealed("body"),
        number("raised_at"),
        number("due_at", null=True),
        number("seen_at", null=True),
        number("seen_by", null=True),
        number("claimed_at", null=True),
        number("claimed_by", null=True),
        number("closed_at", null=True),
        number("closed_by", null=True),
        number("close_asked_at", null=True),
        sa.UniqueConstraint("session_id", "number"),
    )
    op.create_index("alerts_by_client", "alerts", ["client_id", "state"])
    op.create_index("alerts_due", "alerts", ["state", "due_at"])
    table(
        "alert_copies",
        number("alert_id", sa.ForeignKey("alerts.id", ondelete="CASCADE"), key=True),
        number("staff_id", sa.ForeignKey("people.id", ondelete="CASCADE"), key=True),
        text("role"),
        number("at"),
    )
    op.create_index("alert_copies_by_staff", "alert_copies", ["staff_id", "alert_id"])
    table(
        "talks",
        number("id", key=True),
        person("client_id"),
        person("staff_id"),
        number("alert_id", null=True),
        number("opened_at"),
        number("closed_at", null=True),
    )
    op.create_index("talks_by_client", "talks", ["client_id", "staff_id"])
    op.create_index("talks_by_staff", "talks", ["staff_id", "client_id"])
    table(
        "lines",
        number("id", key=True),
        number("talk_id", sa.ForeignKey("talks.id", ondelete="CASCADE")),
        number("sender_id"),
        number("session_id"),
        number("number"),
        sealed("body"),
        number("at"),
        sa.UniqueConstraint("session_id", "number"),
    )
    op.create_index("lines_by_talk", "lines", ["talk_id", "id"])
    table("readings", number("id", key=True), number("staff_id"), person("client_id"), text("what"), number("at"))
    op.create_index("readings_by_client", "readings", ["client_id", "at"])


def traffic() -> None:
    table(
        "slots",
        text("id", key=True),
        person(),
        number("message_id"),
        number("sent_at"),
    )
    op.create_index("slots_by_person", "slots", ["person_id"])
    table(
        "outbox",
        number("id", key=True),
        person(),
        text("slot_id", null=True),
        person("subject_id", null=True),
        text("lane"),
        text("purpose"),
        text("method"),
        sealed("body"),
        text("state"),
        text("reason"),
        number("attempts"),
        number("not_before"),
        number("expires_at", null=True),
        number("created_at"),
    )
    op.create_index("outbox_waiting", "outbox", ["state", "not_before"])
    op.create_index("outbox_by_person", "outbox", ["person_id", "state"])
    op.create_index("outbox_by_subject", "outbox", ["subject_id"])
    table("updates", number("update_id", key=True), number("at"))
    op.create_index("updates_by_time", "updates", ["at"])
    table(
        "letters",
        number("id", key=True),
        number("update_id"),
        text("error"),
        sealed("body"),
        number("at"),
        number("expires_at"),
    )
    table("attempts", number("update_id", key=True), number("count"), number("at"))
    table("marks", text("name", key=True), number("value"))


def downgrade() -> None:
    for name in (
        *("marks", "attempts", "letters", "updates", "outbox", "slots", "readings", "lines", "talks", "alert_copies"),
        *("alerts", "voices", "texts", "consents", "instruments", "responses", "sittings", "sessions", "invitations"),
        *("identities", "people"),
    ):
        op.drop_table(name)
