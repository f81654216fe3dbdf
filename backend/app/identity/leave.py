"""Leaving: everything that belongs to an owner is removed, in whichever table it is."""

from sqlalchemy import column, delete, insert, table
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.base import Base

LEAVERS = table("leavers", column("owner"))


async def remove_everything(session: AsyncSession, owner: str) -> None:
    """One statement for all tables that have an owner; what hangs on one of them goes with it.

    PostgreSQL takes many DELETEs as one. SQLite has a view for it whose trigger empties the tables: see the migrations.
    """
    if session.get_bind().dialect.name == "sqlite":
        await session.execute(insert(LEAVERS).values(owner=owner))
        return
    owned = [each for each in Base.metadata.sorted_tables if "owner" in each.c and not each.foreign_keys]
    first, *others = [(each.name, delete(each).where(each.c.owner == owner)) for each in owned]
    await session.execute(first[1].add_cte(*(statement.cte(f"of_{name}") for name, statement in others)))
