"""What can be done with tasks. Routes, MCP tools and the chat all go through here."""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.identity import Identity
from app.operations.problems import Conflict, NotFound, PreconditionFailed
from app.tasks.due import Due
from app.tasks.editing import apply, complete, move, new_task, reopen
from app.tasks.history import History, Step, snapshot
from app.tasks.listing import ListQuery
from app.tasks.model import Task
from app.tasks.paging import begin, cut
from app.tasks.repository import TaskRepository
from app.tasks.schemas import TaskCompleted, TaskCreate, TaskOut, TaskPage, TaskPatch
from app.tasks.urgency import Clock

Tasks = list[TaskOut]  # inside the class, `list` is the method
UTC_ZONE = ZoneInfo("UTC")


class TaskService:
    """The tasks of one identity in one unit of work: nothing is committed here.

    Every change is recorded under `undo_token`; services that share a token are undone together.
    """

    def __init__(
        self,
        session: AsyncSession,
        identity: Identity,
        *,
        zone: ZoneInfo = UTC_ZONE,
        undo_token: str | None = None,
        secret: str = "",
    ) -> None:
        self.clock = Clock.at(zone)
        self._tasks = TaskRepository(session, identity.owner)
        self._history = History(self._tasks, undo_token)
        self._owner = identity.owner
        self._secret = secret
        self._held: dict[uuid.UUID, Task] = {}
        self._steps: list[Step] | None = None

    @property
    def undo_token(self) -> str:
        return self._history.token

    @property
    def changed(self) -> bool:
        """Whether there is anything to undo."""
        return self._history.changed

    @asynccontextmanager
    async def together(self, ids: Sequence[uuid.UUID]) -> AsyncIterator[None]:
        """Reads these tasks in one question, and stores what is done to them in this block as one at its end."""
        self._held, self._steps = await self._tasks.lock(ids), []
        yield
        steps, self._steps = self._steps, None
        await self._history.record(steps)

    def draft(self, new: TaskCreate) -> Task:
        """A task for `store`; `show` tells its answer before it is stored. Raises Unprocessable."""
        return new_task(self._owner, new, self.clock)

    def show(self, task: Task) -> TaskOut:
        return TaskOut.of(task, self.clock)

    async def store(self, drafts: Sequence[Task]) -> None:
        """All of them in two statements."""
        await self._history.record([("create", task, None) for task in drafts])

    async def get(self, task_id: uuid.UUID) -> TaskOut:
        """Raises NotFound, also for somebody else's task. A deleted task can be read until it is purged."""
        task = self._held.get(task_id) or await self._tasks.get(task_id)
        if task is None:
            raise NotFound("There is no such task.")
        return self.show(task)

    async def list(self, query: ListQuery) -> TaskPage:
        """Raises Unprocessable on a cursor that does not fit."""
        clock, after = begin(query, self.clock, self._secret)
        rows, cursor = cut([*await self._tasks.page(query, clock, after)], query, clock, self._secret)
        return TaskPage.model_construct(items=[TaskOut.of(row, clock) for row in rows], next_cursor=cursor)

    async def update(self, task_id: uuid.UUID, patch: TaskPatch, *, if_match: int | None = None) -> TaskOut:
        """Raises NotFound, and PreconditionFailed with the current state when `if_match` is not its version."""
        task, before = await self._open(task_id, if_match)
        changes = patch.changes()
        done = changes.pop("done", task.done)
        apply(task, changes, self.clock)
        following = complete(task, self.clock) if done and not task.done else None
        if task.done and not done:
            reopen(task)
        await self._record("update", task, before, following)
        return self.show(task)

    async def complete(self, task_id: uuid.UUID) -> TaskCompleted:
        """Done, and the next one made when it repeats. Completing twice changes nothing."""
        task, before = await self._open(task_id)
        following = None
        if not task.done:
            following = complete(task, self.clock)
            await self._record("complete", task, before, following)
        out = TaskCompleted.of(task, self.clock)
        out.next = self.show(following) if following else None
        return out

    async def reopen(self, task_id: uuid.UUID) -> TaskOut:
        task, before = await self._open(task_id)
        if task.done:
            reopen(task)
            await self._record("reopen", task, before)
        return self.show(task)

    async def reschedule(self, task_id: uuid.UUID, due: Due) -> TaskOut:
        """Moves this one time and keeps the rhythm of a repeat."""
        task, before = await self._open(task_id)
        move(task, due)
        await self._record("reschedule", task, before)
        return self.show(task)

    async def delete(self, task_id: uuid.UUID) -> TaskOut:
        """Out of sight at once, purged after 30 days."""
        task, before = await self._open(task_id)
        task.deleted_at = self.clock.now
        await self._record("delete", task, before)
        return self.show(task)

    async def restore(self, task_id: uuid.UUID) -> TaskOut:
        """Raises Conflict for a task that is not deleted."""
        task, before = await self._open(task_id, deleted=True)
        task.deleted_at = None
        await self._record("restore", task, before)
        return self.show(task)

    async def undo(self, token: str) -> Tasks:
        """Takes back all that happened under the token. Raises NotFound, and Conflict when it is too late."""
        return [self.show(task) for task in await self._history.undo(token)]

    async def last_undo_token(self) -> str | None:
        """What "undo that" means."""
        return await self._tasks.last_undo_token()

    async def _open(
        self, task_id: uuid.UUID, if_match: int | None = None, *, deleted: bool = False
    ) -> tuple[Task, dict[str, Any]]:
        """The task to change, and how it was."""
        task = self._held.get(task_id) or (await self._tasks.lock([task_id])).get(task_id)
        if task is None or (task.deleted_at is not None and not deleted):
            raise NotFound("There is no such task.")
        if deleted and task.deleted_at is None:
            raise Conflict("The task is not deleted.")
        if if_match is not None and if_match != task.version:
            current = self.show(task).model_dump(mode="json")
            raise PreconditionFailed(f"The task is at version {task.version}, not {if_match}.", current=current)
        return task, snapshot(task)

    async def _record(self, action: str, task: Task, before: dict[str, Any], following: Task | None = None) -> None:
        task.updated_at = self.clock.now
        steps: list[Step] = [(action, task, before)]
        if following:
            steps.append(("create", following, None))
        if self._steps is None:
            await self._history.record(steps)
        else:
            self._steps += steps
