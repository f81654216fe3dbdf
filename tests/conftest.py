"""What every test may use: the running application in local mode, started once a run."""

from collections.abc import Iterator

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.local_mode import LocalMode, running

USERS_OF_THE_APPLICATION = ("tests/chart/test_routing.py",)


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMode]:
    """The real application, as `make up` runs it; `.url` is its one origin."""
    with running(tmp_path_factory.mktemp("application")) as mode:
        yield mode


class SharedResources(LoadScopeScheduling):
    """Keeps a file on one worker, and all that shares the running application.

    pytest-xdist's own `--dist loadgroup` has no effect with pytest 9.2: it writes the group into a node id that is no
    longer kept as a string.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "application" if file.startswith("tests/e2e/") or file in USERS_OF_THE_APPLICATION else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharedResources | None:
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # in the order of the command line, which begins with the longest
    return SharedResources(config, log)
