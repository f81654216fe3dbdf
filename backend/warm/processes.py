"""Children of the supervisor: started, and reaped whoever's children they once were."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import IO

Ended = Callable[[int], None]
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of servers whose zygote died (PID 1 of a container is that anyway)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Processes:
    """Starts commands and calls back with their exit status (negative: the signal)."""

    def __init__(self, orphan_ended: Callable[[int, int], None]) -> None:
        self._ended: dict[int, tuple[subprocess.Popen[bytes], Ended]] = {}
        self._orphan_ended = orphan_ended
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._reap)

    def start(
        self,
        command: Sequence[str],
        ended: Ended,
        *,
        keep: Sequence[int] = (),
        output: IO[bytes] | None = None,
    ) -> int:
        """The process id. `keep` are descriptors that the command inherits."""
        process = subprocess.Popen(command, pass_fds=keep, stdout=output, stderr=output)
        self._ended[process.pid] = (process, ended)
        return process.pid

    def run(self, command: Sequence[str], finished: Callable[[int, str], None]) -> int:
        """Start a command; call back with its status and what it printed."""
        output = tempfile.TemporaryFile()  # noqa: SIM115 (closed by ended)

        def ended(status: int) -> None:
            with output:
                output.seek(0)
                finished(status, output.read().decode(errors="replace"))

        return self.start(command, ended, output=output)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            code = os.waitstatus_to_exitcode(status)
            if pid in self._ended:
                process, ended = self._ended.pop(pid)
                process.returncode = code
                ended(code)
            else:
                self._orphan_ended(pid, code)


def kill(pid: int | None, number: signal.Signals) -> None:
    """Signal a process that may be gone."""
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def how(status: int) -> str:
    """An exit status in words."""
    return f"was killed by {signal.Signals(-status).name}" if status < 0 else f"exited with status {status}"
