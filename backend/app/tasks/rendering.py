"""A task's row as JSON values, without models in between: a list of a hundred is read far more often than written.

`TaskOut.of(row).model_dump(mode="json")` says the same, five times slower; a test holds them together.
"""

import json
from datetime import datetime
from typing import Any

from app.tasks.model import PRIORITIES
from app.tasks.urgency import Clock, steps

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def page_json(rows: list[Any], next_cursor: str | None, clock: Clock) -> bytes:
    """The body of a list of tasks."""
    return _encode({"items": [render(row, clock) for row in rows], "next_cursor": next_cursor}).encode()


def render(task: Any, clock: Clock) -> dict[str, Any]:
    """The JSON of a task, given its columns as attributes."""
    pressing = steps(task, clock)
    return {
        "id": str(task.id),
        "title": task.title,
        "notes": task.notes,
        "priority": PRIORITIES[task.priority],
        "tags": task.tags,
        "due": _due(task) if task.due_date is not None else None,
        "repeat": task.repeat,
        "done": task.done,
        "version": task.version,
        "created_at": _moment(task.created_at),
        "updated_at": _moment(task.updated_at),
        "completed_at": _moment(task.completed_at),
        "deleted_at": _moment(task.deleted_at),
        "urgency": {"score": sum((n for n, _ in pressing), 0.0), "reasons": [why for _, why in pressing]},
    }


def _due(task: Any) -> dict[str, str | None]:
    clock = task.due_time
    return {
        "date": task.due_date.isoformat(),
        "time": clock.isoformat("minutes") if clock is not None else None,
        "time_zone": task.due_zone,
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat()[:-6] + "Z" if value is not None else None  # always UTC: +00:00
