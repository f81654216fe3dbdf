"""How many tasks there are of each kind, in one statement."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.tasks.listing import ListQuery, filters
from app.tasks.model import Task
from app.tasks.urgency import Clock, overdue_sql
from app.tools.schemas import Counts


async def count(session: AsyncSession, owner: str, clock: Clock, query: ListQuery) -> tuple[int, Counts]:
    """How many match the query, and what the whole list holds."""
    database = session.get_bind().dialect.name
    alive, today = Task.deleted_at.is_(None), clock.wall.date()
    matching = filters(query, owner, clock, database)
    statement = select(
        _number(and_(*matching)),
        _number(and_(alive, Task.done.is_(False))),
        _number(and_(alive, Task.done.is_(True))),
        _number(and_(alive, overdue_sql(clock))),
        _number(and_(alive, Task.done.is_(False), _on(today))),
    ).where(Task.owner == owner)
    total, open_, done, overdue, due_today = (await session.execute(statement)).one()
    return total, Counts(open=open_, done=done, overdue=overdue, due_today=due_today)


def _number(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _on(day: date) -> Any:
    return Task.due_date == day
