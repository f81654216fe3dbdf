"""Tool `undo`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.operations.problems import NotFound
from app.tools.caller import current_caller
from app.tools.schemas import Outcome


async def undo(
    token: Annotated[str, Field(max_length=64, description="An undo_token; by default that of the last change")]
    | None = None,
) -> Outcome:
    """Take back the last change, all of it."""
    caller = current_caller()
    async with caller.database.write() as session:
        service = caller.service(session)
        used = token or await service.last_undo_token()
        if used is None:
            raise NotFound("There is nothing to undo.")
        return Outcome(tasks=await service.undo(used))
