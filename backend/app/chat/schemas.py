"""What goes in and out of /api/chat and /api/conversations."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.tasks.due import ZoneName
from app.tasks.schemas import TaskOut, Timestamp, one_line, storable


class ChatRequest(BaseModel):
    """A message to the assistant; without a conversation it begins a new one.

    `replaces` names the turn of the conversation that is said again: it and those after it leave the conversation.
    What they changed stays, until their undo tokens are used.
    """

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={"examples": [{"message": "Add milk for tomorrow", "time_zone": "Asia/Karachi"}]},
    )

    message: Annotated[str, Field(min_length=1, max_length=4_000, examples=["Add milk for tomorrow"]), storable]
    conversation_id: uuid.UUID | None = None
    replaces: uuid.UUID | None = None
    time_zone: ZoneName | None = None


class ToolUse(BaseModel):
    id: str
    name: str
    arguments: dict[str, Any]
    ok: bool = True
    text: str = ""
    data: dict[str, Any] | None = None


class ChatReply(BaseModel):
    """A whole turn, for clients that do not stream."""

    conversation_id: uuid.UUID
    turn_id: uuid.UUID
    engine: str
    text: str
    tool_calls: list[ToolUse]
    plans: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    error: dict[str, Any] | None = None
    undo_token: str | None = None
    usage: dict[str, Any] | None = None


class ConversationOut(BaseModel):
    id: uuid.UUID
    title: str
    created_at: Timestamp
    updated_at: Timestamp


class ConversationPage(BaseModel):
    items: list[ConversationOut]
    next_cursor: str | None = None


class MessageOut(BaseModel):
    """One side of a turn."""

    id: str
    role: Literal["user", "assistant"]
    text: str
    tool_calls: list[ToolUse] = []
    plan: dict[str, Any] | None = None
    engine: str | None = None
    created_at: Timestamp


class ConversationWithMessages(ConversationOut):
    messages: list[MessageOut]


class ConversationPatch(BaseModel):
    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, json_schema_extra={"examples": [{"title": "Shopping"}]}
    )

    title: Annotated[str, Field(min_length=1, max_length=200), one_line]


class PlanConfirmed(BaseModel):
    text: str
    tasks: list[TaskOut]
    undo_token: str
