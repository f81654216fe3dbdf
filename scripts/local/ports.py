"""Ports: which one is free, and who holds the one that is not."""

import socket

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
    if is_free(port):
        return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
