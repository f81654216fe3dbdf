"""One run in this process: choose the tests, run them under the recorder, say the verdict."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.affected_tests.project import ROOT, Project
from scripts.affected_tests.record import Record
from scripts.affected_tests.source import short
from warm import bytecode, tree

DEFAULT_PATHS = ("tests/backend",)
NOT_ON_SAVE = "not slow and not browser and not cluster and not tilt and not fuzz"
QUIET = ("-q", "--no-header", "--tb=short", "-W", "ignore::pytest.PytestAssertRewriteWarning")
NO_TESTS = 5


def state_folder(root: Path = ROOT) -> Path:
    """Where records and the socket are: a folder of this user alone, with a short path (sockets need that)."""
    folder = Path(tempfile.gettempdir()) / f"affected-tests-{os.getuid()}-{short(str(root).encode())}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        sys.exit(f"{folder} belongs to somebody else: remove it")
    return folder


@dataclass(frozen=True)
class Wish:
    """What to run: paths below the root, a marker expression, further words for pytest."""

    paths: tuple[str, ...] = DEFAULT_PATHS
    marker: str = NOT_ON_SAVE
    everything: bool = False
    extra: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return short(repr((self.paths, self.marker, self.extra)).encode())


def run(wish: Wish, root: Path = ROOT) -> int:
    """The exit status of pytest over the affected tests; 0 when there are none."""
    began = time.monotonic()
    folder = state_folder(root)
    _load_by_content(root, folder / "code")
    project = Project(root, folder / "sources.json")
    record = Record(folder / f"record-{wish.key}.json")
    affected = None if wish.everything else record.affected(project)
    if record.entries and affected is None and not wish.everything:
        print(f"{tree.shown(record.changed_configuration(project))} changed: every test runs")
    new = [path for path in _test_files(project, wish.paths) if path not in record.files]
    if affected is not None and not affected and not new:
        print(f"no test is affected; all {len(record.entries)} passed as they are ({time.monotonic() - began:.2f} s)")
        return 0
    chosen = None if affected is None else set(affected)
    files = list(wish.paths) if affected is None else sorted({test.partition("::")[0] for test in affected} | set(new))
    present = [path for path in files if (root / path).exists()]
    if not present:  # pytest without a path would run all there is
        print(f"0 of {len(record.entries)} tests passed in {time.monotonic() - began:.2f} s", flush=True)
        return 0
    return _pytest(wish, project, record, chosen, present, began)


def _load_by_content(root: Path, code: Path) -> None:
    """Two saves within a second may be of one size: Python would run what it compiled of the first."""
    code.mkdir(exist_ok=True)
    bytecode.prune(code)
    bytecode.install([root / "backend"], code)


def _test_files(project: Project, paths: tuple[str, ...]) -> list[str]:
    """The test files below the paths."""
    names = [path for path in project.sources if Path(path).name.startswith("test_")]
    return [name for name in names if any(name == path or name.startswith(path.rstrip("/") + "/") for path in paths)]


def _pytest(
    wish: Wish, project: Project, record: Record, chosen: set[str] | None, files: list[str], began: float
) -> int:
    import pytest

    from scripts.affected_tests.recorder import Recorder

    recorder = Recorder(project, record, chosen)
    recorder.start()
    status = int(pytest.main([*files, "-m", wish.marker, *QUIET, *wish.extra], plugins=[recorder]))
    recorder.finish()
    if status == NO_TESTS and not recorder.broken_files:
        status = 0
    ran = len(recorder.collected)
    failed = sum(not passed for passed in recorder.outcomes.values())
    known = len(record.entries)
    took = time.monotonic() - began
    verdict = "passed" if status == 0 else f"failed ({failed} of them)" if failed else "did not run"
    print(f"{ran} of {known} tests {verdict} in {took:.2f} s", flush=True)
    return status
