"""The first command on a machine says in one sentence what the machine lacks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap, lint_locks

ROOT = Path(__file__).resolve().parents[2]


def copy_of_workspace(folder: Path) -> Path:
    for name in (
        "scripts/bootstrap.py",
        "requirements-dev.txt",
        "backend/pyproject.toml",
        "frontend/package-lock.json",
    ):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    return folder


def run(folder: Path, path: str, *parts: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "scripts/bootstrap.py", *parts]
    return subprocess.run(
        argv, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=60
    )


def test_a_missing_node_is_one_sentence(tmp_path: Path) -> None:
    done = run(copy_of_workspace(tmp_path), "/nowhere", "node")
    assert done.returncode == 1
    assert done.stderr.startswith("error: Node.js with npm is needed")
    assert "Traceback" not in done.stderr


def test_an_old_node_is_named(tmp_path: Path) -> None:
    for name, said in (("node", "v18.20.1"), ("npm", "10.0.0")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / name).chmod(0o755)
    done = run(copy_of_workspace(tmp_path / "tree"), str(tmp_path), "node")
    assert done.returncode == 1
    assert "Node.js 18.20 is too old" in done.stderr


def test_a_failed_install_shows_its_log_and_keeps_going_possible(tmp_path: Path) -> None:
    for name, script in (
        ("node", "echo v24.0.0"),
        ("npm", "[ $1 = --version ] && echo 11.0.0 && exit; echo no route; exit 7"),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    done = run(copy_of_workspace(tmp_path / "tree"), f"{tmp_path}:/bin", "node")
    assert done.returncode == 1
    assert "no route" in done.stderr
    assert "run the command again" in done.stderr
    assert not (tmp_path / "tree" / "frontend" / "node_modules" / ".bootstrap").exists()


@pytest.mark.parametrize("name", [*lint_locks.PYTHON_LOCKS, *lint_locks.NODE_LOCKS])
def test_lock_files_carry_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert (lint_locks.node_faults if name.endswith(".json") else lint_locks.python_faults)(text) == []


def test_the_lock_check_sees_what_it_forbids() -> None:
    assert lint_locks.python_faults("six==1.17.0\n") == ["no hash: six==1.17.0"]
    assert lint_locks.python_faults("--index-url https://mirror.example/simple\n")
    for entry in ({"resolved": "x"}, {"funding": {"url": "https://money.example"}}):
        (fault,) = lint_locks.node_faults(json.dumps({"packages": {"a": entry}}))
        assert fault.startswith("address in a: run ")


def test_the_python_floor_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 0))
    monkeypatch.setattr(bootstrap, "version", lambda _: None)
    with pytest.raises(bootstrap.Missing, match=r"Python 3\.11, 3\.12 or 3\.13 is needed and only 3\.9"):
        bootstrap.find_python()
