"""Replies: what the provider says, and how it misbehaves. A script is a list of them, taken one a request."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Call(BaseModel):
    name: str
    arguments: dict[str, Any] | str = Field(default_factory=dict)
    id: str | None = None


class Reply(BaseModel):
    """One answer. Without `status` it streams `text`, then `calls`, each in pieces of `piece` characters."""

    model_config = ConfigDict(extra="forbid")

    text: str = ""
    calls: list[Call] = Field(default_factory=list)
    status: int = 200
    retry_after: str | None = None
    delay: float = 0.0
    token_delay: float = 0.0
    piece: int = 7
    megabyte: bool = False
    malformed: bool = False
    cut_after: int | None = None
    hang: bool = False
    no_index: bool = False
    zero_index: bool = False
    echo_key: bool = False
    usage: tuple[int, int] | None = (120, 30)

    def chunks(self) -> list[str]:
        """The `data:` payloads in order."""
        text = "word " * 210_000 if self.megabyte else self.text
        step = 16_384 if self.megabyte else self.piece
        payloads = [_delta({"content": text[at : at + step]}) for at in range(0, len(text), step)]
        payloads += [chunk for index, call in enumerate(self.calls) for chunk in self._call(index, call)]
        payloads.append(_delta({}, finish="tool_calls" if self.calls else "stop"))
        if self.usage:
            counted = {"prompt_tokens": self.usage[0], "completion_tokens": self.usage[1]}
            payloads.append(json.dumps({"choices": [], "usage": counted}))
        if self.malformed:
            payloads[len(payloads) // 2] = '{"choices": [{"delta": {"content": "half'
        return [*payloads, "[DONE]"]

    def _call(self, index: int, call: Call) -> list[str]:
        text = call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments)
        place = {} if self.no_index else {"index": 0 if self.zero_index else index}
        identity = call.id or f"call_{index}"
        first = {**place, "id": identity, "type": "function", "function": {"name": call.name, "arguments": ""}}
        rest = [
            {**place, "function": {"arguments": text[at : at + self.piece]}} for at in range(0, len(text), self.piece)
        ]
        return [_delta({"tool_calls": [piece]}) for piece in [first, *rest]]


class Answer(BaseModel):
    """What is replied to a message of a conversation: a reply for each step of the turn."""

    said: str
    replies: list[Reply]


class Script(BaseModel):
    """All that a model says from its start on."""

    model_config = ConfigDict(extra="forbid")

    conversations: list[list[Answer]] = Field(default_factory=list)
    always: Reply | None = None


def reply_in(conversations: list[list[Answer]], messages: list[dict[str, Any]]) -> Reply | None:
    """The reply of the conversation that began with what has been said so far, whichever replica asks."""
    said = [message["content"] for message in messages if message["role"] == "user"]
    for conversation in conversations:
        if said and said == [answer.said for answer in conversation[: len(said)]]:
            last = max(place for place, message in enumerate(messages) if message["role"] == "user")
            step = sum(message["role"] == "assistant" for message in messages[last:])
            replies = conversation[len(said) - 1].replies
            return replies[step] if step < len(replies) else None
    return None


def _delta(delta: dict[str, Any], finish: str | None = None) -> str:
    return json.dumps(
        {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    )


async def each(payloads: list[str]) -> AsyncIterator[tuple[int, bytes]]:
    for number, payload in enumerate(payloads):
        yield number, f"data: {payload}\n\n".encode()
