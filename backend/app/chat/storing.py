"""What a turn has said, and how it ended, written so that writing it twice does no harm.

Of a transaction whose answer got lost nobody knows whether it happened.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.chat.events import Event
from app.chat.focus import dump_focus
from app.chat.model import Conversation, Turn, TurnEvents, now
from app.chat.running import TurnRunner

NOTHING_LOADED = {"synchronize_session": False}  # so there are no objects to bring up to date


async def store_end(
    session: AsyncSession,
    runner: TurnRunner,
    conversation_id: uuid.UUID,
    values: dict[str, Any],
    events: Sequence[Event],
) -> None:
    """The turn's columns, what the conversation is about now, and the last events."""
    turn_id = runner.live.turn_id
    this = (Turn.id == turn_id, Turn.finished_at.is_distinct_from(values["finished_at"]))
    end = update(Turn).where(*this).values({**values, "notices": runner.notices})
    kept: Any = await session.execute(end, execution_options=NOTHING_LOADED)
    if not kept.rowcount:
        return  # it is stored, or the conversation was deleted meanwhile
    here = update(Conversation).where(Conversation.id == conversation_id)
    focus = here.values(updated_at=now(), focus=dump_focus(runner.focus))
    await session.execute(focus, execution_options=NOTHING_LOADED)
    await store(session, [row(turn_id, events)])


async def store(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Events of any number of turns; those that are there already are replaced by themselves and what followed."""
    if rows:
        connection = await session.connection()
        await connection.execute(_keeping(connection.dialect.name), rows)


@cache
def _keeping(dialect: str) -> Executable:
    new: Any = (sqlite if dialect == "sqlite" else postgresql).insert(TurnEvents.__table__)
    keeping: Executable = new.on_conflict_do_update(
        index_elements=["turn_id", "first"], set_={"events": new.excluded.events}
    )
    return keeping


def row(turn_id: uuid.UUID, events: Sequence[Event]) -> dict[str, Any]:
    """One row of them."""
    return {"turn_id": turn_id, "first": events[0].number, "events": [event.as_dict() for event in events]}
