"""Frontend, save to painted in a real Chromium; the page is never reloaded between the edits."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from scripts.bench.browser import expect_mark, opened, painted
from scripts.bench.edits import Component
from scripts.bench.series import Series
from scripts.bench.servers import Asker, started
from scripts.bench.trees import copy_of_checkout
from scripts.local.ports import free_port

CLIENT = "src/tasks/ViewHeader.tsx"  # "use client"
SERVER = "src/app/layout.tsx"  # a server component


def edit(page: Page, component: Component, mark: str) -> float:
    """Seconds from just before one save to the frame that shows it."""
    expect_mark(page, mark)
    before = component.save(mark)
    return (painted(page) - before) / 1000


def both_kinds(url: str, frontend: Path, edits: int, where: str) -> list[Series]:
    """The two series of one place: a client and a server component, edited in turn on one open page."""
    kinds = {"client": Component(frontend / CLIENT), "server": Component(frontend / SERVER)}
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    with opened(url) as page:
        for number in range(edits + 2):
            for kind, component in kinds.items():
                took = edit(page, component, f"{kind}-{number}")
                if number > 1:  # the first ones compile and warm up
                    taken[kind].append(took)
    return [
        Series(f"frontend-{where}-{kind}", f"frontend, save to painted, {where}, {kind} component", "s", samples)
        for kind, samples in taken.items()
    ]


@contextlib.contextmanager
def local_application(work: Path) -> Iterator[tuple[Path, str]]:
    """Local mode on a copy of the checkout: its folder and its URL."""
    port = free_port()
    with copy_of_checkout("frontend", modules=True) as tree:
        argv = [sys.executable, "-m", "scripts.up", "--mode=local", f"--port={port}", "--no-tests"]
        env = {"DATABASE_URL": "", "LLM_API_KEY": "", "DATA_DIR": str(tree / ".data")}
        with started(argv, tree, env, work / "frontend.log"):
            asker = Asker(port)
            asker.wait("/api/meta")
            asker.wait("/")
            yield tree, f"http://localhost:{port}/"


def save_to_painted(edits: int, work: Path) -> list[Series]:
    with local_application(work) as (tree, url):
        return both_kinds(url, tree / "frontend", edits, "local")
