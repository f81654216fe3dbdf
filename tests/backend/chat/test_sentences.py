"""The table of sentences, by the rules and, with the same calls recorded, by a model: see sentences.txt."""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import SecretStr

from app.config import Settings
from app.main import create_app
from tests.backend.chat.conftest import Chat
from tests.backend.conftest import running, without_settings_from_outside
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import RunningProvider

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Karachi"))


@dataclass
class Row:
    say: str
    before: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    answer: str = ""


def table() -> Iterator[Row]:
    row: Row | None = None
    for line in [*Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines(), "say: "]:
        name, _, value = line.partition(":")
        value = value.strip()
        if name == "say":
            if row:
                yield row
            row = Row(value)
        elif row is None:
            continue
        elif name == "call":
            tool, _, arguments = value.partition(" ")
            row.calls.append((tool, json.loads(arguments)))
        elif name in ("before", "after"):
            setattr(row, name, [task.strip() for task in value.split("; ") if task.strip()])
        elif name == "answer":
            row.answer = value.replace(" ⏎ ", "\n")


ROWS = list(table())


async def prepare(client: httpx2.AsyncClient, tasks: list[str]) -> dict[str, str]:
    """Adds the tasks of a row in their order; their titles by id."""
    if not tasks:
        return {}
    answer = await client.post("/api/tasks/batch", json={"tasks": [fields(task) for task in tasks]})
    added = [result["task"] for result in answer.json()["results"]]
    for task, written in zip(added, tasks, strict=True):
        if written.startswith("+"):
            await client.post(f"/api/tasks/{task['id']}/complete")
    return {task["id"]: task["title"] for task in added}


def fields(task: str) -> dict[str, Any]:
    """A task as the table writes it."""
    named: dict[str, Any] = {"tags": []}
    words = []
    for word in task.lstrip("+").split():
        match word[0]:
            case "!":
                named["priority"] = word[1:]
            case "#":
                named["tags"].append(word[1:])
            case "@":
                named["due"] = {"date": word[1:]}
            case _:
                words.append(word)
    return {"title": " ".join(words), **named}


def shown(task: dict[str, Any]) -> str:
    parts = [("+" if task["done"] else "") + task["title"]]
    parts += [f"!{task['priority']}"] if task["priority"] != "none" else []
    parts += [f"#{tag}" for tag in task["tags"]]
    if due := task["due"]:
        parts.append(f"@{due['date']}" + (f"T{due['time']}" if due["time"] else ""))
    parts += [f"~{task['repeat']}"] if task["repeat"] else []
    return " ".join(parts)


def visitor(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://localhost")


async def play(row: Row, client: httpx2.AsyncClient) -> tuple[dict[str, Any], Row]:
    """The reply, and the row as it really went."""
    names = await prepare(client, row.before)
    reply = await Chat(client).say(row.say)
    calls = []
    for call in reply["tool_calls"]:
        arguments = json.dumps(call["arguments"], ensure_ascii=False)
        for identity, title in names.items():
            arguments = arguments.replace(identity, title)
        calls.append((call["name"], json.loads(arguments)))
    tasks = (await client.get("/api/tasks", params={"status": "all", "order": "asc"})).json()["items"]
    return reply, Row(row.say, row.before, calls, [shown(task) for task in tasks], reply["text"])


def test_the_table_has_at_least_120_sentences() -> None:
    assert len(ROWS) >= 120
    assert len({(row.say, str(row.before)) for row in ROWS}) == len(ROWS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rules(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    """One application for the whole table: each row is another visitor's."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("sentences"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        without_settings_from_outside(monkeypatch)
        settings = Settings(database_url=SecretStr(f"sqlite:///{path}"), rate_limit="off", log_level="warning")
    async with running(create_app(settings)) as app:
        app.state.turns.clock = lambda: NOW
        yield app


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.say)
async def test_the_rules_do_what_the_table_says(row: Row, rules: FastAPI) -> None:
    async with visitor(rules) as client:
        _, went = await play(row, client)
    assert went == row


@pytest.mark.slow
async def test_a_model_that_makes_the_same_calls_leaves_the_same_tasks(
    with_model: Settings, provider: RunningProvider
) -> None:
    wrong = []
    async with running(create_app(with_model)) as app:
        app.state.turns.clock = lambda: NOW
        # What is said matters to the rules alone: to the tools, sentences of the same calls are one.
        for row in {(*row.before, json.dumps(row.calls)): row for row in ROWS}.values():
            if row.calls:
                asked = Reply(calls=[Call(name=name, arguments=arguments) for name, arguments in row.calls], piece=30)
                provider.provider.script.append(asked)
            provider.provider.script.append(Reply(text="As you wish."))
            async with visitor(app) as client:
                reply, went = await play(row, client)
            if (went.calls, went.after, reply["notices"]) != (row.calls, row.after, []):
                wrong.append((row, went, reply["notices"]))
    assert wrong == []
