"""Copies of the checkout to edit: a benchmark never writes into the tree that a person works in."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def copy_of_checkout(name: str, *, modules: bool = False) -> Iterator[Path]:
    """The files that git knows or would add, as they are now, in a folder that vanishes.

    With `modules`, frontend/node_modules comes along as hard links; .venv is always linked to the checkout's.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"todo-bench-{name}-"))
    try:
        copy_sources(folder)
        if modules:
            link_modules(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_sources(folder: Path) -> None:
    """What git knows or would add, as it is now, and a link to the checkout's .venv."""
    argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(argv, cwd=ROOT, capture_output=True, check=True)
    for relative in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / relative).is_file():
            (folder / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / relative, folder / relative)
    (folder / ".venv").symlink_to(ROOT / ".venv")


def link_modules(folder: Path) -> None:
    """frontend/node_modules as hard links: Next's bundler refuses a symbolic link that leaves the project."""
    target = folder / "frontend" / "node_modules"
    shutil.copytree(ROOT / "frontend" / "node_modules", target, symlinks=True, copy_function=_link)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
    return target
