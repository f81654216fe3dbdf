"""Migrated databases for tests to start from, made once on a machine for each state of the code that migrates."""

import functools
import hashlib
import tempfile
from pathlib import Path

from app.db.migrate import upgrade
from app.db.url import DatabaseUrl
from scripts.install_helm import cache
from tests.backend.postgres_server import PostgresServer, kept_data

NAME = "todo"  # of the database, in PostgreSQL
CODE = ("backend/migrations", "backend/app/db")  # a change of these also has every test run on a save


@functools.cache
def _digest() -> str:
    root, total = Path(__file__).parents[2], hashlib.sha256()
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def sqlite_file() -> Path:
    """A file to copy; nobody writes into it."""
    kept = cache() / f"migrated-{_digest()}.db"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            made = Path(folder, kept.name)
            upgrade(DatabaseUrl.parse(f"sqlite:///{made}"))
            made.rename(kept)
    return kept


def postgres_data() -> Path:
    """The data of a server with a migrated database called NAME, for `postgres_server` to copy."""

    def fill(server: PostgresServer) -> None:
        upgrade(DatabaseUrl.parse(server.create(NAME)))

    return kept_data(f"migrated-{_digest()}", fill)
