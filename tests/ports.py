"""Ports for the servers of the tests."""

import itertools
import os
import socket

# Below the range from which Linux numbers outgoing connections and port 0, so that nobody is given one of these by
# chance between its choice and its use; a thousand for each worker of pytest-xdist.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_NUMBERS = itertools.cycle(range(20_000 + 1_000 * (_WORKER % 12), 21_000 + 1_000 * (_WORKER % 12)))


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing uses and that this run has not given away yet."""
    for port in _NUMBERS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("unreachable")
