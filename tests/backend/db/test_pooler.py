"""Through a transaction pooler, which gives each transaction another connection: nothing may rest on one."""

import asyncio
import json
import multiprocessing
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from pydantic import SecretStr

from app.config import Settings
from app.db.migrate import upgrade
from app.db.url import DatabaseUrl
from app.main import create_app
from tests.backend.conftest import running
from tests.backend.operations.test_operations import client_of
from tests.backend.pgbouncer import BINARY, Pooler, pgbouncer
from tests.backend.postgres_server import PostgresServer

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(BINARY is None, reason="pgbouncer is not installed (apt install pgbouncer)"),
]


@pytest.fixture(scope="module")
def pooler(postgres: PostgresServer) -> Iterator[Pooler]:
    with pgbouncer(postgres) as pooler:
        yield pooler


@pytest.fixture(scope="module")
def pooled_url(postgres: PostgresServer, pooler: Pooler) -> str:
    """A database that five processes have migrated at once, through the pooler."""
    postgres.create("behind_pooler")
    url = DatabaseUrl.parse(pooler.url("behind_pooler"))
    assert url.behind_pooler
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["app.db.migrate", "app.models"])
    migrating = [processes.Process(target=upgrade, args=(url,)) for _ in range(5)]
    for process in migrating:
        process.start()
    for process in migrating:
        process.join(100)
    assert [process.exitcode for process in migrating] == [0] * 5
    return pooler.url("behind_pooler")


@pytest.fixture
async def client(pooled_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    settings = Settings(database_url=SecretStr(pooled_url), database_pool_size=8, rate_limit="off", log_level="warning")
    async with running(create_app(settings)) as app, client_of(app) as client:
        assert (await client.get("/ready")).json() == {"status": "ready"}
        yield client


async def test_many_requests_at_once_share_a_few_connections(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "The first brings the cookie"})
    made = await asyncio.gather(*(client.post("/api/tasks", json={"title": f"Task {n}"}) for n in range(60)))
    assert {answer.status_code for answer in made} == {201}
    asked = [client.get(f"/api/tasks?q=task&sort={sort}&limit=7") for sort in ("urgency", "due", "title") * 20]
    pages = await asyncio.gather(*asked)
    assert {len(page.json()["items"]) for page in pages} == {7}
    undone = await asyncio.gather(*(client.post(f"/api/undo/{one.headers['undo-token']}") for one in made[:30]))
    assert {answer.status_code for answer in undone} == {200}
    assert len((await client.get("/api/tasks?limit=100")).json()["items"]) == 31


async def test_what_takes_more_than_one_statement_holds_together(client: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "once"}
    await client.post("/api/tasks", json={"title": "The first brings the cookie"})
    answers = await asyncio.gather(*(client.post("/api/tasks", json={"title": "x"}, headers=key) for _ in range(8)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    sent = {"Content-Type": "application/json"}
    tasks = json.dumps([{"title": f"Task {n}", "tags": ["many"]} for n in range(1200)])
    assert (await client.post("/api/import", content=tasks, headers=sent)).json()["imported"] == 1200
    exported, _ = await asyncio.gather(client.get("/api/export"), client.post("/api/tasks", json={"title": "late"}))
    assert len(exported.json()["tasks"]) in (1202, 1203)
    turn = await client.post("/api/chat", json={"message": "add buy milk"}, headers={"Accept": "application/json"})
    assert turn.status_code == 200, turn.text
    assert (await client.delete("/api/me")).status_code == 204
