"""Events on the wire: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from app.chat.events import Event

HEARTBEAT_SECONDS = 15.0
# The same as FastAPI sends for its own event streams: no cache, and no buffer in nginx.
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def event_stream(events: AsyncIterator[Event]) -> EventSourceResponse:
    return EventSourceResponse(_encoded(events), headers=HEADERS)


async def _encoded(events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    """A comment now and then while nothing happens, so that no proxy takes the stream for dead."""
    pending = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            done, _ = await asyncio.wait({pending}, timeout=HEARTBEAT_SECONDS)
            if not done:
                yield KEEPALIVE_COMMENT
                continue
            event = pending.result()
            if event is None:
                return
            yield encode(event)
            pending = asyncio.ensure_future(anext(events, None))
    finally:
        pending.cancel()


def encode(event: Event) -> bytes:
    data = json.dumps(event.data, ensure_ascii=False, separators=(",", ":"))
    return format_sse_event(event=event.name, data_str=data, id=str(event.number))
