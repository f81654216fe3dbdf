"""A database that scaled to zero refuses whoever wakes it, and takes the next one."""

import asyncio
from asyncio import StreamReader, StreamWriter

import pytest
from pydantic import SecretStr

from app.config import Settings
from app.db import engine
from app.main import create_app
from tests.backend.conftest import running
from tests.backend.operations.test_operations import client_of
from tests.backend.postgres_server import PostgresServer


async def pour(reader: StreamReader, writer: StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
        await writer.drain()
    writer.close()


@pytest.mark.parametrize("database_kind", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize(("refused", "status"), [(1, 201), (2, 503)])
async def test_a_database_that_refuses_the_first_connection_is_asked_once_more(
    refused: int, status: int, settings: Settings, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAKE_PAUSE_SECONDS", 0)
    visits: list[asyncio.Task[None] | None] = []

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        visits.append(asyncio.current_task())
        if len(visits) <= refused:
            writer.close()
            return
        there, back = await asyncio.open_unix_connection(postgres.folder / ".s.PGSQL.5432")
        await asyncio.gather(pour(reader, back), pour(there, writer))

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = SecretStr(f"postgresql://postgres@127.0.0.1:{port}/todo")
        app = create_app(settings.model_copy(update={"database_url": url}))
        app.state.database.after_write = lambda: None  # housekeeping would come as well
        async with running(app), client_of(app) as client:
            assert (await client.post("/api/tasks", json={"title": "Awake"})).status_code == status
        await asyncio.gather(*filter(None, visits))
    assert len(visits) == 2
