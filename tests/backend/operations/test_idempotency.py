"""Idempotency-Key: a repeated request gets the same answer and does nothing twice."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select, update

from app.operations.idempotency import KeptAnswer

KEY = {"Idempotency-Key": "4f9c2b"}


async def titles(client: AsyncClient) -> list[str]:
    return [task["title"] for task in (await client.get("/api/tasks")).json()["items"]]


async def test_a_repetition_gets_the_first_answer_and_creates_nothing(client: AsyncClient) -> None:
    first = await client.post("/api/tasks", json={"title": "Once"}, headers=KEY)
    again = await client.post("/api/tasks", json={"title": "Once"}, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    for name in ("undo-token", "etag", "location"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["idempotency-replayed"] == "true"
    assert await titles(client) == ["Once"]


async def test_the_key_with_another_body_is_refused(client: AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "Once"}, headers=KEY)
    refused = await client.post("/api/tasks", json={"title": "Other"}, headers=KEY)
    assert refused.status_code == 422
    assert await titles(client) == ["Once"]


async def test_requests_at_the_same_moment_create_one_task(client: AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "y"})  # the cookie
    answers = await asyncio.gather(*(client.post("/api/tasks", json={"title": "x"}, headers=KEY) for _ in range(8)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1
    assert sorted(await titles(client)) == ["x", "y"]


async def test_a_request_that_failed_may_be_sent_again_under_its_key(client: AsyncClient) -> None:
    body = {"title": "x", "repeat": "FREQ=DAILY;UNTIL=20200101"}
    assert (await client.post("/api/tasks", json=body, headers=KEY)).status_code == 422
    assert (await client.post("/api/tasks", json={"title": "x"}, headers=KEY)).status_code == 201


async def test_after_a_day_the_key_is_free_again(client: AsyncClient, app: FastAPI) -> None:
    await client.post("/api/tasks", json={"title": "Once"}, headers=KEY)
    async with app.state.database.write() as session:
        await session.execute(update(KeptAnswer).values(created_at=datetime.now(UTC) - timedelta(hours=25)))
    assert (await client.post("/api/tasks", json={"title": "Other"}, headers=KEY)).status_code == 201


async def test_a_batch_can_be_repeated_too(client: AsyncClient) -> None:
    body = {"tasks": [{"title": "One"}, {"title": ""}]}
    first = await client.post("/api/tasks/batch", json=body, headers=KEY)
    again = await client.post("/api/tasks/batch", json=body, headers=KEY)
    assert again.json() == first.json()
    assert await titles(client) == ["One"]


async def test_an_import_that_is_sent_again_adds_nothing(client: AsyncClient) -> None:
    sent = {**KEY, "Content-Type": "text/csv"}
    first = await client.post("/api/import", content="title\nOne\nTwo\n", headers=sent)
    again = await client.post("/api/import", content="title\nOne\nTwo\n", headers=sent)
    assert first.json() == again.json() == {"imported": 2, "skipped": 0}
    assert again.headers["idempotency-replayed"] == "true"
    assert (await client.post("/api/import", content="title\nThree\n", headers=sent)).status_code == 422
    assert sorted(await titles(client)) == ["One", "Two"]


async def test_an_import_that_found_some_there_already_says_so_when_it_is_sent_again(client: AsyncClient) -> None:
    sent = {"Content-Type": "application/json"}
    rows = [{"id": str(uuid.uuid4()), "title": title} for title in ("One", "Two")]
    await client.post("/api/import", json=rows[:1], headers=sent)
    for body, outcome in ((rows, {"imported": 1, "skipped": 1}), (rows[:1], {"imported": 0, "skipped": 1})):
        key = {"Idempotency-Key": str(uuid.uuid4())}
        first, again = [await client.post("/api/import", json=body, headers=sent | key) for _ in range(2)]
        assert first.json() == again.json() == outcome
        assert first.headers.get("undo-token") == again.headers.get("undo-token")
        assert ("undo-token" in first.headers) == bool(outcome["imported"])


async def test_a_token_that_is_asked_for_again_is_the_same_and_kept_nowhere(client: AsyncClient, app: FastAPI) -> None:
    first = await client.post("/api/tokens", json={"name": "Editor"}, headers=KEY)
    again = await client.post("/api/tokens", json={"name": "Editor"}, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len((await client.get("/api/tokens")).json()["items"]) == 1
    other = await client.post("/api/tokens", json={"name": "Editor"})
    assert other.json()["token"] != first.json()["token"]
    async with app.state.database.read() as session:
        kept = (await session.execute(select(KeptAnswer.body))).scalar_one()
    assert first.json()["token"] not in kept


def test_the_header_means_the_same_wherever_it_is_taken(app: FastAPI) -> None:
    operations = [operation for path in app.openapi()["paths"].values() for operation in path.values()]
    headers = [header for operation in operations for header in operation.get("parameters", [])]
    keys = [header for header in headers if header["name"].lower() == "idempotency-key"]
    assert len(keys) > 3
    assert all(key == keys[0] for key in keys)
