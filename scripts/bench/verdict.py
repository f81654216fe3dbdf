"""Tests, save to verdict: the affected tests in a warm fork, against plain pytest on the folder of the saved file."""

import subprocess
import sys
import time
from pathlib import Path

from scripts.bench.series import Series
from scripts.bench.servers import started
from scripts.bench.trees import copy_of_checkout

# The saved file and what somebody without the tool would run by hand.
SAVES = (
    ("backend/app/tasks/urgency.py", "tests/backend/tasks"),
    ("backend/app/tasks/quick_add/__init__.py", "tests/backend/quick_add"),
    ("backend/app/tasks/recurrence.py", "tests/backend/tasks"),
)


def run(tree: Path, *argv: str) -> float:
    """Seconds until the command's verdict; it must be green."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, *argv], cwd=tree, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)} is red without a fault:\n{done.stdout[-2000:]}{done.stderr[-1000:]}")
    return time.monotonic() - begun


def save_to_verdict(edits: int, work: Path) -> list[Series]:
    warm: list[float] = []
    plain: list[float] = []
    with copy_of_checkout("tests") as tree:
        env = {"PYTHONPATH": str(tree / "backend")}
        with started([sys.executable, "-m", "scripts.affected_tests", "--all"], tree, env, work / "tests.log") as first:
            first.wait()
        run(tree, "-m", "scripts.affected_tests")
        for number in range(edits):
            name, folder = SAVES[number % len(SAVES)]
            (tree / name).write_text((tree / name).read_text() + f"\n# bench {number}\n")
            warm.append(run(tree, "-m", "scripts.affected_tests"))
            if number % 4 == 0:  # the peer is slow; a quarter of the edits is enough for its median
                plain.append(run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder))
    return [Series("tests", "tests, save to verdict", "s", warm, "plain pytest on the folder", plain)]
