"""No handler asks the database more than four times, whatever it is about: every operation of the schema is tried.

Three ask more, and how often is held here as well: an import, whose tasks are stored 500 at once so that it takes
little memory; a plan that completes several repeating tasks; and a message that replaces one of before.
"""

import asyncio
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import event

from app.db.kept import Kept
from tests.backend.conftest import ClientFactory

MOST = 4
# They ask nothing; or the pool asks it of a connection, not a handler.
NO_QUERIES = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "select pg_catalog", "SELECT pg_catalog", "show ")
# Who an API token belongs to is asked before the handler begins.
WHO_ASKS = "WHERE api_tokens.digest ="
# A turn of the chat is a task of its own, which goes on after its request: it calls as many tools as the model wants.
OF_A_TURN = ("Turns._run", "Keeper._beat")

TASK = {"title": "Water", "tags": ["home"], "due": {"date": "2190-01-01"}, "repeat": "FREQ=DAILY"}
ROWS = json.dumps([{"id": str(uuid.uuid4()), "title": f"Row {number}"} for number in range(100)])


@dataclass(frozen=True)
class Call:
    """How an operation is tried: by names in the path that `world` knows, with the most that it has to do."""

    json: Any = None
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    content: str | None = None
    names: dict[str, str] = field(default_factory=dict)


CALLS = {
    "GET /health": Call(),
    "GET /ready": Call(),
    "GET /api/health": Call(),
    "GET /api/meta": Call(),
    "GET /api/tasks": Call(query="q=w&tag=home&status=open&sort=urgency&overdue=false"),
    "POST /api/tasks": Call(TASK),
    "POST /api/tasks/batch": Call({"tasks": [TASK] * 100}),
    "POST /api/tasks/parse": Call({"text": "pay rent tomorrow"}),
    "GET /api/tasks/{task_id}": Call(),
    "PATCH /api/tasks/{task_id}": Call({"title": "Plants", "done": True}, headers={"If-Match": '"1"'}),
    "POST /api/tasks/{task_id}/complete": Call(names={"task_id": "another"}),
    "POST /api/tasks/{task_id}/reopen": Call(),
    "POST /api/tasks/{task_id}/reschedule": Call({"due": {"date": "2190-02-01"}}),
    "DELETE /api/tasks/{task_id}": Call(),
    "POST /api/tasks/{task_id}/restore": Call(),
    "POST /api/undo/{token}": Call(),
    "GET /api/export": Call(),
    "POST /api/import": Call(content=ROWS, headers={"Content-Type": "application/json"}),
    "GET /api/tokens": Call(),
    "POST /api/tokens": Call({"name": "Editor"}),
    "DELETE /api/tokens/{token_id}": Call(),
    "POST /api/chat": Call({"message": "hello", "conversation_id": "{conversation_id}"}),
    "GET /api/turns/{turn_id}": Call(),
    "GET /api/turns/{turn_id}/events": Call(),
    "POST /api/turns/{turn_id}/stop": Call(),
    "GET /api/conversations": Call(),
    "GET /api/conversations/{conversation_id}": Call(),
    "PATCH /api/conversations/{conversation_id}": Call({"title": "Garden"}),
    "POST /api/plans/{plan_id}/cancel": Call(names={"plan_id": "other_plan"}),
    "POST /api/plans/{plan_id}/confirm": Call(),
    "DELETE /api/conversations/{conversation_id}": Call(),
    "DELETE /api/me": Call(),
}


@pytest.fixture
def asked(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that a handler sends to the database."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(NO_QUERIES) and not _of_a_turn():
            found.append(statement)

    past_sqlalchemy = Kept.ask_sqlite

    def ask(self: Kept, *arguments: Any) -> Any:
        found.append(str(self.statement))
        return past_sqlalchemy(self, *arguments)

    monkeypatch.setattr(Kept, "ask_sqlite", ask)
    monkeypatch.setattr(app.state.database, "after_write", lambda: None)  # housekeeping begins beside a write
    engines = [app.state.database.engine.sync_engine, app.state.database._plain]
    for engine in filter(None, engines):
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in filter(None, engines):
        event.remove(engine, "before_cursor_execute", note)


def _of_a_turn() -> bool:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # a thread, where SQLite is asked for a page
        return False
    return task is not None and getattr(task.get_coro(), "__qualname__", "") in OF_A_TURN


@pytest.fixture
async def world(client: AsyncClient) -> dict[str, str]:
    """Something of each kind, by the name that paths have for it."""

    async def say(message: str) -> Any:
        said = await client.post("/api/chat", json={"message": message}, headers={"Accept": "application/json"})
        return said.json()

    chores = {"tasks": [{"title": f"Chore {number}"} for number in range(20)]}
    await client.post("/api/tasks/batch", json=chores)
    plan, other = await say("delete all tasks"), await say("delete all tasks")
    assert len(plan["plans"][0]["tasks"]) == 20
    many = await client.post("/api/tasks/batch", json=chores)
    task, another = [(await client.post("/api/tasks", json=TASK)).json() for _ in "12"]
    token = (await client.post("/api/tokens", json={"name": "Old"})).json()
    return {
        "task_id": task["id"],
        "another": another["id"],
        "token": many.headers["undo-token"],
        "token_id": token["id"],
        "conversation_id": plan["conversation_id"],
        "turn_id": plan["turn_id"],
        "plan_id": plan["plans"][0]["plan_id"],
        "other_plan": other["plans"][0]["plan_id"],
    }


async def test_every_operation_asks_at_most_four_times(
    app: FastAPI, client: AsyncClient, new_client: ClientFactory, world: dict[str, str], asked: list[str]
) -> None:
    operations = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    assert operations == CALLS.keys(), "an operation is not tried, or is no more"
    bearer = (await client.post("/api/tokens", json={"name": "Program"})).json()["token"]
    program = new_client(Authorization=f"Bearer {bearer}")
    for name, call in CALLS.items():
        asked.clear()
        answer = await tried(program, name, call, world)
        assert answer.is_success, (name, answer.text)
        own = [statement for statement in asked if WHO_ASKS not in statement]
        assert len(own) <= MOST, (name, own)
        assert len(asked) - len(own) <= 1, (name, asked)


async def test_a_file_of_any_length_is_exported_by_one_question_and_imported_by_three_for_each_500_tasks(
    client: AsyncClient, asked: list[str]
) -> None:
    rows = [{"id": str(uuid.uuid4()), "title": f"Row {number}"} for number in range(1201)]
    known = json.dumps(rows[:1])
    for body, imported, most in ((known, 1, 4), (json.dumps(rows), 1200, 2 + 3 * 3), (known, 0, 3)):
        asked.clear()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        answer = await client.post("/api/import", content=body, headers=headers)
        assert (answer.json()["imported"], len(asked)) == (imported, most), asked
    asked.clear()
    exported = (await client.get("/api/export")).json()["tasks"]
    assert [task["title"] for task in exported] == [row["title"] for row in rows]
    assert len(asked) == 1, asked


async def test_a_plan_of_repeating_tasks_asks_five_times_and_a_message_said_again_eight(
    client: AsyncClient, asked: list[str]
) -> None:
    await client.post("/api/tasks/batch", json={"tasks": [TASK | {"title": f"Water {n}"} for n in range(3)]})
    headers = {"Accept": "application/json", "Idempotency-Key": "first"}
    said = (await client.post("/api/chat", json={"message": "complete all tasks"}, headers=headers)).json()
    asked.clear()
    confirmed = await client.post(f"/api/plans/{said['plans'][0]['plan_id']}/confirm")
    assert (len(confirmed.json()["tasks"]), len(asked)) == (3, 5), asked
    asked.clear()
    again = {"message": "hello", "conversation_id": said["conversation_id"], "replaces": said["turn_id"]}
    answer = await client.post("/api/chat", json=again, headers=headers | {"Idempotency-Key": "better"})
    assert (answer.status_code, len(asked)) == (200, 8), asked


async def tried(program: AsyncClient, name: str, call: Call, world: dict[str, str]) -> Response:
    """The operation in the name of an API token, under a new Idempotency-Key."""
    method, path = name.split(" ")
    known = world | {kind: world[one] for kind, one in call.names.items()}
    body = call.content or (None if call.json is None else json.dumps(call.json))
    if body and call.json:
        body = body.replace("{conversation_id}", known["conversation_id"])
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Accept": "application/json", "Content-Type": "application/json"}
    url = path.format_map(known) + (f"?{call.query}" if call.query else "")
    return await program.request(method, url, content=body, headers=headers | call.headers)
