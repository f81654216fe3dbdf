"""Many turns at once on one worker. `make bench` has the figures; here is what must never break."""

import asyncio
import gc
import threading
import time

import httpx2
import pytest
from pydantic import SecretStr

from app.chat import keeping
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


async def test_the_garbage_of_long_lived_things_waits_until_nothing_streams(
    with_model: Settings, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "HEARTBEAT_SECONDS", 0.02)
    provider.provider.script.append(Reply(text="one word", hang=True))
    full = threading.Event()
    in_production = {"app_env": "production", "secret_key": SecretStr("k" * 32), "llm_timeout": 30.0}
    before = gc.get_threshold()

    def watch(phase: str, info: dict[str, int]) -> None:
        if (phase, info["generation"]) == ("stop", 2):
            full.set()

    with serving(create_app(with_model.model_copy(update=in_production))) as url:
        async with httpx2.AsyncClient(base_url=url, timeout=20) as client, Chat(client).stream("hello") as stream:
            turn = (await anext(stream))["data"]["turn_id"]
            gc.callbacks.append(watch)
            try:
                kept = [[number] for number in range(before[0] * before[1] * before[2] * 3)]
                assert not full.is_set(), f"{len(kept)} new lists stopped the stream"
                await client.post(f"/api/turns/{turn}/stop")
                assert await asyncio.to_thread(full.wait, 10), "the quiet moment was not used"
            finally:
                gc.callbacks.remove(watch)
    gc.unfreeze()
    assert gc.get_threshold() == before
