"""The provider itself: `python -m tests.fake_provider --port 9000`, then LLM_BASE_URL=http://localhost:9000/v1.

`POST /script` sets what is said next, `GET /requests` shows what was asked, `DELETE /script` forgets both. When the
script is used up it answers with `ECHO`, so a browser can talk to it by hand. Conversations that are known from their
first word to their last need no order of requests: see `conversations` in script.py.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from tests.fake_provider.script import Answer, Reply, each, reply_in

ECHO = "I am a scripted model. You said: "


class CutOnPurposeError(Exception):
    """Ends a stream without its last chunk, as a broken connection does."""


class Provider:
    """What is to be said, what was asked, and how many streams were closed by the other side."""

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        self.conversations: list[list[Answer]] = []
        self.always: Reply | None = None
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.open = 0
        self.closed_early = 0
        self.first_token_at = 0.0  # of the newest stream, by time.monotonic()

    def next(self, body: dict[str, Any]) -> Reply:
        if self.script:
            return self.script.popleft()
        messages = body.get("messages", [])
        if known := reply_in(self.conversations, messages):
            return known
        said = next((m["content"] for m in reversed(messages) if m["role"] == "user"), "")
        return self.always or Reply(text=ECHO + str(said))

    async def stream(self, reply: Reply) -> AsyncIterator[bytes]:
        self.open += 1
        finished = False
        try:
            async for number, chunk in each(reply.chunks()):
                if reply.cut_after is not None and number >= reply.cut_after:
                    finished = True
                    raise CutOnPurposeError
                if number == 0:
                    self.first_token_at = time.monotonic()
                yield chunk
                await asyncio.sleep(reply.token_delay)
            if reply.hang:
                await asyncio.sleep(3600)
            finished = True
        finally:
            self.open -= 1
            self.closed_early += not finished


def create_provider(provider: Provider | None = None) -> FastAPI:
    app, state = FastAPI(title="A scripted model"), provider or Provider()
    app.state.provider = state

    @app.post("/v1/chat/completions", response_model=None)
    async def completions(request: Request) -> Response:
        body = await request.json()
        state.requests.append(body)
        state.keys.append(request.headers.get("authorization", ""))
        reply = state.next(body)
        await asyncio.sleep(reply.delay)
        if reply.status != 200:
            headers = {"retry-after": reply.retry_after} if reply.retry_after else {}
            said = f"Incorrect API key provided: {state.keys[-1]}" if reply.echo_key else "no"
            return JSONResponse({"error": {"message": said}}, reply.status, headers)
        return StreamingResponse(state.stream(reply), media_type="text/event-stream")

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": "scripted", "object": "model"}]}

    @app.post("/script", status_code=204)
    async def script(replies: list[Reply]) -> None:
        state.script.extend(replies)

    @app.post("/always", status_code=204)
    async def always(reply: Reply) -> None:
        state.always = reply

    @app.delete("/script", status_code=204)
    async def forget() -> None:
        state.script.clear()
        state.requests.clear()
        state.always = None

    @app.get("/requests")
    async def requests() -> list[dict[str, Any]]:
        return state.requests

    @app.get("/streams")
    async def streams() -> dict[str, int]:
        return {"open": state.open, "closed_early": state.closed_early}

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app
