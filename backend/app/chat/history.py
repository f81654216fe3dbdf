"""The messages of earlier turns, trimmed to a budget so that no tool call loses its result, nor a result its call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.chat.model import Turn
from app.engines.protocol import Message, ToolCall

TOKEN_BUDGET = 6_000
CHARACTERS_PER_TOKEN = 4


def trimmed(turns: Sequence[Turn], budget: int = TOKEN_BUDGET) -> list[Message]:
    """The newest turns that fit, oldest first; one with results that are too long gives what was said alone."""
    kept: list[list[Message]] = []
    for turn in reversed(turns):
        asked = Message("user", turn.message)
        whole = [asked, *answered([load(entry) for entry in turn.messages])]
        said = [asked, Message("assistant", turn.answer)] if turn.answer else [asked]
        fitting = next((messages for messages in (whole, said) if tokens(messages) <= budget), None)
        if fitting is None:
            break
        budget -= tokens(fitting)
        kept.append(fitting)
    return [message for messages in reversed(kept) for message in messages]


def answered(messages: Sequence[Message]) -> list[Message]:
    """Without the calls of a turn that was stopped before they ran: providers refuse a call that has no result."""
    results = {message.tool_call_id for message in messages if message.role == "tool"}
    ran = [
        replace(message, tool_calls=tuple(call for call in message.tool_calls if call.id in results))
        for message in messages
    ]
    return [message for message in ran if message.role == "tool" or message.text or message.tool_calls]


def tokens(messages: Sequence[Message]) -> int:
    calls = sum(len(str(c.arguments)) + len(c.name) for message in messages for c in message.tool_calls)
    return (sum(len(message.text) for message in messages) + calls) // CHARACTERS_PER_TOKEN + 4 * len(messages)


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
