"""A turn as a test case: what was said, what the engine answered step by step, and how long it took."""

from __future__ import annotations

import uuid
from typing import Any, Self

from pydantic import BaseModel, Field

from app.chat.model import Turn
from app.tasks.schemas import Timestamp


class Step(BaseModel):
    """One answer of the engine, as a scripted provider can give it again."""

    text: str
    calls: list[dict[str, Any]] = Field(description="{id, name, arguments}")


class TurnRecord(BaseModel):
    """Everything that is kept of a turn."""

    id: uuid.UUID
    conversation_id: uuid.UUID
    state: str
    engine: str
    model: str | None
    prompt_version: str
    time_zone: str
    message: str
    steps: list[Step]
    results: list[dict[str, Any]] = Field(description="{tool_call_id, name, data}, in the order of the calls")
    answer: str
    notices: list[dict[str, Any]]
    latencies: dict[str, Any] = Field(description="Seconds: first_delta, engine, tools, total")
    usage: dict[str, Any] | None
    created_at: Timestamp
    finished_at: Timestamp | None

    @classmethod
    def of(cls, turn: Turn) -> Self:
        answers = [entry for entry in turn.messages if entry["role"] == "assistant"]
        results = [entry for entry in turn.messages if entry["role"] == "tool"]
        return cls(
            **{name: getattr(turn, name) for name in cls.model_fields if name not in ("steps", "results")},
            steps=[Step(text=entry["text"], calls=entry.get("tool_calls", [])) for entry in answers],
            results=[{name: entry[name] for name in ("tool_call_id", "name", "data")} for entry in results],
        )
