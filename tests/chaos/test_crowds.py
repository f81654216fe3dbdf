"""Crowds of connections that do nothing, or next to nothing: whoever asks for something is served beside them."""

from __future__ import annotations

import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import cycle

import httpx2
import pytest

from tests.chaos.bounds import CROWD
from tests.fake_provider.script import Reply
from tests.fake_provider.server import running_provider
from tests.figures import Figure
from tests.hostile.served import Served, served

AT_ONCE = 200
REQUESTS = 100
HEAD = b"POST /api/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two routers, since each opens two files for a connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CROWD + 500:
        pytest.skip(f"a process may open {hard} files here, which is too few for CROWD={CROWD}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, CROWD + 500), hard))
    with running_provider() as model:
        model.provider.always = Reply(text="Let me think about it", piece=1, token_delay=30)
        settings = {"LLM_BASE_URL": model.base_url, "LLM_API_KEY": "k", "LLM_TIMEOUT": "600", "RATE_LIMIT": "off"}
        with served(
            tmp_path_factory.mktemp("served"), routers=2, module="tests.hostile.patient:app", **settings
        ) as running:
            yield running


@asynccontextmanager
async def crowd(at: Served, count: int, greet: Callable[[Line, int], Awaitable[None]]) -> AsyncIterator[list[Line]]:
    """So many open connections, each after its greeting."""
    gate, lines, ports = asyncio.Semaphore(AT_ONCE), list[Line](), cycle(at.routers)

    async def enter(number: int) -> None:
        async with gate:
            line = await asyncio.open_connection("127.0.0.1", next(ports))
            lines.append(line)
            await greet(line, number)

    try:
        await asyncio.gather(*(enter(number) for number in range(count)))
        yield lines
    finally:
        for _, writer in lines:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in lines), return_exceptions=True)


async def waits(at: Served) -> list[float]:
    """Milliseconds of requests of one visitor who writes and reads; fails when one is not answered as it should be."""
    taken = []
    async with httpx2.AsyncClient(base_url=at.url, timeout=10) as visitor:
        for number in range(REQUESTS):
            begun = time.monotonic()
            if number % 10:
                answer = await visitor.get("/api/tasks?limit=20")
            else:
                answer = await visitor.post("/api/tasks", json={"title": str(number)})
            taken.append((time.monotonic() - begun) * 1000)
            assert answer.status_code == (200 if number % 10 else 201), answer.text
    return sorted(taken)


@pytest.mark.timeout(900)
async def test_clients_that_send_a_byte_now_and_then_hold_nobody_up(at: Served, figure: Figure) -> None:
    """Slow headers (slowloris) and slow bodies; the router gives them a minute."""

    async def begin(line: Line, number: int) -> None:
        line[1].write(HEAD + (b"X-A: b\r\n" if number % 2 else b'Content-Length: 99999\r\n\r\n{"title": "'))
        await line[1].drain()

    async def drip(lines: list[Line]) -> None:
        for number in cycle(range(len(lines))):
            lines[number][1].write(b"x")
            await asyncio.sleep(0.001)

    begun = time.monotonic()
    async with crowd(at, CROWD, begin) as lines:
        dripping = asyncio.create_task(drip(lines))
        taken = await waits(at)
        if CROWD >= 1000:  # the long form
            ends = (reader.read() for reader, _ in lines)
            async with asyncio.timeout(90):
                await asyncio.gather(*ends, return_exceptions=True)
            figure(f"the last of the slow clients was sent away after {time.monotonic() - begun:.0f} s")
        dripping.cancel()
    figure(f"{CROWD} slow clients: {REQUESTS} requests beside them, p99 {taken[-2]:.0f} ms")


@pytest.mark.timeout(900)
async def test_streams_on_which_nothing_happens_hold_nobody_up_and_all_end_well(at: Served, figure: Figure) -> None:
    """Each follows the turn of a model that thinks; when it is stopped, each hears the last event."""
    process = at.process()
    alone, before = await waits(at), process.memory_info().rss
    async with (
        httpx2.AsyncClient(base_url=at.url, timeout=600) as owner,
        owner.stream("POST", "/api/chat", json={"message": "hello"}) as own,
    ):
        events = own.aiter_lines()
        start = next(json.loads(line[5:]) for line in [await anext(events) for _ in range(3)] if line[:5] == "data:")
        turn, cookie = start["turn_id"], owner.cookies["todo_guest"]
        ask = f"GET /api/turns/{turn}/events HTTP/1.1\r\nHost: localhost\r\nCookie: todo_guest={cookie}\r\n\r\n"

        async def follow(line: Line, _: int) -> None:
            line[1].write(ask.encode())
            await line[0].readuntil(b"event: text")

        begun = time.monotonic()
        async with crowd(at, CROWD, follow) as lines:
            opened = time.monotonic() - begun
            beside, after = await waits(at), process.memory_info().rss
            ends = [asyncio.create_task(reader.readuntil(b"event: done")) for reader, _ in lines]
            await asyncio.sleep(0)
            assert [end for end in ends if end.done()] == [], "not all were open at once"
            begun = time.monotonic()
            assert (await owner.post(f"/api/turns/{turn}/stop")).status_code == 204
            await asyncio.gather(*ends)
            ended = time.monotonic() - begun
    each = (after - before) / CROWD / 1024
    figure(
        f"{CROWD} idle streams, opened in {opened:.0f} s, {each:.0f} KiB each: {REQUESTS} requests beside them, "
        f"p99 {beside[-2]:.0f} ms ({alone[-2]:.0f} ms alone); all ended {ended:.1f} s after the stop"
    )
