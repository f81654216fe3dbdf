"""Turns that stream from a model: how soon the first word is passed on, 200 at once, and what an open one weighs."""

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import httpx2
import psutil

from scripts.bench.api import uvicorn
from scripts.bench.series import Series
from scripts.bench.trees import ROOT
from tests.fake_provider.script import Reply
from tests.fake_provider.server import RunningProvider, running_provider

STREAMS = 200
APART = 0.02  # seconds between the beginnings of two of them, so that all run together for half of their time
WORDS = 80  # of each of their answers, ten a second
OPEN_WORDS = 200  # that an open stream has said when it is weighed


@contextlib.contextmanager
def application(work: Path) -> Iterator[tuple[str, RunningProvider]]:
    """One worker of the application, watched, whose model is scripted; its URL and the model."""
    data = work / "chat"
    data.mkdir()
    with running_provider() as provider:
        settings = {
            "APP_ENV": "production",
            "SECRET_KEY": secrets.token_urlsafe(32),
            "LLM_BASE_URL": provider.base_url,
            "LLM_TIMEOUT": "120",
            "PYTHONPATH": str(ROOT),
        }
        with uvicorn("scripts.bench.watched:app", ROOT / "backend", data, work / "chat.log", **settings) as url:
            yield url, provider


async def words(client: httpx2.AsyncClient) -> AsyncGenerator[str]:
    """What a new turn says, piece by piece. Raises RuntimeError when it does not come to a good end."""
    name, ended = "", False
    async with client.stream("POST", "/api/chat", json={"message": "tell me something"}) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
                ended = ended or name == "done"
                if name in ("error", "notice"):
                    raise RuntimeError(f"a turn went wrong: {name}")
            elif line.startswith("data: ") and name == "text":
                yield json.loads(line[6:])["delta"]
    if not ended:
        raise RuntimeError("a stream broke off")


def client(url: str) -> httpx2.AsyncClient:
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=STREAMS)
    return httpx2.AsyncClient(base_url=url, timeout=120, limits=limits)


def first_event(runs: int, work: Path) -> list[Series]:
    with application(work) as (url, provider):
        taken = asyncio.run(_first_words(url, provider, runs))
    what = "from the model's first token to the first text event, one stream"
    return [Series("first-event", what, "ms", taken)]


async def _first_words(url: str, provider: RunningProvider, runs: int) -> list[float]:
    taken = []
    provider.provider.always = Reply(text="word " * 5, piece=5, token_delay=0.02)
    async with client(url) as browser:
        for number in range(runs + 3):
            heard = 0.0
            async for _ in words(browser):
                heard = heard or time.monotonic()
            if number > 2:
                taken.append((heard - provider.provider.first_token_at) * 1000)
    return taken


def streams(runs: int, work: Path) -> list[Series]:
    """200 turns at once, several times over; a failed one fails the scenario."""
    with application(work) as (url, provider):
        provider.provider.always = Reply(text="word " * WORDS, piece=5, token_delay=0.1)
        blocked = asyncio.run(_at_once(url, max(3, runs // 6)))
    what = f"longest block of the event loop while {STREAMS} turns stream, begun {APART * 1000:g} ms apart"
    return [Series("streams-blocked", what, "ms", blocked)]


async def _at_once(url: str, rounds: int) -> list[float]:
    blocked = []
    async with client(url) as browser:

        async def listen(number: int) -> None:
            await asyncio.sleep(number * APART)
            if "".join([word async for word in words(browser)]) != "word " * WORDS:
                raise RuntimeError("a stream lost words")

        await listen(0)  # what only the first turn needs
        for _ in range(rounds):
            await browser.get("/watch")
            await asyncio.gather(*(listen(number) for number in range(STREAMS)))
            blocked.append(float((await browser.get("/watch")).text))
    return blocked


def stream_memory(runs: int, work: Path) -> list[Series]:
    del runs
    with application(work) as (url, provider):
        provider.provider.always = Reply(text="word " * OPEN_WORDS, piece=5, hang=True)
        weight = asyncio.run(_weight(url))
    what = f"memory of an open stream that has said {OPEN_WORDS} words, of {STREAMS}"
    return [Series("stream-memory", what, "KB", [weight])]


async def _weight(url: str) -> float:
    port = httpx2.URL(url).port
    pids = [c.pid for c in psutil.net_connections("tcp") if c.laddr and c.laddr[1] == port and c.status == "LISTEN"]
    server = psutil.Process(next(pid for pid in pids if pid))
    async with client(url) as browser, contextlib.AsyncExitStack() as stack:

        async def hear() -> None:
            told = await stack.enter_async_context(contextlib.aclosing(words(browser)))
            for _ in range(OPEN_WORDS):
                await anext(told)

        await asyncio.gather(*(hear() for _ in range(10)))  # what the first ones need once
        before = server.memory_info().rss
        await asyncio.gather(*(hear() for _ in range(STREAMS)))
        return (server.memory_info().rss - before) / STREAMS / 1000
