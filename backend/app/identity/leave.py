"""Leaving: everything that belongs to an owner is removed, in whichever table it is."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.base import Base


async def remove_everything(session: AsyncSession, owner: str) -> None:
    """Deletes from every table that has an owner, children first."""
    for table in reversed(Base.metadata.sorted_tables):
        if "owner" in table.c:
            await session.execute(delete(table).where(table.c.owner == owner))
