"""The loop in a real cluster through Tilt and the ingress: save to served, save to painted, and Tilt's own times."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.backend import parts_of
from scripts.bench.edits import by_turn, save_backend
from scripts.bench.frontend import both_kinds
from scripts.bench.series import Series
from scripts.bench.servers import Asker, TooLate, started
from scripts.bench.trees import ROOT, copy_of_checkout
from scripts.local.ports import free_port

NAMESPACE = "todo-bench"
PARTS = ["app", "data", "ingress"]
PEER = "uvicorn --reload in the pod"
SERVE = re.compile(r"serve = \[.*?\]\n(?:    serve \+= \[.*?\]\n)?", re.DOTALL)
PEER_SERVE = (
    "serve = ['uvicorn', 'app.main:app', '--host', '0.0.0.0', '--port=8000', '--reload', '--reload-dir', 'app',"
    " '--timeout-graceful-shutdown=1']\n"
)
DEV = re.compile(r"^FROM .* AS dev\n", re.MULTILINE)
PACE = 1.2  # seconds between two saves: nobody saves faster by hand, and the warm server waits for more in a burst


def obstacle() -> str | None:
    """Why nothing can be measured in a cluster here, or None."""
    for tool in ("tilt", "kubectl", "helm", "docker"):
        if shutil.which(tool) is None:
            return f"{tool} is not on PATH"
    if subprocess.run(["kubectl", "get", "--raw", "/readyz", "--request-timeout=5s"], capture_output=True).returncode:
        return "the current Kubernetes context does not answer"
    taken = subprocess.run(
        ["kubectl", "get", "ingress", "--all-namespaces", "-o", "name"], capture_output=True, text=True
    )
    if taken.stdout.strip():
        return "the cluster serves an application already (an Ingress is there); `tilt down` first"
    return None


@dataclass
class Loop:
    """Tilt on a copy of the checkout."""

    tree: Path
    port: int
    work: Path

    @property
    def flags(self) -> list[str]:
        return ["--", f"--namespace={NAMESPACE}", f"--port={self.port}", f"--only={','.join(PARTS)}"]

    def command(self, verb: str, *flags: str) -> list[str]:
        return ["tilt", verb, *flags, f"--port={free_port()}", *self.flags]

    @contextlib.contextmanager
    def up(self, log: str) -> Iterator[Asker]:
        """`tilt up` until the page answers through the ingress."""
        argv = self.command("up", "--stream", "--web-mode=prod")
        with started(argv, self.tree, {"TILT_DISABLE_ANALYTICS": "1"}, self.work / log):
            asker = Asker(self.port)
            asker.wait("/api/meta", 300)
            asker.wait("/", 300)
            yield asker

    def down(self) -> None:
        """Take everything away and wait until the pods are gone."""
        subprocess.run(["tilt", "down", *self.flags], cwd=self.tree, capture_output=True)
        subprocess.run(
            ["kubectl", "delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=90s"], capture_output=True
        )

    def ci(self, log: str) -> float:
        """Seconds of one `tilt ci` of the application alone."""
        begun = time.monotonic()
        with (self.work / log).open("wb") as out:
            argv = self.command("ci", "--web-mode=prod")
            subprocess.run(argv, cwd=self.tree, stdout=out, stderr=subprocess.STDOUT, check=True)
        return time.monotonic() - begun

    def use(self, serve: str | None) -> None:
        """Let the pod run another server, or its own with None, and wait until it does."""
        part = self.tree / "tilt" / "chart.tiltfile"
        original = (ROOT / "tilt" / "chart.tiltfile").read_text()
        part.write_text(original if serve is None else SERVE.sub(lambda _: serve, original, count=1))
        wanted, deadline = serve is not None, time.monotonic() + 120
        get = ["kubectl", "-n", NAMESPACE, "get", "deployment", "todo-todo-app-backend", "-o", "json"]
        while True:
            shown = json.loads(subprocess.run(get, capture_output=True, check=True).stdout)
            status, spec = shown["status"], shown["spec"]["template"]["spec"]["containers"][0]
            fresh = status.get("observedGeneration") == shown["metadata"]["generation"]
            alone = status.get("replicas") == status.get("updatedReplicas") == status.get("availableReplicas") == 1
            if ("--reload" in json.dumps(spec.get("command", []))) == wanted and fresh and alone:
                return
            if time.monotonic() > deadline:
                raise TooLate("the backend's pod was not replaced within 120 s")
            time.sleep(0.2)


@contextlib.contextmanager
def loop(work: Path) -> Iterator[Loop]:
    with copy_of_checkout("cluster") as tree:
        (tree / "frontend" / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
        one = Loop(tree, free_port(), work)
        try:
            yield one
        finally:
            one.down()


def _served(one: Loop, asker: Asker, numbers: range) -> list[float]:
    taken = []
    for number in numbers:
        before, digest = save_backend(one.tree / "backend", number)
        took = asker.wait_digest(digest) - before
        time.sleep(max(0.0, before + PACE - time.monotonic()))
        if number != numbers[0]:  # the first after a new pod is not a save like the others
            taken.append(took)
    return taken


def _parts(count: int) -> dict[str, list[float]]:
    """Where the pod's own time of the last saves went, by the warm server's log."""
    log = subprocess.run(
        ["kubectl", "-n", NAMESPACE, "logs", "deployment/todo-todo-app-backend", "--tail=-1"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return parts_of(log, count)


def save_to_served(edits: int, work: Path) -> list[Series]:
    """One Tilt session, the peer between two blocks of ours."""
    half = edits // 2 + 1
    with loop(work) as one, one.up("up.log") as asker:
        first, last = range(half), range(half + edits + 1, 2 * half + edits + 1)
        ours = _served(one, asker, first)
        parts = _parts(len(ours))
        one.use(PEER_SERVE)
        peer = _served(one, asker, range(half, half + edits + 1))
        one.use(None)
        ours += _served(one, asker, last)
        for part, more in _parts(len(last) - 1).items():
            parts[part] += more
    what = "backend, save to served, through Tilt and the ingress"
    series = Series("backend-cluster", what, "s", ours, PEER, peer, parts)
    return by_turn(series, [*first[1:], *last[1:]])


def save_to_painted(edits: int, work: Path) -> list[Series]:
    with loop(work) as one, one.up("up.log"):
        return both_kinds(f"http://localhost:{one.port}/", one.tree / "frontend", edits, "cluster")


def starts(runs: int, work: Path) -> list[Series]:
    """Tilt's own times, for the application without its tests."""
    rounds = max(2, runs // 7)
    with loop(work) as one:
        first = one.ci("ci-first.log")
        cached = [one.ci(f"ci-cached-{number}.log") for number in range(rounds)]
        deployed = [_timed_up(one, f"up-deployed-{number}.log") for number in range(rounds)]
        after_down = []
        for number in range(rounds):
            one.down()
            after_down.append(_timed_up(one, f"up-after-down-{number}.log"))
        lock = _changed(one, "backend/requirements.txt", lambda text: f"{text}\n# bench {os.getpid()}\n")
        node_lock = _changed(one, "frontend/package-lock.json", lambda text: text + " " * (os.getpid() % 100 + 1))
        recipe = _changed(one, "backend/Dockerfile", lambda text: DEV.sub(rf"\g<0>ENV BENCH={os.getpid()}\n", text))
    return [
        Series("tilt-ci-first", "`tilt ci` of the application, nothing deployed", "s", [first]),
        Series("tilt-ci-cached", "`tilt ci` of the application, images cached", "s", cached),
        Series("tilt-ci-changed-lock", "`tilt ci` of the application, a changed requirements.txt", "s", [lock]),
        Series(
            "tilt-ci-changed-node-lock", "`tilt ci` of the application, a changed package-lock.json", "s", [node_lock]
        ),
        Series("tilt-ci-changed-dockerfile", "`tilt ci` of the application, a changed Dockerfile", "s", [recipe]),
        Series("tilt-up-deployed", "`tilt up` to the page, everything still deployed", "s", deployed),
        Series("tilt-up-after-down", "`tilt up` to the page, after `tilt down`", "s", after_down),
    ]


def _timed_up(one: Loop, log: str) -> float:
    begun = time.monotonic()
    with one.up(log):
        return time.monotonic() - begun


def _changed(one: Loop, name: str, change: Callable[[str], str]) -> float:
    """Seconds of one `tilt ci` after a file has changed in a way that makes its layers anew."""
    file = one.tree / name
    before = file.read_text()
    file.write_text(change(before))
    assert file.read_text() != before
    return one.ci(f"ci-{file.name}.log")
