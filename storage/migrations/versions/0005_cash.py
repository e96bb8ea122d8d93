"""Cash that is theirs: transfers and what became of them, a client's own plan and notes, and askings that follow a
transfer instead of a round.

The helpers for columns are those of 0001; a revision stays as it was once released, so they are repeated here.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INTEGER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
TEXT = sa.Text()
BYTES = sa.LargeBinary()

PENDING = "state IN ('waiting', 'queued', 'sent') AND ended_at IS NULL"


def number(name: str, *rest: sa.ForeignKey, key: bool = False, null: bool = False, default: int | None = None) -> Any:
    given = None if default is None else sa.text(str(default))
    return sa.Column(name, INTEGER, *rest, primary_key=key, nullable=null, autoincrement=False, server_default=given)


def text(name: str, *, key: bool = False, null: bool = False) -> Any:
    return sa.Column(name, TEXT, primary_key=key, nullable=null)


def sealed(name: str, *, null: bool = False) -> Any:
    return sa.Column(name, BYTES, nullable=null)


def table(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def whose(*, null: bool = False) -> Any:
    """Whose row it is. A transfer outlives the one who got it (`null`), and then says no more of anybody."""
    return number("person_id", sa.ForeignKey("people.id", ondelete="SET NULL" if null else "CASCADE"), null=null)


def upgrade() -> None:
    op.add_column("people", number("native", default=0))  # money in the digits of their language
    # Days are local ones, as 2026-12-31; amounts are in minor units of their currency.
    table(
        "transfers",
        number("id", key=True),
        whose(null=True),
        number("series_id"),  # the id of its first one
        number("number", null=True),  # which of its series; null: a gift beside it
        number("total", null=True),
        number("amount"),
        text("currency"),
        number("first_amount"),  # as it was planned at first
        text("first_currency"),
        text("country", null=True),
        text("planned_for"),
        text("delay", null=True),  # why it was put off
        text("state"),  # planned, sent, received, part, notyet, cancelled
        text("shown"),  # the same as staff may know it: planned, sent, received, cancelled
        text("sent_on", null=True),
        number("sent_at", null=True),
        number("answered_at", null=True),
        number("seen_at", null=True),  # when its client last looked at it
        number("planned_by", null=True),
        number("marked_by", null=True),
        number("handed_by", null=True),
        text("handed_how", null=True),
        number("created_at"),
        number("changed_at"),
    )
    op.create_index("transfers_by_person", "transfers", ["person_id", "id"])
    op.create_index("transfers_by_state", "transfers", ["state", "planned_for"])
    table(
        "transfer_steps",
        number("id", key=True),
        number("transfer_id", sa.ForeignKey("transfers.id", ondelete="CASCADE")),
        number("by_id", null=True),  # null: the command line
        text("step"),
        sealed("body", null=True),  # what the client said of it, under their key
        number("at"),
    )
    op.create_index("transfer_steps_by_transfer", "transfer_steps", ["transfer_id", "id"])
    # What a client plans, notes and says of their own money. A row is never changed: the newest of its line counts.
    table(
        "entries",
        number("id", key=True),
        number("line_id"),  # the id of its first row
        whose(),
        text("kind"),  # plan, spent, outcome
        sealed("body", null=True),  # null: taken away
        number("session_id"),
        number("number"),
        text("language"),
        text("mode"),
        number("assisted_by", null=True),
        number("at"),
        sa.UniqueConstraint("session_id", "number"),
    )
    op.create_index("entries_by_line", "entries", ["person_id", "line_id", "id"])
    changes = sa.text("id <> line_id")  # what comes after the first row of a line
    op.create_index("entries_changed", "entries", ["at"], sqlite_where=changes, postgresql_where=changes)
    # In which order people first came to something, so that figures can tell of them in tens; an erased one leaves
    # their place empty, and the others where they were.
    table("places", text("purpose", key=True), number("number", key=True), whose(null=True))
    op.create_index("places_by_person", "places", ["person_id"])
    _askings(
        number("round_id", sa.ForeignKey("rounds.id", ondelete="CASCADE"), null=True),
        number("transfer_id", sa.ForeignKey("transfers.id", ondelete="CASCADE"), null=True),
        sa.UniqueConstraint("person_id", "transfer_id"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM askings WHERE round_id IS NULL")
    _askings(number("round_id", sa.ForeignKey("rounds.id", ondelete="CASCADE")))
    for name in ("places", "entries", "transfer_steps", "transfers"):
        op.drop_table(name)
    op.drop_column("people", "native")


def _askings(*what: Any) -> None:
    """Make the table of askings anew, with other columns that say what asks."""
    for index in ("askings_pending", "askings_by_round"):
        op.drop_index(index, "askings")
    op.rename_table("askings", "askings_before")
    table(
        "askings",
        number("id", key=True),
        *what,
        whose(),
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
    kept = (
        "id, round_id, person_id, state, reason, due_at, doubts, sent_at, reminded_at, opened_at, session_id, ended_at"
    )
    op.execute(f"INSERT INTO askings ({kept}) SELECT {kept} FROM askings_before")  # noqa: S608 - our own names
    op.drop_table("askings_before")
    pending = sa.text(PENDING)
    op.create_index(
        "askings_pending", "askings", ["round_id", "due_at"], sqlite_where=pending, postgresql_where=pending
    )
    op.create_index("askings_by_round", "askings", ["round_id", "state", "reason", "doubts", "session_id"])
