"""A copy of this tree with a Tilt of its own: other ports, another namespace, its own files to edit."""

from __future__ import annotations

import http.cookiejar
import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from scripts.bench.trees import copy_sources, link_modules
from scripts.status import Resource, from_tilt
from scripts.tilt_sentinel import meta, saved_digest
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
NAMESPACE = "todo-tilt-test"
PATIENCE = 120.0  # seconds; the machine may be busy, and no test waits longer than it must


T = TypeVar("T")


def copy_tree(target: Path) -> None:
    """The checkout with what is installed; a repository again, since the linters ask git."""
    copy_sources(target)
    link_modules(target)
    subprocess.run(["git", "init", "-q"], cwd=target, check=True)


@contextmanager
def edited(file: Path, text: str) -> Iterator[None]:
    """The file with other content, until the block ends."""
    before = file.read_bytes() if file.exists() else None
    file.write_text(text)
    try:
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_bytes(before)


class Loop:
    """The running environment, as somebody at the keyboard has it."""

    def __init__(self, root: Path, namespace: str = NAMESPACE) -> None:
        self.root, self.namespace = root, namespace
        self.port, self.tilt_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = root.parent / "tilt.log"
        # The copy's code comes before the one that .venv was installed for.
        own = {
            "PYTHONPATH": str(root / "backend"),
            "XDG_RUNTIME_DIR": str(root.parent),
            "TILT_PORT": str(self.tilt_port),
        }
        self.env = {**os.environ, **own, "TILT_DISABLE_ANALYTICS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        self.flags = [f"--namespace={namespace}", f"--port={self.port}"]

    def tilt(self, *argv: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["tilt", *argv], cwd=self.root, env=self.env, capture_output=True, text=True, check=False, **options
        )

    @contextmanager
    def up(self, *flags: str) -> Iterator[None]:
        """`tilt up` until the block ends; then everything that it deployed goes."""
        argv = ["tilt", "up", "--web-mode=prod", "--stream", f"--port={self.tilt_port}", "--", *self.flags, *flags]
        with self.log.open("w") as log:
            process = subprocess.Popen(
                argv, cwd=self.root, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            self.down(*(flag for flag in flags if flag.startswith("--mode")))

    def down(self, *flags: str) -> None:
        self.tilt("down", "--delete-namespaces", "--", *self.flags, *flags)

    def kubectl(self, *argv: str) -> str:
        command = ["kubectl", "--namespace", self.namespace, *argv]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=True).stdout

    def resource(self, name: str) -> Resource:
        report = from_tilt(self.tilt_port)
        found = [each for each in report.resources if each.name == name] if report else []
        return found[0] if found else Resource(name, "pending", "Tilt does not answer yet")

    def until(self, name: str, state: str, patience: float = PATIENCE) -> Resource:
        """Wait for a resource to be in a state; the error says what it was in instead."""
        return wait_for(lambda: self._in_state(name, state), lambda: f"{self.resource(name)}\n{self.tail()}", patience)

    def _in_state(self, name: str, state: str) -> Resource | None:
        found = self.resource(name)
        return found if found.state == state else None

    def until_served(self) -> float:
        """Seconds until the code that lies in the tree is the code that answers through the router."""
        started, wanted = time.monotonic(), saved_digest(self.root / "backend" / "app")
        wait_for(lambda: meta(self.url).get("source_digest") == wanted, self.tail)
        return time.monotonic() - started

    def pod(self, part: str) -> str:
        """The one pod of a half that is not on its way out."""
        items = json.loads(self.kubectl("get", "pods", "-l", f"app.kubernetes.io/component={part}", "-o", "json"))[
            "items"
        ]
        return next(str(i["metadata"]["name"]) for i in items if "deletionTimestamp" not in i["metadata"])

    def tail(self, resource: str = "", lines: int = 15) -> str:
        return self.tilt("logs", *([resource] if resource else []), "--tail", str(lines)).stdout

    def press(self, button: str, **inputs: str) -> str:
        """Click a button of the dashboard as the browser does; its command's log, once it has ended."""
        base = f"http://localhost:{self.tilt_port}"
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        browser.open(base, timeout=10).read()  # hands out the cookie without which nothing can be clicked
        item = json.loads(self.tilt("get", "uibutton", button, "-o", "json").stdout)
        clicked = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        item["status"] = {"lastClickedAt": clicked, "inputs": _filled(item["spec"].get("inputs") or [], inputs)}
        request = urllib.request.Request(
            f"{base}/proxy/apis/tilt.dev/v1alpha1/uibuttons/{button}/status",
            json.dumps(item).encode(),
            {"Content-Type": "application/json", "Accept": "application/json", "Origin": base},
            method="PUT",
        )
        browser.open(request, timeout=10).read()
        ended = wait_for(lambda: self._ended(button, clicked), lambda: self.tail(lines=40))
        return f"exit {ended['exitCode']}"

    def _ended(self, button: str, clicked: str) -> dict[str, Any] | None:
        status = json.loads(self.tilt("get", "cmd", button, "-o", "json").stdout or "{}").get("status", {})
        ended = status.get("terminated")
        return ended if ended and ended["startedAt"] >= clicked[:19] else None


def _filled(specs: Sequence[dict[str, Any]], inputs: dict[str, str]) -> list[dict[str, Any]]:
    filled = []
    for spec in specs:
        kind = "choice" if "choice" in spec else "text"
        default = spec["choice"]["choices"][0] if kind == "choice" else spec["text"].get("defaultValue", "")
        filled.append({"name": spec["name"], kind: {"value": inputs.get(spec["name"], default)}})
    return filled


def wait_for(ask: Callable[[], T | None], explain: Callable[[], str], patience: float = PATIENCE) -> T:
    """The first true answer; past the deadline an AssertionError that explains what was there instead."""
    deadline = time.monotonic() + patience
    while not (answer := ask()):
        assert time.monotonic() < deadline, explain()
        time.sleep(0.1)
    return answer
