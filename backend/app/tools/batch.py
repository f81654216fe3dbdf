"""What every acting tool does: resolve, ask when it must, act on each, and say what became of each."""

from __future__ import annotations

from collections.abc import Sequence

from app.operations.problems import Problem
from app.tasks.schemas import TaskOut
from app.tasks.service import TaskService
from app.tools import acts
from app.tools.caller import Caller, current_caller
from app.tools.matching import Matcher, Wish
from app.tools.plans import make_plan
from app.tools.schemas import Act, Changes, Failure, NewTask, Outcome

WISHES: dict[Act, Wish] = {"complete": "open", "reopen": "done", "update": "open", "reschedule": "open"}


async def act_on(act: Act, references: Sequence[str], changes: Changes | None = None) -> Outcome:
    """The act on each task that is meant, or a plan when the user has to confirm it first."""
    caller = current_caller()
    async with caller.database.write() as session:
        service = caller.service(session)
        tasks, failed = await Matcher(service, WISHES.get(act)).resolve(references)
        if tasks and caller.must_confirm(act, tasks):
            plan = await make_plan(session, caller, act, targets=tasks, changes=changes)
            return Outcome(failed=failed, plan=plan)
        done: list[TaskOut] = []
        for task in tasks:
            try:
                async with session.begin_nested():
                    done.append(await acts.perform(service, act, task, changes))
            except Problem as problem:
                failed.append(Failure(reference=task.title, reason="invalid", message=problem.detail))
    return _outcome(caller, service, done, failed)


async def add_all(new: Sequence[NewTask]) -> Outcome:
    """New tasks, or a plan when they are many."""
    caller = current_caller()
    async with caller.database.write() as session:
        service = caller.service(session)
        if caller.must_confirm("add", (), [task.title for task in new]):
            return Outcome(plan=await make_plan(session, caller, "add", new_tasks=new))
        done, failed = await acts.add(service, new)
    return _outcome(caller, service, done, failed)


def _outcome(caller: Caller, service: TaskService, done: list[TaskOut], failed: list[Failure]) -> Outcome:
    caller.did(done, service)
    return Outcome(tasks=done, failed=failed, undo_token=caller.undo_token if service.changed else None)
