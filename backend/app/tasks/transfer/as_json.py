"""JSON: complete. Read piece by piece, so that a file of any size takes little memory."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from app.tasks.transfer.lines import LARGEST_TASK
from app.tasks.transfer.rows import Row

MEDIA_TYPE = "application/json"
PIECE = 1 << 16
_START = re.compile(r'^\s*(\[|\{.*?"tasks"\s*:\s*\[)', re.DOTALL)


def head() -> str:
    exported = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f'{{"format": "todo-export", "version": 1, "exported_at": "{exported}", "tasks": [\n'


def item(row: Row, first: bool) -> str:
    return ("" if first else ",\n") + row.model_dump_json()


TAIL = "\n]}\n"


def read(file: IO[str]) -> Iterator[tuple[str, Any]]:
    """The tasks of an export, or of a bare list, each with its line. Raises ValueError where it is not JSON."""
    decoder, text, line = json.JSONDecoder(), file.read(PIECE), 1
    start = _START.match(text)
    if start is None:
        raise ValueError("line 1: this is neither a list of tasks nor an export with `tasks`")
    line += text[: start.end()].count("\n")
    text = text[start.end() :]
    while True:
        before = len(text)
        text = text.lstrip(" \t\r\n,") if (gap := text[: before - len(text.lstrip(" \t\r\n,"))]) else text
        line += gap.count("\n")
        if text.startswith("]"):
            return
        try:
            value, end = decoder.raw_decode(text) if text else (None, 0)
        except (ValueError, RecursionError):
            end = 0
        # A number at the end of a piece may go on in the next one; an object may not.
        if end and text[end - 1] in '}]"':
            yield f"line {line}", value
            line += text[:end].count("\n")
            text = text[end:]
            continue
        more = file.read(PIECE)
        if not more or len(text) > LARGEST_TASK:
            raise ValueError(f"line {line}: from here on it is not JSON, or it ends too early")
        text += more
