"""Compiled code of the application, kept by content.

Python trusts a `.pyc` whose source has the same size and the same second of modification, so two saves within
a second could serve the first. Here the key is the source itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import marshal
import os
import sys
from collections.abc import Callable, Iterable
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType

MOST_FILES = 4000


class ContentLoader(SourceFileLoader):
    """A source loader that finds compiled code by the digest of path and source."""

    folder: Path

    def get_code(self, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        source = self.get_data(path)
        key = hashlib.sha256(b"\0".join((importlib.util.MAGIC_NUMBER, path.encode(), source))).hexdigest()
        kept = self.folder / key
        with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
            return marshal.loads(kept.read_bytes())  # type: ignore[no-any-return]
        code: CodeType = self.source_to_code(source, path)
        _keep(kept, marshal.dumps(code))
        return code


def _keep(file: Path, data: bytes) -> None:
    part = file.with_suffix(f".{os.getpid()}")
    try:
        part.write_bytes(data)
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)  # only slower without it


def install(roots: Iterable[Path], folder: Path) -> None:
    """Load source below the roots (and beside them) by content from now on. Done once in a process and its forks."""
    if any(getattr(hook, "by_content", False) for hook in sys.path_hooks):
        return
    places = [str(root.resolve()) for root in roots]
    beside = {str(Path(place).parent) for place in places}
    loader = type("ContentLoaderHere", (ContentLoader,), {"folder": folder})
    finder = FileFinder.path_hook((ExtensionFileLoader, EXTENSION_SUFFIXES), (loader, SOURCE_SUFFIXES))

    def hook(path: str) -> object:
        real = os.path.realpath(path or os.getcwd())
        if real not in beside and not any(real == place or real.startswith(place + os.sep) for place in places):
            raise ImportError
        return finder(path)

    hook.by_content = True  # type: ignore[attr-defined]
    _install_hook(hook)


def _install_hook(hook: Callable[[str], object]) -> None:
    sys.path_hooks.insert(0, hook)  # type: ignore[arg-type]
    sys.path_importer_cache.clear()


def prune(folder: Path) -> None:
    """Drop the oldest half when the folder has grown too large."""
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)
    if len(files) > MOST_FILES:
        for file in files[: len(files) // 2]:
            file.unlink(missing_ok=True)
