"""A page of tasks as JSON, from rows as the driver gave them: a list of a hundred is read far more often than written.

`TaskPage.model_dump_json` says the same, ten times slower; a test holds them together. SQLite gives moments as
microseconds, days and times as text, ids as bare digits and tags as JSON; PostgreSQL gives Python's own values.
"""

import json
from datetime import UTC, datetime, timedelta
from json.encoder import encode_basestring as _text
from typing import Any

from app.db.types import EPOCH
from app.tasks.model import PRIORITIES
from app.tasks.urgency import Clock, Steps, score, steps

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def page_json(rows: list[Any], next_cursor: str | None, clock: Clock) -> bytes:
    """The body of a list of tasks, given rows of `RAW_COLUMNS` and the sort key."""
    items = ",".join([render(row, clock) for row in rows])
    return f'{{"items":[{items}],"next_cursor":{_json(next_cursor)}}}'.encode()


def render(row: Any, clock: Clock) -> str:
    """The JSON of a task."""
    (
        _, key, title, notes, priority, tags, day, time, zone, due_sort, repeat, done, version,
        created, updated, completed, deleted, _,
    ) = row  # fmt: skip
    created_at = _moment(created)
    live = not done and deleted is None
    due = _moment(due_sort) if live and day is not None else None
    pressing = steps(priority, due, time is not None, created_at, clock, live=live)
    born = _quoted(created_at)
    return (
        f'{{"id":"{_id(key)}","title":{_text(title)},"notes":{_text(notes)},"priority":"{PRIORITIES[priority]}"'
        f',"tags":{tags if isinstance(tags, str) else _json(tags)},"due":{_due(day, time, zone)}'
        f',"repeat":{_text(repeat) if repeat else "null"},"done":{"true" if done else "false"},"version":{version}'
        f',"created_at":{born},"updated_at":{born if updated == created else _written(updated)}'
        f',"completed_at":{_written(completed)},"deleted_at":{_written(deleted)},"urgency":{_urgency(pressing)}}}'
    )


def _id(key: Any) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}" if isinstance(key, str) else str(key)


def _due(day: Any, time: Any, zone: str | None) -> str:
    if day is None:
        return "null"
    if time is None:
        return f'{{"date":"{day}","time":null,"time_zone":null}}'
    return f'{{"date":"{day}","time":"{str(time)[:5]}","time_zone":{_json(zone)}}}'


def _urgency(pressing: Steps) -> str:
    reasons = _json([why for _, why in pressing]) if pressing else "[]"
    return f'{{"score":{score(pressing)},"reasons":{reasons}}}'


def _moment(value: Any) -> datetime:
    return EPOCH + timedelta(microseconds=value) if isinstance(value, int) else value.astimezone(UTC)


def _written(value: Any) -> str:
    return "null" if value is None else _quoted(_moment(value))


def _quoted(moment: datetime) -> str:
    return f'"{moment.isoformat()[:-6]}Z"'  # always UTC: +00:00
