"""The requests in progress, so that a server that leaves can end them in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[[Event, Receive, Send], Awaitable[None]]


class Request:
    """How far the answer to one request is."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.complete = False
        self.endless = False
        """Whether the answer has no length, so that it may end at any time."""
        self.ended = False

    async def send(self, event: Event) -> None:
        if event["type"] == "http.response.start":
            self.started = True
            self.endless = not any(name.lower() == b"content-length" for name, _ in event.get("headers", ()))
        elif not event.get("more_body", False):
            self.complete = True
        await self._send(event)

    async def finish(self) -> None:
        """End the answer of a cancelled application so that its client sees an end and not a broken connection."""
        if self.complete:
            return
        if not self.started:
            body = b'{"title":"Reloading","status":503,"detail":"The server was reloaded before it answered."}'
            headers = [
                (b"content-type", b"application/problem+json"),
                (b"content-length", b"%d" % len(body)),
                (b"retry-after", b"1"),
            ]
            await self.send({"type": "http.response.start", "status": 503, "headers": headers})
            await self.send({"type": "http.response.body", "body": body})
        elif self.endless:
            await self.send({"type": "http.response.body", "body": b""})


class Requests:
    """An ASGI application around another that knows what is in progress, and why the start failed."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._open: dict[asyncio.Task[Any], Request] = {}
        self.start_error: BaseException | None = None
        self.start_message = ""

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif scope["type"] != "http":
            await self._application(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Event, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        assert task is not None
        request = self._open[task] = Request(send)
        try:
            await self._application(scope, receive, request.send)
        except BaseException:
            if not request.ended:
                raise
            await request.finish()
        else:
            if request.ended:
                await request.finish()
        finally:
            del self._open[task]

    async def _lifespan(self, scope: Event, receive: Receive, send: Send) -> None:
        starting = False

        async def hear() -> Event:
            nonlocal starting
            event = await receive()
            starting = event["type"] == "lifespan.startup"
            return event

        async def tell(event: Event) -> None:
            nonlocal starting
            starting = False
            if event["type"] == "lifespan.startup.failed":
                self.start_message = event.get("message", "")
                event = {"type": event["type"], "message": ""}  # the supervisor prints it
            await send(event)

        try:
            await self._application(scope, hear, tell)
        except BaseException as error:
            self.start_error = error
            if starting:  # it began to start, so it does know of lifespans
                await send({"type": "lifespan.startup.failed", "message": ""})
            raise

    def end(self, *, only_started: bool) -> int:
        """Cancel the requests in progress (or the streams among them); each then ends cleanly. Returns how many."""
        ended = 0
        for task, request in self._open.items():
            if not request.ended and (request.started or not only_started):
                request.ended = True
                task.cancel("the server is reloading")
                ended += 1
        return ended
