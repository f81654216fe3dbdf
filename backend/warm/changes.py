"""From file events to orders: what changed, which commands to run first, and when to fork."""

from __future__ import annotations

import asyncio
import functools
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path

from warm import packages, tree
from warm.failure import Failure
from warm.options import Options
from warm.pacing import Pacing
from warm.processes import Processes, how
from warm.status import say
from warm.watcher import Watcher

PACKAGES_QUIET = 1.0
"""Seconds; an installer works for a while."""
HALF_WRITTEN = 0.25
"""Seconds that a file which has just lost its content gets to be written."""


class Changes:
    """Calls `fork` when there is new code, `failed` when a command failed, `packages_changed` after an installation."""

    def __init__(
        self,
        options: Options,
        processes: Processes,
        *,
        changed: Callable[[], None],
        fork: Callable[[], None],
        failed: Callable[[Failure], None],
        packages_changed: Callable[[], None],
    ) -> None:
        self.options = options
        self.processes = processes
        self.loop = asyncio.get_running_loop()
        self.noticed: float | None = None
        """When the change was noticed that the next fork is for."""
        self.commands_running = 0
        self._changed, self._fork, self._failed, self._packages_changed = changed, fork, failed, packages_changed
        self._seen: tree.Snapshot = {}
        self._pacing = Pacing(options.burst)
        self._pending: asyncio.TimerHandle | None = None
        self._packages = packages.digest()
        self._packages_check: asyncio.TimerHandle | None = None
        self._hooks = {place: (command, tree.snapshot([Path(place)])) for place, command in options.on_change}
        self._watchers = [
            Watcher([*options.watch, *self._hooks], self._look),
            Watcher(packages.folders(), self._packages_touched, recursive=False, step=200),
        ]

    def take(self) -> tuple[tree.Snapshot, float | None]:
        """What the source looks like to the fork that happens now, and when its change was noticed."""
        noticed, self.noticed = self.noticed, None
        self._pacing.acted()
        self._cancel()
        self._seen = tree.snapshot(self.options.roots)
        return self._seen, noticed

    def fork_after(self, delay: float) -> None:
        """Fork in so many seconds, instead of any other time."""
        self._cancel()
        if delay > 0:
            self._pending = self.loop.call_later(delay, self._fork)
        else:
            self._fork()

    def stop(self) -> None:
        self._cancel()
        if self._packages_check is not None:
            self._packages_check.cancel()
        for watcher in self._watchers:
            watcher.stop()

    def _cancel(self) -> None:
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def _look(self) -> None:
        now = time.monotonic()
        for place, (command, before) in self._hooks.items():
            after = tree.snapshot([Path(place)])
            if after != before:
                self._hooks[place] = (command, after)
                self._run(command, tree.changed(before, after))
        seen = tree.snapshot(self.options.roots)
        if seen != self._seen:
            self._changed()
            if self.noticed is None:
                self.noticed = now
            self.fork_after(HALF_WRITTEN if tree.emptied(self._seen, seen) else self._pacing.delay(now))

    def _run(self, command: str, names: list[str]) -> None:
        words = shlex.split(command)
        if words[0] in {"python", "python3"}:
            words[0] = sys.executable
        say(f"{tree.shown(names)} changed: running {command}")
        self.commands_running += 1
        self.processes.run(words, functools.partial(self._ran, command))

    def _ran(self, command: str, status: int, output: str) -> None:
        self.commands_running -= 1
        if output.strip():
            say(output.strip())
        if status != 0:
            self._failed(Failure("command", f"`{command}` {how(status)}", output))
        if not self.commands_running and (status == 0 or tree.snapshot(self.options.roots) != self._seen):
            self.fork_after(0.0)

    def _packages_touched(self) -> None:
        if self._packages_check is not None:
            self._packages_check.cancel()
        self._packages_check = self.loop.call_later(PACKAGES_QUIET, self._check_packages)

    def _check_packages(self) -> None:
        now = packages.digest()
        if now != self._packages:
            self._packages = now
            self._packages_changed()
