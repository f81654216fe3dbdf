"""Tests, save to verdict: the affected tests in a warm fork, against plain pytest on the folder of the saved file."""

import ast
import json
import random
import re
import subprocess
import sys
import time
from pathlib import Path

from scripts.affected_tests.run import Wish, state_folder
from scripts.bench.series import Series
from scripts.bench.servers import started
from scripts.bench.trees import copy_of_checkout

SEED = 20261125
PASSED = re.compile(r"(\d+) passed")


def edited(text: str, function: str, number: int) -> str | None:
    """The source with one more statement in a function: a change that every test which ran it depends on."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function:
            first = node.body[1] if ast.get_docstring(node, clean=False) is not None else node.body[0]
            lines = text.splitlines(keepends=True)
            lines.insert(first.lineno - 1, f"{' ' * first.col_offset}_bench = {number}\n")
            return "".join(lines)
    return None


def run(tree: Path, *argv: str) -> tuple[float, int]:
    """Seconds until the command's verdict, which must be green, and how many tests it was made of."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, *argv], cwd=tree, capture_output=True, text=True)
    took = time.monotonic() - begun
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)} is red without a fault:\n{done.stdout[-2000:]}{done.stderr[-1000:]}")
    passed = PASSED.search(done.stdout)
    return took, int(passed[1]) if passed else 0


def chosen(backend: Path, record: Path, count: int) -> list[tuple[str, str, str]]:
    """Any functions that some test has executed, the same in every run of one tree: (file, name, tests of its folder).

    Taken by lot, since what a person edits next is not what a benchmark likes: some are run by two tests, some by most.
    """
    executed = {name for name, _ in json.loads(record.read_text())["names"] if "::" in name}
    plain = sorted(name for name in executed if re.fullmatch(r"backend/app/\w+/.+::[a-z_]\w*", name))
    found = []
    for name in random.Random(SEED).sample(plain, len(plain)):
        file, _, function = name.partition("::")
        folder = f"tests/backend/{file.split('/')[2]}"
        if (backend.parent / folder).is_dir() and edited((backend.parent / file).read_text(), function, 0):
            found.append((file, function, folder))
        if len(found) == count:
            break
    return found


def save_to_verdict(edits: int, work: Path) -> list[Series]:
    warm: list[float] = []
    plain: list[float] = []
    touched: list[float] = []
    with copy_of_checkout("tests") as tree:
        env = {"PYTHONPATH": str(tree / "backend")}
        with started([sys.executable, "-m", "scripts.affected_tests", "--all"], tree, env, work / "tests.log") as first:
            first.wait()
        run(tree, "-m", "scripts.affected_tests")
        record = state_folder(tree) / f"record-{Wish().key}.json"
        for number, (name, function, folder) in enumerate(chosen(tree / "backend", record, edits)):
            original = (tree / name).read_text()
            (tree / name).write_text(edited(original, function, number) or original)
            took, tests = run(tree, "-m", "scripts.affected_tests")
            if not tests:
                raise RuntimeError(f"a changed {function} in {name} ran no test")
            warm.append(took)
            touched.append(float(tests))
            if number % 5 == 0:  # the peer is slow; every fifth is enough for its median
                plain.append(run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder)[0])
    return [
        Series("tests", "tests, save to verdict", "s", warm, "plain pytest on the folder", plain),
        Series("tests-touched", "tests that such a save touches", "tests", touched),
    ]
