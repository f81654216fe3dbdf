"""One child process of local mode: in a group of its own, its output prefixed and logged, restarted when it dies."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_GRACE = 4.0  # seconds between SIGTERM and SIGKILL
RESTARTS = 3  # within RESTART_WINDOW; after that the part has failed
RESTART_WINDOW = 30.0


@dataclass
class Process:
    """A long-running part of the application.

    `say(name, line)` receives each line of its output; `log` receives the same bytes.
    """

    name: str
    argv: Sequence[str | Path]
    cwd: Path
    env: Mapping[str, str]
    log: Path
    say: Callable[[str, str], None]
    child: asyncio.subprocess.Process | None = None
    stopping: bool = False
    failures: list[float] = field(default_factory=list)

    async def start(self) -> None:
        self.child = await asyncio.create_subprocess_exec(
            *map(str, self.argv),
            cwd=self.cwd,
            env={**os.environ, **self.env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches this program alone, which then stops the parts in order
            limit=1 << 20,
        )

    async def run(self) -> None:
        """Keep the process running until stop() is called; return when it has failed for good."""
        while not self.stopping:
            if self.child is None:
                await self.start()
            assert self.child is not None
            await self._copy_output(self.child)
            code = await self.child.wait()
            self.child = None
            if self.stopping:
                return
            now = time.monotonic()
            self.failures = [*(t for t in self.failures if now - t < RESTART_WINDOW), now]
            if len(self.failures) > RESTARTS:
                self.say(self.name, f"ended with {describe(code)} {len(self.failures)} times; given up")
                return
            self.say(self.name, f"ended with {describe(code)}; starting it again")
            await asyncio.sleep(0.3 * len(self.failures))

    async def _copy_output(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        with self.log.open("ab", buffering=0) as log:
            while line := await read_line(child.stdout):
                log.write(line)
                self.say(self.name, line.decode(errors="replace").rstrip())

    async def stop(self) -> None:
        """SIGTERM to the whole group, SIGKILL after the grace; return when nothing of it is left."""
        self.stopping = True
        child = self.child
        if child is None or child.returncode is not None:
            return
        signal_group(child.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(child.wait(), STOP_GRACE)
        except TimeoutError:
            pass
        finally:
            signal_group(child.pid, signal.SIGKILL)  # also what its children left behind in the group


async def read_line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:  # a line longer than the limit: pass it on in pieces
        return await stream.read(1 << 16)


def signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def describe(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
