"""A turn as it happens: events that readers on this replica follow, from the first or from wherever they stopped."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

EventName = Literal["start", "text", "tool_call", "tool_result", "plan", "notice", "error", "done"]


@dataclass(frozen=True, slots=True)
class Event:
    """`number` counts from 1 and is the SSE id."""

    number: int
    name: EventName
    data: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "data": self.data}


class Live:
    """The events of one running turn. One writer, any number of readers."""

    def __init__(self, turn_id: uuid.UUID, owner: str) -> None:
        self.turn_id, self.owner = turn_id, owner
        self.events: list[Event] = []
        self.finished = False
        self.ending = False  # it is being stored, and can no longer be stopped
        self.stored = 0  # how many are in the database
        self.task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    def emit(self, name: EventName, /, **data: Any) -> None:
        self.events.append(Event(len(self.events) + 1, name, data))
        self._wake()

    def cancel(self) -> None:
        """Stops the turn where it is."""
        if self.task and not self.ending:
            self.task.cancel()

    def finish(self) -> None:
        self.finished = True
        self._wake()

    async def follow(self, after: int = 0) -> AsyncIterator[Event]:
        """Events past number `after`, until the turn ends."""
        while True:
            while after < len(self.events):
                yield self.events[after]
                after += 1
            if self.finished:
                return
            await self._news.wait()

    def _wake(self) -> None:
        # Whoever waits holds the old event; the next wait is for the next news.
        self._news.set()
        self._news = asyncio.Event()
