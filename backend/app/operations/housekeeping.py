"""What has had its time is removed: deleted tasks and the history after 30 days, kept answers after one.

It runs beside a request that writes, at most once an hour, so that a sleeping database is never woken for it.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from app.db.engine import Database
from app.operations.idempotency import KEPT, KeptAnswer
from app.tasks.model import Change, Task

PAUSE_SECONDS = 3600.0
AT_ONCE = 1000
PURGED_AFTER = timedelta(days=30)
log = structlog.get_logger("todo.housekeeping")


class Housekeeping:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = time.monotonic() - PAUSE_SECONDS
        self._running: asyncio.Task[None] | None = None

    def nudge(self) -> None:
        """The database is awake; tidy it if it is time."""
        if time.monotonic() - self._last >= PAUSE_SECONDS:
            self._last = time.monotonic()
            self._running = asyncio.create_task(self._tidy())

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _tidy(self) -> None:
        try:
            removed = await purge(self._database)
        except SQLAlchemyError as error:
            log.warning("housekeeping_failed", reason=str(getattr(error, "orig", error))[:200])
        else:
            log.info("housekeeping", removed=removed)


async def purge(database: Database) -> int:
    """Removes what is past its time, a thousand rows of each kind at most; how many rows went."""
    now = datetime.now(UTC)
    async with database.write() as session:
        removed = 0
        for table, condition in _expired(now):
            key = tuple_(*table.__mapper__.primary_key)
            old = select(*table.__mapper__.primary_key).where(condition).limit(AT_ONCE)
            gone = delete(table).where(key.in_(old)).returning(*table.__mapper__.primary_key)
            removed += len((await session.execute(gone)).all())
    return removed


def _expired(now: datetime) -> tuple[tuple[type[Task | Change | KeptAnswer], ColumnElement[bool]], ...]:
    return (
        (Task, Task.deleted_at < now - PURGED_AFTER),
        (Change, Change.created_at < now - PURGED_AFTER),
        (KeptAnswer, KeptAnswer.created_at < now - KEPT),
    )
