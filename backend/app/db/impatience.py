"""A database that neither answers nor hangs up: after a while this side does."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from psycopg import AsyncConnection


def impatient(seconds: float) -> Callable[..., Awaitable[AsyncConnection[Any]]]:
    """What makes connections that wait so long for each answer, and then fail as if the server had hung up.

    libpq itself waits for as long as the kernel over there acknowledges, and cancelling a statement would ask the
    same server, which is the one that is silent.
    """

    class Impatient(AsyncConnection[Any]):
        async def wait(self, *arguments: Any, **options: Any) -> Any:
            timer = asyncio.get_running_loop().call_later(seconds, _hang_up, self)
            try:
                return await super().wait(*arguments, **options)
            finally:
                timer.cancel()

    return Impatient.connect


def _hang_up(connection: AsyncConnection[Any]) -> None:
    if not connection.closed:
        with socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)
