"""Regular expressions, compiled ahead: a tenth of an application's import is spent on its own patterns.

`re` keeps what it has compiled. The zygote compiles what the application compiled last time, so that the same
patterns are found in that cache by every fork; a pattern that has changed is simply compiled.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterable

Pattern = tuple[str, int]
"""A pattern and its flags."""
MOST = 2000


def compiled() -> list[Pattern]:
    """What this process has compiled and still keeps."""
    kept = getattr(re, "_cache", {})
    return [(pattern, int(flags)) for kind, pattern, flags in kept if kind is str][:MOST]


def compile_ahead(patterns: Iterable[Pattern]) -> None:
    """Fill the cache of `re`, and make it large enough to keep these beside what libraries compile."""
    if hasattr(re, "_MAXCACHE"):
        re._MAXCACHE = max(re._MAXCACHE, 2 * MOST)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for pattern, flags in patterns:
            with contextlib.suppress(re.error, ValueError, TypeError):
                re.compile(pattern, flags)
