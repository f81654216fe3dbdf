"""A plain "yes" or "no" while a plan waits: the user's word, carried out without asking any engine."""

from __future__ import annotations

import uuid
from typing import Any

from app.chat.focus import after_tool
from app.engines.protocol import Message, ToolCall
from app.engines.rules.phrases import say
from app.engines.rules.reading import read
from app.operations.problems import Problem
from app.tasks.schemas import TaskOut
from app.tools.plans import carry_out, latest_open_plan, open_plan


async def answer_to_plan(runner: Any, conversation_id: uuid.UUID) -> bool:
    """Whether the message was such an answer, and has been dealt with."""
    command = read(runner.message, runner.briefing.now)
    if command.act not in ("yes", "no"):
        return False
    caller = runner.caller
    async with caller.database.read() as session:
        plan = await latest_open_plan(session, caller.identity.owner, conversation_id)
    if plan is None:
        return False
    runner.engine = runner.fallback
    tasks: list[TaskOut] = []
    try:
        async with caller.database.write() as session:
            plan = await open_plan(session, caller.identity.owner, plan.id)
            if command.act == "no":
                plan.state = "cancelled"
                text = say("no", command.language)
            else:
                text, tasks = await carry_out(caller.service(session), plan)
    except Problem as problem:
        runner.say(problem.detail)
        return True
    caller.changed += len(tasks)
    data = {"tasks": [task.model_dump(mode="json") for task in tasks]}
    runner.focus = after_tool(runner.focus, ToolCall("", "plan", {}), data)
    runner.notice("plan_confirmed" if tasks else "plan_cancelled", str(plan.id))
    runner.say(text)
    runner.produced.append(Message("assistant", text))
    return True
