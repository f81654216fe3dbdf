"""Storing running turns: one heartbeat for all turns of a replica, and the end of each."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolIsEmpty

from app.chat.events import Event, Live
from app.chat.model import Turn, now
from app.chat.running import TurnRunner
from app.chat.storing import row, store, store_end
from app.db import Database
from app.operations.errors import from_database, unavailable
from app.operations.problems import Unavailable

log = structlog.get_logger()

HEARTBEAT_SECONDS = 1.0
# A server that is to stop lets a turn run on for so many beats, then ends it with its last event.
GRACE_BEATS = 5
# Turns that write at once; more would take every connection from the requests of other people.
WRITERS = 4
# Turns that one transaction keeps: what they said becomes JSON in one go, and nothing else runs meanwhile.
TURNS_AT_ONCE = 20
# How a turn that ended is stored while the database is away: tried from time to time, said to whoever waits for its
# last event, and given up at last. All in seconds.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
SAID_AFTER = 3.0
GIVEN_UP_AFTER = 600.0
BUSY = "The database has no connection left."


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
        """Stores the turn and its events in one transaction, then lets the last event out.

        While the database is away it is tried again, and whoever listens hears the last event before it is stored.
        """
        live = runner.live
        live.ending = True
        done = {"turn_id": str(live.turn_id), "engine": values["engine"], "undo_token": values["undo_token"]}
        done["usage"] = values["usage"]
        async with self._beating:
            pass  # A beat that has begun may hold this turn's events, and the next one leaves it alone.
        begun, pause = time.monotonic(), FIRST_PAUSE
        try:
            while reason := await self._reason_not_to_store(runner, conversation_id, values, done):
                waited = time.monotonic() - begun
                if waited >= SAID_AFTER and not live.finished:
                    runner.notice("not_stored_yet", f"{reason} What was done is done; this answer is stored later.")
                    live.emit("done", **done)
                    live.finish()
                if waited >= GIVEN_UP_AFTER or (live.finished and self._draining()):
                    log.error("turn_not_stored", turn=str(live.turn_id), reason=reason)
                    return
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            if not live.finished:
                live.emit("done", **done)

    async def _reason_not_to_store(
        self, runner: TurnRunner, conversation_id: uuid.UUID, values: dict[str, Any], done: dict[str, Any]
    ) -> str:
        """Stores the end of a turn; nothing, or why the database could not do that now."""
        live = runner.live
        events = live.events[live.stored :]
        if not live.finished:
            events.append(Event(len(live.events) + 1, "done", done))
        try:
            async with self.writers, self._database.write() as session:
                await store_end(session, runner, conversation_id, values, events)
        except (DBAPIError, PoolIsEmpty) as error:
            problem = from_database(error) if isinstance(error, DBAPIError) else unavailable(BUSY)
            if not isinstance(problem, Unavailable):
                raise
            log.warning("turn_not_stored_yet", turn=str(live.turn_id), detail=problem.detail)
            return problem.detail
        return ""

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
            found = {turn.id for turn in rows}
            fresh = {live.turn_id: live.events[live.stored : kept[live.turn_id]] for live in turns}
            await store(session, [row(turn, events) for turn, events in fresh.items() if events and turn in found])
        for live in turns:
            if live.turn_id in found:
                live.stored = kept[live.turn_id]
        return {turn.id for turn in rows if turn.stop_requested} | (kept.keys() - found)
