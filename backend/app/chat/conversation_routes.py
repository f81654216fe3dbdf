"""Conversations: list, read, rename, delete."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from app.chat import examples
from app.chat.model import Conversation, now
from app.chat.replies import messages_of
from app.chat.repository import ChatRepository
from app.chat.schemas import ConversationOut, ConversationPage, ConversationPatch, ConversationWithMessages
from app.db import ReadSession, WriteSession
from app.identity import CurrentIdentity, WritingIdentity
from app.operations.examples import shows
from app.operations.problems import COMMON, NotFound, Unprocessable, responses

router = APIRouter(prefix="/api/conversations", tags=["chat"], responses=responses(*COMMON))
MOST_TURNS = 200


@router.get("", responses=shows(examples.CONVERSATIONS))
async def list_conversations(
    session: ReadSession,
    identity: CurrentIdentity,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> ConversationPage:
    """The newest first."""
    chats = ChatRepository(session, identity.owner)
    found = await chats.conversations(limit + 1, _decode(cursor) if cursor else None)
    more = len(found) > limit
    return ConversationPage(
        items=[_out(conversation) for conversation in found[:limit]],
        next_cursor=_encode(found[limit - 1]) if more else None,
    )


@router.get("/{conversation_id}", responses=shows(examples.MESSAGES) | responses(404))
async def read_conversation(
    conversation_id: uuid.UUID, session: ReadSession, identity: CurrentIdentity
) -> ConversationWithMessages:
    """With its last 200 turns."""
    chats = ChatRepository(session, identity.owner)
    conversation = await _get(chats, conversation_id)
    turns = await chats.turns(conversation_id, MOST_TURNS)
    messages = [message for turn in turns for message in messages_of(turn)]
    return ConversationWithMessages(**_out(conversation).model_dump(), messages=messages)


@router.patch("/{conversation_id}", responses=shows(examples.CONVERSATION) | responses(404))
async def rename_conversation(
    conversation_id: uuid.UUID, patch: ConversationPatch, session: WriteSession, identity: WritingIdentity
) -> ConversationOut:
    conversation = await _get(ChatRepository(session, identity.owner), conversation_id)
    conversation.title, conversation.updated_at = patch.title, now()
    return _out(conversation)


@router.delete("/{conversation_id}", status_code=204, responses=responses(404))
async def delete_conversation(conversation_id: uuid.UUID, session: WriteSession, identity: WritingIdentity) -> None:
    """The conversation and its turns; the tasks stay."""
    if not await ChatRepository(session, identity.owner).remove(conversation_id):
        raise NotFound("There is no such conversation.")


async def _get(chats: ChatRepository, conversation_id: uuid.UUID) -> Conversation:
    conversation = await chats.conversation(conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def _out(conversation: Conversation) -> ConversationOut:
    return ConversationOut.model_validate(conversation, from_attributes=True)


def _encode(conversation: Conversation) -> str:
    plain = f"{conversation.updated_at.isoformat()} {conversation.id}"
    return base64.urlsafe_b64encode(plain.encode()).decode()


def _decode(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        moment, identity = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        when = datetime.fromisoformat(moment)
        if when.tzinfo is None or not 1970 <= when.year <= 9000:
            raise ValueError(cursor)
        return when, uuid.UUID(identity)
    except (ValueError, binascii.Error):
        raise Unprocessable("The cursor is not one that this list gave.") from None
