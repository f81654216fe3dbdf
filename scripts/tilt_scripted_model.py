"""The application of this tree with a scripted model, for replays that cost nothing and are the same every time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def scripted_application(turns: list[dict[str, Any]]) -> Iterator[str]:
    """The code of this tree on a port of its own, with a model that makes the recorded calls; yields its URL."""
    from tests.fake_provider.script import Call, Reply
    from tests.fake_provider.server import running_provider

    with running_provider() as running, tempfile.TemporaryDirectory() as data:
        for turn in turns:
            calls = [Call(name=call["name"], arguments=call["arguments"]) for call in turn["calls"]]
            running.provider.script.extend([Reply(calls=calls)] if calls else [])
            running.provider.script.append(Reply(text="Done."))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {
            "DATA_DIR": data,
            "DATABASE_URL": "",
            "DIRECT_DATABASE_URL": "",
            "LLM_BASE_URL": running.base_url,
            "LLM_API_KEY": "scripted",
        }
        environment = {**os.environ, **settings, "APP_ENV": "development"}
        where = {"cwd": ROOT / "backend", "env": environment}
        subprocess.run([sys.executable, "-m", "app.db.migrate"], check=True, **where)  # type: ignore[call-overload]
        argv = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port), "--log-level", "warning"]
        server = subprocess.Popen(argv, stdout=subprocess.DEVNULL, **where)  # type: ignore[call-overload]
        try:
            _await(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            httpx2.get(f"{url}/health", timeout=1)
            return
        except httpx2.HTTPError:
            time.sleep(0.05)
    raise SystemExit("the application did not start with the scripted model")
