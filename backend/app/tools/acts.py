"""Acts on resolved tasks: what a tool does at once and what a confirmed plan does later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from app.operations.problems import Problem, Unprocessable
from app.tasks.model import Task
from app.tasks.schemas import TaskCreate, TaskOut, TaskPatch
from app.tasks.service import TaskService
from app.tools.moments import is_none, read_due, read_repeat
from app.tools.schemas import Act, Changes, Failure, NewTask

Model = TypeVar("Model", TaskCreate, TaskPatch)


async def add(service: TaskService, new: Sequence[NewTask]) -> tuple[list[TaskOut], list[Failure]]:
    """Creates the valid ones; each of the others is a failure with its reason."""
    drafts: list[Task] = []
    failed: list[Failure] = []
    for task in new:
        try:
            drafts.append(service.draft(as_create(task, service)))
        except Problem as problem:
            failed.append(Failure(reference=task.title, reason="invalid", message=problem.detail))
    await service.store(drafts)
    return [service.show(draft) for draft in drafts], failed


def as_create(task: NewTask, service: TaskService) -> TaskCreate:
    """Raises Unprocessable with a sentence."""
    fields: dict[str, Any] = {"title": task.title, "notes": task.notes, "priority": task.priority, "tags": task.tags}
    if task.due and not is_none(task.due):
        fields["due"] = read_due(task.due, service.clock).model_dump()
    if task.repeat and not is_none(task.repeat):
        fields["repeat"] = read_repeat(task.repeat, service.clock)
    return _validated(TaskCreate, fields)


async def perform(service: TaskService, act: Act, task: TaskOut, changes: Changes | None = None) -> TaskOut:
    """One act on one task. Raises Problem."""
    match act:
        case "complete":
            return await service.complete(task.id)
        case "reopen":
            return await service.reopen(task.id)
        case "delete":
            return await service.delete(task.id)
        case "reschedule":
            return await _reschedule(service, task, changes or Changes())
        case "update":
            return await service.update(task.id, as_patch(task, changes or Changes(), service))
        case "add":
            raise Unprocessable("A new task cannot be acted on.")


async def _reschedule(service: TaskService, task: TaskOut, changes: Changes) -> TaskOut:
    if changes.due and not is_none(changes.due) and changes.repeat is None:
        return await service.reschedule(task.id, read_due(changes.due, service.clock, task=task))
    return await service.update(task.id, as_patch(task, changes, service))


def as_patch(task: TaskOut, changes: Changes, service: TaskService) -> TaskPatch:
    """The fields that change. Raises Unprocessable with a sentence."""
    fields: dict[str, Any] = changes.model_dump(include={"title", "notes", "priority"}, exclude_none=True)
    if changes.add_tags or changes.remove_tags:
        removed = {tag.lstrip("#").casefold() for tag in changes.remove_tags or ()}
        kept = [tag for tag in task.tags if tag.casefold() not in removed]
        fields["tags"] = [*kept, *(tag for tag in changes.add_tags or () if tag not in kept)]
    if changes.due is not None:
        fields["due"] = None if is_none(changes.due) else read_due(changes.due, service.clock, task=task).model_dump()
        if fields["due"] is None and task.repeat:
            fields["repeat"] = None
    if changes.repeat is not None:
        fields["repeat"] = None if is_none(changes.repeat) else read_repeat(changes.repeat, service.clock)
    if not fields:
        raise Unprocessable("Nothing was named that should change.")
    return _validated(TaskPatch, fields)


def _validated(model: type[Model], fields: dict[str, Any]) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Unprocessable(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
