"""Install what this repository needs: Python packages into .venv, Node packages into frontend/node_modules.

Runs on any Python 3 without packages, so that a machine that lacks something is told in one sentence. Both halves are
skipped when their lock file is what was installed last time.
"""

from __future__ import annotations  # so that an old Python parses this far and is told what it lacks

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FRONTEND = ROOT / "frontend"
LOGS = ROOT / ".data" / "logs"
PYTHONS = ("python3.13", "python3.12", "python3.11")
NODE_FLOOR = (20, 9)


class Missing(Exception):
    """One sentence: what is missing and what to do about it."""


def digest(*parts: Path | str | tuple[int, int] | None) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
    return total.hexdigest()


def version(command: str) -> tuple[int, int] | None:
    """The version a command prints, as numbers, or None when it is not there or does not run."""
    try:
        printed = subprocess.run([command, "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)\.(\d+)", printed.stdout.decode(errors="replace"))
    return (int(found.group(1)), int(found.group(2))) if found else None


def find_python() -> str:
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return sys.executable
    for name in PYTHONS:
        if version(name):
            return name
    here = ".".join(map(str, sys.version_info[:2]))
    raise Missing(
        f"Python 3.11, 3.12 or 3.13 is needed and only {here} was found: install one of them "
        "(Debian: apt install python3 python3-venv, macOS: brew install python@3.13)."
    )


def run(name: str, argv: list[str | Path], cwd: Path = ROOT) -> None:
    """Run one step with its output in a log; if it fails, show the end of it."""
    log = LOGS / f"install-{name}.log"
    with log.open("ab") as out:
        out.write(("$ " + " ".join(map(str, argv)) + "\n").encode())
        out.flush()
        code = subprocess.run([str(a) for a in argv], cwd=str(cwd), stdout=out, stderr=subprocess.STDOUT).returncode
    if code:
        command = " ".join(Path(str(a)).name for a in argv[:3])
        tail = "\n".join("    " + line for line in log.read_text(errors="replace").splitlines()[-12:])
        raise Missing(
            f"{name}: `{command}` failed. The end of .data/logs/{log.name}:\n{tail}\n"
            "Check the network and run the command again; what is installed already is kept."
        )


def install_python() -> None:
    lock = ROOT / "requirements-dev.txt"
    python = VENV / "bin" / "python"
    stamp, want = VENV / ".bootstrap", digest(lock, ROOT / "backend" / "pyproject.toml", str(VENV))
    if python.exists() and stamp.exists() and stamp.read_text() == want:
        return
    base = find_python()
    uv = VENV / "bin" / "uv"
    if not python.exists() or version(str(python)) is None:
        shutil.rmtree(str(VENV), ignore_errors=True)
        run("python", [base, "-m", "venv", VENV])
    if not uv.exists():
        pinned = next(line for line in lock.read_text().splitlines() if line.startswith("uv=="))
        run("python", [python, "-m", "pip", "install", "--quiet", pinned.split()[0]])
    # Compiled now: where PYTHONDONTWRITEBYTECODE is set, every process would compile every package again.
    run("python", [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", "--python", python, lock])
    editable: list[str | Path] = [
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--python",
        python,
        "--editable",
        ROOT / "backend",
    ]
    run("python", [uv, "pip", "install", *editable])
    stamp.write_text(want)


def install_node() -> None:
    lock = FRONTEND / "package-lock.json"
    found = version("node")
    if found is None or shutil.which("npm") is None:
        raise Missing("Node.js with npm is needed for the frontend: install Node 24 (or 20.9 and later).")
    if found < NODE_FLOOR:
        raise Missing(f"Node.js {found[0]}.{found[1]} is too old for Next.js: install Node 24 (or 20.9 and later).")
    modules = FRONTEND / "node_modules"
    stamp, want = modules / ".bootstrap", digest(lock, found)
    if stamp.exists() and stamp.read_text() == want:
        return
    run("frontend", ["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"], cwd=FRONTEND)
    stamp.write_text(want)


def attempt(step: Callable[[], None], errors: list[str]) -> None:
    try:
        step()
    except (Missing, OSError) as error:
        errors.append(str(error))
    except Exception as error:  # a thread that dies unheard would look like success
        errors.append(repr(error))


def main() -> None:
    steps = {"python": install_python, "node": install_node}
    wanted = sys.argv[1:] or list(steps)
    started = time.monotonic()
    errors: list[str] = []
    LOGS.mkdir(parents=True, exist_ok=True)
    lock = (LOGS / "install.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once install once
    for log in LOGS.glob("install-*.log"):
        log.unlink()
    threads = [threading.Thread(target=attempt, args=(steps[name], errors)) for name in wanted]
    for thread in threads:
        thread.start()
    said = False
    for thread in threads:
        thread.join(1.5)
        if thread.is_alive() and not said and sys.stderr:
            sys.stderr.write("installing the locked packages (once; a minute or so)\n")
            said = True
        thread.join()
    for error in errors:
        sys.stderr.write(f"error: {error}\n")
    if said and not errors:
        sys.stderr.write(f"installed in {time.monotonic() - started:.0f} s\n")
    os._exit(1 if errors else 0)


if __name__ == "__main__":
    main()
