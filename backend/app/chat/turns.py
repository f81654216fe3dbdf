"""Turns of all conversations on this replica: begun, followed, resumed and stopped."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.chat.events import Event, Live
from app.chat.focus import dump_focus, load_focus
from app.chat.history import trimmed
from app.chat.model import Conversation, Turn, TurnEvents, now
from app.chat.pending import answer_to_plan
from app.chat.prompt import PROMPT_VERSION
from app.chat.repository import RECENT_TURNS, SILENCE, ChatRepository
from app.chat.running import TurnRunner
from app.chat.schemas import ChatRequest
from app.db import Database
from app.engines.protocol import Briefing, ChatEngine, Focus
from app.identity import Identity
from app.operations.problems import Conflict, NotFound, Unprocessable
from app.tools.caller import Caller
from app.tools.calls import ToolBox

log = structlog.get_logger()

DEADLINE_SECONDS = 90.0
HEARTBEAT_SECONDS = 1.0
POLL_SECONDS = 0.15
TITLE_LENGTH = 60


class Turns:
    """Every running turn is a task of its own: a client that goes away does not end it."""

    def __init__(
        self,
        database: Database,
        tools: ToolBox,
        engine: ChatEngine,
        fallback: ChatEngine,
        *,
        secret: str = "",
        deadline: float = DEADLINE_SECONDS,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.engine, self.fallback = engine, fallback
        self._database, self._tools, self._secret = database, tools, secret
        self.deadline, self.clock = deadline, clock
        self._live: dict[uuid.UUID, Live] = {}

    async def begin(self, identity: Identity, request: ChatRequest, key: str | None, zone: ZoneInfo) -> uuid.UUID:
        """Stores the message and starts to answer it; returns the turn.

        Raises NotFound, Conflict while another turn runs in the conversation, and Unprocessable when the idempotency
        key came with another message before. The same key and message give the turn that there is.
        """
        digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
        try:
            async with self._database.write() as session:
                chats = ChatRepository(session, identity.owner)
                if key and (known := await chats.turn_of_key(key)):
                    if known.request_digest != digest:
                        raise Unprocessable("This Idempotency-Key was used with another message.")
                    return known.id
                conversation = await _conversation(chats, request)
                earlier = await chats.turns(conversation.id, RECENT_TURNS) if request.conversation_id else []
                if any(turn.state == "running" for turn in earlier):
                    raise Conflict("This conversation is still answering. Wait for it, or stop it first.")
                turn = self._new_turn(identity, conversation, request, key, digest, zone)
                session.add(turn)
        except IntegrityError as error:
            raise Conflict("This conversation is still answering. Wait for it, or stop it first.") from error
        self._start(identity, conversation, turn, earlier, zone)
        return turn.id

    def _new_turn(
        self,
        identity: Identity,
        conversation: Conversation,
        request: ChatRequest,
        key: str | None,
        digest: str,
        zone: ZoneInfo,
    ) -> Turn:
        return Turn(
            id=uuid.uuid4(),
            owner=identity.owner,
            conversation_id=conversation.id,
            idempotency_key=key,
            request_digest=digest,
            message=request.message,
            time_zone=zone.key,
            engine=self.engine.kind,
            model=self.engine.model,
            prompt_version=PROMPT_VERSION,
            created_at=now(),
        )

    def _start(
        self, identity: Identity, conversation: Conversation, turn: Turn, earlier: list[Turn], zone: ZoneInfo
    ) -> None:
        live = Live(turn.id)
        live.emit("start", conversation_id=str(conversation.id), turn_id=str(turn.id), engine=self.engine.kind)
        caller = Caller(identity, self._database, zone, self._secret, conversation_id=conversation.id)
        focus = load_focus(conversation.focus)
        runner = TurnRunner(
            live,
            caller=caller,
            tools=self._tools,
            engine=self.engine,
            fallback=self.fallback,
            message=turn.message,
            history=trimmed(earlier),
            briefing=Briefing(self.clock().astimezone(zone), zone.key, focus),
            deadline=self.deadline,
        )
        self._live[turn.id] = live
        live.task = asyncio.create_task(self._run(runner, conversation.id))

    async def _run(self, runner: TurnRunner, conversation_id: uuid.UUID) -> None:
        live = runner.live
        heart = asyncio.create_task(self._beat(live))
        try:
            handled = await answer_to_plan(runner, conversation_id)
            state = "done" if handled else await runner.run()
        except asyncio.CancelledError:
            state = "stopped"
        except Exception:
            log.exception("turn_failed", turn=str(live.turn_id))
            state = "failed"
        heart.cancel()
        try:
            await self._finish(runner, conversation_id, state)
        finally:
            live.finish()
            self._live.pop(live.turn_id, None)

    async def _finish(self, runner: TurnRunner, conversation_id: uuid.UUID, state: str) -> None:
        """Stores the turn and its events in one transaction, then lets the last event out."""
        values = {**runner.stored(), "state": state}
        done = {"turn_id": str(runner.live.turn_id), "engine": values["engine"], "undo_token": values["undo_token"]}
        last = Event(len(runner.live.events) + 1, "done", {**done, "usage": values["usage"]})
        async with self._database.write() as session:
            await session.execute(update(Turn).where(Turn.id == runner.live.turn_id).values(**values))
            await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation_id)
                .values(updated_at=now(), focus=dump_focus(runner.focus))
            )
            self._store_events(session, runner.live, [last])
        runner.live.emit("done", **last.data)

    def _store_events(self, session: object, live: Live, more: list[Event] | None = None) -> None:
        events = [*live.events[live.stored :], *(more or [])]
        if events:
            row = TurnEvents(turn_id=live.turn_id, first=events[0].number, events=[e.as_dict() for e in events])
            session.add(row)  # type: ignore[attr-defined]
            live.stored = len(live.events)

    async def _beat(self, live: Live) -> None:
        """While a turn runs: keep what it said, say that it lives, and hear whether it should stop."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                async with self._database.write() as session:
                    self._store_events(session, live)
                    alive = update(Turn).where(Turn.id == live.turn_id).values(heartbeat_at=now())
                    stop = (await session.execute(alive.returning(Turn.stop_requested))).scalar_one_or_none()
            except Exception:
                log.warning("turn_heartbeat_failed", turn=str(live.turn_id), exc_info=True)
                continue
            if (stop or stop is None) and live.task:
                live.task.cancel()
                return

    async def follow(self, identity: Identity, turn_id: uuid.UUID, after: int = 0) -> AsyncIterator[Event]:
        """Events past number `after`: live on this replica, from the database on any other. Raises NotFound."""
        live = self._live.get(turn_id)
        if live is not None and await self._is_mine(identity, turn_id):
            async for event in live.follow(after):
                yield event
            return
        while True:
            async with self._database.read() as session:
                chats = ChatRepository(session, identity.owner)
                turn = await chats.turn(turn_id)
                if turn is None:
                    raise NotFound("There is no such turn.")
                fresh = await chats.events(turn_id, after)
            for number, entry in fresh:
                after = number
                yield Event(number, entry["name"], entry["data"])
            if turn.state != "running":
                return
            if turn.heartbeat_at < now() - SILENCE:
                yield Event(after + 1, "notice", {"code": "lost", "text": "The answer was interrupted. Ask again."})
                yield Event(after + 2, "done", {"turn_id": str(turn_id), "engine": turn.engine, "undo_token": None})
                return
            await asyncio.sleep(POLL_SECONDS)

    async def require(self, identity: Identity, turn_id: uuid.UUID) -> None:
        """Raises NotFound for a turn that is not this identity's."""
        if not await self._is_mine(identity, turn_id):
            raise NotFound("There is no such turn.")

    async def _is_mine(self, identity: Identity, turn_id: uuid.UUID) -> bool:
        async with self._database.read() as session:
            return await ChatRepository(session, identity.owner).turn(turn_id) is not None

    def live(self, turn_id: uuid.UUID) -> Live | None:
        return self._live.get(turn_id)

    async def stop(self, identity: Identity, turn_id: uuid.UUID) -> None:
        """Ends the turn at once here, within a second on another replica. Raises NotFound."""
        async with self._database.write() as session:
            turn = await ChatRepository(session, identity.owner).turn(turn_id)
            if turn is None:
                raise NotFound("There is no such turn.")
            if turn.state == "running":
                turn.stop_requested = True
        if (live := self._live.get(turn_id)) and live.task:
            live.task.cancel()

    async def close(self) -> None:
        """Ends every turn, each with its last event."""
        tasks = [live.task for live in self._live.values() if live.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.engine.close()
        await self.fallback.close()


async def _conversation(chats: ChatRepository, request: ChatRequest) -> Conversation:
    if request.conversation_id is None:
        title = " ".join(request.message.split())
        title = title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"
        conversation = Conversation(id=uuid.uuid4(), owner=chats.owner, title=title, focus=dump_focus(Focus()))
        chats.session.add(conversation)
        await chats.session.flush()
        return conversation
    found = await chats.conversation(request.conversation_id)
    if found is None:
        raise NotFound("There is no such conversation.")
    await chats.give_up_dead_turns(found.id)
    return found
