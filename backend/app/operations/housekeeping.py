"""What has had its time is removed: deleted tasks, the history and old plans after 30 days, kept answers after one.

It runs beside whatever writes, at most once an hour, so that a sleeping database is never woken for it. Not within the
first minute of a server: in the inner loop most live no longer, and the first writes have their connections to open.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from app.db import Base, Database
from app.operations.idempotency import KEPT, KeptAnswer
from app.tasks.model import Change, Task
from app.tools.plan_model import Plan

PAUSE_SECONDS = 3600.0
FIRST_SECONDS = 60.0
LONGEST_SECONDS = 60.0
AT_ONCE = 1000
PURGED_AFTER = timedelta(days=30)
log = structlog.get_logger("todo.housekeeping")


class Housekeeping:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = time.monotonic() - PAUSE_SECONDS + FIRST_SECONDS
        self._running: asyncio.Task[None] | None = None

    def nudge(self) -> None:
        """The database is awake; tidy it if it is time."""
        if time.monotonic() - self._last >= PAUSE_SECONDS and (self._running is None or self._running.done()):
            self._last = time.monotonic()
            self._running = asyncio.create_task(self._tidy())

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _tidy(self) -> None:
        """Until nothing is left, or for a minute: then the next write has it go on, while the database is awake."""
        begun, removed = time.monotonic(), 0
        try:
            async for gone in purge(self._database):
                removed += gone
                if gone and time.monotonic() - begun >= LONGEST_SECONDS:
                    self._last = -math.inf
                    break
        except SQLAlchemyError as error:
            log.warning("housekeeping_failed", reason=str(getattr(error, "orig", error))[:200])
        else:
            log.info("housekeeping", removed=removed)


async def purge(database: Database) -> AsyncIterator[int]:
    """Removes what is past its time, a thousand rows in a transaction; how many rows went in each.

    After each it waits for as long as it took, so that half of the time is left to those who write.
    """
    now = datetime.now(UTC)
    for table, condition in _expired(now):
        primary = table.__mapper__.primary_key
        old = select(*primary).where(condition).limit(AT_ONCE)
        statement = delete(table).where(tuple_(*primary).in_(old)).returning(*primary)
        gone = AT_ONCE
        while gone == AT_ONCE:
            begun = time.monotonic()
            async with database.write() as session:
                gone = len((await session.execute(statement)).all())
            yield gone
            await asyncio.sleep(time.monotonic() - begun if gone else 0)


def _expired(now: datetime) -> tuple[tuple[type[Base], ColumnElement[bool]], ...]:
    return (
        (Task, Task.deleted_at < now - PURGED_AFTER),
        (Change, Change.created_at < now - PURGED_AFTER),
        (KeptAnswer, KeptAnswer.created_at < now - KEPT),
        (Plan, Plan.expires_at < now - PURGED_AFTER),
    )
