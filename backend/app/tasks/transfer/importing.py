"""Import: everything is checked first, then everything is stored, or nothing is."""

import asyncio
import hashlib
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.operations.errors import invalid
from app.operations.problems import FieldError, Unprocessable
from app.tasks.model import Change, Task
from app.tasks.repository import IMPORT
from app.tasks.transfer.formats import Format
from app.tasks.transfer.rows import Row

AT_ONCE = 500
MOST_ERRORS = 100
MOST_TASKS = 200_000
EXAMPLES = 5
# With something to return, SQLAlchemy writes many rows in one statement; SQLite's text index stores what it was given
# at the end of each statement, so that one by one takes several times as long.
_INSERT = insert(Task).returning(Task.number)


@dataclass
class Outcome:
    """What an import did, or would do: tasks that are new, tasks that were there already, the first new titles."""

    imported: int = 0
    skipped: int = 0
    examples: list[str] = field(default_factory=list)


@asynccontextmanager
async def received(body: AsyncIterator[bytes]) -> AsyncIterator[tuple[IO[bytes], str]]:
    """A file of what was sent, and its digest. It is kept on disk, so memory does not grow with it."""
    digest = hashlib.sha256()
    with tempfile.TemporaryFile("w+b") as raw:
        async for piece in body:
            digest.update(piece)
            await asyncio.to_thread(raw.write, piece)
        yield raw, digest.hexdigest()


def _text(raw: IO[bytes]) -> IO[str]:
    raw.seek(0)
    return open(raw.fileno(), encoding="utf-8-sig", newline="", closefd=False)


def _tasks(raw: IO[bytes], format: Format, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    """What the file says, task by task, each with its line. A time of no zone is one where the importer is."""
    for line, values in format.read(_text(raw)):
        due = values.get("due") if isinstance(values, dict) else None
        if isinstance(due, dict) and due.get("time_zone") is None:
            due["time_zone"] = zone.key
        yield line, values


def check(raw: IO[bytes], format: Format, zone: ZoneInfo) -> int:
    """How many tasks the file has. Raises Unprocessable with each bad line."""
    errors: list[FieldError] = []
    count = total = 0
    try:
        for line, values in _tasks(raw, format, zone):
            total += 1
            try:
                Row.model_validate(values)
            except ValidationError as error:
                count += 1
                if len(errors) < MOST_ERRORS:
                    errors += _errors(line, error)
            if total > MOST_TASKS:
                raise ValueError(f"{line}: at most {MOST_TASKS} tasks can be imported at once")
    except UnicodeDecodeError:
        raise Unprocessable("The file is not UTF-8 text.") from None
    except ValueError as error:
        line, _, message = str(error).partition(": ")
        errors.append(FieldError(location=line, message=message, type="malformed"))
        count += 1
    if errors:
        first = f"{errors[0].location}: {errors[0].message}"
        raise Unprocessable(f"Nothing was imported; {count} of the tasks cannot be read. {first}", errors=errors)
    return total


def _errors(line: str, error: ValidationError) -> list[FieldError]:
    found = invalid(error.errors(include_input=False, include_url=False)).errors or []
    return [FieldError(location=f"{line}: {e.location}".rstrip(": "), message=e.message, type=e.type) for e in found]


async def store(
    session: AsyncSession, owner: str, raw: IO[bytes], format: Format, zone: ZoneInfo, *, undo_token: str | None
) -> Outcome:
    """Stores a file that was checked, each task as a change under the token; without one it only looks."""
    now = datetime.now(zone)
    outcome = Outcome()
    rows_left = (Row.model_validate(values) for _, values in _tasks(raw, format, zone))
    while rows := await asyncio.to_thread(lambda: list(islice(rows_left, AT_ONCE))):
        wanted = {row.id for row in rows if row.id}
        taken = await session.execute(select(Task.id, Task.owner).where(Task.id.in_(wanted)))
        owners: dict[uuid.UUID | None, str] = {row[0]: row[1] for row in taken}
        new: dict[uuid.UUID, dict[str, Any]] = {}
        for row in rows:
            if owners.get(row.id) == owner or row.id in new:
                outcome.skipped += 1
                continue
            task_id = row.id if row.id and row.id not in owners else uuid.uuid4()
            new[task_id] = {"id": task_id, **row.values(owner, now)}
        if new and undo_token:
            connection = await session.connection()
            await connection.execute(_INSERT, list(new.values()))
            await connection.execute(insert(Change), [_change(owner, undo_token, task_id, now) for task_id in new])
        outcome.imported += len(new)
        titles = [str(values["title"]) for values in new.values()]
        outcome.examples += titles[: EXAMPLES - len(outcome.examples)]
    return outcome


def _change(owner: str, undo_token: str, task_id: uuid.UUID, now: datetime) -> dict[str, Any]:
    return {
        "owner": owner,
        "undo_token": undo_token,
        "task_id": task_id,
        "action": IMPORT,
        "version_after": 1,
        "created_at": now,
    }
