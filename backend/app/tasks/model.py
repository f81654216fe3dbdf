"""The tables of tasks and of what happened to them."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Boolean, Date, Index, SmallInteger, String, Text, Time, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Instant, PortableJSON, RowNumber

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
PRIORITIES = ("none", "low", "medium", "high")
_ALIVE = text("deleted_at IS NULL")
_DELETED = text("deleted_at IS NOT NULL")


def now() -> datetime:
    return datetime.now(UTC)


class Task(Base):
    """One thing to do. `number` orders rows that are equal otherwise; `id` is what the world knows."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_owner_created", "owner", "created_at", "number", postgresql_where=_ALIVE, sqlite_where=_ALIVE),
        Index("ix_tasks_owner_due", "owner", "due_sort", "number", postgresql_where=_ALIVE, sqlite_where=_ALIVE),
        Index("ix_tasks_deleted", "owner", "deleted_at"),
        Index("ix_tasks_purge", "deleted_at", postgresql_where=_DELETED, sqlite_where=_DELETED),
    )

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    # The sentinel lets SQLAlchemy insert a hundred tasks in one statement and still know which row is which.
    id: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, default=uuid.uuid4, insert_sentinel=True)
    owner: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text, default="")
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    tags: Mapped[list[str]] = mapped_column(PortableJSON, default=list)
    due_date: Mapped[date | None] = mapped_column(Date)
    due_time: Mapped[time | None] = mapped_column(Time)
    due_zone: Mapped[str | None] = mapped_column(String(64))
    # When it is due as a moment: the end of the day for a date alone, and NEVER without a due.
    due_sort: Mapped[datetime] = mapped_column(Instant, default=NEVER)
    repeat: Mapped[str | None] = mapped_column(String(300))
    # The date from which the rule counts: "every month on the 31st" survives February.
    repeat_from: Mapped[date | None] = mapped_column(Date)
    # The day of the rhythm that this time stands for, once it was moved to another one.
    moved_from: Mapped[date | None] = mapped_column(Date)
    done: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    search_text: Mapped[str] = mapped_column(Text, default="", deferred=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling


class Change(Base):
    """What one request did to one task: enough to take it back."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_owner_undo_token", "owner", "undo_token"),
        Index("ix_changes_task", "task_id"),
    )

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(64))
    undo_token: Mapped[str] = mapped_column(String(64))
    task_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    action: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any] | None] = mapped_column(PortableJSON)
    version_after: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant, default=now, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
