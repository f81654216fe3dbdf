"""Every error is problem+json with one sentence, and repeats nothing of the request."""

import asyncio
import json
import uuid

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import insert, text

from app.config import Settings
from app.tasks.model import Task
from tests.backend.conftest import AddTask


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_body_bytes": 20_000})


async def test_each_kind_of_error_has_the_same_shape(client: AsyncClient, add: AddTask) -> None:
    task = await add()
    answers = {
        422: await client.post("/api/tasks", json={"title": ""}),
        404: await client.get("/api/nothing"),
        405: await client.put("/api/tasks"),
        409: await client.post(f"/api/tasks/{task['id']}/restore"),
        412: await client.patch(f"/api/tasks/{task['id']}", json={}, headers={"If-Match": "9"}),
        413: await client.post("/api/tasks", json={"title": "x", "notes": "x" * 30_000}),
        401: await client.get("/api/tasks", headers={"Authorization": "Bearer x"}),
    }
    for status, answer in answers.items():
        body = answer.json()
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert (body["status"], body["request_id"]) == (status, answer.headers["x-request-id"])
        assert body["instance"].startswith("/api/")
        assert body["detail"]


async def test_an_error_of_ours_is_a_problem_without_its_traceback(app: FastAPI, client: AsyncClient) -> None:
    async def broken() -> None:
        raise RuntimeError("secret-detail")

    app.add_api_route("/api/broken", broken)
    answer = await client.get("/api/broken", headers={"X-Request-ID": "my-request-1"})
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:todo:unexpected"
    assert answer.json()["request_id"] == "my-request-1"
    assert "secret-detail" not in answer.text


NOT_TASKS = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff\xfe",
    b'{"title": "\\ud800"}',
    b'{"title": "a\\u0000b"}',
    b'{"title": "' + b"x" * 19_000 + b'"}',
    b"[" * 10_000 + b"]" * 9_000,
    b'{"title": "x", "due": {"date": "0001-01-01"}}',
    b'{"title": "x", "due": {"date": "9999-12-31"}}',
    b'{"title": "x", "due": {"date": 5}}',
    b'{"title": "x", "due": {"date": "2026-12-03", "time": "25:00"}}',
    b'{"title": "x", "due": {"date": "2026-12-03", "time": "10:00", "time_zone": "../etc/passwd"}}',
    b'{"title": "x", "tags": ["two words"]}',
    b'{"title": "x", "priority": 1e400}',
    b'{"title": "x", "owner": "guest-1"}',
    b'{"title": "x", "notes": "\\ud800"}',
    b'{"title": "x", "tags": ["\\udc00"]}',
]


async def test_a_body_that_cannot_be_a_task_is_a_4xx_with_a_sentence(client: AsyncClient) -> None:
    for body in NOT_TASKS:
        answer = await client.post("/api/tasks", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 413, 422), body
        assert answer.json()["detail"]
    assert (await client.get("/api/tasks")).json()["items"] == []


async def test_a_nul_character_is_refused_wherever_text_is_kept_or_looked_for(client: AsyncClient) -> None:
    said = await client.post("/api/chat", json={"message": "hello"}, headers={"Accept": "application/json"})
    requests = [
        ("POST", "/api/chat", {"message": "a\0b"}),
        ("PATCH", f"/api/conversations/{said.json()['conversation_id']}", {"title": "a\0b"}),
        ("POST", "/api/tokens", {"name": "a\0b"}),
        ("POST", "/api/undo/%00", None),
        ("POST", "/api/undo/%ED%A0%80", None),
    ]
    for method, path, body in requests:
        answer = await client.request(method, path, json=body)
        assert answer.status_code in (404, 422), (path, answer.text)


async def test_ten_megabytes_are_refused_with_and_without_a_length(client: AsyncClient) -> None:
    async def stream():  # type: ignore[no-untyped-def]
        for _ in range(160):
            yield b"x" * 65536

    for content in (b"x" * 10_000_000, stream()):
        answer = await client.post("/api/tasks", content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413, answer.text
        assert "20000" in answer.json()["detail"]


async def test_a_query_that_makes_no_sense_is_refused(client: AsyncClient) -> None:
    for query in ("tag=%00", "limit=0", "limit=101", "cursor=%ff", "due_after=0001-01-01", "surprise=1", "sort=x"):
        assert (await client.get(f"/api/tasks?{query}")).status_code == 422, query
    assert (await client.get("/api/tasks?q=%00")).status_code == 200


async def test_a_database_without_tables_is_503_with_the_remedy(app: FastAPI, client: AsyncClient) -> None:
    async with app.state.database.write() as session:
        await session.execute(text("ALTER TABLE tasks RENAME TO gone"))
    try:
        answer = await client.get("/api/tasks")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "app.db.migrate" in answer.json()["detail"]
    finally:
        async with app.state.database.write() as session:
            await session.execute(text("ALTER TABLE gone RENAME TO tasks"))


@pytest.mark.parametrize("database_kind", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_two_that_wait_for_each_other_are_told_apart_and_one_is_told_to_try_again(
    app: FastAPI, client: AsyncClient
) -> None:
    await client.post("/api/tasks", json={"title": "The first brings the cookie"})
    rows = [{"id": str(uuid.uuid4()), "title": title} for title in ("One", "Two")]
    values = {"owner": "guest-other", "title": "x", "notes": "", "tags": [], "search_text": "x"}
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with app.state.database.engine.connect() as other, other.begin() as transaction:
        await other.execute(text("SET LOCAL deadlock_timeout = '1min'"))  # so that it is the import that gives up
        await other.execute(insert(Task).values(id=uuid.UUID(rows[1]["id"]), **values))
        importing = asyncio.create_task(client.post("/api/import", json=rows))
        while not (await other.execute(waiting)).scalar_one():
            assert not importing.done()
        await other.execute(insert(Task).values(id=uuid.UUID(rows[0]["id"]), **values))
        await transaction.rollback()
    answer = await importing
    assert (answer.status_code, "try again" in answer.json()["detail"]) == (409, True), answer.text


async def test_every_operation_documents_its_problems(client: AsyncClient) -> None:
    schema = (await client.get("/api/openapi.json")).json()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), f"{method} {path}"
            assert "HTTPValidationError" not in json.dumps(operation), f"{method} {path}"


async def test_a_zone_or_a_moment_that_cannot_be_is_named(client: AsyncClient) -> None:
    for zone in ("Nowhere/Land", "../../etc/passwd", "x" * 65):
        refused = await client.get("/api/tasks", headers={"Time-Zone": zone})
        assert refused.status_code == 422, zone
        assert refused.json()["errors"][0]["location"] == "header.time-zone"
    for now in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-12-03T10:00:00"):
        refused = await client.post("/api/tasks/parse", json={"text": "milk tomorrow", "now": now})
        assert refused.status_code == 422, now
        assert refused.json()["errors"][0]["location"] == "body.now"
