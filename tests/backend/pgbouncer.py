"""A real PgBouncer in transaction mode before the tests' PostgreSQL: few server connections, another one each time."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from scripts.local.ports import free_port
from tests.backend.postgres_server import PostgresServer

BINARY = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIGURATION = """
[databases]
* = host={folder} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
"""


class Pooler:
    """Where the databases of a server can also be reached."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, name: str) -> str:
        """The host's name says what it is, as Neon's do; nobody has to resolve it."""
        return f"postgresql://postgres@db-pooler.test:{self.port}/{name}?hostaddr=127.0.0.1"


@contextmanager
def pgbouncer(server: PostgresServer) -> Iterator[Pooler]:
    assert BINARY is not None
    pooler = Pooler(free_port())
    with tempfile.TemporaryDirectory(prefix="todo-pooler-", dir="/tmp") as folder:
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(CONFIGURATION.format(folder=server.folder, port=pooler.port))
        os.chmod(folder, 0o755)
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        with (Path(folder) / "log").open("wb") as log, subprocess.Popen([BINARY, *user, file], stderr=log) as process:
            try:
                _wait(pooler.url("postgres"), process)
                yield pooler
            finally:
                process.kill()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url, prepare_threshold=None).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
