"""`make status`: what runs, in every mode. `python -m scripts.status [--json] [--wait SECONDS]`.

With --json: {"mode", "url", "ready", "red": [names], "resources": [{"name", "state", "why"}]}, where state is ok,
pending, error or off. The exit status is 0 when everything is ready, 1 when something is red, 2 while something is
pending, 3 when nothing runs. --wait asks again until it is not pending any more.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_URL = "http://localhost:8080"
TILTFILE = "(Tiltfile)"  # the name under which Tilt shows it among the resources


@dataclass(frozen=True)
class Resource:
    """One part; `why` says in a sentence what is wrong with it, when something is."""

    name: str
    state: str
    why: str = ""


@dataclass(frozen=True)
class Report:
    mode: str
    url: str
    resources: list[Resource] = field(default_factory=list)

    @property
    def red(self) -> list[str]:
        return [each.name for each in self.resources if each.state == "error"]

    @property
    def ready(self) -> bool:
        """Everything is well; a Tilt that has only read its Tiltfile has begun with nothing."""
        begun = any(each.name != TILTFILE for each in self.resources)
        return begun and all(each.state in ("ok", "off") for each in self.resources)

    @property
    def exit_status(self) -> int:
        if self.mode == "none":
            return 3
        return 0 if self.ready else 1 if self.red else 2


def tilt_port() -> int:
    """Where Tilt serves its dashboard and its API."""
    return int(os.environ.get("TILT_PORT") or 10350)


def from_tilt(port: int) -> Report | None:
    """What a running Tilt says of its resources; None when none runs on the port."""
    if shutil.which("tilt") is None:
        return None
    argv = ["tilt", "get", "uiresources", "--port", str(port), "-o", "json"]
    done = subprocess.run(argv, capture_output=True, check=False)
    try:
        return _report(json.loads(done.stdout)["items"])
    except (ValueError, KeyError):
        return None


def from_snapshot(file: Path) -> Report | None:
    """What Tilt had to say when it ended: `--output-snapshot-on-exit`. None when it left nothing that can be read."""
    try:
        return _report(json.loads(file.read_text())["view"]["uiResources"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _report(items: list[dict[str, Any]]) -> Report:
    resources = sorted((_of_tilt(item) for item in items), key=lambda each: each.name)
    names = {each.name for each in resources}
    mode = "cluster" if "ingress" in names else "hybrid" if "config" in names else "local"
    return Report(mode, _page(items), resources)


def _of_tilt(item: dict[str, Any]) -> Resource:
    status, name = item.get("status") or {}, item["metadata"]["name"]
    # Tilt shows a resource before it has looked at it: what says nothing is not well yet.
    states = [status.get("updateStatus") or "pending", status.get("runtimeStatus") or "pending"]
    if status.get("disableStatus", {}).get("state") == "Disabled":
        return Resource(name, "off", "not among the chosen resources")
    if "error" in states:
        history = status.get("buildHistory") or [{}]
        return Resource(name, "error", str(history[0].get("error") or _pod_trouble(status) or "its process fails"))
    if {"in_progress", "pending", "unknown"} & set(states):
        return Resource(name, "pending", "building" if states[0] in ("in_progress", "pending") else "not ready yet")
    if states[0] == "none":
        return Resource(name, "off", "waits for a save or its button")
    return Resource(name, "ok")


def _pod_trouble(status: dict[str, Any]) -> str:
    pod = status.get("k8sResourceInfo") or {}
    return " ".join(str(pod[key]) for key in ("podStatus", "podStatusMessage") if pod.get(key))


def _page(items: list[dict[str, Any]]) -> str:
    links = [link for item in items for link in item["status"].get("endpointLinks") or []]
    return next((str(link["url"]) for link in links if link.get("name") == "Todo"), DEFAULT_URL)


def from_local_mode() -> Report | None:
    """What local mode left in its state file, asked whether it answers."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / ".data")
    try:
        state = json.loads((data / "local.json").read_text())
        os.kill(state["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    url = str(state["url"])
    paths = {"backend": "/api/meta", "frontend": "/", "router": "/api/health"}
    return Report("local", url, [_asked(name, url + path) for name, path in paths.items()])


def _asked(name: str, url: str) -> Resource:
    try:
        with urlopen(url, timeout=5) as answer:
            body = answer.read()
    except (URLError, OSError) as error:
        return Resource(name, "error", f"{url}: {getattr(error, 'reason', error)}; make logs PART={name}")
    reload = (json.loads(body).get("reload") or {}) if url.endswith("/api/meta") else {}
    if reload.get("state") == "failed":
        return Resource(name, "error", f"the last save does not load: {reload.get('error')}")
    return Resource(name, "ok")


def find(port: int) -> Report:
    """The report of whatever runs here: Tilt, local mode, or nothing."""
    return from_tilt(port) or from_local_mode() or Report("none", DEFAULT_URL)


def wait(port: int, seconds: float) -> Report:
    """Ask until nothing is pending or the time is up."""
    deadline = time.monotonic() + seconds
    report = find(port)
    while report.exit_status in (2, 3) and time.monotonic() < deadline:
        time.sleep(0.3)
        report = find(port)
    return report


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true", help="for tools")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait until nothing is pending")
    parser.add_argument("--tilt-port", type=int, default=tilt_port())
    options = parser.parse_args()
    report = wait(options.tilt_port, options.wait)
    if options.json:
        print(json.dumps({**asdict(report), "ready": report.ready, "red": report.red}, indent=2))
        return report.exit_status
    if report.mode == "none":
        print("nothing of this checkout runs; make up")
    else:
        print(f"{report.mode} mode, {report.url}")
    for each in report.resources:
        print(f"  {each.state:8} {each.name:20} {each.why.splitlines()[0] if each.why else ''}".rstrip())
    return report.exit_status


if __name__ == "__main__":
    sys.exit(main())
