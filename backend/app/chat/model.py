"""Conversations, their turns, and the events of each turn."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Instant, PortableJSON

_RUNNING = text("state = 'running'")
# The state of a turn whose message was said again: it is kept, but no longer part of the conversation.
REPLACED = "replaced"


def now() -> datetime:
    return datetime.now(UTC)


class Conversation(Base):
    """`focus` is what "it" and "the second one" mean in the next turn."""

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_owner_updated", "owner", "updated_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    owner: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    focus: Mapped[dict[str, Any]] = mapped_column(PortableJSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)


class Turn(Base):
    """What was said, what was done and what was answered, with all that is needed to do it again."""

    __tablename__ = "turns"
    __table_args__ = (
        # A conversation takes one turn at a time, whichever replica it arrives at.
        Index("uq_turns_running", "conversation_id", unique=True, postgresql_where=_RUNNING, sqlite_where=_RUNNING),
        Index("ix_turns_conversation", "conversation_id", "created_at"),
        Index("uq_turns_idempotency", "owner", "idempotency_key", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    owner: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    request_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="running")
    stop_requested: Mapped[bool] = mapped_column(Boolean, default=False)
    message: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    time_zone: Mapped[str] = mapped_column(String(64))
    engine: Mapped[str] = mapped_column(String(32))
    model: Mapped[str | None] = mapped_column(String(200))
    prompt_version: Mapped[str] = mapped_column(String(16))
    # Assistant messages with their tool calls, and the tools' results, in order.
    messages: Mapped[list[dict[str, Any]]] = mapped_column(PortableJSON, default=list)
    notices: Mapped[list[dict[str, Any]]] = mapped_column(PortableJSON, default=list)
    latencies: Mapped[dict[str, Any]] = mapped_column(PortableJSON, default=dict)
    usage: Mapped[dict[str, Any] | None] = mapped_column(PortableJSON)
    undo_token: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    heartbeat_at: Mapped[datetime] = mapped_column(Instant, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def given_up(self) -> bool:
        """Another turn came and found this one's replica dead, so it has no last event."""
        return self.state == "failed" and not self.latencies


class TurnEvents(Base):
    """Events `first` to `first + len(events) - 1` of a turn, so that any replica can send them again."""

    __tablename__ = "turn_events"

    turn_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    first: Mapped[int] = mapped_column(Integer, primary_key=True)
    events: Mapped[list[dict[str, Any]]] = mapped_column(PortableJSON)
