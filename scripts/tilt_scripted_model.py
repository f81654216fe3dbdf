"""A scripted model beside the running application, which asks it through a Unix socket (backend/app/chat/scripted.py).

It runs where the application does: in every pod of the backend, where `kubectl exec` brings its sources, or as a
process of this machine in local mode. It ends with the command that started it.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.local.parts import data_dir
from scripts.status import from_tilt, tilt_port
from scripts.up import personal

ROOT = Path(__file__).resolve().parent.parent
HEADER = "Scripted-Model"
IN_POD = Path("/tmp/scripted-models")  # as in helm/todo-app/values-dev.yaml
# Puts the sources that come as the first line of standard input into a folder, and runs them.
UNPACK = """
import json, pathlib, runpy, sys, tempfile
with tempfile.TemporaryDirectory() as folder:
    for name, text in json.loads(sys.stdin.readline()).items():
        file = pathlib.Path(folder, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    sys.path.insert(0, folder)
    runpy.run_module("tests.fake_provider", run_name="__main__")
"""


class NoModelError(Exception):
    """The model could not be started; the message is a sentence for a person."""


@dataclass(frozen=True)
class Place:
    """Where a process of the application runs, and how to start a model beside it."""

    name: str
    folder: Path
    command: Sequence[str]
    sources: dict[str, str] = field(default_factory=dict)


def places() -> list[Place]:
    """Where the application runs: its pods, or this machine. Raises NoModelError."""
    mode = os.environ.get("TODO_MODE") or _mode()
    if mode == "local":
        command = [sys.executable, "-m", "tests.fake_provider"]
        return [Place("this machine", data_dir() / "models", command)]
    context = ["--context", os.environ["TODO_CONTEXT"]] if os.environ.get("TODO_CONTEXT") else []
    namespace = os.environ.get("TODO_NAMESPACE") or str(personal().get("namespace", "todo"))
    kubectl = ["kubectl", *context, "--namespace", namespace]
    sources = {
        f"tests/fake_provider/{file.name}": file.read_text() for file in (ROOT / "tests/fake_provider").glob("*.py")
    }
    return [
        Place(pod, IN_POD, [*kubectl, "exec", "-i", pod, "-c", "backend", "--", "python", "-c", UNPACK], sources)
        for pod in _pods(kubectl)
    ]


def _mode() -> str:
    report = from_tilt(tilt_port())
    return report.mode if report else "local"


def _pods(kubectl: list[str]) -> list[str]:
    argv = [*kubectl, "get", "pods", "-l", "app.kubernetes.io/component=backend", "-o", "json"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoModelError(f"kubectl does not tell where the backend runs: {done.stderr.strip()}")
    items = [item for item in json.loads(done.stdout)["items"] if "deletionTimestamp" not in item["metadata"]]
    running = [str(item["metadata"]["name"]) for item in items if item["status"].get("phase") == "Running"]
    if not running:
        raise NoModelError("no pod of the backend runs")
    return running


@contextmanager
def scripted_model(script: dict[str, Any]) -> Iterator[str]:
    """A model that says the script (tests/fake_provider/__main__.py) while the block runs.

    Yields its name, which a request to the application puts into the header Scripted-Model. Raises NoModelError.
    """
    name = secrets.token_hex(4)
    with ExitStack() as stack:
        for wait in [stack.enter_context(_started(place, name, script)) for place in places()]:
            wait()
        yield name


@contextmanager
def _started(place: Place, name: str, script: dict[str, Any]) -> Iterator[Callable[[], None]]:
    """The model in one place until the block ends; what is yielded waits until it may be asked."""
    argv = [*place.command, "--socket", str(place.folder / f"{name}.socket")]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(argv, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=errors, text=True) as process,
    ):
        assert process.stdin is not None

        def wait() -> None:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                errors.seek(0)
                last = errors.read().strip().rpartition("\n")[2] or "it ended without a word"
                raise NoModelError(f"the scripted model did not start in {place.name}: {last}")

        lines = ([place.sources] if place.sources else []) + [script]
        try:
            with suppress(BrokenPipeError):  # it has ended already, and its last words say why
                process.stdin.write("".join(json.dumps(line) + "\n" for line in lines))
                process.stdin.flush()
            yield wait
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
