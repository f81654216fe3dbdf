"""The application with a watch on its event loop: `GET /watch` gives the longest block since the last one, in ms."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from app.main import app as application

PAUSE = 0.005
Message = MutableMapping[str, Any]


class Watched:
    """How much later than it should a short sleep ends: everybody else's turn is late by as much."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.watch: asyncio.Task[None] | None = None

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if self.watch is None:
            self.watch = asyncio.create_task(self._look())
        if scope["type"] != "http" or scope["path"] != "/watch":
            await application(scope, receive, send)
            return
        body, self.longest = f"{self.longest * 1000:.2f}".encode(), 0.0
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": body})

    async def _look(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(PAUSE)
            self.longest = max(self.longest, time.perf_counter() - begun - PAUSE)


app = Watched()
