"""Tool `add_task`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.tools.batch import add_all
from app.tools.schemas import NewTask, Outcome


async def add_task(
    tasks: Annotated[list[NewTask], Field(min_length=1, max_length=50, description="The tasks to add")],
) -> Outcome:
    """Add one or more tasks to the user's list."""
    return await add_all(tasks)
