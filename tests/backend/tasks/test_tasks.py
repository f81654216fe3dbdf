"""Create, read, change, complete, delete and restore."""

import uuid

from httpx2 import AsyncClient

from tests.backend.conftest import AddTask, ClientFactory


async def test_a_created_task_is_read_back_as_it_was_answered(client: AsyncClient) -> None:
    sent = {
        "title": "  Buy milk ",
        "notes": "*two* litres",
        "priority": "high",
        "tags": ["Home", "#shop", "home"],
        "due": {"date": "2026-12-03", "time": "17:00", "time_zone": "Asia/Karachi"},
        "repeat": "freq=weekly;byday=th",
    }
    created = await client.post("/api/tasks", json=sent)
    assert created.status_code == 201
    task = created.json()
    assert created.headers["location"] == f"/api/tasks/{task['id']}"
    assert created.headers["etag"] == '"1"'
    assert task["title"] == "Buy milk"
    assert task["tags"] == ["home", "shop"]
    assert task["due"] == sent["due"]
    assert task["repeat"] == "FREQ=WEEKLY;BYDAY=TH"
    assert (task["done"], task["version"], task["completed_at"], task["deleted_at"]) == (False, 1, None, None)
    assert task["created_at"].endswith("Z")
    read = await client.get(f"/api/tasks/{task['id']}")
    assert read.json() == task
    assert read.headers["etag"] == '"1"'


async def test_a_patch_changes_what_it_names_and_null_clears(client: AsyncClient, add: AddTask) -> None:
    task = await add("Report", notes="draft", due={"date": "2026-12-03"}, repeat="FREQ=DAILY")
    path = f"/api/tasks/{task['id']}"
    changed = (await client.patch(path, json={"title": "Final report", "priority": "low"})).json()
    assert (changed["title"], changed["notes"], changed["priority"]) == ("Final report", "draft", "low")
    assert changed["version"] == 2
    cleared = (await client.patch(path, json={"due": None, "repeat": None})).json()
    assert (cleared["due"], cleared["repeat"]) == (None, None)


async def test_a_tag_that_was_taken_is_taken_again_as_it_was_answered(client: AsyncClient, add: AddTask) -> None:
    for tag in ("ß" * 25, "İ" * 25, "x" * 50, "E\u0301"):
        task = await add(tags=[tag])
        again = await client.patch(f"/api/tasks/{task['id']}", json={"tags": task["tags"]})
        assert (again.status_code, again.json()["tags"]) == (200, task["tags"])
    refused = await client.post("/api/tasks", json={"title": "x", "tags": ["ß" * 26]})
    assert (refused.status_code, "50 characters" in refused.json()["detail"]) == (422, True)


async def test_a_repeat_cannot_lose_its_due_alone(client: AsyncClient, add: AddTask) -> None:
    task = await add(repeat="FREQ=DAILY", due={"date": "2026-12-03"})
    answer = await client.patch(f"/api/tasks/{task['id']}", json={"due": None})
    assert answer.status_code == 422
    assert "repeat" in answer.json()["detail"]


async def test_if_match_refuses_a_change_to_another_version_and_shows_the_current_one(
    client: AsyncClient, add: AddTask
) -> None:
    task = await add()
    path = f"/api/tasks/{task['id']}"
    assert (await client.patch(path, json={"title": "One"}, headers={"If-Match": '"1"'})).status_code == 200
    refused = await client.patch(path, json={"title": "Two"}, headers={"If-Match": '"1"'})
    assert refused.status_code == 412
    assert refused.json()["current"]["title"] == "One"
    assert (await client.patch(path, json={"title": "Two"}, headers={"If-Match": "*"})).status_code == 200
    assert (await client.patch(path, json={"title": "Two"}, headers={"If-Match": "yesterday"})).status_code == 422


async def test_done_by_patch_or_by_verb_is_the_same_and_repeating_it_changes_nothing(
    client: AsyncClient, add: AddTask
) -> None:
    task = await add()
    path = f"/api/tasks/{task['id']}"
    done = (await client.post(f"{path}/complete")).json()
    assert done["done"]
    assert done["completed_at"]
    again = await client.post(f"{path}/complete")
    assert again.json() == done
    assert "undo-token" not in again.headers
    opened = (await client.patch(path, json={"done": False})).json()
    assert (opened["done"], opened["completed_at"]) == (False, None)
    assert (await client.patch(path, json={"done": True})).json()["done"]
    assert not (await client.post(f"{path}/reopen")).json()["done"]


async def test_a_deleted_task_is_out_of_sight_and_can_be_restored(client: AsyncClient, add: AddTask) -> None:
    task = await add()
    path = f"/api/tasks/{task['id']}"
    assert (await client.delete(path)).status_code == 204
    assert (await client.get("/api/tasks")).json()["items"] == []
    assert [t["id"] for t in (await client.get("/api/tasks?status=deleted")).json()["items"]] == [task["id"]]
    assert (await client.get(path)).json()["deleted_at"]
    assert (await client.patch(path, json={"title": "Ghost"})).status_code == 404
    assert (await client.delete(path)).status_code == 404
    restored = await client.post(f"{path}/restore")
    assert restored.json()["deleted_at"] is None
    assert (await client.post(f"{path}/restore")).status_code == 409
    assert len((await client.get("/api/tasks")).json()["items"]) == 1


async def test_a_batch_keeps_the_valid_ones_and_says_what_is_wrong_with_each_other(client: AsyncClient) -> None:
    over = {"title": "Over", "repeat": "FREQ=DAILY;UNTIL=20200101"}
    sent = [{"title": "One"}, {"title": ""}, "no task", {"title": "Two", "surprise": 1}, {"title": "Three"}, over]
    answer = await client.post("/api/tasks/batch", json={"tasks": sent})
    results = answer.json()["results"]
    assert [r["status"] for r in results] == [201, 422, 422, 422, 201, 422]
    assert "has ended" in results[5]["problem"]["detail"]
    assert results[1]["problem"]["errors"][0]["location"] == "body.tasks.1.title"
    assert {t["title"] for t in (await client.get("/api/tasks")).json()["items"]} == {"One", "Three"}
    undone = await client.post(f"/api/undo/{answer.headers['undo-token']}")
    assert len(undone.json()["undone"]) == 2
    assert (await client.post("/api/tasks/batch", json={"tasks": [{"title": "x"}] * 101})).status_code == 422
    none_valid = await client.post("/api/tasks/batch", json={"tasks": [None]})
    assert [r["status"] for r in none_valid.json()["results"]] == [422]
    assert "undo-token" not in none_valid.headers


async def test_another_persons_task_does_not_exist(new_client: ClientFactory) -> None:
    mine, theirs = new_client(), new_client()
    task = (await mine.post("/api/tasks", json={"title": "Secret"})).json()
    path = f"/api/tasks/{task['id']}"
    answers = [
        await theirs.get(path),
        await theirs.patch(path, json={"title": "Stolen"}),
        await theirs.delete(path),
        await theirs.post(f"{path}/complete"),
        await theirs.post(f"{path}/restore"),
        await theirs.get(f"/api/tasks/{uuid.uuid4()}"),
    ]
    assert {a.status_code for a in answers} == {404}
    assert {a.json()["detail"] for a in answers} == {"There is no such task."}
    assert (await theirs.get("/api/tasks")).json()["items"] == []


async def test_undo_tokens_of_other_people_lead_nowhere(new_client: ClientFactory) -> None:
    mine, theirs = new_client(), new_client()
    token = (await mine.post("/api/tasks", json={"title": "Mine"})).headers["undo-token"]
    assert (await theirs.post(f"/api/undo/{token}")).status_code == 404
