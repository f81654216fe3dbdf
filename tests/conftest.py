"""What every test may use: the deployed application, started once in each process that runs tests."""

from collections.abc import Iterator

import pytest

from scripts.bench.production import Production
from tests.deployed import deployed


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """The real application, as its images run it; `.url` is its one origin."""
    with deployed(tmp_path_factory.mktemp("application")) as running:
        yield running
