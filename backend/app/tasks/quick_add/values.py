"""What the grammar answers with."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any, Literal

Kind = Literal["tag", "priority", "due", "repeat", "title"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of the text and what they were understood as."""

    start: int
    end: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class When:
    """A date, or a date and a time in the user's zone."""

    date: date
    time: time | None = None
    time_zone: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        return {
            "date": self.date.isoformat(),
            "time": self.time.strftime("%H:%M") if self.time else None,
            "time_zone": self.time_zone if self.time else None,
        }


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line of quick-add, understood. `title` is empty when nothing but marks was typed."""

    title: str
    priority: str = "none"
    tags: tuple[str, ...] = ()
    due: When | None = None
    repeat: str | None = None
    spans: tuple[Span, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The JSON of `POST /api/tasks/parse`."""
        return {
            "title": self.title,
            "priority": self.priority,
            "tags": list(self.tags),
            "due": self.due.as_dict() if self.due else None,
            "repeat": self.repeat,
            "spans": [asdict(span) for span in self.spans],
        }
