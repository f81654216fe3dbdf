"""One level of load for some seconds: what was asked for, what was answered, and when."""

import json
import os
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.series import percentile
from scripts.own_environment import command

HERE = Path(__file__).parent
SPAWNING = 3  # seconds in which the users come one after the other; what they do by then is not counted
LIMIT = 100.0  # milliseconds that 99 of 100 requests may take at a steady rate


@dataclass(frozen=True)
class Load:
    """Requests and turns a second, by so many users of each kind."""

    requests: float = 0
    turns: float = 0
    users: int = 40

    @property
    def rate(self) -> float:
        return self.requests + self.turns

    def variables(self) -> dict[str, str]:
        visitors, talkers = (self.users if rate else 0 for rate in (self.requests, self.turns))
        return {
            "SOAK_VISITORS": str(visitors),
            "SOAK_VISITS": str(self.requests / self.users or 1),
            "SOAK_TALKERS": str(talkers),
            "SOAK_TALKS": str(self.turns / self.users or 1),
        }

    def classes(self) -> list[str]:
        return [name for name, rate in (("Visitor", self.requests), ("Talker", self.turns)) if rate]


@dataclass(frozen=True)
class Answered:
    """`rate` is a second, `p50` and `p99` are milliseconds to the last byte, rounded as Locust does: to two digits."""

    wanted: float
    rate: float
    requests: int
    failures: int
    p50: float
    p99: float

    @property
    def steady(self) -> bool:
        return not self.failures and self.p99 < LIMIT and self.rate > 0.95 * self.wanted


@dataclass(frozen=True)
class Running:
    load: Load
    process: subprocess.Popen[bytes]
    answers: Path  # a file that is there at its end


def start(load: Load, url: str, guests: Path, seconds: float) -> Running:
    """The load, for so many seconds and those of the spawning before."""
    answers = guests.with_name("answers.json")
    answers.unlink(missing_ok=True)
    count = load.users * len(load.classes())
    locust = command("locust", HERE / "requirements.txt")
    argv = [locust, *load.classes(), "-f", HERE / "users.py", "--host", url, "--headless", "--skip-log"]
    pace = {"users": count, "spawn-rate": count / SPAWNING, "run-time": f"{round(seconds + SPAWNING)}s"}
    argv += ["--reset-stats", *(f"--{name}={value}" for name, value in pace.items())]
    argv += ["--json-file", answers.with_suffix("")]
    env = {**os.environ, **load.variables(), "SOAK_GUESTS": str(guests)}
    nothing = subprocess.DEVNULL
    process = subprocess.Popen([str(word) for word in argv], env=env, stdout=nothing)
    return Running(load, process, answers)


def answered(running: Running) -> Answered:
    """Waits for its end."""
    running.process.wait()
    entries = json.loads(running.answers.read_text())
    times: Counter[float] = Counter()
    for entry in entries:
        times.update({float(time): count for time, count in entry["response_times"].items()})
    every = sorted(times.elements())
    assert every, "nothing was answered in that time"
    took = max(e["last_request_timestamp"] for e in entries) - min(e["start_time"] for e in entries)
    failures, rate = sum(entry["num_failures"] for entry in entries), len(every) / max(took, 1.0)
    p50, p99 = percentile(every, 0.5), percentile(every, 0.99)
    return Answered(running.load.rate, rate, len(every), failures, p50, p99)


def run(load: Load, url: str, guests: Path, seconds: float) -> Answered:
    return answered(start(load, url, guests, seconds))
