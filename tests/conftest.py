"""What every test may use: the running application in local mode, started once a run."""

from collections.abc import Iterator

import pytest

from tests.local_mode import LocalMode, running


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMode]:
    """The real application, as `make up` runs it; `.url` is its one origin."""
    with running(tmp_path_factory.mktemp("application")) as mode:
        yield mode
