"""What has had its time goes, however much it is; the rest stays."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, insert, select, update

from app.operations import housekeeping
from app.operations.housekeeping import purge
from app.operations.idempotency import KeptAnswer
from app.tasks.model import Change, Task
from app.tools.plan_model import Plan
from tests.backend.conftest import AddTask


async def count(app: FastAPI, table: type[Any]) -> int:
    async with app.state.database.read() as session:
        number: int = (await session.execute(select(func.count()).select_from(table))).scalar_one()
        return number


async def test_deleted_tasks_history_and_plans_go_after_thirty_days_and_answers_after_one(
    app: FastAPI, client: AsyncClient, add: AddTask
) -> None:
    now = datetime.now(UTC)
    old, young = await add("old"), await add("young")
    await client.post("/api/tasks", json={"title": "kept"}, headers={"Idempotency-Key": "k"})
    for task in (old, young):
        await client.delete(f"/api/tasks/{task['id']}")
    await client.post("/api/chat", json={"message": "delete kept"}, headers={"Accept": "application/json"})
    assert [gone async for gone in purge(app.state.database)] == [0, 0, 0, 0]
    async with app.state.database.write() as session:
        await session.execute(update(Task).where(Task.title == "old").values(deleted_at=now - timedelta(days=31)))
        await session.execute(update(Change).values(created_at=now - timedelta(days=31)))
        await session.execute(update(KeptAnswer).values(created_at=now - timedelta(hours=25)))
        await session.execute(update(Plan).values(expires_at=now - timedelta(days=31)))
    assert [gone async for gone in purge(app.state.database)] == [1, 5, 1, 1]
    async with app.state.database.read() as session:
        assert set((await session.execute(select(Task.title))).scalars()) == {"young", "kept"}
    assert [await count(app, table) for table in (Change, KeptAnswer, Plan)] == [0, 0, 0]


@pytest.fixture
async def crowded(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """More than one transaction takes away has had its time, and the hour is about to be over."""
    monkeypatch.setattr(housekeeping, "AT_ONCE", 3)
    change = {"owner": "guest-1", "undo_token": "t", "action": "create", "version_after": 1}
    rows = [{**change, "task_id": uuid.uuid4(), "created_at": datetime(2020, 1, 1, tzinfo=UTC)} for _ in range(8)]
    async with app.state.database.write() as session:
        await session.execute(insert(Change), rows)
    app.state.housekeeping._last = -housekeeping.PAUSE_SECONDS
    return app


WRITES: dict[str, Callable[[AsyncClient], Any]] = {
    "a request": lambda client: client.delete("/api/me"),
    "a turn of the chat": lambda client: client.post(
        "/api/chat", json={"message": "hello"}, headers={"Accept": "application/json"}
    ),
}


async def test_a_server_that_has_just_begun_leaves_it(app: FastAPI, add: AddTask) -> None:
    await add()
    assert app.state.housekeeping._running is None


@pytest.mark.parametrize("write", WRITES)
async def test_one_round_removes_all_that_there_is_whoever_wrote(
    crowded: FastAPI, client: AsyncClient, write: str
) -> None:
    await WRITES[write](client)
    await crowded.state.housekeeping._running
    assert await count(crowded, Change) == 0


async def test_a_round_that_takes_too_long_goes_on_with_the_next_write(
    crowded: FastAPI, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "LONGEST_SECONDS", 0.0)
    left = []
    for _ in range(4):
        await client.delete("/api/me")
        await crowded.state.housekeeping._running
        left.append(await count(crowded, Change))
    assert left == [5, 2, 0, 0]
