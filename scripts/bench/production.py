"""The page as it is deployed: the production build behind the router, on the backend, with one person's tasks."""

import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from scripts.bench.api import uvicorn
from scripts.bench.servers import answered, started
from scripts.bench.trees import ROOT, copy_of_checkout
from scripts.local import router
from scripts.local.ports import free_port


@dataclass(frozen=True)
class Production:
    """A running production build; `server` is the process that serves the page, on the port `page`."""

    url: str
    server: int
    page: int


def build(frontend: Path, log: Path, target: str = ".next") -> Path:
    """`next build` into the folder `target` of the frontend; the folder of the server, with all that it serves."""
    with log.open("wb") as out:
        env = {**os.environ, "NEXT_TELEMETRY_DISABLED": "1", "NEXT_DIST_DIR": target}
        argv = ["npm", "run", "build"]
        subprocess.run(argv, cwd=frontend, env=env, stdout=out, stderr=subprocess.STDOUT, check=True)
    server = frontend / target / "standalone"
    shutil.copytree(frontend / target / "static", server / target / "static")
    shutil.copytree(frontend / "public", server / "public")
    return server


def command() -> list[str]:
    """What the image runs."""
    last = re.findall(r"^CMD (\[.+\])$", (ROOT / "frontend" / "Dockerfile").read_text(), re.MULTILINE)[-1]
    return [str(word) for word in json.loads(last)]


@contextlib.contextmanager
def served(folder: Path, backend: str, work: Path) -> Iterator[Production]:
    """A built page, as the image runs it, and the backend's URL behind one origin."""
    page, public = free_port(), free_port()
    as_in_the_image = {"PORT": str(page), "HOSTNAME": "127.0.0.1", "NODE_ENV": "production"}
    targets = {"BACKEND_URL": backend, "FRONTEND_URL": f"http://127.0.0.1:{page}"}
    with (
        started(command(), folder, as_in_the_image, work / "page.log") as server,
        started(router.command(public), folder, targets, work / "router.log"),
    ):
        answered(page, "/api/health")
        answered(public, "/")
        yield Production(f"http://localhost:{public}", server.pid, page)


@contextlib.contextmanager
def production(work: Path) -> Iterator[Production]:
    data = work / "page"
    data.mkdir()
    with (
        copy_of_checkout("page", modules=True) as tree,
        uvicorn("app.main:app", ROOT / "backend", data, work / "backend.log") as backend,
        served(build(tree / "frontend", work / "build.log"), backend, work) as running,
    ):
        yield running


def person_with_tasks(url: str, count: int) -> str:
    """The guest's cookie, as `name=value`, of somebody who has so many tasks."""
    tasks = [
        {"title": f"Task number {number}", "due": {"date": f"2031-{number % 12 + 1:02}-{number % 28 + 1:02}"}}
        for number in range(count)
    ]
    with httpx2.Client(base_url=url, timeout=120) as client:
        sent = {"Content-Type": "application/json"}
        client.post("/api/import", content=json.dumps(tasks), headers=sent).raise_for_status()
        return f"todo_guest={client.cookies['todo_guest']}"
