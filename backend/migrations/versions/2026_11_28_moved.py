"""A repeating task that was moved knows which day of its rhythm it stands for"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261128_moved"
down_revision: str | None = "20261126_changes_by_task"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("moved_from", sa.Date()))


def downgrade() -> None:
    op.drop_column("tasks", "moved_from")
