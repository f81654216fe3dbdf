"""What a model reads of earlier turns: as much as fits, and never a call without its result."""

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.chat.history import tokens, trimmed
from app.chat.model import Turn
from app.main import create_app
from tests.backend.chat.conftest import Chat, model_settings
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import RunningProvider, serving


def turn(number: int, *, listed: int = 100, stopped: bool = False) -> Turn:
    """A turn that listed tasks, and was perhaps stopped while the second call ran."""
    calls = [{"id": "call_0", "name": "list_tasks", "arguments": {}}]
    calls += [{"id": "call_1", "name": "add_task", "arguments": {}}] if stopped else []
    messages: list[dict[str, Any]] = [
        {"role": "assistant", "text": "", "tool_calls": calls},
        {"role": "tool", "text": "x" * listed, "tool_call_id": "call_0", "name": "list_tasks", "data": {}},
    ]
    if not stopped:
        messages.append({"role": "assistant", "text": f"answer {number}"})
    return Turn(message=f"question {number}", answer="" if stopped else f"answer {number}", messages=messages)


@pytest.mark.parametrize("budget", [10, 60, 150, 400, 2_000])
def test_the_newest_turns_are_kept_within_the_budget_and_no_result_loses_its_call(budget: int) -> None:
    messages = trimmed([turn(number) for number in range(20)], budget)
    assert tokens(messages) <= budget
    questions = [message.text for message in messages if message.role == "user"]
    assert questions == [f"question {number}" for number in range(20 - len(questions), 20)]
    asked = [call.id for message in messages for call in message.tool_calls]
    assert asked == [message.tool_call_id for message in messages if message.role == "tool"]


def test_of_a_turn_with_a_very_long_result_what_was_said_is_kept() -> None:
    messages = trimmed([turn(1), turn(2, listed=100_000)])
    assert [(message.role, message.text) for message in messages[-2:]] == [
        ("user", "question 2"),
        ("assistant", "answer 2"),
    ]
    assert messages[0].text == "question 1"


def test_a_call_that_was_never_answered_is_not_told() -> None:
    messages = trimmed([turn(1, stopped=True)])
    assert [call.id for message in messages for call in message.tool_calls] == ["call_0"]


async def test_a_turn_stopped_between_its_acts_finishes_the_one_that_has_begun_and_leaves_the_next_one_a_clean_history(
    migrated_sqlite: Path, provider: RunningProvider, tmp_path: Path
) -> None:
    """The database is busy when the first act begins, so the stop arrives while it waits."""
    locked = threading.Event()

    class OnceLocked(Reply):
        def chunks(self) -> list[str]:
            locked.wait(10)
            return super().chunks()

    path = shutil.copy(migrated_sqlite, tmp_path / "todo.db")
    app = create_app(model_settings(f"sqlite:///{path}", provider))
    acts = [Call(name="add_task", arguments={"tasks": [{"title": title}]}) for title in ("Milk", "Bread")]
    provider.provider.script.extend([OnceLocked(calls=acts), Reply(text="Here.")])
    with serving(app) as url, closing(sqlite3.connect(path, isolation_level=None)) as busy:
        async with httpx2.AsyncClient(base_url=url, timeout=15) as client:
            chat = Chat(client)
            async with chat.stream("add milk and bread") as stream:
                start = (await anext(stream))["data"]
                busy.execute("BEGIN IMMEDIATE")
                locked.set()
                assert (await anext(stream))["event"] == "tool_call"
                chat.conversation = start["conversation_id"]
                await client.post(f"/api/turns/{start['turn_id']}/stop")
                busy.execute("ROLLBACK")
                rest = [event async for event in stream]
            assert [event["event"] for event in rest] == ["tool_result", "notice", "done"]
            assert await chat.titles() == ["Milk"]
            stored = (await client.get(f"/api/conversations/{chat.conversation}")).json()["messages"][1]
            assert [call["data"]["tasks"][0]["title"] for call in stored["tool_calls"]] == ["Milk"]
            await chat.say("hello?")
            sent = provider.provider.requests[-1]["messages"]
            asked = [call["id"] for message in sent for call in message.get("tool_calls", [])]
            assert asked == [message["tool_call_id"] for message in sent if message["role"] == "tool"] == ["call_0"]
            undone = await client.post(f"/api/undo/{rest[-1]['data']['undo_token']}")
            assert undone.status_code == 200
            assert await chat.titles() == []
