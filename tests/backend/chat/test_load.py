"""Many turns at once on one worker. `make bench` has the figures; here is what must never break."""

import asyncio
import time

import httpx2
import pytest

from app.config import Settings
from app.main import create_app
from tests.backend.chat.conftest import Chat
from tests.fake_provider.script import Reply
from tests.fake_provider.server import RunningProvider, serving

STREAMS = 200


@pytest.mark.slow
async def test_two_hundred_streams_at_once_all_end_well(with_model: Settings, provider: RunningProvider) -> None:
    provider.provider.always = Reply(text="a word " * 30, piece=30, token_delay=0.05)
    patient = with_model.model_copy(update={"llm_timeout": 90.0})
    with serving(create_app(patient)) as url:
        limits = httpx2.Limits(max_connections=STREAMS)

        async def talk(client: httpx2.AsyncClient) -> str:
            async with Chat(client).stream("tell me something") as stream:
                return "".join([e["data"]["delta"] async for e in stream if e["event"] == "text"])

        async with httpx2.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
            await client.get("/api/tasks")
            texts = await asyncio.gather(*(talk(client) for _ in range(STREAMS)))
    assert set(texts) == {"a word " * 30}


async def test_a_slow_model_does_not_hold_anybody_else_up(with_model: Settings, provider: RunningProvider) -> None:
    provider.provider.always = Reply(delay=2.0)
    with serving(create_app(with_model)) as url:
        async with httpx2.AsyncClient(base_url=url, timeout=20) as client:
            waiting = asyncio.create_task(Chat(client).post("hello"))
            await asyncio.sleep(0)
            begun = time.monotonic()
            for _ in range(5):
                assert (await client.get("/api/tasks")).status_code == 200
            assert time.monotonic() - begun < 2.0
            waiting.cancel()
