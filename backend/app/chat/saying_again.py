"""A message said better: its turn and those after it leave the conversation. What they changed stays, and its undo."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import update

from app.chat.focus import dump_focus, load_focus
from app.chat.model import REPLACED, Conversation, Turn
from app.chat.repository import ChatRepository
from app.operations.problems import NotFound
from app.tools.plan_model import Plan

TITLE_LENGTH = 60


def title_of(message: str) -> str:
    """What a conversation that begins with this message is called."""
    title = " ".join(message.split())
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"


async def set_aside(
    chats: ChatRepository, conversation: Conversation, turn_id: uuid.UUID, earlier: list[Turn], message: str
) -> list[Turn]:
    """Hides the turn that `message` replaces, and all after it; those of `earlier` that remain.

    Their plans are cancelled and their questions forgotten: a "yes" must not carry out what nobody sees any more.
    Raises NotFound when the turn is not of this conversation.
    """
    turn = await chats.turn(turn_id)
    if turn is None or turn.conversation_id != conversation.id:
        raise NotFound("There is no such turn in this conversation.")
    since, owner = turn.created_at, chats.owner
    said = (Turn.conversation_id == conversation.id, Turn.owner == owner, Turn.state != "running")
    await chats.session.execute(update(Turn).where(*said, Turn.created_at >= since).values(state=REPLACED))
    waiting = (Plan.conversation_id == conversation.id, Plan.owner == owner, Plan.state == "open")
    await chats.session.execute(update(Plan).where(*waiting, Plan.created_at >= since).values(state="cancelled"))
    conversation.focus = dump_focus(replace(load_focus(conversation.focus), question=None, plans=()))
    if conversation.title == title_of(turn.message):
        conversation.title = title_of(message)
    return [one for one in earlier if one.created_at < since]
