"""The installed packages: where they are and whether they changed."""

from __future__ import annotations

import hashlib
import os
import site
import sys
import sysconfig


def folders() -> list[str]:
    """The site-packages folders of this interpreter that exist."""
    known = [*site.getsitepackages(), sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"]]
    if site.ENABLE_USER_SITE:
        known.append(site.getusersitepackages())
    known += [path for path in sys.path if os.path.basename(path) in {"site-packages", "dist-packages"}]
    return [path for path in dict.fromkeys(map(os.path.realpath, known)) if os.path.isdir(path)]


def standard_library() -> list[str]:
    """The folders of Python's own modules."""
    return [os.path.realpath(sysconfig.get_paths()[name]) for name in ("stdlib", "platstdlib")]


def digest() -> str:
    """Changes when a package is installed, removed or upgraded, or with another Python."""
    seen = hashlib.sha256(f"{sys.version}{sys.executable}".encode())
    for folder in folders():
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.endswith((".dist-info", ".egg-info", ".pth", ".egg-link")):
                seen.update(f"{entry.path}{entry.stat().st_mtime_ns}".encode())
    return seen.hexdigest()[:16]
