"""`make up` in local mode: the README's first command, from nothing to a task in a browser."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.local_mode import ROOT, LocalMode, running


def test_every_question_of_the_smoke_test_is_answered(application: LocalMode) -> None:
    argv = [sys.executable, "-m", "scripts.smoke", "--url", application.url]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_seed_fills_a_space_of_its_own(application: LocalMode) -> None:
    argv = [sys.executable, "-m", "scripts.seed", "--url", application.url]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    cookie = done.stdout.split("todo_guest=")[1].split(";")[0]
    answer = httpx2.get(f"{application.url}/api/tasks", cookies={"todo_guest": cookie})
    titles = [task["title"] for task in answer.json()["items"]]
    assert "Buy milk and bread" in titles
    assert len(titles) >= 12
    assert httpx2.get(f"{application.url}/api/tasks").json()["items"] == []


def test_a_second_make_up_points_to_the_first(application: LocalMode) -> None:
    argv = [sys.executable, "-m", "scripts.up", "--mode=local"]
    env = {**os.environ, "DATA_DIR": str(application.data)}
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"runs already at {application.url}" in done.stderr


@pytest.mark.slow
def test_ctrl_c_leaves_nothing_behind_and_a_killed_part_comes_back(tmp_path: Path) -> None:
    with running(tmp_path, NEXT_DIST_DIR=".next-test-stop") as mode:
        everything = mode.tree()
        router = next(process for process in everything if process.name() == "traefik")
        router.send_signal(signal.SIGKILL)
        mode.wait_for("ended with signal SIGKILL; starting it again", 10)
        again = [p for p in mode.tree() if p.name() == "traefik" and p.pid != router.pid]
        assert again or mode.wait_for("router", 5)
        everything = mode.tree()
        assert mode.interrupt() == 0
        gone, alive = psutil.wait_procs(everything, timeout=5)
        assert alive == []
        assert len(gone) >= 4
        assert not (tmp_path / "local.json").exists()
