"""What the supervisor knows of one forked server, and of the zygote."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from signal import SIGKILL

from warm.channel import Channel
from warm.processes import kill
from warm.tree import Snapshot

_numbers = itertools.count(1)


@dataclass(eq=False)
class Server:
    """A forked server from the order to fork until it is gone."""

    channel: Channel
    tree: Snapshot
    changed: list[str]
    ordered: float = field(default_factory=time.monotonic)
    noticed: float | None = None
    """When the change was noticed that it was forked for."""
    number: int = field(default_factory=lambda: next(_numbers))
    pid: int | None = None
    kept: bool = False
    """Forked from the second zygote, with modules of the application in it."""
    started: float | None = None
    marks: dict[str, float] = field(default_factory=dict)
    replaces: Server | None = None
    told_to_serve: bool = False
    unwanted: bool = False
    explained: str = ""
    timer: asyncio.TimerHandle | None = None

    def limit(self, timer: asyncio.TimerHandle | None) -> None:
        """Replace the time limit that this server is under."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = timer

    def discard(self) -> None:
        """Stop a server that never served."""
        self.unwanted = True
        kill(self.pid, SIGKILL)


@dataclass(eq=False)
class Zygote:
    """The process to fork from. `importing` is the module that it imports now."""

    channel: Channel
    pid: int = 0
    importing: str | None = None
    timer: asyncio.TimerHandle | None = None
    spoilt: bool = False
    replaced: bool = False
