"""The real backend in a folder of its own, as `make up` serves it: warm, watched, with an embedded database."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.servers import Asker, started
from scripts.local.parts import settings_env
from scripts.tilt_eval import ROOT
from tests.backend import migrated
from tests.ports import free_port

PARTS = ("app", "migrations", "warm", "alembic.ini", "pyproject.toml")


@dataclass(frozen=True)
class RunningBackend:
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def app(self) -> Path:
        return self.folder / "app"

    @property
    def environment(self) -> dict[str, str]:
        """In which this checkout's scripts find it."""
        return {"TODO_MODE": "local", "DATA_DIR": str(self.folder / ".data")}


@contextmanager
def running_backend(folder: Path) -> Iterator[RunningBackend]:
    """Served until the block ends."""
    for part in PARTS:
        source = ROOT / "backend" / part
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / part)
    backend = RunningBackend(folder, free_port())
    data = folder / ".data"
    data.mkdir()
    shutil.copy(migrated.sqlite_file(), data / "todo.db")
    environment = {**settings_env(data), "PYTHONPATH": str(folder), "DATABASE_URL": "", "LLM_API_KEY": ""}
    argv = [sys.executable, "-m", "warm", "app.main:app", "--port", str(backend.port), "--watch", "app"]
    with started(argv, folder, environment, folder / "warm.log"):
        asker = Asker(backend.port)
        with closing(asker.connection):
            asker.wait("/api/meta", 60)
        yield backend
