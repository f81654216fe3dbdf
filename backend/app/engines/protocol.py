"""What an engine is: messages and tools in, a stream of text and tool calls out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant", "tool"]
FailureCode = Literal[
    "unauthorized", "rate_limited", "unavailable", "timeout", "malformed", "unknown_tool", "cut", "refused"
]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """An act that the engine asks for. `id` is unique within a turn."""

    id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them."""

    input_tokens: int
    output_tokens: int


Delta = TextDelta | ToolCall | Usage


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the history. A tool's result carries its structured `data` beside the text a model reads."""

    role: Role
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None
    data: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as an engine sees it; `parameters` is JSON Schema."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Focus:
    """What the conversation is about: what "the second one", "it", the answer to a question and "yes" mean.

    `plans` were made by the last turn; a "yes" means these and no older ones.
    """

    shown: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    question: dict[str, Any] | None = None
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """The circumstances of a turn that are not in its messages."""

    now: datetime
    time_zone: str | None = None
    focus: Focus = field(default_factory=Focus)


class EngineFailure(Exception):
    """The engine cannot go on with this turn. `text` is for the user and never quotes a provider's reply.

    `retry_after` is in seconds: no turn is worth trying sooner.
    """

    def __init__(self, code: FailureCode, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.code, self.text, self.retry_after = code, text, retry_after


class ChatEngine(Protocol):
    """An engine keeps nothing of a turn, so one object serves every conversation."""

    kind: str
    model: str | None

    def stream(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], briefing: Briefing
    ) -> AsyncIterator[Delta]:
        """One step: text as it comes, then the tool calls that are wanted. Raises EngineFailure."""
        ...

    async def close(self) -> None: ...
