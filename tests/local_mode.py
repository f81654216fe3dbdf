"""Local mode as a test runs it: the real command, its own port, data folder and build folder."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT = 120.0  # seconds; a cold `next dev` on two busy cores


@dataclass
class LocalMode:
    """A running `make up` in local mode."""

    process: subprocess.Popen[str]
    url: str
    data: Path
    lines: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def follow(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip())
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def wait_for(self, text: str, seconds: float = START_LIMIT) -> str:
        """The first printed line that contains text; fails with everything printed so far."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                for line in self.lines:
                    if text in line:
                        return line
                left = deadline - time.monotonic()
                if left <= 0 or self.process.poll() is not None:
                    raise AssertionError(f"{text!r} was not printed:\n" + "\n".join(self.lines))
                self.changed.wait(min(left, 1))

    def tree(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@contextlib.contextmanager
def running(data: Path, **env: str) -> Iterator[LocalMode]:
    """Start local mode and wait until it says that the page answers; end it and all that is left of it."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.up", "--mode=local", f"--port={port}", "--no-tests"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATA_DIR": str(data),
            "NEXT_DIST_DIR": ".next-test",
            "LLM_API_KEY": "",
            "DATABASE_URL": "",
            **env,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    mode = LocalMode(process, f"http://localhost:{port}", data)
    reader = threading.Thread(target=mode.follow)
    reader.start()
    children: list[psutil.Process] = []
    try:
        mode.wait_for("Ctrl-C")
        children = mode.tree()
        yield mode
    finally:
        if process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                mode.interrupt()
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        process.kill()
        process.wait()
        reader.join(10)
        assert process.stdout is not None
        process.stdout.close()
