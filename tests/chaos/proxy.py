"""A TCP proxy that breaks on command: what lies behind it is slow, silent, cut or not there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.ports import free_port

Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Proxy:
    """Listens on `port` of 127.0.0.1. Its faults last until `heal`, and hold for connections that are open."""

    def __init__(self, connect: Connect) -> None:
        self.port = free_port()
        self.delay = 0.0  # seconds before each piece of an answer
        self.passed = 0  # pieces of answers
        self.lost_commits = 0  # so many more COMMITs are carried out, and the connection breaks instead of saying so
        self._connect = connect
        self._silent = False
        self._pairs: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._server: asyncio.Server | None = None

    def refuse(self) -> None:
        """Nothing listens, and what was open is cut."""
        self._run(self._close())
        self.cut()

    def cut(self) -> None:
        """Every open connection is reset; new ones are taken."""

        async def reset() -> None:
            for writer in self._pairs:
                writer.transport.abort()

        self._run(reset())

    def hang(self) -> None:
        """Connections are taken and stay open, and nothing passes: as with a lost route."""
        self._silent = True

    def heal(self) -> None:
        """As if nothing had been. What hung is cut: its pieces were lost."""
        if self._silent:
            self._silent = False
            self.cut()
        self.delay = 0.0
        if self._server is None:
            self._run(self._open())

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._pairs.add(writer)
        behind: asyncio.StreamWriter | None = None
        try:
            there, behind = await self._connect()
            self._pairs.add(behind)
            lost = asyncio.Event()
            ways = [self._pass(reader, behind, lost, answers=False), self._pass(there, writer, lost, answers=True)]
            await asyncio.wait({asyncio.ensure_future(way) for way in ways}, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass
        finally:
            for end in (writer, behind):
                if end is not None:
                    end.transport.abort()
                    self._pairs.discard(end)

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event, *, answers: bool
    ) -> None:
        with suppress(OSError):
            while piece := await reader.read(65536):
                if self._silent:
                    continue
                if self.lost_commits and not answers and b"COMMIT" in piece:
                    self.lost_commits -= 1
                    lost.set()
                if answers:
                    if lost.is_set():
                        return
                    await asyncio.sleep(self.delay)
                    self.passed += 1
                writer.write(piece)
                await writer.drain()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._run(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()

        async def leave() -> None:
            own = asyncio.current_task()
            rest = [task for task in asyncio.all_tasks() if task is not own]
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)

        self._run(leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@contextmanager
def before(host_or_socket: str, port: int | None = None) -> Iterator[Proxy]:
    """A proxy before a TCP port, or before a Unix socket when there is no port."""

    def connect() -> Any:
        if port is None:
            return asyncio.open_unix_connection(host_or_socket)
        return asyncio.open_connection(host_or_socket, port)

    with Proxy(connect) as proxy:
        yield proxy
