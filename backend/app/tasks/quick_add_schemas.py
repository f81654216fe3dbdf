"""What goes in and out of POST /api/tasks/parse."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.functional_validators import AfterValidator

from app.tasks import examples
from app.tasks.due import FIRST_DAY, LAST_DAY, Due, ZoneName
from app.tasks.schemas import Priority


def _in_range(value: datetime) -> datetime:
    if not FIRST_DAY.year < value.year < LAST_DAY.year:
        raise ValueError(f"must be between {FIRST_DAY} and {LAST_DAY}")
    return value


class ParseLine(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.LINE]})

    text: str = Field(max_length=1000, examples=["Pay rent !high #home every month on the 1st"])
    time_zone: ZoneName | None = Field(default=None, description="By default that of the Time-Zone header")
    now: Annotated[AwareDatetime, AfterValidator(_in_range)] | None = Field(
        default=None, description="What “tomorrow” counts from"
    )


class Span(BaseModel):
    """A place of the text that was understood, in characters from its start."""

    start: int
    end: int
    kind: Literal["tag", "priority", "due", "repeat", "title"]
    text: str


class ParsedLine(BaseModel):
    title: str = Field(description="What is left when the marks are taken out; it may be empty")
    priority: Priority
    tags: list[str]
    due: Due | None
    repeat: str | None
    spans: list[Span]
