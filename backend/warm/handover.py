"""Kept-alive connections move to the next server instead of being closed.

Closing an idle connection races with the next request on it, and the client sees a reset. Answering that request
first would show old code. So once a connection has no request in it, its descriptor goes to the new server, which
reads on from where the old one stopped; the client notices nothing.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

GiveAway = Callable[[int], None]
FLUSH_CHECK = 0.01


class HandoverProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol, which can leave its connection between two requests."""

    leaving = False
    """Set on the class when this server drains: connections leave as soon as they are idle."""
    give_away: GiveAway | None = None
    """Takes a descriptor (borrowed until it returns) to the next server; None closes idle connections instead."""

    _inside_message = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.leaving:
            self.loop.call_soon(self.leave)

    def on_message_begin(self) -> None:
        self._inside_message = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._inside_message = False
        if self.leaving:
            self.loop.call_soon(self.leave)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.leaving:
            if not self.pipeline and not self._inside_message:
                self.flow.pause_reading()  # the next request on this connection is the next server's to read
            self.loop.call_soon(self.leave)

    def leave(self) -> None:
        """Give the connection away if no request is in it; otherwise the end of that request asks again."""
        if self.transport.is_closing() or self._inside_message or self.pipeline:
            return
        if self.cycle is not None and not self.cycle.response_complete:
            return
        self.flow.pause_reading()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(FLUSH_CHECK, self.leave)  # a slow reader of the last answer
            return
        self._unset_keepalive_if_required()
        if self.give_away is not None:
            descriptor = os.dup(self.transport.get_extra_info("socket").fileno())
            try:
                type(self).give_away(descriptor)  # type: ignore[misc]
            except OSError:
                pass  # the supervisor is gone, and so is every successor
            finally:
                os.close(descriptor)
        self.transport.close()


def adopt(loop: asyncio.AbstractEventLoop, make: Callable[[], HandoverProtocol], descriptor: int) -> Any:
    """Serve a connection that another server gave away. Returns the task that connects it."""
    connection = socket.socket(fileno=descriptor)
    connection.setblocking(False)
    return loop.create_task(cast(Any, loop.connect_accepted_socket(make, connection)))
