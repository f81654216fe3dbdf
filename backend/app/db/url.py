"""What a DATABASE_URL may say, and how SQLAlchemy wants to hear it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

EXAMPLES = "use postgresql://user:password@host/name or sqlite:///path/to/file.db"


class BadDatabaseUrl(ValueError):
    """The URL cannot be used. The message never repeats it, since it holds a password."""


@dataclass(frozen=True)
class DatabaseUrl:
    """A database that the app can speak to. PostgreSQL's query (sslmode, channel_binding) is left as it was given."""

    kind: Literal["sqlite", "postgresql"]
    url: URL

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises BadDatabaseUrl."""
        try:
            url = make_url(text.strip())
        except (ArgumentError, ValueError):
            raise BadDatabaseUrl(f"is not a database URL: {EXAMPLES}.") from None
        backend = url.drivername.partition("+")[0]
        if backend in ("postgres", "postgresql"):
            if not url.database:
                raise BadDatabaseUrl(f"names no database: {EXAMPLES}.")
            return cls("postgresql", url.set(drivername="postgresql+psycopg"))
        if backend == "sqlite":
            if not url.database or url.database == ":memory:":
                raise BadDatabaseUrl("names no file: use sqlite:///path/to/file.db.")
            return cls("sqlite", url.set(drivername="sqlite+aiosqlite"))
        raise BadDatabaseUrl(f"asks for {backend!r}, which is not supported: {EXAMPLES}.")

    @property
    def for_migrations(self) -> URL:
        """The same database through a driver without asyncio."""
        return self.url.set(drivername="sqlite+pysqlite") if self.kind == "sqlite" else self.url

    @property
    def behind_pooler(self) -> bool:
        """A transaction pooler gives each transaction another server connection, so nothing may be prepared on one."""
        return "-pooler." in (self.url.host or "") or "pgbouncer" in (self.url.host or "")

    @property
    def path(self) -> Path:
        """SQLite's file."""
        return Path(self.url.database or "")
