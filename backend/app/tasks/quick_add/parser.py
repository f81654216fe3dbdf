"""One line of text becomes a task: what was typed, less what was understood, is the title."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.tasks.quick_add.calendar import first_occurrence
from app.tasks.quick_add.dates import Day, match_date
from app.tasks.quick_add.lexicon import DAY_PARTS, DIGITS
from app.tasks.quick_add.marks import ADDRESS, QUOTED, TAG, match_priority
from app.tasks.quick_add.repeats import Repeat, match_repeat
from app.tasks.quick_add.times import Clock, in_part, match_time
from app.tasks.quick_add.values import Kind, Parsed, Span, When

MAX_LENGTH = 2_000
_WORD = re.compile(r"(?<!\S)\S|(?<=[(\[,;])\S")


@dataclass
class _Found:
    """What a reading of the line has met so far. A later date or time replaces an earlier one."""

    spans: list[tuple[int, int, Kind]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    priority: str = "none"
    day: Day | None = None
    clock: Clock | None = None
    repeat: Repeat | None = None

    def replace(self, kind: str, start: int, end: int) -> None:
        """Keep one span of a kind; what is replaced returns to the title."""
        self.spans = [span for span in self.spans if span[2] != kind]
        self.spans.append((start, end, kind))  # type: ignore[arg-type]


def parse(text: str, *, now: datetime, time_zone: str | None = None) -> Parsed:
    """Read a line of quick-add.

    `now` is aware; dates are meant in `time_zone` (an IANA name), else in the zone of `now`. Text past 2,000
    characters is title. Nothing is an error: what is not understood is the title.
    """
    local = now.astimezone(_zone(time_zone) or now.tzinfo)
    lowered = normalise(text)
    found = _Found()
    position, protected = 0, _protected(lowered)
    while (word := _WORD.search(lowered, position, MAX_LENGTH)) is not None:
        start = word.start()
        position = protected.get(start) or _read_at(lowered, text, start, local, found) or start + 1
    return _assemble(text, found, local, time_zone)


def normalise(text: str) -> str:
    """Lower case and Western digits, each character staying where it was."""
    lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(DIGITS)


def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _protected(text: str) -> dict[int, int]:
    """Where quotations and addresses begin and end: nothing inside them is a mark."""
    return {found.start(): found.end() for rule in (ADDRESS, QUOTED) for found in rule.finditer(text)}


def _read_at(text: str, original: str, start: int, now: datetime, found: _Found) -> int | None:
    if tag := TAG.match(text, start):
        name = original[tag.start("tag") : tag.end("tag")]
        if name.lower() not in (known.lower() for known in found.tags):
            found.tags.append(name)
        found.spans.append((start, tag.end(), "tag"))
        return tag.end()
    if priority := match_priority(text, start):
        found.priority = priority[1]
        found.replace("priority", start, priority[0])
        return priority[0]
    if repeat := match_repeat(text, start, now):
        found.repeat = repeat[1]
        found.replace("repeat", start, repeat[0])
        return repeat[0]
    return _read_moment(text, start, now, found)


def _read_moment(text: str, start: int, now: datetime, found: _Found) -> int | None:
    day, clock = match_date(text, start, now), match_time(text, start)
    if day and (not clock or day[0] >= clock[0]):
        found.day = day[1]
        found.clock = None if day[1].time else found.clock
        found.replace("due:day", start, day[0])
        return day[0]
    if clock:
        found.clock = clock[1]
        found.replace("due:time", start, clock[0])
        return clock[0]
    return None


def _assemble(text: str, found: _Found, now: datetime, time_zone: str | None) -> Parsed:
    marks = sorted((start, end, kind.split(":")[0]) for start, end, kind in found.spans)
    spans = [Span(start, end, kind, text[start:end]) for start, end, kind in marks]  # type: ignore[arg-type]
    rest = _remaining(text, spans)
    spans.extend(Span(start, end, "title", text[start:end]) for start, end in rest)
    return Parsed(
        title=_title([text[start:end] for start, end in rest]),
        priority=found.priority,
        tags=tuple(found.tags),
        due=_due(found, now, time_zone or getattr(now.tzinfo, "key", None)),
        repeat=found.repeat.rule if found.repeat else None,
        spans=tuple(sorted(spans, key=lambda span: span.start)),
    )


def _remaining(text: str, spans: list[Span]) -> list[tuple[int, int]]:
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    pieces = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        piece = text[start:end]
        if piece.strip().strip(" \t\r\n,;-–—"):
            left = start + len(piece) - len(piece.lstrip())
            pieces.append((left, left + len(piece.strip())))
    return pieces


def _title(pieces: list[str]) -> str:
    title = re.sub(r"\s+", " ", " ".join(pieces)).strip(" ,:;-–—")
    title = re.sub(r"\s+([,.;!?])(?=\s|$)", r"\1", title)
    if (quoted := QUOTED.fullmatch(title)) is not None:
        return next(part for part in quoted.groups() if part).strip()
    return title


def _due(found: _Found, now: datetime, time_zone: str | None) -> When | None:
    today = now.date()
    clock = _clock(found)
    if found.day:
        day = found.day.date
    elif found.repeat:
        day = first_occurrence(found.repeat.rule, today)
        if day == today and clock and clock <= now.time():
            day = first_occurrence(found.repeat.rule, today + timedelta(days=1))
    elif clock:
        past = clock <= now.time() and not (found.clock and found.clock.today)
        day = today + timedelta(days=1) if past else today
    else:
        return None
    return When(day, clock, time_zone if clock else None)


def _clock(found: _Found) -> time | None:
    part = found.day.part if found.day else None
    if found.clock:
        clock = found.clock.time
        if part and not found.clock.certain:
            return clock.replace(hour=in_part((clock.hour - 1) % 12 + 1, part) % 24)
        return clock
    if found.day and found.day.time:
        return found.day.time
    if part:
        return time(DAY_PARTS[part])
    return found.repeat.time if found.repeat else None
