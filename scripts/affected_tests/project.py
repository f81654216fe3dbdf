"""The project's files now: their digests, and which module imports which."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from scripts.affected_tests.source import Source, read, short
from warm import packages

ROOT = Path(__file__).parents[2]
CODE = ("backend", "tests", "scripts")
DATA = ("backend", "tests")
FINE = "backend/app/"
"""Where single functions count. Everywhere else a changed file counts as a whole."""
CONFIGURATION = (
    "pyproject.toml",
    "backend/pyproject.toml",
    "requirements-dev.txt",
    "backend/requirements.txt",
    ".env",
    "scripts/affected_tests/",
    "backend/migrations/",
    "backend/app/db/",
    "tests/conftest.py",
)
"""A change of these is a change for every test; so is one of any data file below backend/ and tests/."""
SKIPPED = {"__pycache__", "node_modules", ".data", ".cache"}


def files(folder: Path) -> Iterable[Path]:
    """Every file below, without caches and hidden folders."""
    with contextlib.suppress(FileNotFoundError):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED and not entry.name.startswith("."):
                    yield from files(Path(entry.path))
            elif not entry.name.endswith((".pyc", "~", ".swp", ".tmp", ".log", ".db")):
                yield Path(entry.path)


class Project:
    """Reads every Python file of the project once; what was parsed before is taken from a file."""

    def __init__(self, root: Path = ROOT, kept: Path | None = None) -> None:
        self.root = root
        self.sources: dict[str, Source] = {}
        self.modules: dict[str, str] = {}
        parsed: dict[str, list[object]] = {}
        with contextlib.suppress(OSError, ValueError, TypeError):
            parsed = json.loads(kept.read_text()) if kept else {}
        for folder in CODE:
            for file in files(root / folder):
                if file.suffix == ".py":
                    self._read(file.relative_to(root).as_posix(), file.read_bytes(), parsed)
        if kept:
            fresh = {source.digest + path: source.to_json() for path, source in self.sources.items()}
            if fresh.keys() != parsed.keys():
                kept.write_text(json.dumps(fresh))
        self.configuration = self.configuration_now()

    def _read(self, path: str, data: bytes, parsed: dict[str, list[object]]) -> None:
        parts = path.removeprefix("backend/").removesuffix(".py").split("/")
        package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if package else parts)
        key = short(data) + path
        if key in parsed:
            self.sources[path] = Source.from_json(parsed[key])
        else:
            self.sources[path] = read(data, module, package=package)
        self.modules[module] = path

    def configuration_now(self) -> dict[str, str]:
        """The digest of each file that counts for every test, at this moment."""
        chosen = [self.root / name for name in CONFIGURATION if not name.endswith("/")]
        chosen += [file for name in CONFIGURATION if name.endswith("/") for file in files(self.root / name)]
        for folder in DATA:
            chosen += [file for file in files(self.root / folder) if file.suffix != ".py"]
        seen = {"Python": sys.version, "packages": packages.digest()}
        for file in chosen:
            with contextlib.suppress(OSError):
                seen[file.relative_to(self.root).as_posix()] = short(file.read_bytes())
        return seen

    def changed_since(self) -> set[str]:
        """The Python files that are not any more as they were when this project was read."""
        return {path for path, source in self.sources.items() if self.digest(path) != source.digest}

    @cached_property
    def backend(self) -> str:
        """One digest for all code that a process can run, for tests that start one."""
        parts = []
        for path, source in sorted(self.sources.items()):
            if Path(path).name.startswith("test_"):
                continue  # pytest alone runs these
            parts.append(f"{path} {source.skeleton} {[body.digest for body in source.bodies.values()]}")
        return short("\n".join(parts).encode())

    def imports(self, path: str) -> set[str]:
        """The project's files that this one names as modules, with the packages around them."""
        found = set()
        for name in self.sources[path].names:
            parts = name.split(".")
            for length in range(1, len(parts) + 1):
                target = self.modules.get(".".join(parts[:length]))
                if target:
                    found.add(target)
        return found - {path}

    @cached_property
    def _graph(self) -> dict[str, set[str]]:
        return {path: self.imports(path) for path in self.sources}

    def closure(self, test_file: str) -> set[str]:
        """Every file that a test file can import, itself and the conftest.py files around it included."""
        waiting = [test_file]
        folder = Path(test_file).parent
        while folder != Path("."):
            waiting.append((folder / "conftest.py").as_posix())
            folder = folder.parent
        found: set[str] = set()
        while waiting:
            path = waiting.pop()
            if path in self.sources and path not in found:
                found.add(path)
                waiting += self._graph[path]
        return found

    def closure_key(self, test_file: str) -> str:
        """Changes when the module level of anything in the closure does, or a whole file outside the application."""
        parts = []
        for path in sorted(self.closure(test_file)):
            source = self.sources[path]
            parts.append(f"{path} {source.skeleton if path.startswith(FINE) else source.digest}")
        return short("\n".join(parts).encode())

    def digest(self, path: str) -> str:
        """The digest of any file of the project, of a folder's listing, or of nothing."""
        place = self.root / path
        with contextlib.suppress(OSError):
            if place.is_dir():
                return short("\n".join(sorted(name for name in os.listdir(place) if name not in SKIPPED)).encode())
            return short(place.read_bytes())
        return ""

    def body(self, function: str) -> str:
        """The digest of a function's body now, given as path::name."""
        path, _, name = function.partition("::")
        source = self.sources.get(path)
        body = source.bodies.get(name) if source else None
        return body.digest if body else ""
