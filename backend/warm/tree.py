"""The watched source: which files count, and what they looked like at one moment."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = [
    ".py",
    ".pyi",
    ".json",
    ".toml",
    ".yaml",
    ".yml",
    ".sql",
    ".txt",
    ".md",
    ".html",
    ".jinja",
    ".j2",
    ".csv",
    ".ini",
    ".mako",
]
"""Code, and the data files that code reads. Databases, logs and editors' temporary files end otherwise."""

Snapshot = dict[str, tuple[int, int, int]]
"""Path to modification time in nanoseconds, size and inode."""


def counts(path: str) -> bool:
    """Whether a change of this file means new code. Takes a path below a watched folder, or its last part."""
    parts = path.split(os.sep)
    if any(
        part.startswith(".") or part in {"__pycache__", "node_modules"} for part in parts if part not in {".", ".."}
    ):
        return False
    return os.path.splitext(path)[1] in SUFFIXES and not parts[-1].startswith(("flycheck_", "#"))


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return  # removed while we looked
    for entry in entries:
        if entry.is_dir():
            if not entry.name.startswith(".") and entry.name not in {"__pycache__", "node_modules"}:
                yield from _files(entry.path)
        elif counts(entry.name):
            yield entry


def snapshot(roots: Iterable[Path]) -> Snapshot:
    """What every file that counts below the roots (folders or single files) looks like now."""
    found: Snapshot = {}
    for root in roots:
        if root.is_file():
            seen = root.stat()
            found[str(root)] = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
            continue
        for entry in _files(str(root)):
            try:
                seen = entry.stat()
            except FileNotFoundError:
                continue
            found[entry.path] = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
    return found


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """The paths that are new, gone or different."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def emptied(before: Snapshot, after: Snapshot) -> bool:
    """Whether a file has lost all of its content: most editors empty a file first and write it then."""
    return any(size == 0 and before.get(path, (0, 0, 0))[1] > 0 for path, (_, size, _) in after.items())


def fingerprint(seen: Snapshot) -> str:
    """One short word for a snapshot."""
    return hashlib.sha256(repr(sorted(seen.items())).encode()).hexdigest()[:16]


def shown(paths: list[str]) -> str:
    """A few names for a sentence."""
    names = [os.path.relpath(path) for path in paths]
    return ", ".join(names) if len(names) < 4 else f"{names[0]} and {len(names) - 1} more"
