"""Whether requests should come here. It is asked every few seconds, so it must not wake a sleeping database.

The database is looked at once after the start. From then on the answer stands until a request of a user meets a
database that is away: then it is looked at again, at most every two seconds, until it is back.
"""

import asyncio
import time
from typing import Literal

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.db.engine import Database
from app.db.revision import revisions

RECHECK_SECONDS = 2.0
PATIENCE_SECONDS = 1.5  # a probe waits no longer
State = Literal["ready", "draining", "database_unreachable", "database_not_migrated"]


class Readiness:
    def __init__(self, database: Database) -> None:
        self.draining = False
        self._database = database
        self._head, self._known = revisions()
        self._state: State | None = None
        self._checked = 0.0

    async def state(self) -> State:
        if self.draining:
            return "draining"
        stale = time.monotonic() - self._checked > RECHECK_SECONDS
        if self._state is None or (self._state != "ready" and stale):
            self._state = await self._look()
            self._checked = time.monotonic()
        return self._state

    def doubt(self) -> None:
        """A request could not use the database."""
        if self._state == "ready":
            self._state = None

    async def _look(self) -> State:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._database.read() as session:
                revision = (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()
        except (SQLAlchemyError, OSError) as error:
            missing = any(sign in str(error) for sign in ("no such table", "does not exist"))
            return "database_not_migrated" if missing else "database_unreachable"
        # A revision that this code does not know is newer: during a roll-out the old code goes on serving.
        return "ready" if revision == self._head or revision not in self._known else "database_not_migrated"
