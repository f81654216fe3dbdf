"""Known holes in everything that is locked: pip-audit and npm audit ask the services that collect them.

python -m scripts.audit        exit status 1: there is a hole, or somebody could not be asked
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.lint_locks import NODE_LOCKS, PYTHON_LOCKS, ROOT
from scripts.own_environment import command

REQUIREMENTS = Path(__file__).with_name("requirements-audit.txt")
# --strict: a package that cannot be looked up is an error, not a warning.
OPTIONS = ["--strict", "--disable-pip", "--require-hashes", "--progress-spinner=off"]


def audits() -> Iterator[tuple[str, list[str | Path]]]:
    """Each lock file, and the command that audits it where it is."""
    for lock in PYTHON_LOCKS:
        yield lock, [command("pip-audit", REQUIREMENTS), *OPTIONS, "--requirement", Path(lock).name]
    for lock in NODE_LOCKS:
        yield lock, ["npm", "audit", "--package-lock-only"]


def main() -> int:
    failed = 0
    for lock, audit in audits():
        print(f"== {lock}", flush=True)
        failed += subprocess.run(audit, cwd=(ROOT / lock).parent, check=False).returncode != 0
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
