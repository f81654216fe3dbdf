"""When a task is due: a date, or a date and a time in a time zone."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
END_OF_DAY = time(23, 59, 59, 999999)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of this name. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path outside the database, or a folder of it
        raise ValueError(f"{name[:64]!r} is not a time zone such as Asia/Karachi") from None


def _known_zone(name: str) -> str:
    zone(name)
    return name


def written(pattern: str, example: str) -> Callable[[Any], Any]:
    """Accepts text of this form alone; Pydantic would also take the number 5 for a date, counted from 1970."""
    form = re.compile(pattern, re.ASCII)

    def check(value: Any) -> Any:
        if not (form.fullmatch(value) if isinstance(value, str) else isinstance(value, date | time)):
            raise ValueError(f"must be written like {example}")
        return value

    return check


def _in_range(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"must be between {FIRST_DAY} and {LAST_DAY}")
    return day


def _to_the_minute(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("takes no offset; name the zone in time_zone")
    return value.replace(second=0, microsecond=0)


ZoneName = Annotated[str, Field(min_length=1, max_length=64, examples=["Asia/Karachi"]), AfterValidator(_known_zone)]
Day = Annotated[date, BeforeValidator(written(r"\d{4}-\d\d-\d\d", "2026-12-03")), AfterValidator(_in_range)]
Minute = Annotated[
    time,
    BeforeValidator(written(r"\d\d:\d\d(:\d\d)?", "17:00")),
    AfterValidator(_to_the_minute),
    PlainSerializer(lambda t: f"{t:%H:%M}", return_type=str),
    # Format "time" of JSON Schema would ask for an offset (RFC 3339).
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}),
]


class Due(BaseModel):
    """A date means any time of that day, wherever one is. A time is one of the given zone, by default of UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: Day = Field(examples=["2026-12-03"])
    time: Minute | None = Field(default=None, examples=["17:00"])
    time_zone: ZoneName | None = None

    @model_validator(mode="after")
    def _zone_belongs_to_time(self) -> Self:
        wanted = None if self.time is None else self.time_zone or "UTC"
        if self.time_zone != wanted:
            object.__setattr__(self, "time_zone", wanted)
        return self

    @property
    def sort_key(self) -> datetime:
        """The moment that it is due; a date alone sorts after the times of that day."""
        if self.time is None or self.time_zone is None:
            return datetime.combine(self.date, END_OF_DAY, UTC)
        return datetime.combine(self.date, self.time, zone(self.time_zone)).astimezone(UTC)
