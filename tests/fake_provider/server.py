"""The provider on a real socket: a thread with uvicorn on a free port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from tests.fake_provider.app import Provider, create_provider


class RunningProvider:
    """A provider that answers on `url`; `say()` sets its next replies."""

    def __init__(self, provider: Provider, url: str) -> None:
        self.provider, self.url = provider, url

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"


@contextmanager
def serving(app: FastAPI, *, graceful: int = 0) -> Iterator[str]:
    """Serve an application on a free port of this machine until the block ends; yields its URL."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=graceful, ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@contextmanager
def running_provider() -> Iterator[RunningProvider]:
    provider = Provider()
    with serving(create_provider(provider)) as url:
        yield RunningProvider(provider, url)
