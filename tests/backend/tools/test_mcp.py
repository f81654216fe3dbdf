"""The MCP endpoint, spoken to over real HTTP by the SDK's own client."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.config import Settings
from app.main import create_app
from tests.fake_provider.server import serving

ROOT = Path(__file__).parents[3]
TOOLS = {
    "list_tasks",
    "add_task",
    "complete_task",
    "update_task",
    "reschedule_task",
    "delete_task",
    "undo",
    "propose_plan",
}


@pytest.fixture(scope="module")
def shared(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One database for this file: every test comes with a token of its own."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("mcp") / "todo.db")
    return Settings(database_url=SecretStr(f"sqlite:///{path}"), rate_limit="off", log_level="warning")


@pytest.fixture
def settings(shared: Settings) -> Settings:
    return shared


@pytest.fixture(scope="module")
def url(shared: Settings) -> Iterator[str]:
    settings = shared
    with serving(create_app(settings)) as url:
        yield url


async def token(url: str, scope: str = "write", guest: httpx2.AsyncClient | None = None) -> str:
    async with httpx2.AsyncClient(base_url=url) as fresh:
        response = await (guest or fresh).post(f"{url}/api/tokens", json={"name": "editor", "scope": scope})
        return str(response.json()["token"])


@asynccontextmanager
async def connected(url: str, bearer: str, mode: Any = "auto", host: str | None = None) -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {bearer}"} | ({"host": host} if host else {})
    async with httpx2.AsyncClient(headers=headers) as http:
        transport = streamable_http_client(f"{url}/api/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_of_either_age_adds_and_lists_a_task(url: str, mode: str) -> None:
    async with connected(url, await token(url), mode) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        added = await client.call_tool("add_task", {"tasks": [{"title": "Buy milk", "due": "2099-12-03"}]})
        assert not added.is_error
        assert added.structured_content is not None
        assert added.structured_content["tasks"][0]["due"]["date"] == "2099-12-03"
        listed = await client.call_tool("list_tasks", {})
        assert listed.structured_content is not None
        assert [task["title"] for task in listed.structured_content["tasks"]] == ["Buy milk"]


async def test_every_tool_says_what_it_takes_gives_and_risks(url: str) -> None:
    async with connected(url, await token(url)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    for tool in tools.values():
        assert tool.description
        assert tool.input_schema["type"] == "object"
        assert tool.output_schema
        assert tool.annotations
        assert tool.annotations.open_world_hint is False
        assert "user" not in str(tool.input_schema["properties"].keys())
    hints = {
        n: (t.annotations.read_only_hint, t.annotations.destructive_hint) for n, t in tools.items() if t.annotations
    }
    assert {name for name, (read_only, _) in hints.items() if read_only} == {"list_tasks"}
    assert {name for name, (_, destructive) in hints.items() if destructive} == {"delete_task", "update_task", "undo"}


async def test_a_batch_reports_each_failure_and_does_the_rest(url: str) -> None:
    async with connected(url, await token(url)) as client:
        new = [{"title": "Buy milk"}, {"title": "Pay rent", "due": "the day of the moon"}]
        added = (await client.call_tool("add_task", {"tasks": new})).structured_content
        assert added
        assert [task["title"] for task in added["tasks"]] == ["Buy milk"]
        assert added["failed"][0]["reference"] == "Pay rent"
        done = (await client.call_tool("complete_task", {"tasks": ["Buy milk", "Walk the dog"]})).structured_content
        assert done
        assert done["tasks"][0]["done"]
        assert done["failed"][0]["reason"] == "not_found"


async def test_the_editors_settings_lead_to_the_running_app(url: str) -> None:
    file = json.loads((ROOT / ".vscode" / "mcp.json").read_text())
    [server] = file["servers"].values()
    [secret] = file["inputs"]
    assert secret["password"] is True
    assert urlsplit(server["url"])[:2] == ("http", "localhost:8080")  # where `make up` serves
    headers = {"Authorization": server["headers"]["Authorization"].replace("${input:todo-token}", await token(url))}
    here = url + urlsplit(server["url"]).path
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(here, http_client=http)) as it,
    ):
        assert {tool.name for tool in (await it.list_tools()).tools} == TOOLS


async def test_what_a_client_changed_can_be_undone(url: str) -> None:
    async with connected(url, await token(url)) as client:
        await client.call_tool("add_task", {"tasks": [{"title": "Buy milk"}]})
        deleted = await client.call_tool("delete_task", {"tasks": ["milk"]})
        assert deleted.structured_content
        undone = await client.call_tool("undo", {"token": deleted.structured_content["undo_token"]})
        assert undone.structured_content
        assert undone.structured_content["tasks"][0]["deleted_at"] is None


async def test_a_read_only_token_sees_and_uses_only_what_reads(url: str) -> None:
    async with connected(url, await token(url, "read")) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == {"list_tasks"}
        refused = await client.call_tool("add_task", {"tasks": [{"title": "Buy milk"}]})
        assert refused.is_error
        listed = await client.call_tool("list_tasks", {"status": "all"})
        assert listed.structured_content
        assert listed.structured_content["total"] == 0


async def test_nobody_reaches_another_ones_task_even_by_its_id(url: str) -> None:
    async with connected(url, await token(url)) as mine:
        added = await mine.call_tool("add_task", {"tasks": [{"title": "Secret"}]})
        assert added.structured_content
        task = added.structured_content["tasks"][0]["id"]
    async with connected(url, await token(url)) as other:
        for tool in ("delete_task", "complete_task"):
            answer = await other.call_tool(tool, {"tasks": [task]})
            assert answer.structured_content
            assert answer.structured_content["failed"][0]["reason"] == "not_found"
        extra = await other.call_tool("list_tasks", {"user_id": "guest-somebody", "status": "all"})
        assert "Secret" not in str(extra)


async def test_today_is_a_resource_and_planning_the_day_a_prompt(url: str) -> None:
    async with connected(url, await token(url)) as client:
        await client.call_tool("add_task", {"tasks": [{"title": "Pay rent", "due": "2020-01-01"}]})
        resource = await client.read_resource("tasks://today")
        assert "Pay rent" in str(resource.contents)
        prompt = await client.get_prompt("plan-my-day")
        assert "Pay rent" in str(prompt.messages)


@pytest.mark.parametrize("bearer", ["", "Bearer x", "Bearer todo_wrong", "Basic abc"])
async def test_without_a_token_there_is_a_problem_and_no_tool(url: str, bearer: str) -> None:
    async with httpx2.AsyncClient() as http:
        response = await http.post(f"{url}/api/mcp", json={}, headers={"authorization": bearer} if bearer else {})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["type"] == "urn:todo:unauthorized"


@pytest.mark.parametrize("path", ["/api/mcp", "/api/mcp/"])
async def test_neither_spelling_of_the_path_redirects(url: str, path: str) -> None:
    async with httpx2.AsyncClient() as http:
        response = await http.post(f"{url}{path}", json={})
    assert response.status_code == 401


async def test_only_allowed_hosts_are_answered(settings: Settings) -> None:
    allowed = settings.model_copy(update={"allowed_hosts": ["todo.local", "127.0.0.1", "localhost"]})
    with serving(create_app(allowed)) as url:
        bearer = await token(url)
        for host in ("todo.local", "todo.local:8080"):
            async with connected(url, bearer, host=host) as client:
                assert (await client.list_tools()).tools
        async with httpx2.AsyncClient() as http:
            headers = {"host": "evil.example", "authorization": f"Bearer {bearer}", "content-type": "application/json"}
            response = await http.post(f"{url}/api/mcp", json={}, headers=headers)
        assert response.status_code == 421


def round_robin(urls: list[str]) -> Starlette:
    """A router that sends each request to the next replica."""
    replicas = cycle(urls)

    async def forward(request: Request) -> Response:
        headers = [(k, v) for k, v in request.headers.items() if k not in ("host", "content-length")]
        async with httpx2.AsyncClient(timeout=20) as http:
            target = next(replicas) + request.url.path
            answer = await http.request(request.method, target, headers=headers, content=await request.body())
        kept = {k: v for k, v in answer.headers.items() if k in ("content-type", "mcp-session-id")}
        return Response(answer.content, answer.status_code, kept)

    return Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST", "DELETE"])])


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_two_replicas_behind_a_router_are_one_server(settings: Settings, mode: str) -> None:
    with (
        serving(create_app(settings)) as one,
        serving(create_app(settings)) as two,
        serving(round_robin([one, two])) as url,
    ):
        async with connected(url, await token(one), mode) as client:
            for number in range(4):
                added = await client.call_tool("add_task", {"tasks": [{"title": f"Task {number}"}]})
                assert not added.is_error
            listed = await client.call_tool("list_tasks", {})
    assert listed.structured_content
    assert listed.structured_content["total"] == 4


async def test_concurrent_clients_keep_to_their_own_tasks(url: str) -> None:
    async def use(name: str) -> list[str]:
        async with connected(url, await token(url)) as client:
            await client.call_tool("add_task", {"tasks": [{"title": name}]})
            listed = await client.call_tool("list_tasks", {})
            assert listed.structured_content
            return [task["title"] for task in listed.structured_content["tasks"]]

    names = [f"Task of {number}" for number in range(6)]
    assert await asyncio.gather(*(use(name) for name in names)) == [[name] for name in names]
