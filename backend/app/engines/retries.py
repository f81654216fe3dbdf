"""What a provider's refusal means, and whether it is worth asking again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from app.engines.protocol import EngineFailure

# Nobody watches a blank chat for longer; past it the rule engine answers instead.
PATIENCE_SECONDS = 2.0
# A provider that names a day is asked again once an hour: perhaps somebody has paid for more by then.
LONGEST_REST_SECONDS = 3600.0


class Rest:
    """Until when the provider has asked to be left alone, whoever's turn it is."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._until = clock, 0.0
        self._refusal: EngineFailure | None = None

    def begin(self, refusal: EngineFailure) -> None:
        """Remembers the refusal, if it says how long."""
        if refusal.retry_after is not None:
            self._until, self._refusal = self._clock() + refusal.retry_after, refusal

    def check(self) -> None:
        """Raises the refusal once more, with the seconds that are left, until they are over."""
        left = self._until - self._clock()
        if self._refusal and left > 0:
            raise EngineFailure(self._refusal.code, self._refusal.text, left)


def failure_of(response: httpx2.Response) -> EngineFailure:
    """A refusal by its status alone: a provider's words may quote the key."""
    status, retry_after = response.status_code, _seconds(response.headers.get("retry-after"))
    if status in (401, 403):
        return EngineFailure("unauthorized", "The model's provider did not accept the API key.")
    if status == 429:
        return EngineFailure("rate_limited", "The model's provider is receiving too many requests.", retry_after)
    if status >= 500 or status == 408:
        return EngineFailure("unavailable", "The model's provider is not available right now.", retry_after)
    return EngineFailure("refused", f"The model's provider refused the request (HTTP {status}).")


def pause_before_retry(failure: EngineFailure, attempt: int, timeout: float) -> float | None:
    """Seconds to wait before the only retry, or None when there should be none."""
    if attempt > 1 or failure.code not in ("rate_limited", "unavailable"):
        return None
    pause = failure.retry_after if failure.retry_after is not None else 0.2
    return pause if pause <= min(PATIENCE_SECONDS, timeout) else None


def _seconds(header: str | None) -> float | None:
    """Retry-After in either of its forms (RFC 9110, section 10.2.3)."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(0.0, seconds), LONGEST_REST_SECONDS)
