"""What every test may use: the running application in local mode, started once a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_mode import LocalMode, running


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMode]:
    """The real application, as `make up` runs it; `.url` is its one origin."""
    with running(tmp_path_factory.mktemp("application")) as mode:
        yield mode


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, a file stays on one of them, and so does all that shares the running application."""
    end_to_end = Path(__file__).parent / "e2e"
    for item in items:
        group = "application" if item.path.is_relative_to(end_to_end) else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
