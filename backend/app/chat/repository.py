"""Every query on conversations and turns. Each is narrowed to the owner."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Tuple, Uuid, delete, func, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.chat.model import REPLACED, Conversation, Turn, TurnEvents, now
from app.db.types import Instant

# A runner says that it lives every second; one that was silent for so long has died with its replica.
SILENCE = timedelta(seconds=20)
RECENT_TURNS = 20


def _place(moment: datetime, identity: uuid.UUID) -> Tuple:
    """Values that are bound as the columns are: SQLite compares what is stored."""
    return tuple_(literal(moment, Instant()), literal(identity, Uuid()))


class ChatRepository:
    """The conversations of one owner."""

    def __init__(self, session: AsyncSession, owner: str) -> None:
        self.session = session
        self.owner = owner

    async def conversation(self, conversation_id: uuid.UUID) -> Conversation | None:
        query = select(Conversation).where(Conversation.id == conversation_id, Conversation.owner == self.owner)
        return (await self.session.execute(query)).scalar_one_or_none()

    async def conversations(self, limit: int, before: tuple[datetime, uuid.UUID] | None) -> Sequence[Conversation]:
        query = select(Conversation).where(Conversation.owner == self.owner)
        if before is not None:
            query = query.where(tuple_(Conversation.updated_at, Conversation.id) < _place(*before))
        query = query.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(limit)
        return (await self.session.execute(query)).scalars().all()

    async def remove(self, conversation_id: uuid.UUID) -> bool:
        mine = (Conversation.id == conversation_id, Conversation.owner == self.owner)
        result: Any = await self.session.execute(delete(Conversation).where(*mine))
        return bool(result.rowcount)

    async def turns(self, conversation_id: uuid.UUID, limit: int | None = None) -> list[Turn]:
        """Oldest first; the newest `limit` of them, without those that were said again."""
        mine = (Turn.conversation_id == conversation_id, Turn.owner == self.owner)
        query = select(Turn).where(*mine, Turn.state != REPLACED)
        query = query.order_by(Turn.created_at.desc(), Turn.id).limit(limit)
        return list(reversed((await self.session.execute(query)).scalars().all()))

    async def turn(self, turn_id: uuid.UUID) -> Turn | None:
        query = select(Turn).where(Turn.id == turn_id, Turn.owner == self.owner)
        return (await self.session.execute(query)).scalar_one_or_none()

    async def turn_of_key(self, key: str) -> Turn | None:
        query = select(Turn).where(Turn.owner == self.owner, Turn.idempotency_key == key)
        return (await self.session.execute(query)).scalar_one_or_none()

    async def give_up_dead_turns(self, conversation_id: uuid.UUID) -> None:
        """A replica that died does not block its conversations for ever."""
        dead = (
            Turn.conversation_id == conversation_id,
            Turn.state == "running",
            Turn.heartbeat_at < now() - SILENCE,
        )
        await self.session.execute(update(Turn).where(*dead).values(state="failed", finished_at=now()))

    async def events(self, turn_id: uuid.UUID, after: int) -> list[tuple[int, dict[str, Any]]]:
        """(number, {name, data}) past number `after`. The turn is the owner's: the caller has looked."""
        # The batch that holds `after + 1` begins at or before it.
        begin = (
            select(func.coalesce(func.max(TurnEvents.first), 1))
            .where(TurnEvents.turn_id == turn_id, TurnEvents.first <= after + 1)
            .scalar_subquery()
        )
        query = select(TurnEvents.first, TurnEvents.events).where(
            TurnEvents.turn_id == turn_id, TurnEvents.first >= begin
        )
        rows = (await self.session.execute(query.order_by(TurnEvents.first))).all()
        numbered = [(first + index, event) for first, events in rows for index, event in enumerate(events)]
        return [(number, event) for number, event in numbered if number > after]
