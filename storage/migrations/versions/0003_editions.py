"""Editions of the report: what was told, when, and who was counted in it.

The helpers for columns are those of 0001; a revision stays as it was once released, so they are repeated here.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INTEGER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
TEXT = sa.Text()


def number(name: str, *rest: sa.ForeignKey, key: bool = False) -> Any:
    return sa.Column(name, INTEGER, *rest, primary_key=key, nullable=False, autoincrement=False)


def text(name: str) -> Any:
    return sa.Column(name, TEXT, nullable=False)


def table(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def upgrade() -> None:
    table("editions", number("id", key=True), text("instrument"), number("version"), number("at"), text("figures"))
    # What each person counted for in an edition. Erasing a person takes their rows; the figures told stay.
    table(
        "counted",
        number("edition_id", sa.ForeignKey("editions.id", ondelete="CASCADE"), key=True),
        number("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), key=True),
        text("language"),
        text("place"),
        number("said"),
    )
    op.create_index("counted_by_person", "counted", ["person_id"])


def downgrade() -> None:
    for name in ("counted", "editions"):
        op.drop_table(name)
