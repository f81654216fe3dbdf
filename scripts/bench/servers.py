"""Servers under measurement: started in a group of their own, asked until they answer, ended whole."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


class TooLate(Exception):
    """What was waited for did not come within the limit; says what, and where the output is."""


@contextlib.contextmanager
def started(
    argv: Sequence[str | Path], cwd: Path, env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command while the block runs; its output goes to a file."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(a) for a in argv],
            cwd=cwd,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Asker:
    """GETs over one kept connection, opened again when the server closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            self.connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, b""

    def digest(self) -> str | None:
        """The digest of the source that answers, or None while nothing good does."""
        status, body = self.get("/api/meta")
        try:
            return str(json.loads(body)["source_digest"]) if status == 200 else None
        except (ValueError, KeyError):
            return None

    def wait(self, path: str, limit: float = 180) -> float:
        """Seconds until path answers 200. Raises TooLate."""
        begun = time.monotonic()
        while self.get(path)[0] != 200:
            if time.monotonic() - begun > limit:
                raise TooLate(f"{path} on port {self.port} gave no 200 within {limit:.0f} s")
            time.sleep(0.01)
        return time.monotonic() - begun

    def wait_digest(self, wanted: str, limit: float = 60) -> float:
        """The moment (time.monotonic) at which the wanted source answered. Raises TooLate."""
        begun = time.monotonic()
        while self.digest() != wanted:
            if time.monotonic() - begun > limit:
                raise TooLate(f"the source {wanted} did not answer on port {self.port} within {limit:.0f} s")
            time.sleep(0.002)
        return time.monotonic()


def answered(port: int, path: str) -> float:
    """Seconds until path answers 200. Raises TooLate."""
    asker = Asker(port)
    try:
        return asker.wait(path)
    finally:
        asker.connection.close()
