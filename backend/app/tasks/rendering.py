"""A page of tasks as JSON, from rows as the driver gave them: a list of a hundred is read far more often than written.

`TaskPage.model_dump_json` says the same, ten times slower; a test holds them together. SQLite gives moments as
microseconds, days and times as text and ids as bare digits; PostgreSQL gives Python's own values.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from app.db.types import EPOCH, micros
from app.tasks.model import PRIORITIES
from app.tasks.urgency import Clock, Marks, Steps, score, steps

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_CREATED = 13  # the place of created_at in a row


def page_json(rows: list[Any], next_cursor: str | None, clock: Clock) -> bytes:
    """The body of a list of tasks, given rows of `RAW_COLUMNS` and the sort key."""
    marks = Marks.of(clock, micros) if rows and isinstance(rows[0][_CREATED], int) else clock.marks
    items = ",".join([render(row, marks) for row in rows])
    return f'{{"items":[{items}],"next_cursor":{_json(next_cursor)}}}'.encode()


def render(row: Any, marks: Marks) -> str:
    """The JSON of a task. Its urgency depends on the clock, the rest on nothing but the row."""
    _, _, _, _, priority, _, day, time, _, due, _, done, _, created, _, _, deleted, _ = row
    live = not done and deleted is None
    pressing = steps(priority, None if day is None else due, time is not None, created, marks, live=live)
    return _lasting(row) + _urgency(pressing)


@lru_cache(maxsize=512)
def _lasting(row: tuple[Any, ...]) -> str:
    """All but the urgency. Whoever looks at a list looks at it again, and few of its tasks have changed by then."""
    (
        _, key, title, notes, priority, tags, day, time, zone, _, repeat, done, version,
        created, updated, completed, deleted, _,
    ) = row  # fmt: skip
    return (
        f'{{"id":"{_id(key)}","title":{_json(title)},"notes":{_json(notes)},"priority":"{PRIORITIES[priority]}"'
        f',"tags":{tags},"due":{_due(day, time, zone)},"repeat":{_json(repeat)},"done":{_json(bool(done))}'
        f',"version":{version},"created_at":{_written(created)},"updated_at":{_written(updated)}'
        f',"completed_at":{_written(completed)},"deleted_at":{_written(deleted)},"urgency":'
    )


def _id(key: Any) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}" if isinstance(key, str) else str(key)


def _due(day: Any, time: Any, zone: str | None) -> str:
    if day is None:
        return "null"
    return f'{{"date":"{day}","time":{_json(str(time)[:5] if time else None)},"time_zone":{_json(zone)}}}'


@cache
def _urgency(pressing: Steps) -> str:
    return f'{{"score":{score(pressing)},"reasons":{_json([why for _, why in pressing])}}}}}'


def _moment(value: Any) -> datetime:
    return EPOCH + timedelta(microseconds=value) if isinstance(value, int) else value.astimezone(UTC)


def _written(value: Any) -> str:
    return "null" if value is None else f'"{_moment(value).isoformat()[:-6]}Z"'  # always UTC: +00:00
