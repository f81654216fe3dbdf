"""On whose behalf a tool runs. It comes from the cookie or the token; no argument of a tool can change it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database
from app.identity import Identity
from app.tasks.schemas import TaskOut
from app.tasks.service import TaskService
from app.tools.schemas import PlanOut


class Gate(Protocol):
    """Decides which acts the user has to confirm first, and which were not asked for at all."""

    def refuses(self, act: str) -> bool: ...

    def must_confirm(self, act: str, titles: Sequence[str], ids: Sequence[str], already_changed: int) -> bool: ...


@dataclass
class Caller:
    """One turn of a chat, or one call of an MCP client. Everything it changes is undone by one token."""

    identity: Identity
    database: Database
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    secret: str = ""
    undo_token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    gate: Gate | None = None
    conversation_id: uuid.UUID | None = None
    acted_on: int = 0
    changed: bool = False
    plans: dict[str, PlanOut] = field(default_factory=dict)

    def service(self, session: AsyncSession) -> TaskService:
        return TaskService(session, self.identity, zone=self.zone, undo_token=self.undo_token, secret=self.secret)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[TaskService]:
        async with self.database.read() as session:
            yield self.service(session)

    def did(self, tasks: Sequence[TaskOut], service: TaskService) -> None:
        """Counts what is committed by now: tasks that were as wished already leave nothing to undo."""
        self.acted_on += len(tasks)
        self.changed = self.changed or service.changed

    def refusal(self, tool: str, *, reads: bool) -> str | None:
        """Why the tool may not run at all."""
        if reads:
            return None
        if self.identity.scope != "write":
            return "This token may only read."
        if self.gate is not None and self.gate.refuses(tool):
            return "The user did not ask for a change, so nothing was changed."
        return None

    def must_confirm(self, act: str, tasks: Sequence[TaskOut], titles: Sequence[str] = ()) -> bool:
        names = [*titles, *(task.title for task in tasks)]
        return self.gate is not None and self.gate.must_confirm(
            act, names, [str(task.id) for task in tasks], self.acted_on
        )


_CALLER: ContextVar[Caller] = ContextVar("caller")


def current_caller() -> Caller:
    """The caller of the running tool."""
    return _CALLER.get()


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Tools that run inside this block run for `caller`."""
    token = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(token)
