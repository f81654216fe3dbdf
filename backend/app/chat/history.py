"""The messages of earlier turns, trimmed to a budget by whole turns, so that no tool result loses its call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.chat.model import Turn
from app.engines.protocol import Message, ToolCall

TOKEN_BUDGET = 6_000
CHARACTERS_PER_TOKEN = 4


def trimmed(turns: Sequence[Turn], budget: int = TOKEN_BUDGET) -> list[Message]:
    """The newest turns that fit, oldest first. `turns` are oldest first."""
    kept: list[list[Message]] = []
    for turn in reversed(turns):
        messages = [Message("user", turn.message), *(load(entry) for entry in turn.messages)]
        budget -= sum(tokens(message) for message in messages)
        if budget < 0:
            break
        kept.append(messages)
    return [message for messages in reversed(kept) for message in messages]


def tokens(message: Message) -> int:
    calls = sum(len(str(call.arguments)) + len(call.name) for call in message.tool_calls)
    return (len(message.text) + calls) // CHARACTERS_PER_TOKEN + 4


def dump(message: Message) -> dict[str, Any]:
    entry: dict[str, Any] = {"role": message.role, "text": message.text}
    if message.tool_calls:
        entry["tool_calls"] = [{"id": c.id, "name": c.name, "arguments": c.arguments} for c in message.tool_calls]
    if message.role == "tool":
        entry |= {"tool_call_id": message.tool_call_id, "name": message.name, "data": message.data}
    return entry


def load(entry: dict[str, Any]) -> Message:
    return Message(
        role=entry["role"],
        text=entry["text"],
        tool_calls=tuple(ToolCall(c["id"], c["name"], c["arguments"]) for c in entry.get("tool_calls", ())),
        tool_call_id=entry.get("tool_call_id"),
        name=entry.get("name"),
        data=entry.get("data"),
    )
