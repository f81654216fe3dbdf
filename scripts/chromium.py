"""Which browser of this machine the tests, the benchmarks and the pictures drive."""

import os
import shutil
from collections.abc import Callable, Mapping

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium(env: Mapping[str, str] = os.environ, which: Callable[[str], str | None] = shutil.which) -> str | None:
    """The one that CHROMIUM names, or else Debian's or Google's."""
    return env.get("CHROMIUM") or next(filter(None, map(which, NAMES)), None)
