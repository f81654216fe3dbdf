"""Tool `reschedule_task`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.tools.batch import act_on
from app.tools.schemas import Changes, Outcome, References


async def reschedule_task(
    tasks: References,
    due: Annotated[
        str, Field(max_length=100, description="2026-12-03T17:00, 'next friday', '+2 days', or 'none' to remove it")
    ]
    | None = None,
    repeat: Annotated[str, Field(max_length=300, description="'every monday', an RRULE, or 'none' to stop")]
    | None = None,
) -> Outcome:
    """Move tasks to another date; a repeating task keeps its rhythm unless `repeat` changes it."""
    return await act_on("reschedule", tasks, Changes(due=due, repeat=repeat))
