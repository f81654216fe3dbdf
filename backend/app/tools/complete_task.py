"""Tool `complete_task`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.tools.batch import act_on
from app.tools.schemas import Outcome, References


async def complete_task(
    tasks: References,
    done: Annotated[bool, Field(description="False reopens tasks that were completed")] = True,
) -> Outcome:
    """Mark tasks as done, or reopen them. A repeating task makes its next one."""
    return await act_on("complete" if done else "reopen", tasks)
