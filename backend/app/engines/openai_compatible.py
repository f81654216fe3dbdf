"""Any server that speaks chat completions: https://platform.openai.com/docs/api-reference/chat/streaming."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

import httpx2

from app.engines.fragments import Fragments
from app.engines.presets import preset_for
from app.engines.protocol import Briefing, Delta, EngineFailure, Message, TextDelta, ToolSpec, Usage
from app.engines.retries import Rest, failure_of, pause_before_retry
from app.engines.wire import lines, read_object

# A provider may pause for long before the first token, but not between tokens.
CONNECT_SECONDS = 5.0
# Every turn streams over a connection of its own, and none may wait for another turn to end.
STREAMS = httpx2.Limits(max_connections=None, max_keepalive_connections=20)
MOST_TOKENS = 1_000_000_000  # what a server counts beyond this is no count


class OpenAICompatible:
    """Streams chat completions, with tool calls put together from their fragments."""

    kind = "openai_compatible"

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str | None = None,
        model: str | None = None,
        timeout: float = 30.0,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        preset = preset_for(api_key, base_url)
        self.preset = preset.name
        self.model: str | None = model or preset.model
        self._counts_tokens = preset.counts_tokens
        self._timeout = timeout
        self.rest = Rest()
        self._client = httpx2.AsyncClient(
            base_url=(base_url or preset.base_url).rstrip("/") + "/",
            headers={"authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=httpx2.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
            limits=STREAMS,
            transport=transport,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def stream(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], briefing: Briefing
    ) -> AsyncIterator[Delta]:
        """One completion. Retries once, and only while nothing has been said yet; raises EngineFailure.

        A provider that has said when to come back is not asked before that.
        """
        del briefing  # the messages tell a model all of it
        self.rest.check()
        payload = self._payload(messages, tools)
        for attempt in (1, 2):
            spoken = False
            try:
                async with aclosing(self._attempt(payload, {tool.name for tool in tools})) as deltas:
                    async for delta in deltas:
                        spoken = True
                        yield delta
                return
            except EngineFailure as failure:
                pause = pause_before_retry(failure, attempt, self._timeout)
                if spoken or pause is None:
                    self.rest.begin(failure)
                    raise
            await asyncio.sleep(pause)

    async def _attempt(self, payload: dict[str, Any], known: set[str]) -> AsyncGenerator[Delta, None]:
        fragments, finished = Fragments(known), False
        try:
            async with self._client.stream("POST", "chat/completions", json=payload) as response:
                if response.status_code != 200:
                    raise failure_of(response)
                async for line in lines(response.aiter_bytes()):
                    if not line.startswith("data:"):
                        continue
                    data = line[5:].strip()
                    if data == "[DONE]":
                        finished = True
                        break
                    chunk = _object(data)
                    for delta in _read(chunk, fragments):
                        yield delta
                    finished = finished or _is_finished(chunk)
        except httpx2.TimeoutException as error:
            raise EngineFailure("timeout", "The model did not answer in time.") from error
        except httpx2.ConnectError as error:
            raise EngineFailure("unavailable", "The model's server could not be reached.") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise EngineFailure("cut", "The model's answer broke off.") from error
        if not finished:
            raise EngineFailure("cut", "The model's answer broke off.")
        for call in fragments.calls():
            yield call

    def _payload(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "model": self.model,
            "messages": [_message(message) for message in messages],
            "stream": True,
        }
        if tools:
            payload["tools"] = [
                {
                    "type": "function",
                    "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
                }
                for tool in tools
            ]
        if self._counts_tokens:
            payload["stream_options"] = {"include_usage": True}
        return payload


def _message(message: Message) -> dict[str, Any]:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.text}
    entry: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.tool_calls:
        entry["content"] = message.text or None
        entry["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)},
            }
            for call in message.tool_calls
        ]
    return entry


def _object(data: str) -> dict[str, Any]:
    chunk = read_object(data)
    if chunk.get("error"):
        raise EngineFailure("unavailable", "The model reported an error.")
    return chunk


def _read(chunk: dict[str, Any], fragments: Fragments) -> list[Delta]:
    deltas: list[Delta] = []
    try:
        for choice in (chunk.get("choices") or [])[:1]:
            delta = choice.get("delta") or {}
            if content := delta.get("content"):
                deltas.append(TextDelta(str(content)))
            for piece in delta.get("tool_calls") or []:
                fragments.add(piece)
        if usage := chunk.get("usage"):
            deltas.append(Usage(_tokens(usage.get("prompt_tokens")), _tokens(usage.get("completion_tokens"))))
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        raise EngineFailure("malformed", "The model's answer could not be read.") from error
    return deltas


def _tokens(count: Any) -> int:
    return min(max(0, int(count or 0)), MOST_TOKENS)


def _is_finished(chunk: dict[str, Any]) -> bool:
    return any(isinstance(choice, dict) and choice.get("finish_reason") for choice in chunk.get("choices") or [])
