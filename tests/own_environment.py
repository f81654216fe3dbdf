"""A tool whose packages do not go with the repository's: it has an environment of its own, installed by hash once."""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.install_helm import cache


def command(name: str, requirements: Path) -> Path:
    """The tool's command, in a cached environment that is made anew when its lock file changes."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    home = cache() / f"{name}-{digest}-{sys.version_info.major}.{sys.version_info.minor}"
    installed = home / "bin" / name
    if installed.exists():
        return installed
    home.parent.mkdir(parents=True, exist_ok=True)
    uv = [sys.executable, "-m", "uv"]
    fresh = Path(tempfile.mkdtemp(dir=home.parent))
    subprocess.run([*uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, fresh], check=True)
    install = [*uv, "pip", "install", "--quiet", "--require-hashes", "--python", fresh / "bin" / "python"]
    subprocess.run([*install, "-r", requirements], check=True)
    fresh.rename(home)
    return installed
