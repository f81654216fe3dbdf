"""Runs migrations in one transaction under one lock, so that any number of processes may start them at once."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import NullPool

from app.config import load_settings
from app.db.engine import CONNECT_SECONDS, begin_sqlite, configure_sqlite
from app.db.url import DatabaseUrl
from app.models import Base

LOCK = 0x70D0_0001  # any number that nothing else locks


def run() -> None:
    url: DatabaseUrl = context.config.attributes.get("url") or load_settings().migration_database
    with connect(url) as connection, connection.begin():
        if url.kind == "postgresql":
            # Held until the transaction ends, which also works through a transaction pooler.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            compare_server_default=True,
            render_as_batch=url.kind == "sqlite",
            include_object=is_ours,
        )
        context.run_migrations()


def connect(url: DatabaseUrl) -> Connection:
    arguments: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "prepare_threshold": None}
    if url.kind == "sqlite":
        url.path.parent.mkdir(parents=True, exist_ok=True)
        arguments = {"timeout": 60}
    engine = create_engine(url.for_migrations, poolclass=NullPool, connect_args=arguments)
    if url.kind == "sqlite":
        event.listen(engine, "connect", configure_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    return engine.connect().execution_options(writes=True)


def is_ours(_: Any, name: str | None, type_: str, __: bool, ___: Any) -> bool:
    """The text search is made by hand, differently on each database, so it is not in the models."""
    return not (name or "").startswith(("tasks_search", "ix_tasks_search")) if type_ in ("table", "index") else True


run()
