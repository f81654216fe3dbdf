"""/api/tasks: every handler is thin over the service."""

import uuid
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.db import ReadSession, WriteSession
from app.identity import CurrentIdentity, WritingIdentity
from app.operations.errors import invalid
from app.operations.examples import shows
from app.operations.idempotency import OnceDep
from app.operations.problems import COMMON, Unprocessable, responses
from app.tasks import examples
from app.tasks.due import ZoneName, zone
from app.tasks.list_route import LIST_PARAMETERS, ListRoute, list_tasks
from app.tasks.model import Task
from app.tasks.quick_add import parse
from app.tasks.quick_add_schemas import ParsedLine, ParseLine
from app.tasks.schemas import (
    BatchResult,
    BatchResults,
    Reschedule,
    TaskBatch,
    TaskCompleted,
    TaskCreate,
    TaskOut,
    TaskPage,
    TaskPatch,
)
from app.tasks.service import TaskService

router = APIRouter(prefix="/api/tasks", tags=["tasks"], responses=responses(*COMMON))
undo_router = APIRouter(prefix="/api", tags=["tasks"], responses=responses(*COMMON))


async def _zone(
    time_zone: Annotated[
        ZoneName | None, Header(description="Where the caller is: decides what “today” is. By default UTC")
    ] = None,
) -> ZoneInfo:
    return zone(time_zone or "UTC")


ZoneDep = Annotated[ZoneInfo, Depends(_zone)]


async def _reading(session: ReadSession, identity: CurrentIdentity, zone: ZoneDep) -> TaskService:
    return TaskService(session, identity, zone=zone)


async def _writing(session: WriteSession, identity: WritingIdentity, zone: ZoneDep) -> TaskService:
    return TaskService(session, identity, zone=zone)


Reading = Annotated[TaskService, Depends(_reading, scope="function")]
Writing = Annotated[TaskService, Depends(_writing, scope="function")]


def _mark(response: Response, service: TaskService, task: TaskOut | None = None) -> None:
    if service.changed:
        response.headers["Undo-Token"] = service.undo_token
    if task is not None:
        response.headers["ETag"] = f'"{task.version}"'


router.add_api_route(
    "",
    list_tasks,
    response_model=TaskPage,
    route_class_override=ListRoute,
    responses=shows(examples.PAGE),
    openapi_extra={"parameters": LIST_PARAMETERS},
)


@router.post("", status_code=201, response_model=TaskOut, responses=shows(examples.TASK, 201))
async def create_task(service: Writing, new: TaskCreate, response: Response, once: OnceDep) -> TaskOut | Response:
    """Create a task."""
    draft = service.draft(new)
    task = service.show(draft)
    response.headers.update(
        {"Location": f"/api/tasks/{task.id}", "ETag": f'"{task.version}"', "Undo-Token": service.undo_token}
    )
    if answered := await once.settle(task, response, 201):
        return answered
    await service.store([draft])
    return task


@router.post("/batch", response_model=BatchResults, responses=shows(examples.BATCH_RESULTS))
async def create_tasks(
    service: Writing, batch: TaskBatch, response: Response, once: OnceDep
) -> BatchResults | Response:
    """Create up to 100 tasks; each has its own result, and those that are valid are created."""
    checked = [_check(service, item, place) for place, item in enumerate(batch.tasks)]
    drafts = [item for item in checked if isinstance(item, Task)]
    results = BatchResults(
        results=[
            BatchResult(status=201, task=service.show(item)) if isinstance(item, Task) else item for item in checked
        ]
    )
    if drafts:
        response.headers["Undo-Token"] = service.undo_token
    if answered := await once.settle(results, response):
        return answered
    await service.store(drafts)
    return results


_task = TypeAdapter(TaskCreate)


def _check(service: TaskService, item: object, place: int) -> Task | BatchResult:
    try:
        return service.draft(_task.validate_python(item))
    except ValidationError as error:
        details = [e | {"loc": ("body", "tasks", place, *e["loc"])} for e in error.errors(include_input=False)]
        problem = invalid(details)
    except Unprocessable as error:
        problem = error
    return BatchResult.model_validate({"status": 422, "problem": problem.body(instance="/api/tasks/batch")})


@router.post("/parse", responses=shows(examples.PARSED))
async def parse_line(line: ParseLine, _: CurrentIdentity, zone: ZoneDep) -> ParsedLine:
    """What the quick-add grammar understands of a line, with the places of what it understood. Saves nothing."""
    now = line.now or datetime.now(UTC)
    return ParsedLine.model_validate(parse(line.text, now=now, time_zone=line.time_zone or zone.key).as_dict())


@router.get("/{task_id}", responses=shows(examples.TASK) | responses(404))
async def read_task(service: Reading, task_id: uuid.UUID, response: Response) -> TaskOut:
    """One task."""
    task = await service.get(task_id)
    _mark(response, service, task)
    return task


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    bare = if_match.strip().removeprefix("W/").strip('"')
    if not (bare.isascii() and bare.isdigit() and len(bare) < 10):
        raise Unprocessable("If-Match takes the version of a task, as its ETag has it.")
    return int(bare)


IfMatch = Annotated[str | None, Header(description="Change it only while it has this version")]


@router.patch("/{task_id}", responses=shows(examples.CHANGED) | responses(404, 409, 412))
async def update_task(
    service: Writing, task_id: uuid.UUID, patch: TaskPatch, response: Response, if_match: IfMatch = None
) -> TaskOut:
    """Change some fields."""
    task = await service.update(task_id, patch, if_match=_version(if_match))
    _mark(response, service, task)
    return task


@router.delete("/{task_id}", status_code=204, responses=responses(404))
async def delete_task(service: Writing, task_id: uuid.UUID, response: Response) -> None:
    """Delete it; for 30 days it can be restored."""
    await service.delete(task_id)
    _mark(response, service)


@router.post("/{task_id}/complete", responses=shows(examples.COMPLETED) | responses(404))
async def complete_task(service: Writing, task_id: uuid.UUID, response: Response) -> TaskCompleted:
    """Mark it done; a repeating task makes its next one."""
    task = await service.complete(task_id)
    _mark(response, service, task)
    return task


@router.post("/{task_id}/reopen", responses=shows(examples.TASK) | responses(404))
async def reopen_task(service: Writing, task_id: uuid.UUID, response: Response) -> TaskOut:
    """Mark it not done."""
    task = await service.reopen(task_id)
    _mark(response, service, task)
    return task


@router.post("/{task_id}/restore", responses=shows(examples.TASK) | responses(404, 409))
async def restore_task(service: Writing, task_id: uuid.UUID, response: Response) -> TaskOut:
    """Bring a deleted task back."""
    task = await service.restore(task_id)
    _mark(response, service, task)
    return task


@router.post("/{task_id}/reschedule", responses=shows(examples.RESCHEDULED) | responses(404))
async def reschedule_task(service: Writing, task_id: uuid.UUID, to: Reschedule, response: Response) -> TaskOut:
    """Move this one time; a repeat keeps its rhythm."""
    task = await service.reschedule(task_id, to.due)
    _mark(response, service, task)
    return task


class Undone(BaseModel):
    undone: list[TaskOut]


@undo_router.post("/undo/{token}", responses=shows(examples.UNDONE) | responses(404, 409))
async def undo(service: Writing, token: str) -> Undone:
    """Take back all that one request or chat turn did."""
    return Undone(undone=await service.undo(token))
