"""`make lint`: every linter on everything, one line each, the full output of those that fail.

python -m scripts.lint [NAME ...]
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHELL_SHEBANGS = ("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash", "#!/usr/bin/env sh")


def tracked() -> list[Path]:
    """The files git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def is_shell(path: Path) -> bool:
    if path.suffix == ".sh":
        return True
    if path.suffix:
        return False
    with path.open("rb") as file:
        return file.readline(40).decode(errors="replace").strip() in SHELL_SHEBANGS


def commands() -> Iterator[tuple[str, list[str], Path]]:
    """Name, command line and folder of each linter; a part that is not in the tree has no line."""
    files = tracked()
    yield "ruff", ["ruff", "check", "-q", "."], ROOT
    yield "ruff format", ["ruff", "format", "-q", "--check", "."], ROOT
    yield "mypy", ["mypy", "--no-error-summary"], ROOT
    yield "biome", ["npm", "run", "--silent", "lint"], ROOT / "frontend"
    yield "tsc", ["npm", "run", "--silent", "typecheck"], ROOT / "frontend"
    yield "shellcheck", ["shellcheck", *(str(f) for f in files if is_shell(f))], ROOT
    yield "hadolint", ["hadolint", *(str(f) for f in files if f.name.endswith("Dockerfile"))], ROOT
    plain = [str(f) for f in files if f.suffix in {".yml", ".yaml"} and "templates" not in f.parts]
    yield "yamllint", ["yamllint", "--strict", *plain], ROOT
    workflows = [str(f) for f in files if ".github/workflows" in f.as_posix()]
    yield "workflows", ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows], ROOT
    compose = [str(f) for f in files if f.name in {"docker-compose.yml", "compose.dev.yaml"}]
    yield "compose", ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", *compose], ROOT
    yield "chart", [sys.executable, "-m", "scripts.lint_chart"], ROOT
    yield "policies", [sys.executable, "-m", "scripts.lint_policies"], ROOT
    yield "live update", [sys.executable, "-m", "scripts.tilt_sync_coverage"], ROOT
    yield "lock files", [sys.executable, "-m", "scripts.lint_locks"], ROOT


def main() -> int:
    wanted, failed = set(sys.argv[1:]), []
    for name, argv, folder in commands():
        if wanted and name not in wanted:
            continue
        if shutil.which(argv[0]) is None:
            print(f"✗ {name}: {argv[0]} is not installed; run `make install`")
            failed.append(name)
            continue
        started = time.monotonic()
        done = subprocess.run(argv, cwd=folder, capture_output=True, text=True)
        print(f"{'✗' if done.returncode else '✓'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print((done.stdout + done.stderr).rstrip())
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
