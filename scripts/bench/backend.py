"""Backend, save to served: the warm-fork server against `uvicorn --reload` and `fastapi dev`, edit by edit in turn."""

import contextlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.bench.edits import by_turn, save_backend
from scripts.bench.series import Series
from scripts.bench.servers import Asker, started
from scripts.bench.trees import copy_of_checkout
from scripts.local.ports import free_port

PARTS = re.compile(r"after ([\d.]+) s \(notice (\d+), fork (\d+), import (\d+), start (\d+) ms\)")


def parts_of(log: str, count: int) -> dict[str, list[float]]:
    """Where the time of the last `count` reloads went, in seconds, by the warm server's own lines."""
    parts: dict[str, list[float]] = {"notice": [], "fork": [], "import": [], "start": []}
    for _, *found in PARTS.findall(log)[-count:]:
        for part, value in zip(parts, found, strict=True):
            parts[part].append(int(value) / 1000)
    return parts


def commands(port: int) -> dict[str, list[str]]:
    python, at = sys.executable, ["--host", "127.0.0.1", "--port", str(port)]
    plain = [python, "-m", "uvicorn", "app.main:app", *at, "--reload", "--reload-dir", "app"]
    return {
        "warm": [python, "-m", "warm", "app.main:app", *at, "--watch", "app"],
        "uvicorn --reload": [*plain, "--timeout-graceful-shutdown", "1"],
        "fastapi dev": [python, "-m", "fastapi", "dev", "app/main.py", *at],
    }


@contextlib.contextmanager
def serving(name: str, work: Path) -> Iterator[tuple[Path, Asker, Path]]:
    """One kind of server on a copy of its own: its backend folder, a client, its log."""
    port = free_port()
    with copy_of_checkout(name.split()[0]) as tree:
        data = tree / ".data"
        env = {"DATA_DIR": str(data), "DATABASE_URL": "", "LLM_API_KEY": "", "PYTHONUNBUFFERED": "1"}
        log, backend = work / f"{name.replace(' ', '-')}.log", tree / "backend"
        data.mkdir()
        with started([sys.executable, "-m", "app.db.migrate"], backend, env, work / "migrate.log") as migration:
            migration.wait()
        with started(commands(port)[name], backend, env, log):
            asker = Asker(port)
            asker.wait("/api/meta")
            yield backend, asker, log


def save_to_served(edits: int, work: Path) -> list[Series]:
    """Seconds from just before the save to the first answer of the new source."""
    names = list(commands(0))
    taken: dict[str, list[float]] = {name: [] for name in names}
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(serving(name, work)) for name in names}
        for number in range(edits + 1):
            for name, (backend, asker, _) in servers.items():
                before, digest = save_backend(backend, number)
                took = asker.wait_digest(digest) - before
                if number:  # the first one warms the caches of all three
                    taken[name].append(took)
        log = servers["warm"][2].read_text()
    what = "backend, save to served, local"
    series = Series("backend-local", what, "s", taken["warm"], "uvicorn --reload", taken["uvicorn --reload"])
    series.parts = parts_of(log, edits)
    second = Series("backend-local-fastapi", what, "s", taken["warm"], "fastapi dev", taken["fastapi dev"])
    return [*by_turn(series, range(1, edits + 1)), second]
