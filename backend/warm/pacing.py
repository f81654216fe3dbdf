"""When to act on a change: at once on a single save, once at the end of a burst."""

from __future__ import annotations

from collections import deque

LONGEST_WAIT = 2.0


class Pacing:
    """Says how long to wait after each change. Times in seconds of one monotonic clock.

    Changes further apart than the window do not count together; a window of 0 takes every change for a single one.
    """

    def __init__(self, window: float = 1.0) -> None:
        self._window = window
        self._changes: deque[float] = deque()
        self._first_waiting: float | None = None

    def delay(self, now: float) -> float:
        """Seconds from now until acting; every further change asks again.

        A single save waits for nothing. A second one within a second may be a formatter's: a tenth of a second of
        quiet. More are a burst (a branch switch, a held save key): a quarter.
        """
        while self._changes and now - self._changes[0] > self._window:
            self._changes.popleft()
        self._changes.append(now)
        if self._first_waiting is None:
            self._first_waiting = now
        quiet = {1: 0.0, 2: 0.1}.get(len(self._changes), 0.25)
        return max(0.0, min(quiet, self._first_waiting + LONGEST_WAIT - now))

    def acted(self) -> None:
        """What waited has been acted on."""
        self._first_waiting = None
