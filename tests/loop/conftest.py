"""What the tests of the loop share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loop.warm_server import WarmServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WarmServer]:
    """The small application of the warm server's tests; `start` starts it."""
    server = WarmServer(tmp_path)
    yield server
    server.destroy()
