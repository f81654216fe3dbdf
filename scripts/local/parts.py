"""The parts of local mode: what runs, with which command, environment and address."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from . import router
from .ports import claimed, require
from .process import Process

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Addresses:
    """The ports of one running local mode; only `public` is meant for people."""

    public: int
    backend: int
    frontend: int

    @classmethod
    @contextlib.contextmanager
    def chosen(cls, public: int) -> Iterator["Addresses"]:
        """Ports that no other local mode takes while this one uses them. Raises PortTaken."""
        with claimed(8000, 3000) as (backend, frontend):
            yield cls(require(public), backend, frontend)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.public}"


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / ".data").resolve()


def settings_env(data: Path) -> dict[str, str]:
    """What the backend is configured with: .env first, the caller's environment over it, local defaults under both."""
    from_file = {key: value for key, value in dotenv_values(ROOT / ".env").items() if value}
    inherited = {key: os.environ[key] for key in from_file if os.environ.get(key)}
    settings = {"APP_ENV": "development", "LOG_FORMAT": "console", **from_file, **inherited}
    if settings["APP_ENV"] == "development":  # elsewhere the backend refuses it
        settings["SCRIPTED_MODELS"] = str(data / "models")
    return {
        **settings,
        "DATA_DIR": str(data),
        "RELOAD_STATUS_FILE": str(data / "reload.json"),
        "PYTHONUNBUFFERED": "1",
    }


def all_parts(at: Addresses, data: Path, say: Callable[[str, str], None], *, tests: bool = True) -> list[Process]:
    logs, env = data / "logs", settings_env(data)

    # The parts write into pipes and would not colour by themselves.
    colour = {"FORCE_COLOR": "1"} if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else {}
    env |= colour

    def part(name: str, argv: list[str], cwd: Path, extra: dict[str, str]) -> Process:
        return Process(name, argv, cwd, extra, logs / f"{name}.log", say)

    backend = [sys.executable, "-m", "warm", "app.main:app", "--host", "127.0.0.1", "--port", str(at.backend)]
    backend += ["--watch", "app", "--on-change", "migrations", f"{sys.executable} -m app.db.migrate"]
    if port := os.environ.get("DEBUG_PORT"):
        backend += ["--debug", port]
    node = ["node", "node_modules/next/dist/bin/next", "dev", "--hostname", "127.0.0.1", "--port", str(at.frontend)]
    targets = {
        "BACKEND_URL": f"http://127.0.0.1:{at.backend}",
        "FRONTEND_URL": f"http://127.0.0.1:{at.frontend}",
    }
    parts = [
        part("router", router.command(at.public), ROOT, targets),
        part("backend", backend, ROOT / "backend", env),
        part("frontend", node, ROOT / "frontend", {**targets, **colour, "NEXT_TELEMETRY_DISABLED": "1"}),
    ]
    if tests:
        parts.append(part("tests", [sys.executable, "-m", "scripts.affected_tests", "--watch"], ROOT, {}))
    return parts
