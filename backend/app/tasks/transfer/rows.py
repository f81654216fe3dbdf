"""A task as it travels: all that belongs to it, in a form that every format can be made from."""

import uuid
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

from app.tasks.due import FIRST_DAY, LAST_DAY, Day, Due
from app.tasks.editing import ONE_DAY
from app.tasks.model import NEVER, PRIORITIES, Task
from app.tasks.recurrence import next_date
from app.tasks.schemas import Notes, Priority, Rule, Tags, Timestamp, Title, due_of
from app.tasks.search import search_text


def _sane(value: datetime) -> datetime:
    if not FIRST_DAY.year <= value.year <= LAST_DAY.year:
        raise ValueError(f"must be between {FIRST_DAY} and {LAST_DAY}")
    return value.replace(tzinfo=value.tzinfo or UTC)


Moment = Annotated[Timestamp, AfterValidator(_sane)]


class Row(BaseModel):
    """What a file says about one task. Only the title is required; what is unknown is ignored."""

    model_config = ConfigDict(extra="ignore")

    id: uuid.UUID | None = None
    title: Title
    notes: Notes = ""
    priority: Priority = "none"
    tags: Tags = []
    due: Due | None = None
    repeat: Rule | None = None
    repeat_from: Day | None = None
    moved_from: Day | None = None
    done: bool = False
    created_at: Moment | None = None
    updated_at: Moment | None = None
    completed_at: Moment | None = None
    deleted_at: Moment | None = None

    @classmethod
    def of(cls, task: Task) -> "Row":
        return cls.model_construct(
            id=task.id,
            title=task.title,
            notes=task.notes,
            priority=PRIORITIES[task.priority],
            tags=task.tags,
            due=due_of(task),
            repeat=task.repeat,
            repeat_from=task.repeat_from,
            moved_from=task.moved_from,
            done=task.done,
            created_at=task.created_at,
            updated_at=task.updated_at,
            completed_at=task.completed_at,
            deleted_at=task.deleted_at,
        )

    def values(self, owner: str, now: datetime) -> dict[str, Any]:
        """The columns of the task, without its id; `now` is where the importer is, and so is its day."""
        due = self.due or self._first_due(now.date())
        return {
            "owner": owner,
            "title": self.title,
            "notes": self.notes,
            "priority": PRIORITIES.index(self.priority),
            "tags": self.tags,
            "due_date": due.date if due else None,
            "due_time": due.time if due else None,
            "due_zone": due.time_zone if due else None,
            "due_sort": due.sort_key if due else NEVER,
            "repeat": self.repeat if due else None,
            "repeat_from": (self.repeat_from or due.date) if due and self.repeat else None,
            "moved_from": self.moved_from if due and self.repeat else None,
            "done": self.done,
            "version": 1,
            "created_at": self.created_at or now,
            "updated_at": self.updated_at or self.created_at or now,
            "completed_at": (self.completed_at or now) if self.done else None,
            "deleted_at": self.deleted_at,
            "search_text": search_text(owner, self.title, self.notes, self.tags),
        }

    def _first_due(self, today: date) -> Due | None:
        day = next_date(self.repeat, today, today - ONE_DAY) if self.repeat else None
        return Due(date=day) if day else None
