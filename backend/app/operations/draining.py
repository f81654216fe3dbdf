"""SIGTERM turns readiness false first, and stops the server only after the routers had time to notice."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from app.operations.readiness import Readiness


@contextmanager
def draining_on_sigterm(readiness: Readiness, seconds: float) -> Iterator[None]:
    """Puts itself before the server's own handler, which is called `seconds` later."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return
    loop = asyncio.get_running_loop()
    servers = signal.getsignal(signal.SIGTERM)

    if not callable(servers):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        readiness.draining = True
        # From a signal handler only this call may touch the loop; it also wakes it.
        loop.call_soon_threadsafe(loop.call_later, seconds, servers, number, frame)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is stop:
            signal.signal(signal.SIGTERM, servers)
