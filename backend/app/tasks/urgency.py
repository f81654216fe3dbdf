"""How pressing a task is: a sum of steps, each with its reason, and the same sum in SQL for sorting."""

from collections.abc import Callable
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

    @cached_property
    def long_ago(self) -> datetime:
        return self.now - OLD[0]

    @cached_property
    def marks(self) -> "Marks":
        return Marks.of(self)


Steps = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Marks:
    """The moments before which a due or a creation counts, in whatever the moments of the tasks are given in."""

    timed: tuple[tuple[Any, tuple[float, str]], ...]
    by_day: tuple[tuple[Any, tuple[float, str]], ...]
    long_ago: Any

    @classmethod
    def of(cls, clock: Clock, unit: Callable[[datetime], Any] = lambda moment: moment) -> "Marks":
        def after(reference: datetime) -> tuple[tuple[Any, tuple[float, str]], ...]:
            return tuple((unit(reference + later), (score, why)) for later, score, why in DUE)

        return cls(after(clock.now), after(clock.wall), unit(clock.long_ago))


def steps(priority: int, due: Any, timed: bool, created_at: Any, marks: Marks, *, live: bool) -> Steps:
    """What makes a task pressing. `due` is its sort key, `timed` if it has a time, `live` if not done or deleted."""
    if not live:
        return ()
    found: Steps = (PRIORITY[priority],) if priority else ()
    if due is not None:
        found += (next((step for mark, step in (marks.timed if timed else marks.by_day) if due < mark), LATER),)
    return (*found, OLD[1:]) if created_at < marks.long_ago else found


def score(found: Steps) -> float:
    return sum((n for n, _ in found), 0.0)


def urgency(task: Any, clock: Clock) -> Urgency:
    """The same, given a task's columns as attributes."""
    found = steps(
        task.priority,
        task.due_sort if task.due_date is not None else None,
        task.due_time is not None,
        task.created_at,
        clock.marks,
        live=not task.done and task.deleted_at is None,
    )
    return Urgency.model_construct(score=score(found), reasons=[why for _, why in found])


def urgency_sql(clock: Clock) -> ColumnElement[float]:
    """The score of `urgency` as an expression."""

    def due_steps(reference: datetime) -> ColumnElement[float]:
        return case(*((Task.due_sort < reference + after, n) for after, n, _ in DUE), else_=LATER[0])

    due = case(
        (Task.due_sort == NEVER, 0.0), (Task.due_time.is_(None), due_steps(clock.wall)), else_=due_steps(clock.now)
    )
    priority = case(*((Task.priority == level, n) for level, (n, _) in PRIORITY.items()), else_=0.0)
    old = case((Task.created_at < clock.long_ago, OLD[1]), else_=0.0)
    live = Task.done.is_(False) & Task.deleted_at.is_(None)
    return case((live, priority + due + old), else_=literal(0.0, Float))


def overdue_sql(clock: Clock) -> ColumnElement[bool]:
    """Whether a task should have been done already."""
    late = case((Task.due_time.is_(None), Task.due_sort < clock.wall), else_=Task.due_sort < clock.now)
    return Task.done.is_(False) & late
