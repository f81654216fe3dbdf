"""Resource `tasks://today` and prompt `plan-my-day`."""

from __future__ import annotations

import json

from app.tasks.schemas import TaskOut
from app.tools.caller import current_caller
from app.tools.framing import brief, frame
from app.tools.list_tasks import list_query
from app.tools.schemas import Where

MOST = 100


async def today() -> str:
    """What is overdue and what is due today, as JSON."""
    overdue, due = await _today()
    return json.dumps(
        {"overdue": [brief(task) for task in overdue], "due_today": [brief(task) for task in due]}, ensure_ascii=False
    )


async def plan_my_day() -> str:
    """A request to plan the day, with the tasks that matter for it."""
    overdue, due = await _today()
    tasks = {task.id: task for task in (*overdue, *due)}
    head = "Plan my day: order these tasks by urgency, say which to start with and why, and what can wait."
    return f"{head}\n{frame(brief(task) for task in tasks.values())}"


async def _today() -> tuple[list[TaskOut], list[TaskOut]]:
    caller = current_caller()
    async with caller.reading() as service:
        overdue = await service.list(list_query(Where(due="overdue"), service.clock, sort="due", limit=MOST))
        due = await service.list(list_query(Where(due="today"), service.clock, sort="due", limit=MOST))
    return overdue.items, due.items
