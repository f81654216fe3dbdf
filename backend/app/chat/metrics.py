"""Prometheus metrics of the chat. Labels are names of ours, never words of a user."""

from __future__ import annotations

from typing import Any

from prometheus_client import Counter, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)

turns = Counter("todo_chat_turns_total", "Finished turns", ["engine", "state"])
fallbacks = Counter("todo_chat_notices_total", "Notices in turns, such as why a model was left", ["code"])
tool_calls = Counter("todo_chat_tool_calls_total", "Tool calls in turns", ["tool", "ok"])
seconds = Histogram("todo_chat_turn_seconds", "Time from a message to its last event", ["engine"], buckets=BUCKETS)
first = Histogram(
    "todo_chat_first_delta_seconds", "Time to an engine's first word or call", ["engine"], buckets=BUCKETS
)
tokens = Counter("todo_chat_tokens_total", "Tokens as the provider counted them", ["direction"])


def observe_turn(values: dict[str, Any], state: str) -> None:
    """Counts one turn by the columns that it is stored with."""
    engine, latencies = values["engine"], values["latencies"]
    turns.labels(engine, state).inc()
    seconds.labels(engine).observe(latencies["total"])
    if "first_delta" in latencies:
        first.labels(engine).observe(latencies["first_delta"])
    for notice in values["notices"]:
        fallbacks.labels(notice["code"]).inc()
    for entry in values["messages"]:
        if entry["role"] == "tool":
            tool_calls.labels(entry["name"], str("error" not in (entry["data"] or {})).lower()).inc()
    for direction, count in (values["usage"] or {}).items():
        tokens.labels(direction.removesuffix("_tokens")).inc(count)
