"""What the application weighs: memory at rest as a pod would run it, and the images without their base."""

import json
import subprocess
import time
from pathlib import Path

import psutil

from scripts.bench.api import uvicorn
from scripts.bench.series import Series
from scripts.bench.servers import Asker, started
from scripts.bench.trees import ROOT, copy_of_checkout
from scripts.local.ports import free_port

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
    return [Series("memory-backend", "memory at rest, backend, one worker", "MB", [backend]), *_frontend_memory(work)]


def _frontend_memory(work: Path) -> list[Series]:
    with copy_of_checkout("build", modules=True) as tree:
        frontend = tree / "frontend"
        with (work / "build.log").open("wb") as out:
            env = ["env", "NEXT_TELEMETRY_DISABLED=1"]
            subprocess.run(
                [*env, "npm", "run", "build"], cwd=frontend, stdout=out, stderr=subprocess.STDOUT, check=True
            )
        standalone = frontend / ".next" / "standalone"
        port = free_port()
        environment = {"PORT": str(port), "HOSTNAME": "127.0.0.1", "NODE_ENV": "production"}
        with started(["node", "server.js"], standalone, environment, work / "node.log") as process:
            asker = Asker(port)
            asker.wait("/api/health")
            for _ in range(20):
                asker.get("/")
            time.sleep(1)  # at rest: after the collector had a moment
            return [
                Series("memory-frontend", "memory at rest, frontend, production build", "MB", [resident(process.pid)])
            ]


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
