"""The folder where compiled code and the preload list are kept between runs."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from warm.options import Options


def safe_folder(path: Path) -> bool:
    """Make a folder that only this user can write to, since code is run from it; whether that worked."""
    with contextlib.suppress(OSError):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        seen = path.stat()
        return seen.st_uid == os.getuid() and not seen.st_mode & 0o022 and os.access(path, os.W_OK)
    return False


def cache_folder(options: Options) -> Path:
    """One folder for this project: as asked, in the user's cache, or for this run alone."""
    name = "-".join(Path.cwd().parts[1:]) or "root"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    choices = [Path(options.cache)] if options.cache else [home / "warm" / name]
    choices.append(Path(tempfile.gettempdir()) / f"warm-{os.getuid()}-{name}")
    for choice in choices:
        if safe_folder(choice) and safe_folder(choice / "code"):
            return choice
    made = Path(tempfile.mkdtemp(prefix="warm-"))
    safe_folder(made / "code")
    return made
