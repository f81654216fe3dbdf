"""Migrations: up and down with data in place, by many processes at once, and in step with the models."""

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from app.db.migrate import alembic_config, main, upgrade
from app.db.revision import MIGRATIONS, revisions
from app.db.url import DatabaseUrl
from app.models import Base

BACKEND = Path(MIGRATIONS).parent
ROWS = {
    "tasks": "(1, '{id}', 'guest-1', 'Buy milk', '', 0, '[]', {instant}, false, 1, {instant}, {instant}, 'xbuy xmilk')",
    "changes": "(1, 'guest-1', 'token', '{id}', 'create', 1, {instant})",
    "api_tokens": "('{id}', 'guest-1', 'Editor', 'read', 'digest', {instant})",
    "kept_answers": "('guest-1', 'key', 'digest', 201, '{{}}', 'body', {instant})",
    "conversations": "('{id}', 'guest-1', 'Milk', '{{}}', {instant}, {instant})",
    "turns": "('{id}', 'guest-1', '{id}', 'digest', 'done', false, 'Hi', 'Hello', 'UTC', 'rules', '1', '[]', '[]',"
    " '{{}}', {instant}, {instant})",
    "turn_events": "('{id}', 0, '[]')",
    "plans": "('{id}', 'guest-1', 'delete', 'Delete it', '[]', '[]', 'UTC', 'open', {instant}, {instant})",
}
COLUMNS = {
    "tasks": "number, id, owner, title, notes, priority, tags, due_sort, done, version, created_at, updated_at,"
    " search_text",
    "changes": "number, owner, undo_token, task_id, action, version_after, created_at",
    "api_tokens": "id, owner, name, scope, digest, created_at",
    "kept_answers": "owner, key, request_digest, status, headers, body, created_at",
    "conversations": "id, owner, title, focus, created_at, updated_at",
    "turns": "id, owner, conversation_id, request_digest, state, stop_requested, message, answer, time_zone, engine,"
    " prompt_version, messages, notices, latencies, created_at, heartbeat_at",
    "turn_events": "turn_id, first, events",
    "plans": "id, owner, act, summary, targets, new_tasks, time_zone, state, created_at, expires_at",
}


def connect(url: DatabaseUrl) -> Connection:
    arguments = {"prepare_threshold": None} if url.behind_pooler else {}
    return create_engine(url.for_migrations, poolclass=NullPool, connect_args=arguments).connect()


def fill(url: DatabaseUrl, filled: set[str]) -> None:
    """A row in each table that is there and has none, as another program would write it."""
    instant = "0" if url.kind == "sqlite" else "now()"
    with connect(url) as connection, connection.begin():
        for table in [name for name in ROWS if name in inspect(connection).get_table_names() and name not in filled]:
            row = ROWS[table].format(id="6f1c2e0a8a3b4c5d9e0f112233445566", instant=instant)
            connection.execute(text(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES {row}"))
            filled.add(table)


def rows(url: DatabaseUrl) -> dict[str, int]:
    """How many rows each of our tables has."""
    with connect(url) as connection:
        there = [name for name in inspect(connection).get_table_names() if name in Base.metadata.tables]
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in there}


def test_every_migration_goes_up_and_down_and_up_with_rows_in_every_table(empty_database: str) -> None:
    url = DatabaseUrl.parse(empty_database)
    config, filled = alembic_config(url), set[str]()
    head, known = revisions()
    for _ in known:
        upgrade(url, "+1")
        fill(url, filled)
        assert rows(url) == dict.fromkeys(filled, 1)
    assert filled == Base.metadata.tables.keys()
    with connect(url) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == head
    for _ in range(len(known) - 1):
        command.downgrade(config, "-1")
        kept = rows(url)
        assert kept == dict.fromkeys(kept, 1)
    upgrade(url)
    assert rows(url) == {**dict.fromkeys(filled, 0), **kept}
    command.downgrade(config, "base")
    upgrade(url)
    assert rows(url) == dict.fromkeys(filled, 0)


def test_the_models_and_the_migrations_agree(database_url: str) -> None:
    command.check(alembic_config(DatabaseUrl.parse(database_url)))


def test_five_processes_at_once_migrate_once(empty_database: str) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["app.db.migrate", "app.models"])
    url = DatabaseUrl.parse(empty_database)
    running = [processes.Process(target=upgrade, args=(url,)) for _ in range(5)]
    for process in running:
        process.start()
    for process in running:
        process.join(100)
    assert [process.exitcode for process in running] == [0] * 5
    with connect(url) as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    assert found == [revisions()[0]]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://nobody:secret-word@127.0.0.1:1/none", "cannot be reached"),
        ("not a url", "is not a database URL"),
        ("mysql://root:secret-word@localhost/x", "asks for 'mysql'"),
        ("postgresql://user:secret-word@localhost", "names no database"),
        ("sqlite://", "names no file"),
        ("sqlite:////proc/no/such/folder/todo.db", "cannot be reached"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence_and_a_failure(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert main() == 1
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert "secret-word" not in said


@pytest.mark.slow
def test_the_command_ends_with_that_status() -> None:
    environment = {"DATABASE_URL": "mysql://x/y", "PATH": "/usr/bin:/bin"}
    run = [sys.executable, "-m", "app.db.migrate"]
    done = subprocess.run(run, cwd=BACKEND, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.slow
def test_the_server_refuses_a_bad_url_with_the_same_sentence() -> None:
    environment = {"DATABASE_URL": "mysql://x/y", "PATH": "/usr/bin:/bin"}
    run = [sys.executable, "-c", "import app.main"]
    done = subprocess.run(run, cwd=BACKEND, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("todo: DATABASE_URL asks for 'mysql'")
    assert done.stderr.count("\n") == 1
