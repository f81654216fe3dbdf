"""One `tilt up` for all tests of this folder, on the cluster of the current context."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tilt.loop import Loop, copy_tree

# What these tests need; the rest of the dashboard is asked for by the test that is about it.
RESOURCES = "app,data,ingress,stuck-reload,open-streams,chat-replay,flight-recorder"


def missing() -> str:
    """Why these tests cannot run here; empty when they can."""
    for tool in ("tilt", "kubectl", "helm", "docker"):
        if shutil.which(tool) is None:
            return f"{tool} is not on PATH"
    if subprocess.run(["kubectl", "--request-timeout=5s", "get", "nodes"], capture_output=True, check=False).returncode:
        return "no cluster answers in the current context"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    mine = [item for item in items if here in item.path.parents]
    # Those with a Tilt of their own first: two at once are much for a small machine.
    mine.sort(key=lambda item: [name in getattr(item, "fixturenames", ()) for name in ("loop", "alone")])
    items[:] = [item for item in items if item not in mine] + mine
    reason = missing() if mine else ""
    for item in mine:
        item.add_marker(pytest.mark.tilt)
        item.add_marker(pytest.mark.timeout(900))
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("loop") / "todo"
    target.mkdir()
    copy_tree(target)
    return target


@pytest.fixture(scope="session")
def images() -> None:
    """A cluster that can pull nothing gets the database's image from this machine, where it is."""
    minikube = shutil.which("minikube")
    if minikube and not subprocess.run(["docker", "image", "inspect", "postgres:17"], capture_output=True).returncode:
        loaded = subprocess.run([minikube, "image", "ls"], capture_output=True, text=True, check=False).stdout
        if "postgres:17" not in loaded:
            subprocess.run([minikube, "image", "load", "postgres:17"], check=False)


@pytest.fixture(scope="session")
def loop(tree: Path, images: None) -> Iterator[Loop]:  # noqa: ARG001
    """The environment, up and answering."""
    running = Loop(tree)
    with running.up(f"--only={RESOURCES}"):
        for name in ("backend", "frontend", "ingress"):
            running.until(name, "ok", patience=420)
        yield running


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    """A loop without a cluster in a tree without tests: what a test puts there is all that runs."""
    root = tmp_path_factory.mktemp("alone") / "todo"
    copy_tree(root)
    for folder in ("tests/backend", "tests/e2e"):
        for place in (root / folder).iterdir():
            if place.is_dir():
                shutil.rmtree(place)
            elif place.name.startswith("test_"):
                place.unlink()
    running = Loop(root)
    with running.up("--mode=local", "--only=backend-tests"):
        running.until("backend-tests", "off")
        yield running
