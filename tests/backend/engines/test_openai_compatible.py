"""The engine against a real server that misbehaves on request."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app.engines.openai_compatible import OpenAICompatible
from app.engines.presets import PRESETS, Preset, preset_for
from app.engines.protocol import Briefing, EngineFailure, Message, TextDelta, ToolCall, ToolSpec, Usage
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import RunningProvider, running_provider

KEY = "sk-test-secret-key-1234567890"
TOOLS = [ToolSpec(name, name, {"type": "object", "properties": {}}) for name in ("add_task", "list_tasks")]
ASK = [Message("system", "You keep a list."), Message("user", "add milk")]
NOW = Briefing(datetime(2026, 11, 25, 10, tzinfo=UTC))


@pytest.fixture
def provider() -> Iterator[RunningProvider]:
    with running_provider() as running:
        yield running


async def answer(provider: RunningProvider, *replies: Reply, patience: float = 5.0) -> list[Any]:
    provider.provider.script.extend(replies)
    engine = OpenAICompatible(api_key=KEY, base_url=provider.base_url, model="scripted", timeout=patience)
    try:
        return [delta async for delta in engine.stream(ASK, TOOLS, NOW)]
    finally:
        await engine.close()


async def failure(provider: RunningProvider, *replies: Reply, patience: float = 5.0) -> EngineFailure:
    with pytest.raises(EngineFailure) as caught:
        await answer(provider, *replies, patience=patience)
    assert KEY not in str(caught.value)
    return caught.value


async def test_text_arrives_in_pieces_and_tokens_are_counted(provider: RunningProvider) -> None:
    deltas = await answer(provider, Reply(text="Milk is on your list.", piece=4))
    assert "".join(d.text for d in deltas if isinstance(d, TextDelta)) == "Milk is on your list."
    assert sum(isinstance(d, TextDelta) for d in deltas) == 6
    assert deltas[-1] == Usage(120, 30)


@pytest.mark.parametrize("index", [{}, {"no_index": True}, {"zero_index": True}], ids=["counted", "none", "always 0"])
async def test_parallel_calls_in_fragments_come_out_whole(provider: RunningProvider, index: dict[str, bool]) -> None:
    calls = [Call(name="add_task", arguments={"title": "دودھ"}), Call(name="list_tasks")]
    deltas = await answer(provider, Reply(calls=calls, piece=1, **index))
    assert [d for d in deltas if isinstance(d, ToolCall)] == [
        ToolCall("call_0", "add_task", {"title": "دودھ"}),
        ToolCall("call_1", "list_tasks", {}),
    ]


async def test_two_calls_with_one_id_get_an_id_each(provider: RunningProvider) -> None:
    deltas = await answer(provider, Reply(calls=[Call(name="list_tasks", id="x"), Call(name="list_tasks", id="x")]))
    assert len({d.id for d in deltas if isinstance(d, ToolCall)}) == 2


@pytest.mark.parametrize(
    ("replies", "code"),
    [
        ([Reply(status=401, echo_key=True)], "unauthorized"),
        ([Reply(status=403)], "unauthorized"),
        ([Reply(status=429, retry_after="60")], "rate_limited"),
        ([Reply(status=500), Reply(status=500)], "unavailable"),
        ([Reply(status=400)], "refused"),
        ([Reply(text="a long answer", malformed=True)], "malformed"),
        ([Reply(calls=[Call(name="add_task", arguments='{"title": ')])], "malformed"),
        ([Reply(calls=[Call(name="drop_database")])], "unknown_tool"),
        ([Reply(text="a long answer", cut_after=1)], "cut"),
    ],
)
async def test_each_fault_has_its_name(provider: RunningProvider, replies: list[Reply], code: str) -> None:
    assert (await failure(provider, *replies)).code == code


async def test_a_provider_that_says_when_to_come_back_is_asked_again_then(provider: RunningProvider) -> None:
    deltas = await answer(provider, Reply(status=429, retry_after="0"), Reply(text="hello", usage=None))
    assert "".join(d.text for d in deltas) == "hello"
    assert len(provider.provider.requests) == 2


async def test_a_silent_provider_is_given_up_after_the_timeout(provider: RunningProvider) -> None:
    assert (await failure(provider, Reply(delay=1.0), patience=0.2)).code == "timeout"


async def test_no_server_at_all_is_unavailable() -> None:
    engine = OpenAICompatible(api_key=None, base_url="http://127.0.0.1:9/v1", timeout=0.5)
    with pytest.raises(EngineFailure) as caught:
        await anext(engine.stream(ASK, TOOLS, NOW))
    assert caught.value.code == "unavailable"
    await engine.close()


async def test_stopping_closes_the_stream_at_the_provider(provider: RunningProvider) -> None:
    provider.provider.script.append(Reply(text="so much to say " * 500, token_delay=0.01))
    engine = OpenAICompatible(api_key=KEY, base_url=provider.base_url)
    stream = engine.stream(ASK, TOOLS, NOW)
    assert isinstance(await anext(stream), TextDelta)
    await stream.aclose()  # type: ignore[attr-defined]
    async with asyncio.timeout(3):
        while not provider.provider.closed_early:  # noqa: ASYNC110 - the server lives in another thread
            await asyncio.sleep(0.01)
    await engine.close()


async def test_a_reply_of_a_megabyte_is_streamed(provider: RunningProvider) -> None:
    deltas = await answer(provider, Reply(megabyte=True))
    assert sum(len(d.text) for d in deltas if isinstance(d, TextDelta)) == 1_050_000


@pytest.mark.parametrize(
    ("key", "url", "name"),
    [
        ("sk-ant-api03-x", None, "anthropic"),
        ("sk-or-v1-x", None, "openrouter"),
        ("AIzaSyX", None, "gemini"),
        ("gsk_x", None, "groq"),
        ("sk-proj-x", None, "openai"),
        ("whatever", None, "openai"),
        ("sk-x", "https://api.deepseek.com/v1", "deepseek"),
        (None, "http://localhost:11434/v1", "ollama"),
        (None, "http://localhost:1234/v1", "lmstudio"),
        (None, "http://localhost:12345/v1", "custom"),
        (None, "http://gpu.internal:8000/v1", "custom"),
        ("k", "https://api.openai.com.example.org/v1", "custom"),
        ("k", "http://llm.internal/v1", "custom"),
    ],
)
def test_the_provider_is_guessed_from_key_or_address(key: str | None, url: str | None, name: str) -> None:
    assert preset_for(key, url).name == name


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_no_provider_is_out_of_reach_or_hides_another(preset: Preset) -> None:
    assert preset.hosts or preset.key_prefixes
    assert {preset_for(f"{prefix}x", None).name for prefix in preset.key_prefixes} <= {preset.name}
    assert {preset_for("sk-x", f"https://{host}/v1").name for host in preset.hosts if host[0] != ":"} <= {preset.name}
    assert {preset_for(None, f"http://gpu{host}/v1").name for host in preset.hosts if host[0] == ":"} <= {preset.name}
    assert bool(preset.base_url) == bool(preset.key_prefixes), "a key alone leads to an address"
