"""What the API's description shows of the chat: one turn, and the conversation that it began."""

from __future__ import annotations

from typing import Any

from app.tasks.examples import TASK

CONVERSATION: dict[str, Any] = {
    "id": "9a1f6c1e-7d0b-4c6e-8f5a-3b2c1d0e9f88",
    "title": "Add milk for tomorrow",
    "created_at": "2026-11-25T12:00:00Z",
    "updated_at": "2026-11-25T12:00:01Z",
}
TURN = "2c4e6a80-1b3d-4f5e-8a9c-0d1e2f3a4b5c"
UNDO = "Zk3vX9qLw2TtB7nRf5YhPd0a"
ADDED = {**TASK, "title": "Milk", "priority": "none", "tags": [], "repeat": None}
CALL: dict[str, Any] = {"id": "call_1", "name": "add_task", "arguments": {"tasks": [{"title": "Milk"}]}}
USED: dict[str, Any] = {
    **CALL,
    "ok": True,
    "text": "Added “Milk”.",
    "data": {"tasks": [ADDED], "failed": [], "undo_token": UNDO, "plan": None},
}

REPLY: dict[str, Any] = {
    "conversation_id": CONVERSATION["id"],
    "turn_id": TURN,
    "engine": "rules",
    "text": "Added “Milk”.",
    "tool_calls": [USED],
    "plans": [],
    "notices": [],
    "error": None,
    "undo_token": UNDO,
    "usage": None,
}
EVENT = {"event": "text", "data": '{"delta": "Added “Milk”."}', "id": "4"}
CONVERSATIONS = {"items": [CONVERSATION], "next_cursor": None}
MESSAGES: dict[str, Any] = {
    **CONVERSATION,
    "messages": [
        {
            "id": f"{TURN}-user",
            "role": "user",
            "text": "Add milk for tomorrow",
            "tool_calls": [],
            "plan": None,
            "engine": None,
            "created_at": "2026-11-25T12:00:00Z",
        },
        {
            "id": f"{TURN}-assistant",
            "role": "assistant",
            "text": "Added “Milk”.",
            "tool_calls": [USED],
            "plan": None,
            "engine": "rules",
            "created_at": "2026-11-25T12:00:01Z",
        },
    ],
}
RECORD: dict[str, Any] = {
    "id": TURN,
    "conversation_id": CONVERSATION["id"],
    "state": "done",
    "engine": "rules",
    "model": None,
    "prompt_version": "1",
    "time_zone": "Asia/Karachi",
    "message": "Add milk for tomorrow",
    "steps": [{"text": "", "calls": [CALL]}, {"text": "Added “Milk”.", "calls": []}],
    "results": [{"tool_call_id": "call_1", "name": "add_task", "data": USED["data"]}],
    "answer": "Added “Milk”.",
    "notices": [],
    "latencies": {"first_delta": 0.002, "engine": 0.003, "tools": 0.009, "total": 0.015},
    "usage": None,
    "created_at": "2026-11-25T12:00:00Z",
    "finished_at": "2026-11-25T12:00:01Z",
}
CONFIRMED = {"text": "Changed “Pay rent”.", "tasks": [TASK], "undo_token": UNDO}
