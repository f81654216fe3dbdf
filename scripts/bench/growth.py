"""What grows with the number of tasks: an import of 100,000, and requests among 1,000,000 against those among 1,000."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import psutil

from scripts.bench.api import uvicorn
from scripts.bench.series import Series, percentile
from scripts.bench.trees import ROOT

IMPORTED = 100_000
FEW, MANY, MINE = 1_000, 1_000_000, 10_000  # all tasks of the small and of the large database; the user's of the latter
REQUESTS = 60
ROUNDS = 5
# Tasks like the first one, of this owner; every word in the index carries its owner's mark in front.
COPY = """
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :total)
INSERT INTO tasks ({columns}) SELECT {values} FROM counted, (SELECT * FROM tasks ORDER BY number LIMIT 1)
"""


def import_of_many(runs: int, work: Path) -> list[Series]:
    """Seconds, and the most memory that the server had by then."""
    del runs
    data, file = work / "import", work / "tasks.json"
    data.mkdir()
    file.write_text(json.dumps([_row(number) for number in range(IMPORTED)]))
    with uvicorn("app.main:app", ROOT / "backend", data, work / "import.log") as url:
        with file.open("rb") as body, httpx2.Client(base_url=url, timeout=300) as client:
            begun = time.monotonic()
            answer = client.post("/api/import", content=body, headers={"Content-Type": "application/json"})
            took = time.monotonic() - begun
        assert answer.json()["imported"] == IMPORTED, answer.text
        peak = _peak(url)
    what = f"import of {IMPORTED:,} tasks"
    return [
        Series("import-100000", what, "s", [took]),
        Series("import-100000-memory", f"{what}: the most memory of the server", "MB", [peak]),
    ]


def _row(number: int) -> dict[str, object]:
    due = {"date": f"2027-{number % 12 + 1:02}-{number % 28 + 1:02}"} if number % 2 else None
    repeat = "FREQ=WEEKLY" if number % 10 == 1 else None
    notes = "As real ones have, a sentence or two of text."
    return {"title": f"Task {number} of many", "notes": notes, "tags": ["home"], "due": due, "repeat": repeat}


def _peak(url: str) -> float:
    port = int(url.rsplit(":", 1)[1])
    listening = psutil.net_connections("tcp")
    pid = next(c.pid for c in listening if c.laddr and c.laddr[1] == port and c.status == "LISTEN")
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


def growth(runs: int, work: Path) -> list[Series]:
    """The p95 among a million tasks as a multiple of that among a thousand, a round at a time, both in turn."""
    del runs
    acts: dict[str, Callable[[httpx2.Client], httpx2.Response]] = {
        "list": lambda client: client.get("/api/tasks?limit=50"),
        "search": lambda client: client.get("/api/tasks?limit=50&q=word7"),
        "create": lambda client: client.post("/api/tasks", json={"title": "One more"}),
    }
    times: dict[str, list[float]] = {act: [] for act in acts}
    with _among(FEW, FEW, work) as small, _among(MANY, MINE, work) as large:
        for client in (small, large):
            for act in acts.values():
                _p95(client, act)
        for _ in range(ROUNDS):
            for name, act in acts.items():
                few = _p95(small, act)
                times[name].append(_p95(large, act) / few)
    what = "p95 of {} at 1,000,000 tasks, as a multiple of that at 1,000"
    return [Series(f"growth-{act}", what.format(act), "x", samples) for act, samples in times.items()]


def _p95(client: httpx2.Client, act: Callable[[httpx2.Client], httpx2.Response]) -> float:
    taken = []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        act(client).raise_for_status()
        taken.append(time.perf_counter() - begun)
    return percentile(taken, 0.95)


@contextlib.contextmanager
def _among(total: int, mine: int, work: Path) -> Iterator[httpx2.Client]:
    """A client whose `mine` tasks are among `total`."""
    data = work / f"among-{total}"
    data.mkdir()
    with (
        uvicorn("app.main:app", ROOT / "backend", data, work / f"among-{total}.log") as url,
        httpx2.Client(base_url=url, timeout=60) as client,
    ):
        client.post("/api/tasks", json={"title": "One word0", "notes": "As real ones have."}).raise_for_status()
        with contextlib.closing(sqlite3.connect(data / "todo.db", timeout=30)) as connection:
            _copy(connection, mine - 1, "owner", "substr(search_text, 1, 12)")
            if total > mine:
                _copy(connection, total - mine, "'guest-' || (n % 500)", "printf('%012x', n % 500)")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield client


def _copy(connection: sqlite3.Connection, total: int, owner: str, mark: str) -> None:
    columns = [row[1] for row in connection.execute("PRAGMA table_info(tasks)") if row[1] != "number"]
    changed = {
        "id": "lower(hex(randomblob(16)))",
        "owner": owner,
        "title": "'One word' || n % 1000",
        "search_text": f"{mark} || ' ' || {mark} || 'one ' || {mark} || 'word' || (n % 1000)",
    }
    values = ", ".join(changed.get(name, name) for name in columns)
    connection.execute(COPY.format(columns=", ".join(columns), values=values), {"total": total})
    connection.commit()
