"""Tasks, their history, their search, and personal API tokens"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db.types import Instant, PortableJSON, RowNumber

revision: str = "20261123_tasks"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ALIVE = sa.text("deleted_at IS NULL")

FTS5 = (
    "CREATE VIRTUAL TABLE tasks_search USING fts5(search_text, content='tasks', content_rowid='number',"
    " tokenize='ascii', detail='none')",
    "CREATE TRIGGER tasks_search_insert AFTER INSERT ON tasks BEGIN"
    " INSERT INTO tasks_search(rowid, search_text) VALUES (new.number, new.search_text); END",
    "CREATE TRIGGER tasks_search_delete AFTER DELETE ON tasks BEGIN"
    " INSERT INTO tasks_search(tasks_search, rowid, search_text) VALUES ('delete', old.number, old.search_text); END",
    "CREATE TRIGGER tasks_search_update AFTER UPDATE OF search_text ON tasks BEGIN"
    " INSERT INTO tasks_search(tasks_search, rowid, search_text) VALUES ('delete', old.number, old.search_text);"
    " INSERT INTO tasks_search(rowid, search_text) VALUES (new.number, new.search_text); END",
)
GIN = "CREATE INDEX ix_tasks_search ON tasks USING gin (array_to_tsvector(string_to_array(search_text, ' ')))"


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("number", RowNumber, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("tags", PortableJSON, nullable=False),
        sa.Column("due_date", sa.Date()),
        sa.Column("due_time", sa.Time()),
        sa.Column("due_zone", sa.String(64)),
        sa.Column("due_sort", Instant(), nullable=False),
        sa.Column("repeat", sa.String(300)),
        sa.Column("repeat_from", sa.Date()),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("completed_at", Instant()),
        sa.Column("deleted_at", Instant()),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tasks")),
        sa.UniqueConstraint("id", name=op.f("uq_tasks_id")),
        sqlite_autoincrement=True,
    )
    for name, column in (("ix_tasks_owner_created", "created_at"), ("ix_tasks_owner_due", "due_sort")):
        columns = ["owner", column, "number"]
        op.create_index(name, "tasks", columns, postgresql_where=ALIVE, sqlite_where=ALIVE)
    op.create_index("ix_tasks_deleted", "tasks", ["owner", "deleted_at"])
    for statement in FTS5 if op.get_bind().dialect.name == "sqlite" else (GIN,):
        op.execute(statement)

    op.create_table(
        "changes",
        sa.Column("number", RowNumber, primary_key=True, autoincrement=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("undo_token", sa.String(64), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("before", PortableJSON),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("undone_at", Instant()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_owner_undo_token", "changes", ["owner", "undo_token"])
    op.create_index("ix_changes_created_at", "changes", ["created_at"])

    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
    )
    op.create_index("ix_api_tokens_owner", "api_tokens", ["owner"])


def downgrade() -> None:
    op.drop_table("api_tokens")
    op.drop_table("changes")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE tasks_search")
    op.drop_table("tasks")
