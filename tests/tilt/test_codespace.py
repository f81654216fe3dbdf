"""The start hook of the Codespace on the cluster that is there, twice in a row."""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest

from tests.tilt.loop import ROOT


def test_starting_twice_leaves_the_cluster_as_it_is() -> None:
    if shutil.which("minikube") is None:
        pytest.skip("minikube is not on PATH")
    if subprocess.run(["minikube", "status"], capture_output=True, check=False).returncode:
        pytest.skip("the cluster is not minikube's")
    nodes = ["kubectl", "get", "nodes", "-o", "jsonpath={.items[*].metadata.uid}"]
    before = subprocess.run(nodes, capture_output=True, check=True).stdout
    for _ in range(2):
        started = time.monotonic()
        run = subprocess.run([ROOT / ".devcontainer/post-start.sh"], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
        assert "the cluster is ready" in run.stdout
        assert time.monotonic() - started < 60
    assert subprocess.run(nodes, capture_output=True, check=True).stdout == before
