"""File events, from a thread to the supervisor's loop."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterable

from watchfiles import watch

from warm import tree

STEP = 5
"""Milliseconds between looks at the queue of events; one quiet look ends a batch."""
LONGEST_BATCH = 30


class Watcher:
    """Calls back in the loop when something that may count changed below the places."""

    def __init__(
        self, places: Iterable[str], changed: Callable[[], None], *, recursive: bool = True, step: int = STEP
    ) -> None:
        self._places = list(places)
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._stop = threading.Event()
        self._recursive, self._step = recursive, step
        self._thread = threading.Thread(target=self._run, daemon=True, name="warm-watcher")
        self._thread.start()

    def _run(self) -> None:
        for changes in watch(
            *self._places,
            watch_filter=None,
            debounce=LONGEST_BATCH,
            step=self._step,
            stop_event=self._stop,
            recursive=self._recursive,
            ignore_permission_denied=True,
        ):
            if not self._recursive or any(_may_count(path) for _, path in changes):
                try:
                    self._loop.call_soon_threadsafe(self._changed)
                except RuntimeError:
                    return  # the loop is closed

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(1.0)


def _may_count(path: str) -> bool:
    """A cheap first look; folders are let through, since their renaming moves files. The snapshot decides."""
    name = os.path.basename(path)
    return f"{os.sep}__pycache__" not in path and ("." not in name or tree.counts(name))
