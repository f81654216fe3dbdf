"""Turns of all conversations on this replica: begun, followed, resumed and stopped."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import IntegrityError

from app.chat.events import Event, EventName, Live
from app.chat.focus import dump_focus, load_focus
from app.chat.history import trimmed
from app.chat.keeping import Keeper
from app.chat.metrics import observe_turn
from app.chat.model import Conversation, Turn, now
from app.chat.pending import answer_to_plan
from app.chat.prompt import PROMPT_VERSION
from app.chat.repository import RECENT_TURNS, SILENCE, ChatRepository
from app.chat.running import TurnRunner
from app.chat.saying_again import set_aside, title_of
from app.chat.schemas import ChatRequest
from app.db import Database
from app.engines.protocol import Briefing, ChatEngine, Focus
from app.identity import Identity
from app.operations.problems import Conflict, NotFound, Unprocessable
from app.tools.caller import Caller
from app.tools.calls import ToolBox

log = structlog.get_logger()

DEADLINE_SECONDS = 90.0
POLL_SECONDS = 0.15


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
        draining: Callable[[], bool] = lambda: False,
        when_quiet: Callable[[], None] = lambda: None,
    ) -> None:
        self.engine, self.fallback = engine, fallback
        self._database, self._tools, self._secret = database, tools, secret
        self.deadline, self.clock = deadline, clock
        self._keeper = Keeper(database, draining, when_quiet)

    async def begin(
        self,
        identity: Identity,
        request: ChatRequest,
        key: str | None,
        zone: ZoneInfo,
        engine: ChatEngine | None = None,
    ) -> uuid.UUID:
        """Stores the message and starts to answer it, by `engine` where one is given; returns the turn.

        Raises NotFound, Conflict while another turn runs in the conversation, and Unprocessable when the idempotency
        key came with another message before. The same key and message give the turn that there is.
        """
        digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
        engine = engine or self.engine
        try:
            async with self._keeper.writers, self._database.write() as session:
                chats = ChatRepository(session, identity.owner)
                if known := await _repeated(chats, key, digest):
                    return known
                conversation = await _conversation(chats, request)
                earlier = await chats.turns(conversation.id, RECENT_TURNS) if request.conversation_id else []
                if any(turn.state == "running" for turn in earlier):
                    await chats.give_up_dead_turns(conversation.id)  # brings `earlier` up to date as well
                if any(turn.state == "running" for turn in earlier):
                    raise Conflict("This conversation is still answering. Wait for it, or stop it first.")
                turn = self._new_turn(identity, conversation, request, key, digest, zone, engine)
                if earlier:  # whose order must not change when the clock is set back
                    turn.created_at = max(turn.created_at, earlier[-1].created_at + timedelta(microseconds=1))
                if request.replaces:
                    earlier = await set_aside(chats, conversation, request.replaces, earlier, request.message)
                session.add(turn)
        except IntegrityError as error:
            async with self._database.read() as session:  # perhaps the same request came twice at one moment
                if known := await _repeated(ChatRepository(session, identity.owner), key, digest):
                    return known
            raise Conflict("This conversation is still answering. Wait for it, or stop it first.") from error
        self._start(identity, conversation, turn, earlier, zone, engine)
        return turn.id

    def _new_turn(
        self,
        identity: Identity,
        conversation: Conversation,
        request: ChatRequest,
        key: str | None,
        digest: str,
        zone: ZoneInfo,
        engine: ChatEngine,
    ) -> Turn:
        return Turn(
            id=uuid.uuid4(),
            owner=identity.owner,
            conversation_id=conversation.id,
            idempotency_key=key,
            request_digest=digest,
            message=request.message,
            time_zone=zone.key,
            engine=engine.kind,
            model=engine.model,
            prompt_version=PROMPT_VERSION,
            created_at=now(),
        )

    def _start(
        self,
        identity: Identity,
        conversation: Conversation,
        turn: Turn,
        earlier: list[Turn],
        zone: ZoneInfo,
        engine: ChatEngine,
    ) -> None:
        live = Live(turn.id, identity.owner)
        live.emit("start", conversation_id=str(conversation.id), turn_id=str(turn.id), engine=engine.kind)
        caller = Caller(identity, self._database, zone, self._secret, conversation_id=conversation.id)
        focus = load_focus(conversation.focus)
        runner = TurnRunner(
            live,
            caller=caller,
            tools=self._tools,
            engine=engine,
            fallback=self.fallback,
            message=turn.message,
            history=trimmed(earlier),
            tainted=any(entry["role"] == "tool" for turn in earlier for entry in turn.messages),
            briefing=Briefing(self.clock().astimezone(zone), zone.key, focus),
            deadline=self.deadline,
        )
        live.task = asyncio.create_task(self._run(runner, conversation.id))
        self._keeper.watch(live)

    async def _run(self, runner: TurnRunner, conversation_id: uuid.UUID) -> None:
        state = await runner.run(answer_to_plan)
        values = {**runner.stored(), "state": state}
        try:
            await self._keeper.finish(runner, conversation_id, values)
        except Exception:
            log.exception("turn_not_stored", turn=str(runner.live.turn_id))
        finally:
            self._keeper.forget(runner.live)
        observe_turn(values, state)

    async def follow(self, identity: Identity, turn_id: uuid.UUID, after: int = 0) -> AsyncIterator[Event]:
        """Events past number `after`: live on this replica, from the database on any other. Raises NotFound."""
        live = self.live(turn_id)
        if live is not None and live.owner == identity.owner:
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
            if turn.given_up or (turn.state == "running" and turn.heartbeat_at < now() - SILENCE):
                for event in _last_words(turn, after):
                    yield event
                return
            if turn.state != "running":
                return
            await asyncio.sleep(POLL_SECONDS)

    async def require(self, identity: Identity, turn_id: uuid.UUID) -> None:
        """Raises NotFound for a turn that is not this identity's."""
        async with self._database.read() as session:
            if await ChatRepository(session, identity.owner).turn(turn_id) is None:
                raise NotFound("There is no such turn.")

    def live(self, turn_id: uuid.UUID) -> Live | None:
        return self._keeper.live.get(turn_id)

    async def stop(self, identity: Identity, turn_id: uuid.UUID) -> None:
        """Ends the turn at once here, within a second on another replica. Raises NotFound."""
        live = self.live(turn_id)
        if live is not None and live.owner == identity.owner:
            live.cancel()
            return
        async with self._database.write() as session:
            turn = await ChatRepository(session, identity.owner).turn(turn_id)
            if turn is None:
                raise NotFound("There is no such turn.")
            if turn.state == "running":
                turn.stop_requested = True

    async def close(self) -> None:
        """Ends every turn, each with its last event."""
        turns = list(self._keeper.live.values())
        for live in turns:
            live.cancel()
        await asyncio.gather(*(live.task for live in turns if live.task), return_exceptions=True)
        await self._keeper.close()
        await self.engine.close()
        await self.fallback.close()


async def _repeated(chats: ChatRepository, key: str | None, digest: str) -> uuid.UUID | None:
    """The turn that this request has begun before."""
    turn = await chats.turn_of_key(key) if key else None
    if turn is not None and turn.request_digest != digest:
        raise Unprocessable("This Idempotency-Key was used with another message.")
    return turn.id if turn else None


def _last_words(turn: Turn, after: int) -> list[Event]:
    """The end of a turn that never came to its own: its replica died."""
    words: list[tuple[EventName, dict[str, Any]]] = [
        ("notice", {"code": "lost", "text": "The answer was interrupted. Ask again."}),
        ("done", {"turn_id": str(turn.id), "engine": turn.engine, "undo_token": None}),
    ]
    if after == 0:
        start = {"conversation_id": str(turn.conversation_id), "turn_id": str(turn.id), "engine": turn.engine}
        words.insert(0, ("start", start))
    return [Event(number, name, data) for number, (name, data) in enumerate(words, after + 1)]


async def _conversation(chats: ChatRepository, request: ChatRequest) -> Conversation:
    if request.conversation_id is None:
        title, focus = title_of(request.message), dump_focus(Focus())
        conversation = Conversation(id=uuid.uuid4(), owner=chats.owner, title=title, focus=focus)
        chats.session.add(conversation)
        await chats.session.flush()
        return conversation
    found = await chats.conversation(request.conversation_id)
    if found is None:
        raise NotFound("There is no such conversation.")
    return found
