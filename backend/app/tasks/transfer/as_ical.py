"""iCalendar (RFC 5545): a VTODO each. Time zones are named without their tables, as RFC 7809 allows.

A time of no zone is one of the calendar's `X-WR-TIMEZONE`, which Apple and Google write; without it none is said.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from app.tasks.due import zone
from app.tasks.transfer.lines import Lines
from app.tasks.transfer.rows import Row

MEDIA_TYPE = "text/calendar"
TAIL = "END:VCALENDAR\r\n"
PRIORITY = {"high": 1, "medium": 5, "low": 9}
MOMENTS = {"CREATED": "created_at", "LAST-MODIFIED": "updated_at", "COMPLETED": "completed_at"}
LONGEST_LINE = 1 << 20
_ESCAPED = re.compile(r"\\([\\;,nN])")
_LISTED = re.compile(r"(?:\\.|[^\\,]|\\$)+")
_TZID = re.compile(r'(?:^|;)TZID="?([^";:]+)', re.IGNORECASE)
_HEAD = re.compile(r'[^":]*(?:"[^"]*"[^":]*)*')  # a colon in quotes belongs to a parameter


def head() -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//todo-app//Todo chatbot//EN\r\n"


def item(row: Row, _: bool) -> str:
    lines = ["BEGIN:VTODO", f"UID:{row.id}", f"DTSTAMP:{_utc(row.updated_at or datetime.now(UTC))}"]
    lines += [f"{name}:{_utc(getattr(row, field))}" for name, field in MOMENTS.items() if getattr(row, field)]
    lines.append(f"SUMMARY:{_escape(row.title)}")
    if row.notes:
        lines.append(f"DESCRIPTION:{_escape(row.notes)}")
    if row.priority != "none":
        lines.append(f"PRIORITY:{PRIORITY[row.priority]}")
    if row.tags:
        lines.append("CATEGORIES:" + ",".join(map(_escape, row.tags)))
    if row.due and row.due.time and row.due.time_zone == "UTC":  # which no TZID may name
        lines.append(f"DUE:{row.due.date:%Y%m%d}T{row.due.time:%H%M%S}Z")
    elif row.due and row.due.time:
        lines.append(f"DUE;TZID={row.due.time_zone}:{row.due.date:%Y%m%d}T{row.due.time:%H%M%S}")
    elif row.due:
        lines.append(f"DUE;VALUE=DATE:{row.due.date:%Y%m%d}")
    if row.repeat:
        lines.append(f"RRULE:{row.repeat}")
    lines += [f"STATUS:{_status(row)}", "END:VTODO"]
    return "".join(_fold(line) for line in lines)


def read(file: IO[str]) -> Iterator[tuple[str, Any]]:
    """The VTODOs of a calendar; the rest is passed over, as are alarms inside of them. Raises ValueError."""
    found: dict[str, Any] | None = None
    whose: str | None = None
    start = number = inside = 0
    for number, line in _unfolded(file):
        name, parameters, value = _parts(line)
        if number == 1 and line.strip().upper() != "BEGIN:VCALENDAR":
            raise ValueError("line 1: a calendar begins with BEGIN:VCALENDAR")
        if (name, value.strip().upper()) == ("BEGIN", "VTODO"):
            start, found, inside = number, {}, 0
        elif (name, value.strip().upper()) == ("END", "VTODO") and found is not None:
            yield f"line {start}", found
            found = None
        elif name in ("BEGIN", "END"):
            inside = max(0, inside + (1 if name == "BEGIN" else -1))
        elif found is not None and not inside:
            _take(found, name, parameters, value, whose)
        elif name == "X-WR-TIMEZONE" and found is None:
            whose = _known(value.strip())
    if number == 0 or found is not None:
        raise ValueError(f"line {number}: the calendar ends too early")


def _take(found: dict[str, Any], name: str, parameters: str, value: str, whose: str | None) -> None:
    if name == "SUMMARY":
        found["title"] = _unescape(value)
    elif name == "DESCRIPTION":
        found["notes"] = _unescape(value)
    elif name == "CATEGORIES":
        tags = [re.sub(r"\s+", "-", _unescape(tag).strip()) for tag in _LISTED.findall(value)]
        found.setdefault("tags", []).extend(filter(None, tags))
    elif name == "PRIORITY" and value.isdecimal():
        found["priority"] = ["none", *["high"] * 4, "medium", *["low"] * 4][int(value)] if len(value) == 1 else value
    elif name == "DUE":
        found["due"] = _due(parameters, value, whose)
    elif name == "RRULE":
        found["repeat"] = value
    elif name == "STATUS" and value.strip().upper() == "CANCELLED":
        found["deleted_at"] = datetime.now(UTC)
    elif name == "STATUS":
        found["done"] = value.strip().upper() == "COMPLETED"
    elif name in MOMENTS:
        found[MOMENTS[name]] = _iso(value) + "Z"
        if name == "COMPLETED":
            found.setdefault("done", True)
    elif name == "UID":
        try:
            found["id"] = str(uuid.UUID(value))
        except ValueError:
            found["id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, value))


def _status(row: Row) -> str:
    """A deleted task would come back to life in a calendar that knew nothing of it."""
    if row.deleted_at is not None:
        return "CANCELLED"
    return "COMPLETED" if row.done else "NEEDS-ACTION"


def _due(parameters: str, value: str, whose: str | None) -> dict[str, str]:
    if "T" not in value:
        return {"date": _iso(value)}
    day, _, clock = _iso(value).partition("T")
    named = _TZID.search(parameters)
    where = "UTC" if value.endswith("Z") else named[1] if named else whose
    return {"date": day, "time": clock} | ({"time_zone": where} if where else {})


def _known(name: str) -> str | None:
    try:
        return zone(name).key
    except ValueError:
        return None


def _iso(value: str) -> str:
    day, _, clock = value.rstrip("Z").partition("T")
    dated = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return f"{dated}T{clock[:2]}:{clock[2:4]}:{clock[4:]}" if clock else dated


def _unfolded(file: IO[str]) -> Iterator[tuple[int, str]]:
    pending, start = "", 1
    lines = Lines(file)
    for number, line in enumerate(lines, 1):
        lines.begin()
        line = line.rstrip("\r\n")
        if line[:1] in (" ", "\t") and len(pending) < LONGEST_LINE:
            pending += line[1:]
            continue
        if pending:
            yield start, pending
        pending, start = line, number
    if pending:
        yield start, pending


def _parts(line: str) -> tuple[str, str, str]:
    found = _HEAD.match(line)
    head = found[0] if found else ""
    name, _, parameters = head.partition(";")
    return name.strip().upper(), parameters, line[len(head) + 1 :]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape(value: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", value).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _unescape(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _fold(line: str) -> str:
    """At most 75 bytes a line, never inside a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 74:
            pieces.append(piece)
            piece, size = "", 1
        piece, size = piece + character, size + width
    return "\r\n ".join([*pieces, piece]) + "\r\n"
