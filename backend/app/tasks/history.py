"""Every change of a task is kept, so that what one request did can be taken back as a whole."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from app.operations.problems import Conflict, NotFound
from app.tasks.model import Task, now
from app.tasks.search import search_text

if TYPE_CHECKING:
    from app.tasks.repository import TaskRepository

MOST_SHOWN = 100
Step = tuple[str, Task, dict[str, Any] | None]  # what was done, to which task, how it was before

_READ: dict[str, Any] = {
    "due_date": date.fromisoformat,
    "due_time": time.fromisoformat,
    "repeat_from": date.fromisoformat,
    "moved_from": date.fromisoformat,
    "due_sort": datetime.fromisoformat,
    "completed_at": datetime.fromisoformat,
    "deleted_at": datetime.fromisoformat,
}
_FIELDS = ("title", "notes", "priority", "tags", "due_zone", "repeat", "done", *_READ)


def snapshot(task: Task) -> dict[str, Any]:
    """All that a change may alter, as JSON."""
    values = {name: getattr(task, name) for name in _FIELDS}
    return {name: v.isoformat() if isinstance(v, date | time) else v for name, v in values.items()}


def new_undo_token() -> str:
    """What a request may be taken back with."""
    return secrets.token_urlsafe(18)


class History:
    """The changes of one unit of work, under one undo token."""

    def __init__(self, tasks: "TaskRepository", token: str | None = None) -> None:
        self.token = token or new_undo_token()
        self.changed = False
        self._tasks = tasks

    async def record(self, steps: Sequence[Step]) -> None:
        """Stores the tasks and what was done to them."""
        if not steps:
            return
        for _, task, _ in steps:
            task.id = task.id or uuid.uuid4()
        await self._tasks.save(*(task for _, task, _ in steps))
        await self._tasks.note(
            [
                {
                    "undo_token": self.token,
                    "task_id": task.id,
                    "action": action,
                    "before": before,
                    "version_after": task.version,
                }
                for action, task, before in steps
            ]
        )
        self.changed = True

    async def undo(self, token: str) -> list[Task]:
        """Puts every task of the token back to how it was before. A created one is deleted. Of an import, some.

        Raises NotFound, and Conflict when it was undone already or a task has changed since: later changes come first.
        """
        changes = await self._tasks.take_back(token)
        if not changes:
            return await self._undo_import(token)
        tasks = await self._tasks.lock({change.task_id for change in changes})
        standing = await self._tasks.last_standing(tasks.keys())
        for change in {change.task_id: change for change in changes}.values():  # the last change of each task
            task = tasks.get(change.task_id)
            if task is None:
                raise Conflict("It cannot be undone any more: a task has been removed for good.")
            if standing.get(task.id, 0) > change.number:
                raise Conflict(f"It cannot be undone any more: “{task.title}” has been changed since.")
        for change in reversed(changes):
            _put_back(tasks[change.task_id], change.before)
        await self._tasks.save(*tasks.values())
        return list(tasks.values())

    async def _undo_import(self, token: str) -> list[Task]:
        """The first of the tasks, which may be very many."""
        imported, deleted = await self._tasks.take_back_import(token)
        some = await self._tasks.some_of(token, MOST_SHOWN)
        if not imported:
            raise (
                Conflict("This was undone already.") if some else NotFound("There is nothing to undo under this token.")
            )
        if imported != deleted:
            raise Conflict("It cannot be undone any more: some of the imported tasks have been changed since.")
        return some


def _put_back(task: Task, before: dict[str, Any] | None) -> None:
    task.updated_at = now()
    if before is None:
        task.deleted_at = task.updated_at
        return

    for name in _FIELDS:
        value = before.get(name)  # a change of before an upgrade knows nothing of a new field
        setattr(task, name, _READ[name](value) if name in _READ and value is not None else value)
    task.search_text = search_text(task.owner, task.title, task.notes, task.tags)
