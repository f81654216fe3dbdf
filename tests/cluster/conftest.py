"""One built pair of images, one forwarded ingress and one installed release for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.cluster import forward, images
from tests.cluster.images import Images
from tests.cluster.kubernetes import Failed, kubectl, namespace
from tests.cluster.release import Release
from tests.figures import figure, show

__all__ = ["figure"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/cluster" in str(item.path):
            item.add_marker(pytest.mark.cluster)
            item.add_marker(pytest.mark.timeout(600))  # the first one also builds the images


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    show(terminalreporter, "figures of faults in the cluster")


@pytest.fixture(scope="session")
def cluster() -> None:
    try:
        kubectl("get", "--raw", "/readyz")
        kubectl("-n", "ingress-nginx", "get", "service", "ingress-nginx-controller")
    except (Failed, FileNotFoundError) as error:
        pytest.exit(f"no cluster with an ingress in the current kubectl context: {error}", returncode=1)


@pytest.fixture(scope="session")
def built(cluster: None) -> Iterator[Images]:  # noqa: ARG001
    made = images.prepare()
    yield made
    images.discard(made)


@pytest.fixture(scope="session")
def port(cluster: None) -> Iterator[int]:  # noqa: ARG001
    with forward.ingress() as local:
        yield local


@pytest.fixture(scope="session")
def release(built: Images, port: int) -> Iterator[Release]:
    """The application, installed once; a test that changes it brings it back."""
    with namespace("cluster") as name:
        installed = Release(name, "todo", port, built)
        installed.create_secret()
        installed.upgrade()
        installed.wait_for_page()
        yield installed
