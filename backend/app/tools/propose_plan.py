"""Tool `propose_plan`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.operations.problems import Unprocessable
from app.tasks.schemas import TaskOut
from app.tools.acts import as_create
from app.tools.caller import current_caller
from app.tools.list_tasks import list_query
from app.tools.matching import PAGE, Matcher, every_task
from app.tools.plans import make_plan
from app.tools.schemas import Act, Changes, Failure, NewTask, Outcome, Where

MOST_TASKS = 500


async def propose_plan(
    act: Act,
    tasks: Annotated[list[str], Field(max_length=50, description="Which tasks: ids or titles")] | None = None,
    where: Annotated[Where, Field(description="Or a whole group of tasks")] | None = None,
    new_tasks: Annotated[list[NewTask], Field(max_length=50, description="For act 'add'")] | None = None,
    changes: Annotated[Changes, Field(description="For act 'update' and 'reschedule'")] | None = None,
) -> Outcome:
    """Prepare an act on many tasks for the user to confirm. Nothing is changed by this."""
    caller = current_caller()
    async with caller.database.write() as session:
        service = caller.service(session)
        if act == "add":
            for task in new_tasks or ():
                as_create(task, service)
            if not new_tasks:
                raise Unprocessable("An “add” needs new_tasks.")
            return Outcome(plan=await make_plan(session, caller, act, new_tasks=new_tasks))
        targets, failed = await Matcher(service).resolve(tasks or ())
        if where is not None:
            found = await every_task(service, list_query(where, service.clock, limit=PAGE))
            targets += [task for task in found if task.id not in {target.id for target in targets}]
        targets = _sensible(act, targets)[:MOST_TASKS]
        if not targets:
            return Outcome(failed=failed or [_empty()])
        return Outcome(failed=failed, plan=await make_plan(session, caller, act, targets=targets, changes=changes))


def _sensible(act: Act, tasks: list[TaskOut]) -> list[TaskOut]:
    """What is done already need not be completed, and what is deleted not deleted."""
    alive = [task for task in tasks if task.deleted_at is None]
    if act in ("complete", "reopen"):
        return [task for task in alive if task.done == (act == "reopen")]
    return alive


def _empty() -> Failure:
    return Failure(reference="", reason="empty", message="There are no such tasks, so there is nothing to confirm.")
