"""Turns during which PostgreSQL goes away: what was said and done is stored when it is back, once, or it is said."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from app.chat import keeping
from app.config import Settings
from app.main import create_app
from tests.backend.chat.conftest import Chat, calls
from tests.backend.postgres_server import PostgresServer
from tests.fake_provider.script import Reply
from tests.fake_provider.server import RunningProvider, serving

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        bool(os.environ.get("THROUGH_PGBOUNCER")), reason="a pooler has its clients wait for a server that refuses it"
    ),
]
WORDS = "Noted and kept."
ADD = calls("add_task", tasks=[{"title": "Buy milk"}])


@pytest.fixture
def database_kind() -> str:
    return "postgres"


class Outage:
    """The database refuses whoever comes, and has thrown out whoever was there."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    def begin(self) -> None:
        out = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'todo'"
        self._server.execute("ALTER DATABASE todo ALLOW_CONNECTIONS false", out)

    def end(self) -> None:
        self._server.execute("ALTER DATABASE todo ALLOW_CONNECTIONS true")


@pytest.fixture
def outage(postgres: PostgresServer) -> Iterator[Outage]:
    outage = Outage(postgres)
    yield outage
    outage.end()


@pytest.fixture
async def chat(with_model: Settings) -> AsyncIterator[Chat]:
    with serving(create_app(with_model)) as url:
        async with httpx2.AsyncClient(base_url=url, timeout=15) as client:
            yield Chat(client)


async def heard(stream: AsyncIterator[dict[str, Any]], until: str) -> list[dict[str, Any]]:
    """The events up to the one in which the text of the answer ends so."""
    seen, text = [], ""
    async for event in stream:
        seen.append(event)
        text += event["data"].get("delta", "")
        if text.endswith(until):
            break
    return seen


async def stored(chat: Chat, turn: str) -> dict[str, Any]:
    """The turn, as soon as the database has its end."""
    async with asyncio.timeout(10):
        while True:
            answer = await chat.client.get(f"/api/turns/{turn}")
            if answer.status_code == 200 and answer.json()["state"] != "running":
                kept: dict[str, Any] = answer.json()
                return kept
            await asyncio.sleep(0.05)


async def test_the_end_of_a_turn_waits_until_the_database_is_back(
    chat: Chat, provider: RunningProvider, outage: Outage, capfd: pytest.CaptureFixture[str]
) -> None:
    provider.provider.script.extend([ADD, Reply(text=WORDS, piece=1, token_delay=0.04)])
    async with asyncio.timeout(15), chat.stream("add buy milk") as stream:
        begun = (await heard(stream, WORDS[0]))[0]["data"]
        outage.begin()
        await heard(stream, WORDS[1:])
        while "turn_not_stored_yet" not in capfd.readouterr().out:  # noqa: ASYNC110 - the server is another thread
            await asyncio.sleep(0.01)
        outage.end()
        rest = [event async for event in stream]
    assert [event["event"] for event in rest] == ["done"]
    assert rest[0]["data"]["undo_token"]
    kept = await stored(chat, begun["turn_id"])
    assert (kept["state"], kept["answer"], kept["notices"]) == ("done", WORDS, [])
    assert [result["name"] for result in kept["results"]] == ["add_task"]
    chat.conversation = begun["conversation_id"]
    assert (await chat.say("and now?"))["error"] is None
    assert await chat.titles() == ["Buy milk"]
    assert (await chat.client.post(f"/api/undo/{rest[0]['data']['undo_token']}")).status_code == 200


async def test_nobody_waits_for_a_database_that_stays_away_and_what_was_said_is_stored_later(
    chat: Chat, provider: RunningProvider, outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SAID_AFTER", 0.0)
    provider.provider.script.append(Reply(text=WORDS, piece=1, token_delay=0.04))
    async with asyncio.timeout(15), chat.stream("hello") as stream:
        begun = (await heard(stream, WORDS[0]))[0]["data"]
        outage.begin()
        rest = [event async for event in stream]
    told = [event["data"]["code"] for event in rest if event["event"] == "notice"]
    assert (told, rest[-1]["event"]) == (["not_stored_yet"], "done")
    outage.end()
    kept = await stored(chat, begun["turn_id"])
    assert (kept["state"], kept["answer"]) == ("done", WORDS)
    again = await chat.client.get(f"/api/turns/{begun['turn_id']}/events")
    assert again.text.count("event: done") == 1


async def test_an_act_that_the_database_refuses_is_told_in_plain_words(
    chat: Chat, provider: RunningProvider, outage: Outage
) -> None:
    add = Reply(text="I add it now. ", calls=ADD.calls, token_delay=0.05)
    provider.provider.script.extend([add, Reply(text="Sorry, try again.")])
    async with asyncio.timeout(15), chat.stream("add buy milk") as stream:
        begun = await anext(stream)
        await anext(stream)
        outage.begin()
        rest = await heard(stream, "Sorry, try again.")
        outage.end()
    [result] = [event["data"] for event in rest if event["event"] == "tool_result"]
    assert (result["ok"], result["text"]) == (False, "The database cannot be reached; try again in a moment.")
    assert (await stored(chat, begun["data"]["turn_id"]))["state"] == "done"
    assert await chat.titles() == []
