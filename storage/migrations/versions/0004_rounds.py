"""Rounds: plans, each time one comes round, who is asked in it; programmes' own instruments; when and how often a
client is written to.

The helpers for columns are those of 0001; a revision stays as it was once released, so they are repeated here.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INTEGER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
TEXT = sa.Text()


def number(name: str, *rest: sa.ForeignKey, key: bool = False, null: bool = False, default: int | None = None) -> Any:
    given = None if default is None else sa.text(str(default))
    return sa.Column(name, INTEGER, *rest, primary_key=key, nullable=null, autoincrement=False, server_default=given)


def text(name: str, *, key: bool = False, null: bool = False) -> Any:
    return sa.Column(name, TEXT, primary_key=key, nullable=null)


def table(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def upgrade() -> None:
    op.add_column("people", number("days", default=0))  # a bit for each weekday that is safe; 0: any
    op.add_column("people", number("less", default=0))  # asked to be asked less
    op.add_column("people", text("stage", null=True))
    op.add_column("outbox", number("asking_id", null=True))
    # Looked for at every tick, among very many who are not to be erased.
    going = sa.text("erase_at IS NOT NULL")
    op.create_index("people_to_erase", "people", ["erase_at"], sqlite_where=going, postgresql_where=going)
    # What a programme asks by an instrument of its own, as it was when it was first used.
    table("forms", text("name", key=True), number("version", key=True), text("source"), number("at"))
    table(
        "plans",
        number("id", key=True),
        number("lead_id", null=True),
        text("instrument"),
        number("version"),
        text("audience"),
        text("anchor"),
        text("zone"),
        text("repeat"),
        number("times", null=True),
        number("window_hours"),
        number("last"),
        text("state"),
        number("stamp"),
        number("created_at"),
        number("changed_at"),
        number("changed_by", null=True),
    )
    op.create_index("plans_by_state", "plans", ["state"])
    table(
        "rounds",
        number("id", key=True),
        number("plan_id", sa.ForeignKey("plans.id", ondelete="CASCADE")),
        number("number"),
        number("last"),
        number("starts_at"),
        number("closes_at"),
        text("state"),
        number("reached"),
        number("began_at", null=True),
        number("ended_at", null=True),
        text("told", null=True),
        text("result", null=True),
        sa.UniqueConstraint("plan_id", "number"),
    )
    op.create_index("rounds_due", "rounds", ["state", "starts_at"])
    table(
        "askings",
        number("id", key=True),
        number("round_id", sa.ForeignKey("rounds.id", ondelete="CASCADE")),
        number("person_id", sa.ForeignKey("people.id", ondelete="CASCADE")),
        text("state"),
        text("reason"),
        number("due_at"),
        number("doubts", default=0),
        number("sent_at", null=True),
        number("reminded_at", null=True),
        number("opened_at", null=True),
        number("session_id", null=True),
        number("ended_at", null=True),
        sa.UniqueConstraint("person_id", "round_id"),
    )
    pending = sa.text("state IN ('waiting', 'queued', 'sent') AND ended_at IS NULL")
    op.create_index(
        "askings_pending", "askings", ["round_id", "due_at"], sqlite_where=pending, postgresql_where=pending
    )
    op.create_index("askings_by_round", "askings", ["round_id", "state", "reason", "doubts", "session_id"])


def downgrade() -> None:
    for name in ("askings", "rounds", "plans", "forms"):
        op.drop_table(name)
    op.drop_index("people_to_erase", "people")
    op.drop_column("outbox", "asking_id")
    for column in ("days", "less", "stage"):
        op.drop_column("people", column)
