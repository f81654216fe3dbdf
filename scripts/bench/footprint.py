"""What the application weighs: memory at rest as a pod would run it, and the images without their base.

The backend runs as its image runs it: the same command, in production, from an environment that holds the packages
of `backend/requirements.txt` and nothing else. In the environment of the developers structlog loads rich and uvicorn
loads watchfiles, only because they are there.
"""

import json
import os
import subprocess
from pathlib import Path

import psutil

from scripts.bench.series import Series
from scripts.bench.servers import Asker, answered, started
from scripts.bench.trees import ROOT
from scripts.local.ports import free_port
from scripts.own_environment import environment

BACKEND = ROOT / "backend"
OPTIONS = ("--no-server-header", "--proxy-headers", "--timeout-keep-alive", "95", "--no-access-log")
IMAGES = {"backend": "python:3.13-slim", "frontend": "node:24-slim"}


def resident(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    process = psutil.Process(pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6


def memory(runs: int, work: Path) -> list[Series]:
    del runs
    python = str(environment("runtime", BACKEND / "requirements.txt") / "bin" / "python")
    port, data = free_port(), work / "memory"
    data.mkdir()
    env = {"APP_ENV": "production", "SECRET_KEY": "only-for-measuring-" * 2, "DATA_DIR": str(data), "DATABASE_URL": ""}
    migrate = [python, "-m", "app.db.migrate"]  # as the init container does; it leaves bytecode behind, as an image has
    subprocess.run(migrate, cwd=BACKEND, env={**os.environ, **env}, check=True, capture_output=True)
    subprocess.run([python, "-c", "import app.main"], cwd=BACKEND, env={**os.environ, **env}, check=True)
    argv = [python, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", str(port), *OPTIONS]
    with started(argv, BACKEND, env, work / "memory.log") as server:
        answered(port, "/api/health")
        asker = Asker(port)
        for path in ("/api/tasks", "/api/meta", "/health", "/ready") * 10:
            asker.get(path)
        backend = resident(server.pid)
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
