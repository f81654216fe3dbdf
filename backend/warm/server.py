"""The forked process: imports the application, starts it, takes the socket, serves, and leaves in order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from warm import bytecode, debug, failure, patterns, preload, tree
from warm.channel import Channel, Message
from warm.handover import HandoverProtocol, adopt
from warm.options import Options
from warm.requests import Requests

KEEP_ALIVE = 120
"""Seconds; longer than any proxy in front keeps an idle connection, so that the server is never the one to close."""
SHUTDOWN_LIMIT = 2.0
MODULES_AFTER = 0.3


class ServerProcess:
    """One life of the application."""

    def __init__(self, options: Options, order: Message, channel: Channel, listener: socket.socket) -> None:
        self.options = options
        self.order = order
        self.channel = channel
        self.listener = listener
        self.marks = {"fork": time.monotonic()}
        self.take_over = asyncio.Event()
        self.leave = asyncio.Event()
        self.successor = False

    def run(self) -> int:
        """Serve until told to leave; the exit status."""
        self._tell(event="hello", pid=os.getpid())
        signal.signal(signal.SIGUSR2, self._explain)
        try:
            requests = self._load()
        except BaseException as error:  # SystemExit too: the developer must hear of it
            self._tell(event="failed", **vars(failure.of_exception("import", error)))
            return 3
        self.marks["import"] = time.monotonic()
        config = self._config
        config.app = requests
        config.load()
        gc.freeze()  # all of this lives as long as the server
        gc.enable()
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            return runner.run(self._serve(config, requests))

    def _load(self) -> Requests:
        """Import the application. uvicorn configures logging before, as it does by itself."""
        options = self.options
        self._config = uvicorn.Config(
            app=options.target,
            host=options.host,
            port=options.port,
            http=HandoverProtocol,
            interface="asgi3",
            log_level=options.log_level,
            access_log=options.access_log,
            timeout_keep_alive=KEEP_ALIVE,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # the supervisor tells of starts and ends
        bytecode.install(options.roots, Path(self.order["code"]))
        importlib.invalidate_caches()
        module, _, attribute = options.target.partition(":")
        application: Any = importlib.import_module(module)
        for name in attribute.split("."):
            application = getattr(application, name)
        return Requests(application)

    async def _serve(self, config: uvicorn.Config, requests: Requests) -> int:
        loop = asyncio.get_running_loop()
        loop.add_reader(self.channel, self._hear)
        loop.add_signal_handler(signal.SIGTERM, self.leave.set)
        lifespan = config.lifespan_class(config)
        await lifespan.startup()
        if lifespan.should_exit:
            await asyncio.sleep(0.01)  # the application raises after it has said that it failed
            self._tell(event="failed", **vars(self._start_failure(requests)))
            return 3
        self.marks["startup"] = time.monotonic()
        wanted = self.order["fingerprint"]
        if wanted and tree.fingerprint(tree.snapshot(self.options.roots)) != wanted:
            self._tell(event="stale")
            return 0
        state = ServerState()
        self._make = lambda: HandoverProtocol(config=config, server_state=state, app_state=lifespan.state, _loop=loop)
        if self.options.debug:
            debug.listen_soon(self.options.host, self.options.debug)
        server = uvicorn.Server(config)
        server.server_state = state
        await server.on_tick(0)
        self._tell(event="started", marks=self.marks)
        await self.take_over.wait()  # the old server has stopped: no older answer comes after a newer one
        listening = await loop.create_server(self._make, sock=self.listener, backlog=config.backlog)
        self._tell(event="serving")
        loop.call_later(MODULES_AFTER, self._tell_modules)
        while not self.leave.is_set():
            await server.on_tick(0)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leave.wait(), 1.0)
        await self._drain(state, requests, listening)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(lifespan.shutdown(), SHUTDOWN_LIMIT)
        return 0

    async def _drain(self, state: ServerState, requests: Requests, listening: asyncio.AbstractServer) -> None:
        """Accept no more, give idle connections away, let requests finish, end streams after their grace."""
        HandoverProtocol.leaving = True
        listening.close()
        if self.successor:
            HandoverProtocol.give_away = self._give_away
        for connection in list(state.connections):
            if isinstance(connection, HandoverProtocol):
                connection.leave()
        if self.successor:
            self._tell(event="left")
        now = time.monotonic()
        streams_end = now + self.options.grace
        all_end = now + (self.options.patience if self.successor else self.options.grace)
        await asyncio.sleep(0.1)  # connections that were accepted and not yet made
        while state.connections or state.tasks:
            now = time.monotonic()
            if now > streams_end:
                requests.end(only_started=now < all_end)
            if now > all_end + 1.0:
                break
            await asyncio.sleep(0.02)

    def _start_failure(self, requests: Requests) -> failure.Failure:
        if requests.start_error is not None:
            return failure.of_exception("startup", requests.start_error)
        text = requests.start_message.strip() or "the application said that its start failed"
        return failure.Failure("startup", text.splitlines()[-1], text)

    def _give_away(self, descriptor: int) -> None:
        self.channel.send({"event": "connection"}, [descriptor])

    def _hear(self) -> None:
        try:
            messages = self.channel.receive()
        except EOFError:  # the supervisor is gone
            asyncio.get_running_loop().remove_reader(self.channel)
            self.successor = False
            HandoverProtocol.give_away = None
            self.take_over.set()
            self.leave.set()
            return
        for message, descriptors in messages:
            if message["command"] == "connection":
                for descriptor in descriptors:
                    adopt(asyncio.get_running_loop(), self._make, descriptor)
            elif message["command"] == "serve":
                self.take_over.set()
            elif message["command"] == "leave":
                self.successor = message["successor"]
                self.take_over.set()
                self.leave.set()

    def _tell(self, **message: Any) -> None:
        try:
            self.channel.send(message)
        except OSError:
            os._exit(0)  # nobody wants this server any more

    def _tell_modules(self) -> None:
        if not self.leave.is_set():
            roots = self.options.roots
            names, own = preload.discovered(roots), preload.own_modules(roots)
            self._tell(event="modules", names=names, own=own, patterns=patterns.compiled())

    def _explain(self, _signal: int, frame: FrameType | None) -> None:
        """Say where a start hangs. Asked by the supervisor just before it gives up."""
        text = failure.of_frame(frame)
        with contextlib.suppress(RuntimeError):
            text += "".join(failure.of_task(task) for task in asyncio.all_tasks())
        self._tell(event="explained", traceback=text.rstrip())


def run(options: Options, order: Message, channel: Channel, listener: socket.socket) -> int:
    """What the zygote's child does."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    status = ServerProcess(options, order, channel, listener).run()
    sys.stdout.flush()
    sys.stderr.flush()
    return status
