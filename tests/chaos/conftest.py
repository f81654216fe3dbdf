"""One nursery for all, databases to copy, the seed, and the figures after a run."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.db.migrate import upgrade
from app.db.url import DatabaseUrl
from tests.chaos.bounds import SEED
from tests.chaos.server import Nursery
from tests.figures import figure, show

__all__ = ["figure"]


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    nursery = Nursery(tmp_path_factory.mktemp("nursery"))
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "todo.db"
    upgrade(DatabaseUrl.parse(f"sqlite:///{path}"))
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Path:
    """An SQLite file with tables and no rows."""
    return Path(shutil.copy(migrated, tmp_path / "todo.db"))


@pytest.fixture
def random() -> Random:
    """pytest shows the seed beside a failure."""
    print(f"CHAOS_SEED={SEED}")
    return Random(SEED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    show(terminalreporter, f"figures of chaos, seed {SEED}")
