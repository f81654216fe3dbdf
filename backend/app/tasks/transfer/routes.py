"""/api/export and /api/import."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import select

from app.db import Database, DatabaseDep
from app.identity import CurrentIdentity, WritingIdentity
from app.operations.examples import shows
from app.operations.idempotency import IdempotencyKey, Once
from app.operations.problems import COMMON, Problem, responses
from app.tasks.examples import FILES, IMPORTED
from app.tasks.history import new_undo_token
from app.tasks.model import Task
from app.tasks.routes import ZoneDep
from app.tasks.transfer.formats import BY_MEDIA_TYPE, FORMATS, Format, FormatName
from app.tasks.transfer.importing import check, received, store
from app.tasks.transfer.rows import Row

router = APIRouter(prefix="/api", tags=["transfer"], responses=responses(*COMMON))
AT_ONCE = 500
MOST_IN_MEMORY = PIECE = 1 << 18


class UnsupportedMedia(Problem):
    status, slug, title = 415, "unsupported-media-type", "This kind of file cannot be read"


class Imported(BaseModel):
    imported: int = Field(description="Tasks that were stored, or in a preview would be")
    skipped: int = Field(description="Tasks that were there already, by their id")
    examples: list[str] | None = Field(default=None, description="In a preview, titles of the first of them")


_FILES: dict[str, Any] = {
    kind: {"schema": {} if kind == "application/json" else {"type": "string"}, "example": FILES[kind]}
    for kind in BY_MEDIA_TYPE
}


async def _new_file() -> AsyncIterator[IO[bytes]]:
    """Until the answer is sent. Whoever reads slowly holds this file, and no connection to the database."""
    with tempfile.SpooledTemporaryFile(MOST_IN_MEMORY) as file:
        yield file


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": _FILES}},
)
async def export_tasks(
    database: DatabaseDep,
    identity: CurrentIdentity,
    file: Annotated[IO[bytes], Depends(_new_file)],
    format: Annotated[FormatName, Query()] = "json",
) -> StreamingResponse:
    """All tasks as a file: `json` is complete, `csv` is for spreadsheets, `ics` for calendars."""
    chosen = FORMATS[format]
    async for piece in _pieces(database, identity.owner, chosen):
        await asyncio.to_thread(file.write, piece.encode())
    name = f"todo-{datetime.now(UTC):%Y-%m-%d}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(file.tell())}
    file.seek(0)
    return StreamingResponse(_sent(file), media_type=chosen.media_type, headers=headers)


async def _pieces(database: Database, owner: str, format: Format) -> AsyncIterator[str]:
    """The answer to one question, so one moment's tasks, in constant memory."""
    yield format.head()
    async with database.read() as session:
        mine = select(Task).where(Task.owner == owner).order_by(Task.number)
        first = True
        tasks = await session.stream_scalars(mine.execution_options(yield_per=AT_ONCE))
        async for some in tasks.partitions():
            yield "".join(format.item(Row.of(task), first and place == 0) for place, task in enumerate(some))
            first = False
    yield format.tail


async def _sent(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(file.read, PIECE):
        yield piece


@router.post(
    "/import",
    responses=shows(IMPORTED) | responses(409, 415),
    response_model_exclude_none=True,
    openapi_extra={"requestBody": {"required": True, "content": _FILES}},
)
async def import_file(
    request: Request,
    response: Response,
    database: DatabaseDep,
    identity: WritingIdentity,
    zone: ZoneDep,
    preview: bool = False,
    idempotency_key: IdempotencyKey = None,
) -> Imported:
    """Import a file that was exported here or elsewhere: all of it, or nothing and a list of what is wrong.

    With `preview` nothing is stored; the answer says what would be. The `Undo-Token` takes all of it back.
    A time of no zone is one of the calendar's (`X-WR-TIMEZONE`), or else of the `Time-Zone` header.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in BY_MEDIA_TYPE:
        raise UnsupportedMedia(f"Send a file as {', '.join(BY_MEDIA_TYPE)}.")
    format = BY_MEDIA_TYPE[media_type]
    async with received(request.stream()) as (file, digest):
        total = await asyncio.to_thread(check, file, format, zone)
        if preview:
            async with database.read() as session:
                return Imported(**vars(await store(session, identity.owner, file, format, zone, undo_token=None)))
        async with database.write() as session:
            once = Once(session, identity.owner, idempotency_key, f"{digest[:40]} {media_type}")
            undo_token = new_undo_token()
            imported = _outcome(response, undo_token, imported=total)  # unless some are there already
            if answered := await once.settle(imported, response):
                return _again(response, answered)
            outcome = await store(session, identity.owner, file, format, zone, undo_token=undo_token)
            if outcome.skipped:
                imported = _outcome(response, undo_token, imported=outcome.imported, skipped=outcome.skipped)
                await once.correct(imported, response)
    return imported


def _outcome(response: Response, undo_token: str, *, imported: int, skipped: int = 0) -> Imported:
    if imported:
        response.headers["Undo-Token"] = undo_token
    elif "undo-token" in response.headers:
        del response.headers["Undo-Token"]
    return Imported(imported=imported, skipped=skipped)


def _again(response: Response, answered: Response) -> Imported:
    """The first answer, in the place of the one that was prepared."""
    imported = Imported.model_validate_json(bytes(answered.body))
    _outcome(response, answered.headers.get("undo-token", ""), imported=imported.imported)
    response.headers["Idempotency-Replayed"] = "true"
    return imported
