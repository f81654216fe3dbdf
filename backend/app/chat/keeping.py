"""Storing running turns: one heartbeat for all turns of a replica, and the end of each."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.chat.events import Event, Live
from app.chat.focus import dump_focus
from app.chat.model import Conversation, Turn, TurnEvents, now
from app.chat.running import TurnRunner
from app.db import Database

log = structlog.get_logger()

HEARTBEAT_SECONDS = 1.0
# A server that is to stop lets a turn run on for so many beats, then ends it with its last event.
GRACE_BEATS = 5
# Turns that write at once; more would take every connection from the requests of other people.
WRITERS = 4
# Turns that one transaction keeps: what they said becomes JSON in one go, and nothing else runs meanwhile.
TURNS_AT_ONCE = 20


class Keeper:
    """Keeps in the database what the turns of this replica say, so that any other can go on from there."""

    def __init__(self, database: Database, draining: Callable[[], bool], when_quiet: Callable[[], None]) -> None:
        self.live: dict[uuid.UUID, Live] = {}
        self.writers = asyncio.Semaphore(WRITERS)
        self._database, self._draining, self._when_quiet = database, draining, when_quiet
        self._heart: asyncio.Task[None] | None = None
        self._grace = GRACE_BEATS
        self._closing = asyncio.Event()
        self._beating = asyncio.Lock()

    def watch(self, live: Live) -> None:
        """From now on the turn is kept; the heart beats while there is any."""
        self.live[live.turn_id] = live
        if self._heart is None or self._heart.done():
            self._heart = asyncio.create_task(self._beat())

    def forget(self, live: Live) -> None:
        live.finish()
        self.live.pop(live.turn_id, None)

    async def close(self) -> None:
        """Waits for a beat that is under way: cancelling it would leave a broken connection behind."""
        self._closing.set()
        if self._heart:
            await asyncio.gather(self._heart, return_exceptions=True)

    async def finish(self, runner: TurnRunner, conversation_id: uuid.UUID, values: dict[str, Any]) -> None:
        """Stores the turn and its events in one transaction, then lets the last event out."""
        live = runner.live
        live.ending = True
        done = {"turn_id": str(live.turn_id), "engine": values["engine"], "undo_token": values["undo_token"]}
        last = Event(len(live.events) + 1, "done", {**done, "usage": values["usage"]})
        async with self._beating:
            pass  # A beat that has begun may hold this turn's events, and the next one leaves it alone.
        try:
            async with self.writers, self._database.write() as session:
                kept: Any = await session.execute(update(Turn).where(Turn.id == live.turn_id).values(**values))
                if not kept.rowcount:
                    return  # the conversation was deleted meanwhile
                await session.execute(
                    update(Conversation)
                    .where(Conversation.id == conversation_id)
                    .values(updated_at=now(), focus=dump_focus(runner.focus))
                )
                _store(session, live, [*live.events[live.stored :], last])
        finally:
            live.emit("done", **last.data)

    async def _beat(self) -> None:
        """Once a second, for many turns together: keep what they said, say that they live, hear which should stop."""
        while not await self._closed_within(HEARTBEAT_SECONDS):
            if not self.live:
                self._when_quiet()
                return
            self._grace -= self._draining()
            turns = list(self.live.values())
            for some in (turns[at : at + TURNS_AT_ONCE] for at in range(0, len(turns), TURNS_AT_ONCE)):
                await self._keep_some(some)

    async def _keep_some(self, turns: list[Live]) -> None:
        try:
            async with self._beating:
                turns = [live for live in turns if not live.ending]
                stopped = await self._keep(turns)
        except Exception:
            log.warning("turn_heartbeat_failed", exc_info=True)
            return
        for live in turns:
            if live.turn_id in stopped or self._grace < 0:
                live.cancel()

    async def _closed_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _keep(self, turns: list[Live]) -> set[uuid.UUID]:
        """The turns that should stop: somebody asked for it, their conversation is gone, or they passed for dead."""
        if not turns:
            return set()
        kept = {live.turn_id: len(live.events) for live in turns}
        async with self.writers, self._database.write() as session:
            running = (Turn.id.in_(kept), Turn.state == "running")
            alive = update(Turn).where(*running).values(heartbeat_at=now())
            rows = (await session.execute(alive.returning(Turn.id, Turn.stop_requested))).all()
            found = {row.id for row in rows}
            for live in turns:
                if live.turn_id in found:
                    _store(session, live, live.events[live.stored : kept[live.turn_id]])
        for live in turns:
            if live.turn_id in found:
                live.stored = kept[live.turn_id]
        return {row.id for row in rows if row.stop_requested} | (kept.keys() - found)


def _store(session: AsyncSession, live: Live, events: list[Event]) -> None:
    if events:
        row = TurnEvents(turn_id=live.turn_id, first=events[0].number, events=[event.as_dict() for event in events])
        session.add(row)
