"""How often one identity may ask. Counted in this process: with n replicas the true limit is up to n times it."""

import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from app.operations.problems import TooManyRequests

OFF = "off"


class RateLimit:
    """`1200/minute` and the like, or `off`."""

    def __init__(self, text: str) -> None:
        """Raises ValueError."""
        self._item: RateLimitItem | None = None if text == OFF else parse(text)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def check(self, who: str) -> None:
        """Raises TooManyRequests with Retry-After."""
        if self._item is None or await self._limiter.hit(self._item, who):
            return
        window = await self._limiter.get_window_stats(self._item, who)
        wait = max(1, math.ceil(window.reset_time - time.time()))
        raise TooManyRequests(f"At most {self._item}; try again in {wait} s.", headers={"Retry-After": str(wait)})
