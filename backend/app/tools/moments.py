"""Dues and repeats as models and people write them: ISO, words, "+2 days", "none"."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from app.operations.problems import Unprocessable
from app.tasks.due import Due
from app.tasks.quick_add import parse
from app.tasks.schemas import TaskOut
from app.tasks.urgency import Clock

NONE = re.compile(r"(?:none|no|remove|clear|null|never|)", re.IGNORECASE)
SHIFT = re.compile(r"\+\s*(.+)")
ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?)?")


def is_none(text: str) -> bool:
    return NONE.fullmatch(text.strip()) is not None


def read_due(text: str, clock: Clock, *, task: TaskOut | None = None) -> Due:
    """The due that the text means. Raises Unprocessable with a sentence."""
    now, zone = clock.now.astimezone(clock.zone), clock.zone.key
    if (shift := SHIFT.fullmatch(text.strip())) is not None:
        return _shifted(shift[1], task, now, zone)
    if (iso := ISO.fullmatch(text.strip())) is not None:
        try:
            clock_time = time(int(iso[2]), int(iso[3])) if iso[2] else None
            return _due(date.fromisoformat(iso[1]), clock_time, zone)
        except ValueError:
            raise _not_understood(text) from None
    parsed = parse(text, now=now, time_zone=zone)
    if parsed.due is None or len(parsed.title) > 12:
        raise _not_understood(text)
    return _due(parsed.due.date, parsed.due.time, zone)


def read_repeat(text: str, clock: Clock) -> str:
    """The RRULE that the text means. Raises Unprocessable with a sentence."""
    if "FREQ=" in text.upper():
        return text.strip().upper().removeprefix("RRULE:")
    phrase = text if re.match(r"\s*(?:every|each|har|ہر|daily|weekly|monthly|yearly)", text, re.I) else f"every {text}"
    parsed = parse(phrase, now=clock.now.astimezone(clock.zone), time_zone=clock.zone.key)
    if parsed.repeat is None:
        raise Unprocessable(f"“{text[:60]}” is not a repeat that is understood, such as “every monday”.")
    return parsed.repeat


def _shifted(amount: str, task: TaskOut | None, now: datetime, zone: str) -> Due:
    due = task.due if task else None
    start = datetime.combine(due.date, due.time or time(0), now.tzinfo) if due else now
    parsed = parse(f"in {amount}", now=start, time_zone=zone)
    if parsed.due is None:
        raise _not_understood(f"+{amount}")
    keep = parsed.due.time or (due.time if due else None)
    return _due(parsed.due.date, keep, due.time_zone or zone if due else zone)


def _due(day: date, clock_time: time | None, zone: str) -> Due:
    try:
        return Due(date=day, time=clock_time, time_zone=zone if clock_time else None)
    except ValueError:
        raise Unprocessable(f"{day.isoformat()} is not a date that can be kept.") from None


def _not_understood(text: str) -> Unprocessable:
    return Unprocessable(f"“{text[:60]}” is not a date that is understood, such as “tomorrow 5pm” or 2026-12-03.")
