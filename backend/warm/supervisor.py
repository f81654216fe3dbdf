"""Decides which server serves: forks one for each change, promotes it once it has started, and sees the old one out."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import time
from pathlib import Path

from warm import bytecode, tree
from warm.cache import cache_folder
from warm.changes import Changes
from warm.channel import Channel, Message
from warm.failure import Failure
from warm.nursery import Nursery
from warm.options import Options
from warm.preload import PreloadList
from warm.processes import Processes, how, kill
from warm.second_nursery import SYNTAX_ERRORS, SecondNursery
from warm.servers import Server
from warm.standin import StandIn
from warm.status import VARIABLE, Status, say

STALE_LIMIT = 5
"""Forks in a row that may find the source changed under them before one is taken as it is."""
LEAVE_MARGIN = 3.0
MOST_LEAVING = 3
CALM = 10.0
"""Seconds that a server must live for its next crash to count as the first."""
EXPLAIN = 0.5
TAKE_OVER = 0.5
"""Seconds that an old server gets to stop accepting before the new one begins beside it."""
LATEST_RETRY = 10.0


class Supervisor:
    """One server serves (`current`), at most one is starting (`candidate`), older ones are `leaving`."""

    def __init__(self, options: Options, listener: socket.socket) -> None:
        cache = cache_folder(options)
        bytecode.prune(cache / "code")
        self.options = options
        self.listener = listener
        self.code = cache / "code"
        self.loop = asyncio.get_running_loop()
        self.stopped = self.loop.create_future()
        self.stopping = False
        self.current: Server | None = None
        self.candidate: Server | None = None
        self.leaving: list[Server] = []
        self.stale = self.crashes = 0
        self.stand_in = StandIn(listener, options.alive_path)
        self.status = Status(Path(os.environ[VARIABLE]))
        self.processes = Processes(self.process_ended)
        self.preload = PreloadList(cache)
        self.zygotes = Nursery(self)
        self.second = SecondNursery(self)
        self.changes = Changes(
            options,
            self.processes,
            changed=self._changed,
            fork=self.fork,
            failed=self.status.failed,
            packages_changed=self._packages_changed,
        )

    async def run(self) -> None:
        """Serve until SIGTERM or Ctrl-C."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, self.stop)
        self.zygotes.start()
        self.fork()
        await self.stopped
        self.stand_in.hide()
        self.changes.stop()

    # Forks

    def fork(self) -> None:
        """Have the zygote fork a server for the source as it is now."""
        if self.stopping or self.changes.commands_running:
            return
        self._changed()
        now, noticed = self.changes.take()
        before = self.current.tree if self.current else now
        channel, theirs = Channel.pair()
        server = self.candidate = Server(channel, now, tree.changed(before, now), noticed=noticed)
        self.loop.add_reader(channel, self._hear, server)
        fingerprint = "" if self.stale >= STALE_LIMIT else tree.fingerprint(now)
        server.kept = self.second.may_fork(now)
        source = self.second if server.kept else self.zygotes
        source.order({"fingerprint": fingerprint, "code": str(self.code)}, theirs)

    def _changed(self) -> None:
        """Whatever is starting is not what is wanted any more."""
        if self.candidate is not None:
            self.candidate.discard()

    def _packages_changed(self) -> None:
        say("installed packages changed: everything is imported again")
        self.preload.read()
        self.zygotes.replace()
        self.fork()

    def _hear(self, server: Server) -> None:
        try:
            messages = server.channel.receive()
        except EOFError:
            self.loop.remove_reader(server.channel)
            server.channel.close()
            self.loop.call_later(0.1, self._ended, server, None)  # whoever is its parent may tell how
            return
        for message, descriptors in messages:
            self._obey(server, message, descriptors)

    def _obey(self, server: Server, message: Message, descriptors: list[int]) -> None:
        match message["event"]:
            case "hello":
                server.pid = message["pid"]
                if server.unwanted:
                    server.discard()
                else:
                    server.limit(self.loop.call_later(self.options.start_limit, self._too_slow, server))
            case "failed" if not server.unwanted:
                self._failed(server, Failure(message["kind"], message["error"], message["traceback"]))
            case "stale" if not server.unwanted:
                server.unwanted = True
                self.stale += 1
                self.changes.fork_after(0.0)
            case "started":
                server.marks = message["marks"]
                self._started(server)
            case "serving":
                self._serving(server)
            case "left":
                self._left(server)
            case "modules":
                self.zygotes.learn(message["names"], message["patterns"])
                if server is self.current and self.options.keep:
                    self.second.learn(message["own"], server)
            case "connection":
                self._pass_on(descriptors)
            case "explained":
                server.explained = message["traceback"]

    def _started(self, server: Server) -> None:
        """Promote a server: the old one stops accepting, and then this one begins."""
        server.limit(None)
        if server.unwanted or self.stopping:
            server.discard()
            return
        server.started = time.monotonic()
        old, self.current, self.candidate = self.current, server, None
        self.stale = 0
        self.stand_in.hide()
        server.replaces = old
        if old is None:
            self._serve(server)
        else:
            self._send_away(old, successor=True)
            server.limit(self.loop.call_later(TAKE_OVER, self._serve, server))  # an old server that is stuck

    def _left(self, old: Server) -> None:
        """An old server accepts no more connections."""
        if self.current is not None and self.current.replaces is old:
            self._serve(self.current)

    def _serve(self, server: Server) -> None:
        if not server.told_to_serve:
            server.told_to_serve = True
            server.limit(None)
            with contextlib.suppress(OSError):
                server.channel.send({"command": "serve"})

    def _serving(self, server: Server) -> None:
        """Tell how long it took, and of what that was made."""
        now, old = time.monotonic(), server.replaces
        server.replaces = None
        since = server.noticed or server.ordered
        moments = [since, server.ordered, server.marks["fork"], server.marks["import"], now]
        parts = (round((after - before) * 1000) for before, after in itertools.pairwise(moments))
        times = "notice {}, fork {}, import {}, start {} ms".format(*parts)
        what = f"{tree.shown(server.changed)} served" if old and server.changed else f"serving {self.options.target}"
        say(f"{what} after {now - since:.3f} s ({times})")
        self.status.ok(now - since, server.changed if old else [])

    def _failed(self, server: Server, failure: Failure) -> None:
        """New code does not serve. What served before still does."""
        server.limit(None)
        server.unwanted = True
        if server is self.candidate:
            self.candidate = None
        if tree.snapshot(self.options.roots) != server.tree:
            self.stale += 1
            self.changes.fork_after(0.0)  # it failed on a half-written file
            return
        if server.kept and not failure.error.startswith(SYNTAX_ERRORS):
            self.second.retire()  # what failed may have failed because of what was kept: the first zygote decides
            self.changes.fork_after(0.0)
            return
        self.status.failed(failure)
        if self.current is None:
            self.stand_in.show(failure)
        if self.current is not None:
            say("the code before keeps serving until the next save")
        elif failure.kind == "import":
            say("nothing serves until the next save")
        else:
            self._again()

    def _too_slow(self, server: Server) -> None:
        kill(server.pid, signal.SIGUSR2)  # it says where it is, if it can
        server.limit(self.loop.call_later(EXPLAIN, self._give_up, server))

    def _give_up(self, server: Server) -> None:
        kill(server.pid, signal.SIGKILL)
        if not server.unwanted:
            error = f"the new code did not start within {self.options.start_limit:g} s and was stopped"
            self._failed(server, Failure("timeout", error, server.explained))

    # Ends

    def stop(self) -> None:
        """Let everything leave in order; when asked a second time, end it at once."""
        servers = [server for server in (self.candidate, self.current, *self.leaving) if server is not None]
        if self.stopping:
            for server in servers:
                kill(server.pid, signal.SIGKILL)
            return
        self.stopping = True
        for server in servers:
            if server is self.candidate:
                server.discard()
            else:
                self._send_away(server, successor=False)
        self._all_gone()

    def _all_gone(self) -> None:
        """Finish stopping once the last server is gone."""
        if self.stopping and not self.stopped.done() and not (self.current or self.candidate or self.leaving):
            self.second.retire()
            self.zygotes.retire()
            self.stopped.set_result(None)

    def _send_away(self, server: Server, *, successor: bool) -> None:
        """Ask a server to leave, and see to it that it does."""
        with contextlib.suppress(OSError):
            server.channel.send({"command": "leave", "successor": successor})
        patience = self.options.patience if successor else self.options.grace
        server.limit(self.loop.call_later(patience + LEAVE_MARGIN, kill, server.pid, signal.SIGKILL))
        if successor:
            self.leaving.append(server)
            for oldest in self.leaving[:-MOST_LEAVING]:
                kill(oldest.pid, signal.SIGKILL)

    def _pass_on(self, descriptors: list[int]) -> None:
        for descriptor in descriptors:
            with contextlib.suppress(OSError):
                if self.current is not None:
                    self.current.channel.send({"command": "connection"}, [descriptor])
            os.close(descriptor)

    def process_ended(self, pid: int, status: int) -> None:
        """The zygote or the kernel says that a process is gone."""
        for server in (self.current, self.candidate, *self.leaving):
            if server is not None and server.pid == pid:
                self._ended(server, status)

    def _ended(self, server: Server, status: int | None) -> None:
        server.limit(None)
        ended = "ended" if status is None else how(status)
        self._left(server)
        if server in self.leaving:
            self.leaving.remove(server)
        elif server is self.candidate:
            self.candidate = None
            if server.pid is None and not server.unwanted:
                self.changes.fork_after(0.0)  # the zygote was replaced before it forked
            elif not server.unwanted:
                self._failed(server, Failure("exit", f"the new code {ended} while it started", ""))
        elif server is self.current:
            self.current = None
            self._crashed(server, ended)
        self._all_gone()

    def _crashed(self, server: Server, ended: str) -> None:
        if self.stopping:
            return
        if time.monotonic() - (server.started or 0) > CALM:
            self.crashes = 0
        self.status.failed(Failure("exit", f"the server {ended}", ""))
        self._again()

    def _again(self) -> None:
        """Start once more, a little later each time."""
        delay = 0.0 if self.crashes == 0 else min(LATEST_RETRY, 0.25 * 2**self.crashes)
        self.crashes += 1
        if self.candidate is None:
            say(f"starting again in {delay:g} s" if delay else "starting again")
            self.changes.fork_after(delay)
