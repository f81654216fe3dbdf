"""The fast way to JSON says what the models say, and no handler asks the database more than four times."""

import json
import uuid
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import event

from app.identity import Identity
from app.tasks.listing import ListQuery
from app.tasks.paging import TaskPages
from app.tasks.schemas import TaskPage
from app.tasks.service import TaskService
from tests.backend.conftest import AddTask


async def test_the_fast_way_to_json_says_what_the_models_say(app: FastAPI, client: AsyncClient, add: AddTask) -> None:
    await add("Plain")
    await add("Ünï “quoted” \\ \n 日本".replace("\n", ""), notes="a\nb", tags=["x", "گھر"], priority="medium")
    await add("Day", due={"date": "2020-02-29"}, repeat="FREQ=DAILY")
    await add("Time", due={"date": "2199-12-31", "time": "23:59", "time_zone": "Asia/Kathmandu"})
    done = await add("Done")
    await client.post(f"/api/tasks/{done['id']}/complete")
    identity = Identity(client.cookies["todo_guest"].split(".")[1])
    async with app.state.database.read() as session:
        service = TaskService(session, identity, secret="s")
        pages = TaskPages(app.state.database, identity.owner, secret="s")
        for query in (ListQuery(), ListQuery(limit=2), ListQuery(sort="urgency", limit=2), ListQuery(sort="due")):
            fast, slow = await pages.json(query), await service.list(query)
            assert json.loads(fast)["items"] == slow.model_dump(mode="json")["items"]
            following = TaskPage.model_validate_json(fast).next_cursor
            assert (following is None) == (slow.next_cursor is None)
            if following is not None:
                rest = await service.list(query.model_copy(update={"cursor": following}))
                assert json.loads(await pages.json(query.model_copy(update={"cursor": slow.next_cursor})))["items"] == [
                    task.model_dump(mode="json") for task in rest.items
                ]


@pytest.fixture
def statements(app: FastAPI) -> Iterator[list[str]]:
    """What the database is asked, transactions aside."""
    asked: list[str] = []

    app.state.housekeeping.nudge = lambda: None  # it tidies beside the first request that writes

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(("BEGIN", "SELECT pg_catalog", "select pg_catalog", "show ")):
            asked.append(statement)

    engine = app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


async def test_no_handler_asks_the_database_more_than_four_times(client: AsyncClient, statements: list[str]) -> None:
    await client.get("/api/tasks")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    create = {"title": "x", "tags": ["a"], "due": {"date": "2190-01-01"}, "repeat": "FREQ=DAILY"}
    created = await client.post("/api/tasks", json=create)
    task = f"/api/tasks/{created.json()['id']}"
    requests = [
        ("GET", "/api/tasks?q=x&tag=a&status=open&sort=urgency", None, {}),
        ("POST", "/api/tasks", create, key),
        ("POST", "/api/tasks", create, key),
        ("POST", "/api/tasks/batch", {"tasks": [create] * 100}, {}),
        ("GET", task, None, {}),
        ("PATCH", task, {"title": "y", "done": True}, {"If-Match": '"1"'}),
        ("POST", f"{task}/reopen", None, {}),
        ("POST", f"{task}/reschedule", {"due": {"date": "2190-02-01"}}, {}),
        ("DELETE", task, None, {}),
        ("POST", f"{task}/restore", None, {}),
        ("POST", f"{task}/complete", None, {}),
        ("GET", "/api/tokens", None, {}),
        ("POST", "/api/tokens", {"name": "x"}, {}),
        ("GET", "/api/meta", None, {}),
    ]
    for method, path, body, headers in requests:
        statements.clear()
        answer = await client.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        assert len(statements) <= 4, (method, path, statements)
        if token := answer.headers.get("undo-token"):
            last = token
    statements.clear()
    assert (await client.post(f"/api/undo/{last}")).status_code == 200
    assert len(statements) <= 4, statements
