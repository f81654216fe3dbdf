"""Import: everything is checked first, then everything is stored, or nothing is."""

import asyncio
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import IO, Any

from pydantic import ValidationError
from sqlalchemy import insert, select

from app.db.engine import Database
from app.operations.errors import invalid
from app.operations.problems import FieldError, Unprocessable
from app.tasks.model import Task
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


async def import_tasks(
    database: Database, owner: str, body: AsyncIterator[bytes], format: Format, *, preview: bool = False
) -> Outcome:
    """Stores what a file has; a preview only looks. Raises Unprocessable with each bad line.

    The file is kept on disk in between, so memory does not grow with it.
    """
    with tempfile.TemporaryFile("w+b") as raw:
        async for piece in body:
            await asyncio.to_thread(raw.write, piece)
        await asyncio.to_thread(_check, raw, format)
        return await _store(database, owner, raw, format, preview=preview)


def _text(raw: IO[bytes]) -> IO[str]:
    raw.seek(0)
    return open(raw.fileno(), encoding="utf-8-sig", newline="", closefd=False)


def _check(raw: IO[bytes], format: Format) -> None:
    errors: list[FieldError] = []
    count = total = 0
    try:
        for line, values in format.read(_text(raw)):
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


def _errors(line: str, error: ValidationError) -> list[FieldError]:
    found = invalid(error.errors(include_input=False, include_url=False)).errors or []
    return [FieldError(location=f"{line}: {e.location}".rstrip(": "), message=e.message, type=e.type) for e in found]


def _rows(raw: IO[bytes], format: Format) -> Iterator[Row]:
    return (Row.model_validate(values) for _, values in format.read(_text(raw)))


async def _store(database: Database, owner: str, raw: IO[bytes], format: Format, *, preview: bool) -> Outcome:
    now = datetime.now(UTC)
    outcome = Outcome()
    rows_left = _rows(raw, format)
    async with database.read() if preview else database.write() as session:
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
            if new and not preview:
                await (await session.connection()).execute(_INSERT, list(new.values()))
            outcome.imported += len(new)
            titles = [str(values["title"]) for values in new.values()]
            outcome.examples += titles[: EXAMPLES - len(outcome.examples)]
    return outcome
