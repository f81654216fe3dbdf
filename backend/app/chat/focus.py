"""What the conversation is about after a tool has run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.engines.protocol import Focus, ToolCall

MOST = 50


def load_focus(stored: dict[str, Any]) -> Focus:
    return Focus(
        tuple(stored.get("shown", ())),
        tuple(stored.get("touched", ())),
        stored.get("question"),
        tuple(stored.get("plans", ())),
    )


def dump_focus(focus: Focus) -> dict[str, Any]:
    return {
        "shown": list(focus.shown),
        "touched": list(focus.touched),
        "question": focus.question,
        "plans": list(focus.plans),
    }


def after_tool(focus: Focus, call: ToolCall, data: dict[str, Any]) -> Focus:
    """Lists change what positions mean, acts what "it" means; an ambiguity and a plan ask a question."""
    if plan := data.get("plan"):
        focus = replace(focus, plans=tuple(dict.fromkeys((*focus.plans, str(plan["plan_id"])))))
    ids = tuple(str(task["id"]) for task in data.get("tasks", ()) if task.get("id"))[:MOST]
    if call.name == "list_tasks":
        return replace(focus, shown=ids, question=None)
    if ids:
        focus = replace(focus, touched=ids, question=None)
    for failure in data.get("failed", ()):
        options = failure.get("candidates", ())
        if choices := tuple(str(option["id"]) for option in options):
            arguments = {name: value for name, value in call.arguments.items() if name != "tasks"}
            question = {"name": call.name, "arguments": arguments, "choices": list(choices)}
            question["titles"] = [option["title"] for option in options]
            return replace(focus, shown=choices, question=question)
    return focus
