"""What has had its time goes; the rest stays."""

from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, select, update

from app.operations.housekeeping import purge
from app.operations.idempotency import KeptAnswer
from app.tasks.model import Change, Task
from tests.backend.conftest import AddTask


async def test_deleted_tasks_and_history_go_after_thirty_days_and_answers_after_one(
    app: FastAPI, client: AsyncClient, add: AddTask
) -> None:
    now = datetime.now(UTC)
    old, young = await add("old"), await add("young")
    await client.post("/api/tasks", json={"title": "kept"}, headers={"Idempotency-Key": "k"})
    for task in (old, young):
        await client.delete(f"/api/tasks/{task['id']}")
    await app.state.housekeeping.stop()  # the first write has started a round of its own
    assert await purge(app.state.database) == 0
    async with app.state.database.write() as session:
        await session.execute(update(Task).where(Task.title == "old").values(deleted_at=now - timedelta(days=31)))
        await session.execute(update(Change).values(created_at=now - timedelta(days=31)))
        await session.execute(update(KeptAnswer).values(created_at=now - timedelta(hours=25)))
        expired = {
            "tasks": await session.scalar(select(func.count()).where(Task.title == "old")),
            "changes": list((await session.execute(select(Change.action).order_by(Change.number))).scalars()),
            "answers": await session.scalar(select(func.count()).select_from(KeptAnswer)),
        }
    assert expired == {"tasks": 1, "changes": ["create", "create", "create", "delete", "delete"], "answers": 1}
    assert await purge(app.state.database) == 7
    async with app.state.database.read() as session:
        assert set((await session.execute(select(Task.title))).scalars()) == {"young", "kept"}
        assert (await session.execute(select(func.count()).select_from(Change))).scalar_one() == 0
