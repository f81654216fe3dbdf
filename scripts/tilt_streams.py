"""Two streams that stay open while one works, as a browser's and an assistant's do, so that every reload meets them.

`python -m scripts.tilt_streams [--url URL]` holds, through the router, the events of a chat turn (server-sent events of
POST /api/chat, whose scripted model says a word every two seconds) and an MCP subscription (`subscriptions/listen` of
Streamable HTTP, revision 2026-07-28: its answer is a stream of events without an end). It says when the first event of
each has come and when the stream has ended, and opens it again. Whether a reload takes too long,
`scripts.tilt_sentinel` tells.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.client.subscriptions import SubscriptionLost

from scripts.tilt_scripted_model import HEADER, NoModelError, scripted_model

CHAT = "chat stream (SSE of POST /api/chat)"
MCP = "MCP stream (SSE of subscriptions/listen, POST /api/mcp)"
SLOW = {"always": {"text": "word " * 1000, "piece": 5, "token_delay": 2.0}}
SILENCE = httpx2.Timeout(10, read=60)  # seconds; both streams say every 15 that they are alive
LONGEST_PAUSE = 30  # seconds before what does not open is tried again


class Stream:
    """What is said of one stream, and how long it waits before it is opened again."""

    def __init__(self, name: str) -> None:
        self.name, self.since, self.failures, self.trouble = name, 0.0, 0, ""

    def opened(self) -> None:
        if not self.since:
            print(f"{self.name} is open, its first event has come", flush=True)
            self.since, self.failures, self.trouble = time.monotonic(), 0, ""

    async def ended(self, why: object = "") -> None:
        if self.since:
            print(f"{self.name} ended after {time.monotonic() - self.since:.1f} s", flush=True)
            self.since = 0.0
            return
        if self.trouble != str(why):
            self.trouble = str(why)
            print(f"{self.name} does not open: {why}", flush=True)
        self.failures += 1
        await asyncio.sleep(min(self.failures, LONGEST_PAUSE))


@asynccontextmanager
async def guest(url: str, headers: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with a space of its own, which is removed at the end."""
    async with httpx2.AsyncClient(base_url=url, timeout=SILENCE, headers=headers) as client:
        yield client
        await client.delete("/api/me")


async def hold_chat(url: str) -> None:
    """Keep a turn's events open; where the model is gone, with its pod for example, another is started."""
    stream = Stream(CHAT)
    while True:
        try:
            with scripted_model(SLOW) as model:
                while await _turn(url, model, stream):
                    pass
        except NoModelError as error:
            await stream.ended(error)


async def _turn(url: str, model: str, stream: Stream) -> bool:
    """Read one turn to its end; False when its model is gone."""
    why: object = "no word came"
    gone = False
    try:
        async with (
            guest(url, {HEADER: model}) as client,
            client.stream("POST", "/api/chat", json={"message": "Keep on talking"}) as response,
        ):
            if gone := response.status_code == 404:
                why = "the application finds no scripted model"
            async for line in response.aiter_lines():
                if line == "event: text":
                    stream.opened()
                gone = gone or '"engine":"rules"' in line
    except httpx2.HTTPError as error:
        why = error
    await stream.ended(why)
    return not gone


async def hold_mcp(url: str) -> None:
    """Keep a subscription open."""
    stream = Stream(MCP)
    while True:
        why: object = "no event came"
        try:
            async with guest(url, {}) as client:
                answer = await client.post("/api/tokens", json={"name": "open streams", "scope": "read"})
                client.headers["authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
                async with (
                    Client(streamable_http_client(f"{url}/api/mcp", http_client=client)) as assistant,
                    assistant.listen(tools_list_changed=True) as events,
                ):
                    stream.opened()  # the server has acknowledged it
                    async for _ in events:
                        pass
        except* (httpx2.HTTPError, MCPError, SubscriptionLost) as errors:
            why = first(errors)
        await stream.ended(why)


def first(error: BaseException) -> BaseException:
    """What went wrong, without the groups of tasks around it."""
    return first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


async def main() -> None:
    """Hold both until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    url = parser.parse_args().url
    await asyncio.gather(hold_chat(url), hold_mcp(url))


if __name__ == "__main__":
    asyncio.run(main())
