"""How a task changes, apart from where it is stored."""

import uuid
from datetime import date, timedelta
from typing import Any

from app.operations.problems import Unprocessable
from app.tasks.due import Due
from app.tasks.model import NEVER, PRIORITIES, Task
from app.tasks.recurrence import next_date
from app.tasks.schemas import TaskCreate, due_of
from app.tasks.search import search_text
from app.tasks.urgency import Clock

ONE_DAY = timedelta(days=1)


def new_task(owner: str, new: TaskCreate, clock: Clock) -> Task:
    task = Task(
        id=uuid.uuid4(),
        owner=owner,
        title=new.title,
        notes=new.notes,
        priority=PRIORITIES.index(new.priority),
        tags=new.tags,
        repeat=new.repeat,
        done=False,
        version=1,
        search_text=search_text(owner, new.title, new.notes, new.tags),
        created_at=clock.now,
        updated_at=clock.now,
    )
    set_due(task, new.due)
    _start_repeating(task, clock)
    return task


def apply(task: Task, changes: dict[str, Any], clock: Clock) -> None:
    """Sets the fields of a patch. Raises Unprocessable where the result would make no sense."""
    for name in changes.keys() & {"title", "notes", "tags", "repeat"}:
        setattr(task, name, changes[name])
    if "priority" in changes:
        task.priority = PRIORITIES.index(changes["priority"])
    if "due" in changes:
        set_due(task, changes["due"])
        if task.due_date is None and task.repeat and "repeat" not in changes:
            raise Unprocessable("A repeating task needs a due date; clear `repeat` as well.")
    if changes.keys() & {"due", "repeat"}:
        _start_repeating(task, clock)
    if changes.keys() & {"title", "notes", "tags"}:
        task.search_text = search_text(task.owner, task.title, task.notes, task.tags)


def set_due(task: Task, due: Due | None) -> None:
    task.due_date = due.date if due else None
    task.due_time = due.time if due else None
    task.due_zone = due.time_zone if due else None
    task.due_sort = due.sort_key if due else NEVER


def move(task: Task, due: Due) -> None:
    """To another due this one time."""
    if task.repeat:
        task.moved_from = task.moved_from or task.due_date
    set_due(task, due)


def complete(task: Task, clock: Clock) -> Task | None:
    """Marks it done. The repeat moves on to the next task, which is returned."""
    task.done, task.completed_at = True, clock.now
    following = _following(task, clock) if task.repeat else None
    if following:
        task.repeat = task.repeat_from = task.moved_from = None
    return following


def reopen(task: Task) -> None:
    task.done, task.completed_at = False, None


def _start_repeating(task: Task, clock: Clock) -> None:
    """The rule counts from the due; without one it starts at its first day from today on."""
    if task.repeat and task.due_date is None:
        today = clock.wall.date()
        first = next_date(task.repeat, today, today - ONE_DAY)
        if first is None:
            raise Unprocessable("The repeat has ended before today.")
        set_due(task, Due(date=first))
    task.repeat_from = task.due_date if task.repeat else None
    task.moved_from = None


def _following(task: Task, clock: Clock) -> Task | None:
    due = _next_due(task, clock)
    if due is None:
        return None
    following = Task(
        owner=task.owner,
        title=task.title,
        notes=task.notes,
        priority=task.priority,
        tags=list(task.tags),
        repeat=task.repeat,
        repeat_from=task.repeat_from,
        search_text=search_text(task.owner, task.title, task.notes, task.tags),
        created_at=clock.now,
        updated_at=clock.now,
    )
    set_due(following, due)
    return following


def _next_due(task: Task, clock: Clock) -> Due | None:
    """The rule's first day after this time that is not over yet: what was missed is not caught up.

    A time that was moved to an earlier day still stands for its own.
    """
    due = due_of(task)
    if task.repeat is None or due is None:
        return None
    start: date = task.repeat_from or due.date
    day = next_date(task.repeat, start, max(due.date, task.moved_from or due.date))
    while day is not None:
        following = Due(date=day, time=due.time, time_zone=due.time_zone)
        over = following.sort_key < (clock.now if due.time else clock.wall)
        if not over:
            return following
        day = next_date(task.repeat, start, max(day, clock.wall.date() - 2 * ONE_DAY))
    return None
