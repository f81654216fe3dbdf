"""How pressing a task is: a sum of steps, each with its reason, and the same sum in SQL for sorting."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Float, case, literal

from app.tasks.model import NEVER, Task

PRIORITY = {3: (6.0, "high priority"), 2: (4.0, "medium priority"), 1: (2.0, "low priority")}
# The first step whose moment is later than the due counts.
DUE = (
    (timedelta(days=-7), 12.0, "overdue by more than a week"),
    (timedelta(0), 10.0, "overdue"),
    (timedelta(days=1), 8.0, "due within a day"),
    (timedelta(days=3), 5.0, "due within three days"),
    (timedelta(days=7), 3.0, "due within a week"),
)
LATER = (1.0, "has a due date")
OLD = (timedelta(days=30), 1.0, "waiting for more than a month")


class Urgency(BaseModel):
    score: float = Field(description="0 for what is done; more is more pressing", examples=[14.0])
    reasons: list[str] = Field(examples=[["high priority", "due within a day"]])


@dataclass(frozen=True)
class Clock:
    """Now, and what the caller's wall clock shows: that decides on dates that have no time."""

    now: datetime
    zone: ZoneInfo

    @classmethod
    def at(cls, zone: ZoneInfo) -> "Clock":
        return cls(datetime.now(UTC), zone)

    @cached_property
    def wall(self) -> datetime:
        """The local date and time, written as if it were UTC, as dates without a time are stored."""
        return self.now.astimezone(self.zone).replace(tzinfo=UTC)


def steps(task: Any, clock: Clock) -> list[tuple[float, str]]:
    """What makes a task pressing, given its columns as attributes."""
    if task.done or task.deleted_at is not None:
        return []
    found = [PRIORITY[task.priority]] if task.priority else []
    if task.due_date is not None:
        reference = clock.now if task.due_time is not None else clock.wall
        for after, score, why in DUE:
            if task.due_sort < reference + after:
                found.append((score, why))
                break
        else:
            found.append(LATER)
    if task.created_at < clock.now - OLD[0]:
        found.append(OLD[1:])
    return found


def urgency(task: Any, clock: Clock) -> Urgency:
    found = steps(task, clock)
    return Urgency.model_construct(score=sum((n for n, _ in found), 0.0), reasons=[why for _, why in found])


def urgency_sql(clock: Clock) -> ColumnElement[float]:
    """The score of `urgency` as an expression."""

    def due_steps(reference: datetime) -> ColumnElement[float]:
        return case(*((Task.due_sort < reference + after, n) for after, n, _ in DUE), else_=LATER[0])

    due = case(
        (Task.due_sort == NEVER, 0.0), (Task.due_time.is_(None), due_steps(clock.wall)), else_=due_steps(clock.now)
    )
    priority = case(*((Task.priority == level, n) for level, (n, _) in PRIORITY.items()), else_=0.0)
    old = case((Task.created_at < clock.now - OLD[0], OLD[1]), else_=0.0)
    live = Task.done.is_(False) & Task.deleted_at.is_(None)
    return case((live, priority + due + old), else_=literal(0.0, Float))


def overdue_sql(clock: Clock) -> ColumnElement[bool]:
    """Whether a task should have been done already."""
    late = case((Task.due_time.is_(None), Task.due_sort < clock.wall), else_=Task.due_sort < clock.now)
    return Task.done.is_(False) & late
