"""The cluster's ingress on a port of this machine, kept up as long as the tests need it."""

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator

from tests.cluster.kubernetes import ENVIRONMENT, wait_until
from tests.ports import free_port

SERVICE = ("ingress-nginx", "svc/ingress-nginx-controller", "80")


@contextlib.contextmanager
def ingress() -> Iterator[int]:
    """The local port; a forward that ends is started again until the block is left."""
    port, over = free_port(), threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def supervise() -> None:
        where, target, remote = SERVICE
        while not over.is_set():
            command = ["kubectl", "-n", where, "port-forward", "--address=127.0.0.1", target, f"{port}:{remote}"]
            running[:] = [subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)]
            running[0].wait()
            over.wait(0.2)

    supervisor = threading.Thread(target=supervise)
    supervisor.start()
    try:
        wait_until("the forwarded ingress", lambda: _listens(port), 30)
        yield port
    finally:
        over.set()
        for process in running:
            process.terminate()
        supervisor.join()


def _listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
