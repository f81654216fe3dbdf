"""The backend's own speed: a list out of 100,000 tasks against the same bytes from memory, and a rule-engine turn."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from scripts.bench.series import Series
from scripts.bench.servers import answered, started
from scripts.bench.trees import ROOT
from scripts.local.ports import free_port

TOTAL = 100_000
REQUESTS = 150
PEER = """
from fastapi import FastAPI, Response
BODY = open({body!r}, "rb").read()
app = FastAPI()

@app.get("/api/tasks")
async def tasks() -> Response:
    return Response(BODY, media_type="application/json")

@app.get("/api/health")
async def health() -> dict[str, str]:
    return {{"status": "ok"}}
"""


def fill(database: Path, total: int) -> None:
    """Copy a task that the API made until there are `total` of them."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        cursor = connection.execute("SELECT * FROM tasks LIMIT 1")
        columns, row = [column[0] for column in cursor.description], cursor.fetchone()
        key, title, number_at = columns.index("id"), columns.index("title"), columns.index("number")

        def copies() -> Iterator[list[Any]]:
            dashed = "-" in str(row[key])
            for number in range(total - 1):
                copy, fresh = list(row), uuid.uuid4()
                copy[number_at] = None  # the database gives the next one
                copy[key], copy[title] = str(fresh) if dashed else fresh.hex, f"Task number {number}"
                yield copy

        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO tasks ({', '.join(columns)}) VALUES ({marks})", copies())
        connection.commit()


@contextlib.contextmanager
def uvicorn(module: str, folder: Path, data: Path, log: Path, **settings: str) -> Iterator[str]:
    """One worker without access log; its base URL."""
    port = free_port()
    argv = [sys.executable, "-m", "uvicorn", module, "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    env = {
        "DATA_DIR": str(data),
        "DATABASE_URL": "",
        "LLM_API_KEY": "",
        "LOG_FORMAT": "json",
        "RATE_LIMIT": "1000000/minute",
        **settings,
    }
    if folder == ROOT / "backend":
        subprocess.run(
            [sys.executable, "-m", "app.db.migrate"],
            cwd=folder,
            env={**os.environ, **env},
            check=True,
            capture_output=True,
        )
    with started(argv, folder, env, log):
        answered(port, "/api/health")
        yield f"http://127.0.0.1:{port}"


def rate(client: httpx2.Client) -> float:
    """Requests a second over one kept connection."""
    begun = time.monotonic()
    for _ in range(REQUESTS):
        client.get("/api/tasks?limit=50").raise_for_status()
    return REQUESTS / (time.monotonic() - begun)


def list_rate(runs: int, work: Path) -> list[Series]:
    data = work / "api"
    data.mkdir()
    with (
        uvicorn("app.main:app", ROOT / "backend", data, work / "api.log") as url,
        httpx2.Client(base_url=url) as client,
    ):
        client.post("/api/tasks", json={"title": "One of many", "notes": "As real ones have."}).raise_for_status()
        fill(data / "todo.db", TOTAL)
        body = client.get("/api/tasks?limit=50")
        (work / "body.json").write_bytes(body.content)
        (work / "from_memory.py").write_text(PEER.format(body=str(work / "body.json")))
        with (
            uvicorn("from_memory:app", work, data, work / "peer.log") as other,
            httpx2.Client(base_url=other) as memory,
        ):
            pairs = [(rate(client), rate(memory)) for _ in range(max(5, runs // 3))]
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    what = f"list of 50 out of {TOTAL:,} tasks, one client"
    return [
        Series(
            "list-50-of-100000", what, "requests/s", ours, "the same bytes from memory", theirs, higher_is_better=True
        )
    ]


def rule_turn(runs: int, work: Path) -> list[Series]:
    data = work / "turn"
    data.mkdir()
    taken = []
    with (
        uvicorn("app.main:app", ROOT / "backend", data, work / "turn.log") as url,
        httpx2.Client(base_url=url) as client,
    ):
        for number in range(runs + 3):
            begun = time.monotonic()
            body = {"message": f"add call number {number} tomorrow 5pm #bench"}
            client.post("/api/chat", json=body, headers={"Accept": "application/json"}).raise_for_status()
            if number > 2:
                taken.append((time.monotonic() - begun) * 1000)
    return [Series("rule-turn", "a turn of the rule engine that adds a task", "ms", taken)]
