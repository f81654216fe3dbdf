"""What the application weighs: memory at rest as a pod would run it, and the images without their base."""

import json
import subprocess
from pathlib import Path

import psutil

from scripts.bench.api import uvicorn
from scripts.bench.series import Series
from scripts.bench.servers import Asker
from scripts.bench.trees import ROOT

IMAGES = {"backend": "python:3.13-slim", "frontend": "node:24-slim"}


def resident(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    process = psutil.Process(pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6


def memory(runs: int, work: Path) -> list[Series]:
    del runs
    data = work / "memory"
    data.mkdir()
    with uvicorn("app.main:app", ROOT / "backend", data, work / "memory.log") as url:
        asker = Asker(int(url.rsplit(":", 1)[1]))
        for path in ("/api/tasks", "/api/meta", "/health", "/ready") * 10:
            asker.get(path)
        listening = [
            c.pid
            for c in psutil.net_connections("tcp")
            if c.laddr and c.laddr[1] == asker.port and c.status == "LISTEN"
        ]
        backend = resident(next(pid for pid in listening if pid))
    return [Series("memory-backend", "memory at rest, backend, one worker", "MB", [backend])]


def image_sizes(runs: int, work: Path) -> list[Series]:
    del runs
    series = []
    for name, base in IMAGES.items():
        tag = f"todo-{name}:bench"
        with (work / f"image-{name}.log").open("wb") as out:
            argv = ["docker", "build", "--target", "runtime", "--tag", tag, name]
            subprocess.run(argv, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, check=True)
        own = (_size(tag) - _size(base)) / 1e6
        series.append(Series(f"image-{name}", f"image without its base, {name}", "MB", [own]))
    return series


def _size(image: str) -> int:
    shown = subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=True).stdout
    return int(json.loads(shown)[0]["Size"])
