"""Keeps a second zygote that has imported the modules which are not being edited, and says when it may be forked."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING

from warm import tree
from warm.channel import Channel, Message
from warm.import_graph import CHANGED, REACHES
from warm.servers import Server, Zygote
from warm.status import say
from warm.tree import Snapshot

if TYPE_CHECKING:
    from warm.supervisor import Supervisor

MOST_EDITED = 3
"""Files that are taken to be in work: the last ones that were saved."""
SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")


class SecondNursery:
    """The supervisor's side of the second zygote. Without one, servers are forked from the first as ever."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.own: dict[str, str] = {}
        self.edited: list[str] = []
        self.zygote: Zygote | None = None
        self.tree: Snapshot = {}
        self.kept: frozenset[str] | None = None
        self.deep = False
        self.refused: list[str] = []
        """The edited files with which nothing could be kept; asking again would end the same way."""
        self.said: set[str] = set()

    def learn(self, own: Mapping[str, str], server: Server) -> None:
        """A server has imported these modules of the application, name to file."""
        self.own = dict(own)
        files = set(self.own.values())
        for path in server.changed:
            if path in files:
                self.edited = [*(other for other in self.edited if other != path), path][-MOST_EDITED:]
        if self.edited != self.refused and not self._fits(server.tree):
            self._start(server.tree)

    def may_fork(self, now: Snapshot) -> bool:
        """Whether everything that changed since its imports is a module that it has not imported."""
        if self.kept is None:
            return False
        free = set(self.own.values()) - self.kept
        return all(path in free and path in now and path in self.tree for path in tree.changed(self.tree, now))

    def _fits(self, now: Snapshot) -> bool:
        return self.may_fork(now) and self.kept is not None and self.kept.isdisjoint(self.edited)

    def order(self, order: Message, theirs: socket.socket) -> None:
        """Fork a server."""
        assert self.zygote is not None
        with contextlib.suppress(OSError):  # then the candidate's channel ends too, and the first zygote forks another
            self.zygote.channel.send({"command": "fork", **order}, [theirs.fileno()])
        theirs.close()

    def retire(self) -> None:
        """Let it go; its servers stay."""
        zygote, self.zygote, self.kept = self.zygote, None, None
        self.supervisor.status.preload.pop("kept", None)
        if zygote is None:
            return
        zygote.replaced = True
        self.supervisor.loop.remove_reader(zygote.channel)
        with contextlib.suppress(OSError):
            zygote.channel.send({"command": "retire"})
        zygote.channel.close()

    def _start(self, now: Snapshot) -> None:
        self.retire()
        channel, theirs = Channel.pair()
        zygote = self.zygote = Zygote(channel)
        self.tree = now
        self.supervisor.loop.add_reader(channel, self._hear, zygote)
        order = {"own": self.own, "edited": self.edited, "deep": self.deep, "fingerprint": tree.fingerprint(now)}
        self.supervisor.zygotes.keep({**order, "code": str(self.supervisor.code)}, theirs)

    def _hear(self, zygote: Zygote) -> None:
        try:
            messages = zygote.channel.receive()
        except EOFError:
            self.retire()
            return
        for message, _ in messages:
            match message["event"]:
                case "kept":
                    self.kept = frozenset(message["paths"])
                    self.supervisor.status.preload["kept"] = len(self.kept)
                    self.supervisor.status.refresh()
                case "unkept":
                    self._unkept(message["reason"])
                case "exited":
                    self.supervisor.process_ended(message["pid"], message["status"])

    def _unkept(self, reason: str) -> None:
        now = self.tree
        self.retire()
        if reason == REACHES and not self.deep:
            self.deep = True
            self._start(now)
        elif reason != CHANGED:
            self.refused = self.edited
            if reason not in self.said:
                self.said.add(reason)
                say(f"every save imports the whole application: {reason}")
