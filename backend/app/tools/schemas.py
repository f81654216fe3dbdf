"""What goes into the tools and comes out of them."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.tasks.schemas import Priority, TaskOut, Timestamp

Act = Literal["add", "complete", "reopen", "update", "reschedule", "delete"]
References = Annotated[
    list[Annotated[str, Field(max_length=300)]],
    Field(
        min_length=1,
        max_length=50,
        description="Which tasks: ids, titles (typos are fine), or #2 for the second open one",
    ),
]
DueText = Annotated[
    str,
    Field(
        max_length=100,
        description="2026-12-03, 2026-12-03T17:00 (the user's time zone), or words such as 'tomorrow 5pm'",
        examples=["2026-12-03T17:00", "next friday"],
    ),
]
RepeatText = Annotated[
    str,
    Field(max_length=300, description="An RRULE, or words such as 'every weekday'", examples=["FREQ=WEEKLY;BYDAY=MO"]),
]
TagNames = Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=20)]


class NewTask(BaseModel):
    """A task to add."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=200)]
    notes: Annotated[str, Field(max_length=10_000)] = ""
    priority: Priority = "none"
    tags: TagNames = []
    due: DueText | None = None
    repeat: RepeatText | None = None


class Where(BaseModel):
    """A group of tasks, by what they have in common."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["open", "done", "all", "deleted"] = "open"
    query: Annotated[str, Field(max_length=200)] | None = None
    priority: Priority | None = None
    tag: Annotated[str, Field(max_length=50)] | None = None
    due: Literal["overdue", "today", "tomorrow", "week"] | None = None
    due_after: Annotated[str, Field(max_length=30)] | None = Field(default=None, description="The first day, included")
    due_before: Annotated[str, Field(max_length=30)] | None = Field(default=None, description="The last day, included")


class Changes(BaseModel):
    """What an update or a reschedule sets. What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    notes: Annotated[str, Field(max_length=10_000)] | None = None
    priority: Priority | None = None
    add_tags: TagNames | None = None
    remove_tags: TagNames | None = None
    due: DueText | None = Field(default=None, description="'none' removes it; '+2 days' moves it")
    repeat: RepeatText | None = Field(default=None, description="'none' stops the repeating")


class Candidate(BaseModel):
    id: uuid.UUID
    title: str


class Failure(BaseModel):
    """Why one of the tasks was left as it is. The others of the batch were done."""

    reference: str
    reason: Literal["not_found", "ambiguous", "invalid", "changed", "empty"]
    message: str
    candidates: list[Candidate] = []


class PlanOut(BaseModel):
    """An act that waits for the user's confirmation, with the exact tasks."""

    plan_id: uuid.UUID
    act: Act
    summary: str
    tasks: list[dict[str, Any]]
    changes: dict[str, Any] | None = None
    expires_at: Timestamp


class Outcome(BaseModel):
    """What a tool did: the tasks as they are now, what failed, and what waits for a confirmation."""

    tasks: list[TaskOut] = []
    failed: list[Failure] = []
    undo_token: str | None = None
    plan: PlanOut | None = None


class Counts(BaseModel):
    open: int
    done: int
    overdue: int
    due_today: int


class Listing(BaseModel):
    """Tasks in order; `total` counts all that match."""

    tasks: list[TaskOut]
    total: int
    counts: Counts
