"""Probes, metrics, logs and limits."""

import json
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr, ValidationError

from app.config import BadSettings, Settings, load_settings
from app.main import SOURCE_DIGEST, VERSION, create_app
from tests.backend.conftest import AddTask, running
from tests.backend.postgres_server import postgres_server

ROOT = Path(__file__).resolve().parents[3]


async def test_probes_answer_and_health_looks_at_nothing(client: AsyncClient) -> None:
    for path in ("/health", "/api/health"):
        assert (await client.get(path)).json() == {"status": "ok"}
    assert (await client.get("/ready")).json() == {"status": "ready"}


async def test_meta_says_what_runs_here(client: AsyncClient, database_kind: str) -> None:
    meta = (await client.get("/api/meta")).json()
    assert meta["database"]["kind"] == {"sqlite": "sqlite", "postgres": "postgresql"}[database_kind]
    assert meta["engine"] == {"kind": "rules", "model": None}
    assert meta["source_digest"] == SOURCE_DIGEST
    assert meta["reload"] is None
    assert f'version = "{meta["version"]}"' in (ROOT / "backend" / "pyproject.toml").read_text()
    assert meta["version"] == VERSION


async def test_meta_shows_how_the_last_reload_went(app: FastAPI, client: AsyncClient, tmp_path: Path) -> None:
    status = tmp_path / "reload.json"
    app.state.settings = app.state.settings.model_copy(update={"reload_status_file": status})
    for written, shown in (("{half", None), ('{"state": "failed"}', {"state": "failed"}), ("[]", None)):
        status.write_text(written)
        assert (await client.get("/api/meta")).json()["reload"] == shown


async def test_readiness_asks_the_database_once_and_turns_false_while_draining(
    app: FastAPI, client: AsyncClient, database_url: str
) -> None:
    assert (await client.get("/ready")).status_code == 200
    asked: list[object] = []
    app.state.readiness._look = asked.append
    for _ in range(5):
        assert (await client.get("/ready")).status_code == 200
    assert asked == []
    app.state.readiness.draining = True
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "draining"})
    assert database_url


async def test_a_database_that_is_not_migrated_is_not_ready_and_says_so(empty_database: str) -> None:
    settings = Settings(database_url=SecretStr(empty_database), rate_limit="off")
    async with running(create_app(settings)) as app, client_of(app) as client:
        answer = await client.get("/ready")
        assert (answer.status_code, answer.json()["status"]) == (503, "database_not_migrated")
        refused = await client.get("/api/tasks")
        assert (refused.status_code, "has not been migrated" in refused.json()["detail"]) == (503, True)


def client_of(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://localhost")


@pytest.mark.postgres
async def test_a_database_that_goes_away_is_503_and_comes_back_without_a_restart() -> None:
    from app.db.migrate import upgrade
    from app.db.url import DatabaseUrl

    with postgres_server() as server:
        url = server.create("todo")
        upgrade(DatabaseUrl.parse(url))
        settings = Settings(database_url=SecretStr(url), rate_limit="off")
        async with running(create_app(settings)) as app, client_of(app) as client:
            assert (await client.post("/api/tasks", json={"title": "Kept"})).status_code == 201
            assert (await client.get("/ready")).status_code == 200
            server.stop("fast")
            answer = await client.get("/api/tasks")
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            assert (await client.get("/health")).status_code == 200
            assert (await client.get("/ready")).json()["status"] == "database_unreachable"
            server.start()
            assert [t["title"] for t in (await client.get("/api/tasks")).json()["items"]] == ["Kept"]


async def test_metrics_name_routes_by_template(client: AsyncClient, add: AddTask) -> None:
    task = await add()
    await client.get(f"/api/tasks/{task['id']}")
    await client.get("/api/nothing/at/all")
    metrics = (await client.get("/metrics")).text
    assert re.search(
        r'todo_http_requests_total\{method="GET",route="/api/tasks/\{task_id\}",status="200"\} [1-9]', metrics
    )
    assert 'route="unmatched",status="404"' in metrics
    assert str(task["id"]) not in metrics
    assert "todo_build_info" in metrics


async def test_each_request_is_one_json_line_with_route_identity_and_id(
    app: FastAPI, client: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.operations.logs import configure_logging

    configure_logging(app.state.settings.model_copy(update={"log_level": "info"}))
    answer = await client.post("/api/tasks", json={"title": "Private words"})
    await client.get("/health")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "todo.requests" in line]
    configure_logging(app.state.settings)
    (line,) = lines
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/tasks", 201)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{12}", line["identity"])
    assert "Private words" not in str(lines)
    assert logging.getLogger("todo").level == logging.WARNING


async def test_on_a_screen_a_request_is_half_a_line(
    app: FastAPI, client: AsyncClient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.operations.logs import configure_logging

    monkeypatch.setenv("NO_COLOR", "1")
    configure_logging(app.state.settings.model_copy(update={"log_level": "info", "log_format": "console"}))
    await client.get("/api/tasks?limit=1")
    logging.getLogger("some.library").warning("it speaks %s", "too")
    lines = capsys.readouterr().out.splitlines()
    configure_logging(app.state.settings)
    (line,) = [line for line in lines if "GET /api/tasks 200" in line]
    assert re.fullmatch(r"\d\d:\d\d:\d\d \[info\] +GET /api/tasks 200 in [0-9.]+ ms", line.strip())
    assert any(line.endswith("it speaks too") for line in lines)


@pytest.fixture
async def limited(settings: Settings) -> AsyncIterator[AsyncClient]:
    async with running(create_app(settings.model_copy(update={"rate_limit": "3/minute"}))) as app, client_of(app) as c:
        yield c


async def test_who_asks_too_often_is_told_when_to_come_back(limited: AsyncClient) -> None:
    await limited.post("/api/tasks", json={"title": "Counted for the address, since nobody is known yet"})
    statuses = [(await limited.get("/api/tasks")).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = await limited.get("/api/tasks")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert (await limited.get("/api/meta")).json()["limits"]["rate"] == "3/minute"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"APP_ENV": "production"}, "SECRET_KEY must be set"),
        ({"APP_ENV": "production", "SECRET_KEY": "short"}, "at least 32"),
        ({"APP_ENV": "production", "SECRET_KEY": "s" * 32, "SCRIPTED_MODELS": "/tmp/models"}, "is for development"),
        ({"AUTH_MODE": "jwt"}, "JWT_SECRET or JWKS_URL"),
        ({"AUTH_MODE": "jwt", "JWT_SECRET": "short"}, "at least 32"),
        ({"RATE_LIMIT": "often"}, "RATE_LIMIT"),
        ({"LLM_BASE_URL": "localhost:11434"}, "LLM_BASE_URL"),
        ({"LLM_BASE_URL": "http://localhost:999999/v1"}, "LLM_BASE_URL"),
        ({"APP_ENV": "staging"}, "APP_ENV"),
        ({"DATABASE_URL": "oracle://x"}, "DATABASE_URL"),
    ],
)
def test_settings_that_are_unsafe_or_unknown_are_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], says: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=re.escape(says)) as refused:
        load_settings()
    assert "\n" not in str(refused.value)


def test_every_setting_is_in_the_example_with_its_default() -> None:
    shown = dict(re.findall(r"^(?:# )?([A-Z_]+)=(\S*)", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert shown.keys() == {name.upper() for name in Settings.model_fields}
    assert Settings.model_validate({name.lower(): value for name, value in shown.items() if value}) == Settings()


def test_settings_are_frozen_and_hide_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do-not-show-this-to-anybody-at-all")
    settings = load_settings()
    assert "do-not-show" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.app_env = "production"
