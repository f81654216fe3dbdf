"""Tool `update_task`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.tasks.schemas import Priority
from app.tools.batch import act_on
from app.tools.schemas import Changes, Outcome, References, TagNames


async def update_task(
    tasks: References,
    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None,
    notes: Annotated[str, Field(max_length=10_000, description="Markdown; an empty text removes them")] | None = None,
    priority: Priority | None = None,
    add_tags: TagNames | None = None,
    remove_tags: TagNames | None = None,
) -> Outcome:
    """Change a task's title, notes, priority or tags. Use reschedule_task for dates."""
    changes = Changes(title=title, notes=notes, priority=priority, add_tags=add_tags, remove_tags=remove_tags)
    return await act_on("update", tasks, changes)
