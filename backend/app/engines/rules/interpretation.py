"""A command becomes tool calls, or a sentence when there is nothing to call."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.engines.protocol import Briefing, ToolCall
from app.engines.rules.filters import read_filter
from app.engines.rules.reading import UNKNOWN, Command, unquoted
from app.engines.rules.references import Reference, read_reference
from app.tasks.quick_add import Parsed, parse
from app.tasks.quick_add.lexicon import PRIORITIES
from app.tasks.quick_add.parser import normalise

QUESTION = (
    r"(?:what|whats|what's|which|who|whom|when|where|why|how|is|are|am|do|does|did|can|could|would|will|"
    r"kya|kaun|kab|kahan|کیا|کون|کب|کہاں)\b.*|.*[?؟]\s*"
)
MAX_PROPOSED_WORDS = 15
OWN = "rules_"  # ids of this engine's calls begin so
ARTICLE = re.compile(r"^an?\s+", re.IGNORECASE)
WORDS_OF_PRIORITY = dict.fromkeys(("important", "raise", "increase", "zaroori", "ضروری", "فوری"), "high")
WORDS_OF_PRIORITY |= {"lower": "low", "reduce": "low"}
NO_TITLE = frozenset({"task", "todo", "to-do", "item", "reminder", "kaam", "کام", "something"})


@dataclass(frozen=True, slots=True)
class Say:
    """A reply without an act: the key of a phrase."""

    phrase: str


Plan = list[ToolCall] | Say


def interpret(command: Command, sentence: str, briefing: Briefing) -> Plan:
    """What to call for a command, given what the conversation is about."""
    if command.act in ("greet", "thank", "help", "yes", "no"):
        return Say(command.act)
    if command.act == UNKNOWN:
        return _propose(sentence, command, briefing)
    return _ACTS[command.act](command, briefing)


def tool_call(name: str, **arguments: Any) -> ToolCall:
    """A call of this engine; arguments that are None are left out."""
    return ToolCall(f"{OWN}{uuid.uuid4().hex[:12]}", name, {k: v for k, v in arguments.items() if v is not None})


def _propose(sentence: str, command: Command, briefing: Briefing) -> Plan:
    """ "buy milk tomorrow" asks for nothing, but it may be kept on one word of the user."""
    words = sentence.split()
    if re.fullmatch(QUESTION, normalise(sentence.strip())) or not 1 < len(words) <= MAX_PROPOSED_WORDS:
        return Say("unknown")
    task = _task(command.rest, briefing)
    return [tool_call("propose_plan", act="add", new_tasks=[task])] if task else Say("unknown")


def _task(text: str, briefing: Briefing) -> dict[str, Any] | None:
    parsed = _parse(text, briefing)
    title = _capital(ARTICLE.sub("", _without_to(parsed.title, text)))
    if not title or title.lower() in NO_TITLE:
        return None
    fields = {"title": title[:200], **_fields(parsed)}
    return fields if len(title) <= 200 else {**fields, "notes": parsed.title}


def _without_to(title: str, text: str) -> str:
    """ "remind me on friday to call" is about calling; the day stood before it."""
    return title[3:] if title[:3].lower() == "to " and text[:3].lower() != "to " else title


def _fields(parsed: Parsed) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if parsed.priority != "none":
        fields["priority"] = parsed.priority
    if parsed.tags:
        fields["tags"] = list(parsed.tags)
    if parsed.due:
        fields["due"] = _moment(parsed)
    if parsed.repeat:
        fields["repeat"] = parsed.repeat
    return fields


def _moment(parsed: Parsed) -> str | None:
    if parsed.due is None:
        return None
    day = parsed.due.date.isoformat()
    return f"{day}T{parsed.due.time:%H:%M}" if parsed.due.time else day


def _parse(text: str, briefing: Briefing) -> Parsed:
    return parse(text, now=briefing.now, time_zone=briefing.time_zone)


def _capital(title: str) -> str:
    first = title[:1].upper()
    return first + title[1:] if len(first) == 1 else title


def _add(command: Command, briefing: Briefing) -> Plan:
    text = command.rest
    pieces = re.split(r"\s*(?:[,;\n،]|\band\b|\baur\b)\s*", text) if command.form == "many" else text.split(";")
    tasks = [task for piece in pieces if piece.strip() and (task := _task(piece.strip(), briefing))]
    return [tool_call("add_task", tasks=tasks)] if tasks else Say("no_title")


def _list(command: Command, briefing: Briefing) -> Plan:
    wanted = read_filter(command.rest, briefing.now, briefing.time_zone)
    arguments = dict(wanted.arguments)
    if arguments.get("status") == "done" and command.form == "ask":
        arguments = {name: value for name, value in arguments.items() if not name.startswith("due")}
    if wanted.left_over:
        if command.form == "find" or (wanted.understood and command.form != "ask"):
            arguments.setdefault("query", unquoted(wanted.left_over)[0])
        elif not wanted.understood:
            return Say("unknown")
    elif command.form == "find" and not wanted.understood:
        return Say("unknown")
    if command.form == "find":
        arguments.setdefault("status", "all")
    arguments.setdefault("status", "open")
    return [tool_call("list_tasks", **arguments)]


def _summarise(_: Command, __: Briefing) -> Plan:
    return [tool_call("list_tasks", status="open", sort="urgency", limit=5)]


def _on_tasks(act: str, reference: Reference, tool: str, **changes: Any) -> Plan:
    """The act on named tasks, or a plan when a whole group is meant."""
    if reference.problem:
        return Say(reference.problem)
    if reference.where is None:
        return [tool_call(tool, tasks=list(reference.tasks), **changes)]
    where = dict(reference.where)
    if where.get("status") in (None, "all") and act in ("complete", "update", "reschedule"):
        where["status"] = "open"
    if act == "reopen":
        where["status"] = "done"
    changes = {name: value for name, value in changes.items() if name != "done"}
    return [tool_call("propose_plan", act=act, where=where, changes=changes or None)]


def _refer(command: Command, briefing: Briefing) -> Reference:
    return read_reference(command.rest, briefing.focus, briefing.now, briefing.time_zone)


def _complete(command: Command, briefing: Briefing) -> Plan:
    return _on_tasks("complete", _refer(command, briefing), "complete_task")


def _reopen(command: Command, briefing: Briefing) -> Plan:
    return _on_tasks("reopen", _refer(command, briefing), "complete_task", done=False)


def _delete(command: Command, briefing: Briefing) -> Plan:
    return _on_tasks("delete", _refer(command, briefing), "delete_task")


def _undo(_: Command, __: Briefing) -> Plan:
    return [tool_call("undo")]


def _reschedule(command: Command, briefing: Briefing) -> Plan:
    reference = _refer(command, briefing)
    if command.form == "clear":
        return _on_tasks("reschedule", reference, "reschedule_task", due="none")
    if command.form in ("shift", "day"):
        return _on_tasks("reschedule", reference, "reschedule_task", due=f"+{command.value or '1 day'}")
    parsed = _parse(command.value, briefing)
    # A repeat without a date begins on its own first day.
    return _on_tasks("reschedule", reference, "reschedule_task", due=_moment(parsed), repeat=parsed.repeat)


def _update(command: Command, briefing: Briefing) -> Plan:
    reference = _refer(command, briefing)
    value, quoted = unquoted(command.value)
    match command.form:
        case "priority":
            level = WORDS_OF_PRIORITY.get(value.lower())
            return _on_tasks(
                "update", reference, "update_task", priority=level or PRIORITIES.get(value.lower(), "high")
            )
        case "tag":
            return _on_tasks("update", reference, "update_task", add_tags=[value])
        case "untag":
            return _on_tasks("update", reference, "update_task", remove_tags=[value])
        case "note":
            return _on_tasks("update", reference, "update_task", notes=value)
    if quoted:
        return _on_tasks("update", reference, "update_task", title=value)
    return _changes(reference, _parse(value, briefing))


def _changes(reference: Reference, parsed: Parsed) -> Plan:
    """ "change milk to oat milk tomorrow !high": whatever was named changes."""
    fields = _fields(parsed)
    when = {name: fields.pop(name) for name in ("due", "repeat") if name in fields}
    tags = fields.pop("tags", None)
    changes: dict[str, Any] = {**fields, "add_tags": tags, "title": _capital(parsed.title) or None}
    calls: list[ToolCall] = []
    if any(value is not None for value in changes.values()):
        first = _on_tasks("update", reference, "update_task", **changes)
        if isinstance(first, Say):
            return first
        calls += first
    if when:
        second = _on_tasks("reschedule", reference, "reschedule_task", **when)
        if isinstance(second, Say):
            return second
        # By now the first call has given the task its new title, so the old one would not find it.
        calls = second + calls
    return calls or Say("unknown")


_ACTS: dict[str, Callable[[Command, Briefing], Plan]] = {
    "add": _add,
    "list": _list,
    "summarise": _summarise,
    "complete": _complete,
    "reopen": _reopen,
    "delete": _delete,
    "undo": _undo,
    "reschedule": _reschedule,
    "update": _update,
}
