"""The application as strangers reach it: the backend's process behind the router; a recorder in the page's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psutil
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

from scripts.bench.api import uvicorn
from scripts.bench.servers import Asker, started
from scripts.local import router
from tests.fake_provider.server import serving
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Served:
    """`routers` and `backend` are ports; `pages` are the paths that were asked of the page."""

    routers: list[int]
    backend: int
    pages: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.routers[0]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def process(self) -> psutil.Process:
        """The backend's own. Children of other tests may end while this looks at them."""
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if {"uvicorn", str(self.backend)} <= set(child.cmdline()):
                    return child
        raise LookupError(f"no process serves port {self.backend}")

    def strays(self) -> int:
        """How many requests have reached the backend that lead nowhere in it."""
        with urlopen(f"http://127.0.0.1:{self.backend}/metrics") as answer:
            text = answer.read().decode()
        found = re.findall(r'^todo_http_requests_total\{.*route="unmatched".*\} (\S+)', text, re.MULTILINE)
        return int(sum(map(float, found)))


@contextmanager
def served(work: Path, *, routers: int = 1, module: str = "app.main:app", **settings: str) -> Iterator[Served]:
    page, pages = FastAPI(openapi_url=None), list[str]()

    @page.api_route("/{path:path}", methods=["GET", "POST", "DELETE", "OPTIONS"])
    async def record(request: Request) -> PlainTextResponse:
        pages.append(request.scope["raw_path"].decode())
        return PlainTextResponse("the page")

    with ExitStack() as stack:
        page_url = stack.enter_context(serving(page))
        settings["PYTHONPATH"] = str(ROOT)
        backend = stack.enter_context(uvicorn(module, ROOT / "backend", work, work / "backend.log", **settings))
        ports = [free_port() for _ in range(routers)]
        targets = {"BACKEND_URL": backend, "FRONTEND_URL": page_url}
        for port in ports:
            stack.enter_context(started(router.command(port), work, targets, work / f"router-{port}.log"))
        for port in ports:
            asker = Asker(port)
            asker.wait("/api/health")
            asker.connection.close()
        yield Served(ports, int(backend.rpartition(":")[2]), pages)
