"""A turn's events gathered into one object, and a stored turn as two messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from app.chat.events import Event
from app.chat.model import Turn
from app.chat.schemas import ChatReply, MessageOut, ToolUse


async def collect(events: AsyncIterator[Event]) -> ChatReply:
    """The reply that a client would have put together from the events."""
    reply: dict[str, Any] = {"text": "", "plans": [], "notices": []}
    calls: dict[str, ToolUse] = {}
    async for event in events:
        data = event.data
        match event.name:
            case "start":
                reply |= data
            case "text":
                reply["text"] += data["delta"]
            case "tool_call":
                calls[data["id"]] = ToolUse(**data)
            case "tool_result":
                calls[data["id"]] = calls[data["id"]].model_copy(update=data)
            case "plan":
                reply["plans"].append(data)
            case "notice":
                reply["notices"].append(data)
            case "error":
                reply["error"] = data["problem"]
            case "done":
                reply |= {name: data.get(name) for name in ("engine", "undo_token", "usage")}
    return ChatReply(**reply, tool_calls=list(calls.values()))


def messages_of(turn: Turn) -> list[MessageOut]:
    """What the user said and what was answered, with the tools that were used."""
    calls: dict[str, ToolUse] = {}
    plan = None
    for entry in turn.messages:
        for call in entry.get("tool_calls", ()):
            calls[call["id"]] = ToolUse(**call)
        if entry["role"] == "tool" and (call_id := entry["tool_call_id"]) in calls:
            data = entry.get("data") or {}
            plan = data.get("plan") or plan
            calls[call_id] = calls[call_id].model_copy(
                update={"ok": "error" not in data, "text": entry["text"], "data": data}
            )
    asked = MessageOut(id=f"{turn.id}-user", role="user", text=turn.message, created_at=turn.created_at)
    answered = MessageOut(
        id=f"{turn.id}-assistant",
        role="assistant",
        text=turn.answer,
        tool_calls=list(calls.values()),
        plan=plan,
        engine=turn.engine,
        created_at=turn.finished_at or turn.created_at,
    )
    return [asked, answered]
