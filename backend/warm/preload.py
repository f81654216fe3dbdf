"""What the zygote imports ahead: found out from what the application imported last time."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from warm import packages
from warm.patterns import MOST, Pattern

ALWAYS = (
    "warm.server",
    "uvicorn",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.auto",
    "uvicorn.middleware.proxy_headers",
    "uvicorn.loops.auto",
)
STARTED_A_THREAD = "has started a thread"
LOADERS_THAT_PATCH = ("pydevd", "debugpy", "_pydev", "coverage", "pytest")


def discovered(roots: Iterable[Path]) -> list[str]:
    """Modules of installed packages and of Python itself that this process has imported, in their order."""
    watched = tuple(str(root) + os.sep for root in roots)
    trusted = tuple(folder + os.sep for folder in (*packages.folders(), *packages.standard_library()))
    names = []
    for name, module in list(sys.modules.items()):
        spec = getattr(module, "__spec__", None)
        origin = getattr(spec, "origin", None)
        if spec is None or origin is None or spec.name != name or name.split(".")[0] in {"warm", "__main__"}:
            continue
        if name.startswith(LOADERS_THAT_PATCH):
            continue
        real = origin if origin in {"built-in", "frozen"} else os.path.realpath(origin)
        if real in {"built-in", "frozen"} or (real.startswith(trusted) and not real.startswith(watched)):
            names.append(name)
    return names


def own_modules(roots: Iterable[Path]) -> dict[str, str]:
    """Modules below the roots that this process has imported, with their files, in the order in which they began."""
    watched = tuple(str(root) for root in roots)
    found = {}
    for name, module in list(sys.modules.items()):
        spec = getattr(module, "__spec__", None)
        if spec is None or spec.origin is None or spec.name != name:
            continue
        file = os.path.realpath(spec.origin)
        if file in watched or file.startswith(tuple(root + os.sep for root in watched)):
            found[name] = file
    return found


def threads() -> int:
    """Threads of this process, native ones too where the kernel tells."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


class LeftOut(BaseException):
    """Stops an import that the zygote must not finish. Not an Exception: no fallback of the importer may catch it,
    or the application would get a module that believes the other to be missing."""

    def __init__(self, culprit: str, reason: str) -> None:
        super().__init__(culprit, reason)
        self.culprit, self.reason = culprit, reason


class Blocker:
    """A finder that stops the import of modules that are left out, and so of everything that imports them."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name in self.names:
            raise LeftOut(name, "")


def _importing() -> str:
    """The module whose body is running now, seen from a function that it called."""
    frame = sys._getframe()
    while frame.f_back is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return str(frame.f_globals.get("__name__"))


@contextlib.contextmanager
def _no_threads() -> Iterator[None]:
    def refuse(_thread: threading.Thread) -> None:
        raise LeftOut(_importing(), "starts a thread")

    start = threading.Thread.start
    threading.Thread.start = refuse  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]


def load(name: str) -> dict[str, str]:
    """Import one module; the modules to leave out because of that, with the reason for each.

    Python's own threads are refused before they start. A thread of a C library is only seen afterwards
    ("has started a thread"): then this process must not fork any more.
    """
    before = threads()
    try:
        with _no_threads():
            importlib.import_module(name)
    except LeftOut as error:
        found = {name: f"imports {error.culprit}"} if name != error.culprit else {}
        return {error.culprit: error.reason, **found} if error.reason else found  # a blocked one is known already
    except BaseException as error:
        return {name: f"raises {type(error).__name__}: {error}"}
    return {name: STARTED_A_THREAD} if threads() > before else {}


class PreloadList:
    """Which modules to import ahead, and which not to and why; kept in a file for one set of installed packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.left_out: dict[str, str] = {}
        self.patterns: list[Pattern] = []
        self.read()

    def read(self) -> None:
        """Take what is kept for the packages installed now; nothing when that is missing or damaged."""
        self.packages = packages.digest()
        self.names, self.left_out, self.patterns = [], {}, []
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            kept: dict[str, Any] = json.loads(self._file.read_text())
            names, left_out = kept["names"], kept["left_out"]
            patterns = [(str(pattern), int(flags)) for pattern, flags in kept["patterns"]]
            if all(isinstance(name, str) for name in names) and isinstance(left_out, dict):
                self.names, self.left_out, self.patterns = names, left_out, patterns

    def add(self, names: Iterable[str]) -> list[str]:
        """Remember these too; those that are new and not left out."""
        known = {*self.names, *self.left_out}
        new = [name for name in names if name not in known]
        if new:
            self.names += new
            self._write()
        return new

    def add_patterns(self, patterns: Iterable[Pattern]) -> list[Pattern]:
        """Remember what was compiled; what is new of it."""
        known = set(self.patterns)
        new = [(pattern, flags) for pattern, flags in patterns if (pattern, flags) not in known]
        if new:
            self.patterns = (self.patterns + new)[-MOST:]
            self._write()
        return new

    def leave_out(self, name: str, reason: str) -> None:
        self.names = [kept for kept in self.names if kept != name]
        self.left_out[name] = reason
        self._write()

    @property
    def _file(self) -> Path:
        return self.folder / f"preload-{self.packages}.json"

    def _write(self) -> None:
        part = self._file.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            kept = {"names": self.names, "left_out": self.left_out, "patterns": self.patterns}
            part.write_text(json.dumps(kept))
            part.replace(self._file)
