"""Local mode from start to Ctrl-C: migrate, start every part, wait until the page answers, stop all."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from . import console
from .parts import ROOT, Addresses, all_parts, data_dir, settings_env
from .ports import PortTaken
from .process import Process
from .readiness import answers, meta

START_LIMIT = 120.0  # seconds until the first page; a cold `next dev` on a small machine takes a few


async def migrate(data: Path) -> bool:
    """Bring the database to the newest revision; the command itself says what is wrong with a bad one."""
    env = {**os.environ, **settings_env(data)}
    argv = [sys.executable, "-m", "app.db.migrate"]
    child = await asyncio.create_subprocess_exec(*argv, cwd=ROOT / "backend", env=env, start_new_session=True)
    try:
        return await child.wait() == 0
    finally:
        if child.returncode is None:
            child.terminate()


def already_running(state: Path) -> str | None:
    """The URL of a local mode that this checkout runs already."""
    try:
        found = json.loads(state.read_text())
        os.kill(found["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return str(found["url"])


async def wait_ready(parts: Sequence[Process], at: Addresses, started: float) -> bool:
    """Wait for backend and frontend side by side, then for the page through the router."""
    by_name = {part.name: part for part in parts}

    async def one(name: str, port: int, path: str) -> bool:
        alive = lambda: len(by_name[name].failures) <= 1 and not by_name[name].stopping  # noqa: E731
        if await answers(port, path, alive, START_LIMIT) is None:
            console.say("up", f"{name} did not start; its output is above and in .data/logs/{name}.log")
            return False
        console.say("up", f"{name} ready after {time.monotonic() - started:.1f} s")
        return True

    inner = await asyncio.gather(one("backend", at.backend, "/api/health"), one("frontend", at.frontend, "/"))
    return all(inner) and await one("router", at.public, "/")


async def serve_migrated(backend: Process, migration: asyncio.Task[bool]) -> None:
    if await migration:
        await backend.run()
    else:
        await asyncio.Event().wait()  # a failed migration ends everything by itself


async def first_page(parts: Sequence[Process], at: Addresses, started: float, migration: asyncio.Task[bool]) -> bool:
    """Whether the page answers; False as soon as the migration fails."""
    waiting = asyncio.create_task(wait_ready(parts, at, started))
    try:
        return await migration and await waiting
    finally:
        waiting.cancel()


def notes() -> list[tuple[str, str]]:
    """What local mode has to say at the end of its start."""
    debug = os.environ.get("DEBUG_PORT")
    return [
        *([("debugger", f"debugpy listens on 127.0.0.1:{debug}")] if debug else []),
        ("on save", "backend and frontend reload, affected tests run; logs are in .data/logs"),
        ("stop", "Ctrl-C"),
    ]


async def serve(at: Addresses, data: Path, started: float, tests: bool) -> int:
    parts = all_parts(at, data, console.say, tests=tests)
    for part in parts:
        part.log.parent.mkdir(parents=True, exist_ok=True)
        part.log.write_bytes(b"")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    starting = [part for part in parts if part.name != "tests"]  # tests would compete with the first page
    # The frontend takes longest, so the database is migrated beside it.
    migration = asyncio.create_task(migrate(data))
    runs = [
        asyncio.create_task(serve_migrated(part, migration) if part.name == "backend" else part.run())
        for part in starting
    ]
    ready = asyncio.create_task(first_page(parts, at, started, migration))
    stopped = asyncio.create_task(stop.wait())
    extra: list[asyncio.Task[None]] = []  # the application stays up when one of these gives up
    code = 0
    try:
        await asyncio.wait({ready, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            if ready.result():
                answer = await asyncio.to_thread(meta, at.public)
                print("\n" + console.summary(at.url, answer, time.monotonic() - started, *notes()) + "\n", flush=True)
                extra = [asyncio.create_task(part.run()) for part in parts if part not in starting]
                done, _ = await asyncio.wait({*runs, stopped}, return_when=asyncio.FIRST_COMPLETED)
                code = 0 if stopped in done else 1
                for ended in done:
                    ended.result()  # what broke in here is said, not swallowed
            else:
                code = 1
    finally:
        console.say("up", "stopping")
        await asyncio.gather(*(part.stop() for part in parts))
        for task in (*runs, *extra, ready, stopped, migration):
            task.cancel()
    return code


def local(public: int, *, tests: bool) -> int:
    """Run local mode in the foreground; the exit status is 0 when the user stopped it."""
    started = time.monotonic() - max(0.0, time.time() - float(os.environ.get("UP_STARTED", time.time())))
    data = data_dir()
    data.mkdir(parents=True, exist_ok=True)
    state = data / "local.json"
    if url := already_running(state):
        print(
            f"error: local mode of this checkout runs already at {url}: use it, or `make down` first.", file=sys.stderr
        )
        return 1
    try:
        with Addresses.chosen(public) as at:
            state.write_text(
                json.dumps({"pid": os.getpid(), "url": at.url, "ports": vars(at), "logs": str(data / "logs")})
            )
            try:
                return asyncio.run(serve(at, data, started, tests))
            finally:
                state.unlink(missing_ok=True)
    except PortTaken as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
