"""What goes in and out of /api/tasks."""

import re
import unicodedata
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from app.operations.problems import ProblemDetails
from app.tasks import examples
from app.tasks.due import Due
from app.tasks.model import PRIORITIES
from app.tasks.recurrence import normalise_rule
from app.tasks.urgency import Clock, Urgency, urgency

# Control characters, and halves of characters, which no database takes.
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_CONTROL_IN_NOTES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_IN_TAG = re.compile("[\x00-\x20\x7f#,\ud800-\udfff]|\\s")
LONGEST_TAG = 50


def _one_line(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("must be one line without control characters")
    return value


def _notes(value: str) -> str:
    if _CONTROL_IN_NOTES.search(value):
        raise ValueError("must not hold control characters")
    return value


def _tag(value: str) -> str:
    value = unicodedata.normalize("NFC", value.removeprefix("#").casefold())
    if not value or _NOT_IN_TAG.search(value):
        raise ValueError("a tag is one word without '#' and ','")
    if len(value) > LONGEST_TAG:  # ß in small letters is ss
        raise ValueError(f"a tag has at most {LONGEST_TAG} characters in small letters")
    return value


def strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _rfc3339(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


one_line = AfterValidator(_one_line)
Priority = Literal["none", "low", "medium", "high"]
Title = Annotated[str, BeforeValidator(strip), Field(min_length=1, max_length=200, examples=["Buy milk"]), one_line]
storable = AfterValidator(_notes)
Notes = Annotated[str, Field(max_length=10_000, description="Markdown"), storable]
Tag = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG, examples=["home"]), AfterValidator(_tag)]
Tags = Annotated[list[Tag], Field(max_length=20), AfterValidator(lambda tags: list(dict.fromkeys(tags)))]
Rule = Annotated[
    str,
    Field(max_length=300, description="An RRULE (RFC 5545) without its prefix", examples=["FREQ=WEEKLY;BYDAY=MO"]),
    AfterValidator(normalise_rule),
]
Timestamp = Annotated[datetime, PlainSerializer(_rfc3339, return_type=str, when_used="json")]


class TaskCreate(BaseModel):
    """A task to be. A repeat without a due starts at the rule's first day from today on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.RENT]})

    title: Title
    notes: Notes = ""
    priority: Priority = "none"
    tags: Tags = []
    due: Due | None = None
    repeat: Rule | None = None


class TaskPatch(BaseModel):
    """The fields to change; those left out stay. `null` clears due and repeat."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "Pay the rent"}]})

    title: Title = ""
    notes: Notes = ""
    priority: Priority = "none"
    tags: Tags = []
    due: Due | None = None
    repeat: Rule | None = None
    done: bool = False

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, as Python values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Reschedule(BaseModel):
    """Another due for this time; a repeating task keeps the rhythm that it had."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"due": examples.CALL_DUE}]})

    due: Due


class TaskOut(BaseModel):
    """A task as everybody sees it."""

    id: uuid.UUID
    title: str
    notes: str
    priority: Priority
    tags: list[str]
    due: Due | None
    repeat: str | None
    done: bool
    version: int
    created_at: Timestamp
    updated_at: Timestamp
    completed_at: Timestamp | None
    deleted_at: Timestamp | None
    urgency: Urgency

    @classmethod
    def of(cls, task: Any, clock: Clock) -> Self:
        return cls.model_construct(
            id=task.id,
            title=task.title,
            notes=task.notes,
            priority=PRIORITIES[task.priority],
            tags=task.tags,
            due=due_of(task),
            repeat=task.repeat,
            done=task.done,
            version=task.version,
            created_at=task.created_at,
            updated_at=task.updated_at,
            completed_at=task.completed_at,
            deleted_at=task.deleted_at,
            urgency=urgency(task, clock),
        )


class TaskCompleted(TaskOut):
    """A completed task and, when it repeats, the next one."""

    next: TaskOut | None = None


class TaskPage(BaseModel):
    items: list[TaskOut]
    next_cursor: str | None = Field(description="Asks for the page after this one; null on the last")


class TaskBatch(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.BATCH]})

    tasks: list[Any] = Field(min_length=1, max_length=100, description="Tasks to create, each as for POST /api/tasks")


class BatchResult(BaseModel):
    """What became of the task at this place of the batch."""

    status: Literal[201, 422]
    task: TaskOut | None = None
    problem: ProblemDetails | None = None


class BatchResults(BaseModel):
    results: list[BatchResult]


def due_of(task: Any) -> Due | None:
    if task.due_date is None:
        return None
    return Due.model_construct(date=task.due_date, time=task.due_time, time_zone=task.due_zone)
