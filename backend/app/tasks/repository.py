"""Every query on tasks. None goes past its owner, so none can see what belongs to somebody else."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Row, Select, exists, func, insert, inspect, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.types import Instant
from app.tasks import listing
from app.tasks.listing import ListQuery, Place
from app.tasks.model import Change, Task, now
from app.tasks.together import update_together
from app.tasks.urgency import Clock

IMPORT = "import"  # the action of a change that made a task out of a file


class TaskRepository:
    """The tasks and changes of one owner."""

    def __init__(self, session: AsyncSession, owner: str) -> None:
        self.session = session
        self.owner = owner

    def _mine(self, statement: Select[Any]) -> Select[Any]:
        return statement.where(Task.owner == self.owner)

    async def get(self, task_id: uuid.UUID) -> Task | None:
        found: Task | None = await self.session.scalar(self._mine(select(Task).where(Task.id == task_id)))
        return found

    async def lock(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Task]:
        """The tasks to change, held until the transaction ends (SQLite holds the whole database anyway)."""
        statement = self._mine(select(Task).where(Task.id.in_(list(ids)))).order_by(Task.number).with_for_update()
        return {task.id: task for task in (await self.session.execute(statement)).scalars()}

    async def page(self, query: ListQuery, clock: Clock, after: Place | None) -> Sequence[Row[Any]]:
        """Rows of a task's columns and the sort key."""
        database = self.session.get_bind().dialect.name
        statement = self._mine(listing.page(query, self.owner, clock, database, after, raw=False))
        rows: Sequence[Row[Any]] = (await self.session.execute(statement)).all()
        return rows

    async def save(self, *tasks: Task) -> None:
        """New ones in one statement, changed ones in another. Raises StaleDataError."""
        changed = [task for task in tasks if inspect(task).persistent]
        if len(changed) > 1:
            await update_together(self.session, changed)
        self.session.add_all(tasks)
        await self.session.flush()

    async def note(self, changes: list[dict[str, Any]]) -> None:
        """Adds to the history, without reading anything back."""
        await self.session.execute(insert(Change), [{"owner": self.owner, **change} for change in changes])

    async def take_back(self, undo_token: str) -> list[Change]:
        """Marks what was done under it as undone, unless it was, and gives it in its order.

        Imports aside, of which there may be too many to hold.
        """
        mine = (Change.owner == self.owner, Change.undo_token == undo_token, Change.action != IMPORT)
        statement = update(Change).where(*mine, Change.undone_at.is_(None)).values(undone_at=now()).returning(Change)
        marked = await self.session.execute(statement.execution_options(synchronize_session=False))
        return sorted(marked.scalars(), key=lambda change: change.number)

    async def last_standing(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
        """The number of the last change of each of these tasks that was not undone."""
        stands = (Change.owner == self.owner, Change.task_id.in_(ids), Change.undone_at.is_(None))
        statement = select(Change.task_id, func.max(Change.number)).where(*stands).group_by(Change.task_id)
        return dict((await self.session.execute(statement)).all())

    async def last_undo_token(self) -> str | None:
        """The newest token that was not used yet."""
        statement = select(Change.undo_token).where(Change.owner == self.owner, Change.undone_at.is_(None))
        return (await self.session.execute(statement.order_by(Change.number.desc()).limit(1))).scalar_one_or_none()

    async def take_back_import(self, undo_token: str) -> tuple[int, int]:
        """Deletes what was imported and is as it was then; how many were imported, and how many are deleted now.

        It is when no change of it stands.
        """
        mine = (Change.owner == self.owner, Change.undo_token == undo_token, Change.action == IMPORT)
        moment = now()
        marked = await self.session.execute(
            update(Change).where(*mine, Change.undone_at.is_(None)).values(undone_at=moment)
        )
        deleted = await self.session.execute(
            update(Task)
            .where(
                Task.owner == self.owner,
                Task.id.in_(select(Change.task_id).where(*mine)),
                ~exists().where(Change.task_id == Task.id, Change.undone_at.is_(None)),
            )
            .values(
                deleted_at=func.coalesce(Task.deleted_at, literal(moment, Instant)),
                updated_at=moment,
                version=Task.version + 1,
            )
            .execution_options(synchronize_session=False)
        )
        return cast(CursorResult[Any], marked).rowcount, cast(CursorResult[Any], deleted).rowcount

    async def some_of(self, undo_token: str, limit: int) -> list[Task]:
        """The first tasks that a token is about."""
        about = select(Change.task_id).where(Change.owner == self.owner, Change.undo_token == undo_token)
        statement = self._mine(select(Task).where(Task.id.in_(about))).order_by(Task.number).limit(limit)
        return list((await self.session.execute(statement)).scalars())
