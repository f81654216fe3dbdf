"""Chats with the rule engine, or with a scripted model that runs as a real server."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from app.config import Settings
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import RunningProvider, running_provider

KEY = "sk-very-secret-key-0123456789abcdef"


@pytest.fixture
def database_kind() -> str:
    """What differs between the databases is tested with the tasks; `test_on_both_databases` covers the chat's own."""
    return "sqlite"


@pytest.fixture(scope="session")
def one_provider() -> Iterator[RunningProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def provider(one_provider: RunningProvider) -> RunningProvider:
    """The scripted model, with nothing said and nothing heard yet."""
    state = one_provider.provider
    state.script.clear()
    state.requests.clear()
    state.keys.clear()
    state.always, state.closed_early = None, 0
    return one_provider


@pytest.fixture
def with_model(settings: Settings, provider: RunningProvider) -> Settings:
    return model_settings(settings.database_url.get_secret_value() if settings.database_url else "", provider)


def model_settings(database_url: str, provider: RunningProvider) -> Settings:
    """An application whose model is the scripted one."""
    return Settings(
        database_url=SecretStr(database_url),
        rate_limit="off",
        log_level="warning",
        llm_api_key=SecretStr(KEY),
        llm_base_url=provider.base_url,
        llm_model="scripted",
        llm_timeout=3.0,
    )


def calls(name: str, **arguments: Any) -> Reply:
    """A reply of the model that asks for one tool."""
    return Reply(calls=[Call(name=name, arguments=arguments)])


@dataclass
class Chat:
    """One browser in one conversation."""

    client: httpx2.AsyncClient
    conversation: str | None = None
    replies: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, message: str, **headers: str) -> dict[str, Any]:
        """The whole turn as one object."""
        response = await self.post(message, accept="application/json", **headers)
        assert response.status_code == 200, response.text
        reply: dict[str, Any] = response.json()
        self.conversation = reply["conversation_id"]
        self.replies.append(reply)
        return reply

    async def post(self, message: str, **headers: str) -> httpx2.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post("/api/chat", json=self.body(message), headers=names)

    def body(self, message: str) -> dict[str, Any]:
        return {"message": message, "conversation_id": self.conversation, "time_zone": "Asia/Karachi"}

    @asynccontextmanager
    async def stream(self, message: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """The events of a turn as they arrive."""
        async with self.client.stream("POST", "/api/chat", json=self.body(message), timeout=90) as response:
            assert response.status_code == 200, await response.aread()
            yield events(response)

    async def titles(self, status: str = "all") -> list[str]:
        response = await self.client.get("/api/tasks", params={"status": status, "order": "asc"})
        return [task["title"] for task in response.json()["items"]]


async def events(response: httpx2.Response) -> AsyncIterator[dict[str, Any]]:
    """Server-sent events as {"id", "event", "data"}."""
    event: dict[str, Any] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if line == "" and "event" in event:
            yield event
            event = {}
        elif name == "data":
            event["data"] = json.loads(value)
        elif name in ("id", "event"):
            event[name] = int(value) if name == "id" else value


@pytest.fixture
def chat(client: httpx2.AsyncClient) -> Chat:
    return Chat(client)
