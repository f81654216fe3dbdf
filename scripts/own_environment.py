"""Environments of locked packages that are not the repository's: of tools whose packages clash, of the image alone."""

import contextlib
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.install_helm import cache


def environment(name: str, requirements: Path) -> Path:
    """The folder of a cached virtual environment, installed by hash once and anew when its lock file changes."""
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:16]
    home = cache() / f"{name}-{digest}"
    if home.exists():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    uv = [sys.executable, "-m", "uv"]
    fresh = Path(tempfile.mkdtemp(dir=home.parent))
    try:
        subprocess.run([*uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, fresh], check=True)
        install = [*uv, "pip", "install", "--quiet", "--require-hashes", "--compile-bytecode"]
        subprocess.run([*install, "--python", fresh / "bin" / "python", "-r", requirements], check=True)
        with contextlib.suppress(OSError):  # another process was first
            fresh.rename(home)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return home


def command(name: str, requirements: Path) -> Path:
    """A tool's command, in an environment of its own."""
    return environment(name, requirements) / "bin" / name
