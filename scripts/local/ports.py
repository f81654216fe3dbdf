"""Ports: which one is free, and who holds the one that is not."""

import contextlib
import socket
from collections.abc import Iterator

import psutil


class PortTaken(Exception):
    """One sentence that names the port, its holder and the remedy."""


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """The process that listens on a port, as far as this user may see it."""
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except (psutil.Error, OSError):
        pass
    return "another program"


def require(port: int) -> int:
    """The public port: it must be free, since people typed it into a browser. Raises PortTaken."""
    if not is_free(port):
        raise PortTaken(
            f"port {port} is in use by {holder(port)}: stop it, or choose another one with `PORT={port + 1} make up`."
        )
    return port


def prefer(port: int) -> int:
    """An internal port: the usual number when it is free, any free one otherwise."""
    return port if is_free(port) else free_port()


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def claimed(*ports: int) -> Iterator[list[int]]:
    """Internal ports as `prefer` chooses them, kept from another local mode until the end.

    A server listens seconds after its port was chosen, and a second checkout that starts meanwhile would choose the
    same one. The claim is the UDP port of the same number: it needs no file and ends with the process.
    """
    with contextlib.ExitStack() as claims:
        chosen = []
        for port in ports:
            number, claim = prefer(port), claims.enter_context(_udp())
            while not _bound(claim, number):
                number = free_port()
            chosen.append(number)
        yield chosen


def _udp() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def _bound(claim: socket.socket, port: int) -> bool:
    try:
        claim.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
