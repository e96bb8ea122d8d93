"""In the client's own hands: pause, leaving, erasure; what stands in each chat; words to the lead.

The helpers for columns are those of 0001; a revision stays as it was once released, so they are repeated here.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INTEGER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
TEXT = sa.Text()


def number(name: str, *rest: sa.ForeignKey, key: bool = False, null: bool = False, default: int | None = None) -> Any:
    given = None if default is None else sa.text(str(default))
    return sa.Column(name, INTEGER, *rest, primary_key=key, nullable=null, autoincrement=False, server_default=given)


def person(*, key: bool = False) -> Any:
    return number("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), key=key)


def table(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def upgrade() -> None:
    for column in (
        number("first", default=0),  # agreed to be written to first
        number("tidy", default=1),
        number("quiet_until", null=True),
        number("left_at", null=True),
        number("erase_at", null=True),
        sa.Column("place", TEXT, nullable=True),
    ):
        op.add_column("people", column)
    op.execute(
        "UPDATE people SET first = 1 WHERE EXISTS (SELECT 1 FROM consents c WHERE c.person_id = people.id"
        " AND c.purpose = 'first' AND c.granted = 1 AND c.id = (SELECT max(n.id) FROM consents n"
        " WHERE n.person_id = c.person_id AND n.purpose = c.purpose))"
    )
    op.add_column("invitations", sa.Column("place", TEXT, nullable=True))
    # Whom a message is about, so that it can be emptied when they go. No foreign key: it stands there until then.
    op.add_column("slots", number("subject_id", null=True))
    op.create_index("slots_by_subject", "slots", ["subject_id"])
    # Both sides' messages in a chat, as far as they are still there: Telegram deletes only what it is named.
    table("messages", person(key=True), number("message_id", key=True), number("ours"), number("at"))
    op.create_index("messages_by_time", "messages", ["at"])
    table(
        "feedback",
        number("id", key=True),
        person(),
        number("session_id"),
        number("number"),
        number("named"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        number("at"),
        number("read_at", null=True),
        number("read_by", null=True),
        sa.UniqueConstraint("session_id", "number"),
    )
    op.create_index("feedback_by_person", "feedback", ["person_id"])
    op.create_index("feedback_unread", "feedback", ["read_at"])
    # Ids of people who were erased: a restore of older data erases them again. They tell nothing about anybody.
    table("erased", number("person_id", key=True), number("at"))
    # Exports and backups: copies that an erasure cannot reach, and says so.
    table(
        "copies",
        number("id", key=True),
        sa.Column("kind", TEXT, nullable=False),
        number("words"),
        number("at"),
    )


def downgrade() -> None:
    for name in ("copies", "erased", "feedback", "messages"):
        op.drop_table(name)
    op.drop_index("slots_by_subject", "slots")
    for name, columns in {
        "slots": ("subject_id",),
        "invitations": ("place",),
        "people": ("first", "tidy", "quiet_until", "left_at", "erase_at", "place"),
    }.items():
        for column in columns:
            op.drop_column(name, column)
