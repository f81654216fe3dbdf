"""Tool results become an answer."""

from __future__ import annotations

from typing import Any

from app.engines.rules.phrases import say

MAX_LISTED = 20
VERBS = {
    "add_task": "added",
    "complete_task": "completed",
    "update_task": "updated",
    "reschedule_task": "rescheduled",
    "delete_task": "deleted",
    "undo": "undone",
    "propose_plan": "updated",
}
WHAT = {"open": "open ", "done": "completed ", "deleted": "deleted "}


def answer(name: str, arguments: dict[str, Any], data: dict[str, Any], language: str, *, summary: bool = False) -> str:
    """One tool's result in words."""
    if data.get("error"):
        return str(data["error"])
    if name == "list_tasks":
        return _summary(data, language) if summary else _listing(arguments, data, language)
    lines = []
    if tasks := data.get("tasks"):
        verb = "reopened" if name == "complete_task" and arguments.get("done") is False else VERBS[name]
        lines.append(say(verb, language, titles=_titles(tasks, detailed=verb in ("added", "rescheduled"))))
    if plan := data.get("plan"):
        lines.append(say("planned", language, summary=plan["summary"]))
    lines += [_failure(failure, language) for failure in data.get("failed", ())]
    return "\n".join(lines)


def _titles(tasks: list[dict[str, Any]], *, detailed: bool) -> str:
    return ", ".join(f"“{task['title']}”{_details(task) if detailed else ''}" for task in tasks)


def _details(task: dict[str, Any]) -> str:
    parts = []
    if due := task.get("due"):
        parts.append(f"due {due['date']}" + (f" {due['time'][:5]}" if due.get("time") else ""))
    if task.get("repeat"):
        parts.append("repeating")
    if task.get("priority", "none") != "none":
        parts.append(f"{task['priority']} priority")
    parts += [f"#{tag}" for tag in task.get("tags", ())]
    return f" ({', '.join(parts)})" if parts else ""


def _listing(arguments: dict[str, Any], data: dict[str, Any], language: str) -> str:
    tasks, total = data.get("tasks", []), data.get("total", 0)
    what = "overdue " if arguments.get("due") == "overdue" else WHAT.get(arguments.get("status", ""), "")
    if not tasks:
        return say("empty", language, what=what if language == "en" else "")
    lines = [
        say(
            "listed",
            language,
            count=total,
            what=what if language == "en" else "",
            noun="task" if total == 1 else "tasks",
        )
    ]
    lines += _numbered(tasks)
    if total > len(tasks[:MAX_LISTED]):
        lines.append(say("more", language, count=total - len(tasks[:MAX_LISTED])))
    return "\n".join(lines)


def _numbered(tasks: list[dict[str, Any]]) -> list[str]:
    return [
        f"{number}. {task['title']}{' ✓' if task.get('done') else ''}{_details(task)}"
        for number, task in enumerate(tasks[:MAX_LISTED], 1)
    ]


def _summary(data: dict[str, Any], language: str) -> str:
    lines = [say("summary", language, **data["counts"])]
    if data.get("tasks"):
        lines += [say("most_urgent", language), *_numbered(data["tasks"])]
    return "\n".join(lines)


def _failure(failure: dict[str, Any], language: str) -> str:
    reason = failure["reason"]
    if reason not in ("ambiguous", "not_found"):
        return str(failure["message"])
    lines = [say(reason, language, reference=failure["reference"])]
    lines += [f"{number}. {option['title']}" for number, option in enumerate(failure.get("candidates", ()), 1)]
    return "\n".join(lines)
