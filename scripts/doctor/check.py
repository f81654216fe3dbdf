"""What a check is, where it looks, and how all of them run at once within a few seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.error import URLError
from urllib.request import Request, urlopen

import yaml
from dotenv import dotenv_values

Status = Literal["ok", "warn", "fail", "skip"]
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 4.0  # seconds for all checks together


@dataclass(frozen=True)
class Finding:
    """The result of one check: one sentence and, unless all is well, one remedy; `fix` is a command that is safe."""

    status: Status
    text: str
    remedy: str = ""
    fix: tuple[str, ...] = ()


def ok(text: str) -> Finding:
    return Finding("ok", text)


def warn(text: str, remedy: str, *fix: str) -> Finding:
    return Finding("warn", text, remedy, fix)


def fail(text: str, remedy: str, *fix: str) -> Finding:
    return Finding("fail", text, remedy, fix)


def skip(text: str) -> Finding:
    return Finding("skip", text)


@dataclass(frozen=True)
class Machine:
    """Where the checks look; a test gives another one in which something is broken."""

    root: Path = ROOT
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    proc: Path = Path("/proc")
    port: int = 8080
    tilt_port: int = 10350
    min_disk_gb: float = 5.0
    mode: str = "local"  # cluster and hybrid bring a database of their own
    min_memory_gb: float = 2.0

    @cached_property
    def settings(self) -> dict[str, str]:
        """What .env and, over it, the environment say; empty means unset."""
        stored = {key: value for key, value in dotenv_values(self.root / ".env").items() if value}
        return {**stored, **{key: value for key, value in self.env.items() if value}}

    @cached_property
    def tilt_settings(self) -> dict[str, Any]:
        """What this person's own tilt-settings.yaml says."""
        file = self.root / "tilt-settings.yaml"
        return (yaml.safe_load(file.read_text()) or {}) if file.exists() else {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def which(self, command: str) -> str | None:
        return shutil.which(command, path=self.env.get("PATH", ""))

    def run(self, *argv: str, timeout: float = 3) -> str | None:
        """What the command printed, or None when it is missing or fails. Raises TimeoutExpired."""
        found = self.which(argv[0])
        if found is None:
            return None
        try:
            done = subprocess.run(
                [found, *argv[1:]], env=dict(self.env), cwd=self.root, capture_output=True, timeout=timeout, check=True
            )
        except (OSError, subprocess.CalledProcessError):
            return None
        return done.stdout.decode(errors="replace").strip()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, Mapping[str, str], bytes] | None:
        """Status, headers and body of a GET through the router; None when nothing answers there."""
        try:
            with urlopen(Request(self.url + path, headers=dict(headers or {})), timeout=2) as answer:
                return answer.status, answer.headers, answer.read()
        except URLError as error:
            status = getattr(error, "code", None)
            return (status, getattr(error, "headers", {}), b"") if status else None
        except OSError:
            return None

    @cached_property
    def app_answers(self) -> bool:
        answer = self.get("/api/health")
        return answer is not None and answer[0] == 200


@dataclass(frozen=True)
class Check:
    """A named question; `cluster` marks what local mode can do without."""

    name: str
    ask: Callable[[Machine], Finding]
    cluster: bool


CHECKS: list[Check] = []


def check(
    name: str, *, cluster: bool = False
) -> Callable[[Callable[[Machine], Finding]], Callable[[Machine], Finding]]:
    """Register a question under the name that the report shows."""

    def register(ask: Callable[[Machine], Finding]) -> Callable[[Machine], Finding]:
        CHECKS.append(Check(name, ask, cluster))
        return ask

    return register


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    name: str
    finding: Finding
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, **asdict(self.finding), "seconds": round(self.seconds, 3)}


def examine(machine: Machine, *, mode: str = "cluster", only: tuple[str, ...] = ()) -> list[Line]:
    """Ask every question at once; one that does not answer in time is a warning and holds nobody up."""
    machine = replace(machine, mode=mode)
    asked = [each for each in CHECKS if not only or each.name in only]
    pool = ThreadPoolExecutor(max_workers=len(asked) or 1)
    running = [pool.submit(_ask, each, machine, mode) for each in asked]
    wait(running, timeout=PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)
    late = warn(f"did not answer within {PATIENCE:.0f} s", "run it alone: make doctor ARGS='--only NAME'")
    return [
        future.result() if future.done() and not future.cancelled() else Line(each.name, late, PATIENCE)
        for each, future in zip(asked, running, strict=True)
    ]


def _ask(question: Check, machine: Machine, mode: str) -> Line:
    started = time.monotonic()
    if question.cluster and mode == "local":
        finding = skip("not needed in local mode")
    else:
        try:
            finding = question.ask(machine)
        except subprocess.TimeoutExpired as error:  # says something of the load, nothing of the thing asked about
            finding = warn(f"{Path(error.cmd[0]).name} did not answer in time", "the machine is busy; ask again")
        except Exception as error:  # a broken check must not hide the others
            finding = warn(f"the check itself failed: {error!r}", "please report it")
    return Line(question.name, finding, time.monotonic() - started)
