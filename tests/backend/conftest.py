"""The application on a fresh database of each kind, and clients for it."""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.config import Settings
from app.main import create_app
from app.models import Base
from tests.backend import migrated
from tests.backend.pgbouncer import pgbouncer
from tests.backend.postgres_server import PostgresServer, postgres_server

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
ClientFactory = Callable[..., httpx2.AsyncClient]


def without_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    without_settings_from_outside(monkeypatch)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server whose database `migrated.NAME` is migrated."""
    with postgres_server(migrated.postgres_data()) as server:
        yield server


@pytest.fixture(scope="session")
def reached(postgres: PostgresServer) -> Iterator[Callable[[str], str]]:
    """The URL of a database by its name: straight, or with THROUGH_PGBOUNCER set through a transaction pooler."""
    if not os.environ.get("THROUGH_PGBOUNCER"):
        yield postgres.url
        return
    with pgbouncer(postgres) as pooler:
        yield pooler.url


@pytest.fixture(scope="session")
def migrated_postgres(reached: Callable[[str], str]) -> str:
    """One migrated database for all tests; each starts with it emptied."""
    return reached(migrated.NAME)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A migrated file to copy. Whoever writes into it instead, and so into other tests, fails the run."""
    path = tmp_path_factory.mktemp("template") / "todo.db"
    shutil.copy(migrated.sqlite_file(), path)
    content = path.read_bytes()
    yield path
    assert [*path.parent.iterdir()] == [path], "a test has opened the template"
    assert path.read_bytes() == content, "a test has written into the template"


_numbers = itertools.count()


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> str:
    """The URL of a database of this kind without tables."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    server.create(name)
    url: str = request.getfixturevalue("reached")(name)
    return url


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Tests that use a database run once on each kind."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> str:
    """The URL of a migrated database without rows."""
    if database_kind == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "todo.db")
        return f"sqlite:///{tmp_path / 'todo.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    url: str = request.getfixturevalue("migrated_postgres")
    server.execute(
        # A turn of the test before may still be on its way to the database that all of them share.
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        f"TRUNCATE {', '.join(Base.metadata.tables)} RESTART IDENTITY",
        name=migrated.NAME,
    )
    return url


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Override a part of it with `settings.model_copy(update=...)`."""
    return Settings(database_url=SecretStr(database_url), rate_limit="off", log_level="warning")


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with running(create_app(settings)) as app:
        yield app


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[FastAPI]:
    """The application between its start and its stop, both in one task, as anyio's task groups want it."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.router.lifespan_context(app):
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    begun = asyncio.create_task(started.wait())
    await asyncio.wait({life, begun}, return_when=asyncio.FIRST_COMPLETED)
    if life.done():
        begun.cancel()
        await life
    try:
        yield app
    finally:
        stop.set()
        await life


@pytest.fixture
async def new_client(app: FastAPI) -> AsyncIterator[ClientFactory]:
    """Makes clients; each is another browser, with its own cookies."""
    clients: list[httpx2.AsyncClient] = []

    def make(**headers: str | bytes) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        client = httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def client(new_client: ClientFactory) -> httpx2.AsyncClient:
    return new_client()


AddTask = Callable[..., Awaitable[dict[str, object]]]


@pytest.fixture
def add(client: httpx2.AsyncClient) -> AddTask:
    """Adds a task and gives its JSON: `await add("Buy milk", priority="high")`."""

    async def add_task(title: str = "Buy milk", **fields: object) -> dict[str, object]:
        response = await client.post("/api/tasks", json={"title": title, **fields})
        assert response.status_code == 201, response.text
        task: dict[str, object] = response.json()
        return task

    return add_task
