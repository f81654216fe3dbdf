"""Tool `delete_task`."""

from __future__ import annotations

from app.tools.batch import act_on
from app.tools.schemas import Outcome, References


async def delete_task(tasks: References) -> Outcome:
    """Delete tasks. In the chat the user is asked to confirm first. A deleted task can be restored for 30 days."""
    return await act_on("delete", tasks)
