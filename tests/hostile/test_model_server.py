"""A model's server that sends what is legal and odd, or what never ends: an answer or a fault, and no more memory."""

import asyncio
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from app.engines.openai_compatible import OpenAICompatible
from app.engines.protocol import Briefing, EngineFailure, Message, TextDelta, ToolCall, Usage
from tests.fake_provider.server import serving
from tests.hostile.targets import BRIEFING, TOOLS


def answer(pieces: AsyncIterator[bytes], briefing: Briefing = BRIEFING) -> list[Any]:
    """What the engine makes of a body that comes in these pieces."""
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=pieces))
    engine = OpenAICompatible(api_key="k", base_url="http://model.test/v1", transport=transport)

    async def listen() -> list[Any]:
        return [delta async for delta in engine.stream([Message("user", "hello")], TOOLS, briefing)]

    return asyncio.run(listen())


async def chunks(*deltas: dict[str, Any], ascii_only: bool = False, usage: object = None) -> AsyncIterator[bytes]:
    for delta in deltas:
        chunk = {"choices": [{"delta": delta, "finish_reason": "stop"}], "usage": usage}
        yield f"data: {json.dumps(chunk, ensure_ascii=ascii_only)}\n\n".encode()


def test_a_line_separator_inside_a_text_does_not_end_the_event() -> None:
    """https://html.spec.whatwg.org/multipage/server-sent-events.html: only CR and LF end a line."""
    text = "one\u2028two\u2029three\x85four\x0bfive"
    assert "".join(delta.text for delta in answer(chunks({"content": text}))) == text


def test_a_character_in_two_pieces_stays_one() -> None:
    body = b'data: {"choices": [{"delta": {"content": "\xd9\x83\xd9\x84"}, "finish_reason": "stop"}]}\r\n\r\n'

    async def bytewise() -> AsyncIterator[bytes]:
        for byte in body:
            yield bytes([byte])

    assert answer(bytewise()) == [TextDelta("\u0643\u0644")]


def test_what_no_database_takes_is_left_out_of_texts_and_calls() -> None:
    arguments = json.dumps({"tasks": [{"title": "a\0b\ud800c"}]})
    call = {"index": 0, "id": "c\0\ud800", "function": {"name": "add_task", "arguments": arguments}}
    said, called = answer(chunks({"content": "a\0b\ud83dc", "tool_calls": [call]}, ascii_only=True))
    assert said == TextDelta("ab?c")
    assert called == ToolCall("c?", "add_task", {"tasks": [{"title": "ab?c"}]})


@pytest.mark.parametrize(
    "arguments", ['{"n": NaN}', '{"n": 1e999}', '{"a":' * 900 + "1" + "}" * 900, '{"n": ' + "9" * 5000 + "}"]
)
def test_arguments_that_cannot_be_sent_on_are_a_fault(arguments: str) -> None:
    call = {"index": 0, "id": "c", "function": {"name": "add_task", "arguments": arguments}}
    with pytest.raises(EngineFailure) as fault:
        answer(chunks({"tool_calls": [call]}))
    assert fault.value.code == "malformed"


@pytest.mark.parametrize(("counted", "kept"), [(-5, 0), (10**4000, 10**9), (1.5, 1)])
def test_token_counts_are_brought_to_a_size_that_can_be_counted(counted: float, kept: int) -> None:
    usage = {"prompt_tokens": counted, "completion_tokens": 1}
    assert Usage(kept, 1) in answer(chunks({"content": "x"}, usage=usage))


@pytest.mark.parametrize("endless", [b"data: " + b"x" * 65_530, b": comment\n\n" * 600])
def test_a_stream_that_never_ends_takes_no_more_memory_than_a_line_may(endless: bytes) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield endless

    tracemalloc.start()
    with pytest.raises(EngineFailure):
        answer(body())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


async def test_a_packed_answer_takes_no_more_memory_than_its_pieces() -> None:
    packed = gzip.compress(gzip.compress(b"x" * (64 << 20), 1))
    app = FastAPI()
    sent = {"Content-Encoding": "gzip, gzip"}
    app.add_api_route("/v1/chat/completions", lambda: Response(packed, headers=sent), methods=["POST"])
    with serving(app) as url:
        engine = OpenAICompatible(api_key="k", base_url=f"{url}/v1")
        tracemalloc.start()
        with pytest.raises(EngineFailure):
            _ = [delta async for delta in engine.stream([Message("user", "hello")], TOOLS, BRIEFING)]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        await engine.close()
    assert peak < 16 << 20


def test_calls_without_end_are_a_fault() -> None:
    calls = [{"index": n, "id": str(n), "function": {"name": "add_task", "arguments": "{}"}} for n in range(100)]
    with pytest.raises(EngineFailure) as fault:
        answer(chunks(*({"tool_calls": [call]} for call in calls)))
    assert fault.value.code == "malformed"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed_and_the_key_stays_with_the_server_it_is_for(status: int) -> None:
    """LLM_BASE_URL is trusted; where that server points may be a machine that only we can reach."""
    app, reached = FastAPI(), list[str]()
    app.add_api_route("/v1/chat/completions", lambda: RedirectResponse("/inside", status), methods=["POST"])
    app.add_api_route("/inside", lambda: reached.append("inside"), methods=["GET", "POST"])
    with serving(app) as url:
        engine = OpenAICompatible(api_key="k", base_url=f"{url}/v1")
        with pytest.raises(EngineFailure):
            _ = [delta async for delta in engine.stream([Message("user", "hello")], TOOLS, BRIEFING)]
        await engine.close()
    assert reached == []
