"""Answers while no code has started: 503 with what is wrong, instead of a client that waits."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

from warm.failure import Failure

READ_LIMIT = 5.0


class StandIn:
    """Serves the failure on the supervisor's socket. The alive path answers 200, so that no probe restarts a
    container whose developer is about to save again."""

    def __init__(self, listener: socket.socket, alive_path: str) -> None:
        self._listener = listener
        self._alive_path = alive_path
        self._failure: Failure | None = None
        self._server: asyncio.Server | None = None
        self._opening: asyncio.Task[None] | None = None

    def show(self, failure: Failure) -> None:
        self._failure = failure
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open())

    def hide(self) -> None:
        self._failure = None
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._answer, sock=self._listener.dup())

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), READ_LIMIT)
            writer.write(self._response(head.split(b" ", 2)[1].decode(errors="replace")))
            await writer.drain()
        writer.close()

    def _response(self, path: str) -> bytes:
        failure = self._failure
        problem: dict[str, object]
        if path.partition("?")[0] == self._alive_path:
            status, problem = "200 OK", {"status": "ok"}
        else:
            status = "503 Service Unavailable"
            problem = {
                "title": "The new code does not start",
                "status": 503,
                "detail": failure.error if failure else "",
                "traceback": failure.traceback if failure else "",
            }
        body = json.dumps(problem).encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n"
        return f"{head}Retry-After: 1\r\nConnection: close\r\n\r\n".encode() + body
