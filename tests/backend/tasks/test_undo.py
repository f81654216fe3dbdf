"""One token takes back all that one request did, once, unless something changed since."""

import asyncio

from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import delete, select

from app.config import Settings
from app.main import create_app
from app.tasks.model import Change, Task
from tests.backend.conftest import AddTask, running
from tests.backend.operations.test_operations import client_of


async def undo(client: AsyncClient, token: str) -> tuple[int, dict[str, object]]:
    answer = await client.post(f"/api/undo/{token}")
    return answer.status_code, answer.json()


async def test_each_kind_of_change_is_taken_back_wholly(client: AsyncClient, add: AddTask) -> None:
    task = await add("Report", notes="n", tags=["a"], due={"date": "2026-12-03"}, repeat="FREQ=WEEKLY")
    path = f"/api/tasks/{task['id']}"
    changes = [
        lambda: client.patch(path, json={"title": "X", "notes": "", "tags": [], "due": None, "repeat": None}),
        lambda: client.post(f"{path}/complete"),
        lambda: client.post(f"{path}/reschedule", json={"due": {"date": "2027-01-01", "time": "10:00"}}),
        lambda: client.delete(path),
    ]
    for change in changes:
        changed = await change()
        assert changed.is_success
        status, _ = await undo(client, changed.headers["undo-token"])
        assert status == 200
        now = (await client.get(path)).json()
        for field in task.keys() - {"version", "updated_at"}:
            assert now[field] == task[field], field
        assert [t["id"] for t in (await client.get("/api/tasks?q=report")).json()["items"]] == [task["id"]]


async def test_undoing_a_completion_removes_the_next_one(client: AsyncClient, add: AddTask) -> None:
    task = await add(due={"date": "2026-12-03"}, repeat="FREQ=WEEKLY")
    done = await client.post(f"/api/tasks/{task['id']}/complete")
    assert len((await client.get("/api/tasks")).json()["items"]) == 2
    status, body = await undo(client, done.headers["undo-token"])
    assert status == 200
    assert len(body["undone"]) == 2  # type: ignore[arg-type]
    (left,) = (await client.get("/api/tasks")).json()["items"]
    assert (left["id"], left["done"], left["repeat"]) == (task["id"], False, "FREQ=WEEKLY")


async def test_a_token_works_once(client: AsyncClient) -> None:
    token = (await client.post("/api/tasks", json={"title": "x"})).headers["undo-token"]
    assert (await undo(client, token))[0] == 200
    status, problem = await undo(client, token)
    assert status == 409
    assert problem["detail"] == "This was undone already."


async def test_a_later_change_makes_it_a_conflict_that_names_the_task(client: AsyncClient) -> None:
    created = await client.post("/api/tasks", json={"title": "Old"})
    path = f"/api/tasks/{created.json()['id']}"
    await client.patch(path, json={"title": "New"})
    status, problem = await undo(client, created.headers["undo-token"])
    assert status == 409
    assert "“New”" in str(problem["detail"])
    assert (await client.get(path)).json()["title"] == "New"


async def test_changes_of_one_task_are_taken_back_one_after_the_other(client: AsyncClient, add: AddTask) -> None:
    task = await add("One")
    path = f"/api/tasks/{task['id']}"
    tokens = [(await client.patch(path, json={"title": title})).headers["undo-token"] for title in ("Two", "Three")]
    for token, title in zip(reversed(tokens), ("Two", "One"), strict=True):
        assert (await undo(client, token))[0] == 200
        assert (await client.get(path)).json()["title"] == title


async def test_an_import_is_taken_back_after_what_followed_it(client: AsyncClient) -> None:
    token = (await client.post("/api/import", json=[{"title": "Imported"}])).headers["undo-token"]
    (task,) = (await client.get("/api/tasks")).json()["items"]
    changed = await client.patch(f"/api/tasks/{task['id']}", json={"title": "Changed"})
    assert (await undo(client, token))[0] == 409
    assert (await undo(client, changed.headers["undo-token"]))[0] == 200
    assert (await undo(client, token))[0] == 200
    assert (await client.get("/api/tasks")).json()["items"] == []


async def test_a_change_of_before_a_field_was_added_can_be_undone(
    client: AsyncClient, app: FastAPI, add: AddTask
) -> None:
    task = await add("One")
    changed = await client.patch(f"/api/tasks/{task['id']}", json={"title": "Two"})
    async with app.state.database.write() as session:
        change = (await session.execute(select(Change).where(Change.action == "update"))).scalar_one()
        change.before = {name: value for name, value in change.before.items() if name != "moved_from"}
    assert (await undo(client, changed.headers["undo-token"]))[0] == 200
    assert (await client.get(f"/api/tasks/{task['id']}")).json()["title"] == "One"


async def test_what_was_removed_for_good_cannot_be_undone(client: AsyncClient, app: FastAPI) -> None:
    created = await client.post("/api/tasks", json={"title": "Gone"})
    async with app.state.database.write() as session:
        await session.execute(delete(Task))
    status, problem = await undo(client, created.headers["undo-token"])
    assert status == 409
    assert "removed for good" in str(problem["detail"])


async def test_an_undo_of_many_puts_each_back_as_it_was_and_is_found_by_its_words_again(client: AsyncClient) -> None:
    titles = [f"Chore {number}" for number in range(5)]
    made = await client.post("/api/tasks/batch", json={"tasks": [{"title": title} for title in titles]})
    tasks = [result["task"] for result in made.json()["results"]]
    said = await client.post(
        "/api/chat", json={"message": "complete all tasks"}, headers={"Accept": "application/json"}
    )
    plan = said.json()["plans"][0]["plan_id"]
    done = (await client.post(f"/api/plans/{plan}/confirm")).json()
    assert {(task["done"], task["version"]) for task in done["tasks"]} == {(True, 2)}
    assert (await undo(client, done["undo_token"]))[0] == 200
    found = (await client.get("/api/tasks?q=chore&sort=title")).json()["items"]
    assert [{**task, "version": 1, "updated_at": None} for task in found] == [
        {**task, "updated_at": None} for task in tasks
    ]
    assert {task["version"] for task in found} == {3}


async def test_of_several_undos_at_once_on_two_replicas_one_succeeds(client: AsyncClient, settings: Settings) -> None:
    created = await client.post("/api/tasks", json={"title": "Once"})
    token = created.headers["undo-token"]
    async with running(create_app(settings)) as app, client_of(app) as there:
        there.cookies.update(client.cookies)
        answers = await asyncio.gather(*(undo(one, token) for one in (client, there) * 3))
    assert sorted(status for status, _ in answers) == [200] + [409] * 5
    assert (await client.get("/api/tasks")).json()["items"] == []
