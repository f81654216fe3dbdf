"""One engine per process and the sessions on it."""

import asyncio
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, Dialect, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import await_only

from app.db.kept import Kept
from app.db.url import DatabaseUrl

CONNECT_SECONDS = 10
POOL_WAIT_SECONDS = 10
REFUSED_WITHIN_SECONDS = 1.0  # whoever says nothing for longer is not asked twice
WAKE_PAUSE_SECONDS = 0.5  # a sleeping Neon compute needs a few hundred milliseconds
BUSY_MILLISECONDS = 10_000


class Database:
    """Connections to one database. `read()` and `write()` are units of work: committed whole, or rolled back."""

    def __init__(self, url: DatabaseUrl, *, pool_size: int = 5, timeout: float = 15.0) -> None:
        self.kind = url.kind
        self.after_write: Callable[[], None] = lambda: None
        self.engine = _engine(url, pool_size, timeout)
        writing = self.engine.execution_options(writes=True)
        self._readers = async_sessionmaker(self.engine, expire_on_commit=False)
        self._writers = async_sessionmaker(writing, expire_on_commit=False)
        self._plain = _plain_engine(url, pool_size) if url.kind == "sqlite" else None
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT") if self._plain is None else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Each statement sees what is committed by then."""
        async with self._readers.begin() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Takes SQLite's write lock at the start: a transaction that reads first could not get it later."""
        async with self._writers.begin() as session:
            yield session
        self.after_write()

    async def rows(self, question: Kept | Select[Any], parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """The answer to one question, without a session or a transaction around it.

        SQLite is asked in one trip to a thread; each step of a session would be a trip of its own.
        """
        if self._plain is not None:
            return await asyncio.to_thread(_ask, self._plain, question, parameters)
        assert self._single is not None
        statement = question.statement if isinstance(question, Kept) else question
        async with self._single.connect() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(statement, parameters)).all()
            return rows

    async def close(self) -> None:
        if self._plain is not None:
            self._plain.dispose()
        await self.engine.dispose()


def _engine(url: DatabaseUrl, pool_size: int, timeout: float) -> AsyncEngine:
    common: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "pool_timeout": POOL_WAIT_SECONDS}
    if url.kind == "sqlite":
        url.path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(url.url, connect_args={"timeout": BUSY_MILLISECONDS / 1000}, **common)
        listen_to_sqlite(engine.sync_engine)
        return engine
    from app.db.impatience import impatient  # with psycopg, which SQLite's servers spare themselves

    arguments: dict[str, Any] = {
        "connect_timeout": min(CONNECT_SECONDS, math.ceil(timeout)),
        "async_creator_fn": impatient(timeout),
    }
    if url.behind_pooler:
        arguments["prepare_threshold"] = None
    engine = create_async_engine(url.url, pool_pre_ping=True, pool_recycle=300, connect_args=arguments, **common)
    event.listen(engine.sync_engine, "do_connect", _connect_twice)
    event.listen(engine.sync_engine, "handle_error", _leave_read_only)
    return engine


def _plain_engine(url: DatabaseUrl, pool_size: int) -> Engine:
    engine = create_engine(url.for_migrations, connect_args={"timeout": BUSY_MILLISECONDS / 1000}, pool_size=pool_size)
    listen_to_sqlite(engine)
    return engine


def _ask(engine: Engine, question: Kept | Select[Any], parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    if isinstance(question, Kept):
        return question.ask_sqlite(engine, parameters)
    with engine.connect() as connection:
        return connection.execute(question, parameters).all()


def listen_to_sqlite(engine: Engine) -> None:
    event.listen(engine, "connect", configure_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    event.listen(engine, "handle_error", _leave_read_only)


def configure_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Readers beside one writer, foreign keys, waiting for locks; and BEGIN is ours, not the driver's."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")
    _use_wal(cursor)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_wal(cursor: DBAPICursor) -> None:
    """Changing the journal of a new file does not wait for a lock as everything else does (sqlite.org/wal.html)."""
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def begin_sqlite(connection: Connection) -> None:
    """Reading alone needs no transaction, and each BEGIN would cost a trip to the connection's thread and back."""
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _leave_read_only(context: ExceptionContext) -> None:
    """A connection that was opened while nothing could be written never writes again: take others.

    SQLite opens such a file for reading; PostgreSQL's is on a standby, or on what was the primary until a moment ago.
    """
    if any(sign in str(context.original_exception) for sign in ("readonly database", "read-only transaction")):
        context.is_disconnect = True


def _connect_twice(dialect: Dialect, _: ConnectionPoolEntry, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A database that scaled to zero refuses the first connection and takes the second."""
    began = time.monotonic()
    try:
        return dialect.connect(*args, **kwargs)
    except dialect.loaded_dbapi.OperationalError:
        if time.monotonic() - began > REFUSED_WITHIN_SECONDS:
            raise
        await_only(asyncio.sleep(WAKE_PAUSE_SECONDS))
        return dialect.connect(*args, **kwargs)
