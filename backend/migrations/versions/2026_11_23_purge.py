"""Find deleted tasks by their age"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261123_purge"
down_revision: str | None = "20261123_chat"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DELETED = sa.text("deleted_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_tasks_purge", "tasks", ["deleted_at"], postgresql_where=DELETED, sqlite_where=DELETED)


def downgrade() -> None:
    op.drop_index("ix_tasks_purge", "tasks")
