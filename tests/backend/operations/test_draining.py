"""SIGTERM: readiness is false at once, the server stops afterwards, and what runs is answered."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

BACKEND = Path(__file__).resolve().parents[3] / "backend"


@pytest.mark.slow
def test_a_server_that_is_told_to_stop_drains_first(migrated_sqlite: Path, tmp_path: Path) -> None:
    database = shutil.copy(migrated_sqlite, tmp_path)
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "DRAIN_SECONDS": "1"}
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", "0"]
    with subprocess.Popen(
        command, cwd=BACKEND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout is not None
        url = next(found[0] for line in server.stdout if (found := re.search(r"http://127[0-9.:]+", line)))
        with httpx2.Client(base_url=url) as client:
            assert client.get("/ready").status_code == 200
            started = time.monotonic()
            server.send_signal(signal.SIGTERM)
            while (ready := client.get("/ready")).status_code == 200:
                assert time.monotonic() - started < 10
            assert ready.json() == {"status": "draining"}
            assert client.post("/api/tasks", json={"title": "Still served"}).status_code == 201
        server.stdout.read()
        server.wait(30)
        assert time.monotonic() - started >= 1
