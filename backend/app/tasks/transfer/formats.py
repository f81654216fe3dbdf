"""The formats by name and by media type."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Literal

from app.tasks.transfer import as_csv, as_ical, as_json
from app.tasks.transfer.rows import Row

FormatName = Literal["json", "csv", "ics"]


@dataclass(frozen=True)
class Format:
    """How to write a file of tasks, and how to read one as (line, values)."""

    media_type: str
    head: Callable[[], str]
    item: Callable[[Row, bool], str]
    tail: str
    read: Callable[[IO[str]], Iterator[tuple[str, Any]]]


FORMATS: dict[FormatName, Format] = {
    "json": Format(as_json.MEDIA_TYPE, as_json.head, as_json.item, as_json.TAIL, as_json.read),
    "csv": Format(as_csv.MEDIA_TYPE, as_csv.head, as_csv.item, as_csv.TAIL, as_csv.read),
    "ics": Format(as_ical.MEDIA_TYPE, as_ical.head, as_ical.item, as_ical.TAIL, as_ical.read),
}
BY_MEDIA_TYPE = {format.media_type: format for format in FORMATS.values()}
