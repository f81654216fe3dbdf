"""A plain "yes" or "no" to the plan that the last turn made: the user's word, carried out without asking any engine."""

from __future__ import annotations

import uuid
from dataclasses import replace

from app.chat.focus import after_tool
from app.chat.running import TurnRunner
from app.engines.protocol import Message, ToolCall
from app.engines.rules.phrases import say
from app.engines.rules.reading import Command, read
from app.operations.problems import Problem
from app.tasks.schemas import TaskOut
from app.tools.plans import Settled, carry_out, latest_open_plan, settle_plan


async def answer_to_plan(runner: TurnRunner) -> bool:
    """Whether the message was such an answer, and has been dealt with."""
    command = read(runner.message, runner.briefing.now)
    if command.act not in ("yes", "no"):
        return False
    if plans := runner.briefing.focus.plans:
        text = "\n".join(dict.fromkeys([await _settle(runner, uuid.UUID(plan), command) for plan in plans]))
    elif not (text := await _asked_again(runner, command)):
        return False
    runner.engine = runner.fallback
    runner.say(text)
    runner.produced.append(Message("assistant", text))
    return True


async def _settle(runner: TurnRunner, plan_id: uuid.UUID, command: Command) -> str:
    """One plan carried out or dropped, in a transaction of its own; what became of it."""
    caller, tasks = runner.caller, list[TaskOut]()
    try:
        async with caller.database.write() as session:
            service = caller.service(session)
            state: Settled = "cancelled" if command.act == "no" else "confirmed"
            plan = await settle_plan(session, caller.identity.owner, plan_id, state)
            if state == "cancelled":
                text = say("no", command.language)
            else:
                text, tasks = await carry_out(service, plan)
    except Problem as problem:
        return problem.detail
    caller.did(tasks, service)
    data = {"tasks": [task.model_dump(mode="json") for task in tasks]}
    runner.focus = after_tool(runner.focus, ToolCall("", "plan", {}), data)
    runner.notice("plan_confirmed" if tasks else "plan_cancelled", str(plan_id))
    return text


async def _asked_again(runner: TurnRunner, command: Command) -> str:
    """An older plan that still waits, once more: since then the "yes" may mean something else. A model sees to it."""
    caller = runner.caller
    if command.act == "no" or runner.engine is not runner.fallback or caller.conversation_id is None:
        return ""
    async with caller.database.read() as session:
        plan = await latest_open_plan(session, caller.identity.owner, caller.conversation_id)
    if plan is None:
        return ""
    runner.focus = replace(runner.focus, plans=(str(plan.id),))
    return say("planned", command.language, summary=plan.summary)
