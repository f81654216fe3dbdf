"""Making a plan, and carrying out or dropping one that was made."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.operations.problems import Conflict, NotFound
from app.tasks.schemas import TaskOut
from app.tasks.service import TaskService
from app.tools.acts import add, perform
from app.tools.caller import Caller
from app.tools.plan_model import Plan
from app.tools.schemas import Act, Changes, NewTask, PlanOut

LIFETIME = timedelta(minutes=15)
VERBS: dict[str, tuple[str, str]] = {
    "add": ("Add", "Added"),
    "complete": ("Complete", "Completed"),
    "reopen": ("Reopen", "Reopened"),
    "update": ("Change", "Changed"),
    "reschedule": ("Reschedule", "Rescheduled"),
    "delete": ("Delete", "Deleted"),
}
MOST_NAMED = 3
Settled = Literal["confirmed", "cancelled"]


async def make_plan(
    session: AsyncSession,
    caller: Caller,
    act: Act,
    *,
    targets: Sequence[TaskOut] = (),
    new_tasks: Sequence[NewTask] = (),
    changes: Changes | None = None,
) -> PlanOut:
    """Stores what would be done, once however often the turn asks for it. Nothing is done."""
    asked = repr((act, [(task.id, task.version) for task in targets], new_tasks, changes))
    if asked in caller.plans:
        return caller.plans[asked]
    now = datetime.now(UTC)
    titles = [task.title for task in targets] or [task.title for task in new_tasks]
    plan = Plan(
        id=uuid.uuid4(),
        owner=caller.identity.owner,
        conversation_id=caller.conversation_id,
        act=act,
        summary=f"{VERBS[act][0]} {named(titles)}?"[:500],
        targets=[{"id": str(task.id), "version": task.version, "title": task.title} for task in targets],
        new_tasks=[task.model_dump(mode="json") for task in new_tasks],
        changes=changes.model_dump(exclude_none=True) if changes else None,
        time_zone=caller.zone.key,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(plan)
    await session.flush()
    tasks = [task.model_dump(mode="json") for task in targets] or plan.new_tasks
    caller.plans[asked] = PlanOut(
        plan_id=plan.id, act=act, summary=plan.summary, tasks=tasks, changes=plan.changes, expires_at=plan.expires_at
    )
    return caller.plans[asked]


def named(titles: Sequence[str]) -> str:
    """“A”, “B” and 3 more."""
    quoted = [f"“{title if len(title) <= 60 else title[:59] + '…'}”" for title in titles[:MOST_NAMED]]
    more = len(titles) - len(quoted)
    if more:
        return f"{len(titles)} tasks: {', '.join(quoted)} and {more} more"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


async def settle_plan(session: AsyncSession, owner: str, plan_id: uuid.UUID, state: Settled) -> Plan:
    """The plan, which from this transaction on is no longer open. Raises NotFound, and Conflict when it is over."""
    mine = (Plan.id == plan_id, Plan.owner == owner)
    waiting = (*mine, Plan.state == "open", Plan.expires_at > datetime.now(UTC))
    settling = update(Plan).where(*waiting).values(state=state).returning(Plan)
    plan = (await session.execute(settling, execution_options={"synchronize_session": False})).scalar_one_or_none()
    if plan is not None:
        return plan
    found = (await session.execute(select(Plan.state).where(*mine))).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such plan.")
    if found != "open":
        raise Conflict(f"This plan was {found} already.")
    raise Conflict("This plan has expired. Ask again, and confirm within 15 minutes.")


async def latest_open_plan(session: AsyncSession, owner: str, conversation_id: uuid.UUID) -> Plan | None:
    """The newest plan of a conversation that still waits."""
    waiting = (Plan.conversation_id == conversation_id, Plan.state == "open", Plan.expires_at > datetime.now(UTC))
    query = select(Plan).where(Plan.owner == owner, *waiting).order_by(Plan.created_at.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


async def carry_out(service: TaskService, plan: Plan) -> tuple[str, list[TaskOut]]:
    """Exactly what was planned, all of it or nothing. Raises Conflict when a task has changed since."""
    changes = Changes.model_validate(plan.changes) if plan.changes else None
    ids = [uuid.UUID(target["id"]) for target in plan.targets]
    async with service.together(ids):
        for target in plan.targets:
            await perform(service, plan.act, await _unchanged(service, target), changes)  # type: ignore[arg-type]
    done = [await service.get(task_id) for task_id in ids]
    if plan.new_tasks:
        added, failed = await add(service, [NewTask.model_validate(task) for task in plan.new_tasks])
        if failed:
            raise Conflict(f"This plan cannot be carried out: {failed[0].message}")
        done += added
    return f"{VERBS[plan.act][1]} {named([task.title for task in done])}.", done


async def _unchanged(service: TaskService, target: dict[str, Any]) -> TaskOut:
    try:
        task = await service.get(uuid.UUID(target["id"]))
    except NotFound:
        raise Conflict(f"“{target['title']}” does not exist any more, so nothing was done.") from None
    if task.version != target["version"] or task.deleted_at is not None:
        raise Conflict(f"“{target['title']}” has changed since this was planned, so nothing was done.")
    return task
