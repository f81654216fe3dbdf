"""A process that has imported pytest and the libraries, and forks for each run. Listens on a Unix socket."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from scripts.affected_tests.run import Wish, run, state_folder
from warm import packages, preload, tree
from warm.channel import Channel, Message

IDLE = 3600.0
"""Seconds without a run after which it ends."""
LOOK = 20.0
"""Seconds between looks whether the project is still there."""


def names() -> list[str]:
    """pytest's own modules; plugins are left to pytest, which wants to import them itself."""
    from _pytest.config import default_plugins

    return ["pytest", *(f"_pytest.{plugin}" for plugin in default_plugins), "coverage", "coverage.tracer"]


def socket_path(folder: Path) -> Path:
    return folder / "socket"


def own_source() -> tree.Snapshot:
    """What this command's own files look like; a process that has imported older ones must not run them."""
    return tree.snapshot([Path(__file__).parent, Path(preload.__file__).parent])


class Runs:
    """Accepts runs, forks for each, and tells each client the exit status of its child."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.list = preload.PreloadList(folder)
        self.blocker = preload.Blocker()
        self.blocker.names = set(self.list.left_out)
        self.clients: dict[int, tuple[Channel, int]] = {}
        self.source = own_source()
        self.server = socket.socket(socket.AF_UNIX)

    def listen(self) -> None:
        path = socket_path(self.folder)
        path.unlink(missing_ok=True)
        self.server.bind(str(path))
        self.server.listen(8)

    def load(self) -> bool:
        """Import what is known and not yet imported. False: this process must not fork any more."""
        sys.meta_path.insert(0, self.blocker)
        for name in [*names(), *self.list.names]:
            for culprit, reason in ({} if name in sys.modules else preload.load(name)).items():
                self.list.leave_out(culprit, reason)
        sys.meta_path.remove(self.blocker)
        gc.collect()
        gc.freeze()
        return preload.threads() == 1

    def serve(self) -> int | None:
        """Run until idle for long, or until packages change. In a child: the exit status of its run."""
        woken, waker = os.pipe()
        os.set_blocking(waker, False)
        signal.signal(signal.SIGCHLD, _nothing)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        used = time.monotonic()
        while True:
            ready, _, _ = select.select(self._waited(woken), [], [], LOOK)
            if ready:
                used = time.monotonic()
            elif time.monotonic() - used > IDLE or not Path(__file__).exists():
                return None
            for descriptor in ready:
                if descriptor == woken:
                    os.read(woken, 4096)
                    if not self._reap():
                        return None
                elif descriptor == self.server.fileno():
                    status = self._accept()
                    if status is not None:
                        return status
                elif descriptor in self.clients:
                    self._gone(descriptor)

    def _waited(self, woken: int) -> list[int]:
        return [self.server.fileno(), woken, *self.clients]

    def _accept(self) -> int | None:
        connection, _ = self.server.accept()
        channel = Channel(connection)
        try:
            [(message, descriptors)] = channel.receive()
        except (EOFError, ValueError):
            channel.close()
            return None
        if packages.digest() != self.list.packages or own_source() != self.source:
            channel.close()
            os._exit(0)  # the client runs cold and starts another zygote
        pid = os.fork()
        if pid == 0:
            return self._child(message, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self.clients[channel.fileno()] = (channel, pid)
        return None

    def _child(self, message: Message, descriptors: list[int]) -> int:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setpgid(0, 0)
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
            os.close(descriptor)
        self.server.close()
        os.chdir(message["folder"])
        os.environ.clear()
        os.environ.update(message["environment"])
        time.tzset()
        gc.enable()
        importlib.invalidate_caches()
        return _run_and_learn(wish_from(message), self.list, Path(message["folder"]))

    def _reap(self) -> bool:
        """Tell the clients of ended children; False when a thread has come in with what they imported."""
        for descriptor, (channel, pid) in list(self.clients.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self.clients[descriptor]
                with contextlib.suppress(OSError):
                    channel.send({"status": os.waitstatus_to_exitcode(status)})
                channel.close()
                self.list.read()
                if not self.load():
                    return False
        return True

    def _gone(self, descriptor: int) -> None:
        """A client that leaves before the end does not want the run any more."""
        channel, pid = self.clients.pop(descriptor)
        channel.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


def wish_from(message: dict[str, Any]) -> Wish:
    wish = message["wish"]
    return Wish(tuple(wish["paths"]), wish["marker"], wish["everything"], tuple(wish["extra"]))


def _run_and_learn(wish: Wish, known: preload.PreloadList, root: Path) -> int:
    try:
        status = run(wish, root)
        known.add(preload.discovered([]))
    except KeyboardInterrupt:
        status = 130
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _nothing(_signal: int, _frame: FrameType | None) -> None:
    """SIGCHLD only has to wake the select."""


def main() -> None:
    """Serve; `python -m scripts.affected_tests.zygote`."""
    folder = state_folder()
    with (folder / "lock").open("w") as lock, contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _serve(Runs(folder))


def _serve(runs: Runs) -> None:
    if not runs.load():
        return
    runs.listen()
    (runs.folder / "pid").write_text(str(os.getpid()))
    status = runs.serve()
    if status is not None:
        os._exit(status)
    socket_path(runs.folder).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
