"""SQLite: who is put into the view `leavers` is removed from every table that has an owner

A migration that makes one of these tables anew has to drop the view before and make it again: SQLite looks through
all triggers when a table is renamed.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261125_leaving"
down_revision: str | None = "20261123_purge"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("api_tokens", "changes", "conversations", "kept_answers", "plans", "tasks")
VIEW = "CREATE VIEW leavers AS SELECT '' AS owner WHERE false"
TRIGGER = (
    "CREATE TRIGGER leavers_insert INSTEAD OF INSERT ON leavers BEGIN"
    + "".join(f" DELETE FROM {table} WHERE owner = new.owner;" for table in TABLES)
    + " END"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(VIEW)
        op.execute(TRIGGER)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP VIEW leavers")
