"""From the command to the first answered page, in local mode: with nothing installed, and the second time."""

import time
from pathlib import Path

from scripts.bench.series import Series
from scripts.bench.servers import Asker, started
from scripts.bench.trees import copy_of_checkout
from scripts.local.ports import free_port

SETTLE = 60.0  # seconds in which the bundler may write its cache, as it does while a person looks at the page
QUIET = 4.0


def once(tree: Path, log: Path, *, settle: bool) -> float:
    """Seconds from `make up` to the page; ends it again."""
    port = free_port()
    env = {"MODE": "local", "PORT": str(port), "DATABASE_URL": "", "LLM_API_KEY": "", "DATA_DIR": str(tree / ".data")}
    begun = time.monotonic()
    with started(["make", "up"], tree, env, log) as process:
        asker = Asker(port)
        while asker.get("/")[0] != 200:
            if process.poll() is not None or time.monotonic() - begun > 600:
                raise RuntimeError(f"`make up` gave no page:\n{log.read_text()[-2000:]}")
            time.sleep(0.01)
        took = time.monotonic() - begun
        deadline = time.monotonic() + (SETTLE if settle else 0)
        while time.monotonic() < deadline and not at_rest(tree / "frontend" / ".next" / "dev" / "cache" / "turbopack"):
            time.sleep(0.1)
    return took


def at_rest(cache: Path) -> bool:
    """Whether the bundler has written its cache and left it alone since: a half-written one is thrown away."""
    times = [file.stat().st_mtime for file in cache.rglob("*.meta")]
    return bool(times) and time.time() - max(times) > QUIET


def first_page(runs: int, work: Path) -> list[Series]:
    with copy_of_checkout("up") as tree:
        (tree / ".venv").unlink()
        cold = [once(tree, work / "up-cold.log", settle=True)]
        warm = [once(tree, work / f"up-warm-{number}.log", settle=False) for number in range(max(3, runs // 6))]
    return [
        Series("up-local-cold", "`make up`, local, nothing installed, to the first page", "s", cold),
        Series("up-local-warm", "`make up`, local, second time, to the first page", "s", warm),
    ]
