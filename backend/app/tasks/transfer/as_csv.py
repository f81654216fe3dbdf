"""CSV, for spreadsheets. A cell that a spreadsheet would run as a formula gets an apostrophe, and loses it here."""

import csv
import io
from collections.abc import Iterator
from typing import IO, Any

from app.tasks.transfer.lines import Lines
from app.tasks.transfer.rows import Row

MEDIA_TYPE = "text/csv"
COLUMNS = (
    "id", "title", "notes", "priority", "tags", "due_date", "due_time", "due_time_zone", "repeat", "repeat_from",
    "moved_from", "done", "created_at", "updated_at", "completed_at", "deleted_at",
)  # fmt: skip
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "'")
TAIL = ""


def head() -> str:
    return _line(COLUMNS)


def item(row: Row, _: bool) -> str:
    values = row.model_dump(mode="json")
    due = values.pop("due") or {}
    values |= {f"due_{name}": value for name, value in due.items()}
    values |= {"tags": " ".join(row.tags), "done": "yes" if row.done else "no"}
    return _line([_harmless(str(values.get(name) or "")) for name in COLUMNS])


def read(file: IO[str]) -> Iterator[tuple[str, Any]]:
    """Rows under a line of column names, of which only `title` must be there. Raises ValueError."""
    lines = Lines(file)
    reader = csv.DictReader(lines, strict=True)
    try:
        if "title" not in (reader.fieldnames or []):
            raise ValueError("line 1: the first line must name the columns, among them `title`")
        for cells in reader:
            lines.begin()
            yield f"line {reader.line_num}", _values(cells)
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None


def _values(cells: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: _plain(cell) for name, cell in cells.items() if isinstance(cell, str) and cell != ""
    }
    due = {part: values.pop(f"due_{part}") for part in ("date", "time", "time_zone") if f"due_{part}" in values}
    if due:
        values["due"] = due
    if "tags" in values:
        values["tags"] = values["tags"].split()
    return values


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell[0] == "'" and cell[1:].startswith(FORMULAS) else cell


def _line(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
