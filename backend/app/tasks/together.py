"""Many changed tasks in one statement: a session writes what has a version row by row."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Table, bindparam, inspect, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from app.tasks.model import Task
from app.tasks.search import search_text

TABLE = cast(Table, Task.__table__)


async def update_together(session: AsyncSession, tasks: Sequence[Task]) -> None:
    """Stores what has changed of tasks that were read before. Raises StaleDataError when one has changed since."""
    names = sorted({each.key for task in tasks for each in inspect(task).attrs if each.history.has_changes()})
    if not names:
        return
    as_read = (TABLE.c.number == bindparam("its_number"), TABLE.c.version == bindparam("its_version"))
    new = {name: bindparam(f"new_{name}", type_=TABLE.c[name].type) for name in names}
    rows = [_row(task, names) for task in tasks]
    connection = await session.connection()
    statement = update(TABLE).where(*as_read).values(version=TABLE.c.version + 1, **new)
    stored = cast(CursorResult[Any], await connection.execute(statement, rows))
    if stored.rowcount != len(rows):
        raise StaleDataError("a task is no longer as it was read")
    for task in tasks:
        for name, value in {"version": task.version + 1, **{name: getattr(task, name) for name in names}}.items():
            set_committed_value(task, name, value)


def _row(task: Task, names: Sequence[str]) -> dict[str, Any]:
    if "search_text" in inspect(task).unloaded:
        set_committed_value(task, "search_text", search_text(task.owner, task.title, task.notes, task.tags))
    values = {f"new_{name}": getattr(task, name) for name in names}
    return {"its_number": task.number, "its_version": task.version, **values}
