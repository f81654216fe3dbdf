"""A small application in a folder of its own, served by `python -m warm` in real processes."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import psutil

from tests.ports import free_port

T = TypeVar("T")

MAIN = """
import asyncio, json, os, time
from app import first
if SLOW_IMPORT := float(os.environ.get("SLOW_IMPORT", "0")):
    time.sleep(SLOW_IMPORT)
from app import second
from app.source import DIGEST

async def reply(send, body, kind=b"application/json"):
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        from app import startup
        await startup.run()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    path = scope["path"]
    if path == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        while True:
            await send({"type": "http.response.body", "body": b"data: tick\\n\\n", "more_body": True})
            await asyncio.sleep(0.02)
    if path == "/slow":
        await asyncio.sleep(0.5)
    if path == "/exit":
        os._exit(7)
    reload = os.environ.get("RELOAD_STATUS_FILE", "")
    known = path == "/meta" and os.path.exists(reload)  # written once the supervisor has heard from the first server
    status = json.load(open(reload)) if known else None
    answer = {"first": first.VALUE, "second": second.VALUE, "digest": DIGEST, "pid": os.getpid(), "reload": status}
    await reply(send, json.dumps(answer).encode())
"""

SOURCE = """
import hashlib, pathlib
_here = pathlib.Path(__file__).parent
_seen = hashlib.sha256()
for _file in sorted(_here.glob("*.py")):
    _seen.update(_file.name.encode() + _file.read_bytes())
DIGEST = _seen.hexdigest()
"""


def wait_for(look: Callable[[], T], what: str, seconds: float = 20.0, output: Callable[[], str] = str) -> T:
    """Look until the answer is true; fail with `what` (and the output then) when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}\n{output()}"
        time.sleep(0.005)


class WarmServer:
    """The application's folder, the supervisor that serves it, and a client."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "warm.log"
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "app").mkdir()
        self.write("__init__.py", "")
        self.write("main.py", MAIN)
        self.write("source.py", SOURCE)
        self.write("startup.py", "async def run():\n    pass\n")
        self.write("first.py", "VALUE = 1000\n")
        self.write("second.py", "VALUE = 1000\n")

    def write(self, name: str, text: str) -> None:
        (self.folder / "app" / name).write_text(text)

    def start(self, *arguments: str, python: str = sys.executable, before: tuple[str, ...] = (), **env: str) -> None:
        """Start the supervisor; `before` are words put before the command."""
        command = [*before, python, "-m", "warm", "app.main:app", "--port", str(self.port), "--watch", "app"]
        command += ["--cache", str(self.folder / "cache"), "--no-access-log", *arguments]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, env={**os.environ, **env}, start_new_session=True
            )

    def get(self, path: str = "/", timeout: float = 5.0) -> dict[str, Any]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()

    def try_get(self, path: str = "/") -> dict[str, Any] | None:
        """The answer, or None while nothing listens."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get(path)
        return None

    def ready(self) -> dict[str, Any]:
        return wait_for(self.try_get, "a first answer", output=self.output)

    def serves(self, value: object, seconds: float = 20.0) -> dict[str, Any]:
        """Wait until `first` answers with this value."""

        def look() -> dict[str, Any] | None:
            answer = self.try_get()
            return answer if answer and answer.get("first") == value else None

        return wait_for(look, f"an answer with {value}", seconds, self.output)

    def says(self, text: str, seconds: float = 20.0) -> str:
        return wait_for(lambda: text in self.output() and self.output(), repr(text), seconds, self.output)

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def reloads(self) -> int:
        return self.output().count(" served after ")

    def preloaded(self) -> None:
        """Wait until the zygote has learnt what the first server imported."""
        wait_for(lambda: (self.folder / "cache").glob("preload-*.json"), "a preload list")
        wait_for(lambda: self.status().get("preload", {}).get("modules", 0) > 50, "a preloaded zygote")

    def status(self) -> dict[str, Any]:
        return (self.try_get("/meta") or {}).get("reload") or {}

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def zygote(self) -> psutil.Process:
        return wait_for(self._zygote, "a zygote")

    def _zygote(self) -> psutil.Process | None:
        assert self.process is not None
        serving = (self.try_get() or {}).get("pid")  # it has the same command line, and may be an orphan
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children():
                if (
                    child.pid != serving
                    and child.status() != psutil.STATUS_ZOMBIE
                    and "warm.zygote" in " ".join(child.cmdline())
                ):
                    return child
        return None

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 8.0) -> int:
        """Send a signal to the supervisor; its exit status. Nothing of it may be left."""
        assert self.process is not None
        try:
            family = self.family()
        except psutil.NoSuchProcess:
            family = []
        self.process.send_signal(number)
        status = self.process.wait(seconds)
        _, alive = psutil.wait_procs(family, timeout=seconds)
        assert not alive, f"left behind: {alive}"
        return status

    def destroy(self) -> None:
        """End what a failed test left."""
        if self.process is not None and self.process.poll() is None:
            family = self.family()
            for process in [self.process, *family]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait(5)


@contextlib.contextmanager
def steady(*clients: Callable[[], object]) -> Iterator[list[str]]:
    """Call the clients in a thread each until the block ends; collects what went wrong or took more than a second."""
    wrong: list[str] = []
    over = threading.Event()

    def run(client: Callable[[], object]) -> None:
        while not over.is_set():
            began = time.monotonic()
            try:
                client()
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")
            if (took := time.monotonic() - began) > 1.0:
                wrong.append(f"took {took:.2f} s")
            over.wait(0.005)  # a client that never pauses would take the processor from the server that it watches

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        over.set()
        for thread in threads:
            thread.join()


def digest_of(first: object, second: object, folder: Path) -> str:
    """What the sample application's digest must be for these two values."""
    seen = hashlib.sha256()
    for file in sorted((folder / "app").glob("*.py")):
        text = file.read_bytes()
        if file.name == "first.py":
            text = f"VALUE = {first}\n".encode()
        if file.name == "second.py":
            text = f"VALUE = {second}\n".encode()
        seen.update(file.name.encode() + text)
    return seen.hexdigest()
