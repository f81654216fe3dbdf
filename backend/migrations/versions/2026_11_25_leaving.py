"""SQLite: a view of all that anybody owns; a row that is deleted from it goes from every table

A migration that makes one of these tables anew has to drop the view before and make it again: SQLite looks through
all views when a table is renamed.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261125_leaving"
down_revision: str | None = "20261123_purge"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("api_tokens", "changes", "conversations", "kept_answers", "plans", "tasks")
VIEW = "CREATE VIEW belongings AS " + " UNION ".join(f"SELECT owner FROM {table}" for table in TABLES)
TRIGGER = (
    "CREATE TRIGGER belongings_delete INSTEAD OF DELETE ON belongings BEGIN"
    + "".join(f" DELETE FROM {table} WHERE owner = old.owner;" for table in TABLES)
    + " END"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(VIEW)
        op.execute(TRIGGER)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP VIEW belongings")
