"""Find what was done to a task"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261126_changes_by_task"
down_revision: str | None = "20261125_leaving"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_changes_task", "changes", ["task_id"])


def downgrade() -> None:
    op.drop_index("ix_changes_task", "changes")
