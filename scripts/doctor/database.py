"""DATABASE_URL and the migrations behind it. Nothing here imports the application: it may be what is broken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from .check import Finding, Machine, check, fail, ok, skip, warn

VERBATIM = "copy your provider's connection string verbatim: postgresql://user:password@host/name"


@check("database")
def database(machine: Machine) -> Finding:
    """DATABASE_URL is of a form that works, explained for Neon's, and the server lets us in."""
    text = machine.settings.get("DATABASE_URL")
    if not text:
        own = "SQLite in .data" if machine.mode == "local" else "the cluster's own PostgreSQL"
        return ok(f"DATABASE_URL is empty; {own} serves")
    url = urlsplit(text.strip())
    kind, host = url.scheme.partition("+")[0], url.hostname or ""
    if kind == "sqlite":
        return (
            ok(f"SQLite at {url.path}")
            if url.path.strip("/")
            else fail("DATABASE_URL names no file", "sqlite:///path/to/file.db")
        )
    if kind not in ("postgres", "postgresql"):
        return fail("DATABASE_URL is neither PostgreSQL's nor SQLite's", VERBATIM)
    if not host or not url.path.strip("/"):
        return fail("DATABASE_URL names no " + ("database" if host else "host"), VERBATIM)
    if host.endswith(".neon.tech") and "sslmode" not in parse_qs(url.query):
        return fail("Neon accepts encrypted connections only", "append ?sslmode=require to DATABASE_URL")
    problem = _cannot_connect(url)
    if problem:
        return fail(
            f"PostgreSQL on {host} does not let us in: {problem}", "check host, user and password in DATABASE_URL"
        )
    if "-pooler." in host and not machine.settings.get("DIRECT_DATABASE_URL"):
        return warn(
            f"{host} is a transaction pooler, through which migrations may fail",
            f"set DIRECT_DATABASE_URL to the same URL with the host {host.replace('-pooler.', '.')}",
        )
    return ok(f"PostgreSQL on {host} answers")


def _conninfo(url: SplitResult) -> str:
    return url._replace(scheme="postgresql").geturl()


def _cannot_connect(url: SplitResult) -> str:
    """Why not, in the server's or the resolver's words; empty when it works."""
    import psycopg  # loaded only by those who use it

    try:
        with psycopg.connect(_conninfo(url), connect_timeout=3) as connection:
            connection.execute("select 1")
    except psycopg.Error as error:
        return str(error).strip().splitlines()[-1][:160]
    return ""


@check("migrations")
def migrations(machine: Machine) -> Finding:
    """The database stands at the newest migration."""
    if machine.mode != "local" and not machine.settings.get("DATABASE_URL"):
        return skip("each pod migrates the cluster's own database before it starts")
    newest = _newest(machine.root / "backend" / "migrations" / "versions")
    if newest is None:
        return skip("no single newest migration")
    stands_at = _stands_at(urlsplit(machine.settings.get("DATABASE_URL") or f"sqlite:///{machine.root}/.data/todo.db"))
    if stands_at == "":
        return skip("the database does not answer")
    if stands_at is None:
        return ok("the database is made at the first start")
    if stands_at != newest:
        remedy = "make up does it; by hand: cd backend && ../.venv/bin/python -m app.db.migrate"
        return fail(f"the database stands at {stands_at}, the code at {newest}", remedy)
    return ok(f"at {newest}")


def _newest(versions: Path) -> str | None:
    """The revision that no other one follows, read without importing a migration."""
    follows: dict[str, str] = {}
    for file in versions.glob("*.py"):
        named = {}
        for line in file.read_text().splitlines():
            name, equals, value = line.partition("=")
            if equals and name.partition(":")[0].strip() in ("revision", "down_revision"):
                named[name.partition(":")[0].strip()] = value.strip().strip("'\"")
        if "revision" in named:
            follows[named["revision"]] = named.get("down_revision", "")
    heads = set(follows) - set(follows.values())
    return heads.pop() if len(heads) == 1 else None


def _stands_at(url: SplitResult) -> str | None:
    """The database's revision; None when it has none yet, empty when it does not answer."""
    query = "select version_num from alembic_version"
    if url.scheme.startswith("sqlite"):
        file = Path(url.path[1:] if url.path.startswith("//") else url.path)
        if not file.exists():
            return None
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            try:
                row = opened.execute(query).fetchone()
            except sqlite3.OperationalError:
                return None
        return str(row[0]) if row else None
    import psycopg

    try:
        with psycopg.connect(_conninfo(url), connect_timeout=3) as connection:
            found = connection.execute(query).fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    except psycopg.Error:
        return ""
    return str(found[0]) if found else None
