"""The development database as the dashboard's buttons see it: emptied, or asked one question.

It is SQLite in .data (local mode), a PostgreSQL of this environment's own (the cluster), or whatever DATABASE_URL
names, which is asked and never emptied.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent


def data_file() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / ".data") / "todo.db"


def empty_file(file: Path) -> int:
    """Drop all that SQLite holds and migrate again; the migration's exit status.

    In place, for who has the file open would go on with a deleted one.
    """
    with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as opened:
        opened.execute("begin immediate")
        for name, kind in opened.execute(
            "select name, type from pragma_table_list where schema = 'main' and type in ('table', 'view', 'virtual')"
            " and name not like 'sqlite_%' order by type desc"  # a virtual table takes its shadows along
        ).fetchall():
            opened.execute(f'drop {"view" if kind == "view" else "table"} "{name}"')
        opened.execute("commit")
    environment = {**os.environ, "DATA_DIR": str(file.parent), "DATABASE_URL": ""}
    argv = [sys.executable, "-m", "app.db.migrate"]
    return subprocess.run(argv, cwd=ROOT / "backend", env=environment, check=False).returncode


def ask_file(file: Path, statement: str) -> int:
    """Print the rows of one statement; 1 when SQLite refuses it."""
    try:
        with closing(sqlite3.connect(file)) as opened, opened:
            for row in opened.execute(statement):
                print(*row, sep=" | ", flush=True)
    except sqlite3.Error as error:
        print(error)
        return 1
    return 0


def ask_url(statement: str) -> int:
    """Print the rows of one statement to the database that DATABASE_URL names; 1 when that does not work."""
    url = urlsplit(os.environ.get("DATABASE_URL") or dotenv_values(ROOT / ".env").get("DATABASE_URL") or "")
    if url.scheme.startswith("sqlite"):
        return ask_file(ROOT / "backend" / url.path[1:], statement)
    import psycopg  # loaded only by those who use it

    try:
        with psycopg.connect(url._replace(scheme="postgresql").geturl(), connect_timeout=10) as connection:
            found = connection.execute(statement.encode())
            for row in found if found.description else ():
                print(*row, sep=" | ", flush=True)
    except psycopg.Error as error:
        print(error)
        return 1
    return 0
