"""The flight recorder: everything one needs to understand a red resource, in one archive without a secret.

`python -m scripts.tilt_flight` records now; `--watch` records by itself whenever a resource turns red, at most every
ten minutes; `--snapshot FILE` takes along the snapshot that a failed `tilt ci` left. Begin with summary.html in it.
"""

from __future__ import annotations

import argparse
import html
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dotenv import dotenv_values

from scripts.status import Report, Resource, find, from_snapshot, tilt_port
from scripts.tilt_redact import cluster_secrets, secret_values, without_secrets

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "flight-records"
PAUSE = 600.0  # seconds between two recordings by itself
KEPT = 10


def _printed(*argv: str, timeout: float = 20) -> str:
    if shutil.which(argv[0]) is None:
        return f"{argv[0]} is not on PATH\n"
    try:
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return f"{' '.join(argv)} took more than {timeout:.0f} s\n"
    return (done.stdout + done.stderr).decode(errors="replace")


def collect(namespace: str, tilt_port: int, snapshot: Path | None = None) -> dict[str, str]:
    """File name: text, for every part of the record."""
    tilt = ["--port", str(tilt_port)]
    kubectl = ["kubectl", "--request-timeout=10s", "--namespace", namespace]
    parts = {
        "versions.txt": _versions(),
        "git.txt": _printed("git", "log", "-3", "--oneline") + _printed("git", "status", "--short"),
        "tilt/log.jsonl": _printed("tilt", "logs", "--json", *tilt),
        "tilt/resources.json": _printed("tilt", "get", "uiresources", "-o", "json", *tilt),
        "cluster/events.txt": _printed(*kubectl, "get", "events", "--sort-by=.lastTimestamp"),
        "cluster/objects.txt": _printed(*kubectl, "get", "all,ingress,configmap", "-o", "wide"),
        "cluster/pods.txt": _printed(*kubectl, "describe", "pods"),
        "cluster/nodes.txt": _printed("kubectl", "--request-timeout=10s", "describe", "nodes"),
        "doctor.json": _printed(sys.executable, "-m", "scripts.doctor", "--json"),
    }
    for pod in _printed(*kubectl, "get", "pods", "-o", "name").split():
        if pod.startswith("pod/"):
            name = pod.removeprefix("pod/")
            parts[f"pods/{name}.log"] = _printed(*kubectl, "logs", pod, "--all-containers", "--tail=2000")
            parts[f"pods/{name}.previous.log"] = _printed(*kubectl, "logs", pod, "--all-containers", "--previous")
    parts["tilt/snapshot.json"] = _left(snapshot) if snapshot else _snapshot(tilt)
    return parts


def _left(snapshot: Path) -> str:
    return snapshot.read_text() if snapshot.exists() else f"Tilt left no {snapshot.name}\n"


def _snapshot(tilt: Sequence[str]) -> str:
    file = FOLDER / f".snapshot-{os.getpid()}.json"
    said = _printed("tilt", "snapshot", "create", str(file), *tilt)
    text = file.read_text() if file.exists() else said
    file.unlink(missing_ok=True)
    return text


def _versions() -> str:
    commands = (["tilt", "version"], ["kubectl", "version"], ["helm", "version", "--short"], ["node", "--version"])
    lines = [f"{platform.platform()}, Python {platform.python_version()}\n"]
    return "".join([*lines, *(_printed(*argv) for argv in commands), _printed("docker", "version")])


def summary(report: Report, names: Iterable[str], when: str) -> str:
    """The first page: what is red, why, and where in the archive to look."""
    ordered = sorted(report.resources, key=lambda each: (each.state != "error", each.name))
    rows = "".join(_row(each) for each in ordered)
    links = "".join(f'<li><a href="{html.escape(name)}">{html.escape(name)}</a>' for name in sorted(names))
    red = ", ".join(report.red) or "nothing"
    return f"""<!doctype html><meta charset=utf-8><title>Flight record {when}</title>
<style>body{{font:15px system-ui;max-width:70rem;margin:2rem auto;padding:0 1rem}}
td{{padding:.2rem .8rem;vertical-align:top}}
.error td{{background:#fdd}}.pending td{{background:#ffd}}pre{{margin:0;white-space:pre-wrap}}</style>
<h1>Flight record of {when}</h1><p>{report.mode} mode. Red: <b>{html.escape(red)}</b>. Values of secrets were removed.
<p>The dashboard as it was: <code>tilt snapshot view tilt/snapshot.json</code>
<table>{rows}</table><h2>Files</h2><ul>{links}</ul>
"""


def _row(each: Resource) -> str:
    cells = (html.escape(each.name), each.state, f"<pre>{html.escape(each.why[:2000])}</pre>")
    return f"<tr class={each.state}>" + "".join(f"<td>{cell}" for cell in cells)


def write(parts: Mapping[str, str], values: Sequence[str], target: Path) -> Path:
    """Pack the parts, without secrets, under one folder of the target archive."""
    target.parent.mkdir(parents=True, exist_ok=True)
    stem = target.name.removesuffix(".tar.gz")
    with tarfile.open(target, "w:gz") as archive:
        for name, text in sorted(parts.items()):
            content = without_secrets(text, values).encode()
            entry = tarfile.TarInfo(f"{stem}/{name}")
            entry.size, entry.mtime = len(content), int(time.time())
            archive.addfile(entry, io.BytesIO(content))
    target.chmod(0o600)
    return target


def record(namespace: str, tilt_port: int, snapshot: Path | None = None) -> Path:
    """Collect, remove secrets, pack; returns the archive. Only the newest few are kept."""
    FOLDER.mkdir(exist_ok=True)
    when = time.strftime("%Y-%m-%dT%H-%M-%S")
    report = (snapshot and from_snapshot(snapshot)) or find(tilt_port)
    parts = collect(namespace, tilt_port, snapshot)
    parts["summary.html"] = summary(report, parts, when)
    values = secret_values([dotenv_values(ROOT / ".env"), os.environ, cluster_secrets(namespace)])
    archive = write(parts, values, FOLDER / f"{when}.tar.gz")
    for old in sorted(FOLDER.glob("*.tar.gz"))[:-KEPT]:
        old.unlink()
    return archive


def watch(namespace: str, tilt_port: int) -> None:
    """Record whenever a resource turns red that was not red before."""
    known: set[str] = set()
    last = -PAUSE
    print("recording as soon as a resource turns red", flush=True)
    while True:
        red = set(find(tilt_port).red) - {"flight-recorder"}
        if red - known and time.monotonic() - last >= PAUSE:
            print(f"{', '.join(sorted(red - known))} turned red: {record(namespace, tilt_port)}", flush=True)
            last = time.monotonic()
        known = red
        time.sleep(3)


def main() -> int:
    """Record now, or whenever it is needed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--watch", action="store_true", help="record by itself when a resource turns red")
    parser.add_argument("--snapshot", type=Path, help="the file of tilt ci --output-snapshot-on-exit")
    parser.add_argument("--namespace", default=os.environ.get("TODO_NAMESPACE", "todo"))
    parser.add_argument("--tilt-port", type=int, default=tilt_port())
    options = parser.parse_args()
    if options.watch:
        watch(options.namespace, options.tilt_port)
    print(record(options.namespace, options.tilt_port, options.snapshot))
    return 0


if __name__ == "__main__":
    sys.exit(main())
