"""Keeps a zygote ready: starts it, tells it what to preload, replaces it when it dies or packages change."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from collections.abc import Iterable
from signal import SIGKILL
from typing import TYPE_CHECKING, Any

from warm.channel import Channel, Message
from warm.patterns import Pattern
from warm.preload import ALWAYS, STARTED_A_THREAD
from warm.processes import how, kill
from warm.servers import Zygote
from warm.status import say

if TYPE_CHECKING:
    from warm.supervisor import Supervisor

IMPORT_LIMIT = 30.0
"""Seconds that one module may take to import ahead."""
QUICK_DEATH = 5.0


class Nursery:
    """The supervisor's side of the zygote."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.loop = supervisor.loop
        self.zygote: Zygote | None = None
        self.orders: list[tuple[Message, socket.socket]] = []
        self.deaths = 0
        self.born = 0.0

    def start(self) -> None:
        """Start a zygote and have it import what the application imported last time."""
        if self.supervisor.stopping:
            return
        self.born = time.monotonic()
        channel, theirs = Channel.pair()
        listener = self.supervisor.listener
        zygote = self.zygote = Zygote(channel)
        command = [sys.executable, "-m", "warm.zygote", str(theirs.fileno()), str(listener.fileno())]
        zygote.pid = self.supervisor.processes.start(
            [*command, json.dumps(self.supervisor.options.to_json())],
            lambda status: self._ended(zygote, status),
            keep=[theirs.fileno(), listener.fileno()],
        )
        theirs.close()
        self.loop.add_reader(channel, self._hear, zygote)
        known = self.supervisor.preload
        self._preload([*ALWAYS, *known.names], known.patterns, first=True)
        waiting, self.orders = self.orders, []
        for order, socket_ in waiting:
            self.order(order, socket_)

    def order(self, order: Message, theirs: socket.socket) -> None:
        """Fork a server; when there is no zygote just now, as soon as there is one."""
        if self.zygote is None:
            self.orders.append((order, theirs))
            return
        self._send({"command": "fork", **order}, theirs)
        theirs.close()

    def keep(self, order: Message, theirs: socket.socket) -> None:
        """Fork a second zygote; without a first one there will be none, until the next save."""
        if self.zygote is not None:
            self._send({"command": "keep", **order}, theirs)
        theirs.close()

    def learn(self, names: Iterable[str], patterns: Iterable[Pattern]) -> None:
        """A server has imported these, and compiled those. A second zygote without them is outdated."""
        new, compiled = self.supervisor.preload.add(names), self.supervisor.preload.add_patterns(patterns)
        if (new or compiled) and self.zygote is not None:
            self._preload(new, compiled, first=False)
        if new:
            self.supervisor.second.retire()

    def _preload(self, names: list[str], patterns: list[Pattern], *, first: bool) -> None:
        left_out = self.supervisor.preload.left_out
        order = {"names": names, "patterns": patterns, "left_out": left_out, "first": first}
        self._send({"command": "preload", **order})

    def replace(self) -> None:
        """Another zygote instead of this one. Its servers stay."""
        self.supervisor.second.retire()
        self.retire()
        self.start()

    def retire(self) -> None:
        """Let the zygote go; its servers stay, or are gone already."""
        zygote, self.zygote = self.zygote, None
        if zygote is None:
            return
        zygote.replaced = True
        self._forget(zygote)
        with contextlib.suppress(OSError):
            zygote.channel.send({"command": "retire"})
        zygote.channel.close()

    def _forget(self, zygote: Zygote) -> None:
        self.loop.remove_reader(zygote.channel)
        if zygote.timer is not None:
            zygote.timer.cancel()

    def _send(self, message: dict[str, Any], descriptor: socket.socket | None = None) -> None:
        assert self.zygote is not None
        with contextlib.suppress(OSError):  # its death is noticed elsewhere, and the candidate's with it
            self.zygote.channel.send(message, [descriptor.fileno()] if descriptor else [])

    def _hear(self, zygote: Zygote) -> None:
        try:
            messages = zygote.channel.receive()
        except EOFError:
            self._forget(zygote)
            kill(zygote.pid, SIGKILL)
            return
        for message, _ in messages:
            if zygote.replaced and message["event"] != "exited":
                continue
            match message["event"]:
                case "importing":
                    self._importing(zygote, message["name"])
                case "left_out":
                    self._leave_out(zygote, message["name"], message["reason"])
                case "ready" if zygote.spoilt:
                    self.replace()
                case "ready":
                    self._importing(zygote, None)
                    self.supervisor.status.preload |= {
                        "modules": message["modules"],
                        "left_out": self.supervisor.preload.left_out,
                    }
                    self.supervisor.status.refresh()
                case "exited":
                    self.supervisor.process_ended(message["pid"], message["status"])

    def _importing(self, zygote: Zygote, name: str | None) -> None:
        if zygote.timer is not None:
            zygote.timer.cancel()
        zygote.importing = name
        zygote.timer = self.loop.call_later(IMPORT_LIMIT, self._too_slow, zygote) if name else None

    def _too_slow(self, zygote: Zygote) -> None:
        kill(zygote.pid, SIGKILL)

    def _leave_out(self, zygote: Zygote, name: str, reason: str) -> None:
        if name in ALWAYS:
            say(f"{name} cannot be imported: {reason}")
            return
        self.supervisor.preload.leave_out(name, reason)
        if not reason.startswith(("imports ", "raises ")):
            say(f"not preloaded: {name} {reason}")
        if reason == STARTED_A_THREAD and zygote is self.zygote:
            self.replace()
        elif reason.startswith("raises "):
            zygote.spoilt = True  # whatever imported it may have swallowed the error and gone on without it

    def _ended(self, zygote: Zygote, status: int) -> None:
        """The zygote is gone. If it was importing, that module is to blame."""
        if zygote.replaced:
            return
        self._forget(zygote)
        zygote.channel.close()
        zygote.replaced = True
        if zygote is self.zygote:
            self.zygote = None
            self.supervisor.second.retire()
        if self.supervisor.stopping:
            return
        say(f"the zygote {how(status)}" + (f" while it imported {zygote.importing}" if zygote.importing else ""))
        if zygote.importing and zygote.importing not in ALWAYS:
            self.supervisor.preload.leave_out(zygote.importing, "ends or stops the process that imports it")
        self.deaths = self.deaths + 1 if time.monotonic() - self.born < QUICK_DEATH else 0
        self.loop.call_later(min(10.0, 0.2 * self.deaths), self._start_again)

    def _start_again(self) -> None:
        self.start()
        if self.supervisor.current is None and self.supervisor.candidate is None:
            self.supervisor.fork()
