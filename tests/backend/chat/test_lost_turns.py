"""Turns whose replica, conversation or connection goes away: nobody waits for ever, and nothing is done twice."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, update

from app.chat import sse
from app.chat.events import Event
from app.chat.model import Turn, TurnEvents, now
from app.chat.repository import ChatRepository
from app.chat.storing import row, store
from app.config import Settings
from app.main import create_app
from tests.backend.chat.conftest import Chat, events
from tests.backend.conftest import KINDS, running
from tests.fake_provider.script import Reply
from tests.fake_provider.server import RunningProvider, serving

ENDLESS = Reply(text="so much to say " * 4000, token_delay=0.005)


@pytest.fixture
def settings(with_model: Settings) -> Settings:
    return with_model


async def replica_dies(app: FastAPI, turn: str) -> None:
    """The turn as a replica leaves it that was killed before its first heartbeat."""
    identity = uuid.UUID(turn)
    dead = {"state": "running", "heartbeat_at": now() - timedelta(minutes=1), "latencies": {}, "finished_at": None}
    async with app.state.database.write() as session:
        await session.execute(update(Turn).where(Turn.id == identity).values(**dead))
        await session.execute(delete(TurnEvents).where(TurnEvents.turn_id == identity))


@asynccontextmanager
async def telling(client: httpx2.AsyncClient) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The events of a turn that would go on for minutes."""
    async with asyncio.timeout(8), Chat(client).stream("tell me a story") as stream:
        yield stream


@pytest.mark.parametrize("given_up", [False, True], ids=["still taken for alive", "given up by the next turn"])
async def test_whoever_repeats_the_request_of_a_dead_replica_hears_how_it_ended(
    chat: Chat, app: FastAPI, given_up: bool
) -> None:
    reply = (await chat.post("hello", accept="application/json", idempotency_key="once")).json()
    await replica_dies(app, reply["turn_id"])
    if given_up:
        await chat.client.post("/api/chat", json={"message": "hi", "conversation_id": reply["conversation_id"]})
    again = await chat.post("hello", accept="application/json", idempotency_key="once")
    assert again.status_code == 200
    assert again.json()["conversation_id"] == reply["conversation_id"]
    assert [notice["code"] for notice in again.json()["notices"]] == ["lost"]
    stream = await chat.client.get(f"/api/turns/{reply['turn_id']}/events")
    assert [event["event"] async for event in events(stream)] == ["start", "notice", "done"]


async def test_a_turn_that_was_taken_for_dead_does_not_go_on_beside_the_next_one(
    settings: Settings, provider: RunningProvider
) -> None:
    provider.provider.script.append(ENDLESS)
    with serving(create_app(settings)) as url:
        async with httpx2.AsyncClient(base_url=url, timeout=15) as client, telling(client) as stream:
            turn = (await anext(stream))["data"]["turn_id"]
            async with running(create_app(settings)) as other, other.state.database.write() as session:
                await session.execute(update(Turn).where(Turn.id == uuid.UUID(turn)).values(state="failed"))
            rest = [event async for event in stream]
    assert [event["data"].get("code") for event in rest if event["event"] == "notice"] == ["stopped"]


async def test_a_turn_whose_conversation_is_deleted_ends(
    settings: Settings, provider: RunningProvider, capfd: pytest.CaptureFixture[str]
) -> None:
    provider.provider.script.append(ENDLESS)
    with serving(create_app(settings)) as url:
        async with httpx2.AsyncClient(base_url=url, timeout=15) as client, telling(client) as stream:
            conversation = (await anext(stream))["data"]["conversation_id"]
            assert (await client.delete(f"/api/conversations/{conversation}")).status_code == 204
            rest = [event async for event in stream]
    assert rest[-1]["event"] == "done"
    assert "turn_not_stored" not in capfd.readouterr().out


async def test_a_silent_stream_is_kept_open_by_comments(
    settings: Settings, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.05)
    provider.provider.script.append(Reply(text="Here.", delay=0.5))
    with serving(create_app(settings)) as url:
        async with httpx2.AsyncClient(base_url=url, timeout=15) as client:
            whole = (await Chat(client).post("hello")).text
    assert 3 <= whole.count("\n: ping") <= 20
    assert "Here." in whole


class TestOnBothDatabases:
    @pytest.fixture(params=KINDS)
    def database_kind(self, request: pytest.FixtureRequest) -> str:
        kind: str = request.param
        return kind

    async def test_the_same_request_five_times_at_one_moment_is_one_turn(
        self, chat: Chat, provider: RunningProvider
    ) -> None:
        provider.provider.always = Reply(text="Hello.", token_delay=0.05)
        await chat.client.post("/api/tasks", json={"title": "the first write brings the cookie"})
        send = [chat.post("hello", accept="application/json", idempotency_key="once") for _ in range(5)]
        answers = await asyncio.gather(*send)
        assert [answer.status_code for answer in answers] == [200] * 5
        assert len({answer.json()["turn_id"] for answer in answers}) == 1
        assert len((await chat.client.get("/api/conversations")).json()["items"]) == 1

    async def test_what_is_kept_a_second_time_because_nobody_knew_of_the_first_is_there_once(
        self, chat: Chat, app: FastAPI
    ) -> None:
        turn = uuid.UUID((await chat.say("hello"))["turn_id"])
        before = (await chat.client.get(f"/api/turns/{turn}/events")).text
        async with app.state.database.write() as session:
            kept = await ChatRepository(session, "").events(turn, 0)
            await store(session, [row(turn, [Event(number, entry["name"], entry["data"]) for number, entry in kept])])
        assert (await chat.client.get(f"/api/turns/{turn}/events")).text == before
