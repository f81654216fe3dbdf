"""What the tasks of one user must be: the promises of the API in a few lines over a dict."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

DAILY = "FREQ=DAILY"  # the one repeat here, so that the next task is due a day later


@dataclass(frozen=True)
class Task:
    title: str
    priority: str = "none"
    tags: tuple[str, ...] = ()
    due: date | None = None
    repeat: str | None = None
    done: bool = False
    deleted: bool = False
    version: int = 1
    start: date | None = field(default=None, compare=False)  # of the repeat; the API does not show it

    @classmethod
    def of(cls, json: dict[str, Any]) -> Task:
        """A task as the API shows it."""
        return cls(
            title=json["title"],
            priority=json["priority"],
            tags=tuple(json["tags"]),
            due=date.fromisoformat(json["due"]["date"]) if json["due"] else None,
            repeat=json["repeat"],
            done=json["done"],
            deleted=json["deleted_at"] is not None,
            version=json["version"],
        )

    def patched(self, changes: dict[str, Any]) -> Task | None:
        """With these fields; None when that makes no sense. `done` has a method of its own."""
        new = replace(self, **{name: value for name, value in changes.items() if name != "done"})
        if new.repeat and new.due is None:
            return None
        return replace(new, start=new.due if new.repeat else None) if changes.keys() & {"due", "repeat"} else new

    def completed(self) -> tuple[Task, Task | None]:
        """Done, and the next one if it repeats. Nothing happens to what is done already."""
        if self.done or self.repeat is None:
            return replace(self, done=True), None
        assert self.due is not None
        assert self.start is not None
        following = replace(self, due=max(self.start, self.due + timedelta(days=1)))
        return replace(self, done=True, repeat=None, start=None), following


@dataclass
class Change:
    """What one request did: each task before it (None for a new one) and its version after it."""

    before: dict[str, Task | None]
    after: dict[str, int]
    undone: bool = False


@dataclass
class Plan:
    act: str
    shown: dict[str, int]  # the tasks and their versions
    settled: bool = False


@dataclass
class User:
    tasks: dict[str, Task] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)  # by undo token
    plans: dict[str, Plan] = field(default_factory=dict)

    def change(self, token: str, after: dict[str, Task]) -> None:
        """Every task named is new or as given from now on, one version later, under one token."""
        before = {task: self.tasks.get(task) for task in after}
        for task, state in after.items():
            old = before[task]
            self.tasks[task] = replace(state, version=old.version + 1 if old else 1)
        self.changes[token] = Change(before, {task: self.tasks[task].version for task in after})

    def undo(self, token: str) -> int:
        """Takes it back where that is possible; the status that the API must answer with."""
        change = self.changes.get(token)
        if change is None:
            return 404
        if change.undone or any(self.tasks[task].version != version for task, version in change.after.items()):
            return 409
        change.undone = True
        for task, before in change.before.items():
            now = self.tasks[task]
            self.tasks[task] = replace(before or replace(now, deleted=True), version=now.version + 1)
        return 200

    def holds(self, plan: Plan) -> bool:
        """Whether it may be confirmed: nothing of it has changed since it was shown."""
        now = [(self.tasks[task], version) for task, version in plan.shown.items()]
        return not plan.settled and all(task.version == version and not task.deleted for task, version in now)
