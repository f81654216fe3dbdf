"""The process that has imported everything but the application, and only forks.

It has one thread, so that a fork copies a process at rest. Started as `python -m warm.zygote`, with the control
socket and the listening socket as descriptors named on its command line.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from collections import deque
from dataclasses import dataclass
from types import FrameType

from warm import patterns, preload
from warm.channel import Channel, Message
from warm.options import Options


@dataclass
class Birth:
    """What a new child is to do."""

    order: Message
    channel: Channel


class Zygote:
    """Imports modules one at a time, so that an order to fork never waits for a whole list."""

    def __init__(self, control: Channel) -> None:
        self.control = control
        self.waiting: deque[str] = deque()
        self.second: deque[tuple[Message, int]] = deque()
        """Orders for a second zygote. It is to have every module that is waiting, so it waits for them too."""
        self.children: set[int] = set()
        self.loaded = 0
        self.threaded = False
        self.blocker = preload.Blocker()
        sys.meta_path.insert(0, self.blocker)
        self.woken, waker = os.pipe()
        os.set_blocking(waker, False)
        os.set_blocking(self.woken, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        self._waker = waker
        signal.signal(signal.SIGCHLD, _nothing)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the supervisor decides
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def run(self) -> Birth | None:
        """Work until told to go (None), or until this process is a new child (what it is to do)."""
        gc.disable()
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(self.woken, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll(0 if self.waiting or self.second else None):
                if descriptor == self.woken:
                    self._reap()
                    continue
                try:
                    messages = self.control.receive()
                except EOFError:
                    self._end_children()
                    return None
                for message, descriptors in messages:
                    if descriptors and self.threaded:
                        os.close(descriptors[0])  # the supervisor notices, and has another zygote by then
                    elif message["command"] == "keep":
                        self.second.append((message, descriptors[0]))
                    elif message["command"] == "fork":
                        birth = self._fork(message, descriptors[0])
                        if birth is not None:
                            return birth
                    elif message["command"] == "preload":
                        self.blocker.names.update(message["left_out"])
                        self.waiting.extend(message["names"])
                        patterns.compile_ahead(message["patterns"])
                        while self.waiting and message["first"]:  # later lists wait for forks, not forks for them
                            self._load_next()
                    elif message["command"] == "retire":
                        return None  # the children live on and become the supervisor's
            if self.waiting:
                self._load_next()
            elif self.second:
                message, socket_ = self.second.popleft()
                if self.threaded:
                    os.close(socket_)
                elif birth := self._fork(message, socket_):
                    return birth

    def _load_next(self) -> None:
        name = self.waiting.popleft()
        if name not in sys.modules:
            self.control.send({"event": "importing", "name": name})
            for culprit, reason in preload.load(name).items():
                self.control.send({"event": "left_out", "name": culprit, "reason": reason})
                self.threaded = self.threaded or reason == preload.STARTED_A_THREAD
        self.loaded += 1
        if not self.waiting:
            self.settle()
            self.control.send({"event": "ready", "modules": self.loaded})

    def settle(self) -> None:
        """What is here already is not looked at again by a child's collector, nor copied by looking."""
        gc.collect()
        gc.freeze()

    def _fork(self, order: Message, descriptor: int) -> Birth | None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            self.children.add(pid)
            os.close(descriptor)
            return None
        sys.meta_path.remove(self.blocker)
        signal.set_wakeup_fd(-1)
        os.close(self.woken)
        os.close(self._waker)
        self.control.close()
        return Birth(order, Channel(socket.socket(fileno=descriptor)))

    def _reap(self) -> None:
        os.read(self.woken, 4096)
        while self.children:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.children.discard(pid)
            self.control.send({"event": "exited", "pid": pid, "status": os.waitstatus_to_exitcode(status)})

    def _end_children(self) -> None:
        """The supervisor died. Servers notice by themselves; one that hangs in its start does not."""
        for pid in self.children:
            os.kill(pid, signal.SIGTERM)


def _nothing(_signal: int, _frame: FrameType | None) -> None:
    """SIGCHLD only has to wake the poll."""


def main(arguments: list[str]) -> int:
    """The exit status of the zygote, or of the server that this process has become."""
    control, listening, options = arguments
    os.set_inheritable(int(control), False)
    os.set_inheritable(int(listening), False)
    try:
        birth = Zygote(Channel(socket.socket(fileno=int(control)))).run()
    except BrokenPipeError:  # replaced while it was importing
        return 0
    chosen = Options(**json.loads(options))
    if birth is not None and birth.order["command"] == "keep":
        from warm import second_zygote

        try:
            birth = second_zygote.run(chosen, birth.order, birth.channel)
        except BrokenPipeError:
            return 0
    if birth is None:
        return 0
    from warm import server

    return server.run(chosen, birth.order, birth.channel, socket.socket(fileno=int(listening)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
