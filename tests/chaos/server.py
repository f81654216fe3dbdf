"""The real application in processes of their own, which can be killed and started again in milliseconds."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from app.config import Settings
from tests.chaos.browser import GONE, Browser
from tests.loop.warm_server import wait_for
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
SMALL_DISK = "2m"
# Root may write into a file whose mode forbids it; the servers may not.
_MODES_COUNT = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]


class Nursery:
    """The process that forks servers. `small_disk` is a tmpfs of SMALL_DISK that only they see, if that is allowed."""

    def __init__(self, folder: Path) -> None:
        mount = folder / "small-disk"
        mount.mkdir()
        own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        script = f'mount -t tmpfs -o size={SMALL_DISK} tmpfs "$0" && exec "$@"'
        unshare = ["unshare", *own, "--mount", "sh", "-c", script, str(mount)]
        mountable = _runs([*unshare, "true"])
        command = [*(unshare if mountable else []), *(_MODES_COUNT if mountable or os.geteuid() == 0 else [])]
        self.process = subprocess.Popen(
            [*command, sys.executable, "-m", "tests.chaos.forks"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"
        self.mount = mount
        self.small_disk = Path(f"/proc/{self.process.pid}/root{mount}") if mountable else None

    def fork(self, port: int, log: Path, settings: dict[str, Any]) -> psutil.Process:
        assert self.process.stdin is not None
        order = {"port": port, "log": str(log), "settings": settings}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return psutil.Process(int(self._line()))

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        self.process.communicate(timeout=10)


def _runs(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


class ApiServer:
    """One server on one database; the port stays the same from start to start."""

    def __init__(self, nursery: Nursery, database: Path | str, log: Path, **settings: Any) -> None:
        url = f"sqlite:///{database}" if isinstance(database, Path) else database
        self._nursery, self._log, self._settings = nursery, log, {"database_url": url, **settings}
        self.port = free_port()
        self.process: psutil.Process | None = None

    def start(self) -> None:
        self.process = self._nursery.fork(self.port, self._log, self._settings)
        wait_for(self._answers, "an answer", output=self.output)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.is_running(), f"the server ended:\n{self.output()}"
        with Browser(self.port) as browser, suppress(*GONE):
            return browser.call("GET", "/health").status == 200
        return False

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Without a warning; returns when the process is gone."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(10)
            self.process = None

    def output(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""


@contextmanager
def running(nursery: Nursery, database: Path | str, folder: Path, **settings: Any) -> Iterator[ApiServer]:
    """`database` is a file of SQLite or a URL."""
    server = ApiServer(nursery, database, folder / "server.log", **settings)
    server.start()
    try:
        yield server
    finally:
        server.kill()
