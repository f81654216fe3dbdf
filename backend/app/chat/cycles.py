"""When Python looks for garbage in cycles. A look through all objects stops every stream for its whole length."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# So many times more rarely than Python would: should there never be a quiet moment, memory still has a bound.
RARER = 100


@contextmanager
def rare_full_collections() -> Iterator[None]:
    """While this block runs, young garbage is collected as ever, and the rest in `collect_if_due`."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what lives as long as the server is not looked through again: that alone takes 0.2 s
    gc.set_threshold(before[0], before[1], before[2] * RARER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def collect_if_due() -> None:
    """For moments in which nothing streams: the full collection that Python itself would have made by now."""
    if gc.get_count()[2] > max(1, gc.get_threshold()[2] // RARER):
        gc.collect()
